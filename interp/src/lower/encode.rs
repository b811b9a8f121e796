//! From instructions to granules.
//!
//! ```text
//!     insts ──► granules, without targets ──► granules
//!                  ▲                │
//!                  └───── far ◄─────┘     a branch too far for 16 bits gets its long form; then again
//! ```
//!
//! The result is position independent: targets count from the start of their op, functions and types are named by
//! index, and there are no addresses.

use alloc::vec::Vec;

use super::layout::{self, halves, layout};
use super::{Code, Inst, Label};
use crate::dispatch::{Field, granule};
use crate::ops::branch::Br;
use crate::ops::{number, superinstruction};

const BR: u16 = number::<Br<false>>();
const BR_FAR: u16 = number::<Br<true>>();
/// Granules of a far branch.
const FAR_GRANULES: u16 = 3;

/// What encoding needs again and again.
#[derive(Debug, Default)]
pub struct Encoder {
    /// For each instruction, and for the end, its first granule.
    positions: Vec<u32>,
    /// Distances that are still to be put in.
    distances: Vec<Distance>,
    /// For each instruction whether its target is too far for a short branch; empty if none is.
    far: Vec<bool>,
    /// The granules.
    pub granules: Vec<u16>,
}

/// A distance, or those of a branch table.
#[derive(Clone, Copy, Debug)]
struct Distance {
    /// The number of the instruction.
    inst: u32,
    /// The granule from which it counts.
    from: u32,
    /// The granule where it stands.
    at: u32,
    /// The instruction's label.
    label: u32,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// 16 bits.
    Near,
    /// 32 bits.
    Far,
    /// 32 bits for each of so many labels.
    Table(u32),
}

/// Encodes `code`, whose targets are marked, into `encoder.granules`.
pub fn encode(code: &Code, encoder: &mut Encoder) {
    encoder.far.clear();
    loop {
        encoder.write(code);
        if encoder.link(code) {
            break;
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

impl Encoder {
    /// Writes all instructions, but no distances. As many neighbours each time as there is a superinstruction for share
    /// a name: that of the first, which is written anew.
    fn write(&mut self, code: &Code) {
        self.positions.clear();
        self.distances.clear();
        self.granules.clear();
        // What stands before the present instruction, if the code runs from there to here and from nowhere else: the
        // number of what it is, and where that is named.
        let mut before: Option<(u16, usize)> = None;
        // Positions are below 2³¹ since code is.
        for (index, inst) in code.insts.iter().enumerate() {
            self.positions.push(self.granules.len() as u32);
            if code.is_target(index) {
                before = None;
            }
            if inst.op == Inst::NONE {
                continue;
            }
            // What needs its long form stands alone.
            let far = !self.far.is_empty() && self.far[index];
            let joined = before
                .filter(|_| !far)
                .and_then(|(front, at)| Some((superinstruction::of(front, inst.op)?, at)));
            let name = if let Some((number, at)) = joined {
                before = joined;
                self.granules[at] = granule(number);
                // It begins in front of its operands, where its name would stand.
                self.positions[index] -= 1;
                self.granules.pop().expect("another stands before")
            } else {
                before = Some((inst.op, self.granules.len()));
                granule(inst.op)
            };
            self.write_inst(inst, index as u32, name, far);
        }
        self.positions.push(self.granules.len() as u32);
    }

    /// Writes an instruction whose first granule is `name`.
    fn write_inst(&mut self, inst: &Inst, index: u32, name: u16, far: bool) {
        let from = self.granules.len();
        if far && inst.op == BR {
            self.write_far(inst, index);
            return;
        }
        let layout = layout(inst.op);
        if usize::from(layout.len) <= layout::USUAL {
            let granules: [_; layout::USUAL] = layout.granules(inst, name);
            self.granules.extend_from_slice(&granules);
        } else {
            let granules: [_; layout::MOST] = layout.granules(inst, name);
            self.granules.extend_from_slice(&granules);
        }
        let end = from + usize::from(layout.len);
        self.granules.truncate(end);
        let Some(field) = layout.label else {
            return;
        };
        let (at, kind) = match field {
            Field::Label16 if far => {
                // It leads over the branch that follows, which leads over the one to the target.
                self.granules[end - 1] = u16::from(layout.len) + FAR_GRANULES;
                self.granules.push(granule(BR_FAR));
                self.granules.extend(halves(2 * u32::from(FAR_GRANULES)));
                self.write_far(inst, index);
                return;
            }
            Field::Label16 => (end - 1, Kind::Near),
            Field::Label32 => (end - 2, Kind::Far),
            _ => {
                let labels = inst.imm as u32 + 1;
                self.granules.resize(end + 2 * labels as usize, 0);
                (end, Kind::Table(labels))
            }
        };
        self.distances.push(Distance {
            inst: index,
            from: from as u32,
            at: at as u32,
            label: inst.label,
            kind,
        });
    }

    /// Writes a far branch to the label of an instruction.
    fn write_far(&mut self, inst: &Inst, index: u32) {
        let from = self.granules.len() as u32;
        self.granules.extend([granule(BR_FAR), 0, 0]);
        self.distances.push(Distance {
            inst: index,
            from,
            at: from + 1,
            label: inst.label,
            kind: Kind::Far,
        });
    }

    /// Puts in all distances. If some do not fit, their branches are marked; the answer is no.
    fn link(&mut self, code: &Code) -> bool {
        let mut all_fit = true;
        for distance in &self.distances {
            // Distances are signed, so `as` finds the sign again.
            let to =
                |code: &Code, label| self.positions[code.target(label)].wrapping_sub(distance.from);
            let at = distance.at as usize;
            match distance.kind {
                Kind::Near => match i16::try_from(to(code, Label(distance.label)) as i32) {
                    Ok(near) => self.granules[at] = near as u16,
                    Err(_) => {
                        self.far.resize(code.insts.len(), false);
                        self.far[distance.inst as usize] = true;
                        all_fit = false;
                    }
                },
                Kind::Far => {
                    self.granules[at..at + 2]
                        .copy_from_slice(&halves(to(code, Label(distance.label))));
                }
                Kind::Table(labels) => {
                    let labels = &code.tables[distance.label as usize..][..labels as usize];
                    let places = self.granules[at..].chunks_exact_mut(2);
                    for (place, &label) in places.zip(labels) {
                        place.copy_from_slice(&halves(to(code, label)));
                    }
                }
            }
        }
        all_fit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::data::Move;
    use crate::ops::fields;
    use crate::ops::shape::{Imm64, ToSlot};
    use crate::ops::superinstruction::{COUNT, ops_of, parts};

    /// Encodes these ops and `filler` others, the last op with the end as its target. The granules, and where ops begin.
    fn encoded(ops: impl Iterator<Item = u16>, filler: usize) -> (Vec<u16>, Vec<u32>) {
        let (mut code, mut encoder) = (Code::default(), Encoder::default());
        let end = code.label();
        for op in ops {
            code.push(Inst::new(op, &[]).label(end));
        }
        for _ in 0..filler {
            code.push(Inst::new(number::<Move<u64, Imm64, ToSlot>>(), &[]));
        }
        code.place(end);
        code.mark_targets();
        encode(&code, &mut encoder);
        (encoder.granules, encoder.positions)
    }

    #[test]
    fn a_branch_leaves_its_superinstruction_if_it_leads_far() {
        let mut branches = 0;
        for name in (0..COUNT).map(|index| (crate::ops::COUNT + index) as u16) {
            let (front, last) = parts(name).expect("it is a superinstruction");
            if !fields(last).contains(&Field::Label16) {
                continue;
            }
            branches += 1;
            let at = ops_of(name).count() - 1;
            let (granules, _) = encoded(ops_of(name), 10);
            assert_eq!(granules[0], granule(name));
            let (granules, begins) = encoded(ops_of(name), 6_000);
            assert_eq!(granules[0], granule(front));
            let far = if last == BR { BR_FAR } else { last };
            assert_eq!(granules[begins[at] as usize], granule(far));
        }
        assert!(branches > 100 || COUNT == 0);
    }
}
