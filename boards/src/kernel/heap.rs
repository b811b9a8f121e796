//! The global allocator: talc over chunks from the top of memory.

use core::alloc::Layout;

use lock_api::{GuardSend, RawMutex};
use talc::{
    TalcLock,
    base::{Talc, binning::Binning},
    source::Source,
};

use super::memory;

#[global_allocator]
static HEAP: TalcLock<OneCore, Chunks> = TalcLock::new(Chunks);

/// Small requests share a chunk of this size.
const CHUNK: usize = 256 << 10;
const PAGE: usize = 4 << 10;
/// What talc may need for itself in a chunk: its bin table in the first one, and a header.
const OVERHEAD: usize = 4 << 10;

/// Claims chunks as they are needed. They are never given back.
#[derive(Debug)]
struct Chunks;

// SAFETY: `acquire` does not allocate.
unsafe impl Source for Chunks {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        let size = layout
            .size()
            .saturating_add(layout.align())
            .saturating_add(OVERHEAD);
        // Where memory is short, the chunk is as large as this request needs it.
        let [large, small] = [size.max(CHUNK), size.next_multiple_of(PAGE)];
        let claim = |size| memory::claim_for_heap(size).map(|chunk| (chunk, size));
        let (chunk, size) = claim(large).or_else(|| claim(small)).ok_or(())?;
        // SAFETY: M1 of `memory`: the chunk is RAM that nobody else has.
        unsafe { talc.claim(chunk, size) }.map(|_| ()).ok_or(())
    }
}

/// The lock of a machine where there is nobody to lock out.
struct OneCore;

// SAFETY: A1 of `arch`: one core, and no interrupt handler: nobody can hold the lock when another asks for it.
unsafe impl RawMutex for OneCore {
    const INIT: Self = Self;
    type GuardMarker = GuardSend;

    fn lock(&self) {}

    fn try_lock(&self) -> bool {
        true
    }

    unsafe fn unlock(&self) {}
}
