//! [`GlobalEntity`]: a global in a store.

use crate::runtime::GlobalType;

/// A global in the store. Its slot is in a block of the instance that defines it.
pub(crate) struct GlobalEntity {
    /// The address of the slot, which running code also uses.
    pub(crate) slot: *mut u64,
    pub(crate) ty: GlobalType,
}

impl GlobalEntity {
    pub(crate) fn get(&self) -> u64 {
        // SAFETY: the store keeps the block, and no code runs.
        unsafe { self.slot.read() }
    }

    pub(crate) fn set(&mut self, value: u64) {
        // SAFETY: as above, and `&mut self` excludes other accesses.
        unsafe { self.slot.write(value) }
    }
}
