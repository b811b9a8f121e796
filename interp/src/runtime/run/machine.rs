//! The services of a store for running code: [`Runtime`] for [`Inner`].
//!
//! Each method ends with a renewal of the context's views, whatever it did to the items behind them.

use core::ops::Range;
use core::time::Duration;

use crate::Error;
#[cfg(feature = "gc")]
use crate::machine::{Contents, HeapCode};
use crate::machine::{Exit, FuncIndex, Runtime, Trap};
use crate::ops::{BYTES_PER_UNIT, PIECE};
use crate::runtime::entity::range;
use crate::runtime::store::Inner;
use crate::runtime::store::state::Pause;
use crate::runtime::store::state::State;

impl<T> Inner<T> {
    /// Stores `error` for the call that started the program.
    pub(super) fn stop(&mut self, error: Error) -> Exit {
        self.state.pending = Some(error);
        Exit::Runtime
    }

    /// Does the same for an error of the embedder, which may be a trap.
    pub(super) fn stop_as(&mut self, error: Error) -> Exit {
        match error.as_trap() {
            // A trap without a backtrace originates here. Its backtrace is made from the place of the stop.
            Some(trap) if error.backtrace().is_none() => Exit::Trap(trap),
            _ => self.stop(error),
        }
    }

    /// Calls the embedder's interrupt routine.
    fn run_routine(&mut self) -> Result<(), Error> {
        self.guarded(|inner| match &mut inner.routine {
            Some(routine) => routine(&mut inner.data),
            None => Ok(()),
        })
    }

    /// Fails if a program that consumes no fuel at present must stop.
    pub(crate) fn look_around(&mut self) -> Result<(), Error> {
        self.run_routine()?;
        self.guarded(Self::look_for_stop)
    }
}

impl<T> Runtime for Inner<T> {
    fn lower(&mut self, func: FuncIndex) -> Result<(), Exit> {
        if self.state.is_suspendable && self.state.suspend_at == Some(func.0) {
            self.state.suspend_at = None;
            return Err(self.state.pause_as_asked(0));
        }
        let lowered = self.guarded(|inner| inner.lower_now(func.0));
        self.state.renew();
        lowered.map_err(|error| self.stop(error))
    }

    fn call_host(&mut self, func: FuncIndex, args: usize) -> Result<(), Exit> {
        let outcome = self.run_host(func.0, args, self.state.current());
        self.state.renew();
        #[cfg(feature = "exceptions")]
        let outcome = match outcome {
            Err(error) => match self.state.launch(error) {
                Ok(()) => return Err(Exit::Exception),
                Err(error) => Err(error),
            },
            Ok(()) => Ok(()),
        };
        outcome.map_err(|error| self.stop_as(error))
    }

    fn enter(&mut self, instance: u32) {
        self.state.enter(Some(instance));
    }

    fn refuel(&mut self) -> Result<(), Exit> {
        #[cfg(feature = "probes")]
        self.take_sample();
        let outcome = self.run_routine();
        let outcome = outcome.and_then(|()| self.guarded(Self::look_at_deadline));
        outcome.map_err(|error| self.stop_as(error))?;
        self.state.refill(0)
    }

    #[cfg(feature = "probes")]
    fn probe(&mut self) -> Result<u16, Exit> {
        let op = self.hidden_op()?;
        self.at_probe()?;
        Ok(op)
    }

    #[cfg(feature = "probes")]
    fn hidden(&mut self) -> Result<u16, Exit> {
        self.hidden_op()
    }

    fn pay(&mut self, units: u64) -> Result<(), Exit> {
        self.look()?;
        // SAFETY: invariant 4: no op runs while it asks for fuel.
        let cx = unsafe { &mut *self.state.cx() };
        // An op handles less than 2⁶³ bytes.
        cx.fuel -= units.cast_signed();
        if cx.fuel >= 0 {
            return Ok(());
        }
        self.state.refill(units)
    }

    fn look(&mut self) -> Result<(), Exit> {
        self.look_around().map_err(|error| self.stop_as(error))
    }

    fn atomic_wait(&mut self, timeout: i64) -> Result<(), Exit> {
        // A negative timeout is an infinite one.
        let timeout = u64::try_from(timeout).map_err(|_| Trap::AtomicWaitForever)?;
        let waited = self.guarded(|inner| inner.wait(Duration::from_nanos(timeout)));
        self.state.renew();
        waited.map_err(|error| self.stop_as(error))
    }

    fn memory_grow(&mut self, memory: u32, delta: u64) -> Result<Option<u64>, Exit> {
        // The bytes may move, which takes long.
        self.look()?;
        let index = self.state.running().memories[memory as usize] as usize;
        let grown = self.guarded(|inner| inner.grow_memory(index, delta));
        grown.map_err(|error| self.stop(error))
    }

    fn table_grow(&mut self, table: u32, delta: u64, init: u64) -> Result<Option<u64>, Exit> {
        self.look()?;
        let index = self.state.running().tables[table as usize] as usize;
        let grown = self.guarded(|inner| inner.grow_table(index, delta, init));
        grown.map_err(|error| self.stop(error))
    }

    fn memory_init(
        &mut self,
        memory: u32,
        data: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), Exit> {
        let current = self.state.current().expect("an instance's code runs");
        let (segment, target) = self.state.data_and_memory(current, data, memory);
        let source = range(segment.len(), src, len).ok_or(Trap::MemoryOutOfBounds)?;
        let place = range(target.len(), dst, len).ok_or(Trap::MemoryOutOfBounds)?;
        self.pay(len / BYTES_PER_UNIT)?;
        for done in (0..source.len()).step_by(PIECE) {
            let len = PIECE.min(source.len() - done);
            let (segment, target) = self.state.data_and_memory(current, data, memory);
            target[place.start + done..][..len]
                .copy_from_slice(&segment[source.start + done..][..len]);
            if source.len() > PIECE {
                self.look()?;
            }
        }
        Ok(())
    }

    fn data_drop(&mut self, data: u32) {
        self.state.running_mut().dropped_data.insert(data);
    }

    fn table_init(
        &mut self,
        table: u32,
        elem: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), Exit> {
        let current = self.state.current().expect("an instance's code runs");
        self.state
            .table_ranges(current, table, elem, dst, src, len)?;
        // Validation admits 10,000,000 elements: to copy them takes milliseconds.
        self.pay(len * size_of::<u64>() as u64 / BYTES_PER_UNIT)?;
        self.state
            .init_table(current, table, elem, dst, src, len)
            .map_err(Exit::Trap)
    }

    fn elem_drop(&mut self, elem: u32) {
        let current = self.state.current().expect("an instance's code runs");
        self.state.drop_elements(current, elem);
    }

    #[cfg(feature = "gc")]
    fn create(&mut self, ty: u32, len: u32, contents: Contents) -> Result<u64, Exit> {
        let created = self.create_object(ty, len, contents);
        self.state.renew();
        created
    }

    #[cfg(feature = "gc")]
    fn array_init(
        &mut self,
        array: u64,
        at: u32,
        len: u32,
        contents: Contents,
    ) -> Result<(), Exit> {
        self.fill_array(array, at, len, contents)
    }

    #[cfg(feature = "gc")]
    fn is_instance(&self, reference: u64, ty: HeapCode) -> bool {
        self.state.is_of_code(reference, ty)
    }

    #[cfg(feature = "gc")]
    fn is_subtype(&self, ty: u32, wanted: u32) -> bool {
        self.state.engine.is_subtype(ty, wanted)
    }

    #[cfg(feature = "exceptions")]
    fn throw(&mut self, tag: u32, values: usize) -> Exit {
        let tag = self.state.running().tags[tag as usize];
        let len = self.state.exceptions.tags[tag as usize].slots;
        let mut flight = core::mem::take(&mut self.state.exceptions.flight);
        flight.begin(tag, self.state.slots(values, len));
        self.state.exceptions.flight = flight;
        Exit::Exception
    }

    #[cfg(feature = "exceptions")]
    fn throw_ref(&mut self, exception: u64) -> Exit {
        if exception == crate::machine::NULL_REF {
            return Trap::NullReference.into();
        }
        match self
            .state
            .exceptions
            .launch(&self.state.heap, exception, None)
        {
            true => Exit::Exception,
            false => self.stop(super::unwind::stale()),
        }
    }

    #[cfg(feature = "exceptions")]
    fn unwind(&mut self) -> Result<(), Exit> {
        self.unwind_to_handler()?;
        // SAFETY: invariant 4: no op runs while an exception is thrown.
        match unsafe { (*self.state.cx()).fuel } < 0 {
            true => self.refuel(),
            false => Ok(()),
        }
    }
}

impl State {
    /// Hands out a slice of fuel. If the call is to be suspended, or no fuel is left, notes how it can continue; `paid` is the price of an
    /// op that pays in advance.
    fn refill(&mut self, paid: u64) -> Result<(), Exit> {
        if self.is_suspendable && self.tank.must_suspend() {
            return Err(self.pause_as_asked(paid));
        }
        // SAFETY: invariant 4: no op runs while it asks for fuel.
        let cx = unsafe { &mut *self.cx() };
        self.tank.refill(&mut cx.fuel).map_err(|trap| {
            self.pause = (trap == Trap::OutOfFuel).then_some(Pause::Fuel { paid });
            trap.into()
        })
    }

    pub(super) fn pause_as_asked(&mut self, paid: u64) -> Exit {
        self.pause = Some(Pause::Asked { paid });
        Trap::Interrupt.into()
    }

    /// Passive data segment `data` of `instance`, and the bytes of a memory of it.
    fn data_and_memory(&mut self, instance: u32, data: u32, memory: u32) -> (&[u8], &mut [u8]) {
        let instance = &self.instances[instance as usize];
        let segment = match instance.dropped_data.contains(data) {
            true => &[],
            false => instance.module.info().passive_data(data),
        };
        let memory = instance.memories[memory as usize] as usize;
        (segment, self.memories[memory].bytes_mut())
    }

    /// Copies `len` references from position `src` of an element segment to position `dst` of a table, both of `instance`.
    pub(crate) fn init_table(
        &mut self,
        instance: u32,
        table: u32,
        elem: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), Trap> {
        let (source, place) = self.table_ranges(instance, table, elem, dst, src, len)?;
        let instance = &self.instances[instance as usize];
        let segment = &instance.elements[elem as usize];
        let target = self.tables[instance.tables[table as usize] as usize].elements_mut();
        target[place].copy_from_slice(&segment[source]);
        Ok(())
    }

    /// Where these elements are in the segment, and where in the table.
    fn table_ranges(
        &mut self,
        instance: u32,
        table: u32,
        elem: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(Range<usize>, Range<usize>), Trap> {
        let instance = &self.instances[instance as usize];
        let segment = &instance.elements[elem as usize];
        let source = range(segment.len(), src, len).ok_or(Trap::TableOutOfBounds)?;
        let target = self.tables[instance.tables[table as usize] as usize].elements_mut();
        let place = range(target.len(), dst, len).ok_or(Trap::TableOutOfBounds)?;
        Ok((source, place))
    }
}
