//! Loads and stores.

use wasmparser::{MemArg, MemArgTarget, Operator};

use super::Function;
use super::value::Value;
use crate::compile::module::ModuleInfo;
use crate::dispatch::OpNumber;
use crate::lower::{Arg, Inst, Operand};
use crate::machine::{Class, SlotIndex};
use crate::ops::shapes::{Place, Shape, Source, To};
use crate::ops::{Kind, Opcode, Row, row};

/// The constant operands of a load or store.
pub(super) struct Access {
    pub(super) memory: u32,
    pub(super) offset: u64,
}

/// An access whose op names the memory. The address is in a slot.
#[derive(Clone, Copy)]
pub(super) struct Far {
    memory: u16,
    address: SlotIndex,
    offset: u32,
    /// [`Place::Indexed`], or [`Place::Wide`] if addresses have 64 bits.
    pub(super) place: Place,
}

impl Far {
    /// An instruction with this address and then other small operands.
    pub(super) fn inst(&self, op: OpNumber, others: &[u16]) -> Inst {
        let mut small = [self.memory, self.address.0, 0, 0, 0];
        let count = 2 + others.len();
        small[2..count].copy_from_slice(others);
        Inst::new(op, &small[..count]).offset(self.offset)
    }
}

/// Where a load or a store finds its address.
enum Reached {
    /// In memory 0, whose addresses have 32 bits: an address and an offset.
    Near(Value, u32),
    /// In a memory that the op names.
    Far(Far),
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
            return None;
        };
        Self::of_memarg(memarg)
    }

    pub(super) fn of_memarg(memarg: &MemArg) -> Option<Self> {
        let MemArg {
            target: MemArgTarget::Memory(memory),
            offset,
            ..
        } = *memarg
        else {
            return None;
        };
        Some(Self { memory, offset })
    }
}

impl Function {
    /// Lowers a load or a store of a number.
    pub(super) fn access(&mut self, module: &ModuleInfo, access: &Access, opcode: Opcode) {
        let row = row(opcode).expect("loads and stores stand in rows");
        let is_wide = module.has_long_addresses(access.memory);
        if row.kind == Kind::Load {
            let reached = self.pop_address(access, is_wide);
            self.load(&reached, row);
        } else {
            let value = self.pop();
            let reached = self.pop_address(access, is_wide);
            self.store(&reached, row, value);
        }
    }

    /// Pops an address. A sum stays deferred if the op can add it.
    #[inline(always)]
    fn pop_address(&mut self, access: &Access, is_wide: bool) -> Reached {
        let address = self.pop_lazy();
        if access.memory != 0 || is_wide {
            return Reached::Far(self.far_address(access, is_wide, address));
        }
        // Validation limits the offsets of 32-bit memories to values below 2³².
        let offset = access.offset as u32;
        let address = if offset <= u32::from(u16::MAX) {
            address
        } else {
            self.computed(address)
        };
        Reached::Near(address, offset)
    }

    /// Puts an address into a slot, for an op that names its memory. An offset of more than 32 bits is added.
    #[inline(never)]
    pub(super) fn far_address(&mut self, access: &Access, is_wide: bool, address: Value) -> Far {
        let address = self.computed(address);
        // The decoder limits them to 100.
        let memory = access.memory as u16;
        #[cfg(feature = "memory64")]
        if is_wide {
            let (address, offset) = self.long_address(address, access.offset);
            return Far {
                memory,
                address,
                offset,
                place: Place::Wide,
            };
        }
        let _ = is_wide;
        Far {
            memory,
            address: self.slot_of(address),
            // Validation limits the offsets of 32-bit memories to values below 2³².
            offset: access.offset as u32,
            place: Place::Indexed,
        }
    }

    fn load(&mut self, reached: &Reached, row: &Row) {
        let op = |place| row.op(Shape::Load(place, To::Slot));
        let (address, offset) = match *reached {
            Reached::Near(address, offset) => (address, offset),
            Reached::Far(far) => {
                return self.push_result(far.inst(op(far.place), &[]), row.class_out);
            }
        };
        let inst = if let Some(absolute) = absolute(address, offset) {
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

    fn store(&mut self, reached: &Reached, row: &Row, value: Value) {
        let op = |place, from| row.op(Shape::Store(place, from));
        let (address, offset) = match *reached {
            Reached::Near(address, offset) => (address, offset),
            Reached::Far(far) => {
                let value = self.slot_of(value);
                let inst = far.inst(op(far.place, Source::Slot), &[value.0]);
                return self.code.push(inst);
            }
        };
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
