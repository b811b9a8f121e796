//! Handles: the names of a store's items for the embedder.

use crate::Error;

/// The identity of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoreId(u64);

impl StoreId {
    /// Returns an identity that no other store of this process has.
    pub(crate) fn next() -> Self {
        #[cfg(target_has_atomic = "64")]
        use core::sync::atomic::AtomicU64 as Counter;
        // With 32-bit counters, no process creates four thousand million stores.
        #[cfg(not(target_has_atomic = "64"))]
        use core::sync::atomic::AtomicU32 as Counter;
        use core::sync::atomic::Ordering;

        static NEXT: Counter = Counter::new(1);
        #[allow(
            clippy::useless_conversion,
            reason = "the counter's width depends on the target"
        )]
        Self(NEXT.fetch_add(1, Ordering::Relaxed).into())
    }
}

/// The name of an item of a store. `Func`, `Memory` and the other handles consist of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Handle {
    store: StoreId,
    index: u32,
}

impl Handle {
    pub(crate) fn new(store: StoreId, index: usize) -> Self {
        let index = u32::try_from(index).expect("a store has fewer than 2^32 entities of a kind");
        Self { store, index }
    }

    /// The store of the item.
    pub(crate) fn store(self) -> StoreId {
        self.store
    }

    /// The index of the item in its store.
    pub(crate) fn number(self) -> u32 {
        self.index
    }

    /// Returns the index of the item in `store`.
    ///
    /// # Errors
    /// Fails if the item is from another store.
    pub(crate) fn find(self, store: StoreId) -> Result<usize, Error> {
        match self.store == store {
            true => Ok(self.index as usize),
            false => Err(Error::new("this handle belongs to another store")),
        }
    }

    /// Returns the index of the item in `store`, for functions that return no `Result`.
    ///
    /// # Panics
    /// Panics if the item is from another store.
    pub(crate) fn index_in(self, store: StoreId) -> usize {
        assert!(self.store == store, "this handle belongs to another store");
        self.index as usize
    }

    /// Returns a reference slot of `store`, or `None` if the item is from another store.
    pub(crate) fn into_ref(self, store: StoreId) -> Option<u64> {
        (self.store == store).then(|| u64::from(self.index) + 1)
    }

    /// Returns the item of a reference slot, or `None` for null.
    pub(crate) fn from_ref(store: StoreId, slot: u64) -> Option<Self> {
        let index = slot.checked_sub(1)?;
        Some(Self {
            store,
            // References are made from handles, whose index has 32 bits.
            index: index as u32,
        })
    }
}
