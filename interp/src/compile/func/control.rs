//! Blocks and branches (core specification, 4.4.8).
//!
//! A branch leaves the values that it carries in the temporaries where the block's results (a loop's parameters)
//! belong. Code behind an unconditional branch cannot be reached and is passed over up to the end of its block.

use wasmparser::{BlockType, BrTable, Operator};

use super::Function;
use super::value::Value;
use crate::compile::module::ModuleInfo;
use crate::lower::{Accumulators, Arg, Inst, Label, Operand};
use crate::ops::branch::{self, Br, BrIf, BrIf64};
use crate::ops::compare::{FLOAT_FUSED, FLOAT_PAIRS, INTEGER_FUSED, opposite};
use crate::ops::shape::{Acc, Pair, Slot};
use crate::ops::{Kind, number, row, row_of};

/// A block that the present place is in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    pub(super) kind: Block,
    /// Where a branch to it goes.
    pub(super) label: Label,
    /// Whether a branch goes there.
    used: bool,
    /// Where an `if` goes whose condition is false, until that place comes.
    otherwise: Option<Label>,
    /// While a `br_table` is lowered: where it goes to get here.
    detour: Option<Label>,
    /// Values on the operand stack below its parameters.
    height: usize,
    params: usize,
    results: usize,
    /// For an `if`: how much code there was behind its branch, and what the accumulators held.
    begun: (usize, Accumulators),
}

impl Control {
    /// How many values a branch to it carries.
    fn arity(&self) -> usize {
        if self.kind == Block::Loop {
            self.params
        } else {
            self.results
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A block, an `if`, or the function's body: its label is behind it.
    Forward,
    /// A loop: its label is before it.
    Loop,
}

impl Function {
    /// Begins the block that is the function's body.
    pub(super) fn begin_body(&mut self) {
        self.push_control(Block::Forward, 0, usize::from(self.results));
    }

    fn push_control(&mut self, kind: Block, params: usize, results: usize) {
        let label = self.code.label();
        let height = self.operands.height() - params;
        self.controls.push(Control {
            kind,
            label,
            used: false,
            otherwise: None,
            detour: None,
            height,
            params,
            results,
            begun: (self.code.insts.len(), self.code.accumulators()),
        });
    }

    pub(super) fn block(&mut self, module: &ModuleInfo, ty: BlockType) {
        self.settle_locals();
        let (params, results) = arity(module, ty);
        self.push_control(Block::Forward, params, results);
    }

    pub(super) fn begin_loop(&mut self, module: &ModuleInfo, ty: BlockType) {
        self.settle_locals();
        let (params, results) = arity(module, ty);
        self.settle_top(params);
        self.push_control(Block::Loop, params, results);
        let label = self.controls[self.controls.len() - 1].label;
        self.code.place(label);
    }

    pub(super) fn begin_if(&mut self, module: &ModuleInfo, ty: BlockType) {
        let condition = self.pop();
        self.settle_locals();
        let (params, results) = arity(module, ty);
        // Both ways read them.
        self.settle_top(params);
        let otherwise = self.code.label();
        self.branch_on(condition, false, otherwise);
        self.push_control(Block::Forward, params, results);
        self.top_control().otherwise = Some(otherwise);
    }

    fn top_control(&mut self) -> &mut Control {
        self.controls
            .last_mut()
            .expect("the function's body is a block")
    }

    pub(super) fn begin_else(&mut self) {
        let control = *self.top_control();
        if self.alive {
            self.settle_top(control.results);
            self.jump(control.label);
            self.top_control().used = true;
        }
        let otherwise = self
            .top_control()
            .otherwise
            .take()
            .expect("validation pairs else with if");
        self.code.place(otherwise);
        self.reset_stack(control.height, control.params);
        self.alive = true;
    }

    pub(super) fn end(&mut self) {
        let control = self.controls.pop().expect("validation pairs ends");
        if !self.alive && !control.used && self.end_of_jump(&control) {
            return;
        }
        let forward = control.kind == Block::Forward && control.used;
        if forward || control.otherwise.is_some() {
            if self.alive {
                self.settle_top(control.results);
            }
            if let Some(otherwise) = control.otherwise {
                // An `if` without `else` has its parameters as results, and they are in place.
                self.code.place(otherwise);
            }
            if forward {
                self.code.place(control.label);
            }
            self.reset_stack(control.height, control.results);
            self.alive = true;
        }
        if self.controls.is_empty() && self.alive {
            self.return_top();
            self.alive = false;
        }
    }

    /// Ends an `if` that holds nothing but a branch: its condition branches there itself. Whether it was one.
    fn end_of_jump(&mut self, control: &Control) -> bool {
        let (begun, accumulators) = control.begun;
        if control.otherwise.is_none()
            || begun == 0
            || self.code.insts.len() != begun + 1
            || !self.code.is_straight_since(begun - 1)
            || self.code.insts[begun].op != number::<Br<false>>()
        {
            return false;
        }
        let condition = &self.code.insts[begun - 1];
        let Some(op) = inverted(condition.op) else {
            return false;
        };
        if Some(Label(condition.label)) != control.otherwise {
            return false;
        }
        let label = self.code.insts[begun].label;
        self.code.insts.truncate(begun);
        let condition = &mut self.code.insts[begun - 1];
        condition.op = op;
        condition.label = label;
        self.code.restore(accumulators);
        self.reset_stack(control.height, control.results);
        self.alive = true;
        true
    }

    /// Makes the operand stack `height` values, and above them `count` in their temporaries.
    fn reset_stack(&mut self, height: usize, count: usize) {
        while self.operands.height() > height {
            self.operands.pop();
        }
        for _ in 0..count {
            self.operands.push(Operand::Temp, false);
        }
    }

    /// What follows cannot be reached.
    pub(super) fn kill(&mut self) {
        self.alive = false;
        self.code.forget();
        let height = self.top_control().height;
        self.reset_stack(height, 0);
    }

    /// Whether an operator ends the code that cannot be reached.
    pub(super) fn revives(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                self.dead_blocks += 1;
                false
            }
            Operator::Else => self.dead_blocks == 0,
            Operator::End => {
                let ends = self.dead_blocks == 0;
                self.dead_blocks = self.dead_blocks.saturating_sub(1);
                ends
            }
            _ => false,
        }
    }

    pub(super) fn unreachable(&mut self) {
        self.code
            .push(Inst::new(number::<branch::Unreachable>(), &[]));
        self.kill();
    }

    fn jump(&mut self, label: Label) {
        self.code
            .push(Inst::new(number::<Br<false>>(), &[]).label(label));
    }

    /// The block that a branch goes to, by its index; the function's body has index 0.
    pub(super) fn branch_target(&self, depth: u32) -> usize {
        self.controls.len() - 1 - depth as usize
    }

    /// Goes to a block with the values on top of the operand stack, which stay there.
    fn go_to(&mut self, index: usize) {
        if index == 0 {
            self.return_top();
            return;
        }
        let target = self.controls[index];
        self.copy_top(target.arity(), target.height);
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
        let index = self.branch_target(depth);
        let target = self.controls[index];
        if index != 0 && self.in_place(&target) {
            for value in 0..target.arity() {
                let slot = self.temp(target.height + value);
                self.code.pin(slot);
            }
            self.controls[index].used = true;
            self.branch_on(condition, true, target.label);
            return;
        }
        let over = self.code.label();
        self.branch_on(condition, false, over);
        self.go_to(index);
        self.code.place(over);
    }

    /// Whether the values that a branch carries lie where the target wants them.
    fn in_place(&self, target: &Control) -> bool {
        let arity = target.arity();
        arity == 0
            || self.operands.height() - arity == target.height
                && (target.height..target.height + arity).all(|height| {
                    let entry = self.operands.at(height);
                    entry.operand == Operand::Temp && !entry.wrapped
                })
    }

    pub(super) fn br_table(&mut self, targets: &BrTable<'_>) {
        let index = self.pop();
        self.begin_resume_table(index, targets);
        let default = self.branch_target(targets.default());
        let arity = self.controls[default].arity();
        self.settle_top(arity);
        let first = self.code.tables.len();
        let mut detours = false;
        for target in targets.targets().chain([Ok(targets.default())]) {
            let target = self.branch_target(target.expect("validation has read the targets"));
            let label = self.table_label(target, &mut detours);
            self.code.tables.push(label);
        }
        let arg = if index.constant().is_some() {
            Arg::Slot(self.slot_of(index))
        } else {
            self.take(index, false)
        };
        let inst = match arg {
            Arg::Slot(slot) => Inst::new(number::<branch::BrTable<Slot>>(), &[slot]),
            Arg::Acc => Inst::new(number::<branch::BrTable<Acc>>(), &[]),
        };
        // A body holds fewer than 2³² labels.
        self.code
            .push(inst.imm(targets.len().into()).label(Label(first as u32)));
        if detours {
            for index in 0..self.controls.len() {
                if let Some(detour) = self.controls[index].detour.take() {
                    self.code.place(detour);
                    self.go_to(index);
                }
            }
        }
        self.kill();
    }

    /// Where a `br_table` goes to get to a block: straight there, or to a piece of code that moves the values first.
    fn table_label(&mut self, index: usize, detours: &mut bool) -> Label {
        let target = self.controls[index];
        if index != 0 && self.in_place(&target) {
            self.controls[index].used = true;
            return target.label;
        }
        *detours = true;
        if let Some(detour) = target.detour {
            return detour;
        }
        let detour = self.code.label();
        self.controls[index].detour = Some(detour);
        detour
    }

    /// Goes to `label` if whether `condition` is not 0 is `sense`. A comparison that computed it becomes part of the
    /// branch.
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
            self.code.push(fused.label(label));
            return;
        }
        if self.go_call(condition, sense, label) {
            return;
        }
        let inst = match self.take(condition, false) {
            Arg::Slot(slot) => {
                let op = if sense {
                    number::<BrIf<Slot, true>>()
                } else {
                    number::<BrIf<Slot, false>>()
                };
                Inst::new(op, &[slot])
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
        self.code.push(inst.label(label));
    }

    /// The branch that a last instruction becomes which computed its condition; it is removed then.
    fn fuse(&mut self, inst: Inst, sense: bool) -> Option<Inst> {
        let (computed, shape) = row_of(inst.op)?;
        // Each shape has two forms; this is the one with a slot, which the branch has not.
        let pair = shape / 2;
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
                row(opcode)?.first + INTEGER_FUSED + pair
            }
            Kind::FloatCompare => {
                computed.first + FLOAT_FUSED + pair + if sense { 0 } else { FLOAT_PAIRS }
            }
            _ => return None,
        };
        let mut fused = self.code.remove_last();
        fused.op = op;
        Some(fused)
    }

    /// For a branch on the accumulator: the float comparison that left it there, as the branch.
    fn fuse_float(&mut self, branch: &Inst) -> Option<Inst> {
        let sense = match branch.op {
            op if op == number::<BrIf<Acc, true>>() => true,
            op if op == number::<BrIf<Acc, false>>() => false,
            _ => return None,
        };
        let before = self.code.last_if_reachable_only_from_above()?;
        let (computed, shape) = row_of(before.op)?;
        if computed.kind != Kind::FloatCompare || shape >= FLOAT_FUSED || shape % 2 == 0 {
            return None;
        }
        let mut fused = self.code.remove_last();
        fused.op = computed.first + FLOAT_FUSED + shape / 2 + if sense { 0 } else { FLOAT_PAIRS };
        Some(fused)
    }
}

/// The branch for a comparison with 0, shorter than that with any constant.
fn zero_branch(opcode: u16, pair: u16, imm: u64) -> Option<Inst> {
    let in_acc = match pair {
        _ if imm != 0 => return None,
        _ if pair == Pair::SlotImm16 as u16 => false,
        _ if pair == Pair::AccImm16 as u16 => true,
        _ => return None,
    };
    let op = match (opcode, in_acc) {
        (0x46, false) => number::<BrIf<Slot, false>>(),
        (0x46, true) => number::<BrIf<Acc, false>>(),
        (0x47, false) => number::<BrIf<Slot, true>>(),
        (0x47, true) => number::<BrIf<Acc, true>>(),
        (0x51, false) => number::<BrIf64<Slot, false>>(),
        (0x51, true) => number::<BrIf64<Acc, false>>(),
        (0x52, false) => number::<BrIf64<Slot, true>>(),
        (0x52, true) => number::<BrIf64<Acc, true>>(),
        _ => return None,
    };
    Some(Inst::new(op, &[]))
}

/// The conditional branch that is taken where `op` is not.
fn inverted(op: u16) -> Option<u16> {
    if let Some((computed, shape)) = row_of(op) {
        return match computed.kind {
            Kind::IntegerCompare => Some(row(opposite(computed.opcode))?.first + shape),
            Kind::FloatCompare if shape < FLOAT_FUSED + FLOAT_PAIRS => Some(op + FLOAT_PAIRS),
            Kind::FloatCompare => Some(op - FLOAT_PAIRS),
            _ => None,
        };
    }
    let pairs = [
        (number::<BrIf<Slot, true>>(), number::<BrIf<Slot, false>>()),
        (number::<BrIf<Acc, true>>(), number::<BrIf<Acc, false>>()),
        (
            number::<BrIf64<Slot, true>>(),
            number::<BrIf64<Slot, false>>(),
        ),
        (
            number::<BrIf64<Acc, true>>(),
            number::<BrIf64<Acc, false>>(),
        ),
    ];
    pairs.into_iter().find_map(|(a, b)| match op {
        _ if op == a => Some(b),
        _ if op == b => Some(a),
        _ => None,
    })
}

/// Parameters and results of a block.
fn arity(module: &ModuleInfo, ty: BlockType) -> (usize, usize) {
    match ty {
        BlockType::Empty => (0, 0),
        BlockType::Type(_) => (0, 1),
        BlockType::FuncType(index) => {
            let ty = &module.types()[index as usize];
            (ty.params().len(), ty.results().len())
        }
    }
}
