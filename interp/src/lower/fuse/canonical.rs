//! NaNs that need not be canonical, because the next instruction alone reads them and does not show which NaN it was.

use crate::dispatch::{Field, OpNumber};
use crate::lower::{Code, Inst};
use crate::ops::binary::Binary;
use crate::ops::canonical::CanonicalOp;
use crate::ops::float::{F32Copysign, F64Copysign};
use crate::ops::shape::{Acc, ToAcc};
use crate::ops::unary::{F32Abs, F32Neg, F64Abs, F64Neg, Unary};
use crate::ops::{Kind, fields, number, row_of};

/// Ops that only change what is in the accumulator.
const IN_PLACE: [OpNumber; 2] = [
    number::<CanonicalOp<f32, Acc, ToAcc>>(),
    number::<CanonicalOp<f64, Acc, ToAcc>>(),
];

/// Removes the ops that make a NaN canonical for an instruction to which all NaNs are the same: arithmetic, whose own NaN is made
/// canonical, comparisons and conversions.
pub fn drop_redundant(code: &mut Code) {
    for index in 1..code.insts.len() {
        let redundant = IN_PLACE.contains(&code.insts[index - 1].op)
            && !code.is_target(index)
            && takes_any_nan(&code.insts[index]);
        if redundant {
            code.insts[index - 1].op = Inst::NONE;
        }
    }
}

/// Returns whether an instruction reads the accumulator, and does not show which NaN is in it.
fn takes_any_nan(inst: &Inst) -> bool {
    let Some((row, _)) = row_of(inst.op) else {
        return false;
    };
    let keeps = matches!(
        row.opcode,
        F32Copysign::OPCODE
            | F64Copysign::OPCODE
            | F32Abs::OPCODE
            | F32Neg::OPCODE
            | F64Abs::OPCODE
            | F64Neg::OPCODE
    );
    let computes = matches!(row.kind, Kind::Float | Kind::FloatCompare | Kind::Unary);
    computes && !keeps && fields(inst.op).contains(&Field::Facc)
}
