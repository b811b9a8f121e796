//! [`Store`]: the container of instances and of the embedder's data.

pub(super) mod budget;
pub(super) mod caller;
#[cfg(feature = "probes")]
pub(super) mod code_index;
pub(super) mod context;
pub(super) mod epoch;
pub(super) mod fuel;
pub(super) mod hook;
pub(super) mod limits;
#[cfg(feature = "probes")]
pub(super) mod probe_table;
pub(super) mod state;
pub(super) mod wait;

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::ptr;

use hashbrown::HashMap;

use crate::Error;
use crate::machine::FuncEntry;
use crate::runtime::StorePart;
use crate::runtime::engine::TypeUses;
use crate::runtime::entity::taken::table_bytes;
use crate::runtime::entity::{MemoryEntity, TableEntity};
use crate::runtime::item::func::HostFunc;
#[cfg(feature = "probes")]
use crate::runtime::run::probe::Watcher;
#[cfg(feature = "probes")]
use crate::runtime::run::sample::{SampledFrame, Sampler};
use crate::runtime::store::epoch::Deadline;
use crate::runtime::store::fuel::InterruptHandle;
use crate::runtime::store::hook::Hook;
use crate::runtime::store::limits::ResourceLimiter;
use crate::runtime::store::state::State;
use crate::runtime::store::wait::Waiter;
use crate::runtime::types::{MemoryType, TableType};
use crate::runtime::{Engine, ValType};

/// Contains instances with their memories, tables and globals, and a `T` of the embedder.
///
/// Nothing is removed from a store before it is dropped: an instance, its memories and its functions exist as long as the
/// store, even without a handle to them. So a program that creates instances repeatedly creates a store for each, or for
/// some of them. A host function of a [`Linker`](crate::Linker) is added to a store only once, even if it is linked often.
///
/// Only one thread uses a store at a time. A store can be sent to another thread if `T` can.
pub struct Store<T: 'static>(pub(crate) Box<Inner<T>>);

/// The content of a [`Store`]. It does not move while code runs.
pub(crate) struct Inner<T: 'static> {
    pub(crate) state: State,
    /// The host functions, by ascending index in `state.funcs`.
    pub(crate) hosts: Vec<(u32, HostFunc<T>)>,
    /// The functions that came from linkers: their indices by identity. `hosts` prevents the reuse of an identity.
    linked: HashMap<usize, u32>,
    /// The types of the host functions.
    pub(crate) host_types: TypeUses,
    pub(crate) limiter: Option<LimiterOf<T>>,
    pub(crate) routine: Option<Routine<T>>,
    pub(crate) deadline: Deadline<T>,
    pub(crate) hook: Option<Hook<T>>,
    pub(crate) waiter: Option<Waiter<T>>,
    /// Called at probes. Taken out while it runs.
    #[cfg(feature = "probes")]
    pub(crate) watcher: Option<Watcher<T>>,
    /// Receives samples, in a list that is kept for the next one.
    #[cfg(feature = "probes")]
    pub(crate) sampler: Option<Sampler>,
    #[cfg(feature = "probes")]
    pub(crate) frames: Vec<SampledFrame>,
    pub(crate) data: T,
}

type LimiterOf<T> = Box<dyn (FnMut(&mut T) -> &mut dyn ResourceLimiter) + Send + Sync>;
type Routine<T> = Box<dyn FnMut(&mut T) -> Result<(), Error> + Send + Sync>;

// SAFETY: the raw pointers in a store lead to memory that it owns: slots, views, entries, the value stack. Between two
// calls, none leads to thread-local memory: the context's `runtime` is restored at the end of a call, and the next call,
// which borrows the whole store, sets it again. All other parts (data, host functions, limiter, routine, errors, memories'
// regions) are required to be `Send`.
unsafe impl<T: Send> Send for Store<T> {}
// SAFETY: through `&Store`, nothing is changed and no code runs.
unsafe impl<T: Sync> Sync for Store<T> {}

impl<T> Store<T> {
    /// Creates an empty store.
    #[must_use]
    pub fn new(engine: &Engine, data: T) -> Self {
        Self(Box::new(Inner {
            state: State::new(engine, ptr::null_mut::<Inner<T>>()),
            hosts: Vec::new(),
            linked: HashMap::new(),
            host_types: TypeUses::new(engine),
            limiter: None,
            routine: None,
            deadline: Deadline::default(),
            hook: None,
            waiter: None,
            #[cfg(feature = "probes")]
            watcher: None,
            #[cfg(feature = "probes")]
            sampler: None,
            #[cfg(feature = "probes")]
            frames: Vec::new(),
            data,
        }))
    }

    /// The engine of the store.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.state.engine
    }

    /// The embedder's data.
    #[must_use]
    pub fn data(&self) -> &T {
        &self.0.data
    }

    /// The embedder's data, mutable.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.0.data
    }

    /// Drops the store and returns the embedder's data.
    #[must_use]
    pub fn into_data(self) -> T {
        self.0.data
    }

    /// Sets the part of the embedder's data that limits the resources of programs.
    pub fn limiter(
        &mut self,
        limiter: impl (FnMut(&mut T) -> &mut dyn ResourceLimiter) + Send + Sync + 'static,
    ) {
        self.0.limiter = Some(Box::new(limiter));
    }

    /// The number of bytes that a part of the store takes now.
    #[must_use]
    pub fn bytes(&self, part: StorePart) -> usize {
        self.0.state.taken.of(part)
    }

    /// Frees the objects and exceptions to which no references exist. Programs do so by themselves when the heap has grown.
    #[cfg(feature = "heap")]
    pub fn gc(&mut self) {
        self.0.state.collect_now();
    }

    /// Replaces the fuel that programs may consume.
    ///
    /// # Errors
    /// Fails if fuel is not enabled in the engine's [`Config`](crate::Config).
    pub fn set_fuel(&mut self, fuel: u64) -> Result<(), Error> {
        self.0.set_fuel(fuel)
    }

    /// The fuel that is left.
    ///
    /// # Errors
    /// The same as for [`Store::set_fuel`].
    pub fn get_fuel(&self) -> Result<u64, Error> {
        self.0.get_fuel()
    }

    /// Returns a handle that can interrupt this store's programs from any thread ([`InterruptHandle::interrupt`]).
    #[must_use]
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.0.state.tank.handle()
    }

    /// Calls `routine` from time to time while a program runs, after at most some ten thousand calls and loops. An error
    /// from it stops the program. This is for hosts without threads.
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

    /// Adds a host function. Returns its index.
    pub(crate) fn add_host_func(&mut self, func: HostFunc<T>) -> usize {
        let index = self.state.funcs.len();
        let ty = func.ty();
        self.state.funcs.push(FuncEntry {
            code: crate::ops::stub::halt(),
            // A function has at most 1,000 parameters and 1,000 results of at most two slots: `HostFunc::check`.
            frame_slots: 0,
            zero_slots: 0,
            ty: self.host_types.add(ty),
            instance: FuncEntry::HOST,
            params: ValType::slots_of(ty.params()) as u16,
            results: ValType::slots_of(ty.results()) as u16,
        });
        // Below 2^32: references have 32 bits, which `Handle::new` checks.
        self.hosts.push((index as u32, func));
        index
    }

    /// Adds a host function of a linker, unless it was added before. Returns its index.
    pub(crate) fn link_host_func(&mut self, func: &HostFunc<T>) -> usize {
        if let Some(index) = self.linked.get(&func.identity()) {
            return *index as usize;
        }
        let index = self.add_host_func(func.clone());
        self.linked.insert(func.identity(), index as u32);
        index
    }

    /// Adds a memory if the limiter allows it. Returns its index.
    pub(crate) fn add_memory(&mut self, ty: MemoryType) -> Result<usize, Error> {
        let index = self.state.memories.len();
        let within = self.limit().is_none_or(|limit| index < limit.memories());
        let bytes = ty.bytes_of(ty.limits.min).unwrap_or(usize::MAX);
        if !within
            || !self.allow_memory(0, bytes, ty)?
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

    /// Adds a table if the limiter allows it. Returns its index.
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

    /// Fails if the limiter allows no further instance.
    pub(crate) fn admit_instance(&mut self) -> Result<(), Error> {
        let count = self.state.instances.len();
        match self.limit().is_none_or(|limit| count < limit.instances()) {
            true => Ok(()),
            false => Err(Error::new(format!(
                "a limit forbids more than {count} instances"
            ))),
        }
    }

    /// Grows a memory. Returns its former size in pages, or `None` if it may not or cannot grow.
    pub(crate) fn grow_memory(&mut self, index: usize, delta: u64) -> Result<Option<u64>, Error> {
        let entity = &self.state.memories[index];
        let (before, ty) = (entity.pages(), entity.ty());
        let Some(after) = entity.pages_after(delta) else {
            return Ok(None);
        };
        let (Some(from), Some(to)) = (ty.bytes_of(before), ty.bytes_of(after)) else {
            return Ok(None);
        };
        let allowed =
            self.allow_memory(from, to, ty)? && self.allow(StorePart::Memories, to - from)?;
        let grown = allowed && self.state.memories[index].grow_to(after);
        self.state.renew();
        self.tell_failure(allowed && !grown);
        if grown {
            self.state.taken.add(StorePart::Memories, to - from);
        }
        Ok(grown.then_some(before))
    }

    /// Grows a table. Returns its former size, or `None` if it may not grow.
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
        let allowed =
            self.allow_table(before, after, max)? && self.allow(StorePart::Tables, bytes)?;
        let grown = allowed && self.state.tables[index].grow_to(after, init);
        self.tell_failure(allowed && !grown);
        if grown {
            self.state.taken.add(StorePart::Tables, bytes);
        }
        Ok(grown.then_some(before))
    }

    /// Tells the limiter that the host has refused what it had allowed.
    fn tell_failure(&mut self, failed: bool) {
        if failed && let Some(limit) = self.limit() {
            limit.grow_failed();
        }
    }

    pub(crate) fn limit(&mut self) -> Option<&mut dyn ResourceLimiter> {
        let limiter = self.limiter.as_mut()?;
        Some(limiter(&mut self.data))
    }

    fn allow_memory(&mut self, from: usize, to: usize, ty: MemoryType) -> Result<bool, Error> {
        let max = ty.limits.max.and_then(|max| ty.bytes_of(max));
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
