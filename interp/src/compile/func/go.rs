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
//! Such a branch is *threaded*: it goes there straight, and the assignment of local 0 is left out.
//!
//! # When that is right
//! A threaded branch differs from the one that it stands for in two ways: it passes over the code between the loop's start and
//! the table, and local 0 keeps its old value. Both must make no difference. Each condition is checked, in any function:
//!
//! * *Nothing stands between the loop's start and the table.* No instruction has been appended since the loop's label was placed
//!   ([`Function::begin_resume_table`]).
//! * *No values are carried.* The loop has no parameter and the table's labels take no value, so neither the branch nor the table
//!   moves any (same place).
//! * *The branch goes round this loop.* The labels are compared: a later block may have the loop's place in the stack of blocks
//!   ([`Function::resume_target`]).
//! * *The assignment is the last instruction, and nothing can have branched to behind it* (same place).
//! * *Nobody reads what was assigned.* Local 0 is not live where the branch leads: each path from there to a read of local 0,
//!   that of the table included, passes an assignment. The data flow of `lower/liveness.rs` finds it over all blocks, when the
//!   function is complete ([`Function::must_be_plain`]). It counts what is left out as an assignment, and so it may: of the
//!   assignments on a path to a read, the last one is always live, and so it is never left out.
//! * *No value that was read before waits on the operand stack.* `local.set` copies those first, and an unconditional branch
//!   drops what stands above.
//!
//! Where one of the first four does not hold, the branch is an ordinary one. Where the fifth does not, or the data flow did not
//! settle, the function is lowered again without threading. Go's compiler keeps to all of them: `tests/tests/known.rs` counts that.

use super::Function;
use super::control::{Block, Control};
use super::value::Value;
use crate::lower::{Label, Operand};
use crate::ops::data::Move;
use crate::ops::number;
use crate::ops::shape::{Imm16, Imm32, ToSlot};

/// The slot of local 0, which is a parameter.
const RESUME_SLOT: u16 = 0;

/// What is known of a function's resume table, and of its calls.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Resume {
    /// The loop's label, the number of its table's first label, and how many there are besides the default.
    pub(super) table: Option<(Label, usize, u32)>,
    /// Where the function goes if a callee unwinds.
    pub(super) unwind: Option<Label>,
    /// Where the header of the callee of the last indirect call lies.
    pub(super) callee_header: u16,
    /// Whether the function may have calls of Go's.
    pub(super) is_go: bool,
    /// Whether this function must be lowered without threading and calls of Go's.
    pub(super) off: bool,
}

impl Function {
    /// Takes note of a branch table, with so many targets besides the default that take `arity` values, if it is the resume
    /// table.
    pub(super) fn begin_resume_table(&mut self, index: Value, targets: u32, arity: usize) {
        if self.resume.off
            || self.resume.table.is_some()
            || self.params == 0
            || arity != 0
            || index.operand != Operand::Local(RESUME_SLOT)
        {
            return;
        }
        let is_head = |control: &&Control| {
            control.kind == Block::Loop && self.code.target(control.label) == self.code.insts.len()
        };
        // Only blocks that began here can be it: all others are passed over, as there may be as many as bytes.
        let here = self.code.insts.len();
        let before = |control: &Control| control.begun.0 < here;
        let outer = self.controls.iter().rposition(before);
        let first = outer.map_or(0, |at| at + 1);
        if let Some(control) = self.controls[first..].iter().find(is_head)
            && control.params == 0
        {
            self.resume.table = Some((control.label, self.code.tables.len(), targets));
        }
    }

    /// Where a branch to block `index` leads at once, if that is round the loop with a constant resume point.
    pub(super) fn resume_target(&mut self, index: usize) -> Option<Label> {
        let (label, first, count) = self.resume.table?;
        let last = self.code.last_if_reachable_only_from_above()?;
        if self.controls[index].label != label
            || last.dst != RESUME_SLOT
            || !CONSTANTS.contains(&last.op)
        {
            return None;
        }
        // The table reads 32 bits.
        let point = last.imm as u32;
        self.code.remove_last();
        let target = self.code.tables[first + point.min(count) as usize];
        self.unset.push(target);
        Some(target)
    }

    /// Whether the function must be lowered again, without threading and calls of Go's. It is complete.
    pub(in crate::compile) fn must_be_plain(&mut self) -> bool {
        let unwinds_elsewhere = |label| !self.returns_one(label);
        if self.resume.unwind.is_some_and(unwinds_elsewhere) {
            return true;
        }
        if self.unset.is_empty() {
            return false;
        }
        let liveness = &mut self.code.liveness;
        liveness.analyse();
        self.unset
            .iter()
            .any(|&label| liveness.reads_local_0(label))
    }
}

const CONSTANTS: [u16; 3] = [
    number::<Move<u64, Imm16, ToSlot>>(),
    number::<Move<u32, Imm16, ToSlot>>(),
    number::<Move<u32, Imm32, ToSlot>>(),
];
