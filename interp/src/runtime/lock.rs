//! A lock that exists with and without an operating system.
//!
//! What it guards is used for microseconds, at the first call of a function and when a module is made.

/// Guards a value.
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

    /// Does `work` with the value while nobody else can.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut V) -> R) -> R {
        // A panic while it is held leaves the value as it was between two steps of `work`. Each step of those that add
        // leaves it usable; those that remove do not panic.
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
