//! Looking at what the interpreter does: listings of functions, the op reference, profiles and traces.
//!
//! Everything here comes from the op table ([`crate::ops::OPS`]): an op that is added there shows up without a word
//! of its own.
//!
//! * `decode.rs`: bytecode into ops and operands;
//! * `profile.rs`: counts of executed ops and of pairs of them (feature `observe`).

pub mod decode;
#[cfg(feature = "observe")]
pub mod profile;
