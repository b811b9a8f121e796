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

use super::layout::{halves, layout};
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

/// Encodes `code` into `encoder.granules`.
pub fn encode(code: &mut Code, encoder: &mut Encoder) {
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
    /// Writes all instructions, but no distances.
    fn write(&mut self, code: &Code) {
        self.positions.clear();
        self.distances.clear();
        self.granules.clear();
        // Whether the instruction before has named the present one too.
        let mut named = false;
        // Positions are below 2³¹ since code is.
        for (index, inst) in code.insts.iter().enumerate() {
            self.positions.push(self.granules.len() as u32);
            if inst.op == Inst::NONE {
                continue;
            }
            let far = !self.far.is_empty() && self.far[index];
            let name = if named {
                // It begins in front of its operands, where its name would stand.
                self.positions[index] -= 1;
                self.granules.pop().expect("the first one has granules")
            } else if inst.joined != 0 {
                granule(inst.joined)
            } else {
                granule(inst.op)
            };
            self.write_inst(inst, index as u32, name, far);
            named = inst.joined != 0;
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
        self.granules
            .extend_from_slice(&layout.granules(inst, name));
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

    /// Puts in all distances. If some do not fit, their branches are marked, and stand alone from now on; the answer is no.
    fn link(&mut self, code: &mut Code) -> bool {
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
                        let index = distance.inst as usize;
                        self.far[index] = true;
                        leave_superinstruction(&mut code.insts[..index]);
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

/// Takes the instruction behind `before` out of the superinstruction whose last one it is, if there is one.
fn leave_superinstruction(before: &mut [Inst]) {
    let mut before = before.iter_mut().rev().filter(|inst| inst.op != Inst::NONE);
    let Some(next_to_last) = before.next() else {
        return;
    };
    let Some((rest, _)) = superinstruction::parts(next_to_last.joined) else {
        return;
    };
    next_to_last.joined = 0;
    // Of three, two are left, and the first names them.
    if superinstruction::parts(rest).is_some()
        && let Some(first) = before.next()
    {
        first.joined = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::superinstruction::{COUNT, ops_of, parts};

    #[test]
    fn what_is_left_of_a_superinstruction_keeps_a_name() {
        for index in 0..COUNT {
            let name = (crate::ops::COUNT + index) as u16;
            let joined = |op| Inst {
                joined: name,
                ..Inst::new(op, &[])
            };
            let mut insts: Vec<_> = ops_of(name).map(joined).collect();
            insts.pop();
            leave_superinstruction(&mut insts);
            let names: Vec<_> = insts.iter().map(|inst| inst.joined).collect();
            match (parts(name), insts.len()) {
                (Some((pair, _)), 2) => assert_eq!(names, [pair, 0]),
                _ => assert_eq!(names, [0]),
            }
        }
    }
}
