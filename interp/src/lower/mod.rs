//! Code in the making: the intermediate form of a function, and its way into granules.
//!
//! Lowering a function appends [`Inst`]s to a [`Code`], which folds each new one with those before it (a value
//! that is consumed by the very next op travels in an accumulator; a comparison becomes part of the branch that
//! tests it). [`encode`](encode::encode) turns the result into granules once all branch targets are known.
//!
//! This layer knows ops and slots, but nothing of wasm: that is `compile`, above it.
//!
//! Start with `inst.rs`, then `code.rs`, `operands.rs`, `layout.rs`, `encode.rs`.

mod code;
pub mod encode;
pub mod fuse;
mod inst;
mod layout;
pub mod liveness;
mod operands;

pub use code::{Accumulators, Arg, Code};
pub use inst::{Inst, Label};
pub use operands::{Entry, Operand, Operands};
