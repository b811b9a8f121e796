//! Cells that the runtime owns and that running code accesses as well.
//!
//! Both sides use raw pointers to the same allocation, and never references, which would claim exclusive access. Only one
//! thread uses a store at a time, so the accesses alternate.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ptr::NonNull;

/// One value at an address that does not change.
#[derive(Debug)]
pub(crate) struct Shared<V>(NonNull<V>);

// SAFETY: the value is owned.
unsafe impl<V: Send> Send for Shared<V> {}
// SAFETY: `&Shared` can only read a copy. A write needs `&mut`, or code that runs with exclusive access to the store.
unsafe impl<V: Sync> Sync for Shared<V> {}

impl<V> Shared<V> {
    pub(crate) fn new(value: V) -> Self {
        Self(NonNull::from(Box::leak(Box::new(value))))
    }

    /// The cell's address, for running code.
    pub(crate) fn as_ptr(&self) -> *mut V {
        self.0.as_ptr()
    }
}

impl<V: Copy> Shared<V> {
    pub(crate) fn get(&self) -> V {
        // SAFETY: the cell exists as long as `self`, and nothing writes to it meanwhile.
        unsafe { self.0.read() }
    }

    pub(crate) fn set(&mut self, value: V) {
        // SAFETY: as in `get`, and no code runs while `&mut self` is borrowed.
        unsafe { self.0.write(value) }
    }
}

impl<V> Drop for Shared<V> {
    fn drop(&mut self) {
        // SAFETY: leaked from a box in `new`.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// An array of slots at an address that changes only when the array grows.
#[derive(Debug)]
pub(crate) struct SharedSlots {
    slots: NonNull<[u64]>,
}

// SAFETY: as for `Shared`.
unsafe impl Send for SharedSlots {}
// SAFETY: as for `Shared`.
unsafe impl Sync for SharedSlots {}

impl SharedSlots {
    pub(crate) fn new(slots: Vec<u64>) -> Self {
        Self {
            slots: NonNull::from(Box::leak(slots.into_boxed_slice())),
        }
    }

    /// The first slot.
    pub(crate) fn as_ptr(&self) -> *mut u64 {
        self.slots.as_ptr().cast()
    }

    /// The slots.
    pub(crate) fn as_slice(&self) -> &[u64] {
        // SAFETY: the slots exist as long as `self`, and nothing writes to them meanwhile.
        unsafe { self.slots.as_ref() }
    }

    /// The slots, mutable.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u64] {
        // SAFETY: no code runs while `&mut self` is borrowed.
        unsafe { self.slots.as_mut() }
    }
}

impl Drop for SharedSlots {
    fn drop(&mut self) {
        // SAFETY: leaked from a box in `new`.
        drop(unsafe { Box::from_raw(self.slots.as_ptr()) });
    }
}
