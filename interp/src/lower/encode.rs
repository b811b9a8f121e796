//! From instructions to granules.
//!
//! ```text
//!     insts ──► lengths ──► positions ──► granules
//!                  ▲            │
//!                  └── far ◄────┘     a branch too far for 16 bits gets its long form; then again
//! ```
//!
//! The result is position independent: targets count from the start of their op, functions and types are named by
//! index, and there are no addresses.

use alloc::vec::Vec;

use super::{Code, Inst, Label};
use crate::dispatch::{Field, granule, granules};
use crate::ops::branch::Br;
use crate::ops::{fields, number};

const BR: u16 = number::<Br<false>>();
const BR_FAR: u16 = number::<Br<true>>();
/// Granules of a far branch.
const FAR_GRANULES: u32 = 3;

/// What encoding needs again and again.
#[derive(Debug, Default)]
pub struct Encoder {
    /// For each instruction, and for the end, its first granule.
    positions: Vec<u32>,
    /// For each instruction whether its target is too far for a short branch.
    far: Vec<bool>,
    /// The granules.
    pub granules: Vec<u16>,
}

/// Encodes `code` into `encoder.granules`.
pub fn encode(code: &mut Code, encoder: &mut Encoder) {
    encoder.far.clear();
    encoder.far.resize(code.insts.len(), false);
    loop {
        measure(code, encoder);
        if !lengthen(code, encoder) {
            break;
        }
    }
    encoder.granules.clear();
    encoder
        .granules
        .reserve_exact(encoder.positions[code.insts.len()] as usize);
    // Whether the instruction before has named this one too.
    let mut named = false;
    for index in 0..code.insts.len() {
        if code.insts[index].op != Inst::NONE {
            encode_inst(code, encoder, index, named);
            named = code.insts[index].joined != 0;
        }
    }
}

/// For each instruction, where it begins in the granules and where it stands in the module.
///
/// # Panics
/// If `encoder` did not encode `code`.
pub fn positions<'a>(
    code: &'a Code,
    encoder: &'a Encoder,
) -> impl Iterator<Item = (u32, &'a Inst)> {
    assert_eq!(
        encoder.positions.len(),
        code.insts.len() + 1,
        "the encoder has encoded this code"
    );
    encoder
        .positions
        .iter()
        .copied()
        .zip(&code.insts)
        .filter(|(_, inst)| inst.op != Inst::NONE)
}

/// Computes the positions of all instructions.
fn measure(code: &Code, encoder: &mut Encoder) {
    encoder.positions.clear();
    let mut at = 0;
    for (inst, &far) in code.insts.iter().zip(&encoder.far) {
        encoder.positions.push(at);
        at += granules_of(inst, far);
        // The second of a superinstruction is not named: it begins in front of its operands, where its name would stand.
        at -= u32::from(inst.joined != 0);
    }
    encoder.positions.push(at);
}

fn granules_of(inst: &Inst, far: bool) -> u32 {
    if inst.op == Inst::NONE {
        return 0;
    }
    // Lengths are a few granules, but for branch tables, whose length is a number of labels.
    let fields = fields(inst.op);
    let near = match fields.last() {
        Some(Field::Labels) => granules(fields) as u32 + 2 * (inst.imm as u32 + 1),
        _ => granules(fields) as u32,
    };
    match (far, inst.op) {
        (false, _) => near,
        (true, BR) => FAR_GRANULES,
        // See `encode_inst`.
        (true, _) => near + 2 * FAR_GRANULES,
    }
}

/// Marks the branches that are too far; they stand alone. Whether there were new ones.
fn lengthen(code: &mut Code, encoder: &mut Encoder) -> bool {
    let mut changed = false;
    let mut before = 0;
    for index in 0..code.insts.len() {
        let inst = code.insts[index];
        if inst.op == Inst::NONE {
            continue;
        }
        if fields(inst.op).contains(&Field::Label16)
            && !encoder.far[index]
            && i16::try_from(distance(code, encoder, index, Label(inst.label))).is_err()
        {
            encoder.far[index] = true;
            code.insts[before].joined = 0;
            changed = true;
        }
        before = index;
    }
    changed
}

/// Whether an instruction has both a wide index and a constant, which then stands in `offset`.
fn has_index(inst: &Inst) -> bool {
    fields(inst.op).contains(&Field::Index32)
}

/// Granules from the start of an instruction to a label.
fn distance(code: &Code, encoder: &Encoder, index: usize, label: Label) -> i64 {
    i64::from(encoder.positions[code.target(label)]) - i64::from(encoder.positions[index])
}

// Distances were checked by `lengthen`, or are below 2³¹ since code is; constants were chosen to fit their field.
// So `as` loses nothing but the sign bits that reading extends again.
fn encode_inst(code: &Code, encoder: &mut Encoder, index: usize, named: bool) {
    let inst = &code.insts[index];
    let far = encoder.far[index];
    if far && inst.op == BR {
        let target = distance(code, encoder, index, Label(inst.label)) as u32;
        encoder.granules.push(granule(BR_FAR));
        push32(&mut encoder.granules, target);
        return;
    }
    if !named {
        let name = if inst.joined == 0 {
            inst.op
        } else {
            inst.joined
        };
        encoder.granules.push(granule(name));
    }
    let start = encoder.granules.len() - 1;
    let mut small = inst.small.iter();
    for field in fields(inst.op) {
        match field {
            Field::Dst => encoder.granules.push(inst.dst),
            Field::Slot | Field::Base | Field::Index16 => {
                encoder
                    .granules
                    .push(*small.next().expect("an op has at most five small operands"));
            }
            Field::Acc | Field::Facc | Field::Sp | Field::Narrow => {}
            Field::Imm16 => encoder.granules.push(inst.imm as u16),
            Field::Index32 => push32(&mut encoder.granules, inst.imm as u32),
            Field::Imm32 => push32(
                &mut encoder.granules,
                if has_index(inst) {
                    inst.offset
                } else {
                    inst.imm as u32
                },
            ),
            Field::Imm64 => {
                push32(&mut encoder.granules, inst.imm as u32);
                push32(&mut encoder.granules, (inst.imm >> 32) as u32);
            }
            Field::Offset16 => encoder.granules.push(inst.offset as u16),
            Field::Offset32 => push32(&mut encoder.granules, inst.offset),
            Field::Label16 if far => {
                // Over the branch that follows, which leads past the one to the target.
                let here = encoder.granules.len() - start + 1;
                encoder.granules.push((here + FAR_GRANULES as usize) as u16);
            }
            Field::Label16 => {
                let target = distance(code, encoder, index, Label(inst.label));
                encoder.granules.push(target as i16 as u16);
            }
            Field::Label32 => {
                let target = distance(code, encoder, index, Label(inst.label));
                push32(&mut encoder.granules, target as u32);
            }
            Field::Labels => {
                let first = inst.label as usize;
                for entry in first..=first + inst.imm as usize {
                    let target = distance(code, encoder, index, code.tables[entry]);
                    push32(&mut encoder.granules, target as u32);
                }
            }
        }
    }
    if far {
        let target = distance(code, encoder, index, Label(inst.label));
        encoder.granules.push(granule(BR_FAR));
        push32(&mut encoder.granules, 2 * FAR_GRANULES);
        let second = encoder.granules.len() - start;
        encoder.granules.push(granule(BR_FAR));
        push32(&mut encoder.granules, (target - second as i64) as u32);
    }
}

/// Appends a number of two granules, in the host's byte order as running code reads it.
fn push32(granules: &mut Vec<u16>, number: u32) {
    let bytes = number.to_ne_bytes();
    granules.push(u16::from_ne_bytes([bytes[0], bytes[1]]));
    granules.push(u16::from_ne_bytes([bytes[2], bytes[3]]));
}
