//! `Contents`: what is on a disk on which no volume was found, so that nobody is told to format what is worth something.

use alloc::vec;
use core::fmt;

use super::device::{BlockDevice, SECTOR};
use crate::errno::Errno;

/// What is on a disk, or in a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contents {
    /// The disk has no sectors.
    None,
    /// The beginning is empty.
    Empty,
    /// A partition table whose partitions are empty, or that has none.
    EmptyPartitions,
    /// Something that is known.
    Known(&'static str),
    /// Something else.
    Unknown,
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Contents::None => f.write_str("it is shorter than a sector"),
            Contents::Empty => f.write_str("it is empty; format it first"),
            Contents::EmptyPartitions => {
                f.write_str("its partitions are empty; format one of them first")
            }
            Contents::Known(what) => {
                write!(f, "there is {what}, which formatting would erase")
            }
            Contents::Unknown => {
                f.write_str("something else is there, which formatting would erase")
            }
        }
    }
}

/// How much of a disk is looked at: where every file system has written something.
const LOOKED_AT: usize = 144 * SECTOR;

/// Signatures: where, which bytes, what it is.
const SIGNATURES: [(usize, &[u8], &str); 11] = [
    (3, b"NTFS    ", "an NTFS file system"),
    (1080, b"\x53\xef", "an ext2, ext3 or ext4 file system"),
    (0, b"XFSB", "an XFS file system"),
    (65_600, b"_BHRfS_M", "a btrfs file system"),
    (1024, b"\x10\x20\xf5\xf2", "an F2FS file system"),
    (32_769, b"CD001", "an ISO 9660 file system"),
    (0, b"hsqs", "a squashfs file system"),
    (0, b"LUKS\xba\xbe", "an encrypted volume (LUKS)"),
    (
        0,
        b"\x1f\x8b",
        "a file compressed with gzip: unpack the image first",
    ),
    (
        0,
        b"\xfd7zXZ\0",
        "a file compressed with xz: unpack the image first",
    ),
    (0, b"PK\x03\x04", "a zip archive: unpack the image first"),
];

/// Looks at what begins in a sector. `table` says that a partition table takes the first sector.
pub(super) fn look(disk: &mut dyn BlockDevice, start: u64, table: bool) -> Result<Contents, Errno> {
    let left = disk.sectors().saturating_sub(start);
    let sectors = usize::try_from(left)
        .unwrap_or(usize::MAX)
        .min(LOOKED_AT / SECTOR);
    if sectors == 0 {
        return Ok(Contents::None);
    }
    let mut bytes = vec![0; sectors * SECTOR];
    disk.read(start, &mut bytes)?;
    if table {
        bytes[..SECTOR].fill(0);
    }
    let known = SIGNATURES.iter().find(|(at, signature, _)| {
        bytes
            .get(*at..)
            .is_some_and(|bytes| bytes.starts_with(signature))
    });
    Ok(match known {
        Some((_, _, what)) => Contents::Known(what),
        None if bytes.iter().all(|byte| *byte == 0) => Contents::Empty,
        None => Contents::Unknown,
    })
}
