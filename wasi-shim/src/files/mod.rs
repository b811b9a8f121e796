//! The trait for file systems (`fs.rs`), wrappers around file systems, files that cannot be changed, and the devices.

pub mod devices;
pub mod fs;
pub mod protected;
pub mod wrap;
