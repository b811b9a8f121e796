//! [`Store`]: the world in which instances live, with the embedder's own data.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::Engine;
use super::budget::{StorePart, table_bytes};
use super::engine::TypeUses;
use super::epoch::Deadline;
use super::fuel::InterruptHandle;
use super::func::HostFunc;
use super::hook::Hook;
use super::limits::ResourceLimiter;
use super::memory::{self, MemoryEntity};
use super::state::State;
use super::table::TableEntity;
use super::types::{MemoryType, TableType};
use crate::Error;
use crate::machine::FuncEntry;

/// Instances, their memories, tables and globals, and a `T` of the embedder's.
///
/// Nothing leaves a store before it is dropped: an instance, its memories and its functions live as long as the store, even
/// if no handle to them is left. A program that makes instances again and again therefore makes a store for each, or
/// for some of them. A host function of a [`Linker`](super::Linker) is added to a store once, however often it is linked.
///
/// It is used by one thread at a time, and can be sent to another if `T` can.
pub struct Store<T: 'static>(pub(crate) Box<Inner<T>>);

/// What a [`Store`] points to: it does not move while code runs.
pub(crate) struct Inner<T: 'static> {
    pub(crate) state: State,
    /// The host functions, by ascending index in `state.funcs`.
    pub(crate) hosts: Vec<(u32, HostFunc<T>)>,
    /// Which of them came from linkers: their indices by identity, which `hosts` keeps from being used again.
    linked: HashMap<usize, u32>,
    /// The types of the host functions.
    host_types: TypeUses,
    limiter: Option<LimiterOf<T>>,
    pub(crate) routine: Option<Routine<T>>,
    pub(crate) deadline: Deadline<T>,
    pub(crate) hook: Option<Hook<T>>,
    pub(crate) data: T,
}

type LimiterOf<T> = Box<dyn (FnMut(&mut T) -> &mut dyn ResourceLimiter) + Send + Sync>;
type Routine<T> = Box<dyn FnMut(&mut T) -> Result<(), Error> + Send + Sync>;

// SAFETY: the raw pointers in a store lead to what it owns itself: slots, views, entries, the value stack. None leads to a
// thread's own memory between two calls: the context's `runtime` is put back when a call ends and set anew by the next one, which
// borrows the whole store. All else (data, host functions, limiter, routine, errors, memories' regions) is required to be `Send`.
unsafe impl<T: Send> Send for Store<T> {}
// SAFETY: through `&Store` nothing is changed and no code runs.
unsafe impl<T: Sync> Sync for Store<T> {}

impl<T> Store<T> {
    /// An empty store.
    #[must_use]
    pub fn new(engine: &Engine, data: T) -> Self {
        Self(Box::new(Inner {
            state: State::new::<T>(engine),
            hosts: Vec::new(),
            linked: HashMap::new(),
            host_types: TypeUses::new(engine),
            limiter: None,
            routine: None,
            deadline: Deadline::default(),
            hook: None,
            data,
        }))
    }

    /// The engine that it was made with.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.state.engine
    }

    /// The embedder's data.
    #[must_use]
    pub fn data(&self) -> &T {
        &self.0.data
    }

    /// The embedder's data, to change it.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.0.data
    }

    /// Drops everything but the embedder's data.
    #[must_use]
    pub fn into_data(self) -> T {
        self.0.data
    }

    /// Lets a part of the embedder's data decide how much programs may take.
    pub fn limiter(
        &mut self,
        limiter: impl (FnMut(&mut T) -> &mut dyn ResourceLimiter) + Send + Sync + 'static,
    ) {
        self.0.limiter = Some(Box::new(limiter));
    }

    /// The bytes that a part of the store takes now.
    #[must_use]
    pub fn bytes(&self, part: StorePart) -> usize {
        self.0.state.taken.of(part)
    }

    /// Replaces the fuel that programs may consume.
    ///
    /// # Errors
    /// If the engine's [`Config`](super::Config) does not say that they consume any.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<(), Error> {
        self.0.set_fuel(fuel)
    }

    /// The fuel that is left.
    ///
    /// # Errors
    /// As [`Store::set_fuel`].
    pub fn get_fuel(&self) -> Result<u64, Error> {
        self.0.get_fuel()
    }

    /// A handle that interrupts this store's programs from any thread ([`InterruptHandle::interrupt`]).
    #[must_use]
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.0.state.tank.handle()
    }

    /// Calls `routine` from time to time while a program runs, at the latest after some ten
    /// thousand calls and loops. An error from it stops the program. For hosts without threads.
    pub fn interrupt_routine(
        &mut self,
        routine: impl FnMut(&mut T) -> Result<(), Error> + Send + Sync + 'static,
    ) {
        self.0.routine = Some(Box::new(routine));
    }
}

impl<T: Default> Default for Store<T> {
    fn default() -> Self {
        Self::new(&Engine::default(), T::default())
    }
}

impl<T: core::fmt::Debug> core::fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Store")
            .field("instances", &self.0.state.instances.len())
            .field("data", &self.0.data)
            .finish_non_exhaustive()
    }
}

impl<T> Inner<T> {
    pub(crate) fn set_fuel(&mut self, fuel: u64) -> Result<(), Error> {
        if !self.state.tank.set(fuel) {
            return Err(not_metered());
        }
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        unsafe { (*self.state.cx()).fuel = 0 };
        Ok(())
    }

    pub(crate) fn get_fuel(&self) -> Result<u64, Error> {
        // SAFETY: as in `set_fuel`.
        let unused = unsafe { (*self.state.cx()).fuel };
        self.state.tank.get(unused).ok_or_else(not_metered)
    }

    /// Adds a function of the host. Its index.
    pub(crate) fn add_host_func(&mut self, func: HostFunc<T>) -> usize {
        let index = self.state.funcs.len();
        let ty = func.ty();
        self.state.funcs.push(FuncEntry {
            code: crate::ops::stub::halt(),
            // A function's parameters and results are at most 1,000 each: `HostFunc::check`.
            frame_slots: 0,
            zero_slots: 0,
            ty: self.host_types.add(ty),
            instance: FuncEntry::HOST,
            params: ty.params().len() as u16,
            results: ty.results().len() as u16,
        });
        // Below 2^32: references have 32 bits, which `Handle::new` checks.
        self.hosts.push((index as u32, func));
        index
    }

    /// Adds a host function of a linker, unless it was added before. Its index.
    pub(crate) fn link_host_func(&mut self, func: &HostFunc<T>) -> usize {
        if let Some(index) = self.linked.get(&func.identity()) {
            return *index as usize;
        }
        let index = self.add_host_func(func.clone());
        self.linked.insert(func.identity(), index as u32);
        index
    }

    /// Adds a memory, if the limiter agrees. Its index.
    pub(crate) fn add_memory(&mut self, ty: MemoryType) -> Result<usize, Error> {
        let index = self.state.memories.len();
        let within = self.limit().is_none_or(|limit| index < limit.memories());
        let bytes = memory::bytes_of(ty.limits.min).unwrap_or(usize::MAX);
        if !within
            || !self.allow_memory(0, bytes, ty.limits.max)?
            || !self.allow(StorePart::Memories, bytes)?
        {
            return Err(Error::new(format!(
                "a limit forbids another memory, of {bytes} bytes"
            )));
        }
        let entity = MemoryEntity::new(&self.state.engine, ty)?;
        self.state.memories.push(entity);
        self.state.taken.add(StorePart::Memories, bytes);
        Ok(index)
    }

    /// Adds a table, if the limiter agrees. Its index.
    pub(crate) fn add_table(&mut self, ty: TableType, init: u64) -> Result<usize, Error> {
        let index = self.state.tables.len();
        let within = self.limit().is_none_or(|limit| index < limit.tables());
        let min = ty.limits.min;
        let bytes = table_bytes(min);
        if !within
            || !self.allow_table(0, min, ty.limits.max)?
            || !self.allow(StorePart::Tables, bytes)?
        {
            return Err(Error::new(format!(
                "a limit forbids another table, of {min} elements"
            )));
        }
        self.state.tables.push(TableEntity::new(ty, init)?);
        self.state.taken.add(StorePart::Tables, bytes);
        Ok(index)
    }

    /// Whether the limiter admits one more instance.
    pub(crate) fn admit_instance(&mut self) -> Result<(), Error> {
        let count = self.state.instances.len();
        match self.limit().is_none_or(|limit| count < limit.instances()) {
            true => Ok(()),
            false => Err(Error::new(format!(
                "a limit forbids more than {count} instances"
            ))),
        }
    }

    /// Grows a memory. Its former size in pages, or `None` if it may not or cannot grow.
    pub(crate) fn grow_memory(&mut self, index: usize, delta: u64) -> Result<Option<u64>, Error> {
        let entity = &self.state.memories[index];
        let (before, max) = (entity.pages(), entity.ty().limits.max);
        let Some(after) = entity.pages_after(delta) else {
            return Ok(None);
        };
        let (Some(from), Some(to)) = (memory::bytes_of(before), memory::bytes_of(after)) else {
            return Ok(None);
        };
        let grown = self.allow_memory(from, to, max)?
            && self.allow(StorePart::Memories, to - from)?
            && self.state.memories[index].grow_to(after);
        self.state.renew();
        if grown {
            self.state.taken.add(StorePart::Memories, to - from);
        }
        Ok(grown.then_some(before))
    }

    /// Grows a table. Its former size, or `None` if it may not grow.
    pub(crate) fn grow_table(
        &mut self,
        index: usize,
        delta: u64,
        init: u64,
    ) -> Result<Option<u64>, Error> {
        let entity = &self.state.tables[index];
        let (before, max) = (entity.len(), entity.ty().limits.max);
        let Some(after) = entity.len_after(delta) else {
            return Ok(None);
        };
        let bytes = table_bytes(delta);
        let grown = self.allow_table(before, after, max)?
            && self.allow(StorePart::Tables, bytes)?
            && self.state.tables[index].grow_to(after, init);
        if grown {
            self.state.taken.add(StorePart::Tables, bytes);
        }
        Ok(grown.then_some(before))
    }

    pub(crate) fn limit(&mut self) -> Option<&mut dyn ResourceLimiter> {
        let limiter = self.limiter.as_mut()?;
        Some(limiter(&mut self.data))
    }

    fn allow_memory(&mut self, from: usize, to: usize, max: Option<u64>) -> Result<bool, Error> {
        let max = max.and_then(memory::bytes_of);
        self.limit()
            .map_or(Ok(true), |limit| limit.memory_growing(from, to, max))
    }

    fn allow_table(&mut self, from: u64, to: u64, max: Option<u64>) -> Result<bool, Error> {
        let small = |len: u64| usize::try_from(len).unwrap_or(usize::MAX);
        self.limit().map_or(Ok(true), |limit| {
            limit.table_growing(small(from), small(to), max.map(small))
        })
    }
}

fn not_metered() -> Error {
    Error::new("fuel is not metered: set `Config::consume_fuel` first")
}
