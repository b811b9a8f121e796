//! [`CodeMap`]: finds the function of a bytecode address, for collections and for the search for a handler.
//!
//! A backtrace may take its time; a throw may not. So the functions that a store has lowered are in a sorted array. New ones are
//! appended to another array, because most programs never throw, and are sorted in when an address is not found.

#[cfg(feature = "exceptions")]
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;

#[cfg(feature = "exceptions")]
use crate::lower::handlers::HandlerTable;
use crate::runtime::module::code::Code;

/// A function whose code was lowered. Several instances of a module share it.
#[derive(Debug)]
pub(crate) struct KnownCode {
    /// The addresses of its code.
    start: usize,
    end: usize,
    /// The slot of the header in its frames.
    #[cfg(feature = "exceptions")]
    pub(crate) header: usize,
    /// The slots of its frames.
    pub(crate) frame_slots: usize,
    #[cfg(feature = "exceptions")]
    pub(crate) handlers: Option<Arc<HandlerTable>>,
}

#[cfg(feature = "exceptions")]
impl KnownCode {
    /// The granule of its code at this address.
    pub(crate) fn granule(&self, ip: *const u16) -> u32 {
        // Code is smaller than 4 GiB.
        ((ip as usize - self.start) / size_of::<u16>()) as u32
    }

    /// The address of a granule of its code.
    pub(crate) fn address(&self, granule: u32) -> *const u16 {
        core::ptr::with_exposed_provenance::<u16>(self.start).wrapping_add(granule as usize)
    }
}

/// The functions that a store has lowered, by address.
#[derive(Debug, Default)]
pub(crate) struct CodeMap {
    /// In the order of their addresses.
    sorted: Vec<KnownCode>,
    /// Those that were lowered since the last time that one was not found.
    fresh: Vec<KnownCode>,
}

impl CodeMap {
    /// Adds a function that was lowered.
    pub(crate) fn add(
        &mut self,
        code: Code,
        #[cfg(feature = "exceptions")] header: usize,
        #[cfg(feature = "exceptions")] handlers: Option<Arc<HandlerTable>>,
    ) {
        let start = code.start.expose_provenance();
        self.fresh.push(KnownCode {
            start,
            end: start + code.bytes(),
            #[cfg(feature = "exceptions")]
            header,
            frame_slots: code.frame_slots as usize,
            #[cfg(feature = "exceptions")]
            handlers,
        });
    }

    /// Returns the number of the function that contains the code at `ip`. The number is valid until one is added.
    pub(crate) fn find(&mut self, ip: *const u16) -> Option<usize> {
        self.find_sorted(ip).or_else(|| {
            if self.fresh.is_empty() {
                return None;
            }
            self.sorted.append(&mut mem::take(&mut self.fresh));
            // Those with equal addresses are the same function.
            self.sorted.sort_unstable_by_key(|known| known.start);
            self.sorted.dedup_by_key(|known| known.start);
            self.find_sorted(ip)
        })
    }

    /// The function with this number.
    pub(crate) fn get(&self, number: usize) -> &KnownCode {
        &self.sorted[number]
    }

    fn find_sorted(&self, ip: *const u16) -> Option<usize> {
        let behind = self
            .sorted
            .partition_point(|known| known.start <= ip as usize);
        let number = behind.checked_sub(1)?;
        ((ip as usize) < self.sorted[number].end).then_some(number)
    }
}
