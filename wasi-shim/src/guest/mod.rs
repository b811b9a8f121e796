//! One guest: what it was given, what it sees under which names, what it has open, and how its paths are walked.
//!
//! Start with `wasi.rs`, its state. `builder.rs` and `directories.rs` put it together, `preopen.rs` and `namespace.rs` name its directories,
//! `fd.rs` and `mounts.rs` hold what is open. `path.rs` is the sandbox; `absolute.rs` and `outside.rs` help it.

pub(crate) mod absolute;
mod build_error;
pub mod builder;
mod directories;
pub mod fd;
pub mod mounts;
pub mod namespace;
pub(crate) mod outside;
pub mod path;
pub mod preopen;
pub mod wasi;
