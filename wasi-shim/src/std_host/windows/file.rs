//! `File`: an open file of Windows.

use std::io::Seek;
use std::os::windows::fs::FileExt;

use cap_std::fs::Metadata;

use super::errno::from_os;
use super::status::{stat_of, times};
use crate::errno::Errno;
use crate::fs::SetTime;
use crate::types::Stat;

/// The position for a write at the end, wherever it is at that moment (`WriteFile`: both halves of the offset are
/// `0xFFFFFFFF`).
const END: u64 = u64::MAX;

/// An open file.
pub(crate) struct File(std::fs::File);

impl File {
    pub(super) fn new(file: std::fs::File) -> File {
        File(file)
    }

    /// Its status.
    pub(crate) fn stat(&self) -> Result<Stat, Errno> {
        let metadata = Metadata::from_file(&self.0).map_err(from_os)?;
        stat_of(&metadata)
    }

    /// Sets its times.
    pub(crate) fn set_times(&self, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        self.0.set_times(times(atim, mtim)).map_err(from_os)
    }

    /// Reads at a position.
    pub(crate) fn read_at(&self, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.0.seek_read(buf, pos).map_err(from_os)
    }

    /// Writes at a position.
    pub(crate) fn write_at(&mut self, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        if pos == END {
            return Err(Errno::FBig);
        }
        self.0.seek_write(data, pos).map_err(from_os)
    }

    /// Writes at the end in one atomic step. Returns the number of bytes and the new end.
    pub(crate) fn append(&mut self, data: &[u8]) -> Result<(usize, u64), Errno> {
        if data.is_empty() {
            return Ok((0, self.stat()?.size));
        }
        let written = self.0.seek_write(data, END).map_err(from_os)?;
        Ok((written, self.0.stream_position().map_err(from_os)?))
    }

    /// Truncates or extends it.
    pub(crate) fn set_len(&self, len: u64) -> Result<(), Errno> {
        self.0.set_len(len).map_err(from_os)
    }

    /// Reserves space. An extended file has all its space, unless it is sparse.
    pub(crate) fn allocate(&self, pos: u64, len: u64) -> Result<(), Errno> {
        let end = pos.checked_add(len).ok_or(Errno::FBig)?;
        if end > self.stat()?.size {
            self.set_len(end)?;
        }
        Ok(())
    }

    /// Returns when its bytes are on the medium, and unless `data_only` its times as well.
    pub(crate) fn sync(&self, data_only: bool) -> Result<(), Errno> {
        let result = if data_only {
            self.0.sync_data()
        } else {
            self.0.sync_all()
        };
        match result.map_err(from_os) {
            // A file that is open for reading only has nothing to write to the medium.
            Err(Errno::Acces) => Ok(()),
            result => result,
        }
    }
}
