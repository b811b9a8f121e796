//! The errors of `hadris-fat` as [`Errno`].

use hadris_fs::{Error, ErrorKind};

use crate::errno::Errno;

/// The driver's error as a number of preview 1. What the device said goes before what the driver made of it.
pub(super) fn errno(error: &Error<Errno>) -> Errno {
    if let Some(errno) = error.device_error() {
        return *errno;
    }
    match error.kind() {
        ErrorKind::NotFound => Errno::NoEnt,
        ErrorKind::AlreadyExists => Errno::Exist,
        ErrorKind::NotADirectory => Errno::NotDir,
        ErrorKind::IsADirectory => Errno::IsDir,
        ErrorKind::DirectoryNotEmpty => Errno::NotEmpty,
        ErrorKind::NoSpace => Errno::NoSpc,
        ErrorKind::ReadOnly => Errno::RoFs,
        ErrorKind::InvalidInput => Errno::Inval,
        ErrorKind::Unsupported => Errno::NotSup,
        ErrorKind::LimitExceeded => Errno::NFile,
        ErrorKind::NameTooLong => Errno::NameTooLong,
        ErrorKind::FileTooLarge => Errno::FBig,
        ErrorKind::Busy => Errno::Busy,
        // A node that the driver does not know any more: its directory entry was changed beneath it.
        ErrorKind::InvalidHandle => Errno::Stale,
        // Io, Corrupt, and what later releases may add.
        _ => {
            log::warn!("FAT: {error}");
            Errno::Io
        }
    }
}
