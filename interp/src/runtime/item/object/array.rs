//! Arrays that the host creates, reads and writes.

use alloc::vec::Vec;

use super::place::bits_of;
use super::{AnyRef, ArrayRef};
use crate::Error;
use crate::machine::Trap;
use crate::runtime::engine::groups::Composite;
use crate::runtime::store::state::State;
use crate::runtime::{ArrayType, AsContext, AsContextMut, FieldType, Val};

impl ArrayRef {
    /// Creates an array of `len` elements, all of them `value`.
    ///
    /// # Errors
    /// Fails if `value` does not have the type of the elements of `ty`, if an item belongs to another store or engine, or with
    /// [`Trap::HeapFull`] if there is no room for it.
    pub fn new(
        mut ctx: impl AsContextMut,
        ty: &ArrayType,
        value: Val,
        len: u32,
    ) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let number = ty.number_in(&inner.state.engine)?;
        let storage = ty.element().storage;
        let bits = bits_of(&inner.state, storage, value)?;
        inner.know_type(number);
        let top = inner.state.free_top;
        // `as` takes the half that may be a reference.
        let slot = inner.allocate(number, len, &[bits as u64], Some(top))?;
        let array = Self(AnyRef {
            store: inner.state.id,
            slot,
        });
        inner.state.hold(slot);
        for index in 0..len {
            inner.state.write_element(slot, storage, index, bits);
        }
        Ok(array)
    }

    /// Creates an array with these elements.
    ///
    /// # Errors
    /// As [`ArrayRef::new`].
    pub fn new_fixed(
        mut ctx: impl AsContextMut,
        ty: &ArrayType,
        values: &[Val],
    ) -> Result<Self, Error> {
        let storage = ty.element().storage;
        let len = u32::try_from(values.len()).map_err(|_| Error::from(Trap::HeapFull))?;
        let zero = Val::default_for(storage.unpacked());
        // All elements are checked before one is stored, since null may not be one.
        let state = &ctx.as_context().inner.state;
        let bits: Result<Vec<_>, _> = values
            .iter()
            .map(|value| bits_of(state, storage, *value))
            .collect();
        let bits = bits?;
        let first = values.first().copied().unwrap_or(zero);
        let array = match len {
            0 => Self::empty(&mut ctx, ty)?,
            _ => Self::new(&mut ctx, ty, first, len)?,
        };
        let state = &mut ctx.as_context_mut().inner.state;
        for (index, bits) in (0..).zip(bits) {
            state.write_element(array.0.slot, storage, index, bits);
        }
        Ok(array)
    }

    fn empty(mut ctx: impl AsContextMut, ty: &ArrayType) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let number = ty.number_in(&inner.state.engine)?;
        inner.know_type(number);
        let top = inner.state.free_top;
        let slot = inner.allocate(number, 0, &[], Some(top))?;
        inner.state.hold(slot);
        Ok(Self(AnyRef {
            store: inner.state.id,
            slot,
        }))
    }

    /// Its type.
    ///
    /// # Errors
    /// Fails if the reference is no longer valid, or belongs to another store.
    pub fn ty(self, ctx: impl AsContext) -> Result<ArrayType, Error> {
        let ty = self.0.ty(&ctx)?;
        ArrayType::from_heap_type(&ctx.as_context().inner.state.engine, ty)
    }

    /// The type of its elements.
    fn element(self, state: &State) -> Result<FieldType, Error> {
        let number = self.0.object(state)?.ty;
        match state.engine.composite(number) {
            Some(Composite::Array(element)) => Ok(element),
            _ => Err(Error::new("the object is no array")),
        }
    }

    /// The number of its elements.
    ///
    /// # Errors
    /// As [`ArrayRef::ty`].
    pub fn len(self, ctx: impl AsContext) -> Result<u32, Error> {
        Ok(self.0.object(&ctx.as_context().inner.state)?.len)
    }

    /// Returns whether it has no element.
    ///
    /// # Errors
    /// As [`ArrayRef::ty`].
    pub fn is_empty(self, ctx: impl AsContext) -> Result<bool, Error> {
        Ok(self.len(ctx)? == 0)
    }

    /// The element at `index`. A packed element is extended with zeros.
    ///
    /// # Errors
    /// As [`ArrayRef::ty`], and [`Trap::ArrayOutOfBounds`] if there is no such element.
    pub fn get(self, mut ctx: impl AsContextMut, index: u32) -> Result<Val, Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let storage = self.element(state)?.storage;
        let bits = state.read_element(self.0.slot, storage, index);
        let bits = bits.ok_or(Trap::ArrayOutOfBounds)?;
        let value = Val::from_slots(storage.unpacked(), bits, state.id);
        state.hold_all(&[value]);
        Ok(value)
    }

    /// Sets the element at `index`.
    ///
    /// # Errors
    /// As [`ArrayRef::get`], and if the elements cannot be set or `value` has another type.
    pub fn set(self, mut ctx: impl AsContextMut, index: u32, value: Val) -> Result<(), Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let FieldType { storage, mutable } = self.element(state)?;
        if !mutable {
            return Err(Error::new("the elements of the array cannot be set"));
        }
        let bits = bits_of(state, storage, value)?;
        match state.write_element(self.0.slot, storage, index, bits) {
            true => Ok(()),
            false => Err(Trap::ArrayOutOfBounds.into()),
        }
    }
}
