//! What ends a wait in Winsock's `poll` from another thread: a datagram that a socket sends to itself. Nobody else can: the socket listens on
//! the loopback address only, and only to its own.

use std::net::{Ipv4Addr, UdpSocket};
use std::os::windows::io::{AsSocket, BorrowedSocket};

/// The end that a poller looks at.
pub(crate) struct Bell(UdpSocket);

/// The end that any thread can hold.
pub(crate) struct Alarm(UdpSocket);

/// A pair; `None` if the system is out of sockets.
pub(crate) fn pair() -> Option<(Bell, Alarm)> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    socket.connect(socket.local_addr().ok()?).ok()?;
    socket.set_nonblocking(true).ok()?;
    let other = socket.try_clone().ok()?;
    Some((Bell(socket), Alarm(other)))
}

impl Bell {
    /// What becomes readable.
    pub(crate) fn as_fd(&self) -> BorrowedSocket<'_> {
        self.0.as_socket()
    }

    /// Makes it silent again.
    pub(crate) fn answer(&self) {
        while self.0.recv(&mut [0]).is_ok() {}
    }
}

impl Alarm {
    /// Ends the wait.
    pub(crate) fn ring(&self) {
        // A queue that is full of datagrams wakes as well as one more.
        let _ = self.0.send(&[1]);
    }
}
