//! Who owns which memory.
//!
//! ```text
//! kernel image | guest memory → grows     free     chunks are claimed ← heap | end of RAM
//! ```
//!
//! The guest's linear memory grows upwards in place, so that it is never copied; the heap takes chunks from the top. They
//! meet when memory is short, and whoever asks then gets nothing.

use core::{cell::Cell, ops::Range};

use crate::arch;

/// Invariant M1: `image end ≤ guest_base ≤ guest_end ≤ heap_start ≤ end of RAM`, and what lies between `guest_end` and
/// `heap_start` belongs to nobody.
struct Free {
    guest_end: Cell<usize>,
    heap_start: Cell<usize>,
}

// SAFETY: A1 of `arch`: one core, and no interrupt handler, so no two accesses overlap.
unsafe impl Sync for Free {}

static FREE: Free = Free {
    guest_end: Cell::new(0),
    heap_start: Cell::new(0),
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
    FREE.guest_end.set(free.start);
    FREE.heap_start.set(free.end);
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

/// Bytes that nobody has claimed.
#[must_use]
pub fn free() -> usize {
    FREE.heap_start.get() - FREE.guest_end.get()
}
