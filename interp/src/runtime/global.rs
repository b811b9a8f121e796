//! [`Global`]: single values that instances and the host can share.

use alloc::format;
use alloc::vec;

use super::handle::Handle;
use super::shared::SharedSlots;
use super::state::State;
use super::types::GlobalType;
use super::{AsContext, AsContextMut, Val};
use crate::Error;

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

/// A global in the store. Its slot is in a block of the instance that defines it.
pub(crate) struct GlobalEntity {
    /// The address of the slot, which running code also uses.
    pub(crate) slot: *mut u64,
    pub(crate) ty: GlobalType,
}

impl GlobalEntity {
    pub(crate) fn get(&self) -> u64 {
        // SAFETY: the store keeps the block, and no code runs.
        unsafe { self.slot.read() }
    }

    pub(crate) fn set(&mut self, value: u64) {
        // SAFETY: as above, and `&mut self` excludes other accesses.
        unsafe { self.slot.write(value) }
    }
}
