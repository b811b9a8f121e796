//! Tools that show the work of the interpreter: listings of functions, the op reference, profiles and traces.
//!
//! Everything here is derived from the op table ([`crate::ops::def`]). A new op appears without further changes.
//!
//! * `decode.rs`: decodes bytecode into ops and operands;
//! * `listing.rs`: a function's wasm beside its bytecode, with `wasm_text.rs` (the left side), `operands.rs` (the right
//!   side) and `names.rs` (the names of functions and slots);
//! * `handlers.rs`: the handlers of exceptions at the end of a listing;
//! * `reference.rs`: all ops, as `OPS.md` shows them;
//! * `values.rs`: the values that an op reads and writes (feature `probes`);
//! * `profile.rs`: counts of executed ops and of pairs of them (feature `observe`).

pub mod decode;
mod handlers;
mod listing;
mod names;
mod operands;
#[cfg(feature = "observe")]
pub mod profile;
mod reference;
#[cfg(feature = "probes")]
pub mod values;
mod wasm_text;

pub use crate::compile::Spelled;
pub use listing::{Line, Lister, Listing};
pub use names::Names;
pub use reference::reference;
