//! The sources of the bytes of linear memories.
//!
//! Three types implement one trait: address space that is reserved at once and never moves, a fixed region of a board, and
//! allocations that are copied when they grow.
//!
//! [`Region`]s establish invariant 3 of [`crate::machine`]: the bytes from their base up to their length can be read and
//! written until they grow.

use alloc::alloc::{alloc_zeroed, dealloc, realloc};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::alloc::Layout;
use core::ptr;

use crate::runtime::engine::lock::Lock;

/// The alignment of allocations in this file. No wasm access becomes faster with a larger one.
const ALIGN: usize = 16;

/// Creates regions for linear memories.
pub trait MemoryCreator: Send + Sync {
    /// Creates an empty region that can grow to at least `min` bytes. It is never asked for more than `max` bytes. Returns
    /// `None` if there is no room.
    fn create(&self, min: usize, max: usize) -> Option<Box<dyn Region>>;
}

/// The bytes of one linear memory.
///
/// # Safety
/// After [`Region::grow`] has returned an address, the requested number of bytes can be read and written there until the
/// next call or until the region is dropped. Nothing else accesses them. Old bytes keep their values, and new ones are
/// zero.
pub unsafe trait Region: Send + Sync {
    /// Extends the region to `len` bytes, which is at least its length. Returns its first byte, which may have moved, or
    /// `None` if there is no room and the region is unchanged.
    fn grow(&mut self, len: usize) -> Option<*mut u8>;
}

/// The default of [`Config`](crate::Config).
pub(crate) fn default_creator() -> Arc<dyn MemoryCreator> {
    #[cfg(all(feature = "std", target_pointer_width = "64"))]
    return Arc::new(Reserved);
    #[cfg(not(all(feature = "std", target_pointer_width = "64")))]
    return Arc::new(Reallocated);
}

/// Memory from the allocator. It is copied when it grows, unless the allocator can extend it in place.
#[derive(Debug)]
pub(crate) struct Reallocated;

impl MemoryCreator for Reallocated {
    fn create(&self, _: usize, _: usize) -> Option<Box<dyn Region>> {
        Some(Box::new(Allocation {
            base: ptr::null_mut(),
            len: 0,
        }))
    }
}

#[derive(Debug)]
struct Allocation {
    base: *mut u8,
    len: usize,
}

// SAFETY: the allocation is owned, and is accessed through `&mut` only.
unsafe impl Send for Allocation {}
// SAFETY: as above.
unsafe impl Sync for Allocation {}

// SAFETY: `base` points to an allocation of `len` bytes. The bytes that `realloc` added are zeroed.
unsafe impl Region for Allocation {
    fn grow(&mut self, len: usize) -> Option<*mut u8> {
        if len <= self.len {
            return Some(self.base);
        }
        let layout = Layout::from_size_align(len, ALIGN).ok()?;
        // SAFETY: `len` is not zero. `base` was allocated with the given layout, and the new bytes follow the old ones.
        let base = unsafe {
            if self.base.is_null() {
                alloc_zeroed(layout)
            } else {
                let old = Layout::from_size_align_unchecked(self.len, ALIGN);
                let base = realloc(self.base, old, len);
                if !base.is_null() {
                    ptr::write_bytes(base.add(self.len), 0, len - self.len);
                }
                base
            }
        };
        if base.is_null() {
            return None;
        }
        self.base = base;
        self.len = len;
        Some(base)
    }
}

impl Drop for Allocation {
    fn drop(&mut self) {
        if !self.base.is_null() {
            // SAFETY: allocated in `grow` with this layout.
            unsafe {
                let layout = Layout::from_size_align_unchecked(self.len, ALIGN);
                dealloc(self.base, layout);
            }
        }
    }
}

/// A region that the embedder provides, for example the free memory of a board. The first memory receives it, and a second
/// one does not fit.
#[derive(Debug)]
pub struct FixedRegion(Lock<Option<&'static mut [u8]>>);

impl FixedRegion {
    /// Lends `bytes` to the first memory that is created.
    #[must_use]
    pub fn new(bytes: &'static mut [u8]) -> Self {
        Self(Lock::new(Some(bytes)))
    }
}

impl MemoryCreator for FixedRegion {
    fn create(&self, min: usize, _: usize) -> Option<Box<dyn Region>> {
        self.0.with(|free| {
            free.take_if(|bytes| min <= bytes.len())
                .map(|bytes| Box::new(Lent { bytes, len: 0 }) as Box<dyn Region>)
        })
    }
}

#[derive(Debug)]
struct Lent {
    bytes: &'static mut [u8],
    len: usize,
}

// SAFETY: the bytes are borrowed exclusively and forever. New ones are zeroed here.
unsafe impl Region for Lent {
    fn grow(&mut self, len: usize) -> Option<*mut u8> {
        self.bytes.get_mut(self.len..len)?.fill(0);
        self.len = len;
        Some(self.bytes.as_mut_ptr())
    }
}

/// Reserved address space of the maximum size. The operating system provides the pages that are touched.
#[cfg(all(feature = "std", target_pointer_width = "64"))]
#[derive(Debug)]
pub(crate) struct Reserved;

#[cfg(all(feature = "std", target_pointer_width = "64"))]
impl MemoryCreator for Reserved {
    fn create(&self, min: usize, max: usize) -> Option<Box<dyn Region>> {
        let mut options = memmap2::MmapOptions::new();
        match options.len(max.max(1)).no_reserve_swap().map_anon() {
            Ok(pages) => Some(Box::new(Mapping(pages))),
            Err(error) => {
                log::debug!("cannot reserve {max} bytes of address space: {error}");
                Reallocated.create(min, max)
            }
        }
    }
}

#[cfg(all(feature = "std", target_pointer_width = "64"))]
struct Mapping(memmap2::MmapMut);

// SAFETY: the whole mapping can be read and written. It is zero until it is written, and never moves.
#[cfg(all(feature = "std", target_pointer_width = "64"))]
unsafe impl Region for Mapping {
    fn grow(&mut self, len: usize) -> Option<*mut u8> {
        (len <= self.0.len()).then(|| self.0.as_mut_ptr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Grows a region, writes to it, and checks that old bytes keep their values and new ones are zero.
    fn grows_zeroed(creator: &dyn MemoryCreator) {
        let mut region = creator.create(10, 1 << 20).unwrap();
        let mut written = 0;
        for len in [10, 4096, 100_000] {
            let base = region.grow(len).unwrap();
            for at in 0..len {
                // SAFETY: the region is `len` bytes long.
                unsafe {
                    let expected = if at < written { 0xa5 } else { 0 };
                    assert_eq!(base.add(at).read(), expected, "byte {at} of {len}");
                    base.add(at).write(0xa5);
                }
            }
            written = len;
        }
    }

    #[test]
    fn every_source_grows_zeroed() {
        grows_zeroed(&Reallocated);
        grows_zeroed(&*default_creator());
        let bytes = Box::leak(alloc::vec![0xff; 100_000].into_boxed_slice());
        grows_zeroed(&FixedRegion::new(bytes));
    }

    #[test]
    fn a_fixed_region_is_lent_once_and_is_as_long_as_it_is() {
        let fixed = FixedRegion::new(Box::leak(Box::new([0; 100])));
        assert!(fixed.create(101, 101).is_none());
        let mut region = fixed.create(50, 1000).unwrap();
        assert!(fixed.create(1, 1).is_none());
        assert!(region.grow(100).is_some());
        assert!(region.grow(101).is_none());
    }
}
