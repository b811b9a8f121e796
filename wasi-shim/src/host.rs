//! What the shim wants from the machine beside files: the time, randomness, and a way to sleep until something happens.
//!
//! Three traits, each with one or two methods, and [`Absent`] where nothing is behind them. The std host implements them over system calls (`std_host`), a board over its
//! counter, its random-number generator and its wait-for-interrupt instruction.

use crate::errno::Errno;
use crate::stream::{PollHandle, Readiness};
use crate::types::ClockId;

/// Reads the clocks.
pub trait Clock: Send {
    /// The time of a clock in nanoseconds. The monotonic clock always exists, except on an [`Absent`] machine.
    ///
    /// Errors: `EINVAL` for a clock that this machine lacks.
    fn now(&mut self, clock: ClockId) -> Result<u64, Errno>;

    /// The smallest step of a clock in nanoseconds, at least 1. Errors as [`now`](Clock::now).
    fn resolution(&mut self, clock: ClockId) -> Result<u64, Errno>;
}

/// Makes random bytes.
pub trait Random: Send {
    /// Fills the whole buffer with random bytes, fit for cryptography where the machine can provide them.
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Errno>;
}

/// A stream to wait for.
#[derive(Clone, Debug)]
pub struct Source {
    /// Which stream; `None` for one that the poller does not know, which the caller asks itself after each wait.
    pub handle: Option<PollHandle>,
    /// Wait until it can be read.
    pub read: bool,
    /// Wait until it can be written.
    pub write: bool,
    /// What the poller found out; the default value if nothing.
    pub ready: Result<Readiness, Errno>,
}

/// Sleeps until a stream is ready or a time has come.
pub trait Poller: Send {
    /// Waits until one of `sources` is ready, or the monotonic clock reaches `deadline` (in nanoseconds; `None` is never; a time
    /// that has passed means to look and not to wait), and fills in every source's `ready`. It may return early: callers look and
    /// wait again. It must not return early all the time: a processor that waits sleeps.
    ///
    /// Errors: `EINTR` if somebody wants the guest to stop waiting; nothing else, except on an [`Absent`] machine.
    fn wait(&mut self, sources: &mut [Source], deadline: Option<u64>) -> Result<(), Errno>;

    /// Lets others run for a moment.
    fn yield_now(&mut self) {}
}

/// A machine without clock, random numbers and a way to wait: a guest's calls that need one of them fail with `ENOTSUP`.
///
/// A builder without an operating system begins with it. Random numbers that can be foretold, or a clock that is wrong, would be worse.
#[derive(Clone, Copy, Debug, Default)]
pub struct Absent;

impl Clock for Absent {
    fn now(&mut self, _clock: ClockId) -> Result<u64, Errno> {
        Err(Errno::NotSup)
    }

    fn resolution(&mut self, _clock: ClockId) -> Result<u64, Errno> {
        Err(Errno::NotSup)
    }
}

impl Random for Absent {
    fn fill(&mut self, _buf: &mut [u8]) -> Result<(), Errno> {
        Err(Errno::NotSup)
    }
}

impl Poller for Absent {
    fn wait(&mut self, _sources: &mut [Source], _deadline: Option<u64>) -> Result<(), Errno> {
        Err(Errno::NotSup)
    }
}
