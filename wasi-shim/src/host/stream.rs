//! `Stream`: an object that is read and written without offsets: a terminal, a pipe, a socket, a board's UART, a buffer in
//! a test.
//!
//! The shim never lets a stream wait unless the guest allows it. It calls [`Stream::ready`] first, fails with `EAGAIN` for
//! a non-blocking descriptor, and otherwise sleeps in the host's poller. So a stream needs no non-blocking mode of its own.
//! The mode of a stream that is shared with other processes, such as a terminal, is never changed.
//!
//! [`Input`], [`Output`] and [`Duplex`] turn any implementation of the `embedded-io` traits into a stream.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::any::Any;

use embedded_io::{Read, ReadReady, Write, WriteReady};

use crate::errno::Errno;
use crate::fs::SetTime;
use crate::types::{FileType, SdFlags, Stat, Whence};

/// Whether a stream can be read or written without waiting.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Readiness {
    /// A read does not wait: there are data, or the end, or an error to report.
    pub readable: bool,
    /// A write of at least one byte does not wait.
    pub writable: bool,
    /// The other side has closed.
    pub hangup: bool,
    /// The number of bytes that can be read; 0 if it is unknown.
    pub bytes: u64,
}

/// The identity of a stream for the host's poller. Only the two of them know its content: on Unix a file descriptor.
pub type PollHandle = Arc<dyn Any + Send + Sync>;

/// A source or sink of bytes without offsets. Each direction is optional.
pub trait Stream: Send {
    /// The kind that is reported to the guest.
    fn kind(&self) -> FileType;

    /// Reads at least one byte, and waits for it if necessary. 0 is the end of the stream.
    ///
    /// Errors: `EBADF` if the stream cannot be read.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        let _ = buf;
        Err(Errno::BadF)
    }

    /// Writes at least one byte, and waits until this is possible. With `nonblock`, it writes only what is possible without
    /// waiting; the caller has checked [`ready`](Stream::ready) before.
    ///
    /// Errors: `EBADF` if the stream cannot be written, `EPIPE` if the reader has closed it.
    fn write(&mut self, data: &[u8], nonblock: bool) -> Result<usize, Errno> {
        let _ = (data, nonblock);
        Err(Errno::BadF)
    }

    /// Returns whether a read or a write would wait now.
    fn ready(&mut self) -> Result<Readiness, Errno>;

    /// The handle for the host's poller; `None` for a stream whose state only [`ready`](Stream::ready) reports.
    fn poll_handle(&self) -> Option<PollHandle> {
        None
    }

    /// Its status, beside its kind.
    fn stat(&mut self) -> Result<Stat, Errno> {
        Ok(Stat {
            kind: self.kind(),
            nlink: 1,
            ..Stat::default()
        })
    }

    /// Returns whether it is a terminal. C programs recognise a terminal by the rights that its descriptor lacks. A
    /// character device that is no terminal, such as `/dev/null`, must return false.
    fn is_terminal(&self) -> bool {
        self.kind() == FileType::CharacterDevice
    }

    /// Reads at a position without changing the offset, if the stream is a file or a device with offsets. Errors: `ESPIPE`
    /// for all others.
    fn read_at(&mut self, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        let _ = (pos, buf);
        Err(Errno::SPipe)
    }

    /// Writes at a position. Otherwise like [`read_at`](Stream::read_at).
    fn write_at(&mut self, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        let _ = (pos, data);
        Err(Errno::SPipe)
    }

    /// Reserves space in a stream that is a redirected file. Errors: `ESPIPE` for all others.
    fn allocate(&mut self, pos: u64, len: u64) -> Result<(), Errno> {
        let _ = (pos, len);
        Err(Errno::SPipe)
    }

    /// Sets the times of a stream that is a file of the system. Errors: `EINVAL` for all others.
    fn set_times(&mut self, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        let _ = (atim, mtim);
        Err(Errno::Inval)
    }

    /// Moves the offset of a stream that is a redirected file or a device with offsets. Errors: `ESPIPE` for all others.
    fn seek(&mut self, offset: i64, whence: Whence) -> Result<u64, Errno> {
        let _ = (offset, whence);
        Err(Errno::SPipe)
    }

    /// Sets the length of a stream that is a redirected file. Errors: `EINVAL` for all others.
    fn set_len(&mut self, len: u64) -> Result<(), Errno> {
        let _ = len;
        Err(Errno::Inval)
    }

    /// Returns when everything written has reached its destination.
    fn sync(&mut self) -> Result<(), Errno> {
        Ok(())
    }

    /// Reads without removing the bytes from a socket's queue.
    fn peek(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        let _ = buf;
        Err(Errno::NotSock)
    }

    /// Closes one or both directions of a socket.
    fn shutdown(&mut self, how: SdFlags) -> Result<(), Errno> {
        let _ = how;
        Err(Errno::NotSock)
    }
}

/// A socket that waits for connections.
pub trait Listener: Send {
    /// Takes the next connection. It never waits. Errors: `EAGAIN` if there is none.
    fn accept(&mut self) -> Result<Box<dyn Stream>, Errno>;

    /// Whether [`accept`](Listener::accept) has a connection (`readable`).
    fn ready(&mut self) -> Result<Readiness, Errno>;

    /// The handle for the host's poller.
    fn poll_handle(&self) -> Option<PollHandle> {
        None
    }
}

/// Maps an `embedded-io` error to the number of its kind.
fn errno_of<E: embedded_io::Error>(error: E) -> Errno {
    Errno::from(error.kind())
}

/// An input stream over any `embedded-io` reader that can report whether it has data.
pub struct Input<R>(pub R);

impl<R: Read + ReadReady + Send> Stream for Input<R> {
    fn kind(&self) -> FileType {
        FileType::CharacterDevice
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        self.0.read(buf).map_err(errno_of)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        let readable = self.0.read_ready().map_err(errno_of)?;
        Ok(Readiness {
            readable,
            ..Readiness::default()
        })
    }
}

/// An output stream over any `embedded-io` writer that can report whether it has room.
pub struct Output<W>(pub W);

impl<W: Write + WriteReady + Send> Stream for Output<W> {
    fn kind(&self) -> FileType {
        FileType::CharacterDevice
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        self.0.write(data).map_err(errno_of)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        let writable = self.0.write_ready().map_err(errno_of)?;
        Ok(Readiness {
            writable,
            ..Readiness::default()
        })
    }

    fn sync(&mut self) -> Result<(), Errno> {
        self.0.flush().map_err(errno_of)
    }
}

/// A stream in both directions over one `embedded-io` device.
pub struct Duplex<D>(pub D);

impl<D: Read + ReadReady + Write + WriteReady + Send> Stream for Duplex<D> {
    fn kind(&self) -> FileType {
        FileType::CharacterDevice
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        self.0.read(buf).map_err(errno_of)
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        self.0.write(data).map_err(errno_of)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        let readable = self.0.read_ready().map_err(errno_of)?;
        let writable = self.0.write_ready().map_err(errno_of)?;
        Ok(Readiness {
            readable,
            writable,
            ..Readiness::default()
        })
    }

    fn sync(&mut self) -> Result<(), Errno> {
        self.0.flush().map_err(errno_of)
    }
}

/// The empty stream: reads return the end, and writes are discarded. It replaces a standard stream that is not connected.
pub struct Null;

impl Stream for Null {
    fn kind(&self) -> FileType {
        FileType::CharacterDevice
    }

    fn read(&mut self, _buf: &mut [u8]) -> Result<usize, Errno> {
        Ok(0)
    }

    fn write(&mut self, data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        Ok(data.len())
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        Ok(Readiness {
            readable: true,
            writable: true,
            ..Readiness::default()
        })
    }

    fn is_terminal(&self) -> bool {
        false
    }

    fn read_at(&mut self, _pos: u64, _buf: &mut [u8]) -> Result<usize, Errno> {
        Ok(0)
    }

    fn write_at(&mut self, _pos: u64, data: &[u8]) -> Result<usize, Errno> {
        Ok(data.len())
    }

    fn seek(&mut self, _offset: i64, _whence: Whence) -> Result<u64, Errno> {
        Ok(0)
    }
}
