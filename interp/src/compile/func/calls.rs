//! Calls and returns (core specification, 4.4.8).
//!
//! Arguments are placed in the top temporaries, which become the first slots of the callee.

use wasmparser::{FuncType, ValType};

use super::Function;
use super::value::Value;
use crate::compile::module::ModuleInfo;
use crate::lower::{Arg, Inst, Operand};
use crate::machine::{Class, HEADER_SLOTS, SlotIndex};
use crate::ops::call::{
    Call, CallImport, CallIndirect, Return, ReturnCall, ReturnCallImport, ReturnCallIndirect,
    ReturnValue,
};
#[cfg(feature = "gc")]
use crate::ops::call::{CallSubtype, ReturnCallSubtype};
use crate::ops::data::Move;
use crate::ops::number;
use crate::ops::shape::{Acc, Imm16, Slot, ToSlot};

impl Function {
    /// Places the arguments of a call and pops them. Returns the slot of the first one.
    pub(super) fn arguments(&mut self, module: &ModuleInfo, ty: &FuncType) -> SlotIndex {
        let (params, results) = (module.slots(ty.params()), module.slots(ty.results()));
        self.settle_top(params);
        for _ in 0..params {
            self.operands.pop();
        }
        let height = self.operands.height();
        self.reserve(height + params.max(results) + HEADER_SLOTS);
        self.temp(height)
    }

    /// Pushes the results of a call whose frame began at slot `base`.
    pub(super) fn call_results(&mut self, module: &ModuleInfo, ty: &FuncType, base: SlotIndex) {
        self.code.forget();
        let height = self.operands.height();
        let results = ty.results();
        for _ in 0..module.slots(results) {
            self.operands.push(Operand::Temp, false);
        }
        if module.has_vector(results) {
            self.mark_high(results, height);
        }
        if let [result] = results
            && !matches!(result, ValType::F32 | ValType::F64 | ValType::V128)
        {
            self.code.acc_is(base);
        }
    }

    pub(super) fn call(&mut self, module: &ModuleInfo, func: u32) {
        let ty = module.func_type(func);
        let base = self.arguments(module, ty);
        let inst = match func.checked_sub(module.imported_funcs()) {
            Some(defined) => {
                Inst::new(number::<Call>(), &[base.0, header_of(module, ty)]).imm(defined.into())
            }
            None => Inst::new(number::<CallImport>(), &[base.0]).imm(func.into()),
        };
        self.code.push(inst);
        self.call_results(module, ty, base);
    }

    /// Pops the index of an element of a table.
    fn pop_element(&mut self, module: &ModuleInfo, table: u32) -> Value {
        let element = self.pop();
        match module.has_long_indices(table) {
            #[cfg(feature = "memory64")]
            true => self.index64(element),
            _ => element,
        }
    }

    pub(super) fn call_indirect(&mut self, module: &ModuleInfo, ty_index: u32, table: u32) {
        let ty = &module.types()[ty_index as usize];
        let element = self.pop_element(module, table);
        // A constant index is placed in the temporary above the arguments, because it is read after them.
        let constant = element.constant().map(|_| self.slot_of(element));
        #[cfg(feature = "gc")]
        if !module.declared_type(ty_index).is_final {
            let slot = constant.unwrap_or(element.slot);
            let base = self.arguments(module, ty);
            let inst = Inst::new(number::<CallSubtype>(), &[slot.0, table as u16, base.0]);
            self.code.push(inst.imm(ty_index.into()));
            return self.call_results(module, ty, base);
        }
        let base = self.arguments(module, ty);
        self.resume.callee_header = header_of(module, ty);
        // Decoding admits 65,536 tables.
        let table = table as u16;
        let inst = match constant.map_or_else(|| self.take(element, Class::Integer), Arg::Slot) {
            Arg::Slot(slot) => Inst::new(number::<CallIndirect<Slot>>(), &[slot.0, table, base.0]),
            Arg::Acc => Inst::new(number::<CallIndirect<Acc>>(), &[table, base.0]),
        };
        self.code.push(inst.imm(ty_index.into()));
        self.call_results(module, ty, base);
    }

    pub(super) fn return_call(&mut self, module: &ModuleInfo, func: u32) {
        let ty = module.func_type(func);
        let base = self.arguments(module, ty);
        let small = [base.0, self.header()];
        let inst = match func.checked_sub(module.imported_funcs()) {
            Some(defined) => Inst::new(number::<ReturnCall>(), &small).imm(defined.into()),
            None => Inst::new(number::<ReturnCallImport>(), &small).imm(func.into()),
        };
        self.code.push(inst);
        #[cfg(feature = "exceptions")]
        self.regions.exempt(&self.code);
        self.return_call_results(module, ty, base);
    }

    pub(super) fn return_call_indirect(&mut self, module: &ModuleInfo, ty_index: u32, table: u32) {
        let ty = &module.types()[ty_index as usize];
        let element = self.pop_element(module, table);
        let slot = self.slot_of(element);
        let base = self.arguments(module, ty);
        #[cfg(feature = "gc")]
        let op = match module.declared_type(ty_index).is_final {
            true => number::<ReturnCallIndirect>(),
            false => number::<ReturnCallSubtype>(),
        };
        #[cfg(not(feature = "gc"))]
        let op = number::<ReturnCallIndirect>();
        // The element is in an accumulator without its slot being written only if the accumulator was taken. It was not.
        let inst = Inst::new(op, &[slot.0, table as u16, base.0, self.header()]);
        self.code.push(inst.imm(ty_index.into()));
        #[cfg(feature = "exceptions")]
        self.regions.exempt(&self.code);
        self.return_call_results(module, ty, base);
    }

    /// Emits the code after a tail call. It returns the results if the call went to another instance or to the host, which
    /// runs in a frame of its own.
    pub(super) fn return_call_results(
        &mut self,
        module: &ModuleInfo,
        ty: &FuncType,
        base: SlotIndex,
    ) {
        self.call_results(module, ty, base);
        self.emit_return();
    }

    pub(super) fn emit_return(&mut self) {
        self.return_top();
        self.kill();
    }

    /// Returns the top values. The stack stays as it is, because the return may be on one of two paths.
    pub(super) fn return_top(&mut self) {
        let header = self.header();
        match usize::from(self.results) {
            0 => self.code.push(Inst::new(number::<Return>(), &[header])),
            1 => self.return_one(header),
            _ if self.is_overgrown() => {}
            results => {
                // Results may be parameters, and their slots are destinations of the copies. So all values are first copied
                // above the stack.
                let height = self.operands.height();
                self.copy_above(results);
                for result in 0..results {
                    let from = self.temp(height + result);
                    // Validation admits 1,000 results.
                    let inst = Inst::new(number::<Move<u64, Slot, ToSlot>>(), &[from.0])
                        .dst(SlotIndex(result as u16));
                    self.code.push(inst);
                }
                self.code.forget();
                self.code.push(Inst::new(number::<Return>(), &[header]));
            }
        }
    }

    fn return_one(&mut self, header: u16) {
        let value = self.peek_computed(self.operands.height() - 1);
        if value.constant() == Some(0) && self.go_return() {
            return;
        }
        let inst = match value.constant() {
            Some(bits) if bits as i64 == i64::from(bits as i16) => {
                Inst::new(number::<ReturnValue<u64, Imm16>>(), &[header]).imm(bits)
            }
            Some(bits) => {
                self.const_to_acc(bits);
                Inst::new(number::<ReturnValue<u64, Acc>>(), &[header])
            }
            None if value.wrapped => {
                let slot = self.whole_slot_of(value);
                Inst::new(number::<ReturnValue<u64, Slot>>(), &[header, slot.0])
            }
            None if self.code.holds(value.slot, Class::Integer) => {
                Inst::new(number::<ReturnValue<u64, Acc>>(), &[header])
            }
            None if self.code.holds(value.slot, Class::Float) => {
                Inst::new(number::<ReturnValue<f64, Acc>>(), &[header])
            }
            None => Inst::new(number::<ReturnValue<u64, Slot>>(), &[header, value.slot.0]),
        };
        self.code.push(inst);
    }

    /// Copies the top `count` values to the temporaries above them.
    fn copy_above(&mut self, count: usize) {
        let height = self.operands.height();
        for index in 0..count {
            self.copy_to_temp(height - count + index, height + index);
        }
    }
}

/// Returns the slot of the header in a function of this type.
fn header_of(module: &ModuleInfo, ty: &FuncType) -> u16 {
    // Validation admits 1,000 parameters and results of at most two slots.
    module.slots(ty.params()).max(module.slots(ty.results())) as u16
}
