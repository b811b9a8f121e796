//! The roots of a collection, and what must stay while a call is suspended. `entity/heap.rs` marks and frees.

use alloc::vec::Vec;

use crate::Error;
#[cfg(feature = "gc")]
use crate::machine::Context;
use crate::machine::{NULL_REF, Trap};
use crate::runtime::StorePart;
use crate::runtime::entity::heap::{Heap, Keep};
#[cfg(feature = "gc")]
use crate::runtime::entity::shared::Shared;
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;

impl<T> Inner<T> {
    /// Creates an object whose contents are zeros, of a type that the heap knows. Returns a reference to it. `len` is the number of elements of an
    /// array. The value stack is in use up to slot `top`, or without it up to the end of the running frame; `values` may contain references as
    /// well.
    pub(crate) fn allocate(
        &mut self,
        ty: u32,
        len: u32,
        values: &[u64],
        top: Option<usize>,
    ) -> Result<u64, Error> {
        let bytes = self.state.heap.bytes_of(ty, len);
        let bytes = bytes.ok_or_else(full)?;
        let is_due = self.state.heap.is_due(bytes);
        if is_due {
            self.state.collect(values, top);
        }
        let mut allowed = self.allow(StorePart::Objects, bytes)?;
        if !allowed && !is_due {
            self.state.collect(values, top);
            allowed = self.allow(StorePart::Objects, bytes)?;
        }
        if !allowed {
            return Err(full());
        }
        let reference = self.state.heap.insert(ty, len);
        let reference = reference.ok_or_else(full)?;
        self.state.taken.add(StorePart::Objects, bytes);
        Ok(reference)
    }
}

/// The error for an object that cannot be created.
#[cold]
fn full() -> Error {
    Trap::HeapFull.into()
}

impl State {
    /// Frees the objects to which no references exist. The value stack is in use up to slot `top`; `values` may contain references
    /// as well.
    fn collect(&mut self, values: &[u64], top: Option<usize>) {
        let top = top.unwrap_or_else(|| self.stopped_top());
        let Self {
            heap,
            globals,
            tables,
            instances,
            ..
        } = self;
        let mut scanned = top;
        for value in values {
            heap.mark(*value);
        }
        for global in globals.iter() {
            if global.ty.content.is_traced() {
                // A reference takes one slot.
                heap.mark(global.get() as u64);
            }
        }
        for table in tables.iter() {
            if table.element.is_traced() {
                scanned += table.elements().len();
                table.elements().iter().for_each(|slot| heap.mark(*slot));
            }
        }
        // Segments of functions contain no number that is a reference to an object.
        for segment in instances.iter().flat_map(|instance| &instance.elements) {
            scanned += segment.len();
            segment.iter().for_each(|slot| heap.mark(*slot));
        }
        #[cfg(feature = "exceptions")]
        {
            let flight = &self.exceptions.flight;
            heap.mark(flight.reference);
            flight.values.iter().for_each(|value| heap.mark(*value));
        }
        self.each_slot(top, |heap, slot| heap.mark(slot));
        let freed = self.heap.sweep(scanned);
        self.taken.give_back(StorePart::Objects, freed);
    }

    /// Frees them while no op runs.
    pub(crate) fn collect_now(&mut self) {
        self.collect(&[], Some(self.free_top));
    }

    /// Keeps all objects that slots below `top` of the current value stack refer to.
    pub(super) fn keep_stack(&mut self, top: usize) -> Vec<Keep> {
        let mut kept = Vec::new();
        if !self.heap.is_empty() {
            self.each_slot(top, |heap, slot| {
                if slot >> 32 != NULL_REF {
                    kept.extend(heap.keep(slot));
                }
            });
        }
        kept
    }

    /// The slot behind the frame of the op at which the machine has stopped.
    pub(super) fn stopped_top(&mut self) -> usize {
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let cx = unsafe { &*self.cx() };
        let (ip, fp) = cx.stopped;
        let frame = (fp as usize - cx.stack.base() as usize) / size_of::<u64>();
        let len = cx.stack.len();
        let code = &mut self.code;
        // A stub belongs to a callee whose frame is not complete: its arguments are all that it has.
        let slots = code
            .find(ip)
            .map_or(2 * 1000, |number| code.get(number).frame_slots);
        (frame + slots).min(len)
    }

    /// Calls `visit` with each slot of the value stack below slot `top`, whatever it contains.
    fn each_slot(&mut self, top: usize, mut visit: impl FnMut(&mut Heap, u64)) {
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let stack = unsafe { &(*self.cx()).stack };
        let first = stack.base().expose_provenance();
        let top = top.min(stack.len());
        // Slots that no op has written yet contain any number. The compiler must not know that.
        crate::dispatch::anywhere::stores_apart();
        let first = core::ptr::with_exposed_provenance::<u64>(first);
        for at in 0..top {
            // SAFETY: the stack has so many slots, and nothing writes to them meanwhile.
            let slot = unsafe { first.add(at).read() };
            visit(&mut self.heap, slot);
        }
    }
}

/// Slots of the value stack, which are not written while the result is in use.
#[cfg(feature = "gc")]
pub(super) fn slots_from(cx: &Shared<Context>, first: usize, len: usize) -> &[u64] {
    // SAFETY: the context is the store's own, no op runs, and an op asks for slots of its frame (invariant 2), which it has written.
    unsafe {
        let stack = &(*cx.as_ptr()).stack;
        debug_assert!(first + len <= stack.len());
        core::slice::from_raw_parts(stack.base().add(first), len)
    }
}
