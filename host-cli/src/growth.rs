//! What a guest may take of memory and tables, and what it was denied: a guest that fails for want of memory says so in its
//! own words, which do not tell who denied it.

use interp::{Error, ResourceLimiter, StoreLimits, StoreLimitsBuilder};

use crate::args::Limits;
use crate::ending::Size;

/// The limits of `--max-memory` and its like.
pub(crate) struct Growth {
    limits: StoreLimits,
    max_memory: Option<u64>,
    /// The size in bytes that was denied last.
    denied: Option<usize>,
}

impl Growth {
    /// Limits as the options say.
    pub(crate) fn new(options: &Limits) -> Self {
        let mut builder =
            StoreLimitsBuilder::new().trap_on_grow_failure(options.trap_on_grow_failure);
        if let Some(bytes) = options.max_memory {
            builder = builder.memory_size(clamp(bytes));
        }
        if let Some(elements) = options.max_table {
            builder = builder.table_elements(clamp(elements));
        }
        Self {
            limits: builder.build(),
            max_memory: options.max_memory,
            denied: None,
        }
    }

    /// One line about memory that the guest wanted and did not get.
    pub(crate) fn advice(&self) -> Option<String> {
        Some(format!(
            "the guest wanted {} of memory; --max-memory allows {}",
            // No wider than 64 bits on any machine.
            Size(self.denied? as u64),
            Size(self.max_memory?)
        ))
    }
}

/// As a size on this machine; a limit beyond its address space is none.
pub(crate) fn clamp(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

impl ResourceLimiter for Growth {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let granted = self.limits.memory_growing(current, desired, maximum);
        if !matches!(granted, Ok(true)) {
            self.denied = Some(desired);
        }
        granted
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        self.limits.table_growing(current, desired, maximum)
    }
}
