//! What a file system is (`fs.rs`), and file systems around or without others: wrappers, files that cannot be changed, the devices.

pub mod devices;
pub mod fs;
pub mod protected;
pub mod wrap;
