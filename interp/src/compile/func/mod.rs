//! One function: from wasm's operators to [`Code`], in one pass.
//!
//! [`Function`] walks with the operators and keeps a symbolic operand stack; an operator that computes appends an op
//! whose shape fits where its operands are. What is chosen stands by subject:
//!
//! * `value.rs`: operands into ops, `select`; `variable.rs`: locals, globals;
//! * `numeric.rs`: arithmetic, comparisons, conversions, constant folding;
//! * `memory.rs`: loads, stores, bulk operators;
//! * `control.rs`: blocks; `branch.rs`: branches; `calls.rs`: calls and returns;
//! * `go.rs`, `go_calls.rs`: what Go's compiler makes of functions.
//!
//! # Frames
//! Slots, from the frame's first: parameters (or results, if there are more), the header, the other locals,
//! temporaries. A value at height *h* of the operand stack has temporary *h*.

mod branch;
mod calls;
mod control;
mod go;
mod go_calls;
mod memory;
mod numeric;
mod value;
mod variable;

use alloc::vec::Vec;

use wasmparser::Operator;

use super::module::ModuleInfo;
use crate::lower::{Code, Label, Operands};
use crate::machine::HEADER_SLOTS;
use control::Control;
use go::Resume;

/// A function in the making. It is kept from function to function for its memory.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// Its code so far.
    pub(super) code: Code,
    operands: Operands,
    controls: Vec<Control>,
    /// Slots of parameters.
    params: u16,
    /// Slots of results.
    results: u16,
    /// The slot of temporary 0.
    temps: usize,
    /// Slots behind the header that must be zero at entry.
    zeroed: usize,
    /// Slots of the frame as far as it was used.
    used: usize,
    /// Blocks that began in code that cannot be reached.
    dead_blocks: usize,
    /// Whether the present place can be reached.
    alive: bool,
    /// See [`Function::limit`].
    most_insts: usize,
    resume: Resume,
    /// Where code goes on without an assignment to local 0 that the function has.
    unset: Vec<Label>,
}

impl Function {
    /// Begins a function of the module with `locals` locals besides its parameters.
    /// With `threading` as `go.rs` describes it.
    pub(super) fn begin(&mut self, module: &ModuleInfo, func: u32, locals: usize, threading: bool) {
        let ty = module.func_type(func);
        // Validation admits 1,000 parameters and results.
        self.params = ty.params().len() as u16;
        self.results = ty.results().len() as u16;
        self.temps = usize::from(self.header()) + HEADER_SLOTS + locals;
        self.used = self.temps;
        self.code.reset(self.header() + HEADER_SLOTS as u16);
        self.operands.reset(self.temps);
        self.controls.clear();
        self.dead_blocks = 0;
        self.alive = true;
        self.unset.clear();
        self.resume = Resume {
            off: !threading,
            is_go: threading && locals > 0 && go_calls::has_type_of_go(module, ty),
            ..Resume::default()
        };
        self.zeroed = locals;
        self.begin_body();
        self.begin_go();
    }

    /// Sets the number of instructions above which the function will be refused. Until that is noticed, values that operators
    /// carry are not moved any more.
    pub(super) fn limit(&mut self, most_insts: usize) {
        self.most_insts = most_insts;
    }

    /// Whether it has become too much code.
    pub(super) fn is_overgrown(&self) -> bool {
        self.code.insts.len() > self.most_insts
    }

    /// Whether the block that is the body has ended.
    pub(super) fn is_complete(&self) -> bool {
        self.controls.is_empty()
    }

    /// Slots of the frame; at most 65,536 can be named.
    pub(super) fn frame_slots(&self) -> usize {
        self.used
    }

    /// Slots behind the header that must be zero at entry.
    pub(super) fn zeroed_slots(&self) -> usize {
        self.zeroed
    }

    /// Slots behind the header that are locals.
    pub(super) fn local_slots(&self) -> usize {
        self.temps - usize::from(self.header()) - HEADER_SLOTS
    }

    /// Where the header lies.
    fn header(&self) -> u16 {
        self.params.max(self.results)
    }

    /// The slot of a local.
    fn local_slot(&self, local: u32) -> u16 {
        // Validation admits 50,000 locals.
        let local = local as u16;
        if local < self.params {
            local
        } else {
            local - self.params + self.header() + HEADER_SLOTS as u16
        }
    }

    /// The slot of the temporary at `height`.
    fn temp(&mut self, height: usize) -> u16 {
        self.reserve(height + 1);
        // A frame that is too large is refused in the end; until then any slot will do.
        (self.temps + height) as u16
    }

    /// Makes room for `count` temporaries.
    fn reserve(&mut self, count: usize) {
        self.used = self.used.max(self.temps + count);
    }

    /// Lowers an operator that stands at `position` and whose first byte or bytes are `opcode`
    /// (see [`Row::opcode`](crate::ops::Row::opcode)).
    #[inline(always)]
    pub(super) fn operator(&mut self, module: &ModuleInfo, operator: &Operator<'_>, opcode: u16) {
        if !self.alive && !self.revives(operator) {
            return;
        }
        match *operator {
            Operator::Nop => {}
            Operator::Unreachable => self.unreachable(),
            Operator::Block { blockty } => self.block(module, blockty),
            Operator::Loop { blockty } => self.begin_loop(module, blockty),
            Operator::If { blockty } => self.begin_if(module, blockty),
            Operator::Else => self.begin_else(),
            Operator::End => self.end(),
            Operator::Br { relative_depth } => self.br(relative_depth),
            Operator::BrIf { relative_depth } => self.br_if(relative_depth),
            Operator::BrTable { ref targets } => self.read_br_table(targets),
            Operator::Return => self.emit_return(),

            Operator::Call { function_index } => self.call(module, function_index),
            Operator::CallIndirect {
                type_index,
                table_index,
            } => self.call_indirect(module, type_index, table_index),
            Operator::ReturnCall { function_index } => self.return_call(module, function_index),
            Operator::ReturnCallIndirect {
                type_index,
                table_index,
            } => {
                self.return_call_indirect(module, type_index, table_index);
            }

            Operator::Drop => {
                self.operands.pop();
            }
            Operator::Select | Operator::TypedSelect { .. } => self.select(),
            Operator::LocalGet { local_index } => self.local_get(local_index),
            Operator::LocalSet { local_index } => self.local_set(local_index, false),
            Operator::LocalTee { local_index } => self.local_set(local_index, true),
            Operator::GlobalGet { global_index } => self.global_get(module, global_index),
            Operator::GlobalSet { global_index } => self.global_set(module, global_index),

            Operator::I32Const { value } => self.push_const(u64::from(value as u32)),
            Operator::I64Const { value } => self.push_const(value as u64),
            Operator::F32Const { value } => self.push_const(u64::from(value.bits())),
            Operator::F64Const { value } => self.push_const(value.bits()),
            Operator::RefNull { .. } => self.push_const(crate::machine::NULL_REF),
            Operator::RefIsNull => self.unary(0x50),
            Operator::RefFunc { function_index } => self.ref_func(module, function_index),
            Operator::I32WrapI64 => self.wrap(),
            Operator::I64ExtendI32U => self.extend_unsigned(),
            // The same bits in the same slot.
            Operator::I32ReinterpretF32
            | Operator::I64ReinterpretF64
            | Operator::F32ReinterpretI32
            | Operator::F64ReinterpretI64 => {}

            _ => {
                if let Some(access) = memory::Access::of(operator) {
                    self.access(&access, opcode);
                } else if !self.bulk(operator) {
                    self.numeric(opcode);
                }
            }
        }
    }
}
