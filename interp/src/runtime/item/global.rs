//! [`Global`]: single values that instances and the host can share.

use alloc::format;
use alloc::vec;

use crate::Error;
use crate::runtime::entity::global::GlobalEntity;
use crate::runtime::entity::handle::Handle;
use crate::runtime::entity::shared::SharedSlots;
use crate::runtime::store::state::State;
use crate::runtime::types::GlobalType;
use crate::runtime::{AsContext, AsContextMut, Val};

/// A global of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Global(pub(crate) Handle);

impl Global {
    /// Creates a global.
    ///
    /// # Errors
    /// Fails if `value` does not have the type of `ty`.
    pub fn new(mut ctx: impl AsContextMut, ty: GlobalType, value: Val) -> Result<Self, Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let slot = slot_of(state, ty, value)?;
        let block = SharedSlots::new(vec![slot]);
        let index = state.globals.len();
        state.globals.push(GlobalEntity {
            slot: block.as_ptr(),
            ty,
        });
        state.global_blocks.push(block);
        Ok(Self(Handle::new(state.id, index)))
    }

    /// Its type.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn ty(self, ctx: impl AsContext) -> GlobalType {
        let state = &ctx.as_context().inner.state;
        state.globals[self.0.index_in(state.id)].ty
    }

    /// Its value.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn get(self, ctx: impl AsContext) -> Val {
        let state = &ctx.as_context().inner.state;
        let entity = &state.globals[self.0.index_in(state.id)];
        Val::from_slot(entity.ty.content, entity.get(), state.id)
    }

    /// Sets its value.
    ///
    /// # Errors
    /// Fails if the global is not mutable, if `value` has another type, or if one of them belongs to another store.
    pub fn set(self, mut ctx: impl AsContextMut, value: Val) -> Result<(), Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let index = self.0.find(state.id)?;
        let ty = state.globals[index].ty;
        if !ty.mutable {
            return Err(Error::new("the global is not mutable"));
        }
        let slot = slot_of(state, ty, value)?;
        state.globals[index].set(slot);
        Ok(())
    }
}

fn slot_of(state: &State, ty: GlobalType, value: Val) -> Result<u64, Error> {
    if value.ty() != ty.content {
        return Err(Error::new(format!(
            "a global of type {} cannot hold a value of type {}",
            ty.content,
            value.ty()
        )));
    }
    let slot = value.into_slot(state.id);
    slot.ok_or_else(|| Error::new("the reference belongs to another store"))
}
