//! Threading of resume points, a pattern of Go's compiler.
//!
//! Almost every Go function is a loop around a branch table. Local 0, the *resume point* (`PC_B` in Go's compiler), is the
//! index of the table. A jump between two basic blocks of Go sets local 0 and repeats the loop:
//!
//! ```text
//!     loop
//!       block … block
//!         local.get 0
//!         br_table 0 1 2 …            the resume table
//!       end
//!       …
//!       i32.const 5; local.set 0; br (loop)      branches to entry 5 of the table
//! ```
//!
//! Such a branch is *threaded*: it goes to the table's target directly, and the assignment of local 0 is omitted.
//!
//! # Correctness
//! A threaded branch differs from the original in two ways: it skips the code between the loop's start and the table, and
//! local 0 keeps its old value. Neither may have an effect. Each of these conditions is checked for every function:
//!
//! * *No code stands between the loop's start and the table.* No instruction was appended since the loop's label was placed
//!   ([`Function::begin_resume_table`]).
//! * *No values are carried.* The loop has no parameter, and the table's labels take no value, so neither the branch nor
//!   the table moves values (checked in the same place).
//! * *The branch repeats this loop.* The labels are compared, because a later block may have the loop's position in the
//!   stack of blocks ([`Function::resume_target`]).
//! * *The assignment is the last instruction, and no label stands after it* (checked in the same place).
//! * *The assigned value is never read.* Local 0 is not live at the target: each path from there to a read of local 0,
//!   including the table's read, passes an assignment. The data flow analysis of `lower/liveness.rs` checks this over all
//!   blocks when the function is complete ([`Function::must_be_plain`]). It treats an omitted assignment as an assignment.
//!   That is sound: on a path to a read, the last assignment is always live, and so it is never omitted.
//! * *No older value of local 0 waits on the operand stack.* `local.set` copies such values first, and an unconditional
//!   branch drops the values above.
//!
//! * *The function has no handlers of exceptions* (checked in the same place). A handler is reached from every call.
//!
//! If one of the first four conditions fails, the branch is an ordinary one. If another one fails, or the data flow analysis
//! does not converge, the function is lowered again without threading. Go's compiler meets all conditions;
//! `tests/tests/known.rs` counts that.

use super::Function;
use super::control::{Block, Control};
use super::value::Value;
use crate::dispatch::OpNumber;
use crate::lower::{Label, Operand};
use crate::machine::SlotIndex;
use crate::ops::data::Move;
use crate::ops::number;
use crate::ops::shape::{Imm16, Imm32, ToSlot};

/// The slot of local 0, which is a parameter.
const RESUME_SLOT: SlotIndex = SlotIndex(0);

/// The resume table of a function, and its calls in Go's form.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Resume {
    /// The loop's label, the number of the table's first label, and the number of labels besides the default.
    pub(super) table: Option<(Label, usize, u32)>,
    /// The label for a callee that unwinds.
    pub(super) unwind: Option<Label>,
    /// The slot of the callee's header in the last indirect call.
    pub(super) callee_header: u16,
    /// Whether the function may contain calls in Go's form.
    pub(super) is_go: bool,
    /// Whether this function must be lowered without threading and without ops for Go's calls.
    pub(super) off: bool,
}

impl Function {
    /// Records a branch table if it is the resume table. It has `targets` targets besides the default, which take `arity`
    /// values.
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
        // Only blocks that began at this position can match. The others are skipped, because their number may be as large
        // as the body.
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

    /// Returns the target of a branch to block `index`, if the branch repeats the loop with a constant resume point.
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

    /// Returns whether the function must be lowered again without threading and without ops for Go's calls. Call it when
    /// the function is complete.
    pub(in crate::compile) fn must_be_plain(&mut self) -> bool {
        // The values of locals and the liveness of local 0 are not known where a handler begins.
        #[cfg(feature = "exceptions")]
        if !self.regions.is_empty() && (self.resume.is_go || !self.unset.is_empty()) {
            return true;
        }
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

const CONSTANTS: [OpNumber; 3] = [
    number::<Move<u64, Imm16, ToSlot>>(),
    number::<Move<u32, Imm16, ToSlot>>(),
    number::<Move<u32, Imm32, ToSlot>>(),
];
