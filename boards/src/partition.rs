//! Where the volume lies on the disk: the first FAT partition of a master boot record, or the whole disk.
//!
//! ```text
//! sector 0:  0 boot code … 446 four entries of 16 bytes … 510 signature 55 aa
//! entry:     0 status  1 CHS  4 type  5 CHS  8 first sector (u32)  12 number of sectors (u32)
//! ```

use core::ops::Range;

/// Where the four entries begin.
pub const ENTRIES: usize = 446;
/// The signature at the end of the sector.
pub const SIGNATURE: [u8; 2] = [0x55, 0xaa];
/// The type of a FAT32 partition that is addressed by sector number.
pub const FAT32_LBA: u8 = 0x0c;
/// Partition types of FAT12, FAT16, FAT32, and exFAT (which shares its number with NTFS).
const FAT_TYPES: [u8; 7] = [0x01, 0x04, 0x06, 0x07, 0x0b, FAT32_LBA, 0x0e];

/// The sectors of the volume, given sector 0 and the size of the disk; `None` if there is neither a volume nor a partition.
#[must_use]
pub fn volume(sector: &[u8; 512], disk: u64) -> Option<Range<u64>> {
    if sector[510..] != SIGNATURE {
        return None;
    }
    // A volume's own first sector has a jump at its start and the sector size at 11 (FAT) or zeros there (exFAT, which
    // says its name at 3); a boot record has neither.
    let fat = matches!(sector[0], 0xeb | 0xe9) && matches!(sector[11..13], [0, 2 | 4 | 8 | 16]);
    if fat || &sector[3..11] == b"EXFAT   " {
        return Some(0..disk);
    }
    sector[ENTRIES..510].chunks_exact(16).find_map(|entry| {
        let number = |at: usize| {
            u64::from(u32::from_le_bytes([
                entry[at],
                entry[at + 1],
                entry[at + 2],
                entry[at + 3],
            ]))
        };
        let (first, count) = (number(8), number(12));
        (FAT_TYPES.contains(&entry[4]) && count > 0 && first + count <= disk)
            .then(|| first..first + count)
    })
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES, SIGNATURE, volume};

    fn record(entries: &[(u8, u32, u32)]) -> [u8; 512] {
        let mut sector = [0; 512];
        sector[510..].copy_from_slice(&SIGNATURE);
        for (index, (kind, first, count)) in entries.iter().enumerate() {
            let entry = &mut sector[ENTRIES + 16 * index..][..16];
            entry[4] = *kind;
            entry[8..12].copy_from_slice(&first.to_le_bytes());
            entry[12..].copy_from_slice(&count.to_le_bytes());
        }
        sector
    }

    #[test]
    fn the_first_fat_partition_counts() {
        assert_eq!(
            volume(&record(&[(0x83, 1, 9), (0x0c, 10, 20), (0x0b, 40, 2)]), 100),
            Some(10..30)
        );
        assert_eq!(volume(&record(&[(0x83, 1, 9)]), 100), None);
    }

    #[test]
    fn a_partition_beyond_the_end_does_not_count() {
        assert_eq!(
            volume(&record(&[(0x0c, 90, 20), (0x0c, u32::MAX, u32::MAX)]), 100),
            None
        );
    }

    #[test]
    fn a_bare_volume_is_the_whole_disk() {
        let mut sector = record(&[]);
        sector[..3].copy_from_slice(&[0xeb, 0x3c, 0x90]);
        sector[11..13].copy_from_slice(&[0, 2]);
        assert_eq!(volume(&sector, 100), Some(0..100));
        let mut sector = record(&[]);
        sector[3..11].copy_from_slice(b"EXFAT   ");
        assert_eq!(volume(&sector, 100), Some(0..100));
    }

    #[test]
    fn no_signature_is_no_volume() {
        assert_eq!(volume(&[0; 512], 100), None);
    }
}
