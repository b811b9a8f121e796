//! Branches (core specification, 4.4.8 "br", "br_if", "br_table").
//!
//! If only a branch uses the result of a comparison, both become one op.

use alloc::vec::Vec;

use wasmparser::BrTable;

use super::Function;
use super::condition::zero_branch;
use super::control::Target;
use super::value::Value;
use crate::lower::{Arg, Inst, Label, Operand};
use crate::machine::Class;
use crate::ops::branch::{self, Br, BrIf};
use crate::ops::compare::opposite;
use crate::ops::shape::{Acc, Slot};
use crate::ops::shapes::{Shape, To};
use crate::ops::{Kind, number, row, row_of};

impl Function {
    pub(super) fn unreachable(&mut self) {
        self.code
            .push(Inst::new(number::<branch::Unreachable>(), &[]));
        self.kill();
    }

    pub(super) fn jump(&mut self, label: Label) {
        self.code
            .push_branch(Inst::new(number::<Br<false>>(), &[]), label);
    }

    /// Returns the index of a branch's target block. The function body has index 0.
    pub(super) fn branch_target(&self, depth: u32) -> usize {
        self.controls.len() - 1 - depth as usize
    }

    /// Branches to a block with the values on top of the operand stack. The stack stays as it is.
    fn go_to(&mut self, index: usize) {
        if index == 0 {
            self.return_top();
            return;
        }
        let target = self.controls[index].target();
        self.copy_top(target.arity, target.height);
        self.jump(target.label);
        self.controls[index].used = true;
    }

    pub(super) fn br(&mut self, depth: u32) {
        let index = self.branch_target(depth);
        match self.resume_target(index) {
            Some(label) => self.jump(label),
            None => self.go_to(index),
        }
        self.kill();
    }

    pub(super) fn br_if(&mut self, depth: u32) {
        let condition = self.pop();
        self.branch_if(condition, true, depth);
    }

    /// Branches to the block at `depth` if `condition` is nonzero (`sense` is true) or zero.
    pub(super) fn branch_if(&mut self, condition: Value, sense: bool, depth: u32) {
        let index = self.branch_target(depth);
        let target = self.controls[index].target();
        if index != 0 && self.in_place(target) {
            for value in 0..target.arity {
                let slot = self.temp(target.height + value);
                self.code.pin(slot);
            }
            self.controls[index].used = true;
            self.branch_on(condition, sense, target.label);
            return;
        }
        let over = self.code.label();
        self.branch_on(condition, !sense, over);
        self.go_to(index);
        self.code.place(over);
    }

    /// Branches to the block at `depth` by `inst`. `opposite` is the branch with the opposite condition.
    #[cfg(feature = "gc")]
    pub(super) fn branch_by(&mut self, depth: u32, inst: Inst, opposite: Inst) {
        let index = self.branch_target(depth);
        let target = self.controls[index].target();
        if index != 0 && self.in_place(target) {
            for value in 0..target.arity {
                let slot = self.temp(target.height + value);
                self.code.pin(slot);
            }
            self.controls[index].used = true;
            self.code.push_branch(inst, target.label);
            return;
        }
        let over = self.code.label();
        self.code.push_branch(opposite, over);
        self.go_to(index);
        self.code.place(over);
    }

    /// Returns whether the carried values are in the places that the target expects.
    fn in_place(&self, Target { arity, height, .. }: Target) -> bool {
        arity == 0
            || self.operands.height() - arity == height
                && (height..height + arity).all(|height| {
                    let entry = self.operands.at(height);
                    entry.operand == Operand::Temp && !entry.wrapped
                })
    }

    /// Does the same as [`Function::br_table`] for an operator that wasmparser has read.
    pub(super) fn read_br_table(&mut self, targets: &BrTable<'_>) {
        let depths = targets.targets().chain([Ok(targets.default())]);
        let depths: Result<Vec<_>, _> = depths.collect();
        self.br_table(depths.expect("validation has read the targets").into_iter());
    }

    /// Branches to one of the blocks at `depths`. The last one is the default.
    pub(in crate::compile) fn br_table(
        &mut self,
        depths: impl ExactSizeIterator<Item = u32> + Clone,
    ) {
        let (true, Some(any)) = (self.alive, depths.clone().next()) else {
            return;
        };
        let index = self.pop();
        // A body holds fewer than 2³² labels.
        let targets = depths.len() as u32 - 1;
        // All targets take the same number of values.
        let arity = self.controls[self.branch_target(any)].arity();
        self.begin_resume_table(index, targets, arity);
        self.settle_top(arity);
        let first = self.code.tables.len();
        let mut detours = Vec::new();
        for depth in depths {
            let label = self.table_label(self.branch_target(depth), &mut detours);
            self.code.tables.push(label);
        }
        let arg = if index.constant().is_some() {
            Arg::Slot(self.slot_of(index))
        } else {
            self.take(index, Class::Integer)
        };
        // If the count does not fit, the encoder chooses the long form.
        let count = targets as u16;
        let inst = match arg {
            Arg::Slot(slot) => {
                Inst::new(number::<branch::BrTable<Slot, false>>(), &[slot.0, count])
            }
            Arg::Acc => Inst::new(number::<branch::BrTable<Acc, false>>(), &[count]),
        };
        self.code.push_table(inst, first);
        detours.sort_unstable();
        for index in detours {
            if let Some(detour) = self.controls[index].detour.take()
                && !self.is_overgrown()
            {
                self.code.place(detour);
                self.go_to(index);
            }
        }
        self.kill();
    }

    /// Returns the label for a target of a `br_table`. If values must be moved first, it is the label of code that moves
    /// them and then branches; the target is added to `detours`.
    fn table_label(&mut self, index: usize, detours: &mut Vec<usize>) -> Label {
        let target = self.controls[index].target();
        if index != 0 && self.in_place(target) {
            self.controls[index].used = true;
            return target.label;
        }
        if let Some(detour) = self.controls[index].detour {
            return detour;
        }
        detours.push(index);
        let detour = self.code.label();
        self.controls[index].detour = Some(detour);
        detour
    }

    /// Branches to `label` if `condition` is nonzero (`sense` is true) or zero (`sense` is false). A comparison that
    /// computed the condition becomes part of the branch.
    pub(super) fn branch_on(&mut self, condition: Value, sense: bool, label: Label) {
        if let Some(bits) = condition.constant() {
            if (bits as u32 != 0) == sense {
                self.jump(label);
            }
            return;
        }
        if condition.is_temp()
            && let Some(&inst) = self.code.last_producer(condition.slot)
            && let Some(fused) = self.fuse(inst, sense)
        {
            self.code.push_branch(fused, label);
            return;
        }
        if self.go_call(condition, sense, label) {
            return;
        }
        let inst = match self.take(condition, Class::Integer) {
            Arg::Slot(slot) => {
                let op = if sense {
                    number::<BrIf<Slot, true>>()
                } else {
                    number::<BrIf<Slot, false>>()
                };
                Inst::new(op, &[slot.0])
            }
            Arg::Acc => Inst::new(
                if sense {
                    number::<BrIf<Acc, true>>()
                } else {
                    number::<BrIf<Acc, false>>()
                },
                &[],
            ),
        };
        self.code.push_branch(inst, label);
    }

    /// Merges the last instruction into a branch if it computed the condition. Removes that instruction.
    fn fuse(&mut self, inst: Inst, sense: bool) -> Option<Inst> {
        let (computed, shape) = row_of(inst.op)?;
        let Shape::Value(pair, _) = shape else {
            return None;
        };
        let op = match computed.kind {
            Kind::IntegerCompare => {
                let opcode = if sense {
                    computed.opcode
                } else {
                    opposite(computed.opcode)
                };
                if let Some(zero) = zero_branch(opcode, pair, inst.imm) {
                    let removed = self.code.remove_last();
                    return Some(self.fuse_float(&zero).unwrap_or(Inst {
                        small: removed.small,
                        ..zero
                    }));
                }
                row(opcode)?.op(Shape::Branch(pair, true))
            }
            Kind::FloatCompare => computed.op(Shape::Branch(pair, sense)),
            _ => return None,
        };
        let mut fused = self.code.remove_last();
        fused.op = op;
        Some(fused)
    }

    /// Replaces a branch on the accumulator by a branch with the float comparison that left its result there.
    fn fuse_float(&mut self, branch: &Inst) -> Option<Inst> {
        let sense = match branch.op {
            op if op == number::<BrIf<Acc, true>>() => true,
            op if op == number::<BrIf<Acc, false>>() => false,
            _ => return None,
        };
        let before = self.code.last_if_reachable_only_from_above()?;
        let (computed, shape) = row_of(before.op)?;
        let Shape::Value(pair, To::Acc) = shape else {
            return None;
        };
        if computed.kind != Kind::FloatCompare {
            return None;
        }
        let mut fused = self.code.remove_last();
        fused.op = computed.op(Shape::Branch(pair, sense));
        Some(fused)
    }
}
