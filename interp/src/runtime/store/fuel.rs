//! Fuel, and interrupts of programs.
//!
//! The machine counts [`Context::fuel`](crate::machine::Context::fuel) down: one unit for each call that wasm makes and
//! each backward branch that is taken. When no unit is left, it calls [`Tank::refill`]. With metering, the tank hands out
//! the rest of the embedder's fuel; without metering, its supply is unlimited. In both cases it hands out slices. The
//! program can be interrupted between two slices, and when a host function returns.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::machine::Trap;

/// The maximum units of a slice. An interrupt is noticed after this many calls and branches, which is less than a
/// millisecond on a host.
pub(crate) const SLICE: u32 = 65_536;

/// Fuel that the machine has not received yet.
#[derive(Debug)]
pub(crate) struct Tank {
    /// `None` if fuel is not metered.
    left: Option<u64>,
    /// Units of the next slice, at most [`SLICE`].
    #[cfg(feature = "probes")]
    slice: u32,
    /// Units that were granted since the last sample.
    #[cfg(feature = "probes")]
    granted: u64,
    requests: Arc<Requests>,
}

/// What other threads want of a store's programs.
#[derive(Debug, Default)]
struct Requests {
    interrupt: AtomicBool,
    suspend: AtomicBool,
}

/// Interrupts the programs of a store, from any thread.
#[derive(Clone, Debug)]
pub struct InterruptHandle(Arc<Requests>);

impl InterruptHandle {
    /// Stops the running call with [`Trap::Interrupt`]. If no call is running, it stops the next one at its start, even a
    /// very short one.
    ///
    /// If calls and host functions nest, only the innermost call is stopped. A program inside a host function stops when
    /// that function has returned. If a call ends before it notices the interrupt, it returns its results, and the
    /// interrupt stays *pending* for the next call. Interrupts do not add up: a second one has no effect while the first is
    /// pending.
    ///
    /// A typical use interrupts a call that takes too long. After that call, [`InterruptHandle::clear`] removes an
    /// interrupt that came too late:
    /// ```
    /// use interp::{Error, Func, Store, Trap};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let mut store: Store<()> = Store::default();
    ///     let nothing = Func::wrap(&mut store, || ());
    ///     let handle = store.interrupt_handle();
    ///     handle.interrupt();
    ///     let error = nothing.call(&mut store, &[], &mut []).expect_err("it is stopped");
    ///     assert_eq!(error.as_trap(), Some(Trap::Interrupt));
    ///     nothing.call(&mut store, &[], &mut [])?;
    ///
    ///     handle.interrupt();
    ///     assert!(handle.clear(), "one was pending");
    ///     nothing.call(&mut store, &[], &mut [])
    /// }
    /// ```
    pub fn interrupt(&self) {
        self.0.interrupt.store(true, Ordering::Relaxed);
    }

    /// Suspends the running call, if it is a resumable one ([`Func::call_resumable`](crate::Func::call_resumable)): it returns
    /// [`ResumableCall::Suspended`](crate::ResumableCall::Suspended). This takes as long as an interrupt. While another kind of call
    /// runs, or none, the request stays pending.
    ///
    /// A host function that waits is not affected. If it fails meanwhile, the call is suspended as well
    /// ([`ResumableHostTrap::into_suspended`](crate::ResumableHostTrap::into_suspended)).
    pub fn suspend(&self) {
        self.0.suspend.store(true, Ordering::Relaxed);
    }

    /// Removes a request to suspend that has not suspended a call yet. Returns whether one was pending.
    pub fn clear_suspend(&self) -> bool {
        self.0.suspend.swap(false, Ordering::Relaxed)
    }

    /// Removes an interrupt that has not stopped a call yet. Returns whether one was pending.
    pub fn clear(&self) -> bool {
        self.0.interrupt.swap(false, Ordering::Relaxed)
    }
}

impl Tank {
    /// Creates an empty tank.
    pub(crate) fn new(metered: bool) -> Self {
        Self {
            left: metered.then_some(0),
            #[cfg(feature = "probes")]
            slice: SLICE,
            #[cfg(feature = "probes")]
            granted: 0,
            requests: Arc::default(),
        }
    }

    pub(crate) fn handle(&self) -> InterruptHandle {
        InterruptHandle(self.requests.clone())
    }

    /// Returns the fuel that is left, including `unused` units of the machine's slice, or `None` if fuel is not metered.
    pub(crate) fn get(&self, unused: i64) -> Option<u64> {
        let unused = u64::try_from(unused).unwrap_or(0);
        Some(self.left?.saturating_add(unused))
    }

    /// Replaces the fuel. The caller must empty the machine's slice. Returns whether fuel is metered.
    pub(crate) fn set(&mut self, fuel: u64) -> bool {
        if let Some(left) = &mut self.left {
            *left = fuel;
        }
        self.left.is_some()
    }

    /// Adds a slice to the machine's count, which is negative: so much fuel is owed. If there is too little, the tank is emptied,
    /// and the count is what is still owed.
    pub(crate) fn refill(&mut self, count: &mut i64) -> Result<(), Trap> {
        self.look_for_interrupt()?;
        #[cfg(feature = "probes")]
        let slice = self.slice;
        #[cfg(not(feature = "probes"))]
        let slice = SLICE;
        let wanted = count.unsigned_abs().max(slice.into());
        let slice = match &mut self.left {
            None => wanted,
            Some(left) => {
                let slice = wanted.min(*left);
                *left -= slice;
                slice
            }
        };
        #[cfg(feature = "probes")]
        {
            self.granted = self.granted.saturating_add(slice);
        }
        // Less than what is owed, or a slice: both fit.
        *count += slice.cast_signed();
        if *count < 0 {
            return Err(Trap::OutOfFuel);
        }
        Ok(())
    }

    /// Sets the units of the next slices, at most [`SLICE`].
    #[cfg(feature = "probes")]
    pub(crate) fn set_slice(&mut self, units: u32) {
        self.slice = units;
    }

    /// The units that were granted since the last time.
    #[cfg(feature = "probes")]
    pub(crate) fn take_granted(&mut self) -> u64 {
        core::mem::take(&mut self.granted)
    }

    /// Takes back what is left of a slice.
    #[cfg(feature = "probes")]
    pub(crate) fn give_back(&mut self, unused: i64) {
        if let Some(left) = &mut self.left {
            *left = left.saturating_add_signed(unused);
        }
    }

    /// Fails if an interrupt is pending.
    pub(crate) fn look_for_interrupt(&self) -> Result<(), Trap> {
        match take(&self.requests.interrupt) {
            true => Err(Trap::Interrupt),
            false => Ok(()),
        }
    }

    /// Returns whether the running call shall be suspended. The request is then no longer pending.
    pub(crate) fn must_suspend(&self) -> bool {
        take(&self.requests.suspend)
    }
}

/// Takes a request, if it is pending. Almost always it is not, and a load is cheaper than an exchange.
fn take(request: &AtomicBool) -> bool {
    request.load(Ordering::Relaxed) && request.swap(false, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine that owes `owed` units: what it has after refilling, or the trap and what it owes then.
    fn refill(tank: &mut Tank, owed: i64) -> (Result<(), Trap>, i64) {
        let mut count = -owed;
        (tank.refill(&mut count), count)
    }

    #[test]
    fn hands_out_what_was_set_and_not_more() {
        let slice = i64::from(SLICE);
        let empty = |owed: i64| (Err(Trap::OutOfFuel), -owed);
        let mut tank = Tank::new(true);
        assert_eq!(refill(&mut tank, 1), empty(1));
        tank.set(u64::from(SLICE) + 2);
        assert_eq!(refill(&mut tank, 1), (Ok(()), slice - 1));
        assert_eq!(tank.get(5), Some(7));
        assert_eq!(refill(&mut tank, 1), (Ok(()), 1));
        assert_eq!(refill(&mut tank, 1), empty(1));
        assert_eq!(tank.get(-1), Some(0));
    }

    #[test]
    fn much_may_be_owed_and_is_paid_by_and_by() {
        let much = 3 * i64::from(SLICE);
        let mut tank = Tank::new(true);
        tank.set(much.cast_unsigned() + 10);
        assert_eq!(refill(&mut tank, much), (Ok(()), 0));
        assert_eq!(tank.get(0), Some(10));
        assert_eq!(refill(&mut tank, 12), (Err(Trap::OutOfFuel), -2));
        assert_eq!(tank.get(-2), Some(0));
        tank.set(3);
        assert_eq!(refill(&mut tank, 2), (Ok(()), 1));
        assert_eq!(refill(&mut Tank::new(false), much), (Ok(()), 0));
    }

    #[test]
    fn an_interrupt_stops_one_program() {
        let mut tank = Tank::new(false);
        tank.handle().interrupt();
        assert_eq!(refill(&mut tank, 1), (Err(Trap::Interrupt), -1));
        assert_eq!(refill(&mut tank, 1), (Ok(()), i64::from(SLICE) - 1));
        assert_eq!(tank.get(5), None);
    }
}
