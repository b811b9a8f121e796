//! [`MemoryEntity`]: a linear memory in a store.

use alloc::boxed::Box;
use alloc::format;
use core::slice;

use super::shared::Shared;
use crate::Error;
use crate::machine::MemoryView;
use crate::runtime::engine::linear::Region;
use crate::runtime::{Engine, Limits, MemoryType};

/// The most bytes that a memory with 64-bit addresses can have, if the host has so many.
const MOST_BYTES: u64 = 1 << 40;

/// A linear memory in the store.
pub(crate) struct MemoryEntity {
    view: Shared<MemoryView>,
    region: Box<dyn Region>,
    /// The minimum is that of the beginning.
    ty: MemoryType,
}

/// The most pages that a memory of type `ty` can have.
fn most_pages(ty: MemoryType) -> u64 {
    let pages = match (ty.is_64, ty.page_size_log2) {
        (false, 0) => u32::MAX.into(),
        (false, log2) => 1 << (32 - log2),
        (true, log2) => MOST_BYTES >> log2,
    };
    ty.limits.max.map_or(pages, |max| max.min(pages))
}

impl MemoryEntity {
    /// A memory of `ty.limits.min` pages.
    pub(crate) fn new(engine: &Engine, ty: MemoryType) -> Result<Self, Error> {
        let min = ty.limits.min;
        let most = most_pages(ty);
        let no_room = || {
            let unit = if ty.page_size_log2 == 0 {
                "bytes"
            } else {
                "pages"
            };
            Error::new(format!("there is no room for a memory of {min} {unit}"))
        };
        let (len, limit) = (ty.bytes_of(min), ty.bytes_of(most));
        let len = len.filter(|_| min <= most).ok_or_else(no_room)?;
        // A host with shorter addresses cannot provide more memory either.
        let limit = limit.unwrap_or(usize::MAX);
        let creator = &engine.config().memory;
        let mut region = creator.create(len, limit).ok_or_else(no_room)?;
        let base = region.grow(len).ok_or_else(no_room)?;
        let len = len as u64;
        Ok(Self {
            view: Shared::new(MemoryView { base, len }),
            region,
            ty,
        })
    }

    /// The view, for running code.
    pub(crate) fn view(&self) -> *mut MemoryView {
        self.view.as_ptr()
    }

    /// The first byte and the length, for running code.
    pub(crate) fn place(&self) -> (*mut u8, u64) {
        let MemoryView { base, len } = self.view.get();
        (base, len)
    }

    /// The type. The current size is the minimum.
    pub(crate) fn ty(&self) -> MemoryType {
        let limits = Limits {
            min: self.pages(),
            max: self.ty.limits.max,
        };
        MemoryType { limits, ..self.ty }
    }

    /// The size in pages.
    pub(crate) fn pages(&self) -> u64 {
        self.view.get().len >> self.ty.page_size_log2
    }

    /// The number of pages after a growth by `delta`, if the type allows it.
    pub(crate) fn pages_after(&self, delta: u64) -> Option<u64> {
        let pages = self.pages().checked_add(delta)?;
        (pages <= most_pages(self.ty)).then_some(pages)
    }

    /// Grows to `pages`. Returns whether there was room.
    pub(crate) fn grow_to(&mut self, pages: u64) -> bool {
        let grown = self
            .ty
            .bytes_of(pages)
            .and_then(|len| Some((self.region.grow(len)?, len as u64)));
        if let Some((base, len)) = grown {
            self.view.set(MemoryView { base, len });
        }
        grown.is_some()
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        let MemoryView { base, len } = self.view.get();
        if len == 0 {
            return &[];
        }
        // SAFETY: invariant 3: the region has `len` bytes at `base`, and no code runs.
        unsafe { slice::from_raw_parts(base, len as usize) }
    }

    /// The bytes, mutable.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        let MemoryView { base, len } = self.view.get();
        if len == 0 {
            return &mut [];
        }
        // SAFETY: invariant 3, as above, and `&mut self` excludes other accesses.
        unsafe { slice::from_raw_parts_mut(base, len as usize) }
    }
}
