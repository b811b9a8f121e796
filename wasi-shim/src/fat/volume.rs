//! `Volume`: the driver of `hadris-fat`, for FAT12, FAT16 and FAT32 or for exFAT.

use alloc::boxed::Box;
use alloc::string::String;

use hadris_fat::CacheOptions;
#[cfg(feature = "exfat")]
use hadris_fat::exfat::sync::ExFatFs;
use hadris_fat::sync::FatFs as Driver;
use hadris_fs::sync::FileSystem;
use hadris_fs::{Extent, MountOptions, NodeId};

use super::disk::Disk;
use super::driver_error::errno;
#[cfg(feature = "exfat")]
use super::exfat;
use super::index::Fold;
use super::stamp::Stamp;
use crate::errno::Errno;
use crate::types::FileType;

/// The driver of one volume.
pub(super) enum Volume {
    /// FAT12, FAT16 or FAT32.
    Fat(Box<Driver<Disk>>),
    /// exFAT.
    #[cfg(feature = "exfat")]
    ExFat(Box<ExFatFs<Disk>>),
}

impl Volume {
    pub(super) fn mount(
        disk: Disk,
        stamp: &'static Stamp,
        read_only: bool,
    ) -> Result<Volume, String> {
        let mut options = MountOptions::new().with_clock(stamp);
        if read_only {
            options = options.read_only();
        }
        let failed = |error: &dyn core::fmt::Display| alloc::format!("{error}");
        #[cfg(feature = "exfat")]
        if disk.read_within::<8>(3).map_err(|errno| failed(&errno))? == *b"EXFAT   " {
            return match ExFatFs::mount(disk, options) {
                Ok(driver) => Ok(Volume::ExFat(Box::new(driver))),
                Err(error) => Err(failed(&error)),
            };
        }
        let cache = CacheOptions::new()
            // What `index` relies on.
            .with_directory_hint(true);
        match Driver::mount(disk, options) {
            Ok(driver) => Ok(Volume::Fat(Box::new(driver.with_cache(cache)))),
            Err(error) => Err(failed(&error)),
        }
    }

    /// What both drivers can do.
    pub(super) fn driver(&mut self) -> &mut dyn FileSystem<DeviceError = Errno> {
        match self {
            Volume::Fat(driver) => &mut **driver,
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => &mut **driver,
        }
    }

    /// The driver of FAT12, FAT16 and FAT32. Errors: `ENOTSUP` on exFAT.
    pub(super) fn fat(&mut self) -> Result<&mut Driver<Disk>, Errno> {
        match self {
            Volume::Fat(driver) => Ok(driver),
            #[cfg(feature = "exfat")]
            Volume::ExFat(_) => Err(Errno::NotSup),
        }
    }

    /// Where a file's or directory's bytes from `from` on stand. Returns how many runs there are.
    pub(super) fn extents(
        &mut self,
        id: NodeId,
        from: u64,
        runs: &mut [Extent],
    ) -> Result<usize, Errno> {
        let found = match self {
            Volume::Fat(driver) => driver.extents(id, from, runs),
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => driver.extents(id, from, runs),
        };
        Ok(found.map_err(|error| errno(&error))?.min(runs.len()))
    }

    /// Where the entries of a name stand: on FAT the short one alone. Returns how many runs there are.
    pub(super) fn records(&mut self, id: NodeId, runs: &mut [Extent]) -> Result<usize, Errno> {
        let found = match self {
            Volume::Fat(driver) => driver.records(id, runs),
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => driver.records(id, runs),
        };
        Ok(found.map_err(|error| errno(&error))?.min(runs.len()))
    }

    /// How the volume compares letters; `None` if that cannot be read.
    #[cfg_attr(
        not(feature = "exfat"),
        expect(unused_variables, reason = "exFAT keeps the table on the volume")
    )]
    pub(super) fn fold(&self, disk: &Disk) -> Option<Fold> {
        match self {
            Volume::Fat(_) => Some(Fold::Fat),
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => match exfat::read_fold(disk, driver.info()) {
                Ok(fold) => Some(fold),
                Err(errno) => {
                    log::warn!("exFAT: the table of letters cannot be read: {errno}");
                    None
                }
            },
        }
    }

    /// Makes the driver read directory entries anew.
    pub(super) fn forget_entries(&mut self) {
        match self {
            Volume::Fat(driver) => driver.clear_cache(),
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => {
                // It holds the sector that it read last. If even this one cannot be read, it holds none.
                let _ = driver.read_raw(0, &mut [0]);
            }
        }
    }

    /// Bytes in a cluster.
    pub(super) fn cluster_size(&self) -> u64 {
        match self {
            Volume::Fat(driver) => u64::from(driver.info().cluster_size()),
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => driver.info().cluster_size(),
        }
    }

    /// How long a file can be, in bytes.
    pub(super) fn max_len(&self) -> u64 {
        match self {
            Volume::Fat(_) => u64::from(u32::MAX),
            #[cfg(feature = "exfat")]
            Volume::ExFat(_) => u64::MAX,
        }
    }

    /// The steps of the time of the last change, in nanoseconds.
    pub(super) fn mtime_step(&self) -> u64 {
        match self {
            Volume::Fat(_) => 2_000_000_000,
            #[cfg(feature = "exfat")]
            Volume::ExFat(_) => 10_000_000,
        }
    }

    /// Whether nothing can be written, or nothing any more.
    pub(super) fn is_read_only(&self) -> bool {
        match self {
            Volume::Fat(driver) => driver.is_read_only(),
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => driver.is_read_only(),
        }
    }

    /// Whether the volume was not unmounted the last time.
    pub(super) fn was_dirty(&self) -> bool {
        match self {
            Volume::Fat(driver) => driver.was_dirty(),
            #[cfg(feature = "exfat")]
            Volume::ExFat(driver) => driver.was_dirty(),
        }
    }
}

/// What the driver calls a file or a directory; FAT has nothing else.
pub(super) fn kind(kind: hadris_fs::FileType) -> FileType {
    if kind.is_dir() {
        FileType::Directory
    } else {
        FileType::RegularFile
    }
}
