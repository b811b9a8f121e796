//! The lowered code of a module: an arena that only grows, and the place of each function in it.
//!
//! Code never moves. It is freed with the module, and every store that runs it keeps the module alive. That establishes
//! invariant 1 of [`crate::machine`].

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
#[cfg(feature = "exceptions")]
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem::MaybeUninit;
use core::ptr;

#[cfg(feature = "exceptions")]
use crate::lower::handlers::HandlerTable;

/// Granules of an ordinary chunk: 64 KiB. A larger function is placed in a chunk of its own.
const CHUNK: usize = 32 << 10;

/// A lowered function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    /// The first granule.
    pub(crate) start: *const u16,
    /// The number of granules.
    pub(crate) granules: usize,
    /// As in [`FuncEntry`](crate::machine::FuncEntry).
    pub(crate) frame_slots: u32,
    /// As in [`FuncEntry`](crate::machine::FuncEntry).
    pub(crate) zero_slots: u32,
    /// Whether [`CodeArena::handlers`] has handlers of the function.
    #[cfg(feature = "exceptions")]
    pub(crate) has_handlers: bool,
}

impl Code {
    /// Its bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.granules * size_of::<u16>()
    }

    /// Returns whether an address lies in it.
    pub(crate) fn contains(&self, ip: *const u16) -> bool {
        let offset = (ip as usize).wrapping_sub(self.start as usize);
        offset < self.bytes()
    }
}

/// The code of all functions of a module that have been called.
#[derive(Debug, Default)]
pub(crate) struct CodeArena {
    /// By defined function. Most functions of a module are never called.
    funcs: BTreeMap<u32, Code>,
    /// Handlers of exceptions, by defined function.
    #[cfg(feature = "exceptions")]
    handlers: BTreeMap<u32, Arc<HandlerTable>>,
    /// Granules of all of them.
    granules: usize,
    chunks: Vec<Chunk>,
}

/// A piece of memory that is filled from front to back.
#[derive(Debug)]
struct Chunk {
    /// The first `used` of them have been written.
    granules: *mut [MaybeUninit<u16>],
    used: usize,
}

// SAFETY: code is written once, before its address is given out, and only read afterwards.
unsafe impl Send for CodeArena {}

impl CodeArena {
    /// The code of defined function `func`, if it was lowered already.
    pub(crate) fn get(&self, func: u32) -> Option<Code> {
        self.funcs.get(&func).copied()
    }

    /// Stores the code of defined function `func`.
    pub(crate) fn insert(
        &mut self,
        func: u32,
        code: &[u16],
        frame_slots: u32,
        zero_slots: u32,
    ) -> Code {
        let start = self.place(code);
        self.granules += code.len();
        self.register(func, start, code.len(), frame_slots, zero_slots)
    }

    /// Registers the code of defined function `func` where it lies.
    ///
    /// # Safety
    /// Nobody changes or frees the code while the module exists.
    #[cfg(feature = "lowered-modules")]
    pub(crate) unsafe fn adopt(
        &mut self,
        func: u32,
        code: &[u16],
        frame_slots: u32,
        zero_slots: u32,
    ) -> Code {
        self.register(func, code.as_ptr(), code.len(), frame_slots, zero_slots)
    }

    fn register(
        &mut self,
        func: u32,
        start: *const u16,
        granules: usize,
        frame_slots: u32,
        zero_slots: u32,
    ) -> Code {
        let code = Code {
            start,
            granules,
            frame_slots,
            zero_slots,
            #[cfg(feature = "exceptions")]
            has_handlers: self.handlers.contains_key(&func),
        };
        let replaced = self.funcs.insert(func, code);
        debug_assert!(replaced.is_none(), "a function is lowered once");
        code
    }

    /// Stores the handlers of defined function `func`, before its code.
    #[cfg(feature = "exceptions")]
    pub(crate) fn insert_handlers(&mut self, func: u32, handlers: Arc<HandlerTable>) {
        self.handlers.insert(func, handlers);
    }

    /// The handlers of defined function `func`, if it was lowered and has any.
    #[cfg(feature = "exceptions")]
    pub(crate) fn handlers(&self, func: u32) -> Option<Arc<HandlerTable>> {
        self.handlers.get(&func).cloned()
    }

    /// Returns the defined function that contains the code at `ip`.
    pub(crate) fn function_at(&self, ip: *const u16) -> Option<u32> {
        let mut funcs = self.funcs.iter();
        Some(*funcs.find(|(_, code)| code.contains(ip))?.0)
    }

    /// The number of granules of code so far.
    pub(crate) fn granules(&self) -> usize {
        self.granules
    }

    fn place(&mut self, code: &[u16]) -> *const u16 {
        let fits = |chunk: &Chunk| code.len() <= chunk.granules.len() - chunk.used;
        if !self.chunks.last().is_some_and(fits) {
            // Zeroing the memory first would touch pages that may never be needed.
            let granules = Box::new_uninit_slice(code.len().max(CHUNK));
            self.chunks.push(Chunk {
                granules: Box::into_raw(granules),
                used: 0,
            });
        }
        let chunk = self.chunks.last_mut().expect("a chunk was pushed");
        // SAFETY: the chunk has room for `code` after its used part, and nothing reads there yet.
        let start = unsafe {
            let start = chunk.granules.cast::<u16>().add(chunk.used);
            ptr::copy_nonoverlapping(code.as_ptr(), start, code.len());
            start
        };
        chunk.used += code.len();
        start
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // SAFETY: made by `Box::into_raw`, and code is not used after its module.
        drop(unsafe { Box::from_raw(self.granules) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_where_it_was_put() {
        let mut arena = CodeArena::default();
        let first = arena.insert(0, &[1, 2, 3], 5, 0);
        arena.insert(1, &alloc::vec![7; 2 * CHUNK], 5, 0);
        let third = arena.insert(2, &[9], 5, 0);
        assert_eq!(arena.get(0).map(|code| code.start), Some(first.start));
        assert_eq!(arena.function_at(third.start), Some(2));
        assert_eq!(arena.function_at(first.start.wrapping_add(3)), None);
        // SAFETY: the arena lives, and three granules were put there.
        assert_eq!(unsafe { first.start.add(2).read() }, 3);
        assert_eq!(arena.granules(), 3 + 2 * CHUNK + 1);
    }
}
