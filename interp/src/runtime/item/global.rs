//! [`Global`]: single values that instances and the host can share.

use alloc::format;

use crate::Error;
use crate::runtime::entity::global::GlobalEntity;
use crate::runtime::entity::handle::Handle;
use crate::runtime::entity::shared::SharedSlots;
use crate::runtime::store::state::State;
use crate::runtime::types::GlobalType;
use crate::runtime::{AsContext, AsContextMut, Val, ValType};

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
        let bits = slots_of(state, ty, value)?;
        let block = SharedSlots::new(slots(ty.content, bits).collect());
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
        let value = Val::from_slots(entity.ty.content, entity.get(), state.id);
        #[cfg(feature = "heap")]
        let value = state.hold_shared(value);
        value
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
        let bits = slots_of(state, ty, value)?;
        state.globals[index].set(bits);
        Ok(())
    }
}

/// The slots of a value: the low half of a number, or both halves of a vector.
pub(crate) fn slots(ty: ValType, bits: u128) -> impl Iterator<Item = u64> {
    [bits as u64, (bits >> 64) as u64]
        .into_iter()
        .take(ty.slots())
}

fn slots_of(state: &State, ty: GlobalType, value: Val) -> Result<u128, Error> {
    if !value.fits(ty.content, state) {
        return Err(Error::new(format!(
            "a global of type {} cannot hold a value of type {}",
            ty.content,
            value.ty()
        )));
    }
    let bits = value.into_slots(state.id);
    bits.ok_or_else(|| Error::new("the reference belongs to another store"))
}
