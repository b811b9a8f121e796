//! Vectored reads and writes, at the descriptor's offset or at a given position.
//!
//! A call takes any number of buffers, and performs one operation on the file or stream if that is visible. Several small
//! buffers are gathered before a write, so that a line that C's stdio passes in two pieces is written at once. A call may
//! move fewer bytes than requested; the guest then continues from there.

use alloc::vec::Vec;

use crate::errno::Errno;
use crate::fd::{Descriptor, Object};
use crate::memory::{IoVec, Memory};
use crate::types::{FdFlags, Rights};
use crate::wasi::Wasi;

use super::proc::{Exit, SIGPIPE};

/// Writes of several buffers up to this size are combined into one.
const GATHER: u32 = 64 * 1024;

/// The position of a read or write in a file.
#[derive(Clone, Copy)]
enum At {
    /// The descriptor's offset, which advances.
    Offset,
    /// A given position. The offset does not change.
    Position(u64),
}

impl Wasi {
    /// `fd_read(fd, iovs) -> size`: reads from the offset, or from a stream. 0 means the end. Like `readv` in POSIX.
    ///
    /// Errors: `EAGAIN` if there is no data yet and the descriptor is non-blocking (never for a file); `EBADF` if it is not
    /// open for reading; `EISDIR`.
    pub fn fd_read(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        iovs: u32,
        iovs_len: u32,
        nread: u32,
    ) -> Result<(), Errno> {
        self.read(memory, fd, (iovs, iovs_len), At::Offset, nread)
    }

    /// `fd_pread(fd, iovs, offset) -> size`: reads from a given position, and does not change the offset. Like `preadv` in
    /// Linux.
    ///
    /// Errors: `ESPIPE` for a pipe, a terminal, a socket; otherwise those of `fd_read`.
    pub fn fd_pread(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        iovs: u32,
        iovs_len: u32,
        offset: u64,
        nread: u32,
    ) -> Result<(), Errno> {
        self.read(memory, fd, (iovs, iovs_len), At::Position(offset), nread)
    }

    /// `fd_write(fd, iovs) -> size`: writes at the offset, at the end of the file (`append`), or to a stream. Like `writev`
    /// in POSIX.
    ///
    /// Errors: `EAGAIN` if there is no room and the descriptor is non-blocking (never for a file); `EBADF` if it is not
    /// open for writing; `EPIPE`, `ENOSPC`, `EFBIG`. For `EPIPE` on descriptors 1 and 2 see
    /// [`end_on_broken_pipe`](crate::WasiBuilder::end_on_broken_pipe).
    pub fn fd_write(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        iovs: u32,
        iovs_len: u32,
        nwritten: u32,
    ) -> Result<(), Errno> {
        self.write(memory, fd, (iovs, iovs_len), At::Offset, nwritten)
            .inspect_err(|errno| {
                if *errno == Errno::Pipe && matches!(fd, 1 | 2) && self.broken_pipe_ends {
                    self.ended = Some(Exit::by_signal(SIGPIPE));
                }
            })
    }

    /// `fd_pwrite(fd, iovs, offset) -> size`: writes at a given position, even with `append`, and does not change the
    /// offset. Like `pwritev` in POSIX.
    ///
    /// Errors: `ESPIPE` for a pipe, a terminal, a socket; otherwise those of `fd_write`.
    pub fn fd_pwrite(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        iovs: u32,
        iovs_len: u32,
        offset: u64,
        nwritten: u32,
    ) -> Result<(), Errno> {
        self.write(memory, fd, (iovs, iovs_len), At::Position(offset), nwritten)
    }

    fn read(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        iovs: (u32, u32),
        at: At,
        nread: u32,
    ) -> Result<(), Errno> {
        let (vectors, _) = memory.iovecs(iovs.0, iovs.1)?;
        memory.check(nread, 4)?;
        self.may(fd, Rights::FD_READ, at)?;
        self.wait_for(fd, Rights::FD_READ, at)?;
        let descriptor = self.fds.get_mut(fd)?;
        let mut total = 0;
        for vector in vectors {
            if vector.len == 0 {
                continue;
            }
            let buf = memory.fill(vector)?;
            let result = match (&mut descriptor.object, at) {
                (Object::File { place, offset, .. }, At::Offset) => {
                    let read = self.mounts.fs(place.fs).read_at(place.node, *offset, buf);
                    *offset += read.map_or(0, |read| read as u64);
                    read
                }
                (Object::File { place, .. }, At::Position(position)) => match position
                    .checked_add(total)
                {
                    Some(position) => self.mounts.fs(place.fs).read_at(place.node, position, buf),
                    None => Err(Errno::Inval),
                },
                (Object::Stream { stream, .. }, At::Offset) => stream.read(buf),
                (Object::Stream { stream, .. }, At::Position(position)) => {
                    stream.read_at(position, buf)
                }
                (Object::Directory { .. }, _) => return Err(Errno::IsDir),
                (Object::Listener(_), _) => return Err(Errno::NotConn),
            };
            match result {
                Ok(read) => {
                    memory.filled(read);
                    total += read as u64;
                    // A short read ends the call. So does a stream, because a second read could wait.
                    if read < vector.len as usize
                        || matches!(descriptor.object, Object::Stream { .. })
                    {
                        break;
                    }
                }
                Err(_) if total > 0 => break,
                Err(errno) => return Err(errno),
            }
        }
        // The total fits, because `iovecs` has checked the sum of all buffers.
        memory.set_u32(nread, total as u32)
    }

    fn write(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        iovs: (u32, u32),
        at: At,
        nwritten: u32,
    ) -> Result<(), Errno> {
        let (vectors, len) = memory.iovecs(iovs.0, iovs.1)?;
        memory.check(nwritten, 4)?;
        self.may(fd, Rights::FD_WRITE, at)?;
        if len > 0 {
            self.wait_for(fd, Rights::FD_WRITE, at)?;
        }
        let mut total = 0u64;
        if vectors.len() > 1 && len <= GATHER {
            let data = gather(memory, &vectors, len)?;
            total = self.write_piece(fd, &data, at, 0)? as u64;
        } else {
            for vector in vectors {
                let data = memory.bytes(vector.buf, vector.len)?;
                if data.is_empty() {
                    continue;
                }
                match self.write_piece(fd, data, at, total) {
                    Ok(written) => {
                        total += written as u64;
                        if written < data.len() {
                            break;
                        }
                    }
                    Err(_) if total > 0 => break,
                    Err(errno) => return Err(errno),
                }
            }
        }
        self.sync_if_asked(fd, total)?;
        memory.set_u32(nwritten, total as u32)
    }

    /// Writes one piece of a call that has already written `before` bytes.
    fn write_piece(&mut self, fd: u32, data: &[u8], at: At, before: u64) -> Result<usize, Errno> {
        if data.is_empty() {
            return Ok(0);
        }
        let descriptor = self.fds.get_mut(fd)?;
        // After the first piece, a stream must not wait any more.
        let nonblock = descriptor.nonblock() || before > 0;
        let append = descriptor.flags.contains(FdFlags::APPEND);
        match (&mut descriptor.object, at) {
            (Object::File { place, offset, .. }, At::Offset) if append => {
                let (written, end) = self.mounts.fs(place.fs).append(place.node, data)?;
                *offset = end;
                Ok(written)
            }
            (Object::File { place, offset, .. }, At::Offset) => {
                let written = self
                    .mounts
                    .fs(place.fs)
                    .write_at(place.node, *offset, data)?;
                *offset += written as u64;
                Ok(written)
            }
            (Object::File { place, .. }, At::Position(position)) => {
                let position = position.checked_add(before).ok_or(Errno::FBig)?;
                self.mounts
                    .fs(place.fs)
                    .write_at(place.node, position, data)
            }
            (Object::Stream { stream, .. }, At::Offset) => {
                if before > 0 && !stream.ready()?.writable {
                    return Err(Errno::Again);
                }
                stream.write(data, nonblock)
            }
            (Object::Stream { stream, .. }, At::Position(position)) => {
                let position = position.checked_add(before).ok_or(Errno::FBig)?;
                stream.write_at(position, data)
            }
            (Object::Directory { .. }, _) => Err(Errno::BadF),
            (Object::Listener(_), _) => Err(Errno::NotConn),
        }
    }

    /// Fails if the descriptor is not open for the operation. First fails if a position is given and the object has no
    /// positions.
    fn may(&self, fd: u32, right: Rights, at: At) -> Result<(), Errno> {
        let descriptor = self.fds.get(fd)?;
        if let (Object::Stream { .. }, At::Position(_)) = (&descriptor.object, at)
            && !descriptor.rights.contains(Rights::FD_SEEK)
        {
            return Err(Errno::SPipe);
        }
        descriptor.need(right)
    }

    /// Waits before a stream is read or written. Returns `EAGAIN` if the operation would wait and the descriptor is
    /// non-blocking. Files and other objects with positions never wait.
    fn wait_for(&mut self, fd: u32, right: Rights, at: At) -> Result<(), Errno> {
        match at {
            At::Offset => self.wait_ready(fd, right),
            At::Position(_) => Ok(()),
        }
    }

    /// Syncs after a write if the descriptor's flags request it.
    fn sync_if_asked(&mut self, fd: u32, written: u64) -> Result<(), Errno> {
        let Descriptor { object, flags, .. } = self.fds.get(fd)?;
        let full = flags.and(FdFlags::SYNC.or(FdFlags::RSYNC));
        let data_only = full.is_empty();
        if written == 0 || (data_only && !flags.contains(FdFlags::DSYNC)) {
            return Ok(());
        }
        match *object {
            Object::File { place, .. } => self.mounts.fs(place.fs).sync(place.node, data_only),
            _ => Ok(()),
        }
    }
}

/// Concatenates the bytes of several buffers.
fn gather(memory: &Memory<'_>, vectors: &[IoVec], len: u32) -> Result<Vec<u8>, Errno> {
    let mut data = Vec::with_capacity(len as usize);
    for vector in vectors {
        data.extend_from_slice(memory.bytes(vector.buf, vector.len)?);
    }
    Ok(data)
}
