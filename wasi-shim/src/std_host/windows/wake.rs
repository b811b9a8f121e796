//! Ends a wait in Winsock's `poll` from another thread: a socket sends a datagram to itself. No other process can send one,
//! because the socket is bound to the loopback address and connected to itself.

use std::net::{Ipv4Addr, UdpSocket};
use std::os::windows::io::{AsSocket, BorrowedSocket};

/// The end for a poller.
pub(crate) struct Bell(UdpSocket);

/// The end for any thread.
pub(crate) struct Alarm(UdpSocket);

/// Creates a pair. Returns `None` if the system has no sockets left.
pub(crate) fn pair() -> Option<(Bell, Alarm)> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    socket.connect(socket.local_addr().ok()?).ok()?;
    socket.set_nonblocking(true).ok()?;
    let other = socket.try_clone().ok()?;
    Some((Bell(socket), Alarm(other)))
}

impl Bell {
    /// The socket that becomes readable.
    pub(crate) fn as_fd(&self) -> BorrowedSocket<'_> {
        self.0.as_socket()
    }

    /// Silences it again.
    pub(crate) fn answer(&self) {
        while self.0.recv(&mut [0]).is_ok() {}
    }
}

impl Alarm {
    /// Ends the wait.
    pub(crate) fn ring(&self) {
        // If the queue is full of datagrams, the poller wakes in any case.
        let _ = self.0.send(&[1]);
    }
}
