//! Canonical NaNs: an op behind each instruction whose NaNs are not specified.
//!
//! Chains and superinstructions are made of ops as they stand, so they keep the results. A product within a chain may be any NaN: the sum
//! that consumes it is a NaN, too, and is made canonical.

use super::Function;
use crate::lower::{Arg, Inst};
use crate::machine::Class;
use crate::ops::binary::Binary;
use crate::ops::canonical::{Canonical, CanonicalOp};
use crate::ops::float::{
    F32Add, F32Div, F32Max, F32Min, F32Mul, F32Sub, F64Add, F64Div, F64Max, F64Min, F64Mul, F64Sub,
};
use crate::ops::shape::{Acc, Slot, ToSlot};
use crate::ops::unary::{
    F32Ceil, F32DemoteF64, F32Floor, F32Nearest, F32Sqrt, F32Trunc, F64Ceil, F64Floor, F64Nearest,
    F64PromoteF32, F64Sqrt, F64Trunc, Unary,
};
use crate::ops::{Opcode, number};

/// The type of an instruction's result, if it may be any NaN.
#[derive(Clone, Copy)]
enum Result {
    F32,
    F64,
}

/// The type of the result of an instruction whose NaNs are not specified.
fn result(opcode: Opcode) -> Option<Result> {
    Some(match opcode {
        F32Add::OPCODE
        | F32Sub::OPCODE
        | F32Mul::OPCODE
        | F32Div::OPCODE
        | F32Min::OPCODE
        | F32Max::OPCODE
        | F32Ceil::OPCODE
        | F32Floor::OPCODE
        | F32Trunc::OPCODE
        | F32Nearest::OPCODE
        | F32Sqrt::OPCODE
        | F32DemoteF64::OPCODE => Result::F32,
        F64Add::OPCODE
        | F64Sub::OPCODE
        | F64Mul::OPCODE
        | F64Div::OPCODE
        | F64Min::OPCODE
        | F64Max::OPCODE
        | F64Ceil::OPCODE
        | F64Floor::OPCODE
        | F64Trunc::OPCODE
        | F64Nearest::OPCODE
        | F64Sqrt::OPCODE
        | F64PromoteF32::OPCODE => Result::F64,
        _ => return None,
    })
}

/// The constant result of an instruction, with the canonical NaN for any NaN that is not specified.
pub(super) fn folded(opcode: Opcode, bits: u64) -> u64 {
    match result(opcode) {
        // The low half.
        Some(Result::F32) => f32::from_bits(bits as u32).canonical().to_bits().into(),
        Some(Result::F64) => f64::from_bits(bits).canonical().to_bits(),
        None => bits,
    }
}

impl Function {
    /// Makes the NaN canonical that the instruction before may have pushed.
    pub(super) fn make_canonical(&mut self, opcode: Opcode) {
        let Some(result) = result(opcode) else {
            return;
        };
        let (slot, acc) = match result {
            Result::F32 => (
                number::<CanonicalOp<f32, Slot, ToSlot>>(),
                number::<CanonicalOp<f32, Acc, ToSlot>>(),
            ),
            Result::F64 => (
                number::<CanonicalOp<f64, Slot, ToSlot>>(),
                number::<CanonicalOp<f64, Acc, ToSlot>>(),
            ),
        };
        let value = self.pop();
        let inst = match self.take(value, Class::Float) {
            Arg::Slot(from) => Inst::new(slot, &[from.0]),
            Arg::Acc => Inst::new(acc, &[]),
        };
        self.push_result(inst, Class::Float);
    }

    /// Does the same with the lanes of a vector.
    #[cfg(feature = "simd")]
    pub(super) fn make_lanes_canonical(&mut self, opcode: Opcode) {
        use crate::ops::canonical::CanonicalLanes;
        let op = match lanes(opcode) {
            Some(Result::F32) => number::<CanonicalLanes<f32>>(),
            Some(Result::F64) => number::<CanonicalLanes<f64>>(),
            None => return,
        };
        let slot = self.pop_vector();
        self.push_vector(Inst::new(op, &[slot.0]));
    }
}

/// The type of the lanes of an instruction whose NaNs are not specified.
#[cfg(feature = "simd")]
fn lanes(opcode: Opcode) -> Option<Result> {
    use crate::ops::vector::Ternary;
    use crate::ops::vector::convert::{F32x4DemoteF64x2Zero, F64x2PromoteLowF32x4};
    use crate::ops::vector::float::{one::*, plain::*, two::*};
    use crate::ops::vector::relaxed::{three::*, two as relaxed};
    Some(match opcode {
        F32x4Add::OPCODE
        | F32x4Sub::OPCODE
        | F32x4Mul::OPCODE
        | F32x4Div::OPCODE
        | F32x4Min::OPCODE
        | F32x4Max::OPCODE
        | F32x4Ceil::OPCODE
        | F32x4Floor::OPCODE
        | F32x4Trunc::OPCODE
        | F32x4Nearest::OPCODE
        | F32x4Sqrt::OPCODE
        | F32x4DemoteF64x2Zero::OPCODE
        | F32x4RelaxedMadd::OPCODE
        | F32x4RelaxedNmadd::OPCODE
        | relaxed::F32x4RelaxedMin::OPCODE
        | relaxed::F32x4RelaxedMax::OPCODE => Result::F32,
        F64x2Add::OPCODE
        | F64x2Sub::OPCODE
        | F64x2Mul::OPCODE
        | F64x2Div::OPCODE
        | F64x2Min::OPCODE
        | F64x2Max::OPCODE
        | F64x2Ceil::OPCODE
        | F64x2Floor::OPCODE
        | F64x2Trunc::OPCODE
        | F64x2Nearest::OPCODE
        | F64x2Sqrt::OPCODE
        | F64x2PromoteLowF32x4::OPCODE
        | F64x2RelaxedMadd::OPCODE
        | F64x2RelaxedNmadd::OPCODE
        | relaxed::F64x2RelaxedMin::OPCODE
        | relaxed::F64x2RelaxedMax::OPCODE => Result::F64,
        _ => return None,
    })
}
