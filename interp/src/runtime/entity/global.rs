//! [`GlobalEntity`]: a global in a store.

use crate::machine::{V128, Value};
use crate::runtime::{GlobalType, ValType};

/// A global in the store. Its slot, or its two slots, are in a block of the instance that defines it.
pub(crate) struct GlobalEntity {
    /// The address of the first slot, which running code also uses.
    pub(crate) slot: *mut u64,
    pub(crate) ty: GlobalType,
}

impl GlobalEntity {
    /// The value: a slot, or the two slots of a vector.
    pub(crate) fn get(&self) -> u128 {
        // SAFETY: the store keeps the block, which has all slots of the type, and no code runs.
        unsafe {
            match self.ty.content {
                ValType::V128 => u128::from_le_bytes(V128::load(self.slot).0),
                _ => self.slot.read().into(),
            }
        }
    }

    pub(crate) fn set(&mut self, value: u128) {
        // SAFETY: as above, and `&mut self` excludes other accesses. `as` keeps the only slot.
        unsafe {
            match self.ty.content {
                ValType::V128 => V128(value.to_le_bytes()).store(self.slot),
                _ => self.slot.write(value as u64),
            }
        }
    }
}
