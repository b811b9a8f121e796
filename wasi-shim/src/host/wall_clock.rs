//! `WallClock`: the current time for file systems that set times themselves.

use alloc::boxed::Box;

/// Returns the current time in nanoseconds since 1970-01-01 UTC. A file system receives one when it is created. On a
/// desktop it reads the system's clock, on a board it adds the counter to the time of the start, and in a test it counts
/// up.
pub type WallClock = Box<dyn Fn() -> u64 + Send>;
