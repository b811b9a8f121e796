//! The pass over the operators of a body. It reads, validates (if that was deferred) and lowers each operator. To validate and not
//! lower, the pass treats all of a body as unreachable code.
//!
//! Reading calls a method of [`Pass`] for each operator. A macro of wasmparser lists the operators, and all methods have
//! the same body. In each method the operator is a constant for the compiler, so only one arm of the large `match` in
//! [`Function::operator`] remains, and no [`Operator`] is constructed at run time.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::ManuallyDrop;

use wasmparser::{
    FrameKind, FrameStack, FuncValidator, FuncValidatorAllocations, FunctionBody, Operator,
    ValidatorResources, VisitOperator,
};

use super::Stage;
use super::error::ModuleError;
use super::func::Function;
use super::lowerer::{MOST_SLOTS, beyond_kept, too_large};
use super::module::ModuleInfo;
use super::module::check::{self, boxed, if_ours, refusal, release};
use super::read::{self, Depths, Outcome, Visitor};
use super::work::{self, Stop, Work};
use crate::ops::Opcode;

/// Bytes of a block, and of a value, on the validator's stacks, with what its vectors hold in reserve.
const BLOCK: usize = 128;
const VALUE: usize = 8;

/// Validates and lowers operators, one after the other.
pub(super) struct Pass<'a, 's> {
    pub(super) module: &'a ModuleInfo,
    /// The opcode of the current operator.
    pub(super) opcode: Opcode,
    /// The validator, or `None` if the body is known to be valid.
    pub(super) validator: Option<FuncValidator<ValidatorResources>>,
    pub(super) function: &'a mut Function,
    pub(super) work: Work,
    pub(super) stop: Stop<'s>,
}

/// Validates a body. Its operators are lowered as unreachable code, that is, to nothing.
///
/// # Errors
/// Fails if the body breaks a rule, contains an unsupported instruction, or would take too much work.
pub(super) fn validate(
    mut validator: FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    module: &ModuleInfo,
    function: &mut Function,
) -> Result<FuncValidatorAllocations, ModuleError> {
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let position = reader.original_position();
    function.begin_unreachable();
    let mut pass = Pass {
        module,
        opcode: Opcode::default(),
        validator: Some(validator),
        function,
        // Modules are smaller than 4 GiB.
        work: Work::new(body.as_bytes().len(), position as u32),
        stop: &mut |_| false,
    };
    let code = &body.as_bytes()[(position - body.range().start) as usize..];
    read::operators(&mut pass, code, position, reader.features())?;
    let validator = pass.validator.map(FuncValidator::into_allocations);
    Ok(validator.unwrap_or_default())
}

impl Pass<'_, '_> {
    /// Fails if lowering must stop: its limits are exceeded, or a stop was requested.
    #[cold]
    #[inline(never)]
    fn look(&mut self) -> Outcome {
        self.check_limits()?;
        let validator = self.validator.as_ref().map_or(0, |validator| {
            validator.control_stack_height() as usize * BLOCK
                + validator.operand_stack_height() as usize * VALUE
        });
        let memory = self.function.memory() + validator;
        match (self.stop)(Stage::Lowering(beyond_kept(memory))) {
            true => Err(Box::new(ModuleError::stopped(
                self.function.code.position.into(),
            ))),
            false => Ok(()),
        }
    }

    /// Fails if the function exceeds its limits.
    pub(super) fn check_limits(&mut self) -> Outcome {
        let Pass { function, work, .. } = self;
        let height = self
            .validator
            .as_ref()
            .map_or(0, FuncValidator::operand_stack_height);
        let position = function.code.position;
        work.look(position, function.code.insts.len(), height as usize)?;
        match function.frame_slots() {
            0..=MOST_SLOTS => Ok(()),
            slots => Err(Box::new(too_large(position.into(), slots))),
        }
    }
}

impl<'a> Visitor<'a> for Pass<'_, '_> {
    #[inline(always)]
    fn begin(&mut self, position: u32, opcode: Opcode) -> Outcome {
        self.function.code.position = position;
        self.opcode = opcode;
        if self.work.is_due(position) {
            return self.look();
        }
        Ok(())
    }

    fn prefixed(&mut self, opcode: Opcode) {
        self.opcode = opcode;
    }

    fn br_table(&mut self, depths: Depths<'_>) -> Option<Outcome> {
        if let Some(validator) = &mut self.validator {
            let offset = self.function.code.position;
            match check::br_table(validator, offset.into(), depths.clone()) {
                Some(Ok(())) => {}
                None => {
                    return check::carry(&mut self.work, validator, self.module, depths, offset);
                }
                invalid => return invalid,
            }
        }
        self.function.br_table(depths);
        Some(Ok(()))
    }
}

impl FrameStack for Pass<'_, '_> {
    /// The innermost block. The reader asks whether one exists, and before an `else` whether it is an `if`. In a valid body
    /// both are true. It asks the same before a `catch`.
    #[inline(always)]
    fn current_frame(&self) -> Option<FrameKind> {
        match &self.validator {
            Some(validator) => Some(validator.get_control_frame(0)?.kind),
            // `catch`, `delegate` and `catch_all` of the old form of exceptions.
            #[cfg(feature = "exceptions")]
            None if [Opcode(0x07), Opcode(0x18), Opcode(0x19)].contains(&self.opcode) => {
                Some(FrameKind::LegacyTry)
            }
            None => (!self.function.is_complete()).then_some(FrameKind::If),
        }
    }
}

/// Lowers an operator: an atomic one by its constant operands, and any other as it is. A test for atomic ones in
/// [`Function::operator`] would be made for most operators, and would need them in memory.
macro_rules! lower {
    // `atomic.fence` orders what threads see of each other.
    (threads, $pass:expr, $operator:expr, ordering) => {};
    (threads, $pass:expr, $operator:expr, $memarg:ident) => {
        #[cfg(feature = "threads")]
        $pass.function.atomic($pass.module, &$memarg, $pass.opcode)
    };
    ($other:ident, $pass:expr, $operator:expr, $($arg:ident)*) => {
        $pass
            .function
            .operator($pass.module, &$operator, $pass.opcode)
    };
}

macro_rules! visit {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $type:ty),* })? => $visit:ident ($($arity:tt)*) )*) => { $(
        #[allow(unused_variables, reason = "the arguments of instructions that are refused")]
        fn $visit(&mut self $($(, $arg: $type)*)?) -> Self::Output {
            if_ours!($proposal, {
                if let Some(validator) = &mut self.validator {
                    let offset = self.function.code.position;
                    validator.visitor(offset.into()).$visit($($($arg.clone()),*)?).map_err(boxed)?;
                }
                // An operator that owns no memory needs no drop.
                let operator = ManuallyDrop::new(Operator::$op $({ $($arg),* })?);
                if let Some(validator) = &self.validator {
                    work::carry!($op, &operator, self, validator);
                }
                lower!($proposal, self, operator, $($($arg)*)?);
                release!($op, operator);
                Ok(())
            }, Err(Box::new(refusal(stringify!($proposal), self.function.code.position.into()))))
        }
    )* };
}

impl<'a> VisitOperator<'a> for Pass<'_, '_> {
    type Output = Outcome;

    fn visit_operator(&mut self, _: &Operator<'a>) -> Outcome {
        Err(check::not_read(self.function.code.position.into()))
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
            if let Some(validator) = &mut self.validator {
                let offset = self.function.code.position;
                validator.simd_visitor(offset.into()).$visit($($($arg.clone()),*)?).map_err(boxed)?;
            }
            let operator = ManuallyDrop::new(Operator::$op $({ $($arg),* })?);
            self.function.vector_operator(self.module, &operator, self.opcode);
            Ok(())
        }
    )* };
}

#[cfg(feature = "simd")]
impl<'a> wasmparser::VisitSimdOperator<'a> for Pass<'_, '_> {
    wasmparser::for_each_visit_simd_operator!(visit_simd);
}
