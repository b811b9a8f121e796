//! The parts that a program without the standard library must provide: an allocator, and a panic handler.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::panic::PanicInfo;
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of a page of memory.
const PAGE: usize = 65_536;

/// Allocates pieces of memory one after the other. The module runs once, so nothing is freed.
struct Bump {
    /// The first free byte; 0 before the first use.
    next: AtomicUsize,
}

#[global_allocator]
static BUMP: Bump = Bump {
    next: AtomicUsize::new(0),
};

unsafe extern "C" {
    /// The start of free memory, defined by the linker.
    static __heap_base: u8;
}

// SAFETY: pieces do not overlap, are inside of the memory, and are aligned.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let next = match self.next.load(Ordering::Relaxed) {
            0 => (&raw const __heap_base).expose_provenance(),
            next => next,
        };
        let start = next.next_multiple_of(layout.align());
        let Some(end) = start.checked_add(layout.size()) else {
            return ptr::null_mut();
        };
        let missing = end.saturating_sub(memory_size(0) * PAGE).div_ceil(PAGE);
        if missing > 0 && memory_grow(0, missing) == usize::MAX {
            return ptr::null_mut();
        }
        self.next.store(end, Ordering::Relaxed);
        ptr::with_exposed_provenance_mut(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    unreachable()
}
