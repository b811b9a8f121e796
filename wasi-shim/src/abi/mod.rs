//! The definitions of preview 1: its numbers and records, their layout in the guest's memory, and the detection of modules
//! for other hosts.

pub mod errno;
pub mod memory;
pub mod platforms;
pub mod types;
