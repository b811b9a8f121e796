//! What Go's compiler makes of a function, recognised: threading of resume points.
//!
//! Almost every Go function is a loop around a branch table, indexed by local 0, the *resume point* (`PC_B` in Go's
//! compiler). A jump from one of Go's basic blocks to another sets local 0 and goes round the loop:
//!
//! ```text
//!     loop
//!       block … block
//!         local.get 0
//!         br_table 0 1 2 …            the resume table
//!       end
//!       …
//!       i32.const 5; local.set 0; br (loop)      goes to what entry 5 of the table names: so branch there
//! ```
//!
//! The branch goes there straight, and local 0 is not set: nobody reads it, as long as every other `local.get 0`
//! follows a `local.set 0` in straight code. Go's compiler keeps to that; where code does not, the function is lowered
//! again without threading.

use super::Function;
use super::control::Block;
use super::value::Value;
use crate::lower::{Label, Operand};
use crate::ops::data::Move;
use crate::ops::number;
use crate::ops::shape::{Imm16, Imm32, ToSlot};

/// The slot of local 0, which is a parameter.
const RESUME_SLOT: u16 = 0;

/// What is known of a function's resume table.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Resume {
    /// The loop's block, the number of its table's first label, and how many there are besides the default.
    pub(super) table: Option<(usize, usize, u32)>,
    /// How much code there was when local 0 was last assigned.
    pub(super) assigned: Option<usize>,
    /// Whether local 0 is read where its value may come from a branch that did not set it.
    pub(super) read: bool,
    /// Whether branches were threaded.
    pub(super) threaded: bool,
    /// Where the function goes if a callee unwinds.
    pub(super) unwind: Option<Label>,
    /// Whether this function must be lowered without threading and calls of Go's.
    pub(super) off: bool,
}

impl Function {
    /// Takes note of a branch table, with so many targets besides the default, if it is the resume table: nothing stands
    /// between the loop's start and it.
    pub(super) fn begin_resume_table(&mut self, index: Value, targets: u32) {
        if self.resume.off
            || self.resume.table.is_some()
            || self.params == 0
            || index.operand != Operand::Local(RESUME_SLOT)
        {
            return;
        }
        let is_head = |control: &super::control::Control| {
            control.kind == Block::Loop && self.code.target(control.label) == self.code.insts.len()
        };
        // Only blocks that began here can be it: all others are passed over, as there may be as many as bytes.
        let here = self.code.insts.len();
        let before = |control: &super::control::Control| control.begun.0 < here;
        let first = self
            .controls
            .iter()
            .rposition(before)
            .map_or(0, |at| at + 1);
        if let Some(block) = self.controls[first..].iter().position(is_head) {
            let block = first + block;
            self.resume.table = Some((block, self.code.tables.len(), targets));
            // The read that the table itself is.
            self.resume.read = false;
        }
    }

    /// Where a branch to block `index` leads at once, if that is round the loop with a constant resume point.
    pub(super) fn resume_target(&mut self, index: usize) -> Option<Label> {
        let (block, first, count) = self.resume.table?;
        let last = self.code.last_if_reachable_only_from_above()?;
        if index != block || last.dst != RESUME_SLOT || !CONSTANTS.contains(&last.op) {
            return None;
        }
        // The table reads 32 bits.
        let point = last.imm as u32;
        self.code.remove_last();
        self.resume.threaded = true;
        Some(self.code.tables[first + point.min(count) as usize])
    }

    /// Takes note that local 0 is assigned.
    pub(super) fn resume_assigned(&mut self, slot: u16) {
        if slot == RESUME_SLOT {
            self.resume.assigned = Some(self.code.insts.len());
        }
    }

    /// Takes note that local 0 is read.
    pub(super) fn resume_read(&mut self, slot: u16) {
        if slot == RESUME_SLOT
            && !self
                .resume
                .assigned
                .is_some_and(|length| self.code.is_straight_since(length))
        {
            self.resume.read = true;
        }
    }

    /// Whether the function must be lowered again, without threading and calls of Go's.
    pub(in crate::compile) fn must_be_plain(&self) -> bool {
        let unwinds_elsewhere = |label| !self.returns_one(label);
        self.resume.threaded && self.resume.read
            || self.resume.unwind.is_some_and(unwinds_elsewhere)
    }
}

const CONSTANTS: [u16; 3] = [
    number::<Move<u64, Imm16, ToSlot>>(),
    number::<Move<u32, Imm16, ToSlot>>(),
    number::<Move<u32, Imm32, ToSlot>>(),
];
