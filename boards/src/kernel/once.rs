//! Values that are set once at the start.

use core::cell::OnceCell;

/// A global that `init` fills.
pub(super) struct Once<T>(OnceCell<T>);

// SAFETY: A1 of `arch`: one core, and no interrupt handler, so no two accesses overlap.
unsafe impl<T> Sync for Once<T> {}

impl<T> Once<T> {
    /// Creates an empty global.
    pub(super) const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// Sets the value. An existing value stays.
    pub(super) fn set(&self, value: T) {
        // The first value stays. The kernel does not start twice.
        let _ = self.0.set(value);
    }

    /// The value, if it was set.
    pub(super) fn get(&self) -> Option<&T> {
        self.0.get()
    }
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self::new()
    }
}
