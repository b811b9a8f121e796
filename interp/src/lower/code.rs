//! A function's code while it grows, and the known contents of the accumulators at its end.

use alloc::vec::Vec;

use super::liveness::Liveness;
use super::{Inst, Label};
use crate::dispatch::Field;
use crate::machine::{Accumulator, Class, SlotIndex};
use crate::ops::{ends_block, fields, without_slot};

/// The place of an op's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// In a slot.
    Slot(SlotIndex),
    /// In the accumulator of its class.
    Acc,
}

/// The values in the accumulators at some place, and the last vector. A vector has no accumulator; its entry tells which instruction
/// computed it.
#[derive(Clone, Copy, Debug)]
pub struct Accumulators {
    /// By class: integers (and references), floats.
    held: [Held; 2],
    #[cfg(feature = "simd")]
    vector: Held,
}

/// The last value of a class at the end of the code so far.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// The slot with the same value, or the first of two; or [`NOTHING`].
    slot: u32,
    /// The number of the instruction that computed it, if its slot need not be written without another reader. Otherwise
    /// [`NOTHING`].
    producer: u32,
}

/// No slot or no instruction.
const NOTHING: u32 = u32::MAX;

impl Held {
    const UNKNOWN: Self = Self {
        slot: NOTHING,
        producer: NOTHING,
    };

    /// The content of `slot`, which is written in any case.
    fn of(slot: SlotIndex) -> Self {
        Self {
            slot: slot.0.into(),
            producer: NOTHING,
        }
    }

    /// Returns whether it is known to equal the content of `slot`, or of the slots from there on.
    fn is(self, slot: SlotIndex) -> bool {
        self.slot == slot.0.into()
    }
}

impl Accumulators {
    const UNKNOWN: Self = Self {
        held: [Held::UNKNOWN; 2],
        #[cfg(feature = "simd")]
        vector: Held::UNKNOWN,
    };

    /// The entry of a class that has an accumulator. It is computed without a branch, since most instructions ask for it.
    #[inline(always)]
    fn of_class(&mut self, class: Class) -> &mut Held {
        debug_assert!(class.accumulator().is_some(), "vectors stand apart");
        &mut self.held[usize::from(class == Class::Float)]
    }

    /// Calls `of` with each entry whose value is in `slot`, in whole or in part.
    #[inline(always)]
    fn each_in(&mut self, slot: SlotIndex, of: impl Fn(&mut Held)) {
        for held in &mut self.held {
            if held.is(slot) {
                of(held);
            }
        }
        // Most functions have no vector, so its second slot comes last.
        #[cfg(feature = "simd")]
        if self.vector.slot != NOTHING
            && (self.vector.is(slot) || self.vector.slot + 1 == slot.0.into())
        {
            of(&mut self.vector);
        }
    }

    /// Records that the value that was written to `from` is in `to` instead, and no other value.
    #[inline(always)]
    fn redirect(&mut self, from: SlotIndex, to: SlotIndex) {
        for held in &mut self.held {
            if held.is(from) {
                *held = Held::of(to);
            } else if held.is(to) {
                *held = Held::UNKNOWN;
            }
        }
        #[cfg(feature = "simd")]
        if self.vector.slot != NOTHING {
            if self.vector.is(from) {
                self.vector = Held::of(to);
            } else if self.vector.is(to) || self.vector.slot + 1 == to.0.into() {
                self.vector = Held::UNKNOWN;
            }
        }
    }

    /// Returns whether instruction `producer` computed what is in `slot`, or in the slots from there on.
    fn has(&self, slot: SlotIndex, producer: u32) -> bool {
        let is_it = |held: &Held| held.is(slot) && held.producer == producer;
        #[cfg(feature = "simd")]
        if is_it(&self.vector) {
            return true;
        }
        self.held.iter().any(is_it)
    }
}

/// A function's code while it grows.
#[derive(Debug)]
pub struct Code {
    /// The instructions so far.
    pub insts: Vec<Inst>,
    /// For each label, the number of the instruction after it.
    labels: Vec<u32>,
    /// For each instruction and for the end, whether a placed label stands before it. See [`Code::mark_targets`].
    targets: Vec<bool>,
    /// The labels of all branch tables, one after the other.
    pub tables: Vec<Label>,
    /// The position of the next instruction's origin, in bytes of the module.
    pub position: u32,
    /// The reads and writes of locals.
    pub liveness: Liveness,
    held: Accumulators,
    /// The number of the instruction after the last label. Instructions from there on may be folded.
    barrier: usize,
}

/// Bytes that a vector takes until some ten thousand items more were pushed: its memory is doubled if it has no room for them.
#[must_use]
pub fn ahead<T>(items: &Vec<T>) -> usize {
    const MORE: usize = 1 << 16;
    let room = items.capacity() - items.len();
    let factor = if room < MORE { 2 } else { 1 };
    items.capacity() * factor * size_of::<T>()
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
            held: Accumulators::UNKNOWN,
            barrier: 0,
        }
    }
}

impl Code {
    /// Clears the code for a function whose locals begin at slot `locals`. Keeps the buffers.
    pub fn reset(&mut self, locals: SlotIndex) {
        self.liveness.reset(locals);
        self.insts.clear();
        self.labels.clear();
        self.tables.clear();
        self.targets.clear();
        self.forget();
        self.barrier = 0;
    }

    /// Bytes of memory that it takes, with those of [`ahead`].
    #[must_use]
    pub fn memory(&self) -> usize {
        ahead(&self.insts)
            + ahead(&self.labels)
            + ahead(&self.targets)
            + ahead(&self.tables)
            + self.liveness.memory()
    }

    /// Creates a label that is not placed yet.
    pub fn label(&mut self) -> Label {
        self.labels.push(UNPLACED);
        self.liveness.label();
        // A function body is far smaller than 4 GiB.
        Label((self.labels.len() - 1) as u32)
    }

    /// Places a label at the end of the code.
    pub fn place(&mut self, label: Label) {
        let goes_on = |inst: &Inst| inst.op == Inst::NONE || !ends_block(inst.op);
        let falls_through = self.insts.last().is_none_or(goes_on);
        self.liveness.place(label, self.insts.len(), falls_through);
        self.labels[label.0 as usize] = self.insts.len() as u32;
        self.barrier = self.insts.len();
        self.forget();
    }

    /// The instruction after a label.
    #[must_use]
    pub fn target(&self, label: Label) -> usize {
        let target = self.labels[label.0 as usize];
        debug_assert_ne!(
            target, UNPLACED,
            "all labels are placed before the code is encoded"
        );
        target as usize
    }

    /// Appends an instruction that does not change the accumulators.
    pub fn push(&mut self, inst: Inst) {
        self.insts.push(Inst {
            position: self.position,
            ..inst
        });
    }

    /// Appends an instruction that may branch to `label`.
    pub fn push_branch(&mut self, inst: Inst, label: Label) {
        self.push(inst.label(label));
        let falls_through = !ends_block(inst.op);
        self.liveness
            .branch(&[label], self.insts.len(), falls_through);
    }

    /// Records that execution may continue at these labels from here, although no instruction branches to them.
    #[cfg(feature = "exceptions")]
    pub fn may_continue_at(&mut self, labels: &[Label]) {
        self.liveness.branch(labels, self.insts.len(), true);
    }

    /// Appends a branch table whose labels are the last ones of [`Code::tables`], from number `first` on.
    pub fn push_table(&mut self, inst: Inst, first: usize) {
        let labels = &self.tables[first..];
        self.liveness.branch(labels, self.insts.len() + 1, false);
        // A body contains fewer than 2³² labels. The default is not counted.
        let count = labels.len() as u32 - 1;
        self.push(inst.imm(count.into()).label(Label(first as u32)));
    }

    /// The labels of a branch table, the default last.
    #[must_use]
    pub fn table(&self, inst: &Inst) -> &[Label] {
        &self.tables[inst.label as usize..][..inst.imm as usize + 1]
    }

    /// Appends an instruction that writes a vector to two slots.
    #[cfg(feature = "simd")]
    pub fn push_vector(&mut self, inst: Inst) {
        self.overwritten(inst.dst);
        self.overwritten(SlotIndex(inst.dst.0.wrapping_add(1)));
        self.held.vector = self.result_of(&inst);
        self.push(inst);
    }

    /// Appends an instruction that writes a value of this class to its slot and to the accumulator of the class.
    pub fn push_value(&mut self, inst: Inst, class: Class) {
        self.overwritten(inst.dst);
        *self.held.of_class(class) = self.result_of(&inst);
        self.push(inst);
    }

    /// What the next instruction writes, if it is `inst`.
    #[inline(always)]
    fn result_of(&self, inst: &Inst) -> Held {
        Held {
            slot: inst.dst.0.into(),
            // A body of less than 4 GiB becomes fewer instructions.
            producer: self.insts.len() as u32,
        }
    }

    /// Appends an instruction that writes its value only to an accumulator, for the next instruction.
    pub fn push_acc(&mut self, inst: Inst, class: Class) {
        *self.held.of_class(class) = Held::UNKNOWN;
        self.push(inst);
    }

    /// Records that `slot` was written in another way than by [`Code::push_value`].
    pub fn overwritten(&mut self, slot: SlotIndex) {
        self.held.each_in(slot, |held| *held = Held::UNKNOWN);
    }

    /// Records that the integer accumulator equals `slot`, and that the slot was written.
    pub fn acc_is(&mut self, slot: SlotIndex) {
        self.held.held[0] = Held::of(slot);
    }

    /// Records that the contents of the accumulators are unknown.
    pub fn forget(&mut self) {
        self.held = Accumulators::UNKNOWN;
    }

    /// Moves the branches to `label` to the end of the code.
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

    /// Computes which instructions are targets of placed labels. The code is complete: afterwards instructions change, but
    /// do not move.
    pub fn mark_targets(&mut self) {
        self.targets.clear();
        self.targets.resize(self.insts.len() + 1, false);
        for &target in &self.labels {
            if target != UNPLACED {
                self.targets[target as usize] = true;
            }
        }
    }

    /// Returns whether a placed label stands before instruction `at` of the complete code.
    #[must_use]
    pub fn is_target(&self, at: usize) -> bool {
        self.targets[at]
    }

    /// The instructions at the end of which only the first may be a branch target.
    #[must_use]
    pub fn straight_tail(&self) -> &[Inst] {
        &self.insts[self.barrier..]
    }

    /// Replaces the last `count` instructions by one that is equivalent.
    pub fn replace_last(&mut self, count: usize, inst: Inst) {
        self.insts.truncate(self.insts.len() - count);
        self.forget();
        self.push(inst);
    }

    /// The contents of the accumulators.
    #[must_use]
    pub fn accumulators(&self) -> Accumulators {
        self.held
    }

    /// Restores the contents of the accumulators at another place, from which alone this one is reached. Values that were
    /// taken from them there are not taken here.
    pub fn restore(&mut self, held: Accumulators) {
        self.held = held;
    }

    /// Returns whether no label was placed since the code had `length` instructions.
    #[must_use]
    pub fn is_straight_since(&self, length: usize) -> bool {
        self.barrier <= length
    }

    /// Records that `slot` will be read in a way that this code cannot see, so it must be written.
    pub fn pin(&mut self, slot: SlotIndex) {
        self.held.each_in(slot, |held| held.producer = NOTHING);
    }

    /// Returns whether the accumulator of a class equals `slot`.
    #[must_use]
    pub fn holds(&self, slot: SlotIndex, class: Class) -> bool {
        match class.accumulator() {
            Some(Accumulator::Integer) => self.held.held[0].is(slot),
            Some(Accumulator::Float) => self.held.held[1].is(slot),
            None => false,
        }
    }

    /// Takes the value of `slot` from the accumulator that contains it. If it is a temporary without another reader, its
    /// slot is no longer written.
    pub fn take(&mut self, slot: SlotIndex, class: Class, is_temp: bool) -> Arg {
        if !self.holds(slot, class) {
            return Arg::Slot(slot);
        }
        let held = self.held.of_class(class);
        if is_temp && held.producer != NOTHING {
            let producer = held.producer;
            *held = Held::UNKNOWN;
            let inst = &mut self.insts[producer as usize];
            inst.op = without_slot(inst.op);
        }
        Arg::Acc
    }

    /// The last instruction, if it computed `slot` and no label stands after it.
    #[must_use]
    pub fn last_producer(&self, slot: SlotIndex) -> Option<&Inst> {
        let inst = self.last_if_reachable_only_from_above()?;
        let last = self.insts.len() as u32 - 1;
        self.held.has(slot, last).then_some(inst)
    }

    /// Returns whether the last instruction computed the vector in the slots from `slot` on, and no label stands after it.
    #[cfg(feature = "simd")]
    #[must_use]
    pub fn is_last_vector(&self, slot: SlotIndex) -> bool {
        let Held { producer, .. } = self.held.vector;
        let last = self.insts.len() as u32;
        self.held.vector.is(slot)
            && producer != NOTHING
            && producer + 1 == last
            && self.insts.len() > self.barrier
    }

    /// The last instruction, if no label stands after it.
    #[must_use]
    pub fn last_if_reachable_only_from_above(&self) -> Option<&Inst> {
        (self.insts.len() > self.barrier).then(|| &self.insts[self.insts.len() - 1])
    }

    /// Removes the last instruction, which [`Code::last_producer`] has returned, so that another one can replace it.
    pub fn remove_last(&mut self) -> Inst {
        let slot = self.insts.last().map(|inst| inst.dst);
        if let Some(slot) = slot {
            self.overwritten(slot);
        }
        self.insts.pop().expect("there was a last instruction")
    }

    /// Changes the output of the last instruction, a vector, from the temporaries from `from` on to the slots from `to` on.
    #[cfg(feature = "simd")]
    pub fn redirect_last_vector(&mut self, from: SlotIndex, to: SlotIndex) {
        self.overwritten(SlotIndex(to.0.wrapping_add(1)));
        self.redirect_last(from, to);
    }

    /// Changes the output of the last instruction from temporary `from` to slot `to`.
    #[inline]
    pub fn redirect_last(&mut self, from: SlotIndex, to: SlotIndex) {
        let last = self.insts.len() - 1;
        debug_assert!(matches!(
            fields(self.insts[last].op).last(),
            Some(Field::Dst | Field::DstVector)
        ));
        debug_assert_eq!(self.insts[last].dst, from);
        self.insts[last].dst = to;
        self.held.redirect(from, to);
    }
}
