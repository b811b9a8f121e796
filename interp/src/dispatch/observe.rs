//! An observer that sees every op before it runs, for traces and profiles.
//!
//! It exists only in builds with the feature `observe`. Otherwise [`step`] is empty.

#[cfg(feature = "observe")]
pub use on::{Observer, observe};

/// Passes the op at `ip` to the observer. Single values are passed, because a handler whose registers escape loses its tail
/// call.
#[cfg(not(feature = "observe"))]
#[inline(always)]
pub(super) fn step(_ip: *const u16, _fp: *const u64, _acc: u64, _facc: f64) {}

#[cfg(feature = "observe")]
pub(super) use on::step;

#[cfg(feature = "observe")]
mod on {
    use core::mem;
    use core::ptr;
    use core::sync::atomic::{AtomicPtr, Ordering};

    /// A function that is called before each op, with its address, the running frame, and both accumulators.
    pub type Observer = fn(ip: *const u16, fp: *const u64, acc: u64, facc: f64);

    /// The observer, if there is one.
    static OBSERVER: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());

    /// Sets the observer of every op in all stores. It replaces an earlier one.
    pub fn observe(observer: Observer) {
        OBSERVER.store(observer as *mut (), Ordering::Release);
    }

    /// Passes the op at `ip` to the observer.
    #[inline(always)]
    pub(in super::super) fn step(ip: *const u16, fp: *const u64, acc: u64, facc: f64) {
        let observer = OBSERVER.load(Ordering::Acquire);
        if !observer.is_null() {
            // SAFETY: only `observe` writes it, and the value is an `Observer`.
            let observer: Observer = unsafe { mem::transmute(observer) };
            observer(ip, fp, acc, facc);
        }
    }
}
