//! Limits the bytes that a store takes: [`ResourceLimiter::total_growing`].

use alloc::boxed::Box;
use alloc::format;

use crate::Error;
use crate::machine::FuncEntry;
use crate::runtime::entity::taken::table_bytes;
use crate::runtime::store::Inner;
use crate::runtime::{Module, StorePart};

#[cfg(doc)]
use crate::ResourceLimiter;

impl<T> Inner<T> {
    /// Returns whether `part` may take `more` bytes. Does not count them.
    pub(crate) fn allow(&mut self, part: StorePart, more: usize) -> Result<bool, Error> {
        let current = self.state.taken.total();
        let Some(desired) = current.checked_add(more) else {
            return Ok(false);
        };
        #[cfg(feature = "heap")]
        let heap = self.state.taken.of(StorePart::Objects);
        self.limit().map_or(Ok(true), |limit| {
            #[cfg(feature = "heap")]
            if part == StorePart::Objects && !limit.heap_growing(heap, heap.saturating_add(more))? {
                return Ok(false);
            }
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
        #[cfg(feature = "exceptions")]
        let bytes = {
            /// A tag with its type.
            const TAG: usize = 128;
            let tags = info.tags().len() - info.imported_tags() as usize;
            bytes.saturating_add(tags.saturating_mul(TAG))
        };
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
