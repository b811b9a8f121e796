//! The owners of memory.
//!
//! ```text
//! kernel image | guest memory → grows     free | reserve     chunks are claimed ← heap | end of RAM
//! ```
//!
//! The guest's linear memory grows upwards in place, so it is never copied. The heap takes chunks from the top. The guest
//! cannot take the last part of the free memory: it is the heap's *reserve*. When the program's memory is full, the
//! interpreter uses the reserve to lower the functions that the program still calls (Go prints a message then), and file
//! systems and calls use it as well. A last part of the reserve is kept for unmounting the volume when no other memory is
//! left.

use alloc::boxed::Box;
use core::{cell::Cell, ops::Range, ptr};

use interp::{Error, MemoryCreator, Region, ResourceLimiter};

use crate::arch;

/// The reserve is this fraction of the memory that is free at the start, within these limits.
const RESERVE_PART: usize = 12;
const LEAST_RESERVE: usize = 512 << 10;
const MOST_RESERVE: usize = 2 << 20;
/// The memory that an unmount needs.
const LAST_RESERVE: usize = 96 << 10;

/// Invariant M1: `image end ≤ guest_base ≤ guest_end ≤ heap_start ≤ end`, and the memory between `guest_end` and
/// `heap_start` is free.
struct Free {
    guest_base: Cell<usize>,
    guest_end: Cell<usize>,
    /// Whether there is a guest memory.
    guest_exists: Cell<bool>,
    /// The highest `guest_end`.
    guest_most: Cell<usize>,
    heap_start: Cell<usize>,
    end: Cell<usize>,
    /// The memory that the guest cannot take.
    reserve: Cell<usize>,
    /// The memory that cannot be taken before [`release_reserve`].
    last_reserve: Cell<usize>,
    /// The number of bytes that were missing for the last refused request.
    shortage: Cell<usize>,
}

// SAFETY: A1 of `arch`: one core, and no interrupt handler, so no two accesses overlap.
unsafe impl Sync for Free {}

static FREE: Free = Free {
    guest_base: Cell::new(0),
    guest_end: Cell::new(0),
    guest_exists: Cell::new(false),
    guest_most: Cell::new(0),
    heap_start: Cell::new(0),
    end: Cell::new(0),
    reserve: Cell::new(0),
    last_reserve: Cell::new(0),
    shortage: Cell::new(0),
};

/// Makes the memory in `free`, which follows the kernel's image, available.
pub(super) fn init(free: &Range<usize>) {
    FREE.guest_base.set(free.start);
    FREE.guest_end.set(free.start);
    FREE.guest_most.set(free.start);
    FREE.heap_start.set(free.end);
    FREE.end.set(free.end);
    let reserve = free.len() / RESERVE_PART;
    FREE.reserve.set(reserve.clamp(LEAST_RESERVE, MOST_RESERVE));
    FREE.last_reserve.set(LAST_RESERVE);
}

/// The most bytes that the program's memory has taken, and the bytes that the heap has taken. The heap never releases any.
pub(super) fn used() -> (usize, usize) {
    (
        FREE.guest_most.get() - FREE.guest_base.get(),
        FREE.end.get() - FREE.heap_start.get(),
    )
}

/// The bytes that neither the program nor the heap has taken.
pub(super) fn free() -> usize {
    FREE.heap_start.get() - FREE.guest_end.get()
}

/// The bytes that optional users may still take. The reserve is not included.
pub(super) fn beyond_reserve() -> u64 {
    free().saturating_sub(FREE.reserve.get()) as u64
}

/// Returns whether a request was refused since [`forget_shortage`].
pub(super) fn has_shortage() -> bool {
    FREE.shortage.get() > 0
}

/// Forgets refused requests.
pub(super) fn forget_shortage() {
    FREE.shortage.set(0);
}

/// The number of KiB that were missing for the last refused request.
pub(super) fn shortage() -> usize {
    FREE.shortage.get().div_ceil(1024).max(1)
}

/// Makes the last part of the reserve available to the heap. Only code that ends the machine runs afterwards.
pub(super) fn release_reserve() {
    FREE.last_reserve.set(0);
}

/// The initial RAM disk, which is outside of the memory of `init`. Called once.
pub(super) fn initrd(range: Range<usize>) -> Option<&'static mut [u8]> {
    let given_out = FREE.guest_base.get()..FREE.end.get();
    let apart = range.end <= given_out.start || range.start >= given_out.end;
    (apart && range.start >= arch::image().end).then(|| {
        // SAFETY: M1: the range is outside of the available memory, and the boot loader has filled it.
        unsafe { core::slice::from_raw_parts_mut(range.start as *mut u8, range.len()) }
    })
}

/// Takes `size` bytes from the top of the free memory. Returns `None` if they are not available.
pub(super) fn claim_for_heap(size: usize) -> Option<*mut u8> {
    let free = free().saturating_sub(FREE.last_reserve.get());
    let start = FREE
        .heap_start
        .get()
        .checked_sub(size)
        .map(|at| at & !0xfff);
    match start {
        Some(start) if FREE.heap_start.get() - start <= free => {
            FREE.heap_start.set(start);
            Some(start as *mut u8)
        }
        _ => {
            FREE.shortage.set(size - free.min(size));
            None
        }
    }
}

/// Creates the linear memory of a program, up to a limit in bytes.
///
/// The first memory grows in place at the bottom. There is no second one (a Go program has one).
pub(super) struct GuestMemory {
    limit: usize,
}

impl GuestMemory {
    /// A memory that may take all free memory, or `limit` bytes.
    pub(super) fn new(limit: Option<u64>) -> Self {
        let limit = limit
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(usize::MAX);
        Self { limit }
    }
}

impl MemoryCreator for GuestMemory {
    fn create(&self, min: usize, max: usize) -> Option<Box<dyn Region>> {
        if min > self.limit || FREE.guest_exists.replace(true) {
            return None;
        }
        Some(Box::new(Growing {
            base: FREE.guest_end.get(),
            len: 0,
            limit: self.limit.min(max),
        }))
    }
}

/// M2: `base + len` is `guest_end` of [`FREE`].
struct Growing {
    base: usize,
    len: usize,
    limit: usize,
}

// SAFETY: M1 and M2: the bytes between `base` and the new end are RAM that is not used otherwise. They never move, and
// `write_bytes` clears new ones.
unsafe impl Region for Growing {
    fn grow(&mut self, len: usize) -> Option<*mut u8> {
        if len > self.limit {
            return None;
        }
        let most = FREE.heap_start.get().saturating_sub(FREE.reserve.get());
        let most = most.saturating_sub(self.base).max(self.len);
        if len > most {
            FREE.shortage.set(len - most);
            return None;
        }
        if len > self.len {
            // SAFETY: as above.
            unsafe { ptr::write_bytes((self.base + self.len) as *mut u8, 0, len - self.len) };
            self.len = len;
            FREE.guest_end.set(self.base + len);
            FREE.guest_most
                .set(FREE.guest_most.get().max(self.base + len));
        }
        Some(self.base as *mut u8)
    }
}

impl Drop for Growing {
    /// M2: this memory ends where the free memory begins, so all of it becomes free.
    fn drop(&mut self) {
        FREE.guest_end.set(self.base);
        FREE.guest_exists.set(false);
    }
}

/// Prevents a program's tables from using the reserve. [`GuestMemory`] limits its memory.
pub(super) struct Tables;

impl Tables {
    /// Returns the limiter. It has no state, so it takes no memory.
    pub(super) fn limiter<'a>() -> &'a mut dyn ResourceLimiter {
        Box::leak(Box::new(Self))
    }
}

impl ResourceLimiter for Tables {
    fn memory_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, Error> {
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, Error> {
        /// Smaller tables fit into chunks that the heap has claimed.
        const SMALL: usize = 256 << 10;
        // A table grows by a copy: the old one exists until the new one is filled.
        let wanted = desired.saturating_mul(2 * size_of::<u64>());
        let free = free().saturating_sub(FREE.reserve.get());
        let fits = wanted <= free.max(SMALL);
        if !fits {
            FREE.shortage.set(wanted - free);
        }
        Ok(fits)
    }
}
