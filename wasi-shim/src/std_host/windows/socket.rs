//! `Connection`: an accepted connection as a stream.

use alloc::sync::Arc;
use rustix::fd::OwnedFd;
use rustix::io::retry_on_intr;
use rustix::net::{RecvFlags, SendFlags, Shutdown, recv, send, shutdown};

use super::super::poller::look;
use super::errno::from_os;
use crate::errno::Errno;
use crate::stream::{PollHandle, Readiness, Stream};
use crate::types::{FileType, SdFlags};

/// The size of a send that does not wait when the socket is ready for writing. On Windows, a blocking send is not partial.
const PIECE: usize = 4096;

/// A stream over a connected socket.
pub(crate) struct Connection(Arc<OwnedFd>);

impl Connection {
    /// Wraps a socket, which is closed with the stream.
    pub(crate) fn new(socket: OwnedFd) -> Connection {
        Connection(Arc::new(socket))
    }

    fn receive(&self, buf: &mut [u8], flags: RecvFlags) -> Result<usize, Errno> {
        let received = retry_on_intr(|| recv(&self.0, &mut *buf, flags));
        received.map(|(len, _)| len).map_err(from_os)
    }
}

impl Stream for Connection {
    fn kind(&self) -> FileType {
        FileType::SocketStream
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        self.receive(buf, RecvFlags::empty())
    }

    fn write(&mut self, data: &[u8], nonblock: bool) -> Result<usize, Errno> {
        let limit = if nonblock { PIECE } else { data.len() };
        let data = &data[..data.len().min(limit)];
        retry_on_intr(|| send(&self.0, data, SendFlags::empty())).map_err(from_os)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        look(&self.0)
    }

    fn poll_handle(&self) -> Option<PollHandle> {
        Some(self.0.clone())
    }

    fn peek(&mut self, buf: &mut [u8]) -> Result<usize, Errno> {
        self.receive(buf, RecvFlags::PEEK)
    }

    fn shutdown(&mut self, how: SdFlags) -> Result<(), Errno> {
        let how = match (how.contains(SdFlags::RD), how.contains(SdFlags::WR)) {
            (true, true) => Shutdown::Both,
            (true, false) => Shutdown::Read,
            _ => Shutdown::Write,
        };
        shutdown(&self.0, how).map_err(from_os)
    }
}
