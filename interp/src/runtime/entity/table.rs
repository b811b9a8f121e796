//! [`TableEntity`]: a table in a store.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::shared::{Shared, SharedSlots};
use crate::Error;
use crate::machine::TableView;
use crate::runtime::{Limits, TableType, ValType};

/// The maximum number of elements of a table in this implementation. The specification allows more.
const MAX_ELEMENTS: u64 = 10_000_000;

/// A table in the store.
pub(crate) struct TableEntity {
    view: Shared<TableView>,
    slots: SharedSlots,
    pub(in crate::runtime) element: ValType,
    max: Option<u64>,
    is_64: bool,
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
        let slots = filled(min, init);
        let slots = slots
            .ok_or_else(|| Error::new(format!("there is no room for a table of {min} elements")))?;
        let elements = slots.as_ptr();
        Ok(Self {
            view: Shared::new(TableView { elements, len: min }),
            slots,
            element: ty.element,
            max,
            is_64: ty.is_64,
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
            is_64: self.is_64,
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
        let grown = match self.slots.as_slice() {
            [] => filled(len, init).map(|slots| self.slots = slots).is_some(),
            _ => usize::try_from(len).is_ok_and(|len| self.slots.grow_to(len, init)),
        };
        if !grown {
            return false;
        }
        let elements = self.slots.as_ptr();
        self.view.set(TableView { elements, len });
        true
    }
}

/// Returns `len` elements that are `init`. Returns `None` if the host has no memory for them.
fn filled(len: u64, init: u64) -> Option<SharedSlots> {
    let len = usize::try_from(len).ok()?;
    let mut slots = Vec::<u64>::new();
    slots.try_reserve_exact(len).ok()?;
    // The allocation succeeded. A table of nulls that is created in this way takes no memory before it is written.
    drop(slots);
    Some(SharedSlots::new(vec![init; len]))
}
