//! Exceptions (core specification, 4.4.8 "try_table", "throw", "throw_ref").
//!
//! A clause of a `try_table` is a branch to a block around it. The runtime puts the values of the exception where such a branch
//! leaves them, in the temporaries of the block's results, and continues at the block's label. So a clause emits no code.
//! `lower/handlers.rs` lists the conditions under which that is right.

use alloc::vec::Vec;

use wasmparser::{Catch, TryTable};

use super::Function;
use super::control::Block;
use crate::compile::class::arity;
use crate::compile::module::ModuleInfo;
use crate::lower::Inst;
use crate::lower::handlers::Clause;
use crate::machine::SlotIndex;
use crate::ops::exception::{Throw, ThrowRef};
use crate::ops::number;

impl Function {
    pub(super) fn try_table(&mut self, module: &ModuleInfo, TryTable { ty, catches }: &TryTable) {
        self.settle_locals();
        let (params, results, vectors) = arity(module, *ty);
        let mut clauses = Vec::with_capacity(catches.len());
        for catch in catches {
            clauses.push(self.clause(*catch));
        }
        let region = match clauses.is_empty() {
            true => None,
            false => Some(self.regions.begin(&mut self.code, clauses.into_iter())),
        };
        self.push_control(Block::Forward, params, results, vectors);
        self.top_control().region = region;
    }

    /// A clause of a `try_table`, whose label counts from the block around that.
    fn clause(&mut self, catch: Catch) -> Clause {
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
        Clause {
            tag,
            by_ref,
            label: target.label,
            // A frame that is too large is refused at the end.
            dst: SlotIndex((self.temps + target.height) as u16),
        }
    }

    pub(super) fn throw(&mut self, module: &ModuleInfo, tag: u32) {
        let base = self.arguments(module.tag_type(tag));
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
