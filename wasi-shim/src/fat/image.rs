//! Disk images: formats a device, with or without a partition table, so that the same options always give the same bytes.
//!
//! Files are then copied by mounting the new volume with a clock that stands still, as any file system is written to:
//! ```
//! use wasi_shim::fat::{FatFs, MemDisk, image};
//! use wasi_shim::FileSystem;
//!
//! let mut disk = MemDisk::new(vec![0; 16 << 20]);
//! image::format(&mut disk, &image::Options::default())?;
//! let mut fs = FatFs::mount(Box::new(disk), Box::new(|| 1_700_000_000_000_000_000), false)?;
//! let root = fs.root();
//! let file = fs.create(root, "hello.txt")?;
//! fs.open(file, wasi_shim::Access { read: false, write: true }, false)?;
//! fs.write_at(file, 0, b"hello")?;
//! fs.close(file);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;
use core::ops::Range;

use hadris_fat::{FatKind, FatOptions};
use hadris_fs::Error;

use super::device::{BlockDevice, SECTOR};
use super::disk::Window;
use super::stamp;
use crate::errno::Errno;

/// Where a partition starts: at 1 MiB, as all tools do today, which is a border of every medium's own blocks.
const PARTITION_START: u64 = 2048;

/// The volume starts here on a disk that is too small to lose 1 MiB.
const PARTITION_START_SMALL: u64 = 64;

/// The greatest number of sectors that a partition of an MBR can have.
const MAX_SECTORS: u64 = u32::MAX as u64;

/// Which kind of volume.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// What suits the size: FAT12 below 16 MiB, FAT16 below 512 MiB, FAT32 from there.
    #[default]
    Auto,
    /// FAT12.
    Fat12,
    /// FAT16, which fits 4 MiB to 2 GiB.
    Fat16,
    /// FAT32, which fits 33 MiB and more.
    Fat32,
    /// exFAT.
    #[cfg(feature = "exfat")]
    ExFat,
}

/// How a device is formatted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options<'a> {
    /// Which kind of volume.
    pub kind: Kind,
    /// A partition table with one partition, as cards for boards have; otherwise the volume takes the whole device.
    pub partition: bool,
    /// Bytes in a cluster, a power of two; `None` for 4 to 32 KiB by size.
    pub cluster_size: Option<u32>,
    /// The volume's label, up to 11 characters.
    pub label: Option<&'a str>,
    /// The volume's serial number, which is the disk's signature too.
    pub serial: u32,
    /// When the volume was made, in nanoseconds since 1970.
    pub time: u64,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            kind: Kind::Auto,
            partition: true,
            cluster_size: None,
            label: None,
            serial: 0x5741_5349,
            time: 0,
        }
    }
}

/// Why a device could not be formatted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormatError {
    /// The device failed.
    Device(Errno),
    /// The device is too small or too large for this kind of volume and size of clusters.
    Size,
    /// The label has characters that FAT cannot store, or more than 11.
    Label,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::Device(errno) => write!(f, "the disk cannot be written: {errno}"),
            FormatError::Size => f.write_str(
                "the disk is too small or too large for this kind of volume; FAT16 fits 4 MiB to 2 GiB, FAT32 33 MiB and more",
            ),
            FormatError::Label => {
                f.write_str("a label has up to 11 characters, without \" * / : < > ? \\ |")
            }
        }
    }
}

impl core::error::Error for FormatError {}

/// The smallest power of two, from 16 MiB on, that holds `bytes` of files with room for as much again: cards and their emulators want a
/// power of two.
pub fn size_for(bytes: u64) -> u64 {
    bytes
        .saturating_mul(2)
        .clamp(16 << 20, 1 << 40)
        .next_power_of_two()
}

/// Formats a device. Everything on it is lost.
pub fn format(device: &mut dyn BlockDevice, options: &Options<'_>) -> Result<(), FormatError> {
    let sectors = device.sectors().min(MAX_SECTORS);
    let range = match options.partition {
        false => 0..device.sectors(),
        true if sectors >= 16 * PARTITION_START => PARTITION_START..sectors,
        true => PARTITION_START_SMALL..sectors,
    };
    if range.is_empty() {
        return Err(FormatError::Size);
    }
    let bytes = (range.end - range.start) * SECTOR as u64;
    let kind = match options.kind {
        Kind::Auto => kind_for(bytes),
        kind => kind,
    };
    let mut window = Window {
        device: &mut *device,
        range: range.clone(),
    };
    let made = match kind {
        #[cfg(feature = "exfat")]
        Kind::ExFat => format_exfat(&mut window, options),
        _ => format_fat(&mut window, kind, bytes, options),
    }?;
    if options.partition {
        write_mbr(device, made, range, options.serial).map_err(FormatError::Device)?;
    }
    device.flush().map_err(FormatError::Device)
}

fn kind_for(bytes: u64) -> Kind {
    match bytes >> 20 {
        0..15 => Kind::Fat12,
        15..500 => Kind::Fat16,
        _ => Kind::Fat32,
    }
}

/// Clusters of 4 KiB, so that a FAT entry stands for many sectors and small writes are worth gathering; larger for large volumes.
fn cluster_size_for(kind: Kind, bytes: u64) -> u32 {
    let mebibytes = bytes >> 20;
    match kind {
        // So many clusters that it is FAT16 or FAT32 at all, and no FAT12 or FAT16.
        Kind::Fat16 => match mebibytes {
            0..5 => 512,
            5..9 => 1024,
            9..17 => 2048,
            17..250 => 4096,
            250..500 => 8192,
            500..1000 => 16_384,
            _ => 32_768,
        },
        Kind::Fat32 => match mebibytes {
            0..66 => 512,
            66..132 => 1024,
            132..264 => 2048,
            264..8192 => 4096,
            8192..16_384 => 8192,
            16_384..32_768 => 16_384,
            _ => 32_768,
        },
        _ => match mebibytes {
            0..2 => 512,
            _ => 4096,
        },
    }
}

/// Returns the type byte of the partition.
fn format_fat<D: BlockDevice>(
    window: &mut Window<D>,
    kind: Kind,
    bytes: u64,
    options: &Options<'_>,
) -> Result<u8, FormatError> {
    let (variant, type_byte) = match kind {
        Kind::Fat12 => (FatKind::Fat12, 0x01),
        Kind::Fat16 => (FatKind::Fat16, 0x0e),
        _ => (FatKind::Fat32, 0x0c),
    };
    let cluster_size = options
        .cluster_size
        .unwrap_or_else(|| cluster_size_for(kind, bytes));
    let mut fat = FatOptions::new()
        .with_kind(variant)
        .with_cluster_size(cluster_size)
        .with_oem_name(*b"WASI    ")
        .with_serial(options.serial)
        .with_time(stamp::to_fat(options.time));
    if let Some(label) = options.label {
        let label = hadris_fat::VolumeLabel::new(label).map_err(|_| FormatError::Label)?;
        fat = fat.with_label(label);
    }
    match hadris_fat::sync::format(window, &fat) {
        Ok(_) => Ok(type_byte),
        Err(error) => Err(format_error(&error)),
    }
}

#[cfg(feature = "exfat")]
fn format_exfat<D: BlockDevice>(
    window: &mut Window<D>,
    options: &Options<'_>,
) -> Result<u8, FormatError> {
    use hadris_fat::exfat::{ExFatOptions, VolumeLabel};

    let mut exfat = ExFatOptions::new()
        .with_serial(options.serial)
        .with_time(stamp::to_fat(options.time));
    if let Some(size) = options.cluster_size {
        exfat = exfat.with_cluster_size(size);
    }
    if let Some(label) = options.label {
        exfat = exfat.with_label(VolumeLabel::new(label).map_err(|_| FormatError::Label)?);
    }
    match hadris_fat::exfat::sync::format(window, &exfat) {
        Ok(_) => Ok(0x07),
        Err(error) => Err(format_error(&error)),
    }
}

fn format_error(error: &Error<Errno>) -> FormatError {
    match error.device_error() {
        Some(errno) => FormatError::Device(*errno),
        None => FormatError::Size,
    }
}

/// Writes a master boot record with one partition and no boot code.
/// ```text
/// 440       446                                                        510
/// signature status, first CHS, type, last CHS, first sector, sectors … 55 aa
/// ```
fn write_mbr(
    device: &mut dyn BlockDevice,
    kind: u8,
    range: Range<u64>,
    signature: u32,
) -> Result<(), Errno> {
    /// What stands for "use the numbers of sectors" where cylinders, heads and sectors do not reach.
    const BEYOND: [u8; 3] = [0xfe, 0xff, 0xff];

    // Both lie below MAX_SECTORS.
    let number = |sectors: u64| u32::try_from(sectors).map_err(|_| Errno::FBig);
    let mut sector = [0; SECTOR];
    sector[440..444].copy_from_slice(&signature.to_le_bytes());
    let entry = &mut sector[446..462];
    entry[1..4].copy_from_slice(&BEYOND);
    entry[4] = kind;
    entry[5..8].copy_from_slice(&BEYOND);
    entry[8..12].copy_from_slice(&number(range.start)?.to_le_bytes());
    entry[12..16].copy_from_slice(&number(range.end - range.start)?.to_le_bytes());
    sector[510..].copy_from_slice(&[0x55, 0xaa]);
    device.write(0, &sector)
}
