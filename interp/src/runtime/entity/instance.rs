//! [`InstanceEntity`]: an instance in a store.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::machine::{FuncIndex, MemoryView, TableView};
use crate::runtime::Module;

/// An instance in the store. Its indices are indices of the store.
pub(crate) struct InstanceEntity {
    pub(crate) module: Module,
    /// The first function that it defines. The others follow.
    pub(crate) first_func: u32,
    pub(crate) func_imports: Box<[FuncIndex]>,
    pub(crate) globals: Box<[u32]>,
    pub(crate) tables: Box<[u32]>,
    pub(crate) memories: Box<[u32]>,
    #[cfg(feature = "exceptions")]
    pub(crate) tags: Box<[u32]>,
    /// The addresses of the slots of its globals.
    pub(crate) global_slots: Box<[*mut u64]>,
    /// The slots of the globals that it defines.
    pub(crate) own_globals: *mut u64,
    pub(crate) table_views: Box<[*mut TableView]>,
    pub(crate) memory_views: Box<[*mut MemoryView]>,
    /// The element segments. Dropped segments are empty.
    pub(crate) elements: Vec<Box<[u64]>>,
    /// The passive data segments that were dropped.
    pub(crate) dropped_data: Dropped,
}

/// The dropped data segments, one bit for each segment.
#[derive(Debug, Default)]
pub(crate) struct Dropped(Vec<u64>);

impl Dropped {
    /// Returns whether segment `index` was dropped.
    pub(crate) fn contains(&self, index: u32) -> bool {
        let word = self.0.get(index as usize / 64).copied().unwrap_or(0);
        word >> (index % 64) & 1 != 0
    }

    /// The dropped segments, by ascending index.
    #[cfg(feature = "freeze")]
    pub(crate) fn all(&self) -> impl Iterator<Item = u32> {
        // Segments have indices of 32 bits.
        let segments = 0..64 * self.0.len() as u32;
        segments.filter(|index| self.contains(*index))
    }

    /// Drops segment `index`. Validation allows at most 100,000 segments.
    pub(crate) fn insert(&mut self, index: u32) {
        let word = index as usize / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (index % 64);
    }
}

impl InstanceEntity {
    /// Returns the store's index of a function of the module.
    pub(crate) fn func(&self, index: u32) -> u32 {
        match self.func_imports.get(index as usize) {
            Some(import) => import.0,
            None => self.first_func + (index - self.module.info().imported_funcs()),
        }
    }
}
