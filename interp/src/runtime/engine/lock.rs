//! A lock that works with and without an operating system.
//!
//! It is held for microseconds, at the first call of a function and when a module is created.

/// A value with a lock.
#[derive(Debug, Default)]
pub(crate) struct Lock<V> {
    #[cfg(feature = "std")]
    inner: std::sync::Mutex<V>,
    #[cfg(not(feature = "std"))]
    inner: spin::Mutex<V>,
}

impl<V> Lock<V> {
    pub(crate) fn new(value: V) -> Self {
        Self {
            inner: value.into(),
        }
    }

    /// Calls `work` with the value while the lock is held.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut V) -> R) -> R {
        // A panic inside of `work` leaves the value between two steps. The steps that add leave it in a usable state, and
        // the steps that remove do not panic.
        #[cfg(feature = "std")]
        let mut guard = self
            .inner
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        #[cfg(not(feature = "std"))]
        let mut guard = self.inner.lock();
        work(&mut guard)
    }
}
