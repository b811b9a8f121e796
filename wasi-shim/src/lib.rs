//! WASI preview 1 over a small operating-system trait: the same 46 calls on a desktop, on a FAT disk and on a RAM disk.
//!
//! # Reading order
//! 1. [`errno`], [`types`]: the vocabulary, fixed by the specification.
//! 2. [`fs`], [`stream`], [`host`]: what the shim wants from the machine below it.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
extern crate alloc;

pub mod errno;
pub mod fs;
pub mod host;
#[cfg(feature = "ram")]
pub mod ram;
pub mod stream;
pub mod types;
pub mod wall_clock;

pub use errno::Errno;
pub use fs::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
pub use host::{Clock, Poller, Random};
#[cfg(feature = "ram")]
pub use ram::RamFs;
pub use stream::{Listener, Stream};
