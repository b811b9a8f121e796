//! The knowledge that kernels share with the tools that write their cards: `wasi.toml`, and the names of boot files.
//!
//! A card is checked when it is written and read when the board starts, by the same code. So this crate is `no_std`, and it knows neither
//! a file system nor a module.
//!
//! Reading order: `wasi_toml` (the settings), `assignments` (the part of TOML that they use), [`duration`], [`boot_files`].

#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
extern crate alloc;

mod assignments;
pub mod boot_files;
pub mod duration;
mod wasi_toml;

pub use wasi_toml::{
    Console, FILE, HIBERNATED, HIBERNATING, Limits, Settings, TMP, Tmp, is_program, parse, size,
};
