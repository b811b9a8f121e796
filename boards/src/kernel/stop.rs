//! Stops a program that does not stop by itself: for Ctrl-C, a time limit, a watchdog, and to hibernate.
//!
//! Interrupts are never taken (see `arch`), so these must be polled. [`look`] is called when the interpreter hands out
//! fuel, when the program writes, and around every access to the disk. It reads the clock. Waits poll by themselves.
//!
//! This file does not know the console. The terminal, which is above it, registers a function that receives typed bytes
//! ([`listen_with`]).

use alloc::{format, string::String, sync::Arc};
use core::{
    cell::Cell,
    sync::atomic::{AtomicBool, Ordering},
};

use board_settings::{Limits, duration};
use interp::InterruptHandle;

use super::{once::Once, time};

/// The interval of polling the console while the program computes.
const INTERVAL: u64 = 10_000_000;

/// The reason why a program was stopped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Ctrl-C.
    CtrlC,
    /// It ran for longer than `limits.timeout`, in nanoseconds.
    Timeout(u64),
    /// It neither waited nor read for longer than `limits.watchdog`, in nanoseconds.
    Watchdog(u64),
}

impl Cause {
    /// A description of the cause.
    pub(super) fn says(self) -> String {
        match self {
            Self::CtrlC => String::from("stopped by Ctrl-C"),
            Self::Timeout(limit) => format!(
                "stopped after {}, the limits.timeout of wasi.toml",
                duration::text(limit)
            ),
            Self::Watchdog(limit) => format!(
                "stopped: it neither waited nor read for {}, the limits.watchdog of wasi.toml",
                duration::text(limit)
            ),
        }
    }
}

struct Watch {
    program: InterruptHandle,
    /// Tells WASI that the program is being suspended: a wait that ends is begun again later. `None` if it may not be.
    suspender: Option<Arc<AtomicBool>>,
    /// Durations in nanoseconds, from the settings.
    timeout: Option<u64>,
    watchdog: Option<u64>,
    /// Times of the monotonic clock: the start of the program, its last rest, and the next poll.
    begun: u64,
    rested: Cell<u64>,
    next: Cell<u64>,
    cause: Cell<Option<Cause>>,
}

static WATCH: Once<Watch> = Once::new();
static LISTEN: Once<fn()> = Once::new();

/// Registers the function that receives typed bytes.
pub(super) fn listen_with(listen: fn()) {
    LISTEN.set(listen);
}

/// Watches over a program. With a `suspender`, it can be suspended.
pub(super) fn watch(program: InterruptHandle, suspender: Option<Arc<AtomicBool>>, limits: &Limits) {
    let now = time::monotonic();
    WATCH.set(Watch {
        program,
        suspender,
        timeout: limits.timeout,
        watchdog: limits.watchdog,
        begun: now,
        rested: Cell::new(now),
        next: Cell::new(now),
        cause: Cell::new(None),
    });
}

/// Checks the clock, and from time to time the console.
pub(super) fn look() {
    let Some(watch) = WATCH.get() else { return };
    let now = time::monotonic();
    if now >= watch.next.get() {
        watch.next.set(now + INTERVAL);
        watch.check_times(now);
        if let Some(listen) = LISTEN.get() {
            listen();
        }
    }
}

/// Stops the program.
pub(super) fn stop(cause: Cause) {
    if let Some(watch) = WATCH.get()
        && watch.cause.get().is_none()
    {
        watch.cause.set(Some(cause));
        watch.program.interrupt();
    }
}

/// Asks the program to stop where its state can be written, if it may hibernate.
pub(super) fn suspend() {
    if let Some(watch) = WATCH.get()
        && let Some(suspender) = &watch.suspender
    {
        suspender.store(true, Ordering::Relaxed);
        watch.program.suspend();
    }
}

/// Takes the request back: the program continues.
#[cfg(feature = "hibernate")]
pub(super) fn go_on() {
    if let Some(watch) = WATCH.get()
        && let Some(suspender) = &watch.suspender
    {
        watch.program.clear_suspend();
        suspender.store(false, Ordering::Relaxed);
    }
}

/// The reason why the program was stopped, if it was.
pub(super) fn cause() -> Option<Cause> {
    WATCH.get()?.cause.get()
}

/// Returns whether the program must not wait any more, because it was stopped or is being suspended.
pub(super) fn ends_waits() -> bool {
    let is_suspending = |watch: &Watch| {
        let suspender = watch.suspender.as_ref();
        suspender.is_some_and(|it| it.load(Ordering::Relaxed))
    };
    cause().is_some() || WATCH.get().is_some_and(is_suspending)
}

/// Checks only the clock, for waits.
pub(super) fn check() {
    if let Some(watch) = WATCH.get() {
        watch.check_times(time::monotonic());
    }
}

/// Called in every iteration of a wait: the program rests. Returns the time at which the wait must end because of the time
/// limit, if there is one.
pub(super) fn rest() -> Option<u64> {
    let watch = WATCH.get()?;
    let now = time::monotonic();
    watch.rested.set(now);
    watch.check_times(now);
    Some(watch.begun.saturating_add(watch.timeout?))
}

impl Watch {
    fn check_times(&self, now: u64) {
        if let Some(limit) = self.timeout
            && now.saturating_sub(self.begun) >= limit
        {
            stop(Cause::Timeout(limit));
        }
        if let Some(limit) = self.watchdog
            && now.saturating_sub(self.rested.get()) >= limit
        {
            stop(Cause::Watchdog(limit));
        }
    }
}
