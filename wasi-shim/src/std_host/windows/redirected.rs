//! `Redirected`: a standard stream that is a file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::windows::fs::FileExt;

use cap_std::fs::Metadata;

use super::errno::from_os;
use super::status::{stat_of, times};
use crate::errno::Errno;
use crate::fs::SetTime;
use crate::stream::{Readiness, Stream};
use crate::types::{FileType, Stat, Whence};

/// A file as a stream. It has an offset, which it shares with other processes, and never waits.
pub(super) struct Redirected(pub(super) File);

impl Redirected {
    /// Reads or writes at a position. The system also moves the offset, so the offset is restored.
    fn keeping_its_offset(
        &mut self,
        act: impl FnOnce(&File) -> std::io::Result<usize>,
    ) -> Result<usize, Errno> {
        let offset = self.0.stream_position().map_err(from_os)?;
        let moved = act(&self.0).map_err(from_os);
        self.0.seek(SeekFrom::Start(offset)).map_err(from_os)?;
        moved
    }
}

impl Stream for Redirected {
    fn kind(&self) -> FileType {
        FileType::RegularFile
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        self.0.read(buf).map_err(from_os)
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        self.0.write(data).map_err(from_os)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        Ok(Readiness {
            readable: true,
            writable: true,
            ..Readiness::default()
        })
    }

    fn stat(&mut self) -> Result<Stat, Errno> {
        stat_of(&Metadata::from_file(&self.0).map_err(from_os)?)
    }

    fn read_at(&mut self, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.keeping_its_offset(|file| file.seek_read(buf, pos))
    }

    fn write_at(&mut self, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.keeping_its_offset(|file| file.seek_write(data, pos))
    }

    fn set_times(&mut self, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        self.0.set_times(times(atim, mtim)).map_err(from_os)
    }

    fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Errno> {
        let to = match whence {
            Whence::Set => SeekFrom::Start(u64::try_from(offset).map_err(|_| Errno::Inval)?),
            Whence::Cur => SeekFrom::Current(offset),
            Whence::End => SeekFrom::End(offset),
        };
        self.0.seek(to).map_err(from_os)
    }

    fn set_len(&mut self, len: u64) -> Result<(), Errno> {
        self.0.set_len(len).map_err(from_os)
    }

    fn sync(&mut self) -> Result<(), Errno> {
        self.0.sync_all().map_err(from_os)
    }
}
