//! Loads and stores with each other, and with branches.

use super::super::Inst;
use crate::dispatch::OpNumber;
use crate::ops::access::load::{I32Load, I32Load8U, I64Load};
use crate::ops::access::store::{I32Store, I64Store};
use crate::ops::access::{LoadOp, Near, StoreOp, Sum};
use crate::ops::branch::{BrIf, BrIf64};
use crate::ops::chain::{BrIfByte, BrIfLoaded, LoadTwo, MemoryMove, StoreTwo};
use crate::ops::shape::{Acc, Slot, ToAcc, ToSlot};
use crate::ops::shapes::{Place, Shape, To};
use crate::ops::{number, row_of};

/// The ops of loads, with their value in a slot and without.
pub(super) const LOADS: &[OpNumber] = &[LOAD_64, LOAD_64_ACC, LOAD_32, LOAD_32_ACC];
/// The ops of loads of a byte.
pub(super) const BYTE_LOADS: &[OpNumber] = &[LOAD_BYTE_ACC];
/// The ops of stores.
pub(super) const STORES: &[OpNumber] = &[STORE_64];

/// A load, and what uses it.
pub(super) fn load_then(first: &Inst, second: &Inst) -> Option<Inst> {
    // Chosen where the offset fits a granule.
    let offset = first.offset as u16;
    let address = first.small[0];
    if let (Some(wide), Some(other)) = (is_load(first, To::Slot), is_load(second, To::Slot)) {
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
            first.dst.0,
            second.small[0],
            second.offset as u16,
        ];
        return Some(Inst::new(op, &small).dst(second.dst));
    }
    let wide = is_load(first, To::Acc)?;
    let via = Inst {
        small: [address, offset, second.small[0], 0, 0],
        ..*second
    };
    if let Some((found, shape)) = row_of(second.op) {
        let in_memory = if wide { Place::Via64 } else { Place::Via32 };
        let shape = match shape {
            Shape::Load(Place::Acc, to) => Some(Shape::Load(in_memory, to)),
            Shape::Store(Place::Acc, from) => Some(Shape::Store(in_memory, from)),
            _ => None,
        };
        if let Some(shape) = shape {
            let op = found.op(shape);
            return Some(Inst { op, ..via });
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
fn is_load(inst: &Inst, to: To) -> Option<bool> {
    match (inst.op, to) {
        (LOAD_64, To::Slot) | (LOAD_64_ACC, To::Acc) => Some(true),
        (LOAD_32, To::Slot) | (LOAD_32_ACC, To::Acc) => Some(false),
        _ => None,
    }
}

const LOAD_64: OpNumber = number::<LoadOp<I64Load, Near<Slot, false>, ToSlot>>();
const LOAD_64_ACC: OpNumber = number::<LoadOp<I64Load, Near<Slot, false>, ToAcc>>();
const LOAD_32: OpNumber = number::<LoadOp<I32Load, Near<Slot, false>, ToSlot>>();
const LOAD_32_ACC: OpNumber = number::<LoadOp<I32Load, Near<Slot, false>, ToAcc>>();
const LOAD_BYTE_ACC: OpNumber = number::<LoadOp<I32Load8U, Near<Slot, false>, ToAcc>>();
const STORE_64: OpNumber = number::<StoreOp<I64Store, Near<Slot, false>, Slot>>();
const STORE_64_ACC: OpNumber = number::<StoreOp<I64Store, Near<Slot, false>, Acc>>();
const STORE_32_ACC: OpNumber = number::<StoreOp<I32Store, Near<Slot, false>, Acc>>();
const STORE_SUM_64_ACC: OpNumber = number::<StoreOp<I64Store, Sum, Acc>>();
const STORE_SUM_32_ACC: OpNumber = number::<StoreOp<I32Store, Sum, Acc>>();
