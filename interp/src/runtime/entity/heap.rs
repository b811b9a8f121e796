//! [`Heap`]: the objects and exceptions of a store to which references exist.
//!
//! Each has an entry in a table, and its contents in an allocation of their own. `machine/object.rs` shows the references.
//!
//! # Collection
//! Objects are freed by mark and sweep. They do not move. These are the roots:
//!
//! * the slots of the value stack below the last frame, scanned conservatively: a slot that equals a live reference keeps it;
//! * globals, tables and element segments;
//! * the exception that is being thrown;
//! * references that the host received ([`Heap::hold`]), and those that an error or a suspended call keeps ([`Heap::keep`]).
//!
//! The contents of objects are traced exactly, by their types. The list of objects to visit is a vector, so deep lists take no native
//! stack. The next collection waits until as many bytes were allocated as are in use: so its cost per byte is bounded.

use alloc::alloc::{alloc_zeroed, dealloc};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::alloc::Layout;
use core::ptr;
use core::sync::atomic::{AtomicU32, Ordering};

use hashbrown::HashMap;

use crate::machine::{Object, Referent};
use crate::runtime::types::KIND_BITS;

/// Where the contents of an object refer to others.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// The contents of `len` slots: the places of references among them.
    Slots { len: u32, refs: Box<[u32]> },
    /// Elements of this number of bytes, and whether they are references.
    #[cfg_attr(
        not(feature = "gc"),
        allow(dead_code, reason = "exceptions have slots")
    )]
    Elements { bytes: u32, are_refs: bool },
}

impl Shape {
    /// The bytes of the contents of an object with `len` elements. A host with 32-bit addresses may not have so many.
    fn bytes(&self, len: u32) -> Option<usize> {
        let bytes = match self {
            Self::Slots { len, .. } => u64::from(*len) * size_of::<u64>() as u64,
            Self::Elements { bytes, .. } => u64::from(len) * u64::from(*bytes),
        };
        // An allocation is smaller than half of all addresses.
        isize::try_from(bytes).ok().map(isize::cast_unsigned)
    }
}

/// The shapes of all objects and exceptions that there were.
#[derive(Default)]
struct Shapes {
    /// By number of the type, without the bits of its kind.
    of_types: Vec<Option<Shape>>,
    /// By tag.
    of_tags: Vec<Option<Shape>>,
}

/// The supertypes of the types of objects that there were: their numbers, by number of the type, without the bits of its kind.
#[cfg(feature = "gc")]
pub(crate) type Supertypes = Vec<Box<[u32]>>;

impl Shapes {
    /// The shape of objects with this [`Object::ty`].
    #[inline]
    fn get(&self, ty: u32) -> Option<&Shape> {
        let shape = match ty & Object::TAG {
            0 => self.of_types.get((ty >> KIND_BITS) as usize),
            _ => self.of_tags.get((ty & !Object::TAG) as usize),
        };
        shape?.as_ref()
    }
}

/// An object is not freed as long as this exists.
pub(crate) type Keep = Arc<()>;

/// All objects of a store.
pub(crate) struct Heap {
    objects: Vec<Object>,
    free: Vec<u32>,
    shapes: Shapes,
    #[cfg(feature = "gc")]
    supertypes: Supertypes,
    /// Bytes of all objects.
    bytes: usize,
    /// The number of bytes at which to collect next.
    next: usize,
    /// Objects that are marked, but whose contents were not visited yet.
    marked: Vec<u32>,
    /// What keeps objects: see [`Heap::keep`].
    kept: HashMap<u32, Keep>,
    /// The scopes in which the host has references: the depth of nested host functions, and a number that grows.
    scopes: Vec<(u32, u32)>,
    last_scope: u32,
}

// SAFETY: the contents of objects are owned.
unsafe impl Send for Heap {}
// SAFETY: `&Heap` can only read contents. Code that writes them runs with exclusive access to the store.
unsafe impl Sync for Heap {}

/// The scope of the embedder's own references, which never ends.
const OUTERMOST: (u32, u32) = (0, 1);

/// Bytes of objects before the first collection.
const FIRST: usize = 64 << 10;

/// The bit that marks an object during a collection.
const MARK: u32 = 1 << 31;

impl Default for Heap {
    fn default() -> Self {
        Self {
            objects: Vec::new(),
            free: Vec::new(),
            shapes: Shapes::default(),
            #[cfg(feature = "gc")]
            supertypes: Supertypes::default(),
            bytes: 0,
            next: FIRST,
            marked: Vec::new(),
            kept: HashMap::new(),
            scopes: Vec::new(),
            last_scope: OUTERMOST.1,
        }
    }
}

impl Heap {
    /// The table, for running code. It moves when an object is added.
    #[cfg(feature = "gc")]
    pub(crate) fn table(&mut self) -> *mut Object {
        self.objects.as_mut_ptr()
    }

    /// Returns whether no object can be referred to.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Tells the shape of objects of a type or of exceptions of a tag, unless it is known. Returns whether it was not.
    pub(crate) fn describe(&mut self, ty: u32, shape: impl FnOnce() -> Shape) -> bool {
        let (list, index) = match ty & Object::TAG {
            0 => (&mut self.shapes.of_types, ty >> KIND_BITS),
            _ => (&mut self.shapes.of_tags, ty & !Object::TAG),
        };
        let index = index as usize;
        if list.len() <= index {
            list.resize_with(index + 1, || None);
        }
        let is_new = list[index].is_none();
        list[index].get_or_insert_with(shape);
        is_new
    }

    /// The bytes that an object takes. `None` if no memory has so many.
    pub(crate) fn bytes_of(&self, ty: u32, len: u32) -> Option<usize> {
        let bytes = self.shapes.get(ty)?.bytes(len)?;
        bytes
            .checked_next_multiple_of(16)?
            .checked_add(size_of::<Object>())
    }

    /// Tells the supertypes of a type of objects.
    #[cfg(feature = "gc")]
    pub(crate) fn describe_supertypes(&mut self, ty: u32, supertypes: Box<[u32]>) {
        let index = (ty >> KIND_BITS) as usize;
        if self.supertypes.len() <= index {
            self.supertypes.resize_with(index + 1, Box::default);
        }
        self.supertypes[index] = supertypes;
    }

    /// Returns whether objects of a type that was described have another type, too.
    #[cfg(feature = "gc")]
    pub(crate) fn is_subtype(&self, ty: u32, other: u32) -> bool {
        let supertypes = self.supertypes.get((ty >> KIND_BITS) as usize);
        ty == other || supertypes.is_some_and(|supertypes| supertypes.contains(&other))
    }

    /// The bytes of an element of arrays of this type, which is known.
    #[cfg(feature = "gc")]
    pub(crate) fn element_bytes(&self, ty: u32) -> usize {
        match self.shapes.get(ty) {
            Some(Shape::Elements { bytes, .. }) => *bytes as usize,
            _ => size_of::<u64>(),
        }
    }

    /// Returns whether `more` bytes should not be taken before a collection.
    pub(crate) fn is_due(&self, more: usize) -> bool {
        self.bytes.saturating_add(more) > self.next
    }

    /// Creates an object whose contents are zeros. Returns a reference to it, or `None` if the host has no memory for it. `len` is the
    /// number of elements of an array.
    pub(crate) fn insert(&mut self, ty: u32, len: u32) -> Option<u64> {
        let (shape, taken) = (self.shapes.get(ty)?, self.bytes_of(ty, len)?);
        let len = match shape {
            Shape::Slots { len, .. } => *len,
            Shape::Elements { .. } => len,
        };
        let layout = contents(shape.bytes(len)?);
        let index = match self.free.last() {
            Some(index) => *index,
            None => {
                if self.objects.len() == self.objects.capacity() {
                    self.objects.try_reserve(1).ok()?;
                }
                // An index plus one fits a half of a slot.
                u32::try_from(self.objects.len())
                    .ok()
                    .filter(|index| *index < u32::MAX - 1)?
            }
        };
        let data = if layout.size() == 0 {
            ptr::without_provenance_mut(layout.align())
        } else {
            // SAFETY: the size is not zero.
            let data = unsafe { alloc_zeroed(layout) };
            if data.is_null() {
                return None;
            }
            data
        };
        self.bytes += taken;
        let object = Object {
            data,
            len,
            ty,
            generation: 1,
            scope: AtomicU32::new(0),
        };
        match self.free.pop() {
            Some(_) => {
                let entry = &mut self.objects[index as usize];
                let generation = entry.generation % Object::LAST_GENERATION + 1;
                *entry = Object {
                    generation,
                    ..object
                };
            }
            None => self.objects.push(object),
        }
        Some(reference(self.objects[index as usize].generation, index))
    }

    /// The object that `slot` refers to, if it still exists.
    #[inline]
    pub(crate) fn get(&self, slot: u64) -> Option<&Object> {
        Some(&self.objects[self.find(slot)?])
    }

    /// The entry that `slot` refers to. Any number may be asked for.
    #[inline]
    fn find(&self, slot: u64) -> Option<usize> {
        let Referent::Object(index, generation) = Referent::of(slot) else {
            return None;
        };
        let object = self.objects.get(index as usize)?;
        (object.generation & !MARK == generation && object.ty != Object::FREE)
            .then_some(index as usize)
    }

    /// The contents of an object that consists of slots.
    pub(crate) fn slots(&self, slot: u64) -> Option<&[u64]> {
        let object = self.get(slot)?;
        // SAFETY: the contents are so many slots, aligned as such and written when they were allocated. Nobody writes to them while `self`
        // is borrowed.
        unsafe {
            Some(core::slice::from_raw_parts(
                object.data.cast(),
                object.len as usize,
            ))
        }
    }

    /// The same, mutable.
    pub(crate) fn slots_mut(&mut self, slot: u64) -> Option<&mut [u64]> {
        let object = &self.objects[self.find(slot)?];
        // SAFETY: as above, and `self` is borrowed exclusively.
        unsafe {
            Some(core::slice::from_raw_parts_mut(
                object.data.cast(),
                object.len as usize,
            ))
        }
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
            let scope = &self.objects[index].scope;
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
        scope == OUTERMOST.1 || scope != 0 && self.scopes.iter().any(|(_, number)| *number == scope)
    }

    /// Keeps the object that `slot` refers to as long as the result exists. Returns nothing if there is no object.
    pub(crate) fn keep(&mut self, slot: u64) -> Option<Keep> {
        // `Vec` has fewer entries than references have indices.
        let index = self.find(slot)? as u32;
        Some(self.kept.entry(index).or_default().clone())
    }

    /// Marks the object that `slot` refers to, if it is a reference.
    #[inline]
    pub(crate) fn mark(&mut self, slot: u64) {
        if slot >> 32 != 0
            && let Some(index) = self.find(slot)
        {
            let generation = &mut self.objects[index].generation;
            if *generation & MARK == 0 {
                *generation |= MARK;
                self.marked.push(index as u32);
            }
        }
    }

    /// Marks what the host refers to, and all that the marked objects refer to. Frees the others. `scanned` is the number of slots
    /// that were scanned before, for which the next collection waits. Returns the number of bytes that were freed.
    pub(crate) fn sweep(&mut self, scanned: usize) -> usize {
        self.kept.retain(|_, keep| Arc::strong_count(keep) > 1);
        for index in 0..self.objects.len() {
            let object = &self.objects[index];
            let scope = object.scope.load(Ordering::Relaxed);
            if scope != 0 && object.ty != Object::FREE && self.is_open(scope)
                || self.kept.contains_key(&(index as u32))
            {
                self.mark(reference(object.generation & !MARK, index as u32));
            }
        }
        self.mark_reachable();
        let before = self.bytes;
        for index in 0..self.objects.len() {
            let object = &mut self.objects[index];
            if object.generation & MARK != 0 {
                object.generation &= !MARK;
            } else if object.ty != Object::FREE {
                self.release(index);
                self.free.push(index as u32);
            }
        }
        self.next = self.bytes + FIRST.max(self.bytes).max(scanned);
        before - self.bytes
    }

    fn mark_reachable(&mut self) {
        while let Some(index) = self.marked.pop() {
            let Object { data, len, ty, .. } = self.objects[index as usize];
            // SAFETY: the contents have the shape of the object's type, and consist of slots where there are references.
            let at = |place: usize| unsafe { data.cast::<u64>().add(place).read() };
            match self.shapes.get(ty) {
                Some(Shape::Slots { refs, .. }) => {
                    for number in 0..refs.len() {
                        let Some(Shape::Slots { refs, .. }) = self.shapes.get(ty) else {
                            break;
                        };
                        let slot = at(refs[number] as usize);
                        self.mark(slot);
                    }
                }
                Some(Shape::Elements { are_refs: true, .. }) => {
                    for place in 0..len as usize {
                        self.mark(at(place));
                    }
                }
                _ => {}
            }
        }
    }

    /// Frees the contents of an object.
    fn release(&mut self, index: usize) {
        let Object { data, len, ty, .. } = self.objects[index];
        let object = &mut self.objects[index];
        object.ty = Object::FREE;
        *object.scope.get_mut() = 0;
        let shape = self.shapes.get(ty);
        let layout = contents(shape.and_then(|shape| shape.bytes(len)).unwrap_or(0));
        self.bytes -= layout.size().next_multiple_of(16) + size_of::<Object>();
        if layout.size() > 0 {
            // SAFETY: `insert` has allocated them with this layout, and the entry no longer names them.
            unsafe { dealloc(data, layout) }
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        for index in 0..self.objects.len() {
            if self.objects[index].ty != Object::FREE {
                self.release(index);
            }
        }
    }
}

/// The memory of contents of this size.
fn contents(bytes: usize) -> Layout {
    Layout::from_size_align(bytes, align_of::<u64>()).expect("`Shape::bytes` admits no more bytes")
}

/// The reference to an entry.
fn reference(generation: u32, index: u32) -> u64 {
    u64::from(generation) << 32 | (u64::from(index) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::NULL_REF;
    use alloc::vec;

    /// The type of pairs: a number, and a reference.
    const PAIR: u32 = 4;
    /// The type of arrays of references, and of bytes.
    const REFS: u32 = 8;
    const BYTES: u32 = 12;

    fn heap() -> Heap {
        let mut heap = Heap::default();
        heap.describe(PAIR, || Shape::Slots {
            len: 2,
            refs: [1].into(),
        });
        heap.describe(REFS, || Shape::Elements {
            bytes: 8,
            are_refs: true,
        });
        heap.describe(BYTES, || Shape::Elements {
            bytes: 1,
            are_refs: false,
        });
        heap
    }

    fn pair(heap: &mut Heap, number: u64, slot: u64) -> u64 {
        let pair = heap.insert(PAIR, 0).expect("there is memory");
        heap.slots_mut(pair)
            .expect("it exists")
            .copy_from_slice(&[number, slot]);
        pair
    }

    #[test]
    fn what_is_marked_stays_with_all_that_it_refers_to() {
        let mut heap = heap();
        let mut chain = vec![NULL_REF];
        for number in 0..1000 {
            let last = chain[chain.len() - 1];
            // The number is no reference, although it equals one.
            chain.push(pair(&mut heap, chain[number / 2], last));
        }
        let garbage: Vec<_> = (0..10)
            .map(|_| pair(&mut heap, chain[1000], chain[1000]))
            .collect();
        heap.mark(chain[500]);
        heap.sweep(0);
        assert!(chain[1..=500].iter().all(|slot| heap.get(*slot).is_some()));
        assert!(chain[501..].iter().all(|slot| heap.get(*slot).is_none()));
        assert!(garbage.iter().all(|slot| heap.get(*slot).is_none()));
        // The room is used again, for other references.
        let again = pair(&mut heap, 1, NULL_REF);
        assert!(!garbage.contains(&again) && !chain.contains(&again));
        assert_eq!(heap.objects.len(), 1010);
        heap.sweep(0);
        assert!(heap.is_empty() && heap.get(again).is_none());
    }

    #[test]
    fn a_cycle_is_freed() {
        let mut heap = heap();
        let one = pair(&mut heap, 0, NULL_REF);
        let other = pair(&mut heap, 0, one);
        heap.slots_mut(one).expect("it exists")[1] = other;
        heap.mark(one);
        assert_eq!(heap.sweep(0), 0);
        assert_eq!(heap.sweep(0), 2 * (16 + size_of::<Object>()));
    }

    #[test]
    fn an_array_keeps_its_elements_if_they_are_references() {
        let mut heap = heap();
        let element = pair(&mut heap, 7, NULL_REF);
        let refs = heap.insert(REFS, 3).expect("there is memory");
        let bytes = heap.insert(BYTES, 8).expect("there is memory");
        for array in [refs, bytes] {
            let object = heap.get(array).expect("it exists");
            // SAFETY: both have at least eight bytes.
            unsafe { object.data.cast::<u64>().write(element) };
        }
        heap.mark(bytes);
        heap.mark(refs);
        heap.sweep(0);
        assert!(
            [element, refs, bytes]
                .iter()
                .all(|slot| heap.get(*slot).is_some())
        );
        heap.mark(bytes);
        heap.sweep(0);
        assert!(heap.get(element).is_none() && heap.get(refs).is_none());
        assert!(heap.get(bytes).is_some());
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let heap = heap();
        if let Some(bytes) = heap.bytes_of(REFS, u32::MAX) {
            assert_eq!(
                bytes,
                (u32::MAX as usize * 8).next_multiple_of(16) + size_of::<Object>()
            );
        }
        // An integer is never taken for an object.
        assert!(heap.get(1 << 63 | 5).is_none());
        assert!(heap.get(1).is_none() && heap.get(u64::MAX >> 1).is_none());
    }

    #[test]
    fn what_the_host_has_stays_until_it_gives_it_back() {
        let mut heap = heap();
        let [kept, held, outer] = [1, 2, 3].map(|number| pair(&mut heap, number, NULL_REF));
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
        let late = pair(&mut heap, 4, NULL_REF);
        heap.hold(late, 2);
        heap.end_scopes(2);
        let other = pair(&mut heap, 5, NULL_REF);
        heap.hold(other, 2);
        heap.sweep(0);
        assert_eq!(
            [late, other].map(|slot| heap.get(slot).is_some()),
            [false, true]
        );
    }
}
