//! Fuel, and what else stops a program that will not stop by itself.
//!
//! The machine counts [`Context::fuel`](crate::machine::Context::fuel) down: one unit for each call that wasm makes and
//! each backward branch taken. When a unit is missing it asks [`Tank::refill`]. With metering the tank
//! hands out what is left of the embedder's fuel; without, as much as one likes; but always in
//! slices, and between two slices, or when a host function returns, the program can be interrupted.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::machine::Trap;

/// The most units of one slice: an interrupt is noticed after as many calls and branches, which is
/// less than a millisecond on a host.
const SLICE: u32 = 65_536;

/// Fuel that the machine was not given yet.
#[derive(Debug)]
pub(crate) struct Tank {
    /// `None` if fuel is not metered.
    left: Option<u64>,
    interrupted: Arc<AtomicBool>,
}

/// Interrupts the programs of a store, from any thread.
#[derive(Clone, Debug)]
pub struct InterruptHandle(Arc<AtomicBool>);

impl InterruptHandle {
    /// Stops the call that runs, or else the next one at its entry, however short it is, with [`Trap::Interrupt`].
    ///
    /// One call is stopped: the innermost, where calls and host functions nest. A program that is in a host function stops
    /// when that has returned. A call that ends before it has noticed the interrupt returns its results, and the interrupt
    /// stays *pending* for the next one. Interrupts do not add up: another one changes nothing while one is pending.
    ///
    /// So who interrupts a call that takes too long ends with [`InterruptHandle::clear`] once nobody interrupts it any more:
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
        self.0.store(true, Ordering::Relaxed);
    }

    /// Takes an interrupt back that has not stopped a call yet. Returns whether one was pending.
    pub fn clear(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl Tank {
    /// An empty tank.
    pub(crate) fn new(metered: bool) -> Self {
        Self {
            left: metered.then_some(0),
            interrupted: Arc::default(),
        }
    }

    pub(crate) fn handle(&self) -> InterruptHandle {
        InterruptHandle(self.interrupted.clone())
    }

    /// How much fuel there is, with `unused` units of the machine's slice; `None` if it is not metered.
    pub(crate) fn get(&self, unused: i64) -> Option<u64> {
        let unused = u64::try_from(unused).unwrap_or(0);
        Some(self.left?.saturating_add(unused))
    }

    /// Replaces the fuel; the machine's slice must be emptied. Returns whether fuel is metered.
    pub(crate) fn set(&mut self, fuel: u64) -> bool {
        if let Some(left) = &mut self.left {
            *left = fuel;
        }
        self.left.is_some()
    }

    /// The machine's next slice, given that its count has become `owed`, which is negative.
    pub(crate) fn refill(&mut self, owed: i64) -> Result<i64, Trap> {
        self.look_for_interrupt()?;
        let slice = match &mut self.left {
            None => SLICE,
            Some(left) => {
                let slice = u32::try_from(*left).unwrap_or(SLICE).min(SLICE);
                *left -= u64::from(slice);
                slice
            }
        };
        let count = owed + i64::from(slice);
        if count < 0 {
            return Err(Trap::OutOfFuel);
        }
        Ok(count)
    }

    /// Whether the program may go on.
    pub(crate) fn look_for_interrupt(&self) -> Result<(), Trap> {
        // Nearly always there is none, and reading is cheaper than exchanging.
        let pending = self.interrupted.load(Ordering::Relaxed);
        match pending && self.interrupted.swap(false, Ordering::Relaxed) {
            true => Err(Trap::Interrupt),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_out_what_was_set_and_not_more() {
        let mut tank = Tank::new(true);
        assert_eq!(tank.refill(-1), Err(Trap::OutOfFuel));
        tank.set(u64::from(SLICE) + 2);
        assert_eq!(tank.refill(-1), Ok(i64::from(SLICE) - 1));
        assert_eq!(tank.get(5), Some(7));
        assert_eq!(tank.refill(-1), Ok(1));
        assert_eq!(tank.refill(-1), Err(Trap::OutOfFuel));
        assert_eq!(tank.get(-1), Some(0));
    }

    #[test]
    fn an_interrupt_stops_one_program() {
        let mut tank = Tank::new(false);
        tank.handle().interrupt();
        assert_eq!(tank.refill(-1), Err(Trap::Interrupt));
        assert_eq!(tank.refill(-1), Ok(i64::from(SLICE) - 1));
        assert_eq!(tank.get(5), None);
    }
}
