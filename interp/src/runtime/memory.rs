//! [`Memory`]: linear memories, and access to them by the host.

use core::slice;

use super::handle::Handle;
use super::linear::Region;
use super::shared::Shared;
use super::state::State;
use super::store::Inner;
use super::types::{Limits, MemoryType};
use super::{AsContext, AsContextMut, Engine, StoreContextMut};
use crate::Error;
use crate::machine::MemoryView;

use alloc::boxed::Box;
use alloc::format;

/// The size of a page in bytes (core specification, 4.2.8 "memory instances").
pub(crate) const PAGE: u64 = 65_536;

/// The maximum number of pages of a memory with 32-bit addresses.
const MAX_PAGES: u64 = 65_536;

/// A linear memory of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Memory(pub(crate) Handle);

/// The reason why the host cannot read or write a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MemoryAccessError {
    /// The range goes beyond the end of the memory.
    OutOfBounds,
    /// The memory belongs to another store.
    OtherStore,
}

impl core::fmt::Display for MemoryAccessError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::OutOfBounds => "out of bounds memory access",
            Self::OtherStore => "the memory belongs to another store",
        })
    }
}

impl core::error::Error for MemoryAccessError {}

impl From<MemoryAccessError> for Error {
    fn from(error: MemoryAccessError) -> Self {
        Self::host(error)
    }
}

impl Memory {
    /// Creates a memory with the minimum number of pages of `ty`.
    ///
    /// # Errors
    /// Fails if a limit forbids it, or if there is no room.
    pub fn new(mut ctx: impl AsContextMut, ty: MemoryType) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let index = inner.add_memory(ty)?;
        Ok(Self(Handle::new(inner.state.id, index)))
    }

    /// Its type. The current size is the minimum.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn ty(self, ctx: impl AsContext) -> MemoryType {
        self.entity(&ctx.as_context().inner.state).ty()
    }

    /// Its bytes.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    pub fn data<'a, T: 'static>(self, ctx: impl Into<super::StoreContext<'a, T>>) -> &'a [u8] {
        self.entity(&ctx.into().inner.state).bytes()
    }

    /// Its bytes, mutable.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    pub fn data_mut<'a, T: 'static>(self, ctx: impl Into<StoreContextMut<'a, T>>) -> &'a mut [u8] {
        self.data_and_store_mut(ctx).0
    }

    /// Its bytes and the store's data, both mutable.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    pub fn data_and_store_mut<'a, T: 'static>(
        self,
        ctx: impl Into<StoreContextMut<'a, T>>,
    ) -> (&'a mut [u8], &'a mut T) {
        let Inner { state, data, .. } = ctx.into().inner;
        let index = self.0.index_in(state.id);
        (state.memories[index].bytes_mut(), data)
    }

    /// Its size in bytes.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn data_size(self, ctx: impl AsContext) -> usize {
        self.entity(&ctx.as_context().inner.state).bytes().len()
    }

    /// Its size in pages.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn size(self, ctx: impl AsContext) -> u64 {
        self.data_size(ctx) as u64 / PAGE
    }

    /// Copies bytes of the memory from `offset` on to `buffer`.
    ///
    /// # Errors
    /// Fails if the range goes beyond the end of the memory, or if the memory belongs to another store.
    pub fn read(
        self,
        ctx: impl AsContext,
        offset: usize,
        buffer: &mut [u8],
    ) -> Result<(), MemoryAccessError> {
        let state = &ctx.as_context().inner.state;
        let bytes = state.memories[self.within(state)?].bytes();
        let source = bytes
            .get(offset..)
            .and_then(|rest| rest.get(..buffer.len()))
            .ok_or(MemoryAccessError::OutOfBounds)?;
        buffer.copy_from_slice(source);
        Ok(())
    }

    /// Copies `buffer` to the memory from `offset` on.
    ///
    /// # Errors
    /// Fails if the range goes beyond the end of the memory, or if the memory belongs to another store. Nothing is written
    /// then.
    pub fn write(
        self,
        mut ctx: impl AsContextMut,
        offset: usize,
        buffer: &[u8],
    ) -> Result<(), MemoryAccessError> {
        let state = &mut ctx.as_context_mut().inner.state;
        let index = self.within(state)?;
        state.memories[index]
            .bytes_mut()
            .get_mut(offset..)
            .and_then(|rest| rest.get_mut(..buffer.len()))
            .ok_or(MemoryAccessError::OutOfBounds)?
            .copy_from_slice(buffer);
        Ok(())
    }

    /// Grows the memory by `delta` pages. Returns its former size in pages.
    ///
    /// # Errors
    /// Fails if its type or a limit forbids it, if there is no room, or if it belongs to another store.
    pub fn grow(self, mut ctx: impl AsContextMut, delta: u64) -> Result<u64, Error> {
        let inner = ctx.as_context_mut().inner;
        let index = self.0.find(inner.state.id)?;
        let grown = inner.grow_memory(index, delta)?;
        grown.ok_or_else(|| Error::new(format!("the memory cannot grow by {delta} pages")))
    }

    /// Its index in the store.
    fn within(self, state: &State) -> Result<usize, MemoryAccessError> {
        let found = self.0.find(state.id);
        found.map_err(|_| MemoryAccessError::OtherStore)
    }

    fn entity(self, state: &State) -> &MemoryEntity {
        &state.memories[self.0.index_in(state.id)]
    }
}

/// A linear memory in the store.
pub(crate) struct MemoryEntity {
    view: Shared<MemoryView>,
    region: Box<dyn Region>,
    max: Option<u64>,
}

impl MemoryEntity {
    /// A memory of `ty.limits.min` pages.
    pub(crate) fn new(engine: &Engine, ty: MemoryType) -> Result<Self, Error> {
        let Limits { min, max } = ty.limits;
        let most = max.unwrap_or(MAX_PAGES).min(MAX_PAGES);
        let no_room = || Error::new(format!("there is no room for a memory of {min} pages"));
        let (len, limit) = (bytes_of(min), bytes_of(most));
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
            max,
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
            max: self.max,
        };
        MemoryType { limits }
    }

    /// The size in pages.
    pub(crate) fn pages(&self) -> u64 {
        self.view.get().len / PAGE
    }

    /// The number of pages after a growth by `delta`, if the type allows it.
    pub(crate) fn pages_after(&self, delta: u64) -> Option<u64> {
        let pages = self.pages().checked_add(delta)?;
        (pages <= self.max.unwrap_or(MAX_PAGES).min(MAX_PAGES)).then_some(pages)
    }

    /// Grows to `pages`. Returns whether there was room.
    pub(crate) fn grow_to(&mut self, pages: u64) -> bool {
        let grown = bytes_of(pages).and_then(|len| Some((self.region.grow(len)?, len as u64)));
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

/// The number of bytes of `pages` pages, if the host can address them.
pub(crate) fn bytes_of(pages: u64) -> Option<usize> {
    usize::try_from(pages.checked_mul(PAGE)?).ok()
}
