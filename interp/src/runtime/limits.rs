//! Limits on what a program may take: memories, tables, instances.

use crate::Error;

/// Decides whether the programs of a store may take more. Given to [`Store::limiter`](super::Store::limiter).
pub trait ResourceLimiter {
    /// Whether a memory may grow from `current` to `desired` bytes, where its type allows `maximum`.
    /// Making a memory counts as growing from 0.
    ///
    /// # Errors
    /// An error stops the program; `Ok(false)` lets `memory.grow` fail as the specification has it.
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error>;

    /// Whether a table may grow from `current` to `desired` elements, where its type allows `maximum`.
    ///
    /// # Errors
    /// As [`ResourceLimiter::memory_growing`].
    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error>;

    /// The most instances that the store may hold.
    fn instances(&self) -> usize {
        10_000
    }

    /// The most tables that the store may hold.
    fn tables(&self) -> usize {
        10_000
    }

    /// The most memories that the store may hold.
    fn memories(&self) -> usize {
        10_000
    }
}

/// Fixed limits; a [`ResourceLimiter`] for most purposes. Made by [`StoreLimitsBuilder`].
#[derive(Clone, Debug)]
pub struct StoreLimits {
    memory_size: Option<usize>,
    table_elements: Option<usize>,
    instances: usize,
    tables: usize,
    memories: usize,
    trap_on_grow_failure: bool,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            memory_size: None,
            table_elements: None,
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
    /// No limits but those of the specification.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The most bytes that each memory may have.
    #[must_use]
    pub fn memory_size(mut self, bytes: usize) -> Self {
        self.0.memory_size = Some(bytes);
        self
    }

    /// The most elements that each table may have.
    #[must_use]
    pub fn table_elements(mut self, elements: usize) -> Self {
        self.0.table_elements = Some(elements);
        self
    }

    /// The most instances.
    #[must_use]
    pub fn instances(mut self, most: usize) -> Self {
        self.0.instances = most;
        self
    }

    /// The most tables.
    #[must_use]
    pub fn tables(mut self, most: usize) -> Self {
        self.0.tables = most;
        self
    }

    /// The most memories.
    #[must_use]
    pub fn memories(mut self, most: usize) -> Self {
        self.0.memories = most;
        self
    }

    /// Whether a program that wants more stops with an error, instead of being told that it may not.
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
