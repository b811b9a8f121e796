//! Typed references (core specification, 4.4.6 and 4.4.8): tests, casts, branches on them, calls through them.
//!
//! A cast or a branch does not change a reference, so the value on the operand stack stays where it is. Conversions between `anyref` and
//! `externref` change nothing at all.

use wasmparser::{AbstractHeapType, HeapType, Operator, RefType};

use super::Function;
use super::value::Value;
use crate::compile::module::ModuleInfo;
use crate::dispatch::OpNumber;
use crate::lower::Inst;
use crate::machine::{Class, HeapCode, SlotIndex};
use crate::ops::branch::BrIf64;
use crate::ops::call::{CallRef, ReturnCallRef};
use crate::ops::number;
use crate::ops::reference::{I31Get, RefAsNonNull, RefCast, RefI31, RefTest};
use crate::ops::shape::{Slot, ToSlot};

impl Function {
    /// Lowers an operator on typed references. Returns false if `operator` is none.
    #[inline(always)]
    pub(super) fn reference(&mut self, module: &ModuleInfo, operator: &Operator<'_>) -> bool {
        match *operator {
            Operator::RefAsNonNull => {
                let slot = self.keep_top();
                self.code
                    .push(Inst::new(number::<RefAsNonNull>(), &[slot.0]));
            }
            Operator::RefTestNonNull { hty } => self.ref_test(code(hty)),
            Operator::RefTestNullable { hty } => self.ref_test(code(hty).nullable(true)),
            Operator::RefCastNonNull { hty } => self.ref_cast(code(hty)),
            Operator::RefCastNullable { hty } => self.ref_cast(code(hty).nullable(true)),
            Operator::BrOnNull { relative_depth } => self.br_on_null(relative_depth),
            Operator::BrOnNonNull { relative_depth } => self.br_on_non_null(relative_depth),
            Operator::BrOnCast {
                relative_depth,
                to_ref_type,
                ..
            } => self.br_on_cast(relative_depth, to_ref_type, true),
            Operator::BrOnCastFail {
                relative_depth,
                to_ref_type,
                ..
            } => self.br_on_cast(relative_depth, to_ref_type, false),
            Operator::CallRef { type_index } => self.call_ref(module, type_index),
            Operator::ReturnCallRef { type_index } => self.return_call_ref(module, type_index),
            Operator::RefI31 => self.one_slot(number::<RefI31<ToSlot>>()),
            Operator::I31GetS => self.one_slot(number::<I31Get<ToSlot, true>>()),
            Operator::I31GetU => self.one_slot(number::<I31Get<ToSlot, false>>()),
            Operator::AnyConvertExtern | Operator::ExternConvertAny => {}
            _ => return false,
        }
        true
    }

    /// Appends an op with one input, in a slot, and a result.
    fn one_slot(&mut self, op: OpNumber) {
        let value = self.pop();
        let slot = self.slot_of(value);
        self.push_result(Inst::new(op, &[slot.0]), Class::Integer);
    }

    /// The slot of the top value, which stays on the operand stack.
    fn keep_top(&mut self) -> SlotIndex {
        let value = self.pop();
        let slot = self.whole_slot_of(value);
        self.push_again(value, slot);
        slot
    }

    /// Pushes a value again, which is in `slot` now.
    fn push_again(&mut self, value: Value, slot: SlotIndex) {
        let operand = if slot == value.home {
            crate::lower::Operand::Temp
        } else {
            value.operand
        };
        self.operands.push(operand, false);
        if slot == value.home {
            self.code.pin(slot);
        }
    }

    fn ref_test(&mut self, ty: HeapCode) {
        let value = self.pop();
        let slot = self.whole_slot_of(value);
        let inst = Inst::new(number::<RefTest<ToSlot>>(), &[slot.0]).imm(ty.0.into());
        self.push_result(inst, Class::Integer);
    }

    fn ref_cast(&mut self, ty: HeapCode) {
        let slot = self.keep_top();
        let inst = Inst::new(number::<RefCast>(), &[slot.0]);
        self.code.push(inst.imm(ty.0.into()));
    }

    fn br_on_cast(&mut self, depth: u32, ty: RefType, sense: bool) {
        let slot = self.keep_top();
        let ty = code(ty.heap_type()).nullable(ty.is_nullable());
        let inst = Inst::new(number::<RefTest<ToSlot>>(), &[slot.0]);
        self.push_result(inst.imm(ty.0.into()), Class::Integer);
        let condition = self.pop();
        self.branch_if(condition, sense, depth);
    }

    fn br_on_null(&mut self, depth: u32) {
        let value = self.pop();
        let slot = self.whole_slot_of(value);
        if slot == value.home {
            self.code.pin(slot);
        }
        let inst = Inst::new(number::<BrIf64<Slot, false>>(), &[slot.0]);
        let opposite = Inst::new(number::<BrIf64<Slot, true>>(), &[slot.0]);
        self.branch_by(depth, inst, opposite);
        self.push_again(value, slot);
    }

    fn br_on_non_null(&mut self, depth: u32) {
        let slot = self.keep_top();
        let inst = Inst::new(number::<BrIf64<Slot, true>>(), &[slot.0]);
        let opposite = Inst::new(number::<BrIf64<Slot, false>>(), &[slot.0]);
        self.branch_by(depth, inst, opposite);
        self.operands.pop();
    }

    fn call_ref(&mut self, module: &ModuleInfo, ty_index: u32) {
        let ty = &module.types()[ty_index as usize];
        let callee = self.pop();
        let slot = self.whole_slot_of(callee);
        let base = self.arguments(module, ty);
        self.code
            .push(Inst::new(number::<CallRef>(), &[slot.0, base.0]));
        self.call_results(module, ty, base);
    }

    fn return_call_ref(&mut self, module: &ModuleInfo, ty_index: u32) {
        let ty = &module.types()[ty_index as usize];
        let callee = self.pop();
        let slot = self.whole_slot_of(callee);
        let base = self.arguments(module, ty);
        let small = [slot.0, base.0, self.header()];
        self.code.push(Inst::new(number::<ReturnCallRef>(), &small));
        #[cfg(feature = "exceptions")]
        self.regions.exempt(&self.code);
        self.return_call_results(module, ty, base);
    }
}

/// The code of a type that references are tested for.
fn code(ty: HeapType) -> HeapCode {
    HeapCode(match ty {
        HeapType::Abstract { ty, .. } => match ty {
            AbstractHeapType::Any => HeapCode::ANY,
            AbstractHeapType::Eq => HeapCode::EQ,
            AbstractHeapType::I31 => HeapCode::I31,
            AbstractHeapType::Struct => HeapCode::STRUCT,
            AbstractHeapType::Array => HeapCode::ARRAY,
            AbstractHeapType::Func | AbstractHeapType::Extern | AbstractHeapType::Exn => {
                HeapCode::ALL
            }
            // Only null has the others.
            _ => HeapCode::NOTHING,
        },
        // In code, a type is named by its index.
        HeapType::Concrete(index) | HeapType::Exact(index) => {
            index.as_module_index().unwrap_or(HeapCode::NOTHING)
        }
    })
}
