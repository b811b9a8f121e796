//! The card that a board boots from: the table of boards, the files on a card, and the image of one.
//!
//! `wasi-interp image` and `cargo xtask board image` use this crate with kernels from different sources. It does not depend
//! on the interpreter. Callers that have one pass its validation to [`write()`].
//!
//! Reading order: [`table`] (the boards), [`Contents`] and [`write()`] (from the command line to a card), `program` and
//! `kernel` (checks of the contents), [`image`] (volume and partition table), [`flat`] (a kernel without its ELF header),
//! `aside` (a file that is replaced when it is complete).

#![forbid(unsafe_code)]

mod aside;
mod card;
mod contents;
mod error;
mod firmware;
pub mod flat;
pub mod image;
mod kernel;
mod program;
mod regular_file;
pub mod table;

pub use card::{no_validation, write};
pub use contents::Contents;
pub use error::CardError;
pub use firmware::instructions;
