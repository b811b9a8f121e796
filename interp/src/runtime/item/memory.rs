//! [`Memory`]: linear memories, and access to them by the host.

use alloc::format;

use crate::Error;
use crate::runtime::entity::handle::Handle;
use crate::runtime::entity::memory::MemoryEntity;
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;
use crate::runtime::{AsContext, AsContextMut, MemoryType, StoreContext, StoreContextMut};

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
    pub fn data<'a, T: 'static>(self, ctx: impl Into<StoreContext<'a, T>>) -> &'a [u8] {
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
        self.entity(&ctx.as_context().inner.state).pages()
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
