//! Addresses and indices of 64 bits (proposal "memory64").

use super::Function;
use super::value::Value;
use crate::lower::{Inst, Operand};
use crate::machine::{Class, SlotIndex};
use crate::ops::memories::Reach;
use crate::ops::number;
use crate::ops::shape::ToSlot;
use crate::ops::tables::Index64;

impl Function {
    /// Returns the slot of an address of 64 bits, and its offset. An offset of more than 32 bits is added to the address.
    pub(super) fn long_address(&mut self, address: Value, offset: u64) -> (SlotIndex, u32) {
        let slot = self.whole_slot_of(address);
        if let Ok(offset) = u32::try_from(offset) {
            return (slot, offset);
        }
        let reach = Inst::new(number::<Reach>(), &[slot.0]).imm(offset);
        self.code
            .push_value(reach.dst(address.home), Class::Integer);
        self.code.pin(address.home);
        (address.home, 0)
    }

    /// Returns a slot with the zero-extended low half of a value.
    pub(super) fn extended(&mut self, value: Value) -> SlotIndex {
        if let Some(bits) = value.constant() {
            let low = Value {
                operand: Operand::Const(bits & u64::from(u32::MAX)),
                ..value
            };
            return self.slot_of(low);
        }
        let wrapped = Value {
            wrapped: true,
            ..value
        };
        self.whole_slot_of(wrapped)
    }

    /// Returns a table index of at most 32 bits: an index of 64 bits, or 2³² - 1 if it is greater.
    pub(super) fn index64(&mut self, value: Value) -> Value {
        let operand = if let Some(bits) = value.constant() {
            Operand::Const(bits.min(u32::MAX.into()))
        } else {
            let slot = self.whole_slot_of(value);
            let inst = Inst::new(number::<Index64<ToSlot>>(), &[slot.0]).dst(value.home);
            self.code.push_value(inst, Class::Integer);
            Operand::Temp
        };
        Value {
            operand,
            slot: value.home,
            wrapped: false,
            home: value.home,
        }
    }
}
