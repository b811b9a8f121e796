//! `WallClock`: how a file system that stamps its own files asks what time it is.

use alloc::boxed::Box;

/// The present in nanoseconds since 1970-01-01 UTC. A file system is handed one when it is made: a desktop's reads the system's clock,
/// a board's adds its counter to the time of start, a test's counts up by itself.
pub type WallClock = Box<dyn Fn() -> u64 + Send>;
