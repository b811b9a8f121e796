//! [`Caller`]: what a host function knows of who called it.

use super::instance::Instance;
use super::{Engine, Extern, StoreContextMut};
use crate::Error;

/// The store, and the instance whose code called the host function.
#[derive(Debug)]
pub struct Caller<'a, T: 'static> {
    pub(crate) store: StoreContextMut<'a, T>,
    instance: Option<Instance>,
}

impl<'a, T> Caller<'a, T> {
    pub(crate) fn new(store: StoreContextMut<'a, T>, instance: Option<Instance>) -> Self {
        Self { store, instance }
    }

    /// The same for a shorter time.
    pub(crate) fn reborrow(&mut self) -> Caller<'_, T> {
        let inner = &mut *self.store.inner;
        Caller::new(StoreContextMut { inner }, self.instance)
    }

    /// The embedder's data.
    #[must_use]
    pub fn data(&self) -> &T {
        self.store.data()
    }

    /// The embedder's data, to change it.
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

    /// What the calling instance exports as `name`.
    #[must_use]
    pub fn get_export(&self, name: &str) -> Option<Extern> {
        self.instance?.get_export(self, name)
    }

    /// As [`Store::get_fuel`](super::Store::get_fuel).
    ///
    /// # Errors
    /// If fuel is not metered.
    pub fn get_fuel(&self) -> Result<u64, Error> {
        self.store.get_fuel()
    }

    /// As [`Store::set_fuel`](super::Store::set_fuel).
    ///
    /// # Errors
    /// If fuel is not metered.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<(), Error> {
        self.store.set_fuel(fuel)
    }
}
