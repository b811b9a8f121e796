//! Validation of function bodies, and the list of supported instructions.
//!
//! wasmparser contains the rules of all proposals and tests at run time which are enabled. This file lists the proposals
//! whose instructions the interpreter supports ([`FEATURES`](super::FEATURES) is the same list for modules). The rules of
//! all others are then never called and not linked, which saves 70 KB of a kernel.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::ManuallyDrop;

use wasmparser::{
    BinaryReaderError, BlockType, FrameKind, FrameStack, FuncValidator, FunctionBody, Operator,
    ValidatorResources, VisitOperator,
};

use super::ModuleInfo;
use crate::compile::error::ModuleError;
use crate::compile::proposal;
use crate::compile::read::{self, Depths, Outcome, Visitor};
use crate::compile::work::{self, Work};
#[cfg(feature = "simd")]
use crate::ops::AFTER_FD_COUNT;
use crate::ops::Opcode;

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

/// Validates a body.
///
/// # Errors
/// Fails if the body breaks a rule, contains an unsupported instruction, or would take too much work.
pub(super) fn body(
    validator: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    module: &ModuleInfo,
) -> Result<(), ModuleError> {
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let position = reader.original_position();
    let mut check = Check {
        validator,
        module,
        // Modules are smaller than 4 GiB.
        work: Work::new(body.as_bytes().len(), position as u32),
        offset: 0,
    };
    let code = &body.as_bytes()[(position - body.range().start) as usize..];
    read::operators(&mut check, code, position, reader.features())
}

/// Validates operators, one after the other.
struct Check<'v> {
    validator: &'v mut FuncValidator<ValidatorResources>,
    module: &'v ModuleInfo,
    work: Work,
    /// The offset of the current operator in the module.
    offset: u64,
}

impl<'a> Visitor<'a> for Check<'_> {
    #[inline(always)]
    fn begin(&mut self, position: u32, _: Opcode) -> Outcome {
        self.offset = position.into();
        if self.work.is_due(position) {
            let height = self.validator.operand_stack_height();
            return self.work.look(position, 0, height as usize);
        }
        Ok(())
    }

    fn prefixed(&mut self, _: Opcode) {}

    fn br_table(&mut self, depths: Depths<'_>) -> Option<Outcome> {
        br_table(self.validator, self.offset, depths.clone()).or_else(|| {
            let position = self.offset as u32;
            carry(
                &mut self.work,
                self.validator,
                self.module,
                depths,
                position,
            )
        })
    }
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

impl FrameStack for Check<'_> {
    fn current_frame(&self) -> Option<FrameKind> {
        Some(self.validator.get_control_frame(0)?.kind)
    }
}

macro_rules! visit {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $type:ty),* })? => $visit:ident ($($arity:tt)*) )*) => { $(
        #[allow(unused_variables, reason = "the arguments of instructions that are refused, and most operators")]
        fn $visit(&mut self $($(, $arg: $type)*)?) -> Self::Output {
            if_ours!(
                $proposal,
                {
                    self.validator.visitor(self.offset).$visit($($($arg.clone()),*)?).map_err(boxed)?;
                    // An operator that owns no memory needs no drop.
                    let operator = ManuallyDrop::new(Operator::$op $({ $($arg),* })?);
                    work::carry!($op, &operator, self, self.validator);
                    release!($op, operator);
                    Ok(())
                },
                Err(Box::new(refusal(stringify!($proposal), self.offset)))
            )
        }
    )* };
}

impl<'a> VisitOperator<'a> for Check<'_> {
    type Output = Outcome;

    fn visit_operator(&mut self, _: &Operator<'a>) -> Outcome {
        Err(not_read(self.offset))
    }

    #[cfg(feature = "simd")]
    fn simd_visitor(
        &mut self,
    ) -> Option<&mut dyn wasmparser::VisitSimdOperator<'a, Output = Self::Output>> {
        Some(self)
    }

    wasmparser::for_each_visit_operator!(visit);
}

#[cfg(feature = "simd")]
macro_rules! visit_simd {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $type:ty),* })? => $visit:ident ($($arity:tt)*) )*) => { $(
        fn $visit(&mut self $($(, $arg: $type)*)?) -> Self::Output {
            self.validator.simd_visitor(self.offset).$visit($($($arg),*)?).map_err(boxed)
        }
    )* };
}

#[cfg(feature = "simd")]
impl<'a> wasmparser::VisitSimdOperator<'a> for Check<'_> {
    wasmparser::for_each_visit_simd_operator!(visit_simd);
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
