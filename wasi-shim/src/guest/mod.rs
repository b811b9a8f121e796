//! One guest: its grants, the names of its directories, its open objects, and the resolution of its paths.
//!
//! Start with `wasi.rs`, its state. `builder.rs` and `directories.rs` assemble it. `preopen.rs` and `namespace.rs` name its
//! directories. `fd.rs` and `mounts.rs` contain the open objects. `path.rs` is the sandbox, with the help of `absolute.rs`
//! and `outside.rs`.

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
