//! The parameter types for "a store, or a value that gives access to one".
//!
//! [`Store`] is such a type, and [`Caller`] in a host function is another. [`StoreContext`] and [`StoreContextMut`] are
//! their common forms.

use crate::Error;
use crate::runtime::store::Inner;
use crate::runtime::{Caller, Engine, Store};

/// A shared borrow of a store.
#[derive(Debug)]
pub struct StoreContext<'a, T: 'static> {
    pub(crate) inner: &'a Inner<T>,
}

/// An exclusive borrow of a store.
#[derive(Debug)]
pub struct StoreContextMut<'a, T: 'static> {
    pub(crate) inner: &'a mut Inner<T>,
}

impl<T> core::fmt::Debug for Inner<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Store")
            .field("instances", &self.state.instances.len())
            .finish_non_exhaustive()
    }
}

/// A value that gives access to a store.
pub trait AsContext {
    /// The type of the embedder's data.
    type Data: 'static;
    /// The store.
    fn as_context(&self) -> StoreContext<'_, Self::Data>;
}

/// A value that gives mutable access to a store.
pub trait AsContextMut: AsContext {
    /// The store.
    fn as_context_mut(&mut self) -> StoreContextMut<'_, Self::Data>;
}

impl<'a, T> StoreContext<'a, T> {
    /// The embedder's data.
    #[must_use]
    pub fn data(&self) -> &'a T {
        &self.inner.data
    }

    /// The engine that the store was made with.
    #[must_use]
    pub fn engine(&self) -> &'a Engine {
        &self.inner.state.engine
    }

    /// Does the same as [`Store::get_fuel`].
    ///
    /// # Errors
    /// Fails if fuel is not metered.
    pub fn get_fuel(&self) -> Result<u64, Error> {
        self.inner.get_fuel()
    }
}

impl<T> StoreContextMut<'_, T> {
    /// The embedder's data.
    #[must_use]
    pub fn data(&self) -> &T {
        &self.inner.data
    }

    /// The embedder's data, mutable.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.inner.data
    }

    /// The engine that the store was made with.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.inner.state.engine
    }

    /// Does the same as [`Store::get_fuel`].
    ///
    /// # Errors
    /// Fails if fuel is not metered.
    pub fn get_fuel(&self) -> Result<u64, Error> {
        self.inner.get_fuel()
    }

    /// Does the same as [`Store::gc`].
    #[cfg(feature = "heap")]
    pub fn gc(&mut self) {
        self.inner.state.collect_now();
    }

    /// Does the same as [`Store::set_fuel`].
    ///
    /// # Errors
    /// Fails if fuel is not metered.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<(), Error> {
        self.inner.set_fuel(fuel)
    }
}

/// Implements both traits for a type: with an expression for a shared borrow of the store, and one for an exclusive borrow.
macro_rules! contexts {
    ($([$($generics:tt)*] $Type:ty, |$this:ident| $shared:expr, $exclusive:expr;)*) => { $(
        impl<$($generics)*> AsContext for $Type {
            type Data = T;
            fn as_context(&self) -> StoreContext<'_, T> {
                let $this = self;
                StoreContext { inner: $shared }
            }
        }
        impl<$($generics)*> AsContextMut for $Type {
            fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
                let $this = self;
                StoreContextMut { inner: $exclusive }
            }
        }
        impl<'from, $($generics)*> From<&'from $Type> for StoreContext<'from, T> {
            fn from(this: &'from $Type) -> Self {
                this.as_context()
            }
        }
        impl<'from, $($generics)*> From<&'from mut $Type> for StoreContext<'from, T> {
            fn from(this: &'from mut $Type) -> Self {
                let this: &'from $Type = this;
                this.as_context()
            }
        }
        impl<'from, $($generics)*> From<&'from mut $Type> for StoreContextMut<'from, T> {
            fn from(this: &'from mut $Type) -> Self {
                this.as_context_mut()
            }
        }
    )* };
}

contexts! {
    [T: 'static] Store<T>, |this| &this.0, &mut this.0;
    ['b, T: 'static] Caller<'b, T>, |this| this.store.inner, this.store.inner;
    ['b, T: 'static] StoreContextMut<'b, T>, |this| this.inner, this.inner;
}

impl<T> AsContext for StoreContext<'_, T> {
    type Data = T;
    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext { inner: self.inner }
    }
}

impl<'a, T> From<StoreContextMut<'a, T>> for StoreContext<'a, T> {
    fn from(this: StoreContextMut<'a, T>) -> Self {
        Self { inner: this.inner }
    }
}

impl<C: AsContext> AsContext for &C {
    type Data = C::Data;
    fn as_context(&self) -> StoreContext<'_, C::Data> {
        C::as_context(self)
    }
}

impl<C: AsContext> AsContext for &mut C {
    type Data = C::Data;
    fn as_context(&self) -> StoreContext<'_, C::Data> {
        C::as_context(self)
    }
}

impl<C: AsContextMut> AsContextMut for &mut C {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, C::Data> {
        C::as_context_mut(self)
    }
}
