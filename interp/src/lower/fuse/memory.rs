//! Loads and stores with each other, and with branches.

use super::super::Inst;
use crate::ops::access::{Near, Sum, load, load_shape, store, store_shape};
use crate::ops::branch::{BrIf, BrIf64};
use crate::ops::chain::{BrIfByte, BrIfLoaded, LoadTwo, MemoryMove, StoreTwo};
use crate::ops::shape::{Acc, Slot};
use crate::ops::{Kind, number, row, row_of};

/// The ops of loads, with their value in a slot and without.
pub(super) const LOADS: &[u16] = &[LOAD_64, LOAD_64 + 1, LOAD_32, LOAD_32 + 1];
/// The ops of loads of a byte.
pub(super) const BYTE_LOADS: &[u16] = &[LOAD_BYTE_ACC];
/// The ops of stores.
pub(super) const STORES: &[u16] = &[STORE_64];

/// A load, and what uses it.
pub(super) fn load_then(first: &Inst, second: &Inst) -> Option<Inst> {
    // Chosen where the offset fits a granule.
    let offset = first.offset as u16;
    let address = first.small[0];
    if let (Some(wide), Some(other)) = (is_load(first, false), is_load(second, false)) {
        if wide != other {
            return None;
        }
        let op = if wide {
            number::<LoadTwo<u64>>()
        } else {
            number::<LoadTwo<u32>>()
        };
        let small = [
            address,
            offset,
            first.dst,
            second.small[0],
            second.offset as u16,
        ];
        return Some(Inst::new(op, &small).dst(second.dst));
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
    let op = match (second.op, wide) {
        (STORE_64_ACC, true) => number::<MemoryMove<u64, Near<Slot, false>>>(),
        (STORE_32_ACC, false) => number::<MemoryMove<u32, Near<Slot, false>>>(),
        (STORE_SUM_64_ACC, true) => number::<MemoryMove<u64, Sum>>(),
        (STORE_SUM_32_ACC, false) => number::<MemoryMove<u32, Sum>>(),
        (op, true) if op == number::<BrIf64<Acc, true>>() => number::<BrIfLoaded<u64, true>>(),
        (op, true) if op == number::<BrIf64<Acc, false>>() => number::<BrIfLoaded<u64, false>>(),
        (op, false) if op == number::<BrIf<Acc, true>>() => number::<BrIfLoaded<u32, true>>(),
        (op, false) if op == number::<BrIf<Acc, false>>() => number::<BrIfLoaded<u32, false>>(),
        _ => return None,
    };
    Some(Inst { op, ..via })
}

/// Two stores of slots behind one address.
pub(super) fn store_two(first: &Inst, second: &Inst) -> Option<Inst> {
    if [first.op, second.op] != [STORE_64; 2] || first.small[0] != second.small[0] {
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

/// A load of a byte, and a branch on it.
pub(super) fn byte_then(first: &Inst, second: &Inst) -> Option<Inst> {
    if first.op != LOAD_BYTE_ACC {
        return None;
    }
    let op = match second.op {
        op if op == number::<BrIf<Acc, true>>() => number::<BrIfByte<true>>(),
        op if op == number::<BrIf<Acc, false>>() => number::<BrIfByte<false>>(),
        _ => return None,
    };
    // Chosen where the offset fits a granule.
    let small = [first.small[0], first.offset as u16, 0, 0, 0];
    Some(Inst {
        op,
        small,
        ..*second
    })
}

/// A load from a slot's address with a small offset: whether it is one of 64 bits.
fn is_load(inst: &Inst, to_acc: bool) -> Option<bool> {
    // The form that leaves its value in the accumulator alone is the neighbour.
    match inst.op.wrapping_sub(u16::from(to_acc)) {
        LOAD_64 => Some(true),
        LOAD_32 => Some(false),
        _ => None,
    }
}

const LOAD_64: u16 = op_at(load::OPCODE_I64, load_shape::SLOT);
const LOAD_32: u16 = op_at(load::OPCODE_I32, load_shape::SLOT);
const LOAD_BYTE_ACC: u16 = op_at(load::OPCODE_BYTE, load_shape::SLOT) + 1;
const STORE_64: u16 = op_at(store::OPCODE_I64, store_shape::SLOT);
const STORE_64_ACC: u16 = STORE_64 + 1;
const STORE_32_ACC: u16 = op_at(store::OPCODE_I32, store_shape::SLOT) + 1;
const STORE_SUM_64_ACC: u16 = op_at(store::OPCODE_I64, store_shape::SUM) + 1;
const STORE_SUM_32_ACC: u16 = op_at(store::OPCODE_I32, store_shape::SUM) + 1;

/// The op of `opcode`'s row at `shape`.
const fn op_at(opcode: u16, shape: u16) -> u16 {
    match row(opcode) {
        Some(row) => row.first + shape,
        None => panic!("each load and store has a row"),
    }
}
