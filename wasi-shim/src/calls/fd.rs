//! Operations on an open descriptor as a whole: closing, flags, rights, seeking, sizes, times, syncing.

use crate::errno::Errno;
use crate::fd::Object;
use crate::fs::SetTime;
use crate::memory::Memory;
use crate::stream::Stream;
use crate::types::{FdFlags, FdStat, FileType, FstFlags, Rights, Whence};
use crate::wasi::Wasi;

/// The largest offset: the maximum of a signed 64-bit number.
const MAX_OFFSET: u64 = i64::MAX as u64;

/// `$advice` ranges from normal (0) to noreuse (5).
const MAX_ADVICE: u32 = 5;

impl Wasi {
    /// `fd_advise(fd, offset, len, advice)`: announces how a part of a file will be read. The call succeeds without an
    /// effect, because no host uses the advice. Like `posix_fadvise` in POSIX. Errors: `EINVAL` for an unknown advice,
    /// `ESPIPE` for a pipe.
    pub fn fd_advise(&mut self, fd: u32, offset: u64, len: u64, advice: u32) -> Result<(), Errno> {
        let descriptor = self.fds.get(fd)?;
        match &descriptor.object {
            Object::File { .. } => descriptor.need(Rights::FD_ADVISE)?,
            // A pipe has no parts. All other kinds accept the advice.
            Object::Stream { stream, .. } if stream.kind() == FileType::Unknown => {
                return Err(Errno::SPipe);
            }
            Object::Stream { .. } | Object::Directory { .. } => {}
            Object::Listener(_) => return Err(Errno::SPipe),
        }
        let good = advice <= MAX_ADVICE && offset.checked_add(len).is_some();
        if good { Ok(()) } else { Err(Errno::Inval) }
    }

    /// `fd_allocate(fd, offset, len)`: reserves space for a part of a file, and extends the file if necessary. Like
    /// `posix_fallocate` in POSIX. Errors: `EINVAL` for an empty part, `EBADF` if the file is not open for writing,
    /// `EFBIG`, `ENOSPC`; `ENOTSUP` if the file system does not support it; `ESPIPE` and `ENODEV` for other kinds than
    /// files.
    pub fn fd_allocate(&mut self, fd: u32, offset: u64, len: u64) -> Result<(), Errno> {
        let descriptor = self.fds.get_mut(fd)?;
        if len == 0 || offset > MAX_OFFSET {
            return Err(Errno::Inval);
        }
        if !descriptor.rights.contains(Rights::FD_WRITE) {
            return Err(Errno::BadF);
        }
        if offset.checked_add(len).is_none_or(|end| end > MAX_OFFSET) {
            return Err(Errno::FBig);
        }
        match &mut descriptor.object {
            Object::File { place, .. } => {
                let place = *place;
                descriptor.need(Rights::FD_ALLOCATE)?;
                self.mounts.fs(place.fs).allocate(place.node, offset, len)
            }
            Object::Stream { stream, .. } => stream.allocate(offset, len),
            Object::Directory { .. } | Object::Listener(_) => Err(Errno::BadF),
        }
    }

    /// `fd_close(fd)`: closes a descriptor. Like `close` in POSIX.
    pub fn fd_close(&mut self, fd: u32) -> Result<(), Errno> {
        #[cfg(feature = "freeze")]
        if self.fds.forget_gone(fd) {
            return Ok(());
        }
        let descriptor = self.fds.remove(fd)?;
        self.close(descriptor);
        Ok(())
    }

    /// `fd_datasync(fd)`: returns when the data of a file are on the medium. Like `fdatasync` in POSIX.
    pub fn fd_datasync(&mut self, fd: u32) -> Result<(), Errno> {
        self.sync(fd, Rights::FD_DATASYNC, true)
    }

    /// `fd_sync(fd)`: returns when data and metadata are on the medium. Like `fsync` in POSIX.
    pub fn fd_sync(&mut self, fd: u32) -> Result<(), Errno> {
        self.sync(fd, Rights::FD_SYNC, false)
    }

    fn sync(&mut self, fd: u32, right: Rights, data_only: bool) -> Result<(), Errno> {
        let descriptor = self.fds.get_mut(fd)?;
        descriptor.need(right)?;
        match &mut descriptor.object {
            Object::File { place, .. } | Object::Directory { place } => {
                self.mounts.fs(place.fs).sync(place.node, data_only)
            }
            Object::Stream { stream, .. } => stream.sync(),
            Object::Listener(_) => Err(Errno::Inval),
        }
    }

    /// `fd_fdstat_get(fd) -> fdstat`: returns kind, flags and rights of a descriptor.
    pub fn fd_fdstat_get(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        stat: u32,
    ) -> Result<(), Errno> {
        let descriptor = self.fds.get(fd)?;
        let record = FdStat {
            kind: descriptor.object.kind(),
            flags: descriptor.flags,
            rights: descriptor.rights,
            inheriting: descriptor.inheriting,
        };
        memory.write(stat, &record.encode())
    }

    /// `fd_fdstat_set_flags(fd, flags)`: sets all flags of a descriptor. Like `fcntl(F_SETFL)` in POSIX. A file can be set
    /// non-blocking as well, without an effect. Errors: `EINVAL` for an unknown flag.
    pub fn fd_fdstat_set_flags(&mut self, fd: u32, flags: u32) -> Result<(), Errno> {
        let descriptor = self.fds.get_mut(fd)?;
        descriptor.need(Rights::FD_FDSTAT_SET_FLAGS)?;
        descriptor.flags = fd_flags(flags)?;
        Ok(())
    }

    /// `fd_fdstat_set_rights(fd, base, inheriting)`: reduces the rights. Errors: `ENOTCAPABLE` for a right that the
    /// descriptor does not have.
    pub fn fd_fdstat_set_rights(
        &mut self,
        fd: u32,
        base: u64,
        inheriting: u64,
    ) -> Result<(), Errno> {
        let descriptor = self.fds.get_mut(fd)?;
        let (base, inheriting) = (Rights(base), Rights(inheriting));
        if !descriptor.rights.contains(base) || !descriptor.inheriting.contains(inheriting) {
            return Err(Errno::NotCapable);
        }
        descriptor.rights = base;
        descriptor.inheriting = inheriting;
        Ok(())
    }

    /// `fd_filestat_get(fd) -> filestat`: returns the status of an open file. Like `fstat` in POSIX.
    pub fn fd_filestat_get(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        buf: u32,
    ) -> Result<(), Errno> {
        let descriptor = self.fds.get_mut(fd)?;
        descriptor.need(Rights::FD_FILESTAT_GET)?;
        let stat = match &mut descriptor.object {
            Object::File { place, .. } | Object::Directory { place } => {
                let place = *place;
                self.mounts.stat(place)?
            }
            Object::Stream { stream, .. } => stream.stat()?,
            Object::Listener(_) => crate::types::Stat {
                kind: FileType::SocketStream,
                nlink: 1,
                ..Default::default()
            },
        };
        memory.write(buf, &stat.encode())
    }

    /// `fd_filestat_set_size(fd, size)`: truncates an open file, or extends it with zeros. Like `ftruncate` in POSIX.
    /// Errors: `EINVAL` if it is not open for writing, for objects without a size, and for a negative size; `EFBIG`;
    /// `ETXTBSY` for a file that the host has mapped.
    pub fn fd_filestat_set_size(&mut self, fd: u32, size: u64) -> Result<(), Errno> {
        let descriptor = self.fds.get_mut(fd)?;
        descriptor.need(Rights::FD_FILESTAT_SET_SIZE)?;
        // The program has passed a negative number.
        if size > MAX_OFFSET {
            return Err(Errno::Inval);
        }
        match &mut descriptor.object {
            Object::File { place, .. } => self.mounts.fs(place.fs).set_len(place.node, size),
            Object::Stream { stream, .. } => {
                // Standard output may be any file. All other files were checked when they were opened.
                let stat = stream.stat()?;
                self.check_in_use(&stat)?;
                self.stream(fd)?.set_len(size)
            }
            Object::Directory { .. } | Object::Listener(_) => Err(Errno::Inval),
        }
    }

    /// `fd_filestat_set_times(fd, atim, mtim, fst_flags)`: sets the times of an open file, each independently. Like
    /// `futimens` in POSIX. Errors: `EINVAL` if both a given time and the current time are requested for one of them.
    pub fn fd_filestat_set_times(
        &mut self,
        fd: u32,
        atim: u64,
        mtim: u64,
        flags: u32,
    ) -> Result<(), Errno> {
        let (atim, mtim) = set_times(atim, mtim, flags)?;
        let descriptor = self.fds.get_mut(fd)?;
        descriptor.need(Rights::FD_FILESTAT_SET_TIMES)?;
        match &mut descriptor.object {
            Object::File { place, .. } | Object::Directory { place } => {
                self.mounts.fs(place.fs).set_times(place.node, atim, mtim)
            }
            Object::Stream { stream, place } => {
                if let Some(place) = *place {
                    // The stream is the system's own. Its file system may be one that refuses every change.
                    let nothing = (SetTime::Keep, SetTime::Keep);
                    let fs = self.mounts.fs(place.fs);
                    let outcome = fs.set_times(place.node, nothing.0, nothing.1);
                    // Whether the name still exists does not matter.
                    if let Err(errno @ (Errno::RoFs | Errno::Acces)) = outcome {
                        return Err(errno);
                    }
                }
                stream.set_times(atim, mtim)
            }
            Object::Listener(_) => Err(Errno::Inval),
        }
    }

    /// `fd_prestat_get(fd) -> prestat`: returns the length of the name of a preopened directory (tag 0).
    ///
    /// For a preopened socket the tag is 1, which preview 1 leaves undefined. Go and wasi-libc then continue with the next
    /// number, while any error but `EBADF` makes wasi-libc give up and Go panic. Errors: `EBADF` for all other descriptors;
    /// a guest finds the end of the list by it.
    pub fn fd_prestat_get(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        prestat: u32,
    ) -> Result<(), Errno> {
        let (tag, len) = match self.fds.get(fd)?.object {
            Object::Listener(_) => (1, 0),
            _ => (
                0,
                u32::try_from(self.preopen_name(fd)?.len()).map_err(|_| Errno::Overflow)?,
            ),
        };
        memory.check(prestat, 8)?;
        memory.set_u32(prestat, tag)?;
        memory.set_u32(prestat + 4, len)
    }

    /// `fd_prestat_dir_name(fd, path, path_len)`: returns the name of a preopened directory, without a NUL. Errors:
    /// `ENAMETOOLONG` if the buffer is too short; `EBADF` for all other descriptors.
    pub fn fd_prestat_dir_name(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        path: u32,
        path_len: u32,
    ) -> Result<(), Errno> {
        let name = self.preopen_name(fd)?;
        if name.len() > path_len as usize {
            return Err(Errno::NameTooLong);
        }
        memory.write(path, name.as_bytes())
    }

    fn preopen_name(&self, fd: u32) -> Result<&str, Errno> {
        let descriptor = self.fds.get(fd)?;
        match (&descriptor.object, &descriptor.preopen) {
            (Object::Directory { .. }, Some(name)) => Ok(name),
            _ => Err(Errno::BadF),
        }
    }

    /// `fd_renumber(fd, to)`: moves a descriptor to another open number, whose old object is closed. Like `dup2` followed
    /// by `close`.
    pub fn fd_renumber(&mut self, fd: u32, to: u32) -> Result<(), Errno> {
        if let Some(replaced) = self.fds.renumber(fd, to)? {
            self.close(replaced);
        }
        Ok(())
    }

    /// `fd_seek(fd, offset, whence) -> filesize`: moves the offset. It may be after the end. Like `lseek` in POSIX. Errors:
    /// `EINVAL` for a position before the start and for an unknown whence, `ESPIPE` for a stream, `EBADF` for a directory.
    pub fn fd_seek(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        delta: i64,
        whence: u32,
        newoffset: u32,
    ) -> Result<(), Errno> {
        memory.check(newoffset, 8)?;
        let moved = self.seek(fd, delta, whence)?;
        memory.set_u64(newoffset, moved)
    }

    /// `fd_tell(fd) -> filesize`: returns the offset. Like `lseek(fd, 0, SEEK_CUR)` in POSIX. Errors: those of `fd_seek`.
    pub fn fd_tell(&mut self, memory: &mut Memory<'_>, fd: u32, offset: u32) -> Result<(), Errno> {
        const WHENCE_CUR: u32 = 1;
        memory.check(offset, 8)?;
        let at = self.seek(fd, 0, WHENCE_CUR)?;
        memory.set_u64(offset, at)
    }

    fn seek(&mut self, fd: u32, delta: i64, whence: u32) -> Result<u64, Errno> {
        let descriptor = self.fds.get_mut(fd)?;
        let whence = Whence::from_raw(whence).ok_or(Errno::Inval)?;
        let stays = delta == 0 && whence == Whence::Cur;
        let right = if stays {
            Rights::FD_TELL
        } else {
            Rights::FD_SEEK
        };
        match &mut descriptor.object {
            Object::Stream { stream, .. } => stream.seek(delta, whence),
            Object::Listener(_) => Err(Errno::SPipe),
            Object::Directory { .. } => Err(Errno::BadF),
            Object::File {
                place,
                offset,
                kind,
            } => {
                if !descriptor.rights.contains(right) {
                    return Err(Errno::NotCapable);
                }
                // A device such as `/dev/zero` is the same at each offset.
                if *kind == FileType::CharacterDevice {
                    return Ok(0);
                }
                let base = match whence {
                    Whence::Set => 0,
                    Whence::Cur => *offset,
                    Whence::End => self.mounts.fs(place.fs).stat(place.node)?.size,
                };
                let moved = base
                    .checked_add_signed(delta)
                    .filter(|moved| *moved <= MAX_OFFSET);
                *offset = moved.ok_or(Errno::Inval)?;
                Ok(*offset)
            }
        }
    }

    /// The stream of a descriptor.
    fn stream(&mut self, fd: u32) -> Result<&mut dyn Stream, Errno> {
        match &mut self.fds.get_mut(fd)?.object {
            Object::Stream { stream, .. } => Ok(&mut **stream),
            _ => Err(Errno::BadF),
        }
    }
}

/// Decodes `$fdflags`. Errors: `EINVAL` for an unknown bit.
pub(super) fn fd_flags(raw: u32) -> Result<FdFlags, Errno> {
    match u16::try_from(raw) {
        Ok(bits) if FdFlags::ALL.contains(FdFlags(bits)) => Ok(FdFlags(bits)),
        _ => Err(Errno::Inval),
    }
}

/// Decodes the two times of a call that sets times. Errors: `EINVAL` for an unknown bit, or for both bits of one time.
pub(super) fn set_times(atim: u64, mtim: u64, raw: u32) -> Result<(SetTime, SetTime), Errno> {
    let flags = match u16::try_from(raw) {
        Ok(bits) if FstFlags::ALL.contains(FstFlags(bits)) => FstFlags(bits),
        _ => return Err(Errno::Inval),
    };
    let time = |given: FstFlags, now: FstFlags, value: u64| match (
        flags.contains(given),
        flags.contains(now),
    ) {
        (false, false) => Ok(SetTime::Keep),
        (true, false) => Ok(SetTime::At(value)),
        (false, true) => Ok(SetTime::Now),
        (true, true) => Err(Errno::Inval),
    };
    Ok((
        time(FstFlags::ATIM, FstFlags::ATIM_NOW, atim)?,
        time(FstFlags::MTIM, FstFlags::MTIM_NOW, mtim)?,
    ))
}
