//! What the system tells about files, as the guest's record: kinds, statuses, times.

use rustix::fs as os;

use super::clock::nanoseconds;
use crate::errno::Errno;
use crate::fs::SetTime;
use crate::types::{FileType, Stat};

/// What the system says that something is.
pub(super) fn kind_of(kind: os::FileType) -> FileType {
    match kind {
        os::FileType::RegularFile => FileType::RegularFile,
        os::FileType::Directory => FileType::Directory,
        os::FileType::Symlink => FileType::SymbolicLink,
        os::FileType::Socket => FileType::SocketStream,
        os::FileType::CharacterDevice => FileType::CharacterDevice,
        os::FileType::BlockDevice => FileType::BlockDevice,
        _ => FileType::Unknown,
    }
}

/// A status of the system as the guest's record. The fields have other widths on other systems.
#[allow(
    clippy::unnecessary_cast,
    clippy::useless_conversion,
    reason = "the width of the fields differs between systems"
)]
pub(super) fn stat_of(stat: &os::Stat) -> Stat {
    Stat {
        dev: stat.st_dev as u64,
        ino: stat.st_ino as u64,
        kind: kind_of(os::FileType::from_raw_mode(stat.st_mode)),
        nlink: stat.st_nlink as u64,
        size: stat.st_size as u64,
        atim: nanoseconds(stat.st_atime as i64, stat.st_atime_nsec as i64),
        mtim: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
        ctim: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
    }
}

/// Times to be set as the system wants them.
pub(super) fn timespec(atim: SetTime, mtim: SetTime) -> Result<os::Timestamps, Errno> {
    Ok(os::Timestamps {
        last_access: one(atim)?,
        last_modification: one(mtim)?,
    })
}

fn one(time: SetTime) -> Result<os::Timespec, Errno> {
    Ok(match time {
        SetTime::Keep => os::Timespec {
            tv_sec: 0,
            tv_nsec: os::UTIME_OMIT,
        },
        SetTime::Now => os::Timespec {
            tv_sec: 0,
            tv_nsec: os::UTIME_NOW,
        },
        SetTime::At(time) => os::Timespec {
            tv_sec: i64::try_from(time / 1_000_000_000).map_err(|_| Errno::Overflow)?,
            tv_nsec: (time % 1_000_000_000) as _,
        },
    })
}
