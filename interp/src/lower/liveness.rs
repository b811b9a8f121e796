//! Which locals a piece of code may read before it has written them.
//!
//! Locals are zero at entry (core specification, 4.4.10). Those that every path writes first need not be zeroed, which
//! for most functions is all of them: a dozen stores less for each call.
//!
//! This is the classic backward data flow over basic blocks, with a set of locals in one word. Blocks are noted while the
//! code is made: what an operator reads or writes is told where it stands, which may be before the instruction that does
//! it. No label and no assignment comes between the two, so what is found is never less than what the code does.
//!
//! The same data flow looks after one parameter: local 0 of a function whose assignments to it may be left out where
//! nobody reads what they assigned (`compile/func/go.rs`).

use alloc::vec::Vec;

use super::Label;

/// How many locals are looked at, besides local 0.
pub const TRACKED: usize = 63;

/// Local 0 in a set of locals.
const LOCAL_0: u64 = 1 << TRACKED;

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
    /// Whether [`Liveness::analyse`] has run.
    analysed: bool,
    /// The locals whose data flow had not settled when it was given up.
    unsettled: u64,
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
        self.analysed = false;
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

    /// Says that local 0, a parameter, is read.
    #[inline(always)]
    pub fn read_local_0(&mut self) {
        self.block.reads |= LOCAL_0 & !self.block.writes;
    }

    /// Says that local 0, a parameter, is written.
    #[inline(always)]
    pub fn write_local_0(&mut self) {
        self.block.writes |= LOCAL_0;
    }

    /// The set of the local in `slot`, or none if that is not looked at.
    #[inline(always)]
    fn bit(&self, slot: u16) -> u64 {
        let local = slot.wrapping_sub(self.first);
        u64::from(usize::from(local) < TRACKED) << (local & 63)
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

    /// Finds out what is live, at the end of the code. Once is enough.
    pub fn analyse(&mut self) {
        if self.analysed {
            return;
        }
        self.analysed = true;
        self.end(self.begun, false);
        // Locals have nothing to do with each other: one that a round has not changed anywhere has settled.
        for _ in 0..ROUNDS {
            self.unsettled = self.round();
            if self.unsettled == 0 {
                break;
            }
        }
    }

    /// One round of the data flow over all blocks, the last one first; for which locals anything changed.
    fn round(&mut self) -> u64 {
        let mut changed = 0;
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
            changed |= next ^ block.live;
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
    /// does: bit *n* is the *n*th that is looked at. Those for which that would have taken too long to find are among them.
    #[must_use]
    pub fn live_at(&self, label: Option<Label>) -> u64 {
        self.live(label) & !LOCAL_0
    }

    /// Whether local 0 may be read before it is written by code that begins at `label`.
    #[must_use]
    pub fn reads_local_0(&self, label: Label) -> bool {
        self.live(Some(label)) & LOCAL_0 != 0
    }

    fn live(&self, label: Option<Label>) -> u64 {
        debug_assert!(
            self.analysed,
            "what is live is asked when the code is complete"
        );
        self.unsettled | self.blocks[label.map_or(0, |label| self.start(label))].live
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

    #[test]
    fn local_0_is_looked_at_by_itself() {
        let (mut liveness, [again, out, behind]) = begun();
        liveness.write_local_0();
        liveness.place(again, 1, true);
        liveness.branch(&[out, behind], 2, false);
        liveness.place(out, 2, false);
        liveness.write_local_0();
        liveness.read_local_0();
        liveness.branch(&[again], 3, false);
        liveness.place(behind, 3, false);
        liveness.read_local_0();
        // The last of those that are looked at.
        liveness.read(10 + TRACKED as u16 - 1);
        liveness.analyse();
        assert!(liveness.reads_local_0(again) && liveness.reads_local_0(behind));
        assert!(!liveness.reads_local_0(out), "it is written first");
        assert_eq!(liveness.live_at(None), 1 << (TRACKED - 1));
    }

    #[test]
    fn what_has_not_settled_may_be_read() {
        // Each label is reached from the one behind it: a round finds one more.
        let mut liveness = Liveness::default();
        liveness.reset(10);
        let labels: Vec<Label> = (0..2 * ROUNDS as u32).map(Label).collect();
        for _ in &labels {
            liveness.label();
        }
        liveness.write(10);
        for (at, pair) in labels.windows(2).enumerate() {
            liveness.place(pair[1], at + 1, false);
            liveness.branch(&pair[..1], at + 2, false);
        }
        liveness.place(labels[0], 100, false);
        liveness.read_local_0();
        liveness.analyse();
        let far = labels[labels.len() - 1];
        assert!(liveness.reads_local_0(far));
        assert_eq!(liveness.live_at(Some(far)), 0, "other locals have settled");
    }
}
