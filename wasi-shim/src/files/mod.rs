//! The trait for file systems (`fs.rs`), wrappers around file systems, files that cannot be changed, files of the host, and
//! the devices.

pub mod devices;
pub mod fs;
pub mod protected;
#[cfg(feature = "freeze")]
pub mod whole;
pub mod wrap;
