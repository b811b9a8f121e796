//! Conversions between Rust values and slots: the part of [`WasmTy`](crate::WasmTy) and [`WasmTyList`](crate::WasmTyList)
//! that other crates can neither see nor implement.
//!
//! Running code trusts slots (invariant 6 of [`crate::machine`]). If a slot contained a wrong function reference, running
//! code would call it. So only this crate converts values to slots.

use crate::runtime::entity::handle::StoreId;

/// A value that fits into one slot.
pub trait InSlot: Sized {
    /// Returns the slot of the value in `store`, or `None` for a reference from another store.
    fn into_slot(self, store: StoreId) -> Option<u64>;
    /// Returns the value of a slot of `store`.
    fn from_slot(slot: u64, store: StoreId) -> Self;
}

/// Values that fit into one slot each.
pub trait InSlots: Sized {
    /// Writes the values to slots, one for each type. Returns `None` if one refers to another store.
    fn into_slots(self, store: StoreId, slots: &mut [u64]) -> Option<()>;
    /// Reads the values from slots.
    fn from_slots(slots: &[u64], store: StoreId) -> Self;
}
