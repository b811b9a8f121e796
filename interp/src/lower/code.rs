//! A function's code while it grows, and what is known of the accumulators at its end.

use alloc::vec::Vec;

use super::liveness::Liveness;
use super::{Inst, Label};
use crate::dispatch::Field;
use crate::ops::{fields, leaves_block};

/// Where an op may find an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// In a slot.
    Slot(u16),
    /// In the accumulator of its type.
    Acc,
}

/// What the accumulators hold at some place: that for integers, then that for floats.
#[derive(Clone, Copy, Debug)]
pub struct Accumulators([Held; 2]);

/// What an accumulator holds at the end of the code so far.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// The slot with the same value, or [`NOTHING`].
    slot: u32,
    /// The number of the instruction that computed it, if its slot need not be written when nobody else reads it;
    /// else [`NOTHING`].
    producer: u32,
}

/// Stands for no slot and for no instruction.
const NOTHING: u32 = u32::MAX;

impl Held {
    const UNKNOWN: Self = Self {
        slot: NOTHING,
        producer: NOTHING,
    };

    /// What `slot` holds, which is written in any case.
    fn of(slot: u16) -> Self {
        Self {
            slot: slot.into(),
            producer: NOTHING,
        }
    }

    /// Whether it is known to be what `slot` holds.
    fn is(self, slot: u16) -> bool {
        self.slot == slot.into()
    }
}

/// A function's code while it grows.
#[derive(Debug)]
pub struct Code {
    /// The instructions so far.
    pub insts: Vec<Inst>,
    /// For each label the number of the instruction that it stands before.
    labels: Vec<u32>,
    /// For each instruction, and for the end, whether a placed label stands before it; see [`Code::mark_targets`].
    targets: Vec<bool>,
    /// The labels of all branch tables, one after the other.
    pub tables: Vec<Label>,
    /// Where the next instruction comes from, in bytes of the module.
    pub position: u32,
    /// Which locals are read and written where.
    pub liveness: Liveness,
    held: Accumulators,
    /// The instruction that a label stands before; those from there on may be folded.
    barrier: usize,
}

/// The number of a label that is not placed yet.
const UNPLACED: u32 = u32::MAX;

impl Default for Code {
    fn default() -> Self {
        Self {
            insts: Vec::new(),
            labels: Vec::new(),
            targets: Vec::new(),
            tables: Vec::new(),
            position: 0,
            liveness: Liveness::default(),
            held: Accumulators([Held::UNKNOWN; 2]),
            barrier: 0,
        }
    }
}

impl Code {
    /// Empties the code, keeping its memory, for a function whose locals begin at slot `locals`.
    pub fn reset(&mut self, locals: u16) {
        self.liveness.reset(locals);
        self.insts.clear();
        self.labels.clear();
        self.tables.clear();
        self.targets.clear();
        self.forget();
        self.barrier = 0;
    }

    /// A new label, not placed yet.
    pub fn label(&mut self) -> Label {
        self.labels.push(UNPLACED);
        self.liveness.label();
        // A function body is far smaller than 4 GiB.
        Label((self.labels.len() - 1) as u32)
    }

    /// Places a label at the end of the code.
    pub fn place(&mut self, label: Label) {
        let goes_on = |inst: &Inst| inst.op == Inst::NONE || !leaves_block(inst.op);
        let falls_through = self.insts.last().is_none_or(goes_on);
        self.liveness.place(label, self.insts.len(), falls_through);
        self.labels[label.0 as usize] = self.insts.len() as u32;
        self.barrier = self.insts.len();
        self.forget();
    }

    /// The instruction that a label stands before.
    #[must_use]
    pub fn target(&self, label: Label) -> usize {
        let target = self.labels[label.0 as usize];
        debug_assert_ne!(
            target, UNPLACED,
            "all labels are placed before the code is encoded"
        );
        target as usize
    }

    /// Appends an instruction that leaves the accumulators alone.
    pub fn push(&mut self, inst: Inst) {
        self.insts.push(Inst {
            position: self.position,
            ..inst
        });
    }

    /// Appends an instruction that may branch to `label`.
    pub fn push_branch(&mut self, inst: Inst, label: Label) {
        self.push(inst.label(label));
        let falls_through = !leaves_block(inst.op);
        self.liveness
            .branch(&[label], self.insts.len(), falls_through);
    }

    /// Appends a branch table whose labels are the last ones of [`Code::tables`], from number `first` on.
    pub fn push_table(&mut self, inst: Inst, first: usize) {
        let labels = &self.tables[first..];
        self.liveness.branch(labels, self.insts.len() + 1, false);
        // A body holds fewer than 2³² labels. Besides those counted there is the default.
        let count = labels.len() as u32 - 1;
        self.push(inst.imm(count.into()).label(Label(first as u32)));
    }

    /// The labels of a branch table, the default last.
    #[must_use]
    pub fn table(&self, inst: &Inst) -> &[Label] {
        &self.tables[inst.label as usize..][..inst.imm as usize + 1]
    }

    /// Appends an instruction that writes a slot, and the same value to an accumulator.
    pub fn push_value(&mut self, inst: Inst, float: bool) {
        self.overwritten(inst.dst);
        *self.held(float) = Held {
            slot: inst.dst.into(),
            // A body of less than 4 GiB becomes fewer instructions.
            producer: self.insts.len() as u32,
        };
        self.push(inst);
    }

    /// Appends an instruction that leaves its value in an accumulator alone, where the next one takes it.
    pub fn push_acc(&mut self, inst: Inst, float: bool) {
        *self.held(float) = Held::UNKNOWN;
        self.push(inst);
    }

    /// Says that `slot` was written by other means than [`Code::push_value`].
    pub fn overwritten(&mut self, slot: u16) {
        for held in &mut self.held.0 {
            if held.is(slot) {
                *held = Held::UNKNOWN;
            }
        }
    }

    /// Says that the integer accumulator holds what `slot` does, and that the slot was written.
    pub fn acc_is(&mut self, slot: u16) {
        *self.held(false) = Held::of(slot);
    }

    /// Says that the accumulators may hold anything.
    pub fn forget(&mut self) {
        self.held = Accumulators([Held::UNKNOWN; 2]);
    }

    fn held(&mut self, float: bool) -> &mut Held {
        &mut self.held.0[usize::from(float)]
    }

    /// Says that what would have branched to `label` now goes on to the end of the code.
    pub fn pass(&mut self, label: Label) {
        self.liveness.place(label, self.insts.len(), false);
    }

    /// Places a label before instruction `at`.
    pub fn place_at(&mut self, label: Label, at: usize) {
        self.labels[label.0 as usize] = at as u32;
        if let Some(target) = self.targets.get_mut(at) {
            *target = true;
        }
    }

    /// Finds out what placed labels stand before. The code is complete: after that, instructions change, but stay where
    /// they are.
    pub fn mark_targets(&mut self) {
        self.targets.clear();
        self.targets.resize(self.insts.len() + 1, false);
        for &target in &self.labels {
            if target != UNPLACED {
                self.targets[target as usize] = true;
            }
        }
    }

    /// Whether a placed label stands before instruction `at` of the complete code.
    #[must_use]
    pub fn is_target(&self, at: usize) -> bool {
        self.targets[at]
    }

    /// The instructions at the end to which nothing can have branched, but for the first of them.
    #[must_use]
    pub fn straight_tail(&self) -> &[Inst] {
        &self.insts[self.barrier..]
    }

    /// Puts an instruction in place of the last `count`, which it stands for.
    pub fn replace_last(&mut self, count: usize, inst: Inst) {
        self.insts.truncate(self.insts.len() - count);
        self.forget();
        self.push(inst);
    }

    /// What the accumulators hold.
    #[must_use]
    pub fn accumulators(&self) -> Accumulators {
        self.held
    }

    /// Says that the accumulators hold what they held at another place, from which alone this one is reached.
    /// What is taken from them there is not taken here.
    pub fn restore(&mut self, held: Accumulators) {
        self.held = held;
    }

    /// Whether no label has been placed since the code had `length` instructions.
    #[must_use]
    pub fn is_straight_since(&self, length: usize) -> bool {
        self.barrier <= length
    }

    /// Says that `slot` will be read where this code cannot see it: it must be written.
    pub fn pin(&mut self, slot: u16) {
        for held in &mut self.held.0 {
            if held.is(slot) {
                *held = Held::of(slot);
            }
        }
    }

    /// Whether an accumulator of the type holds what `slot` does.
    #[must_use]
    pub fn holds(&self, slot: u16, float: bool) -> bool {
        self.held.0[usize::from(float)].is(slot)
    }

    /// Takes the value of `slot` from the accumulator that holds it. If it is a temporary, which nobody else reads,
    /// its slot is not written any more.
    pub fn take(&mut self, slot: u16, float: bool, is_temp: bool) -> Arg {
        let held = self.held(float);
        if !held.is(slot) {
            return Arg::Slot(slot);
        }
        if is_temp && held.producer != NOTHING {
            let producer = held.producer;
            *held = Held::UNKNOWN;
            // The form of the op without a slot is its neighbour; see `Output`.
            self.insts[producer as usize].op += 1;
        }
        Arg::Acc
    }

    /// The last instruction, if it computed `slot` and nothing can have branched to behind it.
    #[must_use]
    pub fn last_producer(&self, slot: u16) -> Option<&Inst> {
        let inst = self.last_if_reachable_only_from_above()?;
        let last = self.insts.len() as u32 - 1;
        let is_producer = |held: &Held| held.is(slot) && held.producer == last;
        self.held.0.iter().any(is_producer).then_some(inst)
    }

    /// The last instruction, if nothing can have branched to behind it.
    #[must_use]
    pub fn last_if_reachable_only_from_above(&self) -> Option<&Inst> {
        (self.insts.len() > self.barrier).then(|| &self.insts[self.insts.len() - 1])
    }

    /// Removes the last instruction, which [`Code::last_producer`] has found, to put another in its place.
    pub fn remove_last(&mut self) -> Inst {
        let slot = self.insts.last().map(|inst| inst.dst);
        if let Some(slot) = slot {
            self.overwritten(slot);
        }
        self.insts.pop().expect("there was a last instruction")
    }

    /// Lets the last instruction, which computed temporary `from`, compute slot `to` instead.
    pub fn redirect_last(&mut self, from: u16, to: u16) {
        let last = self.insts.len() - 1;
        debug_assert_eq!(fields(self.insts[last].op).last(), Some(&Field::Dst));
        debug_assert_eq!(self.insts[last].dst, from);
        self.insts[last].dst = to;
        for held in &mut self.held.0 {
            if held.is(from) {
                *held = Held::of(to);
            } else if held.is(to) {
                *held = Held::UNKNOWN;
            }
        }
    }
}
