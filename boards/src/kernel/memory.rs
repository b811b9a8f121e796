//! Who owns which memory.
//!
//! ```text
//! kernel image | guest memory → grows     free     chunks are claimed ← heap | end of RAM
//! ```
//!
//! The guest's linear memory grows upwards in place, so that it is never copied; the heap takes chunks from the top. They
//! meet when memory is short, and whoever asks then gets nothing.

use alloc::boxed::Box;
use core::{cell::Cell, ops::Range, ptr};

use interp::{MemoryCreator, Region};

use crate::arch;

/// Invariant M1: `image end ≤ guest_base ≤ guest_end ≤ heap_start ≤ end`, and what lies between `guest_end` and
/// `heap_start` belongs to nobody.
struct Free {
    guest_base: Cell<usize>,
    guest_end: Cell<usize>,
    heap_start: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: A1 of `arch`: one core, and no interrupt handler, so no two accesses overlap.
unsafe impl Sync for Free {}

static FREE: Free = Free {
    guest_base: Cell::new(0),
    guest_end: Cell::new(0),
    heap_start: Cell::new(0),
    end: Cell::new(0),
};

/// Gives out what the kernel and the initial RAM disk leave of `ram`, which holds the kernel.
pub(super) fn init(ram: &Range<usize>, initrd: Option<&Range<usize>>) {
    let mut free = arch::image().end..ram.end;
    if let Some(initrd) = initrd.filter(|initrd| initrd.start < free.end && free.start < initrd.end)
    {
        let below = free.start..initrd.start.max(free.start);
        let above = round_up(initrd.end).min(free.end)..free.end;
        free = if below.len() > above.len() {
            below
        } else {
            above
        };
    }
    FREE.guest_base.set(free.start);
    FREE.guest_end.set(free.start);
    FREE.heap_start.set(free.end);
    FREE.end.set(free.end);
}

/// Bytes that the program's memory and the heap have taken. Neither gives any back.
pub(super) fn used() -> (usize, usize) {
    (
        FREE.guest_end.get() - FREE.guest_base.get(),
        FREE.end.get() - FREE.heap_start.get(),
    )
}

/// The initial RAM disk, which `init` has spared. Called once.
pub(super) fn initrd(range: Range<usize>) -> Option<&'static mut [u8]> {
    (range.start >= arch::image().end).then(|| {
        // SAFETY: M1: the range lies outside of what was given out, and the boot loader has filled it.
        unsafe { core::slice::from_raw_parts_mut(range.start as *mut u8, range.len()) }
    })
}

fn round_up(address: usize) -> usize {
    address.next_multiple_of(0x1_0000)
}

/// Takes `size` bytes from the top of what is free; nothing if they are not there.
pub(super) fn claim_for_heap(size: usize) -> Option<*mut u8> {
    let start = FREE.heap_start.get().checked_sub(size)? & !0xfff;
    if start < FREE.guest_end.get() {
        return None;
    }
    FREE.heap_start.set(start);
    Some(start as *mut u8)
}

/// Makes the linear memory of a program, up to a limit in bytes.
///
/// The first one grows in place at the bottom; there is no second (a Go program has one).
pub(super) struct GuestMemory {
    limit: usize,
    taken: Cell<bool>,
}

// SAFETY: A1 of `arch`: one core, and no interrupt handler.
unsafe impl Send for GuestMemory {}
// SAFETY: as above.
unsafe impl Sync for GuestMemory {}

impl GuestMemory {
    /// A memory that may take all that is free, or `limit` bytes.
    pub(super) fn new(limit: Option<u64>) -> Self {
        let limit = limit
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(usize::MAX);
        Self {
            limit,
            taken: Cell::new(false),
        }
    }
}

impl MemoryCreator for GuestMemory {
    fn create(&self, min: usize, max: usize) -> Option<Box<dyn Region>> {
        if self.taken.replace(true) || min > self.limit {
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

// SAFETY: M1 and M2: the bytes between `base` and the new end are RAM that nobody else has; they never move, and
// `write_bytes` clears new ones.
unsafe impl Region for Growing {
    fn grow(&mut self, len: usize) -> Option<*mut u8> {
        let end = self
            .base
            .checked_add(len)
            .filter(|end| *end <= FREE.heap_start.get() && len <= self.limit)?;
        if len > self.len {
            // SAFETY: as above.
            unsafe { ptr::write_bytes((self.base + self.len) as *mut u8, 0, len - self.len) };
            self.len = len;
            FREE.guest_end.set(end);
        }
        Some(self.base as *mut u8)
    }
}
