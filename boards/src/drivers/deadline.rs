//! Deadlines for waits on devices.

use crate::board::Timer;

/// A moment in the future.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    timer: &'static dyn Timer,
    ticks: u64,
}

impl Deadline {
    /// The moment `milliseconds` from now.
    pub(super) fn after(timer: &'static dyn Timer, milliseconds: u64) -> Self {
        Self {
            timer,
            ticks: timer.ticks() + timer.frequency() * milliseconds / 1000,
        }
    }

    /// Returns whether it has passed.
    pub(super) fn passed(self) -> bool {
        self.timer.ticks() >= self.ticks
    }
}

/// Looks again and again until there is something to see; `None` if there is nothing for `milliseconds`.
pub(super) fn poll<T>(
    timer: &'static dyn Timer,
    milliseconds: u64,
    mut look: impl FnMut() -> Option<T>,
) -> Option<T> {
    let deadline = Deadline::after(timer, milliseconds);
    loop {
        let seen = look();
        if seen.is_some() || deadline.passed() {
            return seen;
        }
    }
}

/// Waits in a loop, for a time that is too short for a sleep.
pub(super) fn pause(timer: &dyn Timer, microseconds: u64) {
    let end = timer.ticks() + (timer.frequency() * microseconds).div_ceil(1_000_000);
    while timer.ticks() < end {}
}
