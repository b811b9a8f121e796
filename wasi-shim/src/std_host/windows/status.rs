//! Converts the system's file information to the guest's records: kinds, statuses, times.

use std::fs::FileTimes;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_fs_ext::MetadataExt;
use cap_std::fs::{FileType as OsFileType, Metadata};

use super::errno::from_os;
use crate::errno::Errno;
use crate::fs::SetTime;
use crate::types::{FileType, Stat, timestamp};

/// Converts the system's kind of a file.
pub(super) fn kind_of(kind: OsFileType) -> FileType {
    if kind.is_symlink() {
        FileType::SymbolicLink
    } else if kind.is_dir() {
        FileType::Directory
    } else if kind.is_file() {
        FileType::RegularFile
    } else {
        FileType::Unknown
    }
}

/// The status of an open file.
pub(crate) fn stat(file: &std::fs::File) -> Result<Stat, Errno> {
    stat_of(&Metadata::from_file(file).map_err(from_os)?)
}

/// Converts a status of the system, taken from an open handle.
pub(super) fn stat_of(metadata: &Metadata) -> Result<Stat, Errno> {
    let time = |time: std::io::Result<cap_std::time::SystemTime>| {
        time.map(|time| file_time(time.into_std())).map_err(from_os)
    };
    let kind = kind_of(metadata.file_type());
    let written = time(metadata.modified())?;
    Ok(Stat {
        dev: metadata.dev(),
        ino: metadata.ino(),
        kind,
        nlink: metadata.nlink(),
        size: if kind.is_file() { metadata.len() } else { 0 },
        atim: time(metadata.accessed())?,
        mtim: written,
        ctim: written,
    })
}

/// A time of a file. The system's times begin in 1601, so both distances fit.
fn file_time(time: SystemTime) -> u64 {
    let signed = |distance: Duration| i128::try_from(distance.as_nanos()).unwrap_or(i128::MAX);
    timestamp(match time.duration_since(UNIX_EPOCH) {
        Ok(after) => signed(after),
        Err(before) => -signed(before.duration()),
    })
}

/// Converts times for the system.
pub(super) fn times(atim: SetTime, mtim: SetTime) -> FileTimes {
    let point = |time| match time {
        SetTime::Keep => None,
        SetTime::Now => Some(SystemTime::now()),
        SetTime::At(time) => {
            let time = time.cast_signed();
            let distance = Duration::from_nanos(time.unsigned_abs());
            Some(if time < 0 {
                UNIX_EPOCH - distance
            } else {
                UNIX_EPOCH + distance
            })
        }
    };
    let mut times = FileTimes::new();
    if let Some(time) = point(atim) {
        times = times.set_accessed(time);
    }
    if let Some(time) = point(mtim) {
        times = times.set_modified(time);
    }
    times
}
