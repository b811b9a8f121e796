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
/// The memory that talc needs for itself in a chunk: its bin table in the first one, and a header.
const OVERHEAD: usize = 4 << 10;

/// Claims chunks when they are needed. They are never released.
#[derive(Debug)]
struct Chunks;

// SAFETY: `acquire` does not allocate.
unsafe impl Source for Chunks {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        let size = layout
            .size()
            .saturating_add(layout.align())
            .saturating_add(OVERHEAD);
        // If memory is short, the chunk has only the size that the request needs.
        let [large, small] = [size.max(CHUNK), size.next_multiple_of(PAGE)];
        let claim = |size| memory::claim_for_heap(size).map(|chunk| (chunk, size));
        let (chunk, size) = claim(large).or_else(|| claim(small)).ok_or(())?;
        // SAFETY: M1 of `memory`: the chunk is RAM that is not used otherwise.
        unsafe { talc.claim(chunk, size) }.map(|_| ()).ok_or(())
    }
}

/// A lock without contention, for a machine with one core.
struct OneCore;

// SAFETY: A1 of `arch`: one core, and no interrupt handler, so the lock is never contended.
unsafe impl RawMutex for OneCore {
    const INIT: Self = Self;
    type GuardMarker = GuardSend;

    fn lock(&self) {}

    fn try_lock(&self) -> bool {
        true
    }

    unsafe fn unlock(&self) {}
}
