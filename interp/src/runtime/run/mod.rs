//! Calls into running code, the requests of running code, and the ways in which a call ends.

mod backtrace;
mod invoke;
mod machine;
mod panic;
pub(super) mod suspend;
#[cfg(feature = "exceptions")]
pub(super) mod unwind;
