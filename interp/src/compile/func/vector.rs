//! Vectors of 128 bits: their halves on the operand stack, and the operators that compute with them.
//!
//! A vector takes two slots. On the operand stack it is two entries, so blocks, branches and calls treat its halves like any two values.
//! An op on vectors needs both halves in neighbouring slots. They are there already, unless they are constants or were copied at different
//! times.

use wasmparser::{FuncType, FunctionBody, MemArg, Operator};

use super::memory::Access;
use super::value::Value;
use super::{Function, Locals};
use crate::compile::class::{class_of, has_vector};
use crate::compile::error::ModuleError;
use crate::compile::module::ModuleInfo;
use crate::lower::{Inst, Operand};
use crate::machine::{Class, HEADER_SLOTS, SlotIndex};
use crate::ops::shape::{Imm128, Slot};
use crate::ops::shapes::{Place, Shape, To};
use crate::ops::vector::data::{GlobalGet, GlobalSet, Move, Select};
use crate::ops::vector::lane::Shuffle;
use crate::ops::{Kind, Opcode, number, row};

/// The place of a local.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Its slot, or the first of its slots.
    pub(super) slot: SlotIndex,
    class: Class,
}

/// A vector taken off the operand stack.
#[derive(Clone, Copy)]
pub(super) struct Halves {
    pub(super) low: Value,
    pub(super) high: Value,
}

impl Halves {
    /// The first of the neighbouring slots that contain the vector, if it is in such slots.
    pub(super) fn slot(&self) -> Option<SlotIndex> {
        let next = |slot: SlotIndex| SlotIndex(slot.0.wrapping_add(1));
        match (self.low.operand, self.high.operand) {
            // Temporaries of neighbouring heights.
            (Operand::Temp, Operand::Temp) => Some(self.low.home),
            (Operand::Local(low), Operand::Local(high)) if high == next(low) => Some(low),
            _ => None,
        }
    }

    /// The first of the temporaries that contain the vector, if nothing else reads them.
    pub(super) fn temp(&self) -> Option<SlotIndex> {
        self.slot()
            .filter(|slot| self.low.is_temp() && *slot == self.low.home)
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

    /// The slots of a vector whose first slot is `slot`.
    fn both(slot: SlotIndex) -> [SlotIndex; 2] {
        [slot, SlotIndex(slot.0.wrapping_add(1))]
    }

    /// `local.get` of a local of a function that has vectors.
    #[inline(never)]
    pub(super) fn get_placed(&mut self, Placed { slot, class }: Placed) {
        match class {
            Class::Vector => self.vector_get(slot),
            _ => self.get_slot(slot),
        }
    }

    /// `local.set` or `local.tee` of a local of a function that has vectors.
    #[inline(never)]
    pub(super) fn set_placed(&mut self, Placed { slot, class }: Placed, tee: bool) {
        match class {
            Class::Vector => self.vector_set(slot, tee),
            _ => self.set_slot(slot, tee),
        }
    }

    /// `local.get` of the vector in `slot`.
    fn vector_get(&mut self, slot: SlotIndex) {
        let slots = Self::both(slot);
        for slot in slots {
            self.code.liveness.read(slot);
        }
        let [low, high] = slots.map(Operand::Local);
        self.operands.push_vector(low, high);
    }

    /// `local.set` or `local.tee` of the vector in `slot`.
    fn vector_set(&mut self, slot: SlotIndex, tee: bool) {
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
                self.code.redirect_last_vector(value.low.home, slot);
            } else {
                self.move_vector(&value, slot);
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
    pub(super) fn is_last_vector(&self, value: &Halves) -> bool {
        value
            .temp()
            .is_some_and(|slot| self.code.is_last_vector(slot))
    }

    pub(super) fn pop_halves(&mut self) -> Halves {
        let high = self.pop_lazy();
        let low = self.pop_lazy();
        Halves { low, high }
    }

    /// Pops a vector. Returns the first of its slots.
    pub(super) fn pop_vector(&mut self) -> SlotIndex {
        let value = self.pop_halves();
        value.slot().unwrap_or_else(|| {
            self.move_vector(&value, value.low.home);
            value.low.home
        })
    }

    /// Copies a vector to `dst` and the slot after it, where others may read it.
    fn move_vector(&mut self, value: &Halves, dst: SlotIndex) {
        if let Some(slot) = value.slot() {
            let inst = Inst::new(number::<Move<Slot>>(), &[slot.0]);
            self.code.push_vector(inst.dst(dst));
        } else if let (Some(low), Some(high)) = (value.low.constant(), value.high.constant()) {
            let bits = u128::from(low) | u128::from(high) << 64;
            let inst = Inst::new(number::<Move<Imm128>>(), &[]).constant128(bits);
            self.code.push_vector(inst.dst(dst));
        } else {
            for (half, dst) in [value.low, value.high].into_iter().zip(Self::both(dst)) {
                self.move_value(half, dst);
            }
        }
        for slot in Self::both(dst) {
            self.code.pin(slot);
        }
    }

    /// Appends an instruction. Its result, a vector, is pushed in two temporaries.
    pub(super) fn push_vector(&mut self, inst: Inst) {
        let height = self.operands.height();
        let home = self.temp(height);
        self.temp(height + 1);
        self.operands.push_vector(Operand::Temp, Operand::Temp);
        self.code.push_vector(inst.dst(home));
    }

    /// Lowers an operator on vectors. `opcode` is its opcode in the form of [`Row::opcode`](crate::ops::Row::opcode).
    #[inline(always)]
    pub(in crate::compile) fn vector_operator(
        &mut self,
        module: &ModuleInfo,
        operator: &Operator<'_>,
        opcode: Opcode,
    ) {
        if !self.alive {
            return;
        }
        match *operator {
            Operator::V128Const { value } => self.vector_const(u128::from_le_bytes(*value.bytes())),
            Operator::I8x16Shuffle { lanes } => self.shuffle(lanes),
            _ => match vector_memarg(operator).and_then(Access::of_memarg) {
                Some(access) => self.vector_access(module, &access, opcode, lane_of(operator)),
                None => self.vector(opcode, lane_of(operator)),
            },
        }
    }

    fn vector_const(&mut self, bits: u128) {
        // `as` keeps the low half.
        let [low, high] = [bits as u64, (bits >> 64) as u64].map(Operand::Const);
        self.operands.push_vector(low, high);
    }

    /// Lowers an operator that computes with vectors. `lane` is its number of a lane, or 0.
    fn vector(&mut self, opcode: Opcode, lane: u8) {
        self.any_vector(opcode, lane);
        #[cfg(feature = "canonical-nans")]
        if self.canonical_nans {
            self.make_lanes_canonical(opcode);
        }
    }

    fn any_vector(&mut self, opcode: Opcode, lane: u8) {
        let row = row(opcode).expect("validation admits only operators that are lowered");
        let Kind::Vector {
            inputs,
            constants,
            lane: has_lane,
            ..
        } = row.kind
        else {
            unreachable!("accesses of memory have their own way");
        };
        if let Some(inst) = self.chained(row) {
            return self.push_vector(inst);
        }
        let inputs = inputs.classes();
        let constants = constants.inputs();
        if !constants.is_empty()
            && let Some(inst) = self.with_constant(row, inputs[1], constants)
        {
            return self.push_vector(inst);
        }
        let mut small = [u16::from(lane); 4];
        for (small, class) in small.iter_mut().zip(inputs).rev() {
            *small = self.pop_in_slot(*class).0;
        }
        let count = inputs.len() + usize::from(has_lane);
        let inst = Inst::new(row.op(Shape::Vector(To::Slot)), &small[..count]);
        self.push_of_class(inst, row.class_out);
    }

    /// `global.get` of a vector. `own` is its slot among those that the instance defines.
    pub(super) fn vector_global_get(&mut self, own: Option<u16>, global: u32) {
        self.push_vector(match own {
            Some(own) => Inst::new(number::<GlobalGet<false>>(), &[own]),
            None => Inst::new(number::<GlobalGet<true>>(), &[]).imm(global.into()),
        });
    }

    /// `global.set` of a vector.
    pub(super) fn vector_global_set(&mut self, own: Option<u16>, global: u32) {
        let value = self.pop_vector();
        self.code.push(match own {
            Some(own) => Inst::new(number::<GlobalSet<false>>(), &[own, value.0]),
            None => Inst::new(number::<GlobalSet<true>>(), &[value.0]).imm(global.into()),
        });
    }

    /// `i8x16.shuffle` by the numbers of 16 lanes.
    fn shuffle(&mut self, lanes: [u8; 16]) {
        let b = self.pop_vector();
        let a = self.pop_vector();
        let inst = Inst::new(number::<Shuffle>(), &[a.0, b.0]);
        self.push_vector(inst.constant128(u128::from_le_bytes(lanes)));
    }

    /// Lowers a load or a store of a vector, or of a lane.
    fn vector_access(&mut self, module: &ModuleInfo, access: &Access, opcode: Opcode, lane: u8) {
        let row = row(opcode).expect("loads and stores stand in rows");
        let is_wide = module.has_long_addresses(access.memory);
        let Kind::VectorAccess {
            store,
            lane: has_lane,
        } = row.kind
        else {
            unreachable!("only accesses of memory come here");
        };
        let vector = (store || has_lane).then(|| self.pop_vector());
        let others = [vector.unwrap_or(SlotIndex(0)).0, lane.into()];
        let others = &others[..usize::from(vector.is_some()) + usize::from(has_lane)];
        let op = |place| row.op(Shape::VectorAccess(place));
        let address = self.pop();
        let inst = match u16::try_from(access.offset) {
            Ok(offset) if access.memory == 0 && !is_wide => {
                let slot = self.slot_of(address);
                let mut small = [slot.0, 0, 0];
                small[1..=others.len()].copy_from_slice(others);
                Inst::new(op(Place::Slot), &small[..=others.len()]).offset(offset.into())
            }
            // Large offsets are rare, so they have no op for memory 0.
            _ => {
                let far = self.far_address(access, is_wide, address);
                far.inst(op(far.place), others)
            }
        };
        if store {
            self.code.push(inst);
        } else {
            self.push_vector(inst);
        }
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

    /// `select` of two vectors.
    pub(super) fn select_vector(&mut self, condition: Value) {
        let condition = self.slot_of(condition);
        let b = self.pop_vector();
        let a = self.pop_vector();
        self.push_vector(Inst::new(number::<Select>(), &[a.0, b.0, condition.0]));
    }
}

/// The number of a lane that is an operand of the operator, or 0.
#[inline(always)]
fn lane_of(operator: &Operator<'_>) -> u8 {
    use Operator::*;
    match *operator {
        I8x16ExtractLaneS { lane }
        | I8x16ExtractLaneU { lane }
        | I8x16ReplaceLane { lane }
        | I16x8ExtractLaneS { lane }
        | I16x8ExtractLaneU { lane }
        | I16x8ReplaceLane { lane }
        | I32x4ExtractLane { lane }
        | I32x4ReplaceLane { lane }
        | I64x2ExtractLane { lane }
        | I64x2ReplaceLane { lane }
        | F32x4ExtractLane { lane }
        | F32x4ReplaceLane { lane }
        | F64x2ExtractLane { lane }
        | F64x2ReplaceLane { lane }
        | V128Load8Lane { lane, .. }
        | V128Load16Lane { lane, .. }
        | V128Load32Lane { lane, .. }
        | V128Load64Lane { lane, .. }
        | V128Store8Lane { lane, .. }
        | V128Store16Lane { lane, .. }
        | V128Store32Lane { lane, .. }
        | V128Store64Lane { lane, .. } => lane,
        _ => 0,
    }
}

/// The constant operands of an access of a vector.
#[inline(always)]
fn vector_memarg<'a>(operator: &'a Operator<'_>) -> Option<&'a MemArg> {
    use Operator::*;
    match operator {
        V128Load { memarg }
        | V128Load8x8S { memarg }
        | V128Load8x8U { memarg }
        | V128Load16x4S { memarg }
        | V128Load16x4U { memarg }
        | V128Load32x2S { memarg }
        | V128Load32x2U { memarg }
        | V128Load8Splat { memarg }
        | V128Load16Splat { memarg }
        | V128Load32Splat { memarg }
        | V128Load64Splat { memarg }
        | V128Load32Zero { memarg }
        | V128Load64Zero { memarg }
        | V128Store { memarg }
        | V128Load8Lane { memarg, .. }
        | V128Load16Lane { memarg, .. }
        | V128Load32Lane { memarg, .. }
        | V128Load64Lane { memarg, .. }
        | V128Store8Lane { memarg, .. }
        | V128Store16Lane { memarg, .. }
        | V128Store32Lane { memarg, .. }
        | V128Store64Lane { memarg, .. } => Some(memarg),
        _ => None,
    }
}
