//! The pass over a body's operators: each one is read, validated if that was put off, and lowered.
//!
//! Reading calls a method of [`Pass`] for each operator. They are all the same: a macro of wasmparser's
//! lists the operators, and in each method the compiler knows which one it is. So it leaves of the large `match` in
//! [`Function::operator`] a single arm, and never puts an [`Operator`] together.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::ManuallyDrop;

use wasmparser::{
    FrameKind, FrameStack, FuncValidator, Operator, ValidatorResources, VisitOperator,
};

use super::error::ModuleError;
use super::func::Function;
use super::module::ModuleInfo;
use super::module::check::{self, boxed, if_ours, refusal};
use super::read::{Depths, Outcome, Visitor};
use super::work::{self, Stop, Work};
use super::{MOST_SLOTS, too_large};

/// Validates and lowers operators, one after the other.
pub(super) struct Pass<'a, 's> {
    pub(super) module: &'a ModuleInfo,
    /// The body: the same bytes for validation and for lowering.
    pub(super) body: &'a [u8],
    /// Where it begins in the module.
    pub(super) start: u32,
    /// There unless the body is known to be valid.
    pub(super) validator: Option<FuncValidator<ValidatorResources>>,
    pub(super) function: &'a mut Function,
    pub(super) work: Work,
    pub(super) stop: Stop<'s>,
}

impl Pass<'_, '_> {
    /// The opcode of the present operator, as [`Row::opcode`](crate::ops::Row::opcode) has it.
    #[inline(always)]
    fn opcode(&self) -> u16 {
        let at = self.function.code.position.wrapping_sub(self.start) as usize;
        // Where an operator has no use for it, nothing is left of this: so it must not fail.
        match self.body.get(at..) {
            // All numbers of rows behind the prefix are single digits, so one byte unless someone pads them.
            Some([0xfc, number, ..]) => 0xfc00 | u16::from(number & 0x7f),
            Some([byte, ..]) => u16::from(*byte),
            _ => 0,
        }
    }

    /// Looks whether lowering may go on.
    #[cold]
    #[inline(never)]
    fn look(&mut self) -> Outcome {
        self.check_limits()?;
        match (self.stop)() {
            true => Err(Box::new(ModuleError::stopped(
                self.function.code.position.into(),
            ))),
            false => Ok(()),
        }
    }

    /// Looks whether the function keeps within its limits.
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
    fn begin(&mut self, position: u32) -> Outcome {
        self.function.code.position = position;
        if self.work.is_due(position) {
            return self.look();
        }
        Ok(())
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
    /// The block that the present operator is in. Reading asks whether there is one, and before an `else` whether it is an
    /// `if`: in a valid body it always is.
    #[inline(always)]
    fn current_frame(&self) -> Option<FrameKind> {
        match &self.validator {
            Some(validator) => Some(validator.get_control_frame(0)?.kind),
            None => (!self.function.is_complete()).then_some(FrameKind::If),
        }
    }
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
                let opcode = self.opcode();
                // No operator that can be lowered owns anything that had to be dropped.
                let operator = ManuallyDrop::new(Operator::$op $({ $($arg),* })?);
                if let Some(validator) = &self.validator {
                    work::carry!($op, &operator, self, validator);
                }
                self.function.operator(self.module, &operator, opcode);
                Ok(())
            }, Err(Box::new(refusal(stringify!($proposal), self.function.code.position.into()))))
        }
    )* };
}

impl<'a> VisitOperator<'a> for Pass<'_, '_> {
    type Output = Outcome;

    wasmparser::for_each_visit_operator!(visit);
}
