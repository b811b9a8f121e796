//! The places of values, and the moves between them.

use super::Function;
use crate::compile::module::ModuleInfo;
use crate::dispatch::OpNumber;
use crate::lower::{Arg, Entry, Inst, Operand};
use crate::machine::{Class, SlotIndex};
use crate::ops::binary::BinaryOp;
use crate::ops::data::{Move, Select};
use crate::ops::integer::{I32Add, I64Add};
use crate::ops::shape::{Acc, Imm16, Imm32, Imm64, Slot, ToSlot};
use crate::ops::unary::{I32WrapI64, UnaryOp};
use crate::ops::{number, tables, without_slot};

const COPY_SLOT: OpNumber = number::<Move<u64, Slot, ToSlot>>();
const COPY_ACC: OpNumber = number::<Move<u64, Acc, ToSlot>>();
const COPY_FACC: OpNumber = number::<Move<f64, Acc, ToSlot>>();
const CONST32_16: OpNumber = number::<Move<u32, Imm16, ToSlot>>();
const CONST32: OpNumber = number::<Move<u32, Imm32, ToSlot>>();
const CONST64_16: OpNumber = number::<Move<u64, Imm16, ToSlot>>();
const CONST64_32: OpNumber = number::<Move<u64, Imm32, ToSlot>>();
const CONST64: OpNumber = number::<Move<u64, Imm64, ToSlot>>();
const WRAP_SLOT: OpNumber = number::<UnaryOp<I32WrapI64, Slot, ToSlot>>();
const WRAP_ACC: OpNumber = number::<UnaryOp<I32WrapI64, Acc, ToSlot>>();
const SELECT_SLOT: OpNumber = number::<Select<Slot, ToSlot>>();
const SELECT_ACC: OpNumber = number::<Select<Acc, ToSlot>>();

/// A value taken off the operand stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    /// The place of the value.
    pub(super) operand: Operand,
    /// Its slot, unless it is a constant. For a sum, the slot of the local.
    pub(super) slot: SlotIndex,
    /// Whether its slot contains bits above the `i32` that is meant.
    pub(super) wrapped: bool,
    /// The temporary of its height on the operand stack.
    pub(super) home: SlotIndex,
}

impl Value {
    /// Returns the constant, if the value is one.
    pub(super) fn constant(&self) -> Option<u64> {
        if let Operand::Const(bits) = self.operand {
            Some(bits)
        } else {
            None
        }
    }

    /// Returns whether nothing else reads the slot of the value.
    pub(super) fn is_temp(&self) -> bool {
        self.operand == Operand::Temp
    }
}

impl Function {
    /// Takes the top value off the operand stack.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Value {
        let value = self.pop_lazy();
        self.computed(value)
    }

    /// Computes a deferred sum into its temporary. Only a few values are sums.
    #[inline(always)]
    pub(super) fn computed(&mut self, value: Value) -> Value {
        match value.operand {
            Operand::Sum { slot, add, wide } => self.compute(value, slot, add, wide),
            _ => value,
        }
    }

    #[inline(never)]
    fn compute(&mut self, value: Value, slot: SlotIndex, add: i16, wide: bool) -> Value {
        // If only 32 bits of a sum are needed, only they are computed.
        self.move_sum(slot, add, wide && !value.wrapped, value.home);
        Value {
            operand: Operand::Temp,
            slot: value.home,
            wrapped: false,
            home: value.home,
        }
    }

    /// Adds a constant to a slot.
    fn move_sum(&mut self, slot: SlotIndex, add: i16, wide: bool, dst: SlotIndex) {
        let inst = match (self.code.holds(slot, Class::Integer), wide) {
            (false, true) => {
                Inst::new(number::<BinaryOp<I64Add, Slot, Imm16, ToSlot>>(), &[slot.0])
            }
            (false, false) => {
                Inst::new(number::<BinaryOp<I32Add, Slot, Imm16, ToSlot>>(), &[slot.0])
            }
            (true, true) => Inst::new(number::<BinaryOp<I64Add, Acc, Imm16, ToSlot>>(), &[]),
            (true, false) => Inst::new(number::<BinaryOp<I32Add, Acc, Imm16, ToSlot>>(), &[]),
        };
        // The op extends the sign of its immediate.
        self.code
            .push_value(inst.imm(add as u64).dst(dst), Class::Integer);
    }

    /// Pops the top value. A sum stays deferred.
    #[inline(always)]
    pub(super) fn pop_lazy(&mut self) -> Value {
        let entry = self.operands.pop();
        self.value(&entry, self.operands.height())
    }

    /// Pushes `a + b` as a deferred sum if it is a local plus a small constant. The use of the sum decides how it is
    /// computed.
    pub(super) fn push_sum(&mut self, a: Value, b: Value, wide: bool) -> bool {
        let (Operand::Local(slot), Some(bits)) = (a.operand, b.constant()) else {
            return false;
        };
        // The casts keep the bits that are added.
        let number = if wide {
            bits as i64
        } else {
            i64::from(bits as i32)
        };
        let Ok(add) = i16::try_from(number) else {
            return false;
        };
        if a.wrapped && wide {
            return false;
        }
        self.operands.push(Operand::Sum { slot, add, wide }, false);
        true
    }

    /// Appends `inst`. Its result is pushed, in a temporary.
    pub(super) fn push_result(&mut self, inst: Inst, class: Class) {
        let home = self.temp(self.operands.height());
        self.operands.push(Operand::Temp, false);
        self.code.push_value(inst.dst(home), class);
    }

    pub(super) fn push_const(&mut self, bits: u64) {
        self.operands.push(Operand::Const(bits), false);
    }

    /// Takes the value from an accumulator, if one holds it.
    pub(super) fn take(&mut self, value: Value, class: Class) -> Arg {
        self.code.take(value.slot, class, value.is_temp())
    }

    /// Returns a slot that contains the value. If the value is wrapped, the user reads 32 bits. A constant is moved into a
    /// slot.
    pub(super) fn slot_of(&mut self, value: Value) -> SlotIndex {
        match value.constant() {
            Some(bits) => {
                self.move_const(bits, value.home);
                value.home
            }
            None => value.slot,
        }
    }

    /// Returns a slot that contains the value, of which the user reads all 64 bits.
    pub(super) fn whole_slot_of(&mut self, value: Value) -> SlotIndex {
        if value.wrapped {
            self.move_wrapped(value.slot, value.home);
            return value.home;
        }
        self.slot_of(value)
    }

    /// Copies a value to slot `dst`. The value stays where it is.
    pub(super) fn move_value(&mut self, value: Value, dst: SlotIndex) {
        match value.operand {
            Operand::Const(bits) => self.move_const(bits, dst),
            Operand::Sum { slot, add, wide } => {
                self.move_sum(slot, add, wide && !value.wrapped, dst);
            }
            _ if value.wrapped => self.move_wrapped(value.slot, dst),
            _ if value.slot == dst => self.code.pin(dst),
            _ if self.code.holds(value.slot, Class::Integer) => self
                .code
                .push_value(Inst::new(COPY_ACC, &[]).dst(dst), Class::Integer),
            _ if self.code.holds(value.slot, Class::Float) => self
                .code
                .push_value(Inst::new(COPY_FACC, &[]).dst(dst), Class::Float),
            _ => self.code.push_value(
                Inst::new(COPY_SLOT, &[value.slot.0]).dst(dst),
                Class::Integer,
            ),
        }
    }

    fn move_const(&mut self, bits: u64, dst: SlotIndex) {
        self.code
            .push_value(constant(bits).dst(dst), Class::Integer);
    }

    /// Loads a constant into the integer accumulator, for the next op.
    pub(super) fn const_to_acc(&mut self, bits: u64) {
        let inst = constant(bits);
        let op = without_slot(inst.op);
        self.code.push_acc(Inst { op, ..inst }, Class::Integer);
    }

    fn move_wrapped(&mut self, slot: SlotIndex, dst: SlotIndex) {
        let inst = if self.code.holds(slot, Class::Integer) {
            Inst::new(WRAP_ACC, &[]).dst(dst)
        } else {
            Inst::new(WRAP_SLOT, &[slot.0]).dst(dst)
        };
        self.code.push_value(inst, Class::Integer);
    }

    /// Returns the value at `height` of the operand stack without popping it.
    pub(super) fn peek(&mut self, height: usize) -> Value {
        let entry = self.operands.at(height);
        self.value(&entry, height)
    }

    /// Returns the value of the stack entry at `height`.
    #[inline(always)]
    fn value(&mut self, entry: &Entry, height: usize) -> Value {
        let home = self.temp(height);
        let slot = entry.operand.local().unwrap_or(home);
        Value {
            operand: entry.operand,
            slot,
            wrapped: entry.wrapped,
            home,
        }
    }

    /// Does the same, but computes a sum into its temporary. The stack entry stays a sum, because the following code may be
    /// one of two paths.
    pub(super) fn peek_computed(&mut self, height: usize) -> Value {
        let value = self.peek(height);
        if !matches!(value.operand, Operand::Sum { .. }) {
            return value;
        }
        self.move_value(value, value.home);
        Value {
            operand: Operand::Temp,
            slot: value.home,
            wrapped: false,
            home: value.home,
        }
    }

    /// Moves the value at `height` into its temporary.
    pub(super) fn settle(&mut self, height: usize) {
        let value = self.peek(height);
        self.move_value(value, value.home);
        self.operands.settle(height);
    }

    /// Moves the top `count` values into their temporaries and pins them there.
    pub(super) fn settle_top(&mut self, count: usize) {
        for height in self.operands.height() - count..self.operands.height() {
            self.settle(height);
            let home = self.temp(height);
            self.code.pin(home);
        }
    }

    /// Moves all values that are locals into their temporaries. A block begins, and one path through it may assign these
    /// locals while another does not.
    pub(super) fn settle_locals(&mut self) {
        while let Some(height) = self.operands.next_unsettled() {
            self.settle(height);
        }
    }

    /// Copies the top `count` values to the temporaries from `height` on, where the target of a branch expects them. The
    /// stack stays as it is.
    pub(super) fn copy_top(&mut self, count: usize, height: usize) {
        if self.is_overgrown() {
            return;
        }
        let from = self.operands.height() - count;
        // Values are copied in ascending order. The slot of a value is never below its destination, so no value is
        // overwritten before it is copied.
        for index in 0..count {
            let value = self.peek(from + index);
            let dst = self.temp(height + index);
            self.move_value(value, dst);
            self.code.pin(dst);
        }
    }

    /// Copies the value at `height` to the temporary of height `to`. The stack stays as it is.
    pub(super) fn copy_to_temp(&mut self, height: usize, to: usize) {
        let value = self.peek(height);
        let dst = self.temp(to);
        self.move_value(value, dst);
    }

    /// Assigns `value` to the local in `slot`.
    pub(super) fn assign(&mut self, value: Value, slot: SlotIndex, may_redirect: bool) {
        if value.wrapped {
            let inst = match self.take(value, Class::Integer) {
                Arg::Acc => Inst::new(WRAP_ACC, &[]).dst(slot),
                Arg::Slot(from) => Inst::new(WRAP_SLOT, &[from.0]).dst(slot),
            };
            self.code.push_value(inst, Class::Integer);
        } else if may_redirect && value.is_temp() && self.code.last_producer(value.slot).is_some() {
            self.code.redirect_last(value.slot, slot);
            return;
        } else if value.is_temp() && self.code.holds(value.slot, Class::Float) {
            self.take(value, Class::Float);
            self.code
                .push_value(Inst::new(COPY_FACC, &[]).dst(slot), Class::Float);
        } else if value.is_temp() && self.code.holds(value.slot, Class::Integer) {
            self.take(value, Class::Integer);
            self.code
                .push_value(Inst::new(COPY_ACC, &[]).dst(slot), Class::Integer);
        } else {
            self.move_value(value, slot);
        }
        // The local must be written, whichever op computed it.
        self.code.pin(slot);
    }

    /// `i32.wrap_i64`: the low half of the same slot.
    pub(super) fn wrap(&mut self) {
        let top = self.operands.at(self.operands.height() - 1);
        if let Operand::Const(bits) = top.operand {
            self.operands.pop();
            self.push_const(u64::from(bits as u32));
        } else {
            self.operands.wrap_top(true);
        }
    }

    /// `i64.extend_i32_u`: emits nothing, unless the slot contains more bits.
    pub(super) fn extend_unsigned(&mut self) {
        let value = self.pop();
        if value.wrapped {
            self.push_low_half(value);
        } else {
            self.operands.push(value.operand, false);
        }
    }

    /// Pushes the low 32 bits of a value in a slot.
    pub(super) fn push_low_half(&mut self, value: Value) {
        let inst = match self.take(value, Class::Integer) {
            Arg::Acc => Inst::new(WRAP_ACC, &[]),
            Arg::Slot(slot) => Inst::new(WRAP_SLOT, &[slot.0]),
        };
        self.push_result(inst, Class::Integer);
    }

    pub(super) fn select(&mut self) {
        let condition = self.pop();
        #[cfg(feature = "simd")]
        if self.operands.at(self.operands.height() - 1).high {
            return self.select_vector(condition);
        }
        let b = self.pop();
        let a = self.pop();
        let a = self.whole_slot_of(a);
        let b = self.whole_slot_of(b);
        let inst = match condition.constant() {
            Some(bits) => {
                self.const_to_acc(bits);
                Inst::new(SELECT_ACC, &[a.0, b.0])
            }
            None => match self.take(condition, Class::Integer) {
                Arg::Acc => Inst::new(SELECT_ACC, &[a.0, b.0]),
                Arg::Slot(slot) => Inst::new(SELECT_SLOT, &[a.0, b.0, slot.0]),
            },
        };
        self.push_result(inst, Class::Integer);
    }

    pub(super) fn ref_func(&mut self, module: &ModuleInfo, func: u32) {
        let imported = module.imported_funcs();
        let (op, index) = if func < imported {
            (number::<tables::RefImport>(), func)
        } else {
            (number::<tables::RefFunc>(), func - imported)
        };
        self.push_unfolded(Inst::new(op, &[]).imm(index.into()));
    }

    /// Does the same as [`Function::push_result`] for an op without an accumulator form.
    pub(super) fn push_unfolded(&mut self, inst: Inst) {
        self.push_result(inst, Class::Integer);
        let home = self.temp(self.operands.height() - 1);
        self.code.pin(home);
    }
}

/// Returns the shortest op that loads a constant. Its output slot is not set yet.
fn constant(bits: u64) -> Inst {
    // The casts compare the constant with the value that the op would extend.
    let op = match bits {
        _ if bits == bits as i16 as u64 => CONST64_16,
        _ if bits == u64::from(bits as i16 as u32) => CONST32_16,
        _ if bits == u64::from(bits as u32) => CONST32,
        _ if bits == bits as i32 as u64 => CONST64_32,
        _ => CONST64,
    };
    Inst::new(op, &[]).imm(bits)
}
