//! [`Exceptions`]: the tags of a store, and the exception that is being thrown.
//!
//! An exception that is thrown and caught without a reference never gets to the [`Heap`]: its values wait in [`Flight`] while the
//! frames are searched. It becomes an object of the heap when a clause or the host receives a reference to it.

use alloc::vec::Vec;

use crate::Error;
use crate::machine::{NULL_REF, Object};
use crate::runtime::entity::heap::{Heap, Shape};
use crate::runtime::types::FuncType;
use crate::runtime::{Module, ValType};

/// A tag in the store. Each has an identity of its own: its index.
pub(crate) struct TagEntity {
    pub(crate) ty: FuncType,
    /// The number of slots of an exception's values.
    pub(crate) slots: usize,
    /// The module that defines it, and its index there.
    pub(crate) origin: Option<(Module, u32)>,
}

/// An exception that is being thrown.
#[derive(Default)]
pub(crate) struct Flight {
    /// The index of its tag in the store.
    pub(crate) tag: u32,
    /// The slots of its values.
    pub(crate) values: Vec<u64>,
    /// The reference to it, or null if there is none yet.
    pub(crate) reference: u64,
    /// The error with which a host function has thrown it.
    pub(crate) error: Option<Error>,
}

/// All that a store knows of exceptions, but for those to which references exist: these are in the [`Heap`].
#[derive(Default)]
pub(crate) struct Exceptions {
    pub(crate) tags: Vec<TagEntity>,
    pub(crate) flight: Flight,
}

/// The type of exceptions of a tag, as the heap knows it.
pub(crate) fn type_of(tag: u32) -> u32 {
    Object::TAG | tag
}

impl Exceptions {
    /// Adds a tag. Returns its index.
    pub(crate) fn add_tag(&mut self, ty: FuncType, origin: Option<(Module, u32)>) -> usize {
        let slots = ValType::slots_of(ty.params());
        self.tags.push(TagEntity { ty, slots, origin });
        self.tags.len() - 1
    }

    /// Prepares a throw of the exception that `slot` refers to. Returns whether it exists.
    pub(crate) fn launch(&mut self, heap: &Heap, slot: u64, error: Option<Error>) -> bool {
        let Some((tag, values)) = find(heap, slot) else {
            return false;
        };
        self.flight.begin(tag, values);
        self.flight.reference = slot;
        self.flight.error = error;
        true
    }
}

/// The shape of the exceptions of a tag.
pub(crate) fn shape(ty: &FuncType) -> Shape {
    let (mut slots, mut refs) = (0, Vec::new());
    for param in ty.params() {
        if param.is_traced() {
            refs.push(slots);
        }
        // Types have at most 1,000 parameters of at most two slots.
        slots += param.slots() as u32;
    }
    Shape::Slots {
        len: slots,
        refs: refs.into(),
    }
}

/// The tag and the values of the exception that `slot` refers to, if it still exists.
pub(crate) fn find(heap: &Heap, slot: u64) -> Option<(u32, &[u64])> {
    let ty = heap.get(slot)?.ty;
    (ty & Object::TAG != 0).then_some((ty & !Object::TAG, heap.slots(slot)?))
}

impl Flight {
    /// Begins with a new exception.
    pub(crate) fn begin(&mut self, tag: u32, values: &[u64]) {
        self.tag = tag;
        self.values.clear();
        self.values.extend_from_slice(values);
        self.reference = NULL_REF;
        self.error = None;
    }
}
