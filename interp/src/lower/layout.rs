//! What encoding wants to know of an op, for all ops with the same operands: computed from those when the program is
//! compiled, so that it does not look at operands one by one.

use super::Inst;
use crate::dispatch::{Field, OpNumber, granules};
use crate::ops;

/// The most granules of an op, without branch tables.
pub(super) const MOST: usize = 13;
/// Granules that nearly all ops have room in.
pub(super) const USUAL: usize = 5;

/// How ops with some list of operands are encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Granules of the op, without branch tables.
    pub(super) len: u8,
    /// For each granule behind the first the place of its value in [`operands`]. That of a label is put in later.
    sources: [u8; MOST - 1],
    /// The branch target, always the last operand.
    pub(super) label: Option<Field>,
}

/// The layout of op `number`.
#[inline(always)]
pub(super) fn layout(number: OpNumber) -> &'static Layout {
    static LAYOUTS: [Layout; 256] = {
        let mut layouts = [Layout::of(&[]); 256];
        let mut list = 0;
        while list < layouts.len() {
            layouts[list] = Layout::of(ops::LISTS[list]);
            list += 1;
        }
        layouts
    };
    &LAYOUTS[usize::from(ops::list(number))]
}

/// Places in what [`operands`] returns.
const DST: u8 = 0;
const SMALL: u8 = 1;
const IMM16: u8 = 6;
const IMM: u8 = 7;
const OFFSET16: u8 = 11;
const OFFSET: u8 = 12;

/// The operands of an instruction as granules, wide ones in the host's byte order as running code reads them.
#[inline(always)]
fn operands(inst: &Inst) -> [u16; 16] {
    // What does not fit is in no op's operands: constants were chosen to fit their field.
    let [low, second] = halves(inst.imm as u32);
    let [third, high] = halves((inst.imm >> 32) as u32);
    let [offset, offset_high] = halves(inst.offset);
    let [last, last_high] = halves(inst.label);
    let [a, b, c, d, e] = inst.small;
    let (imm16, offset16) = (inst.imm as u16, inst.offset as u16);
    [
        inst.dst.0,
        a,
        b,
        c,
        d,
        e,
        imm16,
        low,
        second,
        third,
        high,
        offset16,
        offset,
        offset_high,
        last,
        last_high,
    ]
}

/// A number of two granules.
#[inline(always)]
pub(super) fn halves(number: u32) -> [u16; 2] {
    let [a, b, c, d] = number.to_ne_bytes();
    [u16::from_ne_bytes([a, b]), u16::from_ne_bytes([c, d])]
}

impl Layout {
    const fn of(fields: &[Field]) -> Self {
        let mut layout = Self {
            len: granules(fields) as u8,
            sources: [0; MOST - 1],
            label: None,
        };
        let (mut at, mut small, mut index) = (0, 0, 0);
        let mut behind_label = false;
        while index < fields.len() {
            let source = match fields[index] {
                Field::Dst | Field::DstVector => DST,
                Field::Slot
                | Field::Vector
                | Field::Also
                | Field::Base
                | Field::Header
                | Field::EachImm16
                | Field::EachOffset16
                | Field::Count16
                | Field::Func16
                | Field::Global16
                | Field::Memory
                | Field::Table => {
                    small += 1;
                    SMALL + small - 1
                }
                Field::Imm16 => IMM16,
                // Beside the index of a type; see `Inst::offset`.
                Field::Imm32 | Field::Data | Field::Elem if has_type(fields) => OFFSET,
                #[cfg(feature = "gc")]
                Field::HeapType => IMM,
                Field::Imm32
                | Field::Imm64
                // Its high half is beside; see `Inst::constant128`.
                | Field::Imm128
                | Field::Float32
                | Field::Float64
                | Field::Count32
                | Field::Func32
                | Field::Import
                | Field::Global32
                | Field::Type
                | Field::Data
                | Field::Elem
                | Field::Tag => IMM,
                Field::Offset16 => OFFSET16,
                Field::Offset32 => OFFSET,
                Field::Label16 | Field::Label32 | Field::Labels16 | Field::Labels32 => {
                    layout.label = Some(fields[index]);
                    0
                }
                Field::DstAcc
                | Field::DstFacc
                | Field::Acc
                | Field::Facc
                | Field::Sp
                | Field::Narrow
                | Field::Wide => 0,
            };
            let mut half = 0;
            assert!(
                fields[index].granules() == 0 || !behind_label,
                "what takes granules stands before the label"
            );
            behind_label = layout.label.is_some();
            while half < fields[index].granules() {
                layout.sources[at] = match half {
                    0..4 => source + half as u8,
                    _ => OFFSET + half as u8 - 4,
                };
                at += 1;
                half += 1;
            }
            index += 1;
        }
        layout
    }

    /// The first `N` granules of an instruction, its label 0. Those behind [`Layout::len`] mean nothing.
    #[inline(always)]
    pub(super) fn granules<const N: usize>(&self, inst: &Inst, first: u16) -> [u16; N] {
        let operands = operands(inst);
        let mut granules = [first; N];
        for (granule, source) in granules[1..].iter_mut().zip(self.sources) {
            *granule = operands[usize::from(source & 15)];
        }
        granules
    }
}

/// The number of operands of op `number` that are in [`Inst::small`].
#[cfg(debug_assertions)]
pub(super) fn small_operands(number: OpNumber) -> usize {
    let is_small = |field: &&Field| {
        let elsewhere = matches!(
            field,
            Field::Dst | Field::DstVector | Field::Imm16 | Field::Offset16 | Field::Label16
        );
        field.granules() == 1 && !elsewhere
    };
    ops::fields(number).iter().filter(is_small).count()
}

const fn has_type(fields: &[Field]) -> bool {
    let mut index = 0;
    while index < fields.len() {
        if matches!(fields[index], Field::Type) {
            return true;
        }
        index += 1;
    }
    false
}
