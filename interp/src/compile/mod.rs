//! Translates the bytes of a module: into an index of the module's contents, and into bytecode for each function.
//!
//! * `module/`: the module as an index of offsets.
//! * `read.rs`: reads the operators of a body.
//! * `operators.rs`: the pass over the operators of a body, which validates and lowers each one.
//! * `func/`: lowers one function, from operators to ops.
//! * `work.rs`: limits the work and the code of one function. `progress.rs`: how much of the work on all functions is done.
//! * `class.rs`: the classes and slots of wasm's types.
//! * `leb128.rs`: fast reading of LEB128 numbers.
//! * `error.rs`: [`error::ModuleError`]. `proposal.rs`: the texts about proposals that are missing. `spelled.rs`: names
//!   from modules in messages.
//! * `lowerer.rs`: [`Lowerer`], which validates, lowers and encodes a function. A build without the feature `lowering` has
//!   `no_lowerer.rs` in its place, and nothing of `func/` and the files that only these need.
//!
//! If the module is a mapped file, its bytes may change at any time. So a body is copied first, and the copy is both
//! validated and lowered. Code never originates from bytes that were not validated.

pub(crate) mod class;
pub mod error;
#[cfg(feature = "lowering")]
mod func;
mod leb128;
#[cfg(feature = "lowering")]
mod lowerer;
pub mod module;
#[cfg(not(feature = "lowering"))]
mod no_lowerer;
#[cfg(feature = "lowering")]
mod operators;
pub mod progress;
mod proposal;
#[cfg(feature = "lowering")]
mod read;
mod spelled;
#[cfg(feature = "lowering")]
mod work;

use alloc::vec::Vec;

#[cfg(feature = "exceptions")]
use crate::lower::handlers::HandlerTable;
#[cfg(feature = "lowering")]
use lowerer::Bodies;
#[cfg(feature = "lowering")]
pub use lowerer::Lowerer;
use module::ModuleInfo;
#[cfg(not(feature = "lowering"))]
use no_lowerer::Bodies;
#[cfg(not(feature = "lowering"))]
pub use no_lowerer::Lowerer;
pub use spelled::Spelled;

/// A lowered function.
#[derive(Clone, Copy, Debug)]
pub struct Lowered<'a> {
    /// Its code, position independent.
    pub code: &'a [u16],
    /// Slots of its frame.
    pub frame_slots: u32,
    /// Slots of the locals that follow the frame's header.
    pub local_slots: u32,
    /// The number of these slots, from the first on, that must be zero at entry.
    pub zero_slots: u32,
    /// Its handlers of exceptions, if it has any.
    #[cfg(feature = "exceptions")]
    pub handlers: Option<&'a alloc::sync::Arc<HandlerTable>>,
}

/// How far the lowering of a function is, and the bytes that the next stage takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It goes on, and may take so many bytes until it is asked again, besides those that are kept from function to function.
    /// They are given back at its end.
    Lowering(usize),
    /// It is complete, and its code takes so many bytes, which stay.
    Lowered(usize),
}

/// The source positions of the ops of one function. They are not stored: the function is lowered again. If the module's
/// bytes have changed since the first lowering, the positions are meaningless.
#[derive(Debug)]
pub struct Positions(Vec<(u32, u32)>);

impl Positions {
    /// Positions that were stored: for each op in ascending order its granule, and its byte offset in the module.
    #[cfg(feature = "lowered-modules")]
    pub(crate) fn stored(positions: impl Iterator<Item = (u32, u32)>) -> Self {
        Self(positions.collect())
    }

    /// Computes the positions of a function. They are empty if the function can no longer be lowered.
    #[must_use]
    pub fn of(module: &ModuleInfo, defined: u32) -> Self {
        Self::by(Lowerer::default(), module, defined)
    }

    /// Does the same for code that this lowerer made.
    pub(crate) fn by(mut lowerer: Lowerer, module: &ModuleInfo, defined: u32) -> Self {
        let positions = lowerer.positions(module, defined);
        Self(positions.unwrap_or_default())
    }

    /// Returns the byte offset in the module of the instruction whose op contains granule `granule` of the code. Ops that enter a
    /// function have that of its first instruction.
    #[must_use]
    pub fn at(&self, granule: usize) -> Option<usize> {
        let behind = self.0.partition_point(|&(at, _)| at as usize <= granule);
        let offset = self.0[behind.checked_sub(1)?..]
            .iter()
            .find(|(_, offset)| *offset > 0);
        Some(offset?.1 as usize)
    }

    /// The byte offsets in the module of the instructions that have ops, in the order of the ops.
    pub fn offsets(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().map(|&(_, offset)| offset as usize)
    }
}
