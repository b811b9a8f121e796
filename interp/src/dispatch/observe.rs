//! An observer sees every op before it runs: how traces and profiles are made.
//!
//! Only a build with feature `observe` has it. Without, [`step`] is nothing at all.

#[cfg(feature = "observe")]
pub use on::{Observer, observe};

/// Shows the observer the op at `ip`. Single values are passed, since a handler whose registers escape loses its
/// tail call.
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

    /// What is called before each op: with its address, the running frame, and both accumulators.
    pub type Observer = fn(ip: *const u16, fp: *const u64, acc: u64, facc: f64);

    /// The observer, if there is one.
    static OBSERVER: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());

    /// Lets `observer` see every op of all stores from now on, in place of one that was set before.
    pub fn observe(observer: Observer) {
        OBSERVER.store(observer as *mut (), Ordering::Release);
    }

    /// Shows the observer the op at `ip`.
    #[inline(always)]
    pub(in super::super) fn step(ip: *const u16, fp: *const u64, acc: u64, facc: f64) {
        let observer = OBSERVER.load(Ordering::Acquire);
        if !observer.is_null() {
            // SAFETY: only `observe` writes it, and what it writes is an `Observer`.
            let observer: Observer = unsafe { mem::transmute(observer) };
            observer(ip, fp, acc, facc);
        }
    }
}
