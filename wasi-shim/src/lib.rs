//! WASI preview 1 over a small operating-system trait: the same 46 calls on a desktop, on a FAT disk and on a RAM disk.
//!
//! # Reading order
//! 1. [`errno`], [`types`]: the vocabulary, fixed by the specification.
//! 2. [`fs`], [`stream`], [`host`]: what the shim wants from the machine below it.
//! 3. [`path`]: how a guest's path becomes a node. This file is the sandbox.
//! 4. [`fd`], [`wasi`]: what a guest has open, and all that belongs to it.
//! 5. [`calls`]: the 46 functions, by family.
//! 6. [`preopen`], [`namespace`], [`builder`]: which directories a guest sees, under which names.
//! 7. [`std_host`]: the desktop below it.
//! 8. [`bind`]: the calls as host functions of the interpreter; [`trace`] around them.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
extern crate alloc;

mod absolute;
pub mod bind;
pub mod builder;
pub mod calls;
pub mod errno;
#[cfg(feature = "fat")]
pub mod fat;
pub mod fd;
pub mod fs;
pub mod host;
pub mod memory;
pub mod mounts;
pub mod namespace;
mod outside;
pub mod path;
pub mod preopen;
#[cfg(feature = "ram")]
pub mod ram;
#[cfg(feature = "std")]
pub mod std_host;
pub mod stream;
pub mod trace;
pub mod types;
pub mod wall_clock;
pub mod wasi;
pub mod wrap;

pub use builder::{BuildError, WasiBuilder};
pub use errno::Errno;
pub use fs::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
pub use host::{Clock, Poller, Random};
pub use preopen::Grant;
#[cfg(feature = "ram")]
pub use ram::RamFs;
pub use stream::{Listener, Stream};
pub use wasi::Wasi;
