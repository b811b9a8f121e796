//! Ends a wait in `poll(2)` from another thread: one end of a pair of connected sockets becomes readable when a byte is written to the
//! other.

use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// The end for a poller.
pub(crate) struct Bell(UnixStream);

/// The end for any thread.
pub(crate) struct Alarm(UnixStream);

/// Creates a pair. Returns `None` if the system has no descriptors left.
pub(crate) fn pair() -> Option<(Bell, Alarm)> {
    let (ours, theirs) = UnixStream::pair().ok()?;
    for end in [&ours, &theirs] {
        end.set_nonblocking(true).ok()?;
    }
    Some((Bell(ours), Alarm(theirs)))
}

impl Bell {
    /// The descriptor that becomes readable.
    pub(crate) fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Silences it again.
    pub(crate) fn answer(&self) {
        while (&self.0).read(&mut [0; 16]).is_ok_and(|len| len > 0) {}
    }
}

impl Alarm {
    /// Ends the wait.
    pub(crate) fn ring(&self) {
        // If the other end is full of bytes, the poller wakes in any case.
        let _ = (&self.0).write(&[1]);
    }
}
