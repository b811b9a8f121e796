//! Which locals a piece of code may read before it has written them.
//!
//! Locals are zero at entry (core specification, 4.4.10). Those that every path writes first need not be zeroed, which
//! for most functions is all of them: a dozen stores less for each call.
//!
//! This is the classic backward data flow over basic blocks, with a set of locals in one word. Blocks are noted while the
//! code is made: what an operator reads or writes is told where it stands, which may be before the instruction that does
//! it. No label and no assignment comes between the two, so what is found is never less than what the code does.

use alloc::vec::Vec;

use super::Label;

/// How many locals are looked at.
pub const TRACKED: usize = 64;

/// Rounds of the data flow until it gives up.
const ROUNDS: usize = 12;

/// The block of a label that is not placed yet.
const NO_BLOCK: u32 = u32::MAX;

/// A basic block: what it reads first and what it writes, what is live where it begins, whether it goes on to the
/// next, and where its other successors stand in [`Liveness::successors`].
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    reads: u64,
    writes: u64,
    live: u64,
    first_successor: u32,
    falls_through: bool,
}

/// The locals of one function after the other. It is kept for the memory that it has gathered.
#[derive(Debug, Default)]
pub struct Liveness {
    /// The slot of the first local that is looked at.
    first: u16,
    /// The blocks that have ended.
    blocks: Vec<Block>,
    /// The present block.
    block: Block,
    /// The number of the instruction that it begins with.
    begun: usize,
    /// The labels that blocks branch to, block after block.
    successors: Vec<Label>,
    /// For each label the block that it stands before.
    starts: Vec<u32>,
    /// Whether the data flow settled in time.
    settled: bool,
}

impl Liveness {
    /// Begins a function whose locals begin at slot `first`.
    pub fn reset(&mut self, first: u16) {
        self.first = first;
        self.blocks.clear();
        self.block = Block::default();
        self.begun = 0;
        self.successors.clear();
        self.starts.clear();
    }

    /// Says that the local in `slot` is read.
    #[inline(always)]
    pub fn read(&mut self, slot: u16) {
        self.block.reads |= self.bit(slot) & !self.block.writes;
    }

    /// Says that the local in `slot` is written.
    #[inline(always)]
    pub fn write(&mut self, slot: u16) {
        self.block.writes |= self.bit(slot);
    }

    /// The set of the local in `slot`, or none if that is not looked at.
    #[inline(always)]
    fn bit(&self, slot: u16) -> u64 {
        let local = slot.wrapping_sub(self.first);
        u64::from(usize::from(local) < TRACKED) << (local % TRACKED as u16)
    }

    /// Says that there is another label.
    pub(super) fn label(&mut self) {
        self.starts.push(NO_BLOCK);
    }

    /// Says that `label` stands before instruction `at`, to which the code before it goes on or not.
    pub(super) fn place(&mut self, label: Label, at: usize, falls_through: bool) {
        if at != self.begun || self.block.reads | self.block.writes != 0 {
            self.end(at, falls_through);
        }
        // There are no more blocks than instructions, of which there are fewer than 2³².
        self.starts[label.0 as usize] = self.blocks.len() as u32;
    }

    /// Says that the instruction before `at` may branch to `labels`, and whether it may go on instead.
    pub(super) fn branch(&mut self, labels: &[Label], at: usize, falls_through: bool) {
        self.successors.extend_from_slice(labels);
        self.end(at, falls_through);
    }

    /// Ends the present block before instruction `at`.
    fn end(&mut self, at: usize, falls_through: bool) {
        self.blocks.push(Block {
            falls_through,
            ..self.block
        });
        self.block = Block {
            first_successor: self.successors.len() as u32,
            ..Block::default()
        };
        self.begun = at;
    }

    /// Finds out what is live, at the end of the code.
    pub fn analyse(&mut self) {
        self.end(self.begun, false);
        self.settled = (0..ROUNDS).any(|_| !self.round());
    }

    /// One round of the data flow over all blocks, the last one first; whether anything changed.
    fn round(&mut self) -> bool {
        let mut changed = false;
        let mut end = self.successors.len();
        // What is live behind the block, which only matters if that goes on there.
        let mut next = 0;
        for index in (0..self.blocks.len()).rev() {
            let block = self.blocks[index];
            let first = block.first_successor as usize;
            let mut live = if block.falls_through { next } else { 0 };
            for &label in &self.successors[first..end] {
                live |= self.blocks[self.start(label)].live;
            }
            end = first;
            next = block.reads | (live & !block.writes);
            changed |= next != block.live;
            self.blocks[index].live = next;
        }
        changed
    }

    /// The block that a label stands before.
    fn start(&self, label: Label) -> usize {
        let block = self.starts[label.0 as usize];
        debug_assert_ne!(block, NO_BLOCK, "what is branched to is placed");
        block as usize
    }

    /// The locals that may be read before they are written by code that begins at `label`, or else where the function
    /// does: bit *n* is the *n*th that is looked at. All of them if that would have taken too long to find.
    #[must_use]
    pub fn live_at(&self, label: Option<Label>) -> u64 {
        if self.settled {
            self.blocks[label.map_or(0, |label| self.start(label))].live
        } else {
            u64::MAX
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Locals 0 to 5, and labels 0 to 2.
    fn begun() -> (Liveness, [Label; 3]) {
        let mut liveness = Liveness::default();
        liveness.reset(10);
        let labels = [0, 1, 2].map(Label);
        for _ in labels {
            liveness.label();
        }
        (liveness, labels)
    }

    #[test]
    fn what_one_path_does_not_write_is_live() {
        let (mut liveness, [over, ..]) = begun();
        liveness.write(10);
        liveness.branch(&[over], 1, true);
        liveness.write(11);
        liveness.write(12);
        liveness.place(over, 3, true);
        for local in [10, 11, 13, 9, 74] {
            liveness.read(local);
        }
        liveness.write(13);
        liveness.analyse();
        assert_eq!(liveness.live_at(None), 0b1010);
        assert_eq!(liveness.live_at(Some(over)), 0b1011);
    }

    #[test]
    fn what_a_loop_reads_on_its_way_round_is_live() {
        let (mut liveness, [again, out, behind]) = begun();
        liveness.write(10);
        liveness.place(again, 1, true);
        liveness.read(10);
        liveness.branch(&[out, again], 2, false);
        // Nothing goes here.
        liveness.read(15);
        liveness.place(out, 3, false);
        liveness.read(11);
        liveness.branch(&[again], 4, false);
        liveness.place(behind, 4, false);
        liveness.read(12);
        liveness.analyse();
        assert_eq!(liveness.live_at(None), 0b10);
        assert_eq!(liveness.live_at(Some(again)), 0b11);
        assert_eq!(liveness.live_at(Some(behind)), 0b100);
    }
}
