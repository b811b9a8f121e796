//! Helpers of the integration tests, which run real programs under the `wasi-interp` that was just built.
//!
//! A test names a program of `tests/guests` ([`Guest`]), builds it with a standard toolchain ([`tools`]), runs it ([`run`])
//! and checks its output, its exit status and its files ([`tree`]). Most tests compare all of these with the native run of
//! the same source: [`same::as_native`]. Nothing is skipped: a missing tool is a failure whose message names the tool to
//! install.
#![forbid(unsafe_code)]

mod guest;
pub mod modules;
pub mod run;
pub mod same;
#[cfg(unix)]
pub mod terminal;
pub mod tools;
pub mod tree;
pub mod volume;

pub use guest::Guest;
pub use run::{Run, wasi_interp};
