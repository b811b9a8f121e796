//! Ops of conditional branches: the one for a comparison with 0, and the one with the opposite condition.

use crate::dispatch::OpNumber;
use crate::lower::Inst;
use crate::ops::binary::Binary;
use crate::ops::branch::{BrIf, BrIf64};
use crate::ops::compare::integer::{I32Eq, I32Ne, I64Eq, I64Ne};
use crate::ops::compare::opposite;
use crate::ops::shape::{Acc, Slot};
use crate::ops::shapes::{Pair, Shape};
use crate::ops::{Kind, Opcode, number, row, row_of};

/// Returns the branch for a comparison with 0. It is shorter than the one for other constants.
pub(super) fn zero_branch(opcode: Opcode, pair: Pair, imm: u64) -> Option<Inst> {
    let in_acc = match pair {
        _ if imm != 0 => return None,
        Pair::SlotImm16 => false,
        Pair::AccImm16 => true,
        _ => return None,
    };
    let op = match (opcode, in_acc) {
        (I32Eq::OPCODE, false) => number::<BrIf<Slot, false>>(),
        (I32Eq::OPCODE, true) => number::<BrIf<Acc, false>>(),
        (I32Ne::OPCODE, false) => number::<BrIf<Slot, true>>(),
        (I32Ne::OPCODE, true) => number::<BrIf<Acc, true>>(),
        (I64Eq::OPCODE, false) => number::<BrIf64<Slot, false>>(),
        (I64Eq::OPCODE, true) => number::<BrIf64<Acc, false>>(),
        (I64Ne::OPCODE, false) => number::<BrIf64<Slot, true>>(),
        (I64Ne::OPCODE, true) => number::<BrIf64<Acc, true>>(),
        _ => return None,
    };
    Some(Inst::new(op, &[]))
}

/// Returns the conditional branch with the opposite condition.
pub(super) fn inverted(op: OpNumber) -> Option<OpNumber> {
    if let Some((computed, shape)) = row_of(op) {
        return match (computed.kind, shape) {
            (Kind::IntegerCompare, _) => Some(row(opposite(computed.opcode))?.op(shape)),
            (Kind::FloatCompare, Shape::Branch(pair, sense)) => {
                Some(computed.op(Shape::Branch(pair, !sense)))
            }
            _ => None,
        };
    }
    let pairs = [
        (number::<BrIf<Slot, true>>(), number::<BrIf<Slot, false>>()),
        (number::<BrIf<Acc, true>>(), number::<BrIf<Acc, false>>()),
        (
            number::<BrIf64<Slot, true>>(),
            number::<BrIf64<Slot, false>>(),
        ),
        (
            number::<BrIf64<Acc, true>>(),
            number::<BrIf64<Acc, false>>(),
        ),
    ];
    pairs.into_iter().find_map(|(a, b)| match op {
        _ if op == a => Some(b),
        _ if op == b => Some(a),
        _ => None,
    })
}
