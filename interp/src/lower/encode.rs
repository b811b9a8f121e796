//! From instructions to granules.
//!
//! ```text
//!     insts ──► granules, without targets ──► granules
//!                  ▲                │
//!                  └───── far ◄─────┘     a branch or table too far for 16 bits gets its long form; then again
//! ```
//!
//! The result is position independent: targets count from the start of their op, functions and types are named by
//! index, and there are no addresses.

use alloc::vec::Vec;

#[cfg(feature = "exceptions")]
use super::handlers::{HandlerTable, Regions};
use super::layout::{self, Layout, halves, layout};
use super::{Code, Inst, Label, ahead};
use crate::dispatch::{Field, OpNumber, granule};
use crate::ops::branch::{Br, long_form};
use crate::ops::{number, superinstruction};

const BR_FAR: OpNumber = number::<Br<true>>();
/// Granules of a far branch.
const FAR_GRANULES: u16 = 3;
/// How often code is encoded anew with what turned out to lead far. Programs need one round or two.
const ROUNDS: usize = 6;

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
    /// Whether no superinstruction is used.
    pub separate: bool,
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
    /// 16 bits for each label of the instruction's table.
    NearTable,
    /// 32 bits for each.
    FarTable,
}

/// Instructions between two looks.
const INTERVAL: usize = 1 << 14;

/// Encodes `code`, whose targets are marked, into `encoder.granules`. From time to time it asks `stop` whether to give up, and
/// tells the bytes of memory that it takes until it asks again. Returns whether it is complete.
pub fn encode(code: &Code, encoder: &mut Encoder, stop: &mut dyn FnMut(usize) -> bool) -> bool {
    encoder.far.clear();
    for round in 1.. {
        if !encoder.write(code, stop) {
            return false;
        }
        if encoder.link(code) {
            break;
        }
        if round == ROUNDS {
            // In code that is made so, each round finds just one more: the time would grow with the square of its length.
            encoder.far.fill(true);
        }
    }
    true
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
    /// The handlers of `code`, which was encoded last.
    #[cfg(feature = "exceptions")]
    #[must_use]
    pub fn handlers(&self, code: &Code, regions: &Regions) -> HandlerTable {
        regions.table(code, &self.positions)
    }

    /// Writes all instructions, but no distances. As many neighbours each time as there is a superinstruction for share
    /// a name: that of the first, which is written anew. Returns false if it was stopped.
    #[inline(never)]
    fn write(&mut self, code: &Code, stop: &mut dyn FnMut(usize) -> bool) -> bool {
        self.positions.clear();
        self.distances.clear();
        self.granules.clear();
        // What stands before the present instruction, if the code runs from there to here and from nowhere else: the
        // number of what it is, and where that is named.
        let mut before: Option<(OpNumber, usize)> = None;
        // Positions are below 2³¹ since code is.
        for (index, inst) in code.insts.iter().enumerate() {
            if index % INTERVAL == INTERVAL - 1 && stop(self.memory()) {
                return false;
            }
            self.positions.push(self.granules.len() as u32);
            if code.is_target(index) {
                before = None;
            }
            if inst.op == Inst::NONE {
                continue;
            }
            // What needs its long form stands alone. Where that is one op, it is the neighbour.
            let far = !self.far.is_empty() && self.far[index];
            let op = if far {
                long_form(inst.op).unwrap_or(inst.op)
            } else {
                inst.op
            };
            let joined = before
                .filter(|_| !far && !self.separate)
                .and_then(|(front, at)| Some((superinstruction::of(front, inst.op)?, at)));
            let name = if let Some((number, at)) = joined {
                before = joined;
                self.granules[at] = granule(number);
                // It begins in front of its operands, where its name would stand.
                self.positions[index] -= 1;
                self.granules.pop().expect("another stands before")
            } else {
                before = Some((op, self.granules.len()));
                granule(op)
            };
            self.write_inst(inst, layout(op), index as u32, name, far);
        }
        self.positions.push(self.granules.len() as u32);
        true
    }

    /// Bytes of memory that it takes, with those of [`ahead`].
    fn memory(&self) -> usize {
        ahead(&self.positions)
            + ahead(&self.distances)
            + ahead(&self.granules)
            + self.far.capacity()
    }

    /// Writes an instruction whose first granule is `name`, its branch target in a long form if it is `far`.
    fn write_inst(&mut self, inst: &Inst, layout: &Layout, index: u32, name: u16, far: bool) {
        let from = self.granules.len();
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
                let from = self.granules.len() as u32;
                self.granules.extend([granule(BR_FAR), 0, 0]);
                self.distances.push(Distance {
                    inst: index,
                    from,
                    at: from + 1,
                    label: inst.label,
                    kind: Kind::Far,
                });
                return;
            }
            Field::Label16 => (end - 1, Kind::Near),
            Field::Label32 => (end - 2, Kind::Far),
            _ => {
                let labels = inst.imm as usize + 1;
                let each = field.granules_each().unwrap_or(0);
                self.granules.resize(end + each * labels, 0);
                (end, if far { Kind::FarTable } else { Kind::NearTable })
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

    /// Puts in all distances. If some do not fit, their branches are marked; the answer is no.
    fn link(&mut self, code: &Code) -> bool {
        let mut all_fit = true;
        for distance in &self.distances {
            let index = distance.inst as usize;
            // Distances are signed, so `as` finds the sign again.
            let to = |label| self.positions[code.target(label)].wrapping_sub(distance.from) as i32;
            let granules = &mut self.granules[distance.at as usize..];
            let fits = match distance.kind {
                Kind::Near => near(&mut granules[0], to(Label(distance.label))),
                Kind::Far => {
                    let target = to(Label(distance.label)).cast_unsigned();
                    granules[..2].copy_from_slice(&halves(target));
                    true
                }
                Kind::NearTable => {
                    let inst = &code.insts[index];
                    // The count is a granule too.
                    u16::try_from(inst.imm).is_ok()
                        && granules
                            .iter_mut()
                            .zip(code.table(inst))
                            .all(|(granule, &label)| near(granule, to(label)))
                }
                Kind::FarTable => {
                    let labels = code.table(&code.insts[index]);
                    for (place, &label) in granules.chunks_exact_mut(2).zip(labels) {
                        place.copy_from_slice(&halves(to(label).cast_unsigned()));
                    }
                    true
                }
            };
            if !fits {
                self.far.resize(code.insts.len(), false);
                self.far[index] = true;
                all_fit = false;
            }
        }
        all_fit
    }
}

/// Puts a short distance in its place; whether it fits.
fn near(place: &mut u16, distance: i32) -> bool {
    match i16::try_from(distance) {
        Ok(short) => {
            *place = short.cast_unsigned();
            true
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::branch::{BrTable, Unreachable};
    use crate::ops::data::Move;
    use crate::ops::fields;
    use crate::ops::shape::{Acc, Imm64, Slot, ToSlot};
    use crate::ops::superinstruction::{COUNT, ops_of, parts};

    const BR: OpNumber = number::<Br<false>>();
    const TABLE: OpNumber = number::<BrTable<Slot, false>>();
    const TABLE_ACC: OpNumber = number::<BrTable<Acc, false>>();

    /// Encodes these ops and `filler` others, the last op with the end as its target. The granules, and where ops begin.
    fn encoded(ops: impl Iterator<Item = OpNumber>, filler: usize) -> (Vec<u16>, Vec<u32>) {
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
        assert!(encode(&code, &mut encoder, &mut |_| false));
        (encoder.granules, encoder.positions)
    }

    #[test]
    fn a_branch_leaves_its_superinstruction_if_it_leads_far() {
        let mut branches = 0;
        for name in (0..COUNT).map(|index| OpNumber((crate::ops::COUNT + index) as u16)) {
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

    /// Appends ops of one granule.
    fn fill(code: &mut Code, granules: usize) {
        for _ in 0..granules {
            code.push(Inst::new(number::<Unreachable>(), &[]));
        }
    }

    /// Encodes a branch table of `count` targets and the default, which all lead `before` granules back or else over
    /// itself and `behind` granules. Its number, and the distance that stands at its end.
    fn table(op: OpNumber, count: usize, before: usize, behind: usize) -> (OpNumber, i32) {
        let (mut code, mut encoder) = (Code::default(), Encoder::default());
        let target = code.label();
        if behind == 0 {
            code.place(target);
        }
        fill(&mut code, before);
        code.tables.resize(count + 1, target);
        let small = [0, count as u16];
        code.push_table(Inst::new(op, &small[usize::from(op == TABLE_ACC)..]), 0);
        fill(&mut code, behind);
        if behind > 0 {
            code.place(target);
        }
        code.mark_targets();
        assert!(encode(&code, &mut encoder, &mut |_| false));
        let granules = &encoder.granules[before..encoder.granules.len() - behind];
        let number = [op, long_form(op).expect("a table has one")]
            .into_iter()
            .find(|&number| granules[0] == granule(number))
            .expect("it is a table");
        let distance = match granules {
            [.., near] if number == op => i32::from(near.cast_signed()),
            [.., low, high] => {
                let ([a, b], [c, d]) = (low.to_ne_bytes(), high.to_ne_bytes());
                i32::from_ne_bytes([a, b, c, d])
            }
            _ => unreachable!("a table has targets"),
        };
        (number, distance)
    }

    #[test]
    fn tables_are_long_where_a_target_or_their_number_does_not_fit() {
        for (op, short) in [(TABLE, 4), (TABLE_ACC, 3)] {
            let long = long_form(op).expect("a table has one");
            // A far table with one target has two granules more: the count and the target.
            assert_eq!(table(op, 0, 0, 32_767 - short), (op, 32_767));
            assert_eq!(table(op, 0, 0, 32_768 - short), (long, 32_770));
            assert_eq!(table(op, 0, 32_768, 0), (op, -32_768));
            assert_eq!(table(op, 0, 32_769, 0), (long, -32_769));
            assert_eq!(table(op, 65_535, 7, 0), (op, -7));
            assert_eq!(table(op, 65_536, 7, 0), (long, -7));
        }
    }

    #[test]
    fn what_pushes_the_next_out_of_reach_takes_few_rounds() {
        for (branches, gives_up) in [(ROUNDS - 1, false), (2 * ROUNDS, true)] {
            let (mut code, mut encoder) = (Code::default(), Encoder::default());
            let reach = i16::MAX as usize;
            let labels: Vec<_> = (0..branches).map(|_| code.label()).collect();
            for &label in &labels {
                code.push_branch(Inst::new(BR, &[]), label);
            }
            fill(&mut code, reach);
            // The last leads a granule too far; each other one does when all behind it have got their long form.
            for (index, &label) in labels.iter().enumerate() {
                code.place_at(label, reach + 2 + 3 * index - 2 * branches);
            }
            let next = code.label();
            code.push_branch(Inst::new(BR, &[]), next);
            code.place(next);
            code.mark_targets();
            assert!(encode(&code, &mut encoder, &mut |_| false));
            assert!(encoder.far[..branches].iter().all(|&far| far));
            assert_eq!(encoder.far[branches + reach], gives_up);
        }
    }
}
