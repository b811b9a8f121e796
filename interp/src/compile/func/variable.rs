//! Locals and globals.

use super::Function;
use crate::compile::module::ModuleInfo;
use crate::dispatch::OpNumber;
use crate::lower::{Arg, Inst, Operand};
use crate::machine::{Class, SlotIndex};
use crate::ops::data::{GlobalGet, GlobalSet};
use crate::ops::number;
use crate::ops::shape::{Acc, Slot, ToSlot};

const GLOBAL_GET: OpNumber = number::<GlobalGet<ToSlot, false>>();
const GLOBAL_GET_FAR: OpNumber = number::<GlobalGet<ToSlot, true>>();
const GLOBAL_SET: OpNumber = number::<GlobalSet<Slot, false>>();
const GLOBAL_SET_ACC: OpNumber = number::<GlobalSet<Acc, false>>();
const GLOBAL_SET_FAR: OpNumber = number::<GlobalSet<Slot, true>>();
const GLOBAL_SET_FAR_ACC: OpNumber = number::<GlobalSet<Acc, true>>();

impl Function {
    #[inline(always)]
    pub(super) fn local_get(&mut self, local: u32) {
        #[cfg(feature = "simd")]
        if let Some(placed) = self.placed.get(local as usize) {
            return self.get_placed(*placed);
        }
        self.get_slot(self.local_slot(local));
    }

    #[inline(always)]
    pub(super) fn local_set(&mut self, local: u32, tee: bool) {
        #[cfg(feature = "simd")]
        if let Some(placed) = self.placed.get(local as usize) {
            return self.set_placed(*placed, tee);
        }
        self.set_slot(self.local_slot(local), tee);
    }

    /// `local.get` of the local in `slot`.
    #[inline(always)]
    pub(super) fn get_slot(&mut self, slot: SlotIndex) {
        if slot == SlotIndex(0) {
            self.code.liveness.read_local_0();
        }
        self.code.liveness.read(slot);
        self.operands.push(Operand::Local(slot), false);
    }

    /// `local.set` or `local.tee` of the local in `slot`.
    #[inline(never)]
    pub(super) fn set_slot(&mut self, slot: SlotIndex, tee: bool) {
        let value = self.pop();
        if value.operand != Operand::Local(slot) || value.wrapped {
            // Stack entries that refer to this local must keep its old value, so they are copied first. The last
            // instruction can then not write to the local, because the copies come after it.
            let mut may_redirect = true;
            while let Some(height) = self.operands.next_of(slot) {
                self.settle(height);
                may_redirect = false;
            }
            self.assign(value, slot, may_redirect);
        }
        if slot == SlotIndex(0) {
            self.code.liveness.write_local_0();
        }
        self.code.liveness.write(slot);
        if tee {
            self.operands.push(Operand::Local(slot), false);
        }
    }

    pub(super) fn global_get(&mut self, module: &ModuleInfo, global: u32) {
        #[cfg(feature = "simd")]
        if module.is_vector_global(global) {
            return self.vector_global_get(own_global(module, global), global);
        }
        let inst = match own_global(module, global) {
            Some(own) => Inst::new(GLOBAL_GET, &[own]),
            None => Inst::new(GLOBAL_GET_FAR, &[]).imm(global.into()),
        };
        self.push_result(inst, Class::Integer);
    }

    pub(super) fn global_set(&mut self, module: &ModuleInfo, global: u32) {
        #[cfg(feature = "simd")]
        if module.is_vector_global(global) {
            return self.vector_global_set(own_global(module, global), global);
        }
        let value = self.pop();
        let arg = match value.constant() {
            Some(bits) => {
                self.const_to_acc(bits);
                Arg::Acc
            }
            None if value.wrapped => Arg::Slot(self.whole_slot_of(value)),
            None => self.take(value, Class::Integer),
        };
        let inst = match (own_global(module, global), arg) {
            (Some(own), Arg::Acc) => Inst::new(GLOBAL_SET_ACC, &[own]),
            (Some(own), Arg::Slot(slot)) => Inst::new(GLOBAL_SET, &[own, slot.0]),
            (None, Arg::Acc) => Inst::new(GLOBAL_SET_FAR_ACC, &[]).imm(global.into()),
            (None, Arg::Slot(slot)) => Inst::new(GLOBAL_SET_FAR, &[slot.0]).imm(global.into()),
        };
        self.code.push(inst);
    }
}

/// Returns the slot of a global among those that the instance defines, if it is one of them and small enough for an operand.
fn own_global(module: &ModuleInfo, global: u32) -> Option<u16> {
    let own = global.checked_sub(module.imported_globals())?;
    u16::try_from(module.own_global_slot(own)).ok()
}
