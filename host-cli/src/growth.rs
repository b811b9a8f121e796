//! What a guest may take of memory and tables, and what it was denied: a guest that fails for want of memory says so in its
//! own words, which do not tell who denied it.

use interp::{Error, ResourceLimiter, StoreLimits, StoreLimitsBuilder, StorePart};

use crate::args::Limits;
use crate::ending::Size;

/// The limits of `--max-memory` and its like.
pub(crate) struct Growth {
    limits: StoreLimits,
    max_memory: Option<u64>,
    denied: Option<Denied>,
}

/// What was denied last.
struct Denied {
    part: StorePart,
    /// The bytes that the guest had taken, for all parts together.
    had: usize,
    /// The bytes that it would have taken.
    wanted: usize,
}

impl Growth {
    /// Limits as the options say.
    pub(crate) fn new(options: &Limits) -> Self {
        let mut builder =
            StoreLimitsBuilder::new().trap_on_grow_failure(options.trap_on_grow_failure);
        if let Some(bytes) = options.max_memory {
            builder = builder.total_size(clamp(bytes));
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
        let Denied { part, had, wanted } = self.denied.as_ref()?;
        let what = match part {
            StorePart::Memories => "of memory".to_owned(),
            part => format!("for {part}"),
        };
        // No wider than 64 bits on any machine.
        let (had, more) = (Size(*had as u64), Size((wanted - had) as u64));
        let allowed = Size(self.max_memory?);
        Some(match had {
            Size(0) => format!("the guest wanted {more} {what}; --max-memory allows {allowed}"),
            had => format!(
                "the guest wanted {more} more {what}; it has {had}, and --max-memory allows {allowed}"
            ),
        })
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
            self.denied = Some(Denied { part, had, wanted });
        }
        granted
    }
}
