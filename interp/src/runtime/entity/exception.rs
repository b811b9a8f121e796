//! [`Exceptions`]: the tags of a store, the exceptions to which references exist, and the exception that is being thrown.
//!
//! An exception that is thrown and caught without a reference never gets here: its values wait in [`Flight`] while the frames are
//! searched. An exception becomes an *entry* when a clause or the host receives a reference to it. A slot that refers to an
//! entry holds its index plus one in the lower half, and in the upper half a generation, which is at least 1. No other
//! reference has an upper half, and a reference to an entry that was freed is recognised by its generation.
//!
//! # Collection
//! Entries are freed by mark and sweep. Entries do not move. These are the roots:
//!
//! * the slots of the value stack below the last frame, scanned conservatively: a slot that equals a live reference keeps it;
//! * globals, tables and element segments;
//! * the exception that is being thrown;
//! * references that the host received ([`Exceptions::hold`]), and those that an error or a suspended call keeps
//!   ([`Exceptions::keep`]).
//!
//! The values of an exception are traced exactly, by its tag. The list of entries to visit is a vector, so deep chains take no native
//! stack.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::Error;
use crate::machine::NULL_REF;
use crate::runtime::entity::code_map::CodeMap;
use crate::runtime::types::FuncType;
use crate::runtime::{Module, ValType};

/// A tag in the store. Each has an identity of its own: its index.
pub(crate) struct TagEntity {
    pub(crate) ty: FuncType,
    /// The number of slots of an exception's values.
    pub(crate) slots: usize,
    /// The places of references to exceptions among these slots.
    refs: Box<[u16]>,
    /// The module that defines it, and its index there.
    pub(crate) origin: Option<(Module, u32)>,
}

/// An exception to which references exist, or room for one.
struct Entry {
    /// The upper half of references to it.
    generation: u32,
    /// The index of its tag in the store; [`FREE`] if there is no exception.
    tag: u32,
    marked: bool,
    values: Box<[u64]>,
    /// The number of the scope in which the host received a reference; 0 if it did not.
    scope: AtomicU32,
    /// Shared with all that keeps the exception: see [`Exceptions::keep`].
    keep: Option<Keep>,
}

/// An exception is not freed as long as this exists.
pub(crate) type Keep = Arc<()>;

/// The tag of an entry without an exception.
const FREE: u32 = u32::MAX;

/// Bytes of exceptions before the first collection.
const FIRST: usize = 64 << 10;

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

/// All that a store knows of exceptions.
pub(crate) struct Exceptions {
    pub(crate) tags: Vec<TagEntity>,
    pub(crate) flight: Flight,
    /// The functions of this store whose code was lowered.
    pub(crate) code: CodeMap,
    entries: Vec<Entry>,
    free: Vec<u32>,
    /// Bytes of all entries with an exception.
    bytes: usize,
    /// The number of bytes at which to collect next.
    next: usize,
    /// Entries that are marked, but whose values were not visited yet.
    marked: Vec<u32>,
    /// The scopes in which the host has references: the depth of nested host functions, and a number that grows.
    scopes: Vec<(u32, u32)>,
    last_scope: u32,
}

/// The scope of the embedder's own references, which never ends.
const OUTERMOST: (u32, u32) = (0, 1);

impl Default for Exceptions {
    fn default() -> Self {
        Self {
            tags: Vec::new(),
            flight: Flight::default(),
            code: CodeMap::default(),
            entries: Vec::new(),
            free: Vec::new(),
            bytes: 0,
            next: FIRST,
            marked: Vec::new(),
            scopes: Vec::new(),
            last_scope: OUTERMOST.1,
        }
    }
}

impl Exceptions {
    /// Adds a tag. Returns its index.
    pub(crate) fn add_tag(&mut self, ty: FuncType, origin: Option<(Module, u32)>) -> usize {
        let (mut slots, mut refs) = (0, Vec::new());
        for param in ty.params() {
            if *param == ValType::ExnRef {
                // Types have at most 1,000 parameters of at most two slots.
                refs.push(slots as u16);
            }
            slots += param.slots();
        }
        self.tags.push(TagEntity {
            ty,
            slots,
            refs: refs.into(),
            origin,
        });
        self.tags.len() - 1
    }

    /// Returns whether no exception can be referred to.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// The bytes of an exception with these values.
    pub(crate) fn bytes_of(values: &[u64]) -> usize {
        size_of::<Entry>() + size_of_val(values)
    }

    /// Returns whether `more` bytes should not be taken before a collection.
    pub(crate) fn is_due(&self, more: usize) -> bool {
        self.bytes + more > self.next
    }

    /// Stores an exception. Returns a reference to it.
    pub(crate) fn insert(&mut self, tag: u32, values: &[u64]) -> u64 {
        self.bytes += Self::bytes_of(values);
        let index = match self.free.pop() {
            Some(index) => index,
            None => {
                self.entries.push(Entry {
                    generation: 0,
                    tag: FREE,
                    marked: false,
                    values: Box::default(),
                    scope: AtomicU32::new(0),
                    keep: None,
                });
                // Memory ends before.
                (self.entries.len() - 1) as u32
            }
        };
        let entry = &mut self.entries[index as usize];
        entry.generation = entry.generation.wrapping_add(1).max(1);
        entry.tag = tag;
        entry.values = values.into();
        reference(entry.generation, index)
    }

    /// The tag and the values of the exception that `slot` refers to, if it still exists.
    pub(crate) fn get(&self, slot: u64) -> Option<(u32, &[u64])> {
        let entry = &self.entries[self.find(slot)?];
        Some((entry.tag, &entry.values))
    }

    /// The entry that `slot` refers to. Any number may be asked for.
    fn find(&self, slot: u64) -> Option<usize> {
        // The lower half is the index plus one, the upper half the generation.
        let (index, generation) = ((slot as u32).checked_sub(1)?, (slot >> 32) as u32);
        let entry = self.entries.get(index as usize)?;
        (entry.tag != FREE && entry.generation == generation).then_some(index as usize)
    }

    /// Prepares a throw of the exception that `slot` refers to. Returns whether it exists.
    pub(crate) fn launch(&mut self, slot: u64, error: Option<Error>) -> bool {
        let Some(index) = self.find(slot) else {
            return false;
        };
        let entry = &self.entries[index];
        self.flight.tag = entry.tag;
        self.flight.values.clear();
        self.flight.values.extend_from_slice(&entry.values);
        self.flight.reference = slot;
        self.flight.error = error;
        true
    }

    /// Records that the host has a reference. It is valid until the innermost host function that runs now returns. `depth` counts
    /// these functions. Outside of them it is valid as long as the store.
    pub(crate) fn hold(&mut self, slot: u64, depth: u32) {
        if self.find(slot).is_some() {
            if self.scope().0 < depth {
                self.last_scope = self.last_scope.wrapping_add(1).max(OUTERMOST.1 + 1);
                self.scopes.push((depth, self.last_scope));
            }
            self.hold_shared(slot);
        }
    }

    /// Does the same, but the reference may be valid for longer.
    pub(crate) fn hold_shared(&self, slot: u64) {
        if let Some(index) = self.find(slot) {
            let scope = &self.entries[index].scope;
            if !self.is_open(scope.load(Ordering::Relaxed)) {
                scope.store(self.scope().1, Ordering::Relaxed);
            }
        }
    }

    /// Ends the scopes of host functions at this depth.
    #[inline]
    pub(crate) fn end_scopes(&mut self, depth: u32) {
        while self.scopes.last().is_some_and(|scope| scope.0 >= depth) {
            self.scopes.pop();
        }
    }

    fn scope(&self) -> (u32, u32) {
        self.scopes.last().copied().unwrap_or(OUTERMOST)
    }

    fn is_open(&self, scope: u32) -> bool {
        scope == OUTERMOST.1 || self.scopes.iter().any(|(_, number)| *number == scope)
    }

    /// Keeps the exception that `slot` refers to as long as the result exists. Returns nothing if there is no exception.
    pub(crate) fn keep(&mut self, slot: u64) -> Option<Keep> {
        let index = self.find(slot)?;
        Some(self.entries[index].keep.get_or_insert_default().clone())
    }

    /// Marks the exception that `slot` refers to, if it is a reference.
    #[inline]
    pub(crate) fn mark(&mut self, slot: u64) {
        if slot >> 32 != 0
            && let Some(index) = self.find(slot)
            && !self.entries[index].marked
        {
            self.entries[index].marked = true;
            self.marked.push(index as u32);
        }
    }

    /// Marks what the host and the thrown exception refer to, and all that the marked exceptions refer to. Frees the others. `scanned`
    /// is the number of slots that were scanned before, for which the next collection waits. Returns the number of bytes that were
    /// freed.
    pub(crate) fn sweep(&mut self, scanned: usize) -> usize {
        self.mark(self.flight.reference);
        for index in 0..self.flight.values.len() {
            self.mark(self.flight.values[index]);
        }
        for index in 0..self.entries.len() {
            let Entry {
                tag,
                generation,
                scope,
                keep,
                ..
            } = &self.entries[index];
            let is_kept = keep
                .as_ref()
                .is_some_and(|keep| Arc::strong_count(keep) > 1);
            if *tag != FREE && (is_kept || self.is_open(scope.load(Ordering::Relaxed))) {
                self.mark(reference(*generation, index as u32));
            }
        }
        while let Some(index) = self.marked.pop() {
            let tag = self.entries[index as usize].tag as usize;
            for at in 0..self.tags[tag].refs.len() {
                let place = usize::from(self.tags[tag].refs[at]);
                self.mark(self.entries[index as usize].values[place]);
            }
        }
        let before = self.bytes;
        for (index, entry) in self.entries.iter_mut().enumerate() {
            if core::mem::take(&mut entry.marked) || entry.tag == FREE {
                continue;
            }
            self.bytes -= Self::bytes_of(&entry.values);
            entry.tag = FREE;
            entry.values = Box::default();
            entry.keep = None;
            entry.scope = AtomicU32::new(0);
            self.free.push(index as u32);
        }
        self.next = self.bytes + FIRST.max(self.bytes).max(scanned);
        before - self.bytes
    }
}

/// The reference to an entry.
fn reference(generation: u32, index: u32) -> u64 {
    u64::from(generation) << 32 | (u64::from(index) + 1)
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// A heap with a tag whose exceptions refer to another one.
    fn heap() -> Exceptions {
        let mut heap = Exceptions::default();
        heap.add_tag(FuncType::new([ValType::I64, ValType::ExnRef], []), None);
        heap
    }

    #[test]
    fn what_is_marked_stays_with_all_that_it_refers_to() {
        let mut heap = heap();
        let mut chain = vec![NULL_REF];
        for number in 0..1000 {
            let last = chain[chain.len() - 1];
            // The number is no reference, although it equals one.
            chain.push(heap.insert(0, &[chain[number / 2], last]));
        }
        let garbage: Vec<_> = (0..10)
            .map(|_| heap.insert(0, &[chain[1000], chain[1000]]))
            .collect();
        heap.mark(chain[500]);
        heap.sweep(0);
        assert!(chain[1..=500].iter().all(|slot| heap.get(*slot).is_some()));
        assert!(chain[501..].iter().all(|slot| heap.get(*slot).is_none()));
        assert!(garbage.iter().all(|slot| heap.get(*slot).is_none()));
        // The room is used again, for other references.
        let again = heap.insert(0, &[1, NULL_REF]);
        assert!(!garbage.contains(&again) && !chain.contains(&again));
        assert_eq!(heap.entries.len(), 1010);
        heap.sweep(0);
        assert!(heap.is_empty() && heap.get(again).is_none());
    }

    #[test]
    fn a_cycle_is_freed() {
        let mut heap = heap();
        let one = heap.insert(0, &[0, NULL_REF]);
        let other = heap.insert(0, &[0, one]);
        heap.entries[0].values[1] = other;
        heap.mark(one);
        assert_eq!(heap.sweep(0), 0);
        assert_eq!(heap.sweep(0), 2 * Exceptions::bytes_of(&[0, 0]));
    }

    #[test]
    fn what_the_host_has_stays_until_it_gives_it_back() {
        let mut heap = heap();
        let [kept, held, outer] = [1, 2, 3].map(|number| heap.insert(0, &[number, NULL_REF]));
        let keep = heap.keep(kept);
        heap.hold(outer, 0);
        heap.hold(held, 2);
        heap.sweep(0);
        assert!(
            [kept, held, outer]
                .iter()
                .all(|slot| heap.get(*slot).is_some())
        );
        heap.end_scopes(2);
        drop(keep);
        heap.sweep(0);
        assert_eq!(
            [kept, held, outer].map(|slot| heap.get(slot).is_some()),
            [false, false, true]
        );
        // A later scope of the same depth does not keep what an earlier one held.
        let late = heap.insert(0, &[4, NULL_REF]);
        heap.hold(late, 2);
        heap.end_scopes(2);
        let other = heap.insert(0, &[5, NULL_REF]);
        heap.hold(other, 2);
        heap.sweep(0);
        assert_eq!(
            [late, other].map(|slot| heap.get(slot).is_some()),
            [false, true]
        );
    }
}
