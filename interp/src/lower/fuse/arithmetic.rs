//! Shifts, masks, products and copies.

use super::super::Inst;
use crate::dispatch::OpNumber;
use crate::ops::binary::{Binary, BinaryOp};
use crate::ops::branch::{BrIf, BrIf64};
use crate::ops::chain::{Bits, BrIfBits, CopyTwo, ShlAdd, mul_then};
use crate::ops::data::Move;
use crate::ops::float::{F32Add, F32Mul, F32Sub, F64Add, F64Mul, F64Sub};
use crate::ops::integer::{I32Add, I32And, I32Shl, I32ShrU, I64Add, I64And, I64Shl, I64ShrU};
use crate::ops::shape::{Acc, Imm16, Slot, ToAcc, ToSlot};
use crate::ops::shapes::{Pair, Shape, To};
use crate::ops::{number, row_of};

const SHL_32: OpNumber = number::<BinaryOp<I32Shl, Slot, Imm16, ToAcc>>();
const SHL_64: OpNumber = number::<BinaryOp<I64Shl, Slot, Imm16, ToAcc>>();
const SHR_32: OpNumber = number::<BinaryOp<I32ShrU, Slot, Imm16, ToAcc>>();
const SHR_64: OpNumber = number::<BinaryOp<I64ShrU, Slot, Imm16, ToAcc>>();
const AND_32: OpNumber = number::<BinaryOp<I32And, Slot, Imm16, ToAcc>>();
const AND_64: OpNumber = number::<BinaryOp<I64And, Slot, Imm16, ToAcc>>();
const AND_32_ACC: OpNumber = number::<BinaryOp<I32And, Acc, Imm16, ToAcc>>();
const AND_64_ACC: OpNumber = number::<BinaryOp<I64And, Acc, Imm16, ToAcc>>();
const COPY: OpNumber = number::<Move<u64, Slot, ToSlot>>();

/// The ops of shifts to the left.
pub(super) const SHIFTS: &[OpNumber] = &[SHL_32, SHL_64];
/// The ops of shifts to the right and masks.
pub(super) const BITS: &[OpNumber] = &[SHR_32, SHR_64, AND_32, AND_64, AND_32_ACC, AND_64_ACC];
/// The ops of copies.
pub(super) const COPIES: &[OpNumber] = &[COPY];
/// The ops of products.
pub(super) const PRODUCTS: &[OpNumber] = &[
    number::<BinaryOp<F32Mul, Slot, Slot, ToAcc>>(),
    number::<BinaryOp<F32Mul, Slot, Acc, ToAcc>>(),
    number::<BinaryOp<F32Mul, Acc, Slot, ToAcc>>(),
    number::<BinaryOp<F64Mul, Slot, Slot, ToAcc>>(),
    number::<BinaryOp<F64Mul, Slot, Acc, ToAcc>>(),
    number::<BinaryOp<F64Mul, Acc, Slot, ToAcc>>(),
];

/// A shift by a constant, and an addition of what it gave.
pub(super) fn shift_add(first: &Inst, second: &Inst) -> Option<Inst> {
    let (wide, add) = match first.op {
        SHL_32 => (false, I32Add::OPCODE),
        SHL_64 => (true, I64Add::OPCODE),
        _ => return None,
    };
    let (_, shape) = row_of(second.op).filter(|(added, _)| added.opcode == add)?;
    let Shape::Value(Pair::SlotAcc | Pair::AccSlot, to) = shape else {
        return None;
    };
    let op = match (wide, to) {
        (false, To::Slot) => number::<ShlAdd<u32, ToSlot>>(),
        (false, To::Acc) => number::<ShlAdd<u32, ToAcc>>(),
        (true, To::Slot) => number::<ShlAdd<u64, ToSlot>>(),
        (true, To::Acc) => number::<ShlAdd<u64, ToAcc>>(),
    };
    // Shifts count modulo the width.
    let count = first.imm as u16 & if wide { 63 } else { 31 };
    Some(Inst {
        op,
        small: [first.small[0], count, second.small[0], 0, 0],
        ..*second
    })
}

/// A mask, and the shift before it or the branch behind it.
pub(super) fn bits(first: &Inst, second: &Inst) -> Option<Inst> {
    let shifted = match (first.op, second.op) {
        (SHR_32, b) => match b {
            b if b == number::<BinaryOp<I32And, Acc, Imm16, ToSlot>>() => {
                Some((number::<Bits<u32, ToSlot>>(), 31))
            }
            AND_32_ACC => Some((number::<Bits<u32, ToAcc>>(), 31)),
            _ => None,
        },
        (SHR_64, b) => match b {
            b if b == number::<BinaryOp<I64And, Acc, Imm16, ToSlot>>() => {
                Some((number::<Bits<u64, ToSlot>>(), 63))
            }
            AND_64_ACC => Some((number::<Bits<u64, ToAcc>>(), 63)),
            _ => None,
        },
        _ => None,
    };
    if let Some((op, most)) = shifted {
        // Shifts count modulo the width.
        let small = [first.small[0], first.imm as u16 & most, 0, 0, 0];
        return Some(Inst {
            op,
            small,
            ..*second
        });
    }
    let (wide, acc) = match first.op {
        AND_32 => (false, false),
        AND_32_ACC => (false, true),
        AND_64 => (true, false),
        AND_64_ACC => (true, true),
        _ => return None,
    };
    let sense = match (second.op, wide) {
        (op, false) if op == number::<BrIf<Acc, true>>() => true,
        (op, false) if op == number::<BrIf<Acc, false>>() => false,
        (op, true) if op == number::<BrIf64<Acc, true>>() => true,
        (op, true) if op == number::<BrIf64<Acc, false>>() => false,
        _ => return None,
    };
    let op = match (wide, acc, sense) {
        (false, false, true) => number::<BrIfBits<u32, Slot, true>>(),
        (false, false, false) => number::<BrIfBits<u32, Slot, false>>(),
        (false, true, true) => number::<BrIfBits<u32, Acc, true>>(),
        (false, true, false) => number::<BrIfBits<u32, Acc, false>>(),
        (true, false, true) => number::<BrIfBits<u64, Slot, true>>(),
        (true, false, false) => number::<BrIfBits<u64, Slot, false>>(),
        (true, true, true) => number::<BrIfBits<u64, Acc, true>>(),
        (true, true, false) => number::<BrIfBits<u64, Acc, false>>(),
    };
    Some(Inst {
        op,
        small: first.small,
        imm: first.imm,
        ..*second
    })
}

/// A product of floats, and an addition or subtraction with it.
pub(super) fn multiply_then(first: &Inst, second: &Inst) -> Option<Inst> {
    let (product, shape) = row_of(first.op)?;
    let multiplies = match product.opcode {
        F32Mul::OPCODE => [F32Add::OPCODE, F32Sub::OPCODE],
        F64Mul::OPCODE => [F64Add::OPCODE, F64Sub::OPCODE],
        _ => return None,
    };
    let (then, then_shape) = row_of(second.op)?;
    let Shape::Value(pair, To::Acc) = shape else {
        return None;
    };
    if !multiplies.contains(&then.opcode) {
        return None;
    }
    let (reverse, to) = match then_shape {
        Shape::Value(Pair::SlotAcc, to) => (false, to),
        Shape::Value(Pair::AccSlot, to) => (true, to),
        _ => return None,
    };
    let [a, b, ..] = first.small;
    let c = second.small[0];
    let (acc, small) = match pair {
        Pair::SlotSlot => (false, [a, b, c, 0, 0]),
        // A product is the same either way round.
        _ => (true, [a, c, 0, 0, 0]),
    };
    let op = mul_then(then.opcode, acc, reverse, to)?;
    Some(Inst {
        op,
        small,
        ..*second
    })
}

/// Two copies.
pub(super) fn copy_two(first: &Inst, second: &Inst) -> Option<Inst> {
    if [first.op, second.op] != [COPY; 2] {
        return None;
    }
    let small = [first.small[0], first.dst.0, second.small[0]];
    Some(Inst::new(number::<CopyTwo>(), &small).dst(second.dst))
}
