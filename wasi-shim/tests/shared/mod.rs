//! A value that a test and what it handed to the shim look at by turns. File systems, streams and clocks can be sent to other threads, so
//! this has a lock.

#![allow(dead_code, reason = "each test program uses a part")]

use std::sync::{Arc, Mutex, MutexGuard};

#[derive(Default)]
pub(crate) struct Shared<V>(Arc<Mutex<V>>);

impl<V> Clone for Shared<V> {
    fn clone(&self) -> Shared<V> {
        Shared(self.0.clone())
    }
}

impl<V> Shared<V> {
    pub(crate) fn new(value: V) -> Shared<V> {
        Shared(Arc::new(Mutex::new(value)))
    }

    /// The value. Nobody else can look until the guard is dropped.
    pub(crate) fn borrow(&self) -> MutexGuard<'_, V> {
        self.0.lock().expect("no test goes on after a panic")
    }

    /// The value, to change it.
    pub(crate) fn borrow_mut(&self) -> MutexGuard<'_, V> {
        self.borrow()
    }
}

impl<V: Copy> Shared<V> {
    pub(crate) fn get(&self) -> V {
        *self.borrow()
    }

    pub(crate) fn set(&self, value: V) {
        *self.borrow_mut() = value;
    }
}

impl<V: Default> Shared<V> {
    pub(crate) fn take(&self) -> V {
        std::mem::take(&mut self.borrow_mut())
    }
}
