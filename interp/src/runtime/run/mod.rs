//! Calls into running code, the requests of running code, and the ways in which a call ends.

mod backtrace;
#[cfg(feature = "heap")]
mod collect;
mod invoke;
mod machine;
#[cfg(feature = "gc")]
mod object;
mod panic;
#[cfg(feature = "probes")]
pub(super) mod probe;
#[cfg(feature = "probes")]
pub(super) mod sample;
pub(super) mod suspend;
#[cfg(feature = "exceptions")]
pub(super) mod unwind;
