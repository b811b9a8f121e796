//! The symbolic operand stack: the place of each value of wasm's stack, without moving it there.
//!
//! A value at height *h* is a local that was not copied yet, a constant, or a temporary. A temporary is in the slot of its
//! height. So values that cross a branch need no bookkeeping: they are where the other path left them.
//!
//! Heights count slots. A vector takes two entries: one for its low half, and above it one for its high half. So only what computes with
//! vectors knows of them; blocks, branches and calls move slots.
//!
//! A local that is still on the stack must be copied before it is assigned. Entries of the same local are chained, so no
//! search is needed.

use alloc::vec::Vec;

use super::ahead;
use crate::machine::SlotIndex;

/// The place of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// In the slot of a local.
    Local(SlotIndex),
    /// In no slot: the sum of a local and a constant, of 64 bits (`wide`) or 32.
    Sum {
        /// The slot of the local.
        slot: SlotIndex,
        /// The constant, modulo the width.
        add: i16,
        /// Whether it is an `i64`.
        wide: bool,
    },
    /// In no slot: a constant, as the bits of a slot.
    Const(u64),
    /// In the slot of its height.
    Temp,
}

impl Operand {
    /// The slot of the local from which it is computed.
    #[must_use]
    pub fn local(self) -> Option<SlotIndex> {
        match self {
            Self::Local(slot) | Self::Sum { slot, .. } => Some(slot),
            Self::Const(_) | Self::Temp => None,
        }
    }
}

/// An entry of the stack.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The place of the value.
    pub operand: Operand,
    /// Whether it is an `i32` whose slot contains an `i64`, of which it is the low half. The upper bits are not zero.
    pub wrapped: bool,
    /// Whether it is the high half of a vector, whose low half is the entry below.
    pub high: bool,
    /// Whether it is in the chain of a local.
    chained: bool,
    /// That local.
    local: SlotIndex,
    /// The entry before it in the chain.
    before: u32,
}

/// No entry.
const END: u32 = u32::MAX;

/// The symbolic operand stack.
#[derive(Debug, Default)]
pub struct Operands {
    entries: Vec<Entry>,
    /// For each slot of a local, its topmost entry.
    heads: Vec<u32>,
    /// Entries below this height are no locals.
    settled: usize,
}

impl Operands {
    /// Clears the stack for a function whose locals are below slot `slots`.
    pub fn reset(&mut self, slots: usize) {
        self.entries.clear();
        self.heads.clear();
        self.heads.resize(slots, END);
        self.settled = 0;
    }

    /// Bytes of memory that it takes, with those of [`ahead`].
    #[must_use]
    pub fn memory(&self) -> usize {
        ahead(&self.entries) + self.heads.capacity() * size_of::<u32>()
    }

    /// The number of values on the stack.
    #[must_use]
    pub fn height(&self) -> usize {
        self.entries.len()
    }

    /// Pushes a value.
    #[inline]
    pub fn push(&mut self, operand: Operand, wrapped: bool) {
        let mut entry = Entry {
            operand,
            wrapped,
            high: false,
            chained: false,
            local: SlotIndex(0),
            before: END,
        };
        if let Some(slot) = operand.local() {
            let head = &mut self.heads[slot.index()];
            (entry.chained, entry.local, entry.before) = (true, slot, *head);
            // A function body is far smaller than 4 GiB, so heights fit.
            *head = self.entries.len() as u32;
        }
        self.entries.push(entry);
    }

    /// Pushes the halves of a vector.
    pub fn push_vector(&mut self, low: Operand, high: Operand) {
        self.push(low, false);
        self.push(high, false);
        self.mark_high(self.entries.len() - 1);
    }

    /// Records that the value at `height` is the high half of a vector.
    pub fn mark_high(&mut self, height: usize) {
        self.entries[height].high = true;
    }

    /// Pops a value.
    #[inline]
    pub fn pop(&mut self) -> Entry {
        let entry = self.entries.pop().expect("validation counts operands");
        if entry.chained {
            self.heads[entry.local.index()] = entry.before;
        }
        self.settled = self.settled.min(self.entries.len());
        entry
    }

    /// The value at `height`.
    #[must_use]
    pub fn at(&self, height: usize) -> Entry {
        self.entries[height]
    }

    /// Records that the value at `height` is now in its temporary.
    pub fn settle(&mut self, height: usize) {
        // It stays in its chain until it is popped. `next_of` skips it.
        self.entries[height].operand = Operand::Temp;
        self.entries[height].wrapped = false;
    }

    /// Records that the top value, which was computed from the same slot, is only its low half.
    pub fn wrap_top(&mut self, wrapped: bool) {
        self.entries
            .last_mut()
            .expect("validation counts operands")
            .wrapped = wrapped;
    }

    /// Returns whether any value is the local in `slot`.
    #[must_use]
    pub fn has_local(&self, slot: SlotIndex) -> bool {
        self.heads[slot.index()] != END
    }

    /// Removes the entries that are the local in `slot`, or computed from it, from its chain, topmost first.
    pub fn next_of(&mut self, slot: SlotIndex) -> Option<usize> {
        loop {
            let head = self.heads[slot.index()];
            if head == END {
                return None;
            }
            let entry = &mut self.entries[head as usize];
            entry.chained = false;
            self.heads[slot.index()] = entry.before;
            if entry.operand.local() == Some(slot) {
                return Some(head as usize);
            }
        }
    }

    /// Returns the next height whose value is a local, of those not returned before. Afterwards all values below the
    /// current height are settled, provided that the caller settles each returned one.
    pub fn next_unsettled(&mut self) -> Option<usize> {
        while self.settled < self.entries.len() {
            let height = self.settled;
            self.settled += 1;
            if self.entries[height].operand.local().is_some() || self.entries[height].wrapped {
                return Some(height);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_entries_of_a_local_and_only_those() {
        let mut operands = Operands::default();
        operands.reset(4);
        for operand in [
            Operand::Local(SlotIndex(1)),
            Operand::Const(7),
            Operand::Local(SlotIndex(2)),
            Operand::Local(SlotIndex(1)),
            Operand::Temp,
        ] {
            operands.push(operand, false);
        }
        assert!(
            operands.has_local(SlotIndex(1))
                && operands.has_local(SlotIndex(2))
                && !operands.has_local(SlotIndex(3))
        );
        operands.settle(3);
        assert_eq!(operands.next_of(SlotIndex(1)), Some(0));
        operands.settle(0);
        assert_eq!(operands.next_of(SlotIndex(1)), None);
        assert_eq!(operands.next_unsettled(), Some(2));
    }

    #[test]
    fn popping_undoes_the_chain() {
        let mut operands = Operands::default();
        operands.reset(1);
        operands.push(Operand::Local(SlotIndex(0)), false);
        operands.push(Operand::Local(SlotIndex(0)), false);
        operands.pop();
        assert_eq!(operands.next_of(SlotIndex(0)), Some(0));
        operands.pop();
        assert!(!operands.has_local(SlotIndex(0)));
    }
}
