//! [`Epoch`]: the clock of an engine, which the embedder advances.

use core::sync::atomic::Ordering;

use super::Engine;

#[cfg(doc)]
use crate::Store;

#[cfg(not(target_has_atomic = "64"))]
use core::sync::atomic::AtomicU32 as Counter;
#[cfg(target_has_atomic = "64")]
use core::sync::atomic::AtomicU64 as Counter;

/// The clock of an engine: a number of ticks.
#[derive(Debug, Default)]
pub(crate) struct Epoch(Counter);

impl Epoch {
    pub(in crate::runtime) fn now(&self) -> u64 {
        #[allow(
            clippy::useless_conversion,
            reason = "the counter's width depends on the target"
        )]
        self.0.load(Ordering::Relaxed).into()
    }

    /// Returns the number of ticks since the clock was at `then`.
    pub(in crate::runtime) fn since(&self, then: u64) -> u64 {
        let ticks = self.now().wrapping_sub(then);
        // A clock of 32 bits may have wrapped around.
        if cfg!(target_has_atomic = "64") {
            ticks
        } else {
            ticks & u64::from(u32::MAX)
        }
    }
}

impl Engine {
    /// Advances the engine's clock by one tick, for the deadlines of all its stores ([`Store::set_epoch_deadline`]). Any
    /// thread, timer or signal handler may call it.
    pub fn increment_epoch(&self) {
        self.epoch().0.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of calls of [`Engine::increment_epoch`].
    #[must_use]
    pub fn current_epoch(&self) -> u64 {
        self.epoch().now()
    }
}
