//! The calls, as a guest makes them, on a RAM disk.
#![cfg(feature = "ram")]

#[path = "../guest/mod.rs"]
mod guest;

mod data;
mod devices;
mod nested;
mod paths;
mod process;
mod waiting;

/// The bits of `$oflags`.
const CREAT: u32 = 1;
const DIRECTORY: u32 = 2;
const EXCL: u32 = 4;
const TRUNC: u32 = 8;
/// The first granted directory.
const DIR: u32 = 3;
