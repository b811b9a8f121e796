//! Ends a wait in `poll(2)` from another thread: one end of a pair of connected sockets becomes readable when the other is
//! shut down.

use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// The end for a poller.
pub(crate) struct Bell(UnixStream);

/// The end for any thread.
pub(crate) struct Alarm(UnixStream);

/// Creates a pair. Returns `None` if the system has no descriptors left.
pub(crate) fn pair() -> Option<(Bell, Alarm)> {
    let (ours, theirs) = UnixStream::pair().ok()?;
    Some((Bell(ours), Alarm(theirs)))
}

impl Bell {
    /// The descriptor that becomes readable.
    pub(crate) fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Does nothing: on Unix only the end of a guest rings the bell, and it keeps ringing.
    pub(crate) fn answer(&self) {}
}

impl Alarm {
    /// Ends the wait.
    pub(crate) fn ring(&self) {
        // The result does not matter: the end of the stream wakes the poller, permanently.
        let _ = self.0.shutdown(std::net::Shutdown::Both);
    }
}
