//! [`Extern`]: an item that can be imported or exported. Also the values of `externref`.

use alloc::sync::Arc;
use core::any::Any;

#[cfg(feature = "exceptions")]
use crate::runtime::Tag;
use crate::runtime::entity::handle::{Handle, StoreId};
use crate::runtime::item::value::ExternRef;
use crate::runtime::types::ExternType;
use crate::runtime::{AsContext, AsContextMut, Func, Global, Memory, Table};

/// An item that a module can import or export.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A global.
    Global(Global),
    /// A table.
    Table(Table),
    /// A memory.
    Memory(Memory),
    /// A tag of exceptions.
    #[cfg(feature = "exceptions")]
    Tag(Tag),
}

impl Extern {
    /// The function, if it is one.
    #[must_use]
    pub fn into_func(self) -> Option<Func> {
        match self {
            Self::Func(func) => Some(func),
            _ => None,
        }
    }

    /// The global, if it is one.
    #[must_use]
    pub fn into_global(self) -> Option<Global> {
        match self {
            Self::Global(global) => Some(global),
            _ => None,
        }
    }

    /// The table, if it is one.
    #[must_use]
    pub fn into_table(self) -> Option<Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The memory, if it is one.
    #[must_use]
    pub fn into_memory(self) -> Option<Memory> {
        match self {
            Self::Memory(memory) => Some(memory),
            _ => None,
        }
    }

    /// The tag, if it is one.
    #[cfg(feature = "exceptions")]
    #[must_use]
    pub fn into_tag(self) -> Option<Tag> {
        match self {
            Self::Tag(tag) => Some(tag),
            _ => None,
        }
    }

    /// Its type. The current size of a table or memory is the minimum.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn ty(self, ctx: impl AsContext) -> ExternType {
        match self {
            Self::Func(func) => ExternType::Func(func.ty(ctx)),
            Self::Global(global) => ExternType::Global(global.ty(ctx)),
            Self::Table(table) => ExternType::Table(table.ty(ctx)),
            Self::Memory(memory) => ExternType::Memory(memory.ty(ctx)),
            #[cfg(feature = "exceptions")]
            Self::Tag(tag) => ExternType::Tag(tag.ty(ctx)),
        }
    }

    pub(crate) fn handle(self) -> Handle {
        match self {
            Self::Func(Func(handle))
            | Self::Global(Global(handle))
            | Self::Table(Table(handle))
            | Self::Memory(Memory(handle)) => handle,
            #[cfg(feature = "exceptions")]
            Self::Tag(Tag(handle)) => handle,
        }
    }

    /// The store that contains it.
    pub(crate) fn store(self) -> StoreId {
        self.handle().store()
    }
}

impl From<Func> for Extern {
    fn from(func: Func) -> Self {
        Self::Func(func)
    }
}

impl From<Global> for Extern {
    fn from(global: Global) -> Self {
        Self::Global(global)
    }
}

impl From<Table> for Extern {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<Memory> for Extern {
    fn from(memory: Memory) -> Self {
        Self::Memory(memory)
    }
}

#[cfg(feature = "exceptions")]
impl From<Tag> for Extern {
    fn from(tag: Tag) -> Self {
        Self::Tag(tag)
    }
}

impl ExternRef {
    /// Creates a reference to `value`. The store owns the value until the store is dropped.
    pub fn new(mut ctx: impl AsContextMut, value: impl Any + Send + Sync) -> Self {
        let state = &mut ctx.as_context_mut().inner.state;
        let index = state.externs.len();
        state.externs.push(Arc::new(value));
        Self::of_host(Handle::new(state.id, index))
    }

    /// The value of the host that it refers to, or `None` if it refers to a value of the program, such as an object.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    pub fn data(self, ctx: impl AsContext) -> Option<Arc<dyn Any + Send + Sync>> {
        let state = &ctx.as_context().inner.state;
        let (slot, store) = self.parts();
        assert!(store == state.id, "the reference belongs to another store");
        let index = u32::try_from(slot).ok()?.checked_sub(1)?;
        state.externs.get(index as usize).cloned()
    }
}
