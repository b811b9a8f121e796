//! Loads, stores, and operators on whole memories and tables.

use wasmparser::{MemArg, MemArgTarget, Operator};

use super::Function;
use super::Lane;
use super::value::Value;
use crate::dispatch::OpNumber;
use crate::lower::{Arg, Inst, Operand};
use crate::machine::{Class, SlotIndex};
use crate::ops::shapes::{Place, Shape, Source, To};
use crate::ops::{Kind, Opcode, Row, bulk, number, row};

/// The constant operands of a load or store.
pub(super) struct Access {
    pub(super) memory: u32,
    pub(super) offset: u32,
}

impl Access {
    /// Returns them for `operator`, if it is a load or a store.
    #[inline(always)]
    pub(super) fn of(operator: &Operator<'_>) -> Option<Self> {
        use Operator::*;
        let (I32Load { memarg }
        | I64Load { memarg }
        | F32Load { memarg }
        | F64Load { memarg }
        | I32Load8S { memarg }
        | I32Load8U { memarg }
        | I32Load16S { memarg }
        | I32Load16U { memarg }
        | I64Load8S { memarg }
        | I64Load8U { memarg }
        | I64Load16S { memarg }
        | I64Load16U { memarg }
        | I64Load32S { memarg }
        | I64Load32U { memarg }
        | I32Store { memarg }
        | I64Store { memarg }
        | F32Store { memarg }
        | F64Store { memarg }
        | I32Store8 { memarg }
        | I32Store16 { memarg }
        | I64Store8 { memarg }
        | I64Store16 { memarg }
        | I64Store32 { memarg }) = operator
        else {
            #[cfg(feature = "simd")]
            return Self::of_memarg(vector_memarg(operator)?);
            #[cfg(not(feature = "simd"))]
            return None;
        };
        Self::of_memarg(memarg)
    }

    fn of_memarg(memarg: &MemArg) -> Option<Self> {
        let MemArg {
            target: MemArgTarget::Memory(memory),
            offset,
            ..
        } = *memarg
        else {
            return None;
        };
        // Validation limits the offsets of 32-bit memories to values below 2³².
        Some(Self {
            memory,
            offset: offset as u32,
        })
    }
}

impl Function {
    pub(super) fn access(&mut self, access: &Access, opcode: Opcode, lane: Lane) {
        let row = row(opcode).expect("loads and stores stand in rows");
        #[cfg(feature = "simd")]
        if matches!(row.kind, Kind::VectorAccess { .. }) {
            return self.vector_access(access, row, lane.0);
        }
        let _ = lane;
        if row.kind == Kind::Load {
            let address = self.pop_address(access);
            self.load(access, row, address);
        } else {
            let value = self.pop();
            let address = self.pop_address(access);
            self.store(access, row, address, value);
        }
    }

    /// Pops an address. A sum stays deferred if the op can add it.
    #[inline(always)]
    fn pop_address(&mut self, access: &Access) -> Value {
        let address = self.pop_lazy();
        if access.memory == 0 && access.offset <= u32::from(u16::MAX) {
            address
        } else {
            self.computed(address)
        }
    }

    fn load(&mut self, access: &Access, row: &Row, address: Value) {
        let offset = access.offset;
        let op = |place| row.op(Shape::Load(place, To::Slot));
        let inst = if access.memory != 0 {
            let slot = self.slot_of(address);
            Inst::new(op(Place::Indexed), &[memory_index(access.memory), slot.0]).offset(offset)
        } else if let Some(absolute) = absolute(address, offset) {
            Inst::new(op(Place::Absolute), &[]).offset(absolute)
        } else if let Operand::Sum { slot, add, .. } = address.operand {
            // The op extends the sign of its immediate.
            Inst::new(op(Place::Sum), &[slot.0])
                .imm(add as u64)
                .offset(offset)
        } else {
            let (in_slot, in_acc) = places(offset);
            match self.address(address) {
                Arg::Slot(slot) => Inst::new(op(in_slot), &[slot.0]).offset(offset),
                Arg::Acc => Inst::new(op(in_acc), &[]).offset(offset),
            }
        };
        self.push_result(inst, row.class_out);
    }

    fn store(&mut self, access: &Access, row: &Row, address: Value, value: Value) {
        let offset = access.offset;
        let op = |place, from| row.op(Shape::Store(place, from));
        if access.memory != 0 {
            let address = self.slot_of(address);
            let value = self.slot_of(value);
            let inst = Inst::new(
                op(Place::Indexed, Source::Slot),
                &[memory_index(access.memory), address.0, value.0],
            );
            self.code.push(inst.offset(offset));
            return;
        }
        let inst = if let Some(absolute) = absolute(address, offset) {
            let place = Place::Absolute;
            match self.stored(value, row) {
                Stored::Slot(slot) => Inst::new(op(place, Source::Slot), &[slot.0]),
                Stored::Acc => Inst::new(op(place, Source::Acc), &[]),
                Stored::Imm(bits) => Inst::new(op(place, Source::Imm16), &[]).imm(bits),
            }
            .offset(absolute)
        } else if let Operand::Sum { slot, add, .. } = address.operand {
            let place = Place::Sum;
            match self.stored(value, row) {
                Stored::Slot(value) => Inst::new(op(place, Source::Slot), &[slot.0, value.0]),
                Stored::Acc => Inst::new(op(place, Source::Acc), &[slot.0]),
                Stored::Imm(bits) => {
                    self.const_to_acc(bits);
                    Inst::new(op(place, Source::Acc), &[slot.0])
                }
            }
            .imm(add as u64)
            .offset(offset)
        } else {
            let (in_slot, in_acc) = places(offset);
            if address.constant().is_some() {
                // The address is above 4 GiB, so the access traps.
                self.slot_of(address);
            }
            match self.stored(value, row) {
                Stored::Acc => Inst::new(op(in_slot, Source::Acc), &[address.slot.0]),
                Stored::Slot(value) => match self.address(address) {
                    Arg::Slot(address) => {
                        Inst::new(op(in_slot, Source::Slot), &[address.0, value.0])
                    }
                    Arg::Acc => Inst::new(op(in_acc, Source::Slot), &[value.0]),
                },
                Stored::Imm(bits) => match self.address(address) {
                    Arg::Slot(address) => {
                        Inst::new(op(in_slot, Source::Imm16), &[address.0]).imm(bits)
                    }
                    Arg::Acc => Inst::new(op(in_acc, Source::Imm16), &[]).imm(bits),
                },
            }
            .offset(offset)
        };
        self.code.push(inst);
    }

    /// Returns the place of the value to store. A large constant is loaded into the accumulator.
    fn stored(&mut self, value: Value, row: &Row) -> Stored {
        let Some(bits) = value.constant() else {
            return match self.take(value, row.class_in) {
                Arg::Slot(slot) => Stored::Slot(slot),
                Arg::Acc => Stored::Acc,
            };
        };
        let number = if row.is_32 {
            i64::from(bits as i32)
        } else {
            bits as i64
        };
        if row.class_in == Class::Float {
            Stored::Slot(self.slot_of(value))
        } else if i16::try_from(number).is_ok() {
            Stored::Imm(bits)
        } else {
            self.const_to_acc(bits);
            Stored::Acc
        }
    }

    fn address(&mut self, address: Value) -> Arg {
        if address.constant().is_some() {
            Arg::Slot(self.slot_of(address))
        } else {
            self.take(address, Class::Integer)
        }
    }

    /// Lowers an operator on whole memories and tables. Returns false if `operator` is none.
    #[inline(always)]
    pub(super) fn bulk(&mut self, operator: &Operator<'_>) -> bool {
        match *operator {
            Operator::MemorySize { mem } => {
                self.push_unfolded(Inst::new(
                    number::<bulk::MemorySize>(),
                    &[memory_index(mem)],
                ));
            }
            Operator::MemoryGrow { mem } => {
                self.bulk_result(number::<bulk::MemoryGrow>(), &[mem], 1)
            }
            Operator::MemoryFill { mem } => {
                self.bulk_op(number::<bulk::MemoryFill>(), 0, &[mem], 3)
            }
            Operator::MemoryCopy { dst_mem, src_mem } => {
                self.bulk_op(number::<bulk::MemoryCopy>(), 0, &[dst_mem, src_mem], 3);
            }
            Operator::MemoryInit { data_index, mem } => {
                self.bulk_op(number::<bulk::MemoryInit>(), data_index, &[mem], 3);
            }
            Operator::DataDrop { data_index } => {
                self.bulk_op(number::<bulk::DataDrop>(), data_index, &[], 0)
            }
            Operator::TableGet { table } => {
                self.bulk_result(number::<bulk::TableGet>(), &[table], 1)
            }
            Operator::TableSet { table } => {
                self.bulk_op(number::<bulk::TableSet>(), 0, &[table], 2)
            }
            Operator::TableSize { table } => {
                self.push_unfolded(Inst::new(
                    number::<bulk::TableSize>(),
                    &[memory_index(table)],
                ));
            }
            Operator::TableGrow { table } => {
                self.bulk_result(number::<bulk::TableGrow>(), &[table], 2)
            }
            Operator::TableFill { table } => {
                self.bulk_op(number::<bulk::TableFill>(), 0, &[table], 3)
            }
            Operator::TableCopy {
                dst_table,
                src_table,
            } => {
                self.bulk_op(number::<bulk::TableCopy>(), 0, &[dst_table, src_table], 3);
            }
            Operator::TableInit { elem_index, table } => {
                self.bulk_op(number::<bulk::TableInit>(), elem_index, &[table], 3);
            }
            Operator::ElemDrop { elem_index } => {
                self.bulk_op(number::<bulk::ElemDrop>(), elem_index, &[], 0)
            }
            _ => return false,
        }
        true
    }

    /// Appends an op with indices and with operands in slots.
    fn bulk_op(&mut self, op: OpNumber, imm: u32, indices: &[u32], operands: usize) {
        let inst = self.bulk_inst(op, indices, operands);
        self.code.push(inst.imm(imm.into()));
    }

    /// Does the same for an op with a result.
    fn bulk_result(&mut self, op: OpNumber, indices: &[u32], operands: usize) {
        let inst = self.bulk_inst(op, indices, operands);
        self.push_unfolded(inst);
    }

    fn bulk_inst(&mut self, op: OpNumber, indices: &[u32], operands: usize) -> Inst {
        let mut inst = Inst::new(op, &[]);
        for (small, &index) in inst.small.iter_mut().zip(indices) {
            *small = memory_index(index);
        }
        for operand in (0..operands).rev() {
            let value = self.pop();
            inst.small[indices.len() + operand] = self.whole_slot_of(value).0;
        }
        inst
    }
}

/// The constant operands of an access of a vector.
#[cfg(feature = "simd")]
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

/// The place of the value to store.
enum Stored {
    Slot(SlotIndex),
    Acc,
    Imm(u64),
}

/// Where an access with this offset finds an address that is in a slot, and one that is in the accumulator.
fn places(offset: u32) -> (Place, Place) {
    if offset > u32::from(u16::MAX) {
        (Place::SlotFar, Place::AccFar)
    } else {
        (Place::Slot, Place::Acc)
    }
}

/// Returns the sum of a constant address and an offset, if it is below 4 GiB.
fn absolute(address: Value, offset: u32) -> Option<u32> {
    (address.constant()? as u32).checked_add(offset)
}

/// Encodes the index of a memory or table. The decoder limits them to 100 memories and 65,536 tables.
fn memory_index(index: u32) -> u16 {
    index as u16
}
