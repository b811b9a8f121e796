//! An op with its inputs where its fields say that it reads them, and a look at where its output must be.

use std::fmt;

use interp::dispatch::{Field, OpNumber};
use interp::machine::Class;
use interp::ops::call::Halt;
use interp::ops::data::Move;
use interp::ops::number;
use interp::ops::shape::{Acc, ToSlot};

use crate::bare::{Bare, Code, Start};
use crate::def;

/// The slots of operands.
pub(crate) const A: i64 = 3;
pub(crate) const B: i64 = 4;
pub(crate) const C: i64 = 5;
pub(crate) const DST: i64 = 6;
/// Where the accumulators are copied to behind the op.
pub(crate) const ACC: i64 = 7;
pub(crate) const FACC: i64 = 8;
/// One more slot of an operand.
pub(crate) const D: i64 = 9;

/// An op with inputs in place: its operands, and what it sees of the inputs.
pub(crate) struct Placed {
    pub(crate) op: OpNumber,
    operands: Vec<i64>,
    pub(crate) seen: Vec<u64>,
    pub(crate) start: Start,
}

/// Puts `inputs`, in the order of the op's fields, where it reads them, as far as they fit there. `target` is where it
/// branches to, `memory` which memory or global it uses, or the first of its two offsets, `offset` the offset of an address.
pub(crate) fn place(
    bare: &mut Bare,
    op: OpNumber,
    inputs: &[u64],
    target: i64,
    memory: i64,
    offset: i64,
) -> Placed {
    let mut inputs = inputs.iter().copied();
    let mut slots = [A, B, C].into_iter();
    let mut placed = Placed {
        op,
        operands: Vec::new(),
        seen: Vec::new(),
        start: Start::default(),
    };
    for &field in def(op).fields {
        if matches!(
            field,
            Field::Narrow | Field::Wide | Field::DstAcc | Field::DstFacc
        ) {
            continue;
        }
        let fixed = match field {
            Field::Dst => Some(DST),
            Field::Label16 | Field::Label32 => Some(target),
            Field::Offset16 | Field::Offset32 => Some(offset),
            Field::Memory | Field::EachOffset16 | Field::Global16 | Field::Global32 => Some(memory),
            _ => None,
        };
        if let Some(operand) = fixed {
            placed.operands.push(operand);
            continue;
        }
        let value = inputs.next().expect("as many inputs as the op reads");
        // `as` cuts a value down to what the operand holds, then extends its sign.
        let seen = match field {
            Field::Slot => {
                let slot = slots.next().expect("three slots will do");
                bare.slots[slot as usize] = value;
                placed.operands.push(slot);
                value
            }
            Field::Acc => {
                placed.start.acc = value;
                value
            }
            Field::Facc => {
                placed.start.facc = value;
                value
            }
            Field::Imm16 | Field::Imm32 | Field::Imm64 | Field::Float32 | Field::Float64 => {
                let constant = match field {
                    Field::Imm16 => i64::from(value as i16),
                    Field::Imm32 | Field::Float32 => i64::from(value as i32),
                    _ => value as i64,
                };
                placed.operands.push(constant);
                constant as u64
            }
            other => panic!("{}: {other:?} is no input", def(op).name),
        };
        placed.seen.push(seen);
    }
    placed
}

impl Placed {
    /// An op with these operands, its inputs already in their slots.
    pub(crate) fn with(op: OpNumber, operands: &[i64]) -> Self {
        Self {
            op,
            operands: operands.to_vec(),
            seen: Vec::new(),
            start: Start::default(),
        }
    }

    pub(crate) fn append(&self, code: &mut Code) {
        code.with(self.op, &self.operands);
    }
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let def = def(self.op);
        write!(
            f,
            "{} {} {:?} of {:x?}",
            def.form, def.name, def.fields, self.seen
        )
    }
}

/// How many of an op's fields are inputs.
pub(crate) fn arity(op: OpNumber) -> usize {
    use Field::{Acc, Facc, Float32, Float64, Imm16, Imm32, Imm64, Slot};
    let inputs = [Slot, Acc, Facc, Imm16, Imm32, Imm64, Float32, Float64];
    def(op)
        .fields
        .iter()
        .filter(|field| inputs.contains(field))
        .count()
}

/// Copies both accumulators to slots.
pub(crate) fn keep_accumulators(code: &mut Code) {
    code.with(number::<Move<u64, Acc, ToSlot>>(), &[ACC]);
    code.with(number::<Move<f64, Acc, ToSlot>>(), &[FACC]);
}

/// Copies both accumulators to slots, then stops.
pub(crate) fn finish(code: &mut Code) {
    keep_accumulators(code);
    code.with(number::<Halt>(), &[]);
}

/// The same number, or a NaN for a NaN where arithmetic made it: which of them is not specified (4.3.3).
fn same(name: &str, found: u64, expected: u64) -> bool {
    let keeps_bits = ["abs", "neg", "copysign"]
        .iter()
        .any(|end| name.ends_with(end));
    let nans = match &name[..3] {
        "f32" => {
            f32::from_bits(found as u32).is_nan()
                && f32::from_bits(expected as u32).is_nan()
                && found >> 32 == 0
        }
        "f64" => f64::from_bits(found).is_nan() && f64::from_bits(expected).is_nan(),
        _ => false,
    };
    found == expected || nans && !keeps_bits
}

/// Checks the slot, if the op writes one, and the accumulator.
pub(crate) fn check_output(bare: &Bare, placed: &Placed, class: Class, expected: u64) {
    let accumulator = if class == Class::Float { FACC } else { ACC };
    let slot = def(placed.op).fields.contains(&Field::Dst).then_some(DST);
    for at in slot.into_iter().chain([accumulator]) {
        let found = bare.slots[at as usize];
        assert!(
            same(def(placed.op).name, found, expected),
            "{placed}: {found:#x}, not {expected:#x}, in slot {at}"
        );
    }
}
