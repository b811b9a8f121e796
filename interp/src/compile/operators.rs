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

use super::func::Function;
use super::module::ModuleInfo;
use super::module::check::{self, boxed, if_ours, refusal};
use super::read::{Depths, Outcome, Visitor};

/// Validates and lowers operators, one after the other.
pub(super) struct Pass<'a> {
    pub(super) module: &'a ModuleInfo,
    /// There unless the body is known to be valid.
    pub(super) validator: Option<FuncValidator<ValidatorResources>>,
    pub(super) function: &'a mut Function,
}

impl Pass<'_> {
    /// The opcode of the present operator, as [`Row::opcode`](crate::ops::Row::opcode) has it.
    #[inline(always)]
    fn opcode(&self) -> u16 {
        let at = self.function.code.position as usize;
        // Where an operator has no use for it, nothing is left of this: so it must not fail.
        match self.module.bytes().get(at..) {
            // All numbers of rows behind the prefix are single digits, so one byte unless someone pads them.
            Some([0xfc, number, ..]) => 0xfc00 | u16::from(number & 0x7f),
            Some([byte, ..]) => u16::from(*byte),
            _ => 0,
        }
    }
}

impl<'a> Visitor<'a> for Pass<'_> {
    #[inline(always)]
    fn begin(&mut self, position: u32) {
        self.function.code.position = position;
    }

    fn br_table(&mut self, depths: Depths<'_>) -> Option<Outcome> {
        if let Some(validator) = &mut self.validator {
            let offset = self.function.code.position;
            let outcome = check::br_table(validator, offset.into(), depths.clone())?;
            if outcome.is_err() {
                return Some(outcome);
            }
        }
        self.function.br_table(depths);
        Some(Ok(()))
    }
}

impl FrameStack for Pass<'_> {
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
                self.function.operator(self.module, &operator, opcode);
                Ok(())
            }, Err(Box::new(refusal(stringify!($proposal), self.function.code.position.into()))))
        }
    )* };
}

impl<'a> VisitOperator<'a> for Pass<'_> {
    type Output = Outcome;

    wasmparser::for_each_visit_operator!(visit);
}
