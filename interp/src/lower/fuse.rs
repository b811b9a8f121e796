//! Fusion: neighbours that real programs run one after the other become one op.
//!
//! This pass runs when a function is complete. Two instructions are fused only if nothing branches to the second, and
//! the fused op leaves slots and accumulators as they would.

use alloc::vec;

use super::{Code, Inst};
use crate::ops::access::{Near, Sum, load, load_shape, store, store_shape};
use crate::ops::binary::BinaryOp;
use crate::ops::branch::{BrIf, BrIf64};
use crate::ops::chain::{BrIfLoaded, LoadTwo, MemoryMove, ShlAdd, StoreTwo, add_branch};
use crate::ops::compare::{INTEGER_FUSED, swapped};
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
    for (index, is_target) in targets.iter().enumerate().take(code.insts.len()) {
        if *is_target {
            before = None;
        }
        let second = code.insts[index];
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
        .or_else(|| add_then(first, second))
        .or_else(|| shift_add(first, second))
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

/// A slot counted up or down, and a branch on how it compares.
fn add_then(first: &Inst, second: &Inst) -> Option<Inst> {
    let is_32 = match first.op {
        op if op == number::<BinaryOp<I32Add, Slot, Imm16, ToSlot>>() => true,
        op if op == number::<BinaryOp<I64Add, Slot, Imm16, ToSlot>>() => false,
        _ => return None,
    };
    let (found, shape) = row_of(second.op)?;
    let counter = first.dst;
    if first.small[0] != counter
        || found.kind != Kind::IntegerCompare
        || found.is_32 != is_32
        || shape < INTEGER_FUSED
    {
        return None;
    }
    let shape = shape - INTEGER_FUSED;
    let is = |pair: Pair| shape == pair as u16;
    // The amount is a constant of 16 bits.
    let amount = first.imm as u16;
    let [x, y, ..] = second.small;
    let (opcode, other) = if is(Pair::SlotSlot) && x == counter {
        (found.opcode, Some(y))
    } else if is(Pair::SlotSlot) && y == counter || is(Pair::SlotAcc) {
        (swapped(found.opcode), Some(x))
    } else if is(Pair::AccSlot) {
        (found.opcode, Some(x))
    } else if is(Pair::AccImm16) || is(Pair::SlotImm16) && x == counter {
        (found.opcode, None)
    } else {
        return None;
    };
    let op = add_branch(opcode, other.is_none())?;
    let small = [counter, amount, other.unwrap_or(0), 0, 0];
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
