//! Finds the volume on a disk: one that takes the whole disk, or the first FAT or exFAT volume in a partition of an MBR or a GPT.
//!
//! What type a partition table gives to a partition does not matter: tools disagree. What counts is how the partition begins.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

use super::MountError;
use super::contents::{self, Contents};
use super::device::{BlockDevice, SECTOR};
use crate::errno::Errno;

/// The type byte of the MBR partition that stands for a GPT.
const PROTECTIVE: u8 = 0xee;

/// The type bytes of an MBR partition that holds further ones.
const EXTENDED: [u8; 3] = [0x05, 0x0f, 0x85];

/// Where the first partition usually begins: those of old tools, of new ones, and of SD cards.
const USUAL_STARTS: [u64; 4] = [63, 2048, 8192, 32_768];

/// How many entries of a GPT, and how many logical partitions, are looked at: more than any tool makes.
const MAX_PARTITIONS: u32 = 1024;

/// Where the backup of a boot sector stands: FAT32's, and how many sectors exFAT's is away and long.
const FAT32_BACKUP: u64 = 6;
const EXFAT_BACKUP: u64 = 12;

/// The sectors that hold the volume.
pub(super) fn find(disk: &mut dyn BlockDevice) -> Result<Range<u64>, MountError> {
    search(disk).map_err(MountError::Device)?
}

fn search(disk: &mut dyn BlockDevice) -> Result<Result<Range<u64>, MountError>, Errno> {
    if disk.sectors() == 0 {
        return Ok(Err(MountError::NoVolume(Contents::None)));
    }
    let mut sector = sector_buffer();
    disk.read(0, &mut sector)?;
    if is_volume(&sector) {
        return Ok(Ok(0..disk.sectors()));
    }
    let partitions = partitions(disk, &sector)?;
    for range in &partitions {
        if starts_volume(disk, range)? {
            return Ok(Ok(range.clone()));
        }
    }
    // A volume whose first sector is overwritten: in a partition, or on the whole disk.
    let whole = 0..disk.sectors();
    for range in partitions.iter().chain([&whole]) {
        if let Some(error) = backup(disk, range)? {
            return Ok(Err(error));
        }
    }
    if partitions.is_empty() {
        let sectors = disk.sectors();
        for start in USUAL_STARTS {
            if start < sectors && starts_volume(disk, &(start..sectors))? {
                let lost = "a volume whose partition table is lost (testdisk restores it)";
                return Ok(Err(MountError::NoVolume(Contents::Known(lost))));
            }
        }
        let table = sector[510..] == [0x55, 0xaa] && sector[446..510].iter().all(|byte| *byte == 0);
        return Ok(Err(MountError::NoVolume(contents::look(disk, 0, table)?)));
    }
    let mut seen = Contents::EmptyPartitions;
    for range in partitions {
        match contents::look(disk, range.start, false)? {
            Contents::Empty | Contents::None => {}
            Contents::Known(what) => {
                seen = Contents::Known(what);
                break;
            }
            _ => seen = Contents::Unknown,
        }
    }
    Ok(Err(MountError::NoVolume(seen)))
}

/// The partitions that lie on the disk, in the order of the table.
fn partitions(disk: &mut dyn BlockDevice, first: &[u8]) -> Result<Vec<Range<u64>>, Errno> {
    let mut found = Vec::new();
    if first[510..] != [0x55, 0xaa] {
        return Ok(found);
    }
    for entry in first[446..510].chunks_exact(16) {
        let start = u64::from(word(entry, 8));
        let range = start..start + u64::from(word(entry, 12));
        match entry[4] {
            PROTECTIVE => add_gpt(disk, &mut found)?,
            kind if EXTENDED.contains(&kind) => add_logical(disk, start, &mut found)?,
            0 => {}
            _ => found.push(range),
        }
    }
    let sectors = disk.sectors();
    found.retain(|range| range.start != 0 && !range.is_empty() && range.end <= sectors);
    Ok(found)
}

/// The logical partitions in an extended one: each has a table with itself and the place of the next, counted from the first.
fn add_logical(
    disk: &mut dyn BlockDevice,
    extended: u64,
    found: &mut Vec<Range<u64>>,
) -> Result<(), Errno> {
    let mut sector = sector_buffer();
    let mut table = extended;
    for _ in 0..MAX_PARTITIONS {
        if table == 0 || table >= disk.sectors() {
            break;
        }
        disk.read(table, &mut sector)?;
        if sector[510..] != [0x55, 0xaa] {
            break;
        }
        let start = table + u64::from(word(&sector, 446 + 8));
        found.push(start..start + u64::from(word(&sector, 446 + 12)));
        match word(&sector, 462 + 8) {
            0 => break,
            next => table = extended + u64::from(next),
        }
    }
    Ok(())
}

/// Those of a GUID partition table (UEFI specification, chapter 5.3), or of its backup at the end of the disk.
fn add_gpt(disk: &mut dyn BlockDevice, found: &mut Vec<Range<u64>>) -> Result<(), Errno> {
    let mut sector = sector_buffer();
    for header in [1, disk.sectors() - 1] {
        if header >= disk.sectors() {
            continue;
        }
        disk.read(header, &mut sector)?;
        let (table, count, size) = (long(&sector, 72), word(&sector, 80), word(&sector, 84));
        if &sector[..8] != b"EFI PART" || !(128..=512).contains(&size) || !size.is_power_of_two() {
            continue;
        }
        let per_sector = SECTOR as u32 / size;
        for index in 0..count.min(MAX_PARTITIONS) {
            if index % per_sector == 0 {
                let at = table.checked_add(u64::from(index / per_sector));
                let Some(at) = at.filter(|at| *at < disk.sectors()) else {
                    break;
                };
                disk.read(at, &mut sector)?;
            }
            let entry = &sector[(index % per_sector * size) as usize..][..size as usize];
            if entry[..16] != [0; 16] {
                found.push(long(entry, 32)..long(entry, 40).saturating_add(1));
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    Ok(())
}

/// Whether a partition starts like a volume.
fn starts_volume(disk: &mut dyn BlockDevice, range: &Range<u64>) -> Result<bool, Errno> {
    let mut sector = sector_buffer();
    disk.read(range.start, &mut sector)?;
    Ok(is_volume(&sector))
}

/// What to say if the first sector is lost and its backup is there.
fn backup(disk: &mut dyn BlockDevice, range: &Range<u64>) -> Result<Option<MountError>, Errno> {
    let mut sector = sector_buffer();
    for (distance, count) in [(FAT32_BACKUP, 1), (EXFAT_BACKUP, EXFAT_BACKUP)] {
        let backup = range.start + distance;
        if backup >= range.end {
            break;
        }
        disk.read(backup, &mut sector)?;
        let exfat = &sector[3..11] == b"EXFAT   ";
        // FAT32's has no size in 16 bits, and the number of the backup's sector in it.
        let fat32 =
            sector[22..24] == [0, 0] && sector[50..52] == (FAT32_BACKUP as u16).to_le_bytes();
        if is_volume(&sector) && (exfat == (count > 1)) && (exfat || fat32) {
            return Ok(Some(MountError::BootSector {
                start: range.start,
                backup,
                count,
            }));
        }
    }
    Ok(None)
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
        match find(&mut MemDisk::new(bytes)) {
            Ok(range) => Some(range),
            Err(MountError::NoVolume(_)) => None,
            Err(error) => panic!("{error}"),
        }
    }

    fn error(bytes: Vec<u8>) -> String {
        let error = find(&mut MemDisk::new(bytes)).expect_err("no volume");
        alloc::format!("{error}")
    }

    /// Writes an entry of an MBR, or of a logical partition's table.
    fn set_entry(bytes: &mut [u8], table: usize, index: usize, kind: u8, start: u8, len: u8) {
        let entry = &mut bytes[table * SECTOR + 446 + 16 * index..][..16];
        (entry[4], entry[8], entry[12]) = (kind, start, len);
        bytes[table * SECTOR + 510..][..2].copy_from_slice(&[0x55, 0xaa]);
    }

    #[test]
    fn the_type_of_a_partition_does_not_matter() {
        for kind in [0x01, 0x07, 0x0c, 0x83, 0x82, 0xa5, 0xda] {
            let mut bytes = disk(64);
            set_entry(&mut bytes, 0, 1, kind, 8, 50);
            bytes[8 * SECTOR..][..SECTOR].copy_from_slice(&boot_sector());
            assert_eq!(found(bytes), Some(8..58), "{kind:#x}");
        }
    }

    #[test]
    fn logical_partitions_are_looked_into() {
        for kind in EXTENDED {
            let mut bytes = disk(64);
            set_entry(&mut bytes, 0, 0, kind, 8, 56);
            // The first holds something else, and the second the volume.
            set_entry(&mut bytes, 8, 0, 0x83, 1, 8);
            set_entry(&mut bytes, 8, 1, 0x05, 16, 20);
            set_entry(&mut bytes, 24, 0, 0x0c, 2, 18);
            bytes[26 * SECTOR..][..SECTOR].copy_from_slice(&boot_sector());
            assert_eq!(found(bytes.clone()), Some(26..44));
            // A chain that leads to itself ends.
            set_entry(&mut bytes, 24, 1, 0x05, 16, 20);
            bytes[26 * SECTOR..][..SECTOR].fill(0);
            assert_eq!(found(bytes), None);
        }
    }

    #[test]
    fn only_what_is_empty_is_to_be_formatted() {
        assert!(error(Vec::new()).contains("shorter than a sector"));
        assert!(error(alloc::vec![0; 64 * SECTOR]).contains("it is empty; format it first"));
        assert!(error(disk(64)).contains("it is empty; format it first"));
        let mut bytes = disk(64);
        set_entry(&mut bytes, 0, 0, 0x0c, 8, 50);
        assert!(error(bytes.clone()).contains("partitions are empty; format one"));
        for (at, signature, words) in [
            (8 * SECTOR + 1080, &b"\x53\xef"[..], "ext4"),
            (8 * SECTOR + 3, b"NTFS    ", "NTFS"),
            (9 * SECTOR, b"anything", "something else is there"),
        ] {
            let mut bytes = bytes.clone();
            bytes[at..at + signature.len()].copy_from_slice(signature);
            let error = error(bytes);
            assert!(
                error.contains(words) && !error.contains("format it"),
                "{error}"
            );
        }
        // The partition table is overwritten.
        for start in USUAL_STARTS {
            let mut bytes = alloc::vec![0; 33_000 * SECTOR];
            bytes[start as usize * SECTOR..][..SECTOR].copy_from_slice(&boot_sector());
            let error = error(bytes);
            assert!(
                error.contains("partition table is lost") && !error.contains("format it"),
                "{error}"
            );
        }
        let mut gzip = alloc::vec![0; 64 * SECTOR];
        gzip[..2].copy_from_slice(b"\x1f\x8b");
        assert!(error(gzip).contains("unpack the image first"));
    }

    #[test]
    fn a_lost_boot_sector_names_its_backup() {
        let mut fat32 = boot_sector();
        fat32[50] = 6;
        let mut exfat = [0; SECTOR];
        exfat[0] = 0xeb;
        exfat[3..11].copy_from_slice(b"EXFAT   ");
        for (copy, distance, count) in [(fat32, 6, 1), (exfat, 12, 12)] {
            for start in [0, 8] {
                let mut bytes = alloc::vec![0; 64 * SECTOR];
                if start != 0 {
                    set_entry(&mut bytes, 0, 0, 0x0c, start as u8, 50);
                }
                let backup = start + distance;
                bytes[backup * SECTOR..][..SECTOR].copy_from_slice(&copy);
                let error = error(bytes);
                let command =
                    alloc::format!("skip={backup} seek={start} count={count} conv=notrunc");
                assert!(error.contains(&command), "{error}");
            }
        }
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
        // One that lies outside, one that is not used, one without a volume in it, and the right one.
        for (index, (kind, start, len)) in
            [(0x0c, 60, 10u8), (0, 4, 4), (0x0c, 8, 8), (0x0c, 16, 40)]
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
