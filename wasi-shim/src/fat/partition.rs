//! Finds the volume on a disk: one that takes the whole disk, or the first FAT or exFAT partition of an MBR or a GPT.

use alloc::boxed::Box;
use core::ops::Range;

use super::device::{BlockDevice, SECTOR};
use crate::errno::Errno;

/// Type bytes of MBR partitions that hold FAT or exFAT. Logical partitions are not looked for.
const MBR_TYPES: [u8; 8] = [0x01, 0x04, 0x06, 0x07, 0x0b, 0x0c, 0x0e, 0xef];

/// The type byte of the one MBR partition that stands for a GPT.
const PROTECTIVE: u8 = 0xee;

/// How many entries of a GPT are looked at: as many as every tool makes.
const GPT_ENTRIES: u32 = 128;

/// The sectors that hold the volume, or `None` if no volume was found.
pub(super) fn find(disk: &mut dyn BlockDevice) -> Result<Option<Range<u64>>, Errno> {
    let mut sector = sector_buffer();
    if disk.sectors() == 0 {
        return Ok(None);
    }
    disk.read(0, &mut sector)?;
    if is_volume(&sector) {
        return Ok(Some(0..disk.sectors()));
    }
    if sector[510..] != [0x55, 0xaa] {
        return Ok(None);
    }
    for entry in sector[446..510].chunks_exact(16) {
        let start = u64::from(word(entry, 8));
        let range = start..start + u64::from(word(entry, 12));
        match entry[4] {
            PROTECTIVE => return find_in_gpt(disk),
            kind if MBR_TYPES.contains(&kind) && starts_volume(disk, &range)? => {
                return Ok(Some(range));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// The same in a GUID partition table (UEFI specification, chapter 5.3). Any partition that starts like a volume will do.
fn find_in_gpt(disk: &mut dyn BlockDevice) -> Result<Option<Range<u64>>, Errno> {
    let mut sector = sector_buffer();
    if disk.sectors() < 2 {
        return Ok(None);
    }
    disk.read(1, &mut sector)?;
    let (table, count, size) = (long(&sector, 72), word(&sector, 80), word(&sector, 84));
    if &sector[..8] != b"EFI PART" || !(128..=512).contains(&size) || !size.is_power_of_two() {
        return Ok(None);
    }
    let per_sector = SECTOR as u32 / size;
    for index in 0..count.min(GPT_ENTRIES) {
        if index % per_sector == 0 {
            let Some(at) = table.checked_add(u64::from(index / per_sector)) else {
                break;
            };
            if at >= disk.sectors() {
                break;
            }
            disk.read(at, &mut sector)?;
        }
        let entry = &sector[(index % per_sector * size) as usize..][..size as usize];
        let (first, last) = (long(entry, 32), long(entry, 40));
        let range = first..last.saturating_add(1);
        if entry[..16] != [0; 16] && starts_volume(disk, &range)? {
            return Ok(Some(range));
        }
    }
    Ok(None)
}

/// Whether a partition lies on the disk and starts like a volume.
fn starts_volume(disk: &mut dyn BlockDevice, range: &Range<u64>) -> Result<bool, Errno> {
    if range.start == 0 || range.is_empty() || range.end > disk.sectors() {
        return Ok(false);
    }
    let mut sector = sector_buffer();
    disk.read(range.start, &mut sector)?;
    Ok(is_volume(&sector))
}

/// Whether this is the first sector of a FAT or exFAT volume: a jump instruction, then a parameter block that makes sense.
fn is_volume(sector: &[u8]) -> bool {
    let jump = matches!(sector[0], 0xeb | 0xe9);
    let sector_size = u16::from_le_bytes([sector[11], sector[12]]);
    let fat = matches!(sector_size, 512 | 1024 | 2048 | 4096)
        && sector[13].is_power_of_two()
        && sector[14..16] != [0, 0]
        && matches!(sector[16], 1 | 2)
        && matches!(sector[21], 0xf0 | 0xf8..);
    jump && (fat || &sector[3..11] == b"EXFAT   ")
}

fn sector_buffer() -> Box<[u8]> {
    alloc::vec![0; SECTOR].into_boxed_slice()
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from(word(bytes, at)) | u64::from(word(bytes, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fat::MemDisk;
    use alloc::vec::Vec;

    fn boot_sector() -> [u8; SECTOR] {
        let mut sector = [0; SECTOR];
        sector[0] = 0xeb;
        sector[11..13].copy_from_slice(&512u16.to_le_bytes());
        sector[13..15].copy_from_slice(&[8, 1]);
        sector[16] = 2;
        sector[21] = 0xf8;
        sector[510..].copy_from_slice(&[0x55, 0xaa]);
        sector
    }

    fn disk(sectors: usize) -> Vec<u8> {
        let mut bytes = alloc::vec![0; sectors * SECTOR];
        bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
        bytes
    }

    fn found(bytes: Vec<u8>) -> Option<Range<u64>> {
        find(&mut MemDisk::new(bytes)).unwrap()
    }

    #[test]
    fn a_bare_volume_takes_the_whole_disk() {
        let mut bytes = disk(64);
        bytes[..SECTOR].copy_from_slice(&boot_sector());
        assert_eq!(found(bytes), Some(0..64));
        assert_eq!(found(disk(64)), None);
        assert_eq!(found(Vec::new()), None);
    }

    #[test]
    fn the_first_mbr_partition_with_a_volume() {
        let mut bytes = disk(64);
        // One that lies outside, one of another kind, one without a volume in it, and the right one.
        for (index, (kind, start, len)) in
            [(0x0c, 60, 10u8), (0x83, 4, 4), (0x0c, 8, 8), (0x0c, 16, 40)]
                .into_iter()
                .enumerate()
        {
            let entry = &mut bytes[446 + 16 * index..][..16];
            entry[4] = kind;
            entry[8] = start;
            entry[12] = len;
        }
        for start in [4, 16, 60] {
            bytes[start * SECTOR..][..SECTOR].copy_from_slice(&boot_sector());
        }
        assert_eq!(found(bytes), Some(16..56));
    }

    #[test]
    fn a_gpt_behind_its_protective_mbr() {
        let mut bytes = disk(64);
        bytes[446 + 4] = PROTECTIVE;
        let header = &mut bytes[SECTOR..2 * SECTOR];
        header[..8].copy_from_slice(b"EFI PART");
        header[72] = 2;
        header[80] = 128;
        header[84] = 128;
        let second = &mut bytes[2 * SECTOR + 128..][..128];
        second[..16].fill(7);
        second[32] = 34;
        second[40] = 59;
        bytes[34 * SECTOR..][..SECTOR].copy_from_slice(&boot_sector());
        assert_eq!(found(bytes.clone()), Some(34..60));
        // Nonsense in the header is no volume, and no panic.
        for at in [72, 79, 84] {
            let mut bytes = bytes.clone();
            bytes[SECTOR + at] = 0xff;
            assert_eq!(found(bytes), None);
        }
    }
}
