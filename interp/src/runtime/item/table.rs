//! [`Table`]: arrays of references.

use alloc::format;

use crate::Error;
use crate::machine::Trap;
use crate::runtime::entity::handle::Handle;
use crate::runtime::entity::range;
use crate::runtime::entity::table::TableEntity;
use crate::runtime::store::state::State;
use crate::runtime::{AsContext, AsContextMut, TableType, Val, ValType};

/// A table of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table(pub(crate) Handle);

impl Table {
    /// Creates a table with the minimum number of elements of `ty`, all of them `init`.
    ///
    /// # Errors
    /// Fails if the element type is not a reference type, if `init` does not have that type, or if a limit forbids the
    /// table.
    pub fn new(mut ctx: impl AsContextMut, ty: TableType, init: Val) -> Result<Self, Error> {
        if !ty.element.is_ref() {
            return Err(Error::new(format!(
                "a table cannot hold values of type {}",
                ty.element
            )));
        }
        let inner = ctx.as_context_mut().inner;
        let init = reference(&inner.state, ty.element, init)?;
        let index = inner.add_table(ty, init)?;
        Ok(Self(Handle::new(inner.state.id, index)))
    }

    /// Its type. The current size is the minimum.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn ty(self, ctx: impl AsContext) -> TableType {
        self.entity(&ctx.as_context().inner.state).ty()
    }

    /// The number of its elements.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn size(self, ctx: impl AsContext) -> u64 {
        self.entity(&ctx.as_context().inner.state).len()
    }

    /// The element at `index`, if it exists.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn get(self, ctx: impl AsContext, index: u64) -> Option<Val> {
        let state = &ctx.as_context().inner.state;
        let entity = self.entity(state);
        let slot = entity.elements().get(usize::try_from(index).ok()?)?;
        let value = Val::from_slot(entity.element, *slot, state.id);
        #[cfg(feature = "heap")]
        let value = state.hold_shared(value);
        Some(value)
    }

    /// Sets the element at `index`.
    ///
    /// # Errors
    /// Fails if it does not exist, or if `value` does not have the element type.
    pub fn set(self, mut ctx: impl AsContextMut, index: u64, value: Val) -> Result<(), Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let table = self.0.find(state.id)?;
        let value = reference(state, state.tables[table].element, value)?;
        let entity = &mut state.tables[table];
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let element = entity.elements_mut().get_mut(index);
        *element.ok_or_else(|| Error::new(format!("the table has no element {index}")))? = value;
        Ok(())
    }

    /// Sets the `len` elements from `start` on to `value`.
    ///
    /// # Errors
    /// Fails with [`Trap::TableOutOfBounds`] if there are fewer elements; nothing is changed then. Also fails if `value`
    /// does not have the element type.
    pub fn fill(
        self,
        mut ctx: impl AsContextMut,
        start: u64,
        value: Val,
        len: u64,
    ) -> Result<(), Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let index = self.index(state)?;
        let value = reference(state, state.tables[index].element, value)?;
        let entity = &mut state.tables[index];
        let elements = entity.elements_mut();
        let place = range(elements.len(), start, len).ok_or(Trap::TableOutOfBounds)?;
        elements[place].fill(value);
        Ok(())
    }

    /// Copies `len` elements of the table `src` from `src_start` on to `dst_start` of the table `dst`. The tables may be
    /// the same, and the ranges may overlap.
    ///
    /// # Errors
    /// Fails with [`Trap::TableOutOfBounds`] if one of them has fewer elements; nothing is changed then. Also fails if the
    /// element types differ.
    pub fn copy(
        mut ctx: impl AsContextMut,
        dst: Self,
        dst_start: u64,
        src: Self,
        src_start: u64,
        len: u64,
    ) -> Result<(), Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let (to, from) = (dst.index(state)?, src.index(state)?);
        let tables = &mut state.tables;
        let (wanted, given) = (tables[to].element, tables[from].element);
        if !given.matches(wanted, &state.engine) {
            return Err(Error::new(format!(
                "elements of a table of {given} cannot be copied to a table of {wanted}"
            )));
        }
        let place = |table: &TableEntity, start| {
            range(table.elements().len(), start, len).ok_or(Trap::TableOutOfBounds)
        };
        let source = place(&tables[from], src_start)?;
        let target = place(&tables[to], dst_start)?;
        match tables.get_disjoint_mut([to, from]) {
            Ok([to, from]) => {
                to.elements_mut()[target].copy_from_slice(&from.elements()[source]);
            }
            // Both are the same table.
            Err(_) => tables[to].elements_mut().copy_within(source, target.start),
        }
        Ok(())
    }

    /// Grows the table by `delta` elements, all of them `init`. Returns its former size.
    ///
    /// # Errors
    /// Fails if its type or a limit forbids it, or if `init` does not have the element type.
    pub fn grow(self, mut ctx: impl AsContextMut, delta: u64, init: Val) -> Result<u64, Error> {
        let inner = ctx.as_context_mut().inner;
        let index = self.0.find(inner.state.id)?;
        let init = reference(&inner.state, inner.state.tables[index].element, init)?;
        let grown = inner.grow_table(index, delta, init)?;
        grown.ok_or_else(|| Error::new(format!("the table cannot grow by {delta} elements")))
    }

    /// Its index in the store.
    ///
    /// # Errors
    /// Fails if it belongs to another store.
    fn index(self, state: &State) -> Result<usize, Error> {
        match self.0.store() == state.id {
            true => Ok(self.0.index_in(state.id)),
            false => Err(Error::new("the table belongs to another store")),
        }
    }

    fn entity(self, state: &State) -> &TableEntity {
        &state.tables[self.0.index_in(state.id)]
    }
}

/// Returns the slot of a value that becomes an element of type `ty`.
fn reference(state: &State, ty: ValType, value: Val) -> Result<u64, Error> {
    if !value.fits(ty, state) {
        return Err(Error::new(format!(
            "a table of {ty} cannot hold a value of type {}",
            value.ty()
        )));
    }
    let slot = value.into_slot(state.id);
    slot.ok_or_else(|| Error::new("the reference belongs to another store"))
}
