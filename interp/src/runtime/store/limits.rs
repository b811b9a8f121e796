//! Limits on the resources of a program: memories, tables, instances.

use crate::Error;
use crate::runtime::StorePart;

#[cfg(doc)]
use crate::runtime::Config;

/// Decides whether the programs of a store may take more resources. Set by [`Store::limiter`](crate::Store::limiter).
pub trait ResourceLimiter {
    /// Returns whether a memory may grow from `current` to `desired` bytes. `maximum` is the limit of its type. A new
    /// memory grows from 0.
    ///
    /// # Errors
    /// An error stops the program. With `Ok(false)`, `memory.grow` fails as specified.
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error>;

    /// Returns whether a table may grow from `current` to `desired` elements. `maximum` is the limit of its type.
    ///
    /// # Errors
    /// The same as for [`ResourceLimiter::memory_growing`].
    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error>;

    /// Is told that a memory or a table could not grow although that was allowed: the host has no memory for it. Nothing happens by
    /// default.
    fn grow_failed(&mut self) {}

    /// Returns whether the heap of objects and of exceptions with references may grow from `current` to `desired` bytes.
    ///
    /// # Errors
    /// An error stops the program. With `Ok(false)`, what is no longer referred to is freed first, and then the program traps.
    #[cfg(feature = "heap")]
    fn heap_growing(&mut self, current: usize, desired: usize) -> Result<bool, Error> {
        let _ = (current, desired);
        Ok(true)
    }

    /// Returns whether the store may grow from `current` to `desired` bytes. This is the sum of all its memories, tables,
    /// instances, lowered code, objects and exceptions; `part` is the one that grows. It is called after [`ResourceLimiter::memory_growing`] and
    /// [`ResourceLimiter::table_growing`]. The value stack has its own limit ([`Config::max_stack_bytes`]).
    ///
    /// # Errors
    /// The same as for [`ResourceLimiter::memory_growing`]. With `Ok(false)`, `memory.grow` and `table.grow` fail. It is an
    /// error where a program cannot handle a failure: at an instantiation, at the first call of a function without room
    /// for its code, and where a program catches an exception with a reference.
    fn total_growing(
        &mut self,
        part: StorePart,
        current: usize,
        desired: usize,
    ) -> Result<bool, Error> {
        let _ = (part, current, desired);
        Ok(true)
    }

    /// The maximum number of instances in the store.
    fn instances(&self) -> usize {
        10_000
    }

    /// The maximum number of tables in the store.
    fn tables(&self) -> usize {
        10_000
    }

    /// The maximum number of memories in the store.
    fn memories(&self) -> usize {
        10_000
    }
}

/// Fixed limits, a [`ResourceLimiter`] for most purposes. [`StoreLimitsBuilder`] builds them.
#[derive(Clone, Debug)]
pub struct StoreLimits {
    total_size: Option<usize>,
    memory_size: Option<usize>,
    table_elements: Option<usize>,
    #[cfg(feature = "heap")]
    heap_size: Option<usize>,
    instances: usize,
    tables: usize,
    memories: usize,
    trap_on_grow_failure: bool,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            total_size: None,
            memory_size: None,
            table_elements: None,
            #[cfg(feature = "heap")]
            heap_size: None,
            instances: 10_000,
            tables: 10_000,
            memories: 10_000,
            trap_on_grow_failure: false,
        }
    }
}

impl StoreLimits {
    fn grow(&self, desired: usize, most: Option<usize>, what: &str) -> Result<bool, Error> {
        let granted = most.is_none_or(|most| desired <= most);
        if granted || !self.trap_on_grow_failure {
            return Ok(granted);
        }
        Err(Error::new(alloc::format!(
            "{what} may not grow to {desired}: the limit is {}",
            most.unwrap_or(usize::MAX)
        )))
    }
}

impl ResourceLimiter for StoreLimits {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> Result<bool, Error> {
        self.grow(desired, self.memory_size, "a memory (bytes)")
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> Result<bool, Error> {
        self.grow(desired, self.table_elements, "a table (elements)")
    }

    #[cfg(feature = "heap")]
    fn heap_growing(&mut self, _: usize, desired: usize) -> Result<bool, Error> {
        self.grow(desired, self.heap_size, "the heap of objects (bytes)")
    }

    fn total_growing(
        &mut self,
        part: StorePart,
        current: usize,
        desired: usize,
    ) -> Result<bool, Error> {
        let _ = current;
        let what = match part {
            StorePart::Memories => "a store (bytes), for its memories,",
            StorePart::Tables => "a store (bytes), for its tables,",
            StorePart::Code => "a store (bytes), for lowered code,",
            StorePart::Instances => "a store (bytes), for an instance,",
            #[cfg(feature = "heap")]
            StorePart::Objects => "a store (bytes), for objects,",
        };
        self.grow(desired, self.total_size, what)
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }
}

/// Builds [`StoreLimits`].
#[derive(Clone, Debug, Default)]
pub struct StoreLimitsBuilder(StoreLimits);

impl StoreLimitsBuilder {
    /// Begins without limits except those of the specification.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the maximum number of bytes of the store: the sum of its memories, tables, instances and lowered code.
    ///
    /// ```
    /// use interp::{Error, Memory, MemoryType, Store, StoreLimits, StoreLimitsBuilder, StorePart};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let limits = StoreLimitsBuilder::new().total_size(3 << 16).build();
    ///     let mut store = Store::new(&Default::default(), limits);
    ///     store.limiter(|limits: &mut StoreLimits| limits);
    ///     let first = Memory::new(&mut store, MemoryType::new(1, None))?;
    ///     let second = Memory::new(&mut store, MemoryType::new(1, None))?;
    ///     first.grow(&mut store, 1)?;
    ///     assert!(second.grow(&mut store, 1).is_err(), "three pages are all");
    ///     assert_eq!(store.bytes(StorePart::Memories), 3 << 16);
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn total_size(mut self, bytes: usize) -> Self {
        self.0.total_size = Some(bytes);
        self
    }

    /// Sets the maximum number of bytes of each memory.
    #[must_use]
    pub fn memory_size(mut self, bytes: usize) -> Self {
        self.0.memory_size = Some(bytes);
        self
    }

    /// Sets the maximum number of elements of each table.
    #[must_use]
    pub fn table_elements(mut self, elements: usize) -> Self {
        self.0.table_elements = Some(elements);
        self
    }

    /// Sets the maximum number of bytes of the heap of objects and of exceptions with references.
    #[cfg(feature = "heap")]
    #[must_use]
    pub fn heap_size(mut self, bytes: usize) -> Self {
        self.0.heap_size = Some(bytes);
        self
    }

    /// Sets the maximum number of instances.
    #[must_use]
    pub fn instances(mut self, most: usize) -> Self {
        self.0.instances = most;
        self
    }

    /// Sets the maximum number of tables.
    #[must_use]
    pub fn tables(mut self, most: usize) -> Self {
        self.0.tables = most;
        self
    }

    /// Sets the maximum number of memories.
    #[must_use]
    pub fn memories(mut self, most: usize) -> Self {
        self.0.memories = most;
        self
    }

    /// Sets whether a program that exceeds a limit stops with an error. Otherwise `memory.grow` and `table.grow` return -1.
    #[must_use]
    pub fn trap_on_grow_failure(mut self, yes: bool) -> Self {
        self.0.trap_on_grow_failure = yes;
        self
    }

    /// The limits.
    #[must_use]
    pub fn build(self) -> StoreLimits {
        self.0
    }
}
