//! What ends a wait in `poll(2)` from another thread: one end of a pair of connected sockets becomes readable when the other is shut.

use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// The end that a poller looks at.
pub(crate) struct Bell(UnixStream);

/// The end that any thread can hold.
pub(crate) struct Alarm(UnixStream);

/// A pair; `None` if the system is out of descriptors.
pub(crate) fn pair() -> Option<(Bell, Alarm)> {
    let (ours, theirs) = UnixStream::pair().ok()?;
    Some((Bell(ours), Alarm(theirs)))
}

impl Bell {
    /// What becomes readable.
    pub(crate) fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// It rings until the end: only the end of a guest rings it here.
    pub(crate) fn answer(&self) {}
}

impl Alarm {
    /// Ends the wait.
    pub(crate) fn ring(&self) {
        // Nobody reads this: the end of the stream is what wakes, once and for all.
        let _ = self.0.shutdown(std::net::Shutdown::Both);
    }
}
