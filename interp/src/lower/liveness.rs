//! Which locals a piece of code may read before it has written them.
//!
//! Locals are zero at entry (core specification, 4.4.10). Those that every path writes first need not be zeroed, which
//! for most functions is all of them: a dozen stores less for each call.
//!
//! This is the classic backward data flow over basic blocks, with a set of locals in one word.

use alloc::vec::Vec;

use super::layout::layout;
use super::{Code, Inst};
use crate::ops::{go, leaves_block};

/// How many locals are looked at.
pub const TRACKED: usize = 64;

/// Rounds of the data flow until it gives up.
const ROUNDS: usize = 12;

/// Stands for no block in [`Liveness::block_at`].
const NO_BLOCK: u32 = u32::MAX;

/// A basic block: what it reads first and what it writes, what is live where it begins, and where its successors
/// stand in [`Liveness::successors`].
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    reads: u64,
    writes: u64,
    live: u64,
    first_successor: u32,
}

/// The analysis of one piece of code after the other. It is kept for the memory that it has gathered.
#[derive(Debug, Default)]
pub struct Liveness {
    blocks: Vec<Block>,
    /// The blocks that follow a block, block after block.
    successors: Vec<u32>,
    /// For each instruction that begins a block its number, and [`NO_BLOCK`] for the others.
    block_at: Vec<u32>,
    /// Whether the data flow settled in time.
    settled: bool,
}

impl Liveness {
    /// Looks at the locals of `code`, whose targets are marked, from slot `first` on.
    pub fn analyse(&mut self, code: &Code, first: u16) {
        self.cut(code, first);
        for next in &mut self.successors {
            *next = self.block_at[*next as usize];
        }
        self.settled = (0..ROUNDS).any(|_| !self.round());
    }

    /// The locals that may be read before they are written by code that begins at instruction `from`, to which some
    /// branch goes or which is the first: bit *n* is the local in slot `first + n`. All of them if that would have
    /// taken too long to find.
    #[must_use]
    pub fn live_at(&self, from: usize) -> u64 {
        let block = self.block_at[from];
        debug_assert_ne!(block, NO_BLOCK, "the code begins a block");
        match self.blocks.get(block as usize) {
            Some(block) if self.settled => block.live,
            _ => u64::MAX,
        }
    }

    /// Cuts the code into blocks, and sums up each one. Their successors are noted as instructions for now.
    fn cut(&mut self, code: &Code, first: u16) {
        self.blocks.clear();
        self.successors.clear();
        self.block_at.clear();
        self.block_at.resize(code.insts.len() + 1, NO_BLOCK);
        let mut begin = true;
        let mut falls_through = false;
        for (index, inst) in code.insts.iter().enumerate() {
            if begin || code.is_target(index) {
                if falls_through {
                    self.successors.push(index as u32);
                }
                self.block_at[index] = self.blocks.len() as u32;
                self.blocks.push(Block {
                    first_successor: self.successors.len() as u32,
                    ..Block::default()
                });
            }
            (begin, falls_through) = (false, true);
            if inst.op != Inst::NONE
                && let Some(block) = self.blocks.last_mut()
            {
                let (reads, writes, branches) = effects(inst, first);
                block.reads |= reads & !block.writes;
                block.writes |= writes;
                falls_through = !leaves_block(inst.op);
                begin = branches || !falls_through;
                if branches {
                    let targets = code.targets_of(inst).map(|target| target as u32);
                    self.successors.extend(targets);
                }
            }
        }
    }

    /// One round of the data flow over all blocks, the last one first; whether anything changed.
    fn round(&mut self) -> bool {
        let mut changed = false;
        let mut end = self.successors.len();
        for index in (0..self.blocks.len()).rev() {
            let block = self.blocks[index];
            let first = block.first_successor as usize;
            let live_out = self.successors[first..end].iter().fold(0, |live, next| {
                live | self.blocks.get(*next as usize).map_or(0, |next| next.live)
            });
            end = first;
            let live = block.reads | (live_out & !block.writes);
            changed |= live != block.live;
            self.blocks[index].live = live;
        }
        changed
    }
}

/// The tracked locals that an instruction reads, those that it writes, and whether it may branch.
fn effects(inst: &Inst, first: u16) -> (u64, u64, bool) {
    let bit = |slot: u16| {
        let local = slot.wrapping_sub(first);
        u64::from(usize::from(local) < TRACKED) << (local % TRACKED as u16)
    };
    let layout = layout(inst.op);
    let mut reads = 0;
    let mut left = layout.reads;
    while left != 0 {
        reads |= bit(inst.small[left.trailing_zeros() as usize]);
        left &= left - 1;
    }
    if layout.reads_sp {
        reads |= bit(go::SP_SLOT);
    }
    let writes = if layout.writes { bit(inst.dst) } else { 0 };
    (reads, writes, layout.label.is_some())
}
