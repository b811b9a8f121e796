//! The services of the machine beside files: time, randomness, and a way to sleep until an event.
//!
//! There are three traits with one or two methods each, and [`Absent`] for a machine without them. The std host implements
//! them with system calls (`std_host`). A board uses its counter, its random number generator and its wait-for-interrupt
//! instruction.

pub mod in_memory;
pub mod stream;
pub mod wall_clock;

use crate::errno::Errno;
use crate::stream::{PollHandle, Readiness};
use crate::types::ClockId;

/// Reads the clocks.
pub trait Clock: Send {
    /// Returns the time of a clock in nanoseconds. The monotonic clock always exists, except on an [`Absent`] machine.
    ///
    /// Errors: `EINVAL` for a clock that this machine lacks.
    fn now(&mut self, clock: ClockId) -> Result<u64, Errno>;

    /// Returns the resolution of a clock in nanoseconds, at least 1. Errors: those of [`now`](Clock::now).
    fn resolution(&mut self, clock: ClockId) -> Result<u64, Errno>;
}

/// Makes random bytes.
pub trait Random: Send {
    /// Fills the whole buffer with random bytes. They are suitable for cryptography if the machine can provide such bytes.
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Errno>;
}

/// A stream to wait for.
#[derive(Clone, Debug)]
pub struct Source {
    /// The stream, or `None` for one that the poller does not know. The caller asks such a stream after each wait.
    pub handle: Option<PollHandle>,
    /// Wait until it can be read.
    pub read: bool,
    /// Wait until it can be written.
    pub write: bool,
    /// The result of the poller, or the default value without a result.
    pub ready: Result<Readiness, Errno>,
}

/// Sleeps until a stream is ready or a deadline is reached.
pub trait Poller: Send {
    /// Waits until one of `sources` is ready, or the monotonic clock reaches `deadline` (in nanoseconds; `None` means
    /// never, and a time in the past means to check without waiting). Sets `ready` of every source. It may return early,
    /// because callers check and wait again. It must not return early all the time: a processor that waits must sleep.
    ///
    /// Errors: `EINTR` if the guest is to stop waiting; no other, except on an [`Absent`] machine.
    fn wait(&mut self, sources: &mut [Source], deadline: Option<u64>) -> Result<(), Errno>;

    /// Yields the processor for a moment.
    fn yield_now(&mut self) {}
}

/// A machine without clock, random numbers and poller. Calls of a guest that need one of them fail with `ENOTSUP`.
///
/// A builder without an operating system begins with it. Predictable random numbers or a wrong clock would be worse.
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
