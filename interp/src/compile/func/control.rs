//! Blocks (core specification, 4.4.8).
//!
//! A branch leaves its values in the temporaries of the block's results (for a loop: of its parameters). Code after an
//! unconditional branch is unreachable, and is skipped up to the end of its block.

use wasmparser::{BlockType, Operator, ValType};

use super::Function;
use super::condition::inverted;
#[cfg(feature = "exceptions")]
use super::exception::Try;
use crate::compile::class::{self, class_of};
use crate::compile::module::ModuleInfo;
use crate::lower::{Accumulators, Label, Operand};
use crate::ops::branch::Br;
use crate::ops::number;

/// A block that contains the current position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    pub(super) kind: Block,
    /// The target of branches to this block.
    pub(super) label: Label,
    /// Whether a branch to this block exists.
    pub(super) used: bool,
    /// The target of an `if` with a false condition, until that label is placed.
    pub(super) otherwise: Option<Label>,
    /// During the lowering of a `br_table`: the label of the code that moves values for this block.
    pub(super) detour: Option<Label>,
    /// The height of the operand stack below the block's parameters.
    pub(super) height: usize,
    /// The slots of the parameters, and of the results.
    pub(super) params: usize,
    pub(super) results: usize,
    /// The type, if a parameter or a result is a vector.
    vectors: Option<BlockType>,
    /// For an `if`: the number of instructions after its branch was emitted, and the contents of the accumulators.
    pub(super) begun: (usize, Accumulators),
    /// The number of its region, if it has handlers of exceptions.
    #[cfg(feature = "exceptions")]
    pub(super) region: Option<u32>,
    /// Set for a `try` of the old form.
    #[cfg(feature = "exceptions")]
    pub(super) legacy: Option<Try>,
}

impl Control {
    /// The number of slots that a branch to this block carries.
    pub(super) fn arity(&self) -> usize {
        if self.kind == Block::Loop {
            self.params
        } else {
            self.results
        }
    }

    /// The block as the target of a branch.
    #[inline(always)]
    pub(super) fn target(&self) -> Target {
        Target {
            label: self.label,
            arity: self.arity(),
            height: self.height,
        }
    }
}

/// What a branch to a block needs to know of it.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) label: Label,
    /// The slots that the branch carries.
    pub(super) arity: usize,
    /// The height of the operand stack below them.
    pub(super) height: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A block, an `if`, or the function body. Its label is at its end.
    Forward,
    /// A loop. Its label is at its start.
    Loop,
}

impl Function {
    /// Begins the block of the function body.
    pub(super) fn begin_body(&mut self, module: &ModuleInfo, func: u32) {
        let results = usize::from(self.results);
        self.push_control(Block::Forward, 0, results, None);
        // The parameters of the function are no values of its body's block.
        if class::has_vector(module.func_type(func).results()) {
            self.top_control().vectors = Some(BlockType::FuncType(module.funcs()[func as usize]));
        }
    }

    pub(super) fn push_control(
        &mut self,
        kind: Block,
        params: usize,
        results: usize,
        vectors: Option<BlockType>,
    ) {
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
            vectors,
            begun: (self.code.insts.len(), self.code.accumulators()),
            #[cfg(feature = "exceptions")]
            region: None,
            #[cfg(feature = "exceptions")]
            legacy: None,
        });
    }

    pub(super) fn block(&mut self, module: &ModuleInfo, ty: BlockType) {
        self.settle_locals();
        let (params, results, vectors) = class::arity(module, ty);
        self.push_control(Block::Forward, params, results, vectors);
    }

    pub(super) fn begin_loop(&mut self, module: &ModuleInfo, ty: BlockType) {
        self.settle_locals();
        let (params, results, vectors) = class::arity(module, ty);
        self.settle_top(params);
        self.push_control(Block::Loop, params, results, vectors);
        let label = self.controls[self.controls.len() - 1].label;
        self.code.place(label);
    }

    pub(super) fn begin_if(&mut self, module: &ModuleInfo, ty: BlockType) {
        let condition = self.pop();
        self.settle_locals();
        let (params, results, vectors) = class::arity(module, ty);
        // Both paths read the parameters.
        self.settle_top(params);
        let otherwise = self.code.label();
        self.branch_on(condition, false, otherwise);
        self.push_control(Block::Forward, params, results, vectors);
        self.top_control().otherwise = Some(otherwise);
    }

    pub(super) fn top_control(&mut self) -> &mut Control {
        self.controls
            .last_mut()
            .expect("the function's body is a block")
    }

    pub(super) fn begin_else(&mut self, module: &ModuleInfo) {
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
        self.mark_vectors(module, &control, true);
        self.alive = true;
    }

    pub(super) fn end(&mut self, module: &ModuleInfo) {
        #[cfg(feature = "exceptions")]
        self.end_handled();
        let control = self.controls.pop().expect("validation pairs ends");
        if !self.alive && !control.used && self.end_of_jump(module, &control) {
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
            self.mark_vectors(module, &control, false);
            self.alive = true;
        }
        if self.controls.is_empty() && self.alive {
            self.return_top();
            self.alive = false;
        }
    }

    /// Ends an `if` that contains only a branch: the condition branches to that target directly. Returns whether the `if`
    /// was of this form.
    fn end_of_jump(&mut self, module: &ModuleInfo, control: &Control) -> bool {
        let (begun, accumulators) = control.begun;
        let Some(otherwise) = control.otherwise else {
            return false;
        };
        if begun == 0
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
        if Label(condition.label) != otherwise {
            return false;
        }
        let label = self.code.insts[begun].label;
        self.code.insts.truncate(begun);
        let condition = &mut self.code.insts[begun - 1];
        condition.op = op;
        condition.label = label;
        self.code.pass(otherwise);
        self.code.restore(accumulators);
        self.reset_stack(control.height, control.results);
        self.mark_vectors(module, control, false);
        self.alive = true;
        true
    }

    /// Resets the operand stack to `height` values, with `count` more above them in their temporaries.
    pub(super) fn reset_stack(&mut self, height: usize, count: usize) {
        while self.operands.height() > height {
            self.operands.pop();
        }
        for _ in 0..count {
            self.operands.push(Operand::Temp, false);
        }
    }

    /// Marks the high halves of vectors among the values above a block's height: its parameters, or its results.
    fn mark_vectors(&mut self, module: &ModuleInfo, control: &Control, params: bool) {
        let Some(ty) = control.vectors else {
            return;
        };
        let (of_params, of_results) = class::of_block(module, ty);
        let types = if params { of_params } else { of_results };
        self.mark_high(types, control.height);
    }

    /// Marks the high halves of vectors among values of these types, of which the first is at `height`.
    pub(super) fn mark_high(&mut self, types: &[ValType], mut height: usize) {
        for ty in types {
            height += class_of(*ty).slots();
            if *ty == ValType::V128 {
                self.operands.mark_high(height - 1);
            }
        }
    }

    /// Marks the following code as unreachable.
    pub(super) fn kill(&mut self) {
        self.alive = false;
        self.code.forget();
        let height = self.top_control().height;
        self.reset_stack(height, 0);
    }

    /// Returns whether `operator` ends unreachable code.
    #[inline(always)]
    pub(super) fn revives(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                self.dead_blocks += 1;
                false
            }
            #[cfg(feature = "exceptions")]
            Operator::TryTable { .. } | Operator::Try { .. } => {
                self.dead_blocks += 1;
                false
            }
            #[cfg(feature = "exceptions")]
            Operator::Catch { .. } | Operator::CatchAll => self.dead_blocks == 0,
            #[cfg(feature = "exceptions")]
            Operator::Delegate { .. } => {
                let ends = self.dead_blocks == 0;
                self.dead_blocks = self.dead_blocks.saturating_sub(1);
                ends
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
}
