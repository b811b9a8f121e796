//! [`Table`]: arrays of references.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::handle::{Handle, StoreId};
use super::machine::range;
use super::shared::{Shared, SharedSlots};
use super::state::State;
use super::types::{Limits, TableType};
use super::{AsContext, AsContextMut, Val, ValType};
use crate::Error;
use crate::machine::{TableView, Trap};

/// The maximum number of elements of a table in this implementation. The specification allows more.
const MAX_ELEMENTS: u64 = 10_000_000;

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
        let init = reference(inner.state.id, ty.element, init)?;
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
        Some(Val::from_slot(entity.element, *slot, state.id))
    }

    /// Sets the element at `index`.
    ///
    /// # Errors
    /// Fails if it does not exist, or if `value` does not have the element type.
    pub fn set(self, mut ctx: impl AsContextMut, index: u64, value: Val) -> Result<(), Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let entity = &mut state.tables[self.0.find(state.id)?];
        let value = reference(state.id, entity.element, value)?;
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
        let entity = &mut state.tables[index];
        let value = reference(state.id, entity.element, value)?;
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
        if wanted != given {
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
        let init = reference(inner.state.id, inner.state.tables[index].element, init)?;
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
fn reference(store: StoreId, ty: ValType, value: Val) -> Result<u64, Error> {
    if value.ty() != ty {
        return Err(Error::new(format!(
            "a table of {ty} cannot hold a value of type {}",
            value.ty()
        )));
    }
    let slot = value.into_slot(store);
    slot.ok_or_else(|| Error::new("the reference belongs to another store"))
}

/// Returns `len` elements: first `old`, then copies of `init`. Returns `None` if the host has no memory for them.
fn filled(old: &[u64], len: u64, init: u64) -> Option<SharedSlots> {
    let len = usize::try_from(len).ok()?;
    let mut slots = Vec::new();
    slots.try_reserve_exact(len).ok()?;
    if old.is_empty() {
        // The allocation succeeded. A table of nulls that is created in this way takes no memory before it is written.
        drop(slots);
        return Some(SharedSlots::new(vec![init; len]));
    }
    slots.extend_from_slice(old);
    slots.resize(len, init);
    Some(SharedSlots::new(slots))
}

/// A table in the store.
pub(crate) struct TableEntity {
    view: Shared<TableView>,
    slots: SharedSlots,
    element: ValType,
    max: Option<u64>,
}

impl TableEntity {
    /// Creates a table with `ty.limits.min` elements.
    pub(crate) fn new(ty: TableType, init: u64) -> Result<Self, Error> {
        let Limits { min, max } = ty.limits;
        if min > MAX_ELEMENTS {
            return Err(Error::new(format!(
                "a table of {min} elements is more than this interpreter provides ({MAX_ELEMENTS})"
            )));
        }
        let slots = filled(&[], min, init);
        let slots = slots
            .ok_or_else(|| Error::new(format!("there is no room for a table of {min} elements")))?;
        let elements = slots.as_ptr();
        Ok(Self {
            view: Shared::new(TableView { elements, len: min }),
            slots,
            element: ty.element,
            max,
        })
    }

    /// The view, for running code.
    pub(crate) fn view(&self) -> *mut TableView {
        self.view.as_ptr()
    }

    /// The type. The current size is the minimum.
    pub(crate) fn ty(&self) -> TableType {
        TableType {
            element: self.element,
            limits: Limits {
                min: self.len(),
                max: self.max,
            },
        }
    }

    /// The number of elements.
    pub(crate) fn len(&self) -> u64 {
        self.view.get().len
    }

    /// The elements.
    pub(crate) fn elements(&self) -> &[u64] {
        self.slots.as_slice()
    }

    /// The elements, mutable.
    pub(crate) fn elements_mut(&mut self) -> &mut [u64] {
        self.slots.as_mut_slice()
    }

    /// The number of elements after a growth by `delta`, if the type allows it.
    pub(crate) fn len_after(&self, delta: u64) -> Option<u64> {
        let len = self.len().checked_add(delta)?;
        (len <= self.max.unwrap_or(MAX_ELEMENTS).min(MAX_ELEMENTS)).then_some(len)
    }

    /// Grows to `len` elements; the new ones are `init`. Returns whether there was room.
    pub(crate) fn grow_to(&mut self, len: u64, init: u64) -> bool {
        let Some(slots) = filled(self.slots.as_slice(), len, init) else {
            return false;
        };
        self.slots = slots;
        let elements = self.slots.as_ptr();
        self.view.set(TableView { elements, len });
        true
    }
}
