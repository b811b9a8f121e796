//! Cells that the runtime owns and that running code accesses as well.
//!
//! Both sides use raw pointers to the same allocation, and never references, which would claim exclusive access. Only one
//! thread uses a store at a time, so the accesses alternate.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::ManuallyDrop;
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
    slots: NonNull<u64>,
    len: usize,
    capacity: usize,
}

// SAFETY: as for `Shared`.
unsafe impl Send for SharedSlots {}
// SAFETY: as for `Shared`.
unsafe impl Sync for SharedSlots {}

impl SharedSlots {
    pub(crate) fn new(slots: Vec<u64>) -> Self {
        let mut slots = ManuallyDrop::new(slots);
        Self {
            len: slots.len(),
            capacity: slots.capacity(),
            slots: NonNull::from(slots.as_mut_slice()).cast(),
        }
    }

    /// The first slot.
    pub(crate) fn as_ptr(&self) -> *mut u64 {
        self.slots.as_ptr()
    }

    /// The slots.
    pub(crate) fn as_slice(&self) -> &[u64] {
        // SAFETY: the slots exist as long as `self`, and nothing writes to them meanwhile.
        unsafe { NonNull::slice_from_raw_parts(self.slots, self.len).as_ref() }
    }

    /// The slots, mutable.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u64] {
        // SAFETY: no code runs while `&mut self` is borrowed.
        unsafe { NonNull::slice_from_raw_parts(self.slots, self.len).as_mut() }
    }

    /// Grows to `len` slots, of which the new ones are `init`. Returns whether there was room. Many small steps cost as much as a large one.
    pub(crate) fn grow_to(&mut self, len: usize, init: u64) -> bool {
        let mut slots = self.take();
        let more = len.saturating_sub(slots.len());
        let room = slots.try_reserve(more);
        let has_room = room.or_else(|_| slots.try_reserve_exact(more)).is_ok();
        if has_room {
            slots.resize(len, init);
        }
        *self = Self::new(slots);
        has_room
    }

    /// The slots as a vector. None are left.
    fn take(&mut self) -> Vec<u64> {
        let Self {
            slots,
            len,
            capacity,
        } = *self;
        (self.slots, self.len, self.capacity) = (NonNull::dangling(), 0, 0);
        // SAFETY: `new` has taken a vector apart, which is put together once.
        unsafe { Vec::from_raw_parts(slots.as_ptr(), len, capacity) }
    }
}

impl Drop for SharedSlots {
    fn drop(&mut self) {
        drop(self.take());
    }
}
