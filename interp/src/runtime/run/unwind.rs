//! Exceptions on their way from a throw to a handler (core specification, 4.4.8 "throw_ref").
//!
//! An op that throws, or a host function that returns an exception as its error, leaves the exception in the store's
//! [`Flight`](crate::runtime::entity::exception::Flight). [`Inner::find_handler`] then searches the frames from the innermost
//! outwards, and changes nothing. If a handler exists, the machine continues there. Otherwise the run ends with an error,
//! whose backtrace begins at the throw. If a host function made the call, it receives the error and may return it: the
//! search then continues in the frames below that host function.
//!
//! A throw costs a unit of fuel for each frame that is searched. The search can be interrupted.

use crate::Error;
use crate::machine::{Exit, ForeignFrame, Header, NULL_REF};
use crate::ops::stub;
use crate::runtime::entity::exception::{shape, type_of};
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;

/// Frames that are searched between two looks whether the program shall stop.
const INTERVAL: u64 = 4096;

/// The place where a program continues with an exception.
struct Place {
    /// The op, and the frame as slots from the stack's first.
    ip: *const u16,
    frame: usize,
    /// The slot behind the frame.
    top: usize,
    instance: u32,
    /// The slot of the first value, from the stack's first.
    dst: usize,
    /// Whether the handler receives the values: not one for all tags.
    takes_values: bool,
    /// The slot of a reference to the exception, counted in the same way.
    reference: Option<usize>,
}

impl<T> Inner<T> {
    /// Finds the handler of the thrown exception and lets the machine continue there. Otherwise leaves the error of the run.
    pub(super) fn unwind_to_handler(&mut self) -> Result<(), Exit> {
        let mut frames = 0;
        let found = self.find_handler(&mut frames);
        let outcome = match found {
            Ok(Some(place)) => self.continue_at(&place, frames),
            Ok(None) => Err(self.uncaught()),
            Err(error) => Err(error),
        };
        self.state.exceptions.flight.error = None;
        outcome.map_err(|error| self.stop_as(error))
    }

    /// Searches the frames of this run.
    fn find_handler(&mut self, frames: &mut u64) -> Result<Option<Place>, Error> {
        // SAFETY: invariant 4: the context is the store's own, and no op runs.
        let cx = unsafe { &*self.state.cx() };
        let (mut ip, fp) = cx.stopped;
        let mut instance = cx.instance;
        let mut frame = self.slot_number(fp);
        loop {
            *frames += 1;
            if frames.is_multiple_of(INTERVAL) {
                self.look_around()?;
            }
            let State {
                exceptions,
                instances,
                code,
                ..
            } = &mut self.state;
            let Some(number) = code.find(ip) else {
                return Ok(None);
            };
            let known = code.get(number);
            if let Some(handlers) = &known.handlers {
                let tags = &instances[instance as usize].tags;
                let thrown = exceptions.flight.tag;
                let catches = |tag: Option<u32>| tag.is_none_or(|tag| tags[tag as usize] == thrown);
                let mut clauses = handlers.clauses_at(known.granule(ip)).flatten();
                if let Some(clause) = clauses.find(|clause| catches(clause.tag)) {
                    return Ok(Some(Place {
                        ip: known.address(clause.target),
                        frame,
                        top: frame + known.frame_slots,
                        instance,
                        takes_values: clause.tag.is_some(),
                        dst: frame + clause.dst.index(),
                        reference: clause.reference.map(|slot| frame + slot.index()),
                    }));
                }
            }
            let at = frame + known.header;
            // SAFETY: invariant 2: the function's header follows its parameters and results. Distances in headers lead to the
            // frames that existed when they were written, and no frame has been left since.
            unsafe {
                let base = (*self.state.cx()).stack.base();
                let mut header = Header::read(base.add(at));
                if header.return_ip == stub::restore() {
                    frame -= ForeignFrame::SLOTS;
                    let foreign = ForeignFrame::read(base.add(frame));
                    (header, instance) = (foreign.header, foreign.instance);
                }
                if header.return_ip == stub::halt() {
                    return Ok(None);
                }
                frame -= header.slots();
                // One granule before the return address is inside of the call.
                ip = header.return_ip.wrapping_sub(1);
            }
        }
    }

    /// Lets the machine continue at a handler, after a search of `frames` frames.
    fn continue_at(&mut self, place: &Place, frames: u64) -> Result<(), Error> {
        let state = &mut self.state;
        if place.takes_values {
            // A frame has room for the values of the tags that its handlers name.
            let values = core::mem::take(&mut state.exceptions.flight.values);
            let len = values.len();
            state.slots_mut(place.dst, len).copy_from_slice(&values);
            state.exceptions.flight.values = values;
        }
        if let Some(slot) = place.reference {
            // What was in the slot before must not keep an exception.
            state.slots_mut(slot, 1)[0] = NULL_REF;
            let reference = self.refer_to_thrown(place.top)?;
            self.state.slots_mut(slot, 1)[0] = reference;
        }
        let state = &mut self.state;
        // Nothing refers to the exception from here any more.
        state.exceptions.flight.values.clear();
        state.exceptions.flight.reference = NULL_REF;
        state.enter(Some(place.instance));
        // A host function that has thrown does not suspend the call.
        state.pause = None;
        // SAFETY: invariant 4, as above. The handler is the start of an op (invariant 1) of a function that runs in this frame
        // (invariant 2).
        unsafe {
            let cx = state.cx();
            (*cx).stopped = (place.ip, (*cx).stack.base().add(place.frame));
            // A stack has fewer than 2⁶³ frames.
            (*cx).fuel -= frames.cast_signed();
        }
        Ok(())
    }

    /// The error of a run in which no frame has a handler.
    fn uncaught(&mut self) -> Error {
        if let Some(error) = self.state.exceptions.flight.error.take() {
            return error;
        }
        // SAFETY: invariant 4, as above.
        let (ip, fp) = unsafe { (*self.state.cx()).stopped };
        let frame = self.slot_number(fp);
        let code = &mut self.state.code;
        let slots = code
            .find(ip)
            .map_or(0, |number| code.get(number).frame_slots);
        match self.refer_to_thrown(frame + slots) {
            Ok(reference) => self.state.error_of(reference).unwrap_or_else(stale),
            Err(error) => error,
        }
    }

    /// The reference to the thrown exception. The value stack is in use up to slot `top`.
    fn refer_to_thrown(&mut self, top: usize) -> Result<u64, Error> {
        let flight = &mut self.state.exceptions.flight;
        if flight.reference == NULL_REF {
            let tag = flight.tag;
            let values = core::mem::take(&mut flight.values);
            let stored = self.store_exception(tag, &values, top);
            let flight = &mut self.state.exceptions.flight;
            flight.values = values;
            flight.reference = stored?;
        }
        Ok(self.state.exceptions.flight.reference)
    }

    /// Stores an exception. Returns a reference to it. The value stack is in use up to slot `top`.
    pub(crate) fn store_exception(
        &mut self,
        tag: u32,
        values: &[u64],
        top: usize,
    ) -> Result<u64, Error> {
        let State {
            heap, exceptions, ..
        } = &mut self.state;
        heap.describe(type_of(tag), || shape(&exceptions.tags[tag as usize].ty));
        let reference = self.allocate(type_of(tag), 0, values, Some(top))?;
        if let Some(slots) = self.state.heap.slots_mut(reference) {
            slots.copy_from_slice(values);
        }
        Ok(reference)
    }

    /// The number of a slot, from the stack's first.
    fn slot_number(&self, slot: *mut u64) -> usize {
        // SAFETY: invariant 4, as above.
        let base = unsafe { (*self.state.cx()).stack.base() };
        (slot as usize - base as usize) / size_of::<u64>()
    }
}

/// The error for a reference to an exception that no longer exists.
pub(crate) fn stale() -> Error {
    Error::new("the exception no longer exists: its reference was valid in a host function only")
}
