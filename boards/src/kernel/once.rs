//! Values that are set once at start and read ever after.

use core::cell::OnceCell;

/// A global that `init` fills.
pub(super) struct Once<T>(OnceCell<T>);

// SAFETY: A1 of `arch`: one core, and no interrupt handler, so no two accesses overlap.
unsafe impl<T> Sync for Once<T> {}

impl<T> Once<T> {
    /// An empty global.
    pub(super) const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// Fills it; what is already there stays.
    pub(super) fn set(&self, value: T) {
        // The first value wins: a second start of the kernel does not exist.
        let _ = self.0.set(value);
    }

    /// The value, once it is set.
    pub(super) fn get(&self) -> Option<&T> {
        self.0.get()
    }
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self::new()
    }
}
