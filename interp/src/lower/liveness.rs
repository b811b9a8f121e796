//! Which locals a piece of code may read before it has written them.
//!
//! Locals are zero at entry (core specification, 4.4.10). Those that every path writes first need not be zeroed, which
//! for most functions is all of them: a dozen stores less for each call.
//!
//! This is the classic backward data flow over basic blocks, with a set of locals in one word.

use alloc::vec;
use alloc::vec::Vec;

use super::{Code, Inst, Label};
use crate::dispatch::Field;
use crate::ops::{fields, go, leaves_block};

/// How many locals are looked at.
pub const TRACKED: usize = 64;

/// Rounds of the data flow until it gives up.
const ROUNDS: usize = 12;

/// A basic block: its first instruction, what it reads first and what it writes, and what is live where it begins.
#[derive(Clone, Copy, Debug)]
struct Block {
    start: u32,
    reads: u64,
    writes: u64,
    live: u64,
}

/// The locals that may be read before they are written by code that begins at instruction `from`: bit *n* is the
/// local in slot `first + n`. All of them if that would take too long to find.
#[must_use]
pub fn live_at(code: &Code, first: u16, from: usize) -> u64 {
    let mut blocks = blocks(code, first);
    for _ in 0..ROUNDS {
        let mut changed = false;
        for index in (0..blocks.len()).rev() {
            let Block {
                reads,
                writes,
                live,
                ..
            } = blocks[index];
            let now = reads | (live_out(code, &blocks, index) & !writes);
            blocks[index].live = now;
            changed |= now != live;
        }
        if !changed {
            let block = block_at(&blocks, from);
            debug_assert_eq!(
                blocks[block].start as usize, from,
                "the code begins a block"
            );
            return blocks[block].live;
        }
    }
    u64::MAX
}

/// Cuts the code into blocks, and sums up each one.
fn blocks(code: &Code, first: u16) -> Vec<Block> {
    let count = code.insts.len();
    let mut starts = vec![false; count + 1];
    for target in code.targets() {
        starts[target] = true;
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut begin = true;
    for (index, inst) in code.insts.iter().enumerate() {
        if begin || starts[index] {
            blocks.push(Block {
                start: index as u32,
                reads: 0,
                writes: 0,
                live: 0,
            });
        }
        begin = false;
        if inst.op == Inst::NONE {
            continue;
        }
        let block = blocks
            .last_mut()
            .expect("the first instruction begins a block");
        let (reads, writes) = effects(inst, first);
        block.reads |= reads & !block.writes;
        block.writes |= writes;
        begin = fields(inst.op).iter().any(|field| is_target(*field)) || leaves_block(inst.op);
    }
    blocks
}

/// The tracked locals that an instruction reads, and those that it writes.
fn effects(inst: &Inst, first: u16) -> (u64, u64) {
    let bit = |slot: u16| match slot.checked_sub(first) {
        Some(local) if usize::from(local) < TRACKED => 1 << local,
        _ => 0,
    };
    let (mut reads, mut writes) = (0, 0);
    let mut small = inst.small.iter();
    for field in fields(inst.op) {
        match field {
            Field::Dst => writes |= bit(inst.dst),
            Field::Slot => reads |= small.next().map_or(0, |slot| bit(*slot)),
            Field::Base | Field::Index16 => {
                small.next();
            }
            Field::Sp => reads |= bit(go::SP_SLOT),
            _ => {}
        }
    }
    (reads, writes)
}

fn is_target(field: Field) -> bool {
    matches!(field, Field::Label16 | Field::Label32 | Field::Labels)
}

/// What is live behind a block.
fn live_out(code: &Code, blocks: &[Block], index: usize) -> u64 {
    let end = blocks
        .get(index + 1)
        .map_or(code.insts.len(), |next| next.start as usize);
    let inst = &code.insts[end - 1];
    let mut live = 0;
    let mut falls_through = true;
    if inst.op != Inst::NONE {
        for field in fields(inst.op) {
            match field {
                Field::Labels => {
                    let first = inst.label as usize;
                    for label in &code.tables[first..=first + inst.imm as usize] {
                        live |= blocks[block_at(blocks, code.target(*label))].live;
                    }
                }
                Field::Label16 | Field::Label32 => {
                    live |= blocks[block_at(blocks, code.target(Label(inst.label)))].live;
                }
                _ => {}
            }
        }
        falls_through = !leaves_block(inst.op);
    }
    if falls_through && let Some(next) = blocks.get(index + 1) {
        live |= next.live;
    }
    live
}

/// The block that instruction `at` is in.
fn block_at(blocks: &[Block], at: usize) -> usize {
    blocks.partition_point(|block| block.start as usize <= at) - 1
}
