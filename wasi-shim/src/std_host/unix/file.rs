//! `File`: an open file of a Unix system.

use std::os::fd::OwnedFd;

use rustix::fs::{self as os, OFlags};
use rustix::io::retry_on_intr;

use super::errno::from_os;
use super::status::{stat_of, timespec};
use crate::errno::Errno;
use crate::fs::SetTime;
use crate::types::Stat;

/// An open file.
pub(crate) struct File {
    fd: OwnedFd,
    /// Whether the system appends each write. The mode is switched when the kind of write changes. The descriptor belongs
    /// to this process only.
    appends: bool,
}

impl File {
    pub(super) fn new(fd: OwnedFd) -> File {
        File { fd, appends: false }
    }

    /// Its status.
    pub(crate) fn stat(&self) -> Result<Stat, Errno> {
        os::fstat(&self.fd)
            .map(|stat| stat_of(&stat))
            .map_err(from_os)
    }

    /// Sets its times.
    pub(crate) fn set_times(&self, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        os::futimens(&self.fd, &timespec(atim, mtim)).map_err(from_os)
    }

    /// Reads at a position.
    pub(crate) fn read_at(&self, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        retry_on_intr(|| rustix::io::pread(&self.fd, &mut *buf, pos)).map_err(from_os)
    }

    /// Writes at a position.
    pub(crate) fn write_at(&mut self, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.set_append(false)?;
        retry_on_intr(|| rustix::io::pwrite(&self.fd, data, pos)).map_err(from_os)
    }

    /// Writes at the end in one atomic step. Returns the number of bytes and the new end.
    pub(crate) fn append(&mut self, data: &[u8]) -> Result<(usize, u64), Errno> {
        self.set_append(true)?;
        if data.is_empty() {
            return Ok((0, self.stat()?.size));
        }
        let written = retry_on_intr(|| rustix::io::write(&self.fd, data)).map_err(from_os)?;
        Ok((written, os::tell(&self.fd).map_err(from_os)?))
    }

    /// Truncates or extends it.
    pub(crate) fn set_len(&self, len: u64) -> Result<(), Errno> {
        retry_on_intr(|| os::ftruncate(&self.fd, len)).map_err(from_os)
    }

    /// Reserves space.
    pub(crate) fn allocate(&self, pos: u64, len: u64) -> Result<(), Errno> {
        allocate(&self.fd, pos, len)
    }

    /// Returns when its bytes are on the medium, and unless `data_only` its times as well.
    pub(crate) fn sync(&self, data_only: bool) -> Result<(), Errno> {
        let result = if data_only {
            sync_data(&self.fd)
        } else {
            os::fsync(&self.fd)
        };
        result.map_err(from_os)
    }

    /// Sets whether each write appends or goes to its position.
    fn set_append(&mut self, appends: bool) -> Result<(), Errno> {
        if self.appends != appends {
            let flags = if appends {
                OFlags::APPEND
            } else {
                OFlags::empty()
            };
            os::fcntl_setfl(&self.fd, flags).map_err(from_os)?;
            self.appends = appends;
        }
        Ok(())
    }
}

/// Reserves space.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
pub(super) fn allocate(fd: &OwnedFd, pos: u64, len: u64) -> Result<(), Errno> {
    let plain = os::FallocateFlags::empty();
    retry_on_intr(|| os::fallocate(fd, plain, pos, len)).map_err(from_os)
}

/// This system has no such call.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
pub(super) fn allocate(_fd: &OwnedFd, _pos: u64, _len: u64) -> Result<(), Errno> {
    Err(Errno::NotSup)
}

/// Writes a file's bytes to the disk, but not its times.
#[cfg(not(target_vendor = "apple"))]
fn sync_data(file: &OwnedFd) -> rustix::io::Result<()> {
    os::fdatasync(file)
}

/// The same on systems whose only call syncs everything.
#[cfg(target_vendor = "apple")]
fn sync_data(file: &OwnedFd) -> rustix::io::Result<()> {
    os::fsync(file)
}
