//! `StdListener`: a listening TCP socket.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs};

use alloc::boxed::Box;
use alloc::sync::Arc;
use rustix::fd::OwnedFd;
use rustix::io::retry_on_intr;
use rustix::net::sockopt::socket_error;

use super::poller::look;
use super::system::{Connection, from_os};
use crate::errno::Errno;
use crate::stream::{Listener, PollHandle, Readiness, Stream};

/// A TCP socket that the guest finds open and accepts connections from.
pub struct StdListener {
    fd: Arc<OwnedFd>,
    address: SocketAddr,
}

impl StdListener {
    /// Listens on an address such as `127.0.0.1:8080`, with port 0 on any that is free.
    ///
    /// Errors: no such address, or it is in use.
    pub fn bind(address: impl ToSocketAddrs) -> std::io::Result<StdListener> {
        let listener = TcpListener::bind(address)?;
        // Nobody else has this socket: its mode is ours to set.
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(StdListener {
            fd: Arc::new(listener.into()),
            address,
        })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }
}

impl Listener for StdListener {
    fn accept(&mut self) -> Result<Box<dyn Stream>, Errno> {
        let stream = retry_on_intr(|| rustix::net::accept(&self.fd)).map_err(from_os)?;
        // Some systems hand the listener's mode on; the shim asks before it reads, and wants to wait when it does.
        rustix::io::ioctl_fionbio(&stream, false).map_err(from_os)?;
        if let Ok(Err(error)) = socket_error(&stream) {
            return Err(from_os(error));
        }
        Ok(Box::new(Connection::new(stream)))
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        look(&self.fd)
    }

    fn poll_handle(&self) -> Option<PollHandle> {
        Some(self.fd.clone())
    }
}
