//! Fusion: neighbours that real programs run one after the other become one op.
//!
//! This pass runs when a function is complete. Two instructions are fused only if nothing branches to the second, and
//! the fused op leaves slots and accumulators as they would.

use alloc::vec;

use super::{Code, Inst};
use crate::ops::access::{Near, Sum, load, load_shape, store, store_shape};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{BrIf, BrIf64};
use crate::ops::chain::{
    AddTwo, BrIfLoaded, LoadTwo, MemoryMove, ShlAdd, StoreTwo, add_branch, mul_then,
};
use crate::ops::compare::{INTEGER_FUSED, opposite, swapped};
use crate::ops::integer::{I32Add, I32Shl, I64Add, I64Shl};
use crate::ops::shape::{Acc, Imm16, Pair, Slot, ToAcc, ToSlot};
use crate::ops::{Kind, number, row, row_of};

/// Fuses what can be fused.
pub fn fuse(code: &mut Code) {
    let mut targets = vec![false; code.insts.len() + 1];
    for target in code.targets() {
        targets[target] = true;
    }
    // The instruction before the present one, if the code runs from it to here and from nowhere else.
    let mut before: Option<usize> = None;
    for index in 0..code.insts.len() {
        let second = code.insts[index];
        if targets[index] {
            if let Some(first) = before
                && let Some(fused) = add_then(&code.insts[first], &second, false)
            {
                // The test of a loop that is also branched to: what counts tests by itself and goes on behind it.
                let position = code.insts[first].position;
                let label = code.label();
                code.place_at(label, index + 1);
                targets[index + 1] = true;
                code.insts[first] = Inst { position, ..fused }.label(label);
            }
            before = None;
        }
        if second.op == Inst::NONE {
            continue;
        }
        if let Some(first) = before
            && let Some(fused) = pair(&code.insts[first], &second)
        {
            // In place of the second; what branches to the first comes here all the same.
            code.insts[index] = Inst {
                position: second.position,
                ..fused
            };
            code.insts[first].op = Inst::NONE;
        }
        before = Some(index);
    }
}

/// The op that does what `first` and `second` do.
fn pair(first: &Inst, second: &Inst) -> Option<Inst> {
    load_then(first, second)
        .or_else(|| store_two(first, second))
        .or_else(|| add_then(first, second, true))
        .or_else(|| add_two(first, second))
        .or_else(|| shift_add(first, second))
        .or_else(|| multiply_then(first, second))
}

/// The op of `opcode`'s row at `shape`.
fn op_at(opcode: u16, shape: u16) -> u16 {
    row(opcode).map_or(Inst::NONE, |row| row.first + shape)
}

/// A load from a slot's address with a small offset: whether it is one of 64 bits.
fn is_load(inst: &Inst, to_acc: bool) -> Option<bool> {
    let shape = load_shape::SLOT + u16::from(to_acc);
    match inst.op {
        op if op == op_at(load::OPCODE_I64, shape) => Some(true),
        op if op == op_at(load::OPCODE_I32, shape) => Some(false),
        _ => None,
    }
}

/// A load, and what uses it.
fn load_then(first: &Inst, second: &Inst) -> Option<Inst> {
    // Chosen where the offset fits a granule.
    let offset = first.offset as u16;
    let address = first.small[0];
    if let Some(true) = is_load(first, false)
        && let Some(true) = is_load(second, false)
    {
        let small = [
            address,
            offset,
            first.dst,
            second.small[0],
            second.offset as u16,
        ];
        return Some(Inst::new(number::<LoadTwo>(), &small).dst(second.dst));
    }
    let wide = is_load(first, true)?;
    let via = Inst {
        small: [address, offset, second.small[0], 0, 0],
        ..*second
    };
    if let Some((found, shape)) = row_of(second.op) {
        match found.kind {
            Kind::Load if shape == load_shape::ACC || shape == load_shape::ACC + 1 => {
                let via_shape = if wide {
                    load_shape::VIA64
                } else {
                    load_shape::VIA32
                };
                return Some(Inst {
                    op: found.first + via_shape + shape - load_shape::ACC,
                    ..via
                });
            }
            Kind::Store if shape == store_shape::ACC || shape == store_shape::ACC + 1 => {
                let via_shape = if wide {
                    store_shape::VIA64
                } else {
                    store_shape::VIA32
                };
                return Some(Inst {
                    op: found.first + via_shape + shape - store_shape::ACC,
                    ..via
                });
            }
            _ => {}
        }
    }
    let stored = if wide {
        store::OPCODE_I64
    } else {
        store::OPCODE_I32
    };
    let op = match (second.op, wide) {
        (op, true) if op == op_at(stored, store_shape::SLOT + 1) => {
            number::<MemoryMove<u64, Near<Slot, false>>>()
        }
        (op, false) if op == op_at(stored, store_shape::SLOT + 1) => {
            number::<MemoryMove<u32, Near<Slot, false>>>()
        }
        (op, true) if op == op_at(stored, store_shape::SUM + 1) => number::<MemoryMove<u64, Sum>>(),
        (op, false) if op == op_at(stored, store_shape::SUM + 1) => {
            number::<MemoryMove<u32, Sum>>()
        }
        (op, true) if op == number::<BrIf64<Acc, true>>() => number::<BrIfLoaded<u64, true>>(),
        (op, true) if op == number::<BrIf64<Acc, false>>() => number::<BrIfLoaded<u64, false>>(),
        (op, false) if op == number::<BrIf<Acc, true>>() => number::<BrIfLoaded<u32, true>>(),
        (op, false) if op == number::<BrIf<Acc, false>>() => number::<BrIfLoaded<u32, false>>(),
        _ => return None,
    };
    Some(Inst { op, ..via })
}

/// Two stores of slots behind one address.
fn store_two(first: &Inst, second: &Inst) -> Option<Inst> {
    let op = op_at(store::OPCODE_I64, store_shape::SLOT);
    if first.op != op || second.op != op || first.small[0] != second.small[0] {
        return None;
    }
    // Chosen where the offset fits a granule.
    let small = [
        first.small[0],
        first.offset as u16,
        first.small[1],
        second.offset as u16,
        second.small[1],
    ];
    Some(Inst::new(number::<StoreTwo>(), &small))
}

/// An addition of a small constant to a slot: whether it is one of 64 bits.
fn is_add(inst: &Inst) -> Option<bool> {
    match inst.op {
        op if op == number::<BinaryOp<I32Add, Slot, Imm16, ToSlot>>() => Some(false),
        op if op == number::<BinaryOp<I64Add, Slot, Imm16, ToSlot>>() => Some(true),
        _ => None,
    }
}

/// A slot counted up or down, and a branch on how it compares: the branch that is taken where `second` is, or (not
/// `taken`) where it is not.
fn add_then(first: &Inst, second: &Inst, taken: bool) -> Option<Inst> {
    let wide = is_add(first)?;
    let counter = first.dst;
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
        dst: counter,
        ..*second
    })
}

/// The comparison of `counter`, which the accumulator holds too, that a branch depends on: its opcode and the slot that
/// is compared with, if it is not a constant.
fn compared(branch: &Inst, wide: bool, counter: u16) -> Option<(u16, Option<u16>)> {
    // A branch on a number compares it with 0, which is what stands in a branch's constant otherwise unused.
    let (ne, eq) = if wide { (0x52, 0x51) } else { (0x47, 0x46) };
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
    if found.kind != Kind::IntegerCompare || found.is_32 == wide || shape < INTEGER_FUSED {
        return None;
    }
    let is = |pair: Pair| shape - INTEGER_FUSED == pair as u16;
    let [x, y, ..] = branch.small;
    if is(Pair::SlotSlot) && x == counter {
        Some((found.opcode, Some(y)))
    } else if is(Pair::SlotSlot) && y == counter || is(Pair::SlotAcc) {
        Some((swapped(found.opcode), Some(x)))
    } else if is(Pair::AccSlot) {
        Some((found.opcode, Some(x)))
    } else if is(Pair::AccImm16) || is(Pair::SlotImm16) && x == counter {
        Some((found.opcode, None))
    } else {
        None
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
        first.dst,
        second.small[0],
        second.imm as u16,
    ];
    Some(Inst::new(op, &small).dst(second.dst))
}

/// A product of floats, and an addition or subtraction with it.
fn multiply_then(first: &Inst, second: &Inst) -> Option<Inst> {
    let (product, shape) = row_of(first.op)?;
    let (then, then_shape) = row_of(second.op)?;
    // Shapes go in pairs: the output in a slot, and in the accumulator alone.
    let multiplies = match product.opcode {
        0x94 => [0x92, 0x93],
        0xa2 => [0xa0, 0xa1],
        _ => return None,
    };
    if shape % 2 == 0 || !multiplies.contains(&then.opcode) {
        return None;
    }
    let reverse = match then_shape / 2 {
        pair if pair == Pair::SlotAcc as u16 => false,
        pair if pair == Pair::AccSlot as u16 => true,
        _ => return None,
    };
    let [a, b, ..] = first.small;
    let c = second.small[0];
    let (acc, small) = match shape / 2 {
        pair if pair == Pair::SlotSlot as u16 => (false, [a, b, c, 0, 0]),
        // A product is the same either way round.
        _ => (true, [a, c, 0, 0, 0]),
    };
    let op = mul_then(then.opcode, acc, reverse, then_shape % 2 == 0)?;
    Some(Inst {
        op,
        small,
        ..*second
    })
}

/// A shift by a constant, and an addition of what it gave.
fn shift_add(first: &Inst, second: &Inst) -> Option<Inst> {
    let (added, shape) = row_of(second.op)?;
    let wide = match (first.op, added.opcode) {
        (op, 0x6a) if op == number::<BinaryOp<I32Shl, Slot, Imm16, ToAcc>>() => false,
        (op, 0x7c) if op == number::<BinaryOp<I64Shl, Slot, Imm16, ToAcc>>() => true,
        _ => return None,
    };
    let pair = shape / 2;
    if pair != Pair::SlotAcc as u16 && pair != Pair::AccSlot as u16 {
        return None;
    }
    let op = match (wide, shape % 2 == 0) {
        (false, true) => number::<ShlAdd<u32, ToSlot>>(),
        (false, false) => number::<ShlAdd<u32, ToAcc>>(),
        (true, true) => number::<ShlAdd<u64, ToSlot>>(),
        (true, false) => number::<ShlAdd<u64, ToAcc>>(),
    };
    // Shifts count modulo the width.
    let count = first.imm as u16 & if wide { 63 } else { 31 };
    Some(Inst {
        op,
        small: [first.small[0], count, second.small[0], 0, 0],
        ..*second
    })
}
