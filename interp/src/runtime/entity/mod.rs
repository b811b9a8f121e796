//! The items of a store, and what stores, handles and running code share of them.
//!
//! Handles refer to entities by number (`handle.rs`). Running code accesses them by address (`shared.rs`). `taken.rs` counts
//! their bytes.

#[cfg(feature = "heap")]
pub(super) mod code_map;
#[cfg(feature = "exceptions")]
pub(super) mod exception;
pub(super) mod global;
pub(super) mod handle;
#[cfg(feature = "heap")]
pub(super) mod heap;
pub(super) mod instance;
pub(super) mod memory;
pub(super) mod shared;
pub(super) mod table;
pub(super) mod taken;

pub(super) use global::GlobalEntity;
pub(super) use instance::InstanceEntity;
pub(super) use memory::MemoryEntity;
pub(super) use table::TableEntity;

/// Returns the range of `len` items from `start` on, if there are that many of `total`.
pub(crate) fn range(total: usize, start: u64, len: u64) -> Option<core::ops::Range<usize>> {
    let end = start.checked_add(len)?;
    (end <= total as u64).then_some(start as usize..end as usize)
}
