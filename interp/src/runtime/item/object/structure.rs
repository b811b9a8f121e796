//! Structures that the host creates, reads and writes.

use alloc::format;
use alloc::vec::Vec;

use super::place::{bits_of, halves, value_of};
use super::{AnyRef, StructRef};
use crate::Error;
#[cfg(doc)]
use crate::machine::Trap;
use crate::runtime::{AsContext, AsContextMut, FieldType, StructType, Val};

impl StructRef {
    /// Creates a structure with these fields.
    ///
    /// # Errors
    /// Fails if `values` do not match the fields of `ty`, if an item belongs to another store or engine, or with
    /// [`Trap::HeapFull`] if there is no room for it.
    pub fn new(mut ctx: impl AsContextMut, ty: &StructType, values: &[Val]) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let number = ty.number_in(&inner.state.engine)?;
        let fields = ty.fields();
        if fields.len() != values.len() {
            let message = format!("{} values for {} fields", values.len(), fields.len());
            return Err(Error::new(message));
        }
        let mut slots = Vec::new();
        for (field, value) in fields.iter().zip(values) {
            let bits = bits_of(&inner.state, field.storage, *value)?;
            slots.extend(halves(field.storage, bits));
        }
        inner.know_type(number);
        let top = inner.state.free_top;
        let slot = inner.allocate(number, 0, &slots, Some(top))?;
        if let Some(own) = inner.state.heap.slots_mut(slot) {
            own.copy_from_slice(&slots);
        }
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
    pub fn ty(self, ctx: impl AsContext) -> Result<StructType, Error> {
        let ty = self.0.ty(&ctx)?;
        StructType::from_heap_type(&ctx.as_context().inner.state.engine, ty)
    }

    /// Its fields.
    ///
    /// # Errors
    /// As [`StructRef::ty`].
    pub fn fields(self, mut ctx: impl AsContextMut) -> Result<Vec<Val>, Error> {
        let fields = self.ty(&ctx)?.fields();
        let state = &mut ctx.as_context_mut().inner.state;
        let mut slots = state.heap.slots(self.0.slot).unwrap_or(&[]);
        let mut values = Vec::with_capacity(fields.len());
        for field in fields {
            let (own, others) = slots.split_at(field.storage.unpacked().slots());
            values.push(value_of(field.storage, own, state.id));
            slots = others;
        }
        state.hold_all(&values);
        Ok(values)
    }

    /// The field with this number. A packed field is extended with zeros.
    ///
    /// # Errors
    /// As [`StructRef::ty`], and if there is no such field.
    pub fn field(self, mut ctx: impl AsContextMut, field: usize) -> Result<Val, Error> {
        let fields = self.ty(&ctx)?.fields();
        let (place, ty) = place_of(&fields, field)?;
        let state = &mut ctx.as_context_mut().inner.state;
        let slots = state.heap.slots(self.0.slot).unwrap_or(&[]);
        let own = &slots[place..][..ty.storage.unpacked().slots()];
        let value = value_of(ty.storage, own, state.id);
        state.hold_all(&[value]);
        Ok(value)
    }

    /// Sets the field with this number.
    ///
    /// # Errors
    /// As [`StructRef::field`], and if the field cannot be set or `value` has another type.
    pub fn set_field(
        self,
        mut ctx: impl AsContextMut,
        field: usize,
        value: Val,
    ) -> Result<(), Error> {
        let fields = self.ty(&ctx)?.fields();
        let (place, ty) = place_of(&fields, field)?;
        if !ty.mutable {
            return Err(Error::new(format!("field {field} cannot be set")));
        }
        let state = &mut ctx.as_context_mut().inner.state;
        let bits = bits_of(state, ty.storage, value)?;
        if let Some(slots) = state.heap.slots_mut(self.0.slot) {
            for (slot, half) in slots[place..].iter_mut().zip(halves(ty.storage, bits)) {
                *slot = half;
            }
        }
        Ok(())
    }
}

/// The slot at which a field begins, and its type.
fn place_of(fields: &[FieldType], field: usize) -> Result<(usize, FieldType), Error> {
    let ty = fields.get(field);
    let ty = ty.ok_or_else(|| Error::new(format!("the structure has no field {field}")))?;
    let before = fields[..field].iter();
    Ok((
        before.map(|field| field.storage.unpacked().slots()).sum(),
        *ty,
    ))
}
