//! The services of a store for running code: [`Runtime`] for [`Inner`].
//!
//! Each method ends with a renewal of the context's views, whatever it did to the items behind them.

use crate::Error;
use crate::machine::{Exit, Runtime, Trap};
use crate::runtime::entity::range;
use crate::runtime::store::Inner;
use crate::runtime::store::state::Pause;
use crate::runtime::store::state::State;

impl<T> Inner<T> {
    /// Stores `error` for the call that started the program.
    fn stop(&mut self, error: Error) -> Exit {
        self.state.pending = Some(error);
        Exit::Runtime
    }

    /// Does the same for an error of the embedder, which may be a trap.
    fn stop_as(&mut self, error: Error) -> Exit {
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
    fn lower(&mut self, func: u32) -> Result<(), Exit> {
        let lowered = self.guarded(|inner| inner.lower_now(func));
        self.state.renew();
        lowered.map_err(|error| self.stop(error))
    }

    fn call_host(&mut self, func: u32, args: usize) -> Result<(), Exit> {
        let outcome = self.run_host(func, args, self.state.current());
        self.state.renew();
        outcome.map_err(|error| self.stop_as(error))
    }

    fn enter(&mut self, instance: u32) {
        self.state.enter(Some(instance));
    }

    fn refuel(&mut self) -> Result<(), Exit> {
        let outcome = self.run_routine();
        let outcome = outcome.and_then(|()| self.guarded(Self::look_at_deadline));
        outcome.map_err(|error| self.stop_as(error))?;
        // SAFETY: invariant 4: no op runs while it asks for fuel.
        let cx = unsafe { &mut *self.state.cx() };
        match self.state.tank.refill(cx.fuel) {
            Ok(fuel) => cx.fuel = fuel,
            Err(trap) => {
                self.state.pause = (trap == Trap::OutOfFuel).then_some(Pause::Fuel);
                return Err(trap.into());
            }
        }
        Ok(())
    }

    fn memory_grow(&mut self, memory: u32, delta: u64) -> Result<Option<u64>, Exit> {
        let index = self.state.running().memories[memory as usize] as usize;
        let grown = self.guarded(|inner| inner.grow_memory(index, delta));
        grown.map_err(|error| self.stop(error))
    }

    fn table_grow(&mut self, table: u32, delta: u64, init: u64) -> Result<Option<u64>, Exit> {
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
        let State {
            instances,
            memories,
            ..
        } = &mut self.state;
        let instance = &instances[current as usize];
        let segment = match instance.dropped_data.contains(data) {
            true => &[],
            false => instance.module.info().passive_data(data),
        };
        let source = range(segment.len(), src, len).ok_or(Trap::MemoryOutOfBounds)?;
        let target = memories[instance.memories[memory as usize] as usize].bytes_mut();
        let place = range(target.len(), dst, len).ok_or(Trap::MemoryOutOfBounds)?;
        target[place].copy_from_slice(&segment[source]);
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
            .init_table(current, table, elem, dst, src, len)
            .map_err(Exit::Trap)
    }

    fn elem_drop(&mut self, elem: u32) {
        let current = self.state.current().expect("an instance's code runs");
        self.state.drop_elements(current, elem);
    }
}

impl State {
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
        let instance = &self.instances[instance as usize];
        let segment = &instance.elements[elem as usize];
        let source = range(segment.len(), src, len).ok_or(Trap::TableOutOfBounds)?;
        let target = self.tables[instance.tables[table as usize] as usize].elements_mut();
        let place = range(target.len(), dst, len).ok_or(Trap::TableOutOfBounds)?;
        target[place].copy_from_slice(&segment[source]);
        Ok(())
    }
}
