//! Counts the bytes that a store has taken, by purpose. [`ResourceLimiter::total_growing`] limits the sum.
//!
//! Bytes are counted when something grows, never when it is used. They are the bytes that a program requests: the length of
//! a memory, not the pages that the operating system has provided.

use core::fmt;

use alloc::boxed::Box;
use alloc::format;

use super::Module;
use super::store::Inner;
use crate::Error;
use crate::machine::FuncEntry;

#[cfg(doc)]
use super::ResourceLimiter;

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
}

impl StorePart {
    const COUNT: usize = 4;
}

impl fmt::Display for StorePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memories => "memories",
            Self::Tables => "tables",
            Self::Code => "lowered code",
            Self::Instances => "functions, globals and element segments",
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
    fn total(&self) -> usize {
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

impl<T> Inner<T> {
    /// Returns whether `part` may take `more` bytes. Does not count them.
    pub(crate) fn allow(&mut self, part: StorePart, more: usize) -> Result<bool, Error> {
        let current = self.state.taken.total();
        let Some(desired) = current.checked_add(more) else {
            return Ok(false);
        };
        self.limit().map_or(Ok(true), |limit| {
            limit.total_growing(part, current, desired)
        })
    }

    /// Counts the bytes of an instance of `module` without its tables and memories. Fails if the limit does not allow them.
    pub(crate) fn take_instance(&mut self, module: &Module) -> Result<(), Error> {
        /// A global: its slot, its entity, its index and its address.
        const GLOBAL: usize = 48;
        /// A segment without its elements.
        const SEGMENT: usize = size_of::<Box<[u64]>>();
        let info = module.info();
        let funcs = info.funcs().len() - info.imported_funcs() as usize;
        let bytes = (funcs.saturating_mul(size_of::<FuncEntry>()))
            .saturating_add(info.globals().len().saturating_mul(GLOBAL));
        let bytes = info.elements().fold(bytes, |sum, element| {
            let len = match element.items {
                wasmparser::ElementItems::Functions(funcs) => funcs.count(),
                wasmparser::ElementItems::Expressions(_, expressions) => expressions.count(),
            };
            sum.saturating_add(table_bytes(len.into()).saturating_add(SEGMENT))
        });
        if !self.allow(StorePart::Instances, bytes)? {
            return Err(Error::new(format!(
                "a limit forbids another instance, which takes {bytes} bytes for {}",
                StorePart::Instances
            )));
        }
        self.state.taken.add(StorePart::Instances, bytes);
        Ok(())
    }

    /// Fails if the store may not take `more` bytes for code.
    pub(crate) fn admit_code(&mut self, more: usize) -> Result<(), Error> {
        match self.allow(StorePart::Code, more)? {
            true => Ok(()),
            false => Err(Error::new(format!(
                "a limit forbids more {}, of the functions that are called for the first time",
                StorePart::Code
            ))),
        }
    }
}
