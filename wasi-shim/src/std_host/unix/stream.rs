//! `FdStream`: a Unix descriptor as a stream: standard streams, pipes, devices, connections.
//!
//! A standard stream is shared with other processes, and so is its non-blocking mode, which is never changed. The shim
//! calls `poll(2)` before a read or write to find out whether it would wait.

use std::os::fd::{AsFd, OwnedFd};

use alloc::boxed::Box;
use alloc::sync::Arc;
use rustix::io::retry_on_intr;
use rustix::net::{RecvFlags, SendFlags, Shutdown};

use super::super::poller::{Waker, look};
use super::errno::from_os;
use super::file::allocate;
use super::status::{stat_of, timespec};
use crate::errno::Errno;
use crate::fs::SetTime;
use crate::stream::{Null, PollHandle, Readiness, Stream};
use crate::types::{FileType, SdFlags, Stat, Whence};

/// A closed socket causes an error, and no signal.
#[cfg(not(target_vendor = "apple"))]
const NO_SIGNAL: SendFlags = SendFlags::NOSIGNAL;
/// This system has no such flag. Programs in Rust ignore the signal by default.
#[cfg(target_vendor = "apple")]
const NO_SIGNAL: SendFlags = SendFlags::empty();

/// The minimum that a pipe accepts without waiting when it is ready for writing: POSIX's `PIPE_BUF`, which is larger on
/// Linux than the 512 of other systems.
const PIPE_BUF: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// A stream over a Unix descriptor.
pub(crate) struct FdStream {
    fd: Arc<OwnedFd>,
    kind: FileType,
    is_terminal: bool,
    /// Whether it never waits, whatever `poll` returns: a file, or a device with offsets. On Linux, `/dev/random` is never
    /// ready for writing.
    is_ready: bool,
}

impl FdStream {
    /// Wraps an open descriptor, which is closed with the stream.
    pub(crate) fn new(fd: OwnedFd) -> FdStream {
        let kind = rustix::fs::fstat(&fd).map_or(FileType::Unknown, |stat| stat_of(&stat).kind);
        let is_terminal = kind == FileType::CharacterDevice && rustix::termios::isatty(&fd);
        let is_device = kind == FileType::CharacterDevice && !is_terminal;
        let is_ready = kind.is_file() || (is_device && rustix::fs::tell(&fd).is_ok());
        FdStream {
            fd: Arc::new(fd),
            kind,
            is_terminal,
            is_ready,
        }
    }

    fn is_socket(&self) -> bool {
        matches!(self.kind, FileType::SocketStream | FileType::SocketDgram)
    }
}

/// The process's standard streams. A closed one is empty.
pub(crate) fn standard_streams(_: &Waker) -> [Box<dyn Stream>; 3] {
    let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()].map(|fd| match fd.try_clone_to_owned() {
        Ok(fd) => Box::new(FdStream::new(fd)) as Box<dyn Stream>,
        Err(_) => Box::new(Null) as Box<dyn Stream>,
    })
}

impl Stream for FdStream {
    fn kind(&self) -> FileType {
        self.kind
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        retry_on_intr(|| rustix::io::read(&self.fd, &mut *buf)).map_err(from_os)
    }

    fn write(&mut self, data: &[u8], nonblock: bool) -> Result<usize, Errno> {
        if self.is_socket() {
            let flags = if nonblock {
                SendFlags::DONTWAIT
            } else {
                SendFlags::empty()
            };
            return retry_on_intr(|| rustix::net::send(&self.fd, data, flags | NO_SIGNAL))
                .map_err(from_os);
        }
        let limit = if nonblock && !self.is_ready {
            PIPE_BUF
        } else {
            data.len()
        };
        let data = &data[..data.len().min(limit)];
        retry_on_intr(|| rustix::io::write(&self.fd, data)).map_err(from_os)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        if self.is_ready {
            return Ok(Readiness {
                readable: true,
                writable: true,
                ..Readiness::default()
            });
        }
        look(&self.fd)
    }

    fn poll_handle(&self) -> Option<PollHandle> {
        if self.is_ready {
            None
        } else {
            Some(self.fd.clone())
        }
    }

    fn stat(&mut self) -> Result<Stat, Errno> {
        rustix::fs::fstat(&self.fd)
            .map(|stat| stat_of(&stat))
            .map_err(from_os)
    }

    fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    // The system knows which streams have offsets: files and most devices.

    fn read_at(&mut self, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        retry_on_intr(|| rustix::io::pread(&self.fd, &mut *buf, pos)).map_err(from_os)
    }

    fn write_at(&mut self, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        retry_on_intr(|| rustix::io::pwrite(&self.fd, data, pos)).map_err(from_os)
    }

    fn allocate(&mut self, pos: u64, len: u64) -> Result<(), Errno> {
        allocate(&self.fd, pos, len)
    }

    fn set_times(&mut self, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        rustix::fs::futimens(&self.fd, &timespec(atim, mtim)).map_err(from_os)
    }

    fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Errno> {
        let to = match whence {
            // A negative position is passed on as the same 64 bits, and the system refuses it.
            Whence::Set => rustix::fs::SeekFrom::Start(offset.cast_unsigned()),
            Whence::Cur => rustix::fs::SeekFrom::Current(offset),
            Whence::End => rustix::fs::SeekFrom::End(offset),
        };
        rustix::fs::seek(&self.fd, to).map_err(from_os)
    }

    fn set_len(&mut self, len: u64) -> Result<(), Errno> {
        rustix::fs::ftruncate(&self.fd, len).map_err(from_os)
    }

    fn sync(&mut self) -> Result<(), Errno> {
        match rustix::fs::fsync(&self.fd) {
            // An object without a medium has nothing to wait for.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::ROFS) => Ok(()),
            result => result.map_err(from_os),
        }
    }

    fn peek(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        let received = retry_on_intr(|| rustix::net::recv(&self.fd, &mut *buf, RecvFlags::PEEK));
        received.map(|(len, _)| len).map_err(from_os)
    }

    fn shutdown(&mut self, how: SdFlags) -> Result<(), Errno> {
        let how = match (how.contains(SdFlags::RD), how.contains(SdFlags::WR)) {
            (true, true) => Shutdown::Both,
            (true, false) => Shutdown::Read,
            _ => Shutdown::Write,
        };
        rustix::net::shutdown(&self.fd, how).map_err(from_os)
    }
}
