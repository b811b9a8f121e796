//! Converts the system's file information to the guest's records: kinds, statuses, times.

use rustix::fs as os;

use super::errno::from_os;
use crate::errno::Errno;
use crate::fs::SetTime;
use crate::types::{FileType, Stat, timestamp};

/// Converts the system's kind of a file.
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

/// The status of an open file.
pub(crate) fn stat(file: &std::fs::File) -> Result<Stat, Errno> {
    os::fstat(file).map(|stat| stat_of(&stat)).map_err(from_os)
}

/// Converts a status of the system. The fields have other widths on other systems.
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
        atim: time(stat.st_atime as i64, stat.st_atime_nsec as i64),
        mtim: time(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
        ctim: time(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
    }
}

/// A time of a file: seconds since 1970, which may be negative, and nanoseconds, which are not.
fn time(seconds: i64, nanoseconds: i64) -> u64 {
    timestamp(i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds))
}

/// Converts times for the system.
pub(super) fn timespec(atim: SetTime, mtim: SetTime) -> os::Timestamps {
    os::Timestamps {
        last_access: one(atim),
        last_modification: one(mtim),
    }
}

fn one(time: SetTime) -> os::Timespec {
    match time {
        SetTime::Keep => os::Timespec {
            tv_sec: 0,
            tv_nsec: os::UTIME_OMIT,
        },
        SetTime::Now => os::Timespec {
            tv_sec: 0,
            tv_nsec: os::UTIME_NOW,
        },
        SetTime::At(time) => {
            let time = time.cast_signed();
            os::Timespec {
                tv_sec: time.div_euclid(1_000_000_000),
                tv_nsec: time.rem_euclid(1_000_000_000) as _,
            }
        }
    }
}
