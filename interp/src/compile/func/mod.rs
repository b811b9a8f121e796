//! Lowers one function from wasm's operators to [`Code`], in one pass.
//!
//! [`Function`] follows the operators with a symbolic operand stack. For an operator that computes, it appends an op whose
//! shape matches the places of the operands. The files by subject:
//!
//! * `value.rs`: values and their places, `select`; `variable.rs`: locals, globals;
//! * `numeric.rs`: arithmetic, comparisons, conversions, constant folding;
//! * `canonical.rs`: canonical NaNs;
//! * `wide.rs`: arithmetic with results of 128 bits; `vector.rs`: vectors of 128 bits;
//! * `memory.rs`: loads, stores; `bulk.rs`: whole memories and tables; `long.rs`: addresses of 64 bits; `atomic.rs`: atomic instructions;
//! * `control.rs`: blocks; `branch.rs` and `condition.rs`: branches; `calls.rs`: calls and returns;
//! * `exception.rs`: exceptions; `reference.rs`: typed references; `object.rs`: structures and arrays;
//! * `go.rs`, `go_calls.rs`: patterns of Go's compiler.
//!
//! # Frames
//! The slots of a frame are, in this order: parameters (or results, if there are more), the header, the other locals,
//! temporaries. The value at height *h* of the operand stack has temporary *h*. A vector takes two neighbouring slots, of a local and of the
//! operand stack.

#[cfg(feature = "threads")]
mod atomic;
mod branch;
mod bulk;
mod calls;
#[cfg(feature = "canonical-nans")]
mod canonical;
mod condition;
mod control;
#[cfg(feature = "exceptions")]
mod exception;
mod go;
mod go_calls;
#[cfg(feature = "memory64")]
mod long;
mod memory;
mod numeric;
#[cfg(feature = "gc")]
mod object;
#[cfg(feature = "gc")]
mod reference;
mod value;
mod variable;
#[cfg(feature = "simd")]
mod vector;
#[cfg(feature = "simd")]
mod vector_chain;
#[cfg(feature = "wide-arithmetic")]
mod wide;

use alloc::vec::Vec;

use wasmparser::Operator;

use super::class::slots;
use super::module::ModuleInfo;
use crate::lower::{Code, Label, Operands, ahead};
use crate::machine::{HEADER_SLOTS, SlotIndex};
use crate::ops::Opcode;
use crate::ops::unary::{I64Eqz, Unary};
#[cfg(feature = "gc")]
use crate::ops::{binary::Binary, compare::integer::I64Eq};
use control::Control;
use go::Resume;
#[cfg(feature = "wide-arithmetic")]
use wide::Halves;

/// The locals of a function besides its parameters.
#[derive(Debug, Default)]
pub(super) struct Locals {
    /// The number of slots that they take.
    pub(super) slots: usize,
    /// The number and the class of the locals of each declaration.
    #[cfg(feature = "simd")]
    pub(super) groups: Vec<(u32, crate::machine::Class)>,
}

/// A function that is being lowered. Its buffers are reused for the next function.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// The code so far.
    pub(super) code: Code,
    operands: Operands,
    controls: Vec<Control>,
    /// Slots of parameters.
    params: u16,
    /// Slots of results.
    results: u16,
    /// The slot of temporary 0.
    temps: usize,
    /// The number of slots after the header that must be zero at entry.
    zeroed: usize,
    /// The slots of the frame that were used.
    used: usize,
    /// The number of open blocks that began in unreachable code.
    dead_blocks: usize,
    /// Whether the current position can be reached.
    alive: bool,
    /// See [`Function::limit`].
    most_insts: usize,
    resume: Resume,
    /// Whether arithmetic gives canonical NaNs.
    #[cfg(feature = "canonical-nans")]
    canonical_nans: bool,
    /// The places of all locals, if one of them is a vector. Otherwise it is empty.
    #[cfg(feature = "simd")]
    placed: Vec<vector::Placed>,
    /// Labels at which a path continues without an assignment to local 0 that the wasm code has.
    unset: Vec<Label>,
    /// The parts of the code that have handlers of exceptions.
    #[cfg(feature = "exceptions")]
    pub(super) regions: crate::lower::handlers::Regions,
}

impl Function {
    /// Begins a function of the module with these locals besides its parameters. `threading` enables the patterns of
    /// `go.rs`.
    pub(super) fn begin(
        &mut self,
        module: &ModuleInfo,
        func: u32,
        locals: &Locals,
        threading: bool,
    ) {
        let ty = module.func_type(func);
        // Validation admits 1,000 parameters and results of at most two slots.
        self.params = slots(ty.params()) as u16;
        self.results = slots(ty.results()) as u16;
        #[cfg(feature = "simd")]
        self.place_vectors(ty, locals);
        let locals = locals.slots;
        self.temps = usize::from(self.header()) + HEADER_SLOTS + locals;
        self.used = self.temps;
        self.code
            .reset(SlotIndex(self.header() + HEADER_SLOTS as u16));
        self.operands.reset(self.temps);
        self.controls.clear();
        #[cfg(feature = "canonical-nans")]
        {
            self.canonical_nans = module.has_canonical_nans();
        }
        self.dead_blocks = 0;
        self.alive = true;
        self.unset.clear();
        #[cfg(feature = "exceptions")]
        self.regions.reset();
        self.resume = Resume {
            off: !threading,
            is_go: threading && locals > 0 && go_calls::has_type_of_go(module, ty),
            ..Resume::default()
        };
        self.zeroed = locals;
        self.begin_body(module, func);
        self.begin_go();
    }

    /// Begins a body of which no code is made. It stands in a block that is unreachable and does not end.
    pub(super) fn begin_unreachable(&mut self) {
        *self = Self {
            alive: false,
            dead_blocks: 1,
            ..Self::default()
        };
    }

    /// Sets the number of instructions above which the function is refused. From there on, until the refusal, no more
    /// carried values are moved.
    pub(super) fn limit(&mut self, most_insts: usize) {
        self.most_insts = most_insts;
    }

    /// Returns whether the function has more instructions than allowed.
    pub(super) fn is_overgrown(&self) -> bool {
        self.code.insts.len() > self.most_insts
    }

    /// Bytes of memory that it takes until the next look.
    pub(super) fn memory(&self) -> usize {
        #[cfg(feature = "exceptions")]
        let regions = self.regions.memory();
        #[cfg(not(feature = "exceptions"))]
        let regions = 0;
        self.code.memory() + self.operands.memory() + ahead(&self.controls) + regions
    }

    /// Returns whether the block of the function body has ended.
    pub(super) fn is_complete(&self) -> bool {
        self.controls.is_empty()
    }

    /// The number of slots of the frame. Operands can address at most 65,536.
    pub(super) fn frame_slots(&self) -> usize {
        self.used
    }

    /// The number of slots after the header that must be zero at entry.
    pub(super) fn zeroed_slots(&self) -> usize {
        self.zeroed
    }

    /// The number of slots after the header that are locals.
    pub(super) fn local_slots(&self) -> usize {
        self.temps - usize::from(self.header()) - HEADER_SLOTS
    }

    /// The slot at which the header begins.
    fn header(&self) -> u16 {
        self.params.max(self.results)
    }

    /// The slot of a local of a function without vectors among them.
    #[inline(always)]
    fn local_slot(&self, local: u32) -> SlotIndex {
        // Validation admits 50,000 locals.
        let local = local as u16;
        SlotIndex(if local < self.params {
            local
        } else {
            local - self.params + self.header() + HEADER_SLOTS as u16
        })
    }

    /// The slot of the temporary at `height`.
    fn temp(&mut self, height: usize) -> SlotIndex {
        self.reserve(height + 1);
        // A frame that is too large is refused at the end. Until then the slot does not matter.
        SlotIndex((self.temps + height) as u16)
    }

    /// Enlarges the frame for `count` temporaries.
    fn reserve(&mut self, count: usize) {
        self.used = self.used.max(self.temps + count);
    }

    /// Lowers an operator, but none on vectors. `opcode` is its opcode in the form of [`Row::opcode`](crate::ops::Row::opcode).
    #[inline(always)]
    pub(super) fn operator(
        &mut self,
        module: &ModuleInfo,
        operator: &Operator<'_>,
        opcode: Opcode,
    ) {
        if !self.alive && !self.revives(operator) {
            return;
        }
        match *operator {
            Operator::Nop => {}
            Operator::Unreachable => self.unreachable(),
            Operator::Block { blockty } => self.block(module, blockty),
            Operator::Loop { blockty } => self.begin_loop(module, blockty),
            Operator::If { blockty } => self.begin_if(module, blockty),
            Operator::Else => self.begin_else(module),
            Operator::End => self.end(module),
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

            #[cfg(feature = "exceptions")]
            Operator::TryTable { ref try_table } => self.try_table(module, try_table),
            #[cfg(feature = "exceptions")]
            Operator::Throw { tag_index } => self.throw(module, tag_index),
            #[cfg(feature = "exceptions")]
            Operator::ThrowRef => self.throw_ref(),
            #[cfg(feature = "exceptions")]
            Operator::Try { blockty } => self.begin_try(module, blockty),
            #[cfg(feature = "exceptions")]
            Operator::Catch { tag_index } => self.begin_catch(module, Some(tag_index)),
            #[cfg(feature = "exceptions")]
            Operator::CatchAll => self.begin_catch(module, None),
            #[cfg(feature = "exceptions")]
            Operator::Delegate { relative_depth } => self.delegate(module, relative_depth),
            #[cfg(feature = "exceptions")]
            Operator::Rethrow { relative_depth } => self.rethrow(relative_depth),

            Operator::Drop => {
                if self.operands.pop().high {
                    self.operands.pop();
                }
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
            #[cfg(feature = "gc")]
            Operator::RefEq => self.numeric(I64Eq::OPCODE),
            Operator::RefNull { .. } => self.push_const(crate::machine::NULL_REF),
            Operator::RefIsNull => self.unary(I64Eqz::OPCODE),
            Operator::RefFunc { function_index } => self.ref_func(module, function_index),
            #[cfg(feature = "wide-arithmetic")]
            Operator::I64Add128 => self.wide_sum(Halves::ADD),
            #[cfg(feature = "wide-arithmetic")]
            Operator::I64Sub128 => self.wide_sum(Halves::SUB),
            #[cfg(feature = "wide-arithmetic")]
            Operator::I64MulWideS => self.wide_product(Halves::MUL_SIGNED),
            #[cfg(feature = "wide-arithmetic")]
            Operator::I64MulWideU => self.wide_product(Halves::MUL_UNSIGNED),
            Operator::I32WrapI64 => self.wrap(),
            Operator::I64ExtendI32U => self.extend_unsigned(),
            // The result has the same bits in the same slot.
            Operator::I32ReinterpretF32
            | Operator::I64ReinterpretF64
            | Operator::F32ReinterpretI32
            | Operator::F64ReinterpretI64 => {}

            _ => {
                #[cfg(feature = "gc")]
                if self.reference(module, operator) || self.object(module, operator) {
                    return;
                }
                if let Some(access) = memory::Access::of(operator) {
                    self.access(module, &access, opcode);
                } else if !self.bulk(module, operator) {
                    self.numeric(opcode);
                }
            }
        }
    }
}
