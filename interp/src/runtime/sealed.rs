//! How Rust values become slots: the part of [`WasmTy`](super::WasmTy) and [`WasmTyList`](super::WasmTyList) that
//! no other crate can see or implement.
//!
//! Running code trusts slots (invariant 6 of [`crate::machine`]): a number that claims to be a reference to a
//! function would be called as one. So only this crate says which number stands for a value.

use super::handle::StoreId;

/// A value that fits into one slot.
pub trait InSlot: Sized {
    /// The slot that holds the value in `store`; `None` for a reference from another store.
    fn into_slot(self, store: StoreId) -> Option<u64>;
    /// The value that a slot of `store` holds.
    fn from_slot(slot: u64, store: StoreId) -> Self;
}

/// Values that fit into one slot each.
pub trait InSlots: Sized {
    /// Writes them into slots, as many as there are types; `None` if one refers to another store.
    fn into_slots(self, store: StoreId, slots: &mut [u64]) -> Option<()>;
    /// Reads them from slots.
    fn from_slots(slots: &[u64], store: StoreId) -> Self;
}
