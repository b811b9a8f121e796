//! The value stack: one contiguous, growing array of 64-bit slots.
//!
//! Frames refer to each other by distance, never by address, so the stack can move when it grows. Only the registers
//! contain addresses of slots across [`Stack::grow`], and its caller renews them.

use alloc::alloc::{alloc, alloc_zeroed, dealloc, realloc};
use core::alloc::Layout;
use core::ptr;

use super::Trap;

/// A contiguous stack of slots that grows up to a limit.
#[derive(Debug)]
pub struct Stack {
    base: *mut u64,
    /// Slots allocated.
    len: usize,
    /// Slots that it may grow to.
    max: usize,
    /// Whether slots are zero until they are written.
    zeroed: bool,
}

// SAFETY: the stack owns its slots, which are plain numbers.
unsafe impl Send for Stack {}
// SAFETY: `&Stack` returns only addresses and sizes.
unsafe impl Sync for Stack {}

impl Stack {
    /// The first allocation, in slots: 32 KiB.
    const FIRST: usize = 4096;

    /// Creates an empty stack that may grow to `max` slots.
    #[must_use]
    pub const fn new(max: usize) -> Self {
        Self {
            base: ptr::null_mut(),
            len: 0,
            max,
            zeroed: false,
        }
    }

    /// Creates such a stack whose slots are zero until they are written, so that all of them can be read.
    #[must_use]
    pub const fn zeroed(max: usize) -> Self {
        let mut stack = Self::new(max);
        stack.zeroed = true;
        stack
    }

    /// The first slot; null before the first growth.
    #[must_use]
    pub fn base(&self) -> *mut u64 {
        self.base
    }

    /// Slots allocated now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether nothing is allocated yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One past the last slot.
    #[must_use]
    pub fn limit(&self) -> *mut u64 {
        self.base.wrapping_add(self.len)
    }

    /// Extends the stack to at least `need` slots. All addresses of slots may change.
    ///
    /// # Errors
    /// Fails with [`Trap::StackOverflow`] above the maximum, and with [`Trap::OutOfMemory`] if the host has no memory.
    pub fn grow(&mut self, need: usize) -> Result<(), Trap> {
        if need <= self.len {
            return Ok(());
        }
        if need > self.max {
            return Err(Trap::StackOverflow);
        }
        let len = need.max(self.len * 2).max(Self::FIRST).min(self.max);
        let layout = Layout::array::<u64>(len).map_err(|_| Trap::OutOfMemory)?;
        let base = if self.zeroed {
            // SAFETY: the size is not zero, since `len >= need > self.len >= 0`.
            let base = unsafe { alloc_zeroed(layout) };
            if !base.is_null() && !self.base.is_null() {
                // SAFETY: both have room for `self.len` slots. The old ones were allocated with this layout.
                unsafe {
                    ptr::copy_nonoverlapping(self.base, base.cast(), self.len);
                    dealloc(self.base.cast(), self.layout());
                }
            }
            base
        } else if self.base.is_null() {
            // SAFETY: as above.
            unsafe { alloc(layout) }
        } else {
            // SAFETY: `base` was allocated with `self.layout()`, and the new size is not zero and was
            // checked by `Layout::array`.
            unsafe { realloc(self.base.cast(), self.layout(), layout.size()) }
        };
        if base.is_null() {
            return Err(Trap::OutOfMemory);
        }
        self.base = base.cast();
        self.len = len;
        Ok(())
    }

    fn layout(&self) -> Layout {
        Layout::array::<u64>(self.len).expect("this layout was allocated")
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if !self.base.is_null() {
            // SAFETY: allocated in `grow` with this layout.
            unsafe { dealloc(self.base.cast(), self.layout()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_its_limit_and_keeps_its_slots() {
        let mut stack = Stack::new(10_000);
        stack.grow(1).unwrap();
        // SAFETY: the first slot exists.
        unsafe { stack.base().write(7) };
        stack.grow(9_000).unwrap();
        // SAFETY: the first slot exists and was written.
        assert_eq!(unsafe { stack.base().read() }, 7);
        assert_eq!(stack.grow(10_001), Err(Trap::StackOverflow));
        assert!(stack.len() <= 10_000);
    }
}
