//! Additions of constants, and the tests of loops behind them.

use super::super::Inst;
use crate::dispatch::OpNumber;
use crate::ops::binary::{Binary, BinaryOp};
use crate::ops::branch::{BrIf, BrIf64};
use crate::ops::chain::{AddTwo, add_branch};
use crate::ops::compare::integer::{I32Eq, I32Ne, I64Eq, I64Ne};
use crate::ops::compare::{opposite, swapped};
use crate::ops::integer::{I32Add, I64Add};
use crate::ops::shape::{Acc, Imm16, Slot, ToSlot};
use crate::ops::shapes::{Pair, Shape};
use crate::ops::{Kind, Opcode, number, row_of};

/// The ops of what counts.
pub(super) const ADDS: &[OpNumber] = &[ADD_32, ADD_64];

const ADD_32: OpNumber = number::<BinaryOp<I32Add, Slot, Imm16, ToSlot>>();
const ADD_64: OpNumber = number::<BinaryOp<I64Add, Slot, Imm16, ToSlot>>();

/// A slot counted up or down, and what that is followed by.
pub(super) fn add_and(first: &Inst, second: &Inst) -> Option<Inst> {
    add_then(first, second, true).or_else(|| add_two(first, second))
}

/// A slot counted up or down, and a branch on how it compares: the branch that is taken where `second` is, or (not
/// `taken`) where it is not.
pub(super) fn add_then(first: &Inst, second: &Inst, taken: bool) -> Option<Inst> {
    let wide = is_add(first)?;
    let counter = first.dst.0;
    let (opcode, other) = compared(second, wide, counter)?;
    if other == Some(counter) {
        // It is read before the sum is written.
        return None;
    }
    let opcode = if taken { opcode } else { opposite(opcode) };
    let op = add_branch(opcode, other.is_none())?;
    // The amount is a constant of 16 bits.
    let small = [first.small[0], first.imm as u16, other.unwrap_or(0), 0, 0];
    Some(Inst {
        op,
        small,
        dst: first.dst,
        ..*second
    })
}

/// The comparison of `counter`, which the accumulator holds too, that a branch depends on: its opcode and the slot that
/// is compared with, if it is not a constant.
fn compared(branch: &Inst, wide: bool, counter: u16) -> Option<(Opcode, Option<u16>)> {
    // A branch on a number compares it with 0, which is what stands in a branch's constant otherwise unused.
    let (ne, eq) = if wide {
        (I64Ne::OPCODE, I64Eq::OPCODE)
    } else {
        (I32Ne::OPCODE, I32Eq::OPCODE)
    };
    let is_number = [
        (number::<BrIf<Acc, true>>(), false, ne),
        (number::<BrIf<Acc, false>>(), false, eq),
        (number::<BrIf64<Acc, true>>(), true, ne),
        (number::<BrIf64<Acc, false>>(), true, eq),
    ];
    for (op, of_64, opcode) in is_number {
        if branch.op == op {
            return (of_64 == wide && branch.imm == 0).then_some((opcode, None));
        }
    }
    let (found, shape) = row_of(branch.op)?;
    let Shape::Branch(pair, _) = shape else {
        return None;
    };
    if found.kind != Kind::IntegerCompare || found.is_32 == wide {
        return None;
    }
    let [x, y, ..] = branch.small;
    match pair {
        Pair::SlotSlot if x == counter => Some((found.opcode, Some(y))),
        Pair::SlotSlot if y == counter => Some((swapped(found.opcode), Some(x))),
        Pair::SlotAcc => Some((swapped(found.opcode), Some(x))),
        Pair::AccSlot => Some((found.opcode, Some(x))),
        Pair::SlotImm16 if x == counter => Some((found.opcode, None)),
        Pair::AccImm16 => Some((found.opcode, None)),
        _ => None,
    }
}

/// Two additions of constants to slots.
fn add_two(first: &Inst, second: &Inst) -> Option<Inst> {
    let wide = is_add(first)?;
    if is_add(second)? != wide {
        return None;
    }
    let op = if wide {
        number::<AddTwo<u64>>()
    } else {
        number::<AddTwo<u32>>()
    };
    // The amounts are constants of 16 bits.
    let small = [
        first.small[0],
        first.imm as u16,
        first.dst.0,
        second.small[0],
        second.imm as u16,
    ];
    Some(Inst::new(op, &small).dst(second.dst))
}

/// An addition of a small constant to a slot: whether it is one of 64 bits.
fn is_add(inst: &Inst) -> Option<bool> {
    match inst.op {
        ADD_32 => Some(false),
        ADD_64 => Some(true),
        _ => None,
    }
}
