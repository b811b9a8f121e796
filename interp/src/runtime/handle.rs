//! Handles: how an embedder names what lives in a store.

use crate::Error;

/// Which store something lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoreId(u64);

impl StoreId {
    /// An identity that no other store of this process has.
    pub(crate) fn next() -> Self {
        #[cfg(target_has_atomic = "64")]
        use core::sync::atomic::AtomicU64 as Counter;
        // Where counters have 32 bits, four thousand million stores are not made.
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

/// An entity of a store: what `Func`, `Memory` and the other handles consist of.
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

    /// Which store it is from.
    pub(crate) fn store(self) -> StoreId {
        self.store
    }

    /// Its index there.
    ///
    /// # Errors
    /// If it is from another store than `store`.
    pub(crate) fn find(self, store: StoreId) -> Result<usize, Error> {
        match self.store == store {
            true => Ok(self.index as usize),
            false => Err(Error::new("this handle belongs to another store")),
        }
    }

    /// Its index there, for functions that return no `Result`.
    ///
    /// # Panics
    /// If it is from another store than `store`: the embedder mixed them up.
    pub(crate) fn index_in(self, store: StoreId) -> usize {
        assert!(self.store == store, "this handle belongs to another store");
        self.index as usize
    }

    /// As a reference slot of `store`; `None` if it is from another one.
    pub(crate) fn into_ref(self, store: StoreId) -> Option<u64> {
        (self.store == store).then(|| u64::from(self.index) + 1)
    }

    /// From a reference slot, unless that is null.
    pub(crate) fn from_ref(store: StoreId, slot: u64) -> Option<Self> {
        let index = slot.checked_sub(1)?;
        Some(Self {
            store,
            // References are made from handles, whose index has 32 bits.
            index: index as u32,
        })
    }
}
