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

/// A preopened TCP socket from which the guest accepts connections.
pub struct StdListener {
    fd: Arc<OwnedFd>,
    address: SocketAddr,
}

impl StdListener {
    /// Listens on an address such as `127.0.0.1:8080`. Port 0 chooses a free port.
    ///
    /// Errors: the address does not exist or is in use.
    pub fn bind(address: impl ToSocketAddrs) -> std::io::Result<StdListener> {
        let listener = TcpListener::bind(address)?;
        // Nothing else uses this socket, so its mode can be changed.
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(StdListener {
            fd: Arc::new(listener.into()),
            address,
        })
    }

    /// The address on which it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }
}

impl Listener for StdListener {
    fn accept(&mut self) -> Result<Box<dyn Stream>, Errno> {
        let stream = retry_on_intr(|| rustix::net::accept(&self.fd)).map_err(from_os)?;
        // On some systems, connections inherit the listener's mode. The shim checks before it reads, and the read must then
        // wait.
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
