//! Exceptions (core specification, 4.4.8 "try_table", "throw", "throw_ref"), and the proposal's old form (`try`, `catch`, `delegate`,
//! `rethrow`), which compilers emitted before.
//!
//! A clause of a `try_table` is a branch to a block around it. The runtime puts the values of the exception where such a branch
//! leaves them, in the temporaries of the block's results, and continues at the block's label. So a clause emits no code.
//! `lower/handlers/mod.rs` lists the conditions under which that is right.

use alloc::vec::Vec;

use wasmparser::{BlockType, Catch, TryTable};

use super::Function;
use super::control::Block;
use crate::compile::class::{arity, slots};
use crate::compile::module::ModuleInfo;
use crate::lower::handlers::Clause;
use crate::lower::{Inst, Label};
use crate::machine::SlotIndex;
use crate::ops::exception::{Throw, ThrowRef};
use crate::ops::number;

/// The state of a `try` of the proposal's old form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    /// The number of its region.
    region: u32,
    /// Whether a `catch` has ended the region.
    caught: bool,
    /// The label of the next `catch`, or one that stands at the end. Only the data flow analysis knows of branches to it.
    next: Label,
}

impl Function {
    pub(super) fn try_table(&mut self, module: &ModuleInfo, TryTable { ty, catches }: &TryTable) {
        self.settle_locals();
        let (params, results, vectors) = arity(module, *ty);
        let clauses: Vec<_> = catches
            .iter()
            .map(|catch| self.clause(module, *catch))
            .collect();
        let mut region = None;
        if !clauses.is_empty() {
            let labels: Vec<_> = clauses.iter().map(|clause| clause.label).collect();
            let number = self.regions.begin(&mut self.code, &labels);
            for clause in clauses {
                self.regions.add(number, clause);
            }
            region = Some(number);
        }
        self.push_control(Block::Forward, params, results, vectors);
        self.top_control().region = region;
    }

    /// A clause of a `try_table`, whose label counts from the block around that.
    fn clause(&mut self, module: &ModuleInfo, catch: Catch) -> Clause {
        let (tag, by_ref, depth) = match catch {
            Catch::One { tag, label } => (Some(tag), false, label),
            Catch::OneRef { tag, label } => (Some(tag), true, label),
            Catch::All { label } => (None, false, label),
            Catch::AllRef { label } => (None, true, label),
        };
        let index = self.branch_target(depth);
        // A branch to the function's body returns. Its label stands before the return at the end.
        self.controls[index].used = true;
        let target = self.controls[index];
        self.reserve(target.height + target.arity());
        let values = tag.map_or(0, |tag| slots(module.tag_type(tag).params()));
        // A frame that is too large is refused at the end.
        let slot = |height| SlotIndex((self.temps + height) as u16);
        Clause {
            tag,
            reference: by_ref.then(|| slot(target.height + values)),
            label: target.label,
            dst: slot(target.height),
        }
    }

    /// `try`, of the old form.
    pub(super) fn begin_try(&mut self, module: &ModuleInfo, ty: BlockType) {
        self.settle_locals();
        let (params, results, vectors) = arity(module, ty);
        let next = self.code.label();
        let region = self.regions.begin(&mut self.code, &[next]);
        self.push_control(Block::Forward, params, results, vectors);
        let control = self.top_control();
        control.region = Some(region);
        control.legacy = Some(Try {
            region,
            caught: false,
            next,
        });
    }

    /// `catch` of a tag, or `catch_all`. Below the values of the exception, the operand stack holds a reference to it, of which validation does
    /// not know. `rethrow` uses it.
    pub(super) fn begin_catch(&mut self, module: &ModuleInfo, tag: Option<u32>) {
        if self.alive {
            let control = *self.top_control();
            self.copy_top(control.results, control.height);
            self.jump(control.label);
            self.top_control().used = true;
        }
        self.end_region();
        let control = *self.top_control();
        let Try { region, next, .. } = control.legacy.expect("validation pairs catch with try");
        self.code.place(next);
        let after = self.code.label();
        self.code.may_continue_at(&[after]);
        self.top_control().legacy = Some(Try {
            region,
            caught: true,
            next: after,
        });
        let types = tag.map_or(&[][..], |tag| module.tag_type(tag).params());
        self.reset_stack(control.height, 1 + slots(types));
        self.mark_high(types, control.height + 1);
        self.reserve(control.height + 1 + slots(types));
        // A frame that is too large is refused at the end.
        let slot = |height| SlotIndex((self.temps + height) as u16);
        let clause = Clause {
            tag,
            reference: Some(slot(control.height)),
            label: next,
            dst: slot(control.height + 1),
        };
        self.regions.add(region, clause);
        self.alive = true;
    }

    /// `delegate`: ends a `try` whose exceptions are handled as if the block at `depth`, counted from the block around the `try`, had thrown
    /// them.
    pub(super) fn delegate(&mut self, module: &ModuleInfo, depth: u32) {
        let target = self.controls.len() - 2 - depth as usize;
        let region = self.top_control().region;
        self.end_region();
        let outer = &self.controls[..=target];
        let outer = outer.iter().rev().find_map(|control| control.region);
        if let Some(region) = region {
            self.regions.delegate(region, outer);
        }
        self.end(module);
    }

    /// `rethrow` of the exception of the `catch` at `depth`.
    pub(super) fn rethrow(&mut self, depth: u32) {
        let height = self.controls[self.branch_target(depth)].height;
        let slot = self.temp(height);
        self.code.push(Inst::new(number::<ThrowRef>(), &[slot.0]));
        self.kill();
    }

    /// Ends the region of the innermost block, if it has one that is open.
    pub(super) fn end_region(&mut self) {
        if let Some(region) = self.top_control().region.take() {
            self.regions.end(&mut self.code, region);
        }
    }

    /// Prepares the end of the innermost block: its results are where those of any block are.
    #[inline(always)]
    pub(super) fn end_handled(&mut self) {
        let control = self.top_control();
        if control.region.is_some() || control.legacy.is_some() {
            self.end_with_handlers();
        }
    }

    #[inline(never)]
    fn end_with_handlers(&mut self) {
        self.end_region();
        let control = *self.top_control();
        let Some(Try { caught, next, .. }) = control.legacy else {
            return;
        };
        if caught && self.alive {
            self.copy_top(control.results, control.height);
            self.reset_stack(control.height, control.results);
            self.top_control().used = true;
        }
        self.code.place(next);
    }

    pub(super) fn throw(&mut self, module: &ModuleInfo, tag: u32) {
        let base = self.arguments(module, module.tag_type(tag));
        let inst = Inst::new(number::<Throw>(), &[base.0]);
        self.code.push(inst.imm(tag.into()));
        self.kill();
    }

    pub(super) fn throw_ref(&mut self) {
        let exception = self.pop();
        let slot = self.slot_of(exception);
        self.code.push(Inst::new(number::<ThrowRef>(), &[slot.0]));
        self.kill();
    }
}
