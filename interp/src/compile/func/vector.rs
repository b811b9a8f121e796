//! Vectors of 128 bits: their halves on the operand stack, and the operators that compute with them.
//!
//! A vector takes two slots. On the operand stack it is two entries, so blocks, branches and calls treat its halves like any two values.
//! An op on vectors needs both halves in neighbouring slots. They are there already, unless they are constants or were copied at different
//! times.

use wasmparser::{FuncType, FunctionBody};

use super::value::Value;
use super::{Function, Locals};
use crate::compile::class::{class_of, has_vector};
use crate::compile::error::ModuleError;
use crate::dispatch::{Field, OpNumber};
use crate::lower::{Inst, Operand};
use crate::machine::{Class, HEADER_SLOTS, SlotIndex};
use crate::ops::data::Select;
use crate::ops::shape::{Slot, ToSlot};
use crate::ops::shapes::{Pair, Shape, Source, To};
use crate::ops::{Kind, Opcode, Row, fields, number, row};

const SELECT: OpNumber = number::<Select<Slot, ToSlot>>();

/// The place of a local.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Its slot, or the first of its slots.
    pub(super) slot: SlotIndex,
    class: Class,
}

/// A vector taken off the operand stack.
#[derive(Clone, Copy)]
struct Halves {
    low: Value,
    high: Value,
}

impl Halves {
    /// The first of the neighbouring slots that contain the vector, if it is in such slots.
    fn slot(&self) -> Option<SlotIndex> {
        let next = |slot: SlotIndex| SlotIndex(slot.0.wrapping_add(1));
        match (self.low.operand, self.high.operand) {
            // Temporaries of neighbouring heights.
            (Operand::Temp, Operand::Temp) => Some(self.low.home),
            (Operand::Local(low), Operand::Local(high)) if high == next(low) => Some(low),
            _ => None,
        }
    }
}

impl Locals {
    /// Reads the locals that a body declares, which are valid.
    pub(in crate::compile) fn read(&mut self, body: &FunctionBody<'_>) -> Result<(), ModuleError> {
        self.slots = 0;
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            let class = class_of(ty);
            self.slots += count as usize * class.slots();
            self.groups.push((count, class));
        }
        Ok(())
    }
}

impl Function {
    /// Records the places of all locals, if one of them is a vector.
    pub(super) fn place_vectors(&mut self, ty: &FuncType, locals: &Locals) {
        self.placed.clear();
        let is_vector = |(_, class): &(u32, Class)| *class == Class::Vector;
        if !has_vector(ty.params()) && !locals.groups.iter().any(is_vector) {
            return;
        }
        let mut next = 0;
        for param in ty.params() {
            self.place(class_of(*param), &mut next);
        }
        next = usize::from(self.header()) + HEADER_SLOTS;
        for (count, class) in &locals.groups {
            for _ in 0..*count {
                self.place(*class, &mut next);
            }
        }
    }

    /// Gives the next local a place.
    fn place(&mut self, class: Class, next: &mut usize) {
        // A frame that is too large is refused at the end. Until then the slot does not matter.
        let slot = SlotIndex(*next as u16);
        self.placed.push(Placed { slot, class });
        *next += class.slots();
    }

    /// Returns whether a local is a vector.
    pub(super) fn is_vector(&self, local: u32) -> bool {
        let placed = self.placed.get(local as usize);
        placed.is_some_and(|placed| placed.class == Class::Vector)
    }

    /// The slots of a vector whose first slot is `slot`.
    fn both(slot: SlotIndex) -> [SlotIndex; 2] {
        [slot, SlotIndex(slot.0.wrapping_add(1))]
    }

    /// `local.get` of the vector in `slot`.
    pub(super) fn vector_get(&mut self, slot: SlotIndex) {
        let slots = Self::both(slot);
        for slot in slots {
            self.code.liveness.read(slot);
        }
        let [low, high] = slots.map(Operand::Local);
        self.operands.push_vector(low, high);
    }

    /// `local.set` or `local.tee` of the vector in `slot`.
    pub(super) fn vector_set(&mut self, slot: SlotIndex, tee: bool) {
        let value = self.pop_halves();
        let slots = Self::both(slot);
        if value.slot() != Some(slot) {
            // As for other locals: entries of the stack keep the old value.
            let mut may_redirect = true;
            for slot in slots {
                while let Some(height) = self.operands.next_of(slot) {
                    self.settle(height);
                    may_redirect = false;
                }
            }
            if may_redirect && self.is_last_vector(&value) {
                self.code.redirect_last(value.low.home, slot);
            } else {
                for (half, slot) in [value.low, value.high].into_iter().zip(slots) {
                    self.move_value(half, slot);
                    self.code.pin(slot);
                }
            }
        }
        for slot in slots {
            self.code.liveness.write(slot);
        }
        if tee {
            let [low, high] = slots.map(Operand::Local);
            self.operands.push_vector(low, high);
        }
    }

    /// Returns whether the last instruction computed the vector, and nothing else reads it.
    fn is_last_vector(&self, value: &Halves) -> bool {
        let is_vector = |inst: &Inst| fields(inst.op).last() == Some(&Field::DstVector);
        value.slot() == Some(value.low.home)
            && value.low.is_temp()
            && self
                .code
                .last_producer(value.low.home)
                .is_some_and(is_vector)
    }

    fn pop_halves(&mut self) -> Halves {
        let high = self.pop_lazy();
        let low = self.pop_lazy();
        Halves { low, high }
    }

    /// Pops a vector. Returns the first of its slots.
    fn pop_vector(&mut self) -> SlotIndex {
        let value = self.pop_halves();
        value.slot().unwrap_or_else(|| {
            for half in [value.low, value.high] {
                self.move_value(half, half.home);
                self.code.pin(half.home);
            }
            value.low.home
        })
    }

    /// Appends an instruction. Its result, a vector, is pushed in two temporaries.
    fn push_vector(&mut self, inst: Inst) {
        let height = self.operands.height();
        let home = self.temp(height);
        self.temp(height + 1);
        self.operands.push_vector(Operand::Temp, Operand::Temp);
        self.code.push_value(inst.dst(home), Class::Vector);
    }

    pub(super) fn vector_const(&mut self, bits: u128) {
        // `as` keeps the low half.
        let [low, high] = [bits as u64, (bits >> 64) as u64].map(Operand::Const);
        self.operands.push_vector(low, high);
    }

    /// Lowers an operator whose inputs are all of one class, and whose result is a vector or, of a vector, any value.
    pub(super) fn vector(&mut self, row: &Row) {
        let (shape, count) = match row.kind {
            Kind::VectorBinary => (Shape::Value(Pair::SlotSlot, To::Slot), 2),
            _ => (Shape::Unary(Source::Slot, To::Slot), 1),
        };
        let mut inputs = [0; 2];
        for input in inputs[..count].iter_mut().rev() {
            *input = self.pop_in_slot(row.class_in).0;
        }
        let inst = Inst::new(row.op(shape), &inputs[..count]);
        self.push_of_class(inst, row.class_out);
    }

    /// Lowers an operator with a vector and the number of a lane.
    pub(super) fn lane(&mut self, opcode: Opcode, lane: u8) {
        let row = row(opcode).expect("a row");
        let vector = self.pop_in_slot(row.class_in);
        let inst = Inst::new(row.op(Shape::Lane(To::Slot)), &[vector.0, lane.into()]);
        self.push_of_class(inst, row.class_out);
    }

    /// Pops a value of a class. Returns its slot, or the first of its slots.
    fn pop_in_slot(&mut self, class: Class) -> SlotIndex {
        if class == Class::Vector {
            return self.pop_vector();
        }
        let value = self.pop();
        self.whole_slot_of(value)
    }

    fn push_of_class(&mut self, inst: Inst, class: Class) {
        if class == Class::Vector {
            self.push_vector(inst);
        } else {
            self.push_result(inst, class);
        }
    }

    /// `select` of two vectors: one for each half.
    pub(super) fn select_vector(&mut self, condition: Value) {
        let condition = self.slot_of(condition);
        let b = self.pop_vector();
        let a = self.pop_vector();
        let height = self.operands.height();
        let home = self.temp(height);
        for ((a, b), dst) in Self::both(a)
            .into_iter()
            .zip(Self::both(b))
            .zip(Self::both(home))
        {
            let inst = Inst::new(SELECT, &[a.0, b.0, condition.0]);
            self.code.push_value(inst.dst(dst), Class::Integer);
            self.code.pin(dst);
        }
        self.temp(height + 1);
        self.operands.push_vector(Operand::Temp, Operand::Temp);
    }
}
