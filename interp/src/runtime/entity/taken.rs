//! [`Taken`]: the bytes that a store has taken, by purpose.
//!
//! Bytes are counted when something grows, never when it is used. They are the bytes that a program requests: the length of
//! a memory, not the pages that the operating system has provided.

use core::fmt;

#[cfg(doc)]
use crate::ResourceLimiter;

/// The purposes for which a store takes bytes. See [`ResourceLimiter::total_growing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorePart {
    /// Linear memories.
    Memories,
    /// Tables: 8 bytes for each element.
    Tables,
    /// Lowered code of the functions that this store was the first to call.
    Code,
    /// Functions, globals and element segments of instances.
    Instances,
    /// Objects, and exceptions to which references exist.
    #[cfg(feature = "heap")]
    Objects,
}

impl StorePart {
    const COUNT: usize = if cfg!(feature = "heap") { 5 } else { 4 };
}

impl fmt::Display for StorePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memories => "memories",
            Self::Tables => "tables",
            Self::Code => "lowered code",
            Self::Instances => "functions, globals and element segments",
            #[cfg(feature = "heap")]
            Self::Objects => "objects",
        })
    }
}

/// Bytes taken, by part.
#[derive(Debug, Default)]
pub(crate) struct Taken([usize; StorePart::COUNT]);

impl Taken {
    /// The bytes of one part.
    pub(crate) fn of(&self, part: StorePart) -> usize {
        self.0[part as usize]
    }

    /// The bytes of all parts.
    pub(in crate::runtime) fn total(&self) -> usize {
        self.0
            .iter()
            .fold(0, |sum, bytes| sum.saturating_add(*bytes))
    }

    /// Counts `bytes` more for `part`.
    pub(crate) fn add(&mut self, part: StorePart, bytes: usize) {
        let taken = &mut self.0[part as usize];
        *taken = taken.saturating_add(bytes);
    }

    /// Counts `bytes` of `part` as free again.
    pub(crate) fn give_back(&mut self, part: StorePart, bytes: usize) {
        let taken = &mut self.0[part as usize];
        *taken = taken.saturating_sub(bytes);
    }
}

/// The bytes of a table with this number of elements.
pub(crate) fn table_bytes(elements: u64) -> usize {
    let bytes = elements.saturating_mul(size_of::<u64>() as u64);
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
