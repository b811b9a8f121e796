//! Code under construction: the intermediate form of a function, and its encoding.
//!
//! To lower a function, [`Inst`]s are appended to a [`Code`], which folds each new instruction with those before it: a
//! value that only the next op consumes stays in an accumulator, and a comparison becomes part of the branch that tests it.
//! [`encode`](encode::encode) converts the result to granules when all branch targets are known.
//!
//! This layer knows ops and slots, but no wasm. `compile`, above it, knows wasm.
//!
//! Start with `inst.rs`, then `code.rs`, `operands.rs`, `layout.rs`, `encode.rs`.

mod code;
pub mod encode;
pub mod fuse;
#[cfg(feature = "exceptions")]
pub mod handlers;
mod inst;
mod layout;
pub mod liveness;
mod operands;

pub use code::{Accumulators, Arg, Code, ahead};
pub use inst::{Inst, Label};
pub use operands::{Entry, Operand, Operands};
