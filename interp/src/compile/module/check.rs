//! Parts of the validation of function bodies, and the list of supported instructions.
//!
//! wasmparser contains the rules of all proposals and tests at run time which are enabled. This file lists the proposals
//! whose instructions the interpreter supports ([`FEATURES`](super::FEATURES) is the same list for modules). The rules of
//! all others are then never called and not linked, which saves 70 KB of a kernel.

use alloc::boxed::Box;

use wasmparser::{BinaryReaderError, BlockType, FuncValidator, ValidatorResources, VisitOperator};

use super::ModuleInfo;
use crate::compile::error::ModuleError;
use crate::compile::proposal;
use crate::compile::read::{Depths, Outcome};
use crate::compile::work::{self, Work};
#[cfg(feature = "simd")]
use crate::ops::AFTER_FD_COUNT;

/// Expands to the first expression for an instruction of a supported proposal, and otherwise to the second.
macro_rules! if_ours {
    (mvp, $ours:expr, $theirs:expr) => {
        $ours
    };
    (sign_extension, $ours:expr, $theirs:expr) => {
        $ours
    };
    (saturating_float_to_int, $ours:expr, $theirs:expr) => {
        $ours
    };
    (bulk_memory, $ours:expr, $theirs:expr) => {
        $ours
    };
    (reference_types, $ours:expr, $theirs:expr) => {
        $ours
    };
    (tail_call, $ours:expr, $theirs:expr) => {
        $ours
    };
    (wide_arithmetic, $ours:expr, $theirs:expr) => {
        if cfg!(feature = "wide-arithmetic") {
            $ours
        } else {
            $theirs
        }
    };
    (threads, $ours:expr, $theirs:expr) => {
        if cfg!(feature = "threads") {
            $ours
        } else {
            $theirs
        }
    };
    (exceptions, $ours:expr, $theirs:expr) => {
        if cfg!(feature = "exceptions") {
            $ours
        } else {
            $theirs
        }
    };
    (legacy_exceptions, $ours:expr, $theirs:expr) => {
        if cfg!(feature = "exceptions") {
            $ours
        } else {
            $theirs
        }
    };
    (function_references, $ours:expr, $theirs:expr) => {
        if cfg!(feature = "gc") { $ours } else { $theirs }
    };
    (gc, $ours:expr, $theirs:expr) => {
        if cfg!(feature = "gc") { $ours } else { $theirs }
    };
    ($proposal:ident, $ours:expr, $theirs:expr) => {
        $theirs
    };
}
pub(in crate::compile) use if_ours;

/// Drops the memory of an operator, if operators of this name own any.
macro_rules! release {
    (TryTable, $operator:expr) => {
        drop(core::mem::ManuallyDrop::into_inner($operator))
    };
    ($other:ident, $operator:expr) => {};
}
pub(in crate::compile) use release;

/// Returns the error for the instruction at `offset`, a byte offset in the module, whose proposal is not supported.
#[cold]
pub(in crate::compile) fn refusal(proposal: &str, offset: u64) -> ModuleError {
    ModuleError::refused(offset, proposal::of_instruction(proposal))
}

/// Returns the error for an operator that is passed to a visitor as a whole. The reader passes none: it calls the method of each
/// operator. wasmparser's default method formats operators, which is more than 20 KB of code in a kernel with vectors.
#[cold]
pub(in crate::compile) fn not_read(offset: u64) -> Box<ModuleError> {
    Box::new(refusal("an operator that was read before", offset))
}

/// Returns the error for an instruction that breaks a rule.
#[cold]
pub(in crate::compile) fn boxed(error: BinaryReaderError) -> Box<ModuleError> {
    Box::new(error.into())
}

/// Counts the values that a `br_table` carries to each of its targets. Returns `None` if wasmparser may process the
/// targets.
pub(in crate::compile) fn carry(
    work: &mut Work,
    validator: &FuncValidator<ValidatorResources>,
    module: &ModuleInfo,
    depths: Depths<'_>,
    position: u32,
) -> Option<Outcome> {
    let targets = depths.len();
    let values = depths
        .map(|depth| work::to_block(depth, module, validator))
        .max();
    let outcome = work.carry_to(values.unwrap_or(0), targets, position);
    outcome.is_err().then_some(outcome)
}

/// Validates a `br_table`, unless one of its target blocks takes values. It has the effect on the operand stack of `br_if`
/// to each target and of `unreachable`. So wasmparser does not look up the types of each target.
pub(in crate::compile) fn br_table(
    validator: &mut FuncValidator<ValidatorResources>,
    offset: u64,
    mut depths: Depths<'_>,
) -> Option<Outcome> {
    let takes_nothing = |depth| {
        let frame = validator.get_control_frame(depth as usize);
        frame.is_some_and(|frame| frame.block_type == BlockType::Empty)
    };
    let any = depths.clone().next()?;
    if !depths.all(takes_nothing) {
        return None;
    }
    let popped = validator.visitor(offset).visit_br_if(any);
    let ended = popped.and_then(|()| validator.visitor(offset).visit_unreachable());
    Some(ended.map_err(boxed))
}

#[cfg(feature = "simd")]
macro_rules! count_simd {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $type:ty),* })? => $visit:ident ($($arity:tt)*) )*) => {
        [$(stringify!($op)),*].len()
    };
}

// `v128.const` and `i8x16.shuffle` have constants of their own and no rows.
#[cfg(feature = "simd")]
const _: () = assert!(
    AFTER_FD_COUNT + 2 == wasmparser::for_each_visit_simd_operator!(count_simd),
    "each instruction on vectors that wasmparser reads is lowered"
);
