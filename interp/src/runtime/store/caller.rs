//! [`Caller`]: the access of a host function to its store and to the calling instance.

use crate::Error;
use crate::runtime::link::instance::Instance;
use crate::runtime::{Engine, Extern, StoreContextMut};

/// The store of a running host function, and the instance that called the function.
#[derive(Debug)]
pub struct Caller<'a, T: 'static> {
    pub(crate) store: StoreContextMut<'a, T>,
    instance: Option<Instance>,
}

impl<'a, T> Caller<'a, T> {
    pub(crate) fn new(store: StoreContextMut<'a, T>, instance: Option<Instance>) -> Self {
        Self { store, instance }
    }

    /// Reborrows it for a shorter time.
    pub(crate) fn reborrow(&mut self) -> Caller<'_, T> {
        let inner = &mut *self.store.inner;
        Caller::new(StoreContextMut { inner }, self.instance)
    }

    /// The embedder's data.
    #[must_use]
    pub fn data(&self) -> &T {
        self.store.data()
    }

    /// The embedder's data, mutable.
    pub fn data_mut(&mut self) -> &mut T {
        self.store.data_mut()
    }

    /// The engine that the store was made with.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        self.store.engine()
    }

    /// The calling instance; `None` if the host itself called the function.
    #[must_use]
    pub fn instance(&self) -> Option<Instance> {
        self.instance
    }

    /// Returns the export `name` of the calling instance.
    #[must_use]
    pub fn get_export(&self, name: &str) -> Option<Extern> {
        self.instance?.get_export(self, name)
    }

    /// Does the same as [`Store::get_fuel`](crate::Store::get_fuel).
    ///
    /// # Errors
    /// Fails if fuel is not metered.
    pub fn get_fuel(&self) -> Result<u64, Error> {
        self.store.get_fuel()
    }

    /// Does the same as [`Store::gc`](crate::Store::gc).
    #[cfg(feature = "heap")]
    pub fn gc(&mut self) {
        self.store.gc();
    }

    /// Does the same as [`Store::set_fuel`](crate::Store::set_fuel).
    ///
    /// # Errors
    /// Fails if fuel is not metered.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<(), Error> {
        self.store.set_fuel(fuel)
    }
}
