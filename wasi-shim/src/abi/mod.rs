//! What preview 1 lays down: its numbers and records, how they lie in the guest's memory, and for which other host a module was built.

pub mod errno;
pub mod memory;
pub mod platforms;
pub mod types;
