//! Coverage-guided fuzzing: input that changes itself until it has been everywhere.
//!
//! * `targets/`: what is fuzzed, a function of bytes for each; any panic is a fault;
//! * `mutate.rs`: how input is changed;
//! * `coverage.rs`: which code an input has reached;
//! * `search.rs`: the loop around them;
//! * `corpus/NAME/`: small inputs to begin with. The tests run each of them in every build.
//!
//! The compiler counts edges if it is told to (`-Cpasses=sancov-module`), on stable Rust too. `cargo xtask fuzz` does so; without, the
//! search is blind. The same seed gives the same search.

extern crate alloc;

pub mod coverage;
mod mutate;
pub mod search;
pub mod targets;

pub use targets::{TARGETS, Target};
