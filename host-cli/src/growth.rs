//! Limits of a guest's memory and tables, and a record of refused requests. A guest that fails for lack of memory prints
//! its own message, which does not name the limit.

use interp::{Error, ResourceLimiter, StoreLimits, StoreLimitsBuilder, StorePart};

use crate::args::Limits;
use crate::report::Size;

/// The limits of `--max-memory` and similar options.
pub(crate) struct Growth {
    limits: StoreLimits,
    max_memory: Option<u64>,
    max_heap: Option<u64>,
    denied: Option<Denied>,
}

/// The request that was refused last.
struct Denied {
    /// What was to grow; `None` for the heap beyond its own limit.
    part: Option<StorePart>,
    /// The bytes that the guest had taken: in total, or in the heap.
    had: usize,
    /// The bytes that it would have had.
    wanted: usize,
}

impl Growth {
    /// Creates the limits of the options.
    pub(crate) fn new(options: &Limits) -> Self {
        let mut builder =
            StoreLimitsBuilder::new().trap_on_grow_failure(options.trap_on_grow_failure);
        if let Some(bytes) = options.max_memory {
            builder = builder.total_size(clamp(bytes));
        }
        #[cfg(any(feature = "gc", feature = "exceptions"))]
        if let Some(bytes) = options.max_heap {
            builder = builder.heap_size(clamp(bytes));
        }
        if let Some(elements) = options.max_table {
            builder = builder.table_elements(clamp(elements));
        }
        Self {
            limits: builder.build(),
            max_memory: options.max_memory,
            max_heap: options.max_heap,
            denied: None,
        }
    }

    /// Returns a line about the request for memory that was refused.
    pub(crate) fn advice(&self) -> Option<String> {
        let Denied { part, had, wanted } = self.denied.as_ref()?;
        let what = match part {
            Some(StorePart::Memories) => "of memory".to_owned(),
            Some(part) => format!("for {part}"),
            None => "for objects".to_owned(),
        };
        let (option, allowed) = match part {
            Some(_) => ("--max-memory", self.max_memory),
            None => ("--max-gc-heap", self.max_heap),
        };
        // Sizes have at most 64 bits on any machine.
        let (had, more) = (Size(*had as u64), Size((wanted - had) as u64));
        let allowed = Size(allowed?);
        Some(match had {
            Size(0) => format!("the guest wanted {more} {what}; {option} allows {allowed}"),
            had => format!(
                "the guest wanted {more} more {what}; it has {had}, and {option} allows {allowed}"
            ),
        })
    }
}

/// Converts a limit to a size of this machine. If it exceeds the address space, there is no limit.
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
        self.limits.memory_growing(current, desired, maximum)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        self.limits.table_growing(current, desired, maximum)
    }

    fn total_growing(&mut self, part: StorePart, had: usize, wanted: usize) -> Result<bool, Error> {
        let granted = self.limits.total_growing(part, had, wanted);
        if !matches!(granted, Ok(true)) {
            let part = Some(part);
            self.denied = Some(Denied { part, had, wanted });
        }
        granted
    }

    #[cfg(any(feature = "gc", feature = "exceptions"))]
    fn heap_growing(&mut self, had: usize, wanted: usize) -> Result<bool, Error> {
        let granted = self.limits.heap_growing(had, wanted);
        if !matches!(granted, Ok(true)) {
            let part = None;
            self.denied = Some(Denied { part, had, wanted });
        }
        granted
    }
}
