//! Liveness of locals: which locals may code read before it has written them?
//!
//! Locals are zero at entry (core specification, 4.4.10). A local need not be zeroed if every path writes it first. In most
//! functions this holds for all locals, which saves a dozen stores for each call.
//!
//! This is the classic backward data flow analysis over basic blocks, with a set of locals in one word. Blocks are recorded
//! while the code is made. The reads and writes of an operator are recorded at its place, which may be before the
//! instruction that performs them. No label and no assignment comes between the two, so the result is never smaller than
//! the real set.
//!
//! The same analysis covers one parameter: local 0 of a function whose assignments to it may be omitted if the assigned
//! value is never read (`compile/func/go.rs`).

use alloc::vec::Vec;

use super::{Label, ahead};
use crate::machine::SlotIndex;

/// The number of locals that are analysed, besides local 0.
pub const TRACKED: usize = 63;

/// Local 0 in a set of locals.
const LOCAL_0: u64 = 1 << TRACKED;

/// The maximum number of rounds of the analysis.
const ROUNDS: usize = 12;

/// The block of a label that is not placed yet.
const NO_BLOCK: u32 = u32::MAX;

/// A basic block: the locals that it reads first and that it writes, those that are live at its start, whether it continues
/// with the next block, and the place of its other successors in [`Liveness::successors`].
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    reads: u64,
    writes: u64,
    live: u64,
    first_successor: u32,
    falls_through: bool,
}

/// The locals of one function. The buffers are reused for the next function.
#[derive(Debug, Default)]
pub struct Liveness {
    /// The slot of the first local that is analysed.
    first: SlotIndex,
    /// The blocks that have ended.
    blocks: Vec<Block>,
    /// The current block.
    block: Block,
    /// The number of its first instruction.
    begun: usize,
    /// The labels that blocks branch to, block after block.
    successors: Vec<Label>,
    /// For each label, the block after it.
    starts: Vec<u32>,
    /// Whether [`Liveness::analyse`] has run.
    analysed: bool,
    /// The locals whose analysis had not converged when it stopped.
    unsettled: u64,
}

impl Liveness {
    /// Begins a function whose locals begin at slot `first`.
    pub fn reset(&mut self, first: SlotIndex) {
        self.first = first;
        self.blocks.clear();
        self.block = Block::default();
        self.begun = 0;
        self.successors.clear();
        self.starts.clear();
        self.analysed = false;
    }

    /// Bytes of memory that it takes, with those of [`ahead`].
    pub(super) fn memory(&self) -> usize {
        ahead(&self.blocks) + ahead(&self.successors) + ahead(&self.starts)
    }

    /// Records a read of the local in `slot`.
    #[inline(always)]
    pub fn read(&mut self, slot: SlotIndex) {
        self.block.reads |= self.bit(slot) & !self.block.writes;
    }

    /// Records a write of the local in `slot`.
    #[inline(always)]
    pub fn write(&mut self, slot: SlotIndex) {
        self.block.writes |= self.bit(slot);
    }

    /// Records a read of local 0, a parameter.
    #[inline(always)]
    pub fn read_local_0(&mut self) {
        self.block.reads |= LOCAL_0 & !self.block.writes;
    }

    /// Records a write of local 0, a parameter.
    #[inline(always)]
    pub fn write_local_0(&mut self) {
        self.block.writes |= LOCAL_0;
    }

    /// The set that contains the local in `slot`, or the empty set if it is not analysed.
    #[inline(always)]
    fn bit(&self, slot: SlotIndex) -> u64 {
        let local = slot.0.wrapping_sub(self.first.0);
        u64::from(usize::from(local) < TRACKED) << (local & 63)
    }

    /// Records a new label.
    pub(super) fn label(&mut self) {
        self.starts.push(NO_BLOCK);
    }

    /// Records that `label` stands before instruction `at`, and whether the code before it continues there.
    pub(super) fn place(&mut self, label: Label, at: usize, falls_through: bool) {
        if at != self.begun || self.block.reads | self.block.writes != 0 {
            self.end(at, falls_through);
        }
        // There are no more blocks than instructions, and fewer than 2³² instructions.
        self.starts[label.0 as usize] = self.blocks.len() as u32;
    }

    /// Records that the instruction before `at` may branch to `labels`, and whether it may continue instead.
    pub(super) fn branch(&mut self, labels: &[Label], at: usize, falls_through: bool) {
        self.successors.extend_from_slice(labels);
        self.end(at, falls_through);
    }

    /// Ends the current block before instruction `at`.
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

    /// Runs the analysis at the end of the code, once.
    pub fn analyse(&mut self) {
        if self.analysed {
            return;
        }
        self.analysed = true;
        self.end(self.begun, false);
        // Locals are independent of each other. A local that a round did not change anywhere has converged.
        for _ in 0..ROUNDS {
            self.unsettled = self.round();
            if self.unsettled == 0 {
                break;
            }
        }
    }

    /// One round over all blocks, the last one first. Returns the locals that changed.
    fn round(&mut self) -> u64 {
        let mut changed = 0;
        let mut end = self.successors.len();
        // The live locals after the block. They matter only if it continues there.
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

    /// The block after a label.
    fn start(&self, label: Label) -> usize {
        let block = self.starts[label.0 as usize];
        debug_assert_ne!(block, NO_BLOCK, "what is branched to is placed");
        block as usize
    }

    /// The locals that code may read before it writes them, beginning at `label` or at the start of the function. Bit *n*
    /// is the *n*th analysed local. Locals whose analysis was stopped are included.
    #[must_use]
    pub fn live_at(&self, label: Option<Label>) -> u64 {
        self.live(label) & !LOCAL_0
    }

    /// Returns whether code that begins at `label` may read local 0 before it writes it.
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
        liveness.reset(SlotIndex(10));
        let labels = [0, 1, 2].map(Label);
        for _ in labels {
            liveness.label();
        }
        (liveness, labels)
    }

    #[test]
    fn what_one_path_does_not_write_is_live() {
        let (mut liveness, [over, ..]) = begun();
        liveness.write(SlotIndex(10));
        liveness.branch(&[over], 1, true);
        liveness.write(SlotIndex(11));
        liveness.write(SlotIndex(12));
        liveness.place(over, 3, true);
        for local in [10, 11, 13, 9, 74] {
            liveness.read(SlotIndex(local));
        }
        liveness.write(SlotIndex(13));
        liveness.analyse();
        assert_eq!(liveness.live_at(None), 0b1010);
        assert_eq!(liveness.live_at(Some(over)), 0b1011);
    }

    #[test]
    fn what_a_loop_reads_on_its_way_round_is_live() {
        let (mut liveness, [again, out, behind]) = begun();
        liveness.write(SlotIndex(10));
        liveness.place(again, 1, true);
        liveness.read(SlotIndex(10));
        liveness.branch(&[out, again], 2, false);
        // No branch leads here.
        liveness.read(SlotIndex(15));
        liveness.place(out, 3, false);
        liveness.read(SlotIndex(11));
        liveness.branch(&[again], 4, false);
        liveness.place(behind, 4, false);
        liveness.read(SlotIndex(12));
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
        // The last local that is analysed.
        liveness.read(SlotIndex(10 + TRACKED as u16 - 1));
        liveness.analyse();
        assert!(liveness.reads_local_0(again) && liveness.reads_local_0(behind));
        assert!(!liveness.reads_local_0(out), "it is written first");
        assert_eq!(liveness.live_at(None), 1 << (TRACKED - 1));
    }

    #[test]
    fn what_has_not_settled_may_be_read() {
        // Each label is reached from the next one, so each round finds one more.
        let mut liveness = Liveness::default();
        liveness.reset(SlotIndex(10));
        let labels: Vec<Label> = (0..2 * ROUNDS as u32).map(Label).collect();
        for _ in &labels {
            liveness.label();
        }
        liveness.write(SlotIndex(10));
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
