//! Calls that stop and continue later: their stored state, and how they are run.
//!
//! A resumable call runs on a value stack of its own, which replaces the store's stack while the call runs. To suspend the
//! call, this stack and the registers of the machine are stored. Nothing is copied, and other calls of the store cannot
//! affect the stack. Frames refer to each other by distance, and the outermost frame returns to a stub, so the stack is
//! valid in any place.
//!
//! A call can stop at three places, all of them between two ops: where the machine has asked for fuel without success, or has heard of a
//! request to suspend; before the first op of a function that is called for the first time; and where a host function has failed. The embedder
//! then supplies the function's results, or it is called again. Invariant 1 of [`crate::machine`] holds for the
//! stored address, because code is never moved or freed while its store exists. Invariant 5 holds because the instance is
//! entered again. Invariant 6 holds because the public methods check the supplied results.

#[cfg(feature = "heap")]
use alloc::vec::Vec;
use core::mem;

use crate::Error;
use crate::machine::{Exit, ForeignCall, FuncEntry, Runtime, SlotIndex, Stack};
use crate::ops::{call_foreign, stub};
use crate::runtime::CallHook;
use crate::runtime::entity::handle::StoreId;
#[cfg(feature = "heap")]
use crate::runtime::entity::heap::Keep;
use crate::runtime::store::Inner;
use crate::runtime::store::state::Pause;

/// A suspended call.
#[derive(Debug)]
pub(crate) struct Suspended {
    pub(crate) store: StoreId,
    /// The function that the embedder called.
    pub(crate) func: u32,
    pub(crate) stack: Stack,
    pub(crate) place: Place,
    /// Keeps the objects to which the stack has references.
    #[cfg(feature = "heap")]
    _kept: Vec<Keep>,
}

// SAFETY: the stack is owned, and the code address is not used before the call is back in its store.
unsafe impl Send for Suspended {}
// SAFETY: as above.
unsafe impl Sync for Suspended {}

/// The machine's registers of a suspended call, without those that the store restores.
#[derive(Debug)]
pub(crate) struct Place {
    /// The next op.
    pub(crate) ip: *const u16,
    /// The frame, in slots from the stack's first.
    pub(crate) frame: usize,
    pub(crate) acc: u64,
    pub(crate) facc: f64,
    pub(crate) instance: Option<u32>,
    /// The function, if the next op is the stub that lowers it. Its entry may have moved since.
    pub(crate) callee: Option<u32>,
    /// Units of fuel that are consumed when the call continues.
    pub(crate) owed: i64,
    /// Units that the next op takes, and that are paid with these.
    pub(crate) paid: u64,
    /// The place for the arguments and results of a host function, in slots from the stack's first.
    pub(crate) results: usize,
    /// The host function, if it is called again when the call continues.
    pub(crate) host: Option<u32>,
}

/// The state of a resumable call.
pub(crate) enum Outcome {
    Finished,
    OutOfFuel(Suspended),
    Suspended(Suspended),
    HostTrap {
        call: Suspended,
        func: u32,
        error: Error,
    },
}

/// The way in which the machine has stopped.
enum End {
    Finished,
    OutOfFuel(Place),
    Suspended(Place),
    HostTrap(Place, u32, Error),
}

impl Suspended {
    /// A call of function `func` without objects.
    #[cfg(feature = "freeze")]
    pub(crate) fn new(store: StoreId, func: u32, stack: Stack, place: Place) -> Self {
        Self {
            store,
            func,
            stack,
            place,
            #[cfg(feature = "heap")]
            _kept: Vec::new(),
        }
    }

    /// Units of fuel that are owed.
    pub(crate) fn owed(&self) -> u64 {
        self.place.owed.unsigned_abs()
    }

    /// The same call, which calls host function `func` again when it continues.
    pub(crate) fn with_host_again(mut self, func: u32) -> Self {
        self.place.host = Some(func);
        // The second call pays for itself.
        self.place.owed = 0;
        self
    }
}

impl<T> Inner<T> {
    /// Calls function `func` of the store so that the call can be suspended. `args` and `results` must have the lengths of
    /// its type.
    pub(crate) fn call_resumable(
        &mut self,
        func: usize,
        args: &[u64],
        results: &mut [u64],
    ) -> Result<Outcome, Error> {
        if self.state.funcs[func].instance == FuncEntry::HOST {
            self.invoke(func, args, results)?;
            return Ok(Outcome::Finished);
        }
        self.look_for_stop()?;
        // Below 2^32: `Handle` has checked it.
        let index = func as u32;
        if self.state.funcs[func].code == stub::lower() {
            self.lower_now(index)?;
        }
        self.hook(CallHook::CallingWasm)?;
        let entry = self.state.funcs[func];
        let max = self.state.engine.config().max_stack / size_of::<u64>();
        let outcome = self.on_stack(Stack::zeroed(max), index, results, |inner| {
            inner.begin(entry, args)
        });
        self.hook(CallHook::ReturningFromWasm)?;
        outcome
    }

    /// Resumes a call of this store. `supplied` are the results of the host function that failed, if one did.
    pub(crate) fn resume_call(
        &mut self,
        call: Suspended,
        supplied: &[u64],
        results: &mut [u64],
    ) -> Result<Outcome, Error> {
        self.look_for_stop()?;
        self.hook(CallHook::CallingWasm)?;
        let Suspended {
            func, stack, place, ..
        } = call;
        let outcome = self.on_stack(stack, func, results, |inner| {
            Ok(inner.go_on(place, supplied))
        });
        self.hook(CallHook::ReturningFromWasm)?;
        outcome
    }

    /// Runs the machine on `stack`. If the call can continue later, it is suspended with this stack.
    fn on_stack(
        &mut self,
        stack: Stack,
        func: u32,
        results: &mut [u64],
        run: impl FnOnce(&mut Self) -> Result<Exit, Error>,
    ) -> Result<Outcome, Error> {
        let outer = self.state.suspend();
        let top = mem::replace(&mut self.state.free_top, 0);
        // Only the current stack is searched for references to objects.
        #[cfg(feature = "heap")]
        let _kept_at_home = self.state.keep_stack(top);
        let home = self.state.exchange_stack(stack);
        let outer_is_suspendable = mem::replace(&mut self.state.is_suspendable, true);
        let end = run(self).and_then(|exit| self.end(exit, results));
        self.state.is_suspendable = outer_is_suspendable;
        #[cfg(feature = "heap")]
        let kept = match &end {
            Ok(End::OutOfFuel(_) | End::Suspended(_) | End::HostTrap(..)) => {
                let top = self.state.stopped_top();
                self.state.keep_stack(top)
            }
            Ok(End::Finished) | Err(_) => Vec::new(),
        };
        let stack = self.state.exchange_stack(home);
        self.state.free_top = top;
        self.state.resume(outer);
        self.resume_panic();
        let store = self.state.id;
        let suspended = |place| Suspended {
            store,
            func,
            stack,
            place,
            #[cfg(feature = "heap")]
            _kept: kept,
        };
        Ok(match end? {
            End::Finished => Outcome::Finished,
            End::OutOfFuel(place) => Outcome::OutOfFuel(suspended(place)),
            End::Suspended(place) => Outcome::Suspended(suspended(place)),
            End::HostTrap(place, func, error) => Outcome::HostTrap {
                call: suspended(place),
                func,
                error,
            },
        })
    }

    /// Returns how the machine has stopped, and where it would continue. Copies the results if there are any.
    fn end(&mut self, exit: Exit, results: &mut [u64]) -> Result<End, Error> {
        match self.state.pause.take() {
            Some(Pause::Fuel { paid }) => {
                let mut place = self.place();
                place.paid = paid;
                Ok(End::OutOfFuel(place))
            }
            Some(Pause::Asked { paid }) => {
                let mut place = self.place();
                place.paid = paid;
                Ok(End::Suspended(place))
            }
            Some(Pause::Host(func)) => {
                let error = match exit {
                    Exit::Trap(trap) => Some(trap.into()),
                    _ => self.state.pending.take(),
                };
                let error = error.expect("a host function that fails leaves the error");
                let mut place = self.place();
                // SAFETY: the context is the store's own, and no op runs. `call_foreign` has left the call there.
                let call = unsafe { (*self.state.cx()).foreign };
                place.ip = call.return_ip;
                place.callee = None;
                // The call of the host function, which did not return to pay it.
                place.owed = 1;
                place.results = place.frame + call.base.index();
                Ok(End::HostTrap(place, func, error))
            }
            None => {
                self.outcome(exit)?;
                results.copy_from_slice(self.state.slots(0, results.len()));
                Ok(End::Finished)
            }
        }
    }

    /// The place where the machine has stopped.
    fn place(&self) -> Place {
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let cx = unsafe { &*self.state.cx() };
        let (ip, fp) = cx.stopped;
        Place {
            ip,
            frame: (fp as usize - cx.stack.base() as usize) / size_of::<u64>(),
            acc: cx.call_acc,
            facc: cx.call_facc,
            instance: self.state.current(),
            callee: self.state.callee_at(ip),
            owed: (-cx.fuel).max(0),
            paid: 0,
            results: 0,
            host: None,
        }
    }

    /// Runs from `place` on, on the stack that belongs to it. This costs the unit of fuel that was due there.
    fn go_on(&mut self, place: Place, supplied: &[u64]) -> Exit {
        self.state.enter(place.instance);
        let mut acc = place.acc;
        if let Some(first) = supplied.first() {
            let len = supplied.len();
            self.state
                .slots_mut(place.results, len)
                .copy_from_slice(supplied);
            acc = *first;
        }
        if let Some(callee) = place.callee {
            let entry: *mut FuncEntry = &raw mut self.state.funcs[callee as usize];
            acc = entry.expose_provenance() as u64;
        }
        // SAFETY: the context is the store's own, and no op runs.
        let cx = unsafe { &mut *self.state.cx() };
        cx.stopped = (place.ip, cx.stack.base().wrapping_add(place.frame));
        (cx.call_acc, cx.call_facc) = (acc, place.facc);
        cx.fuel = cx.fuel.max(0) - place.owed;
        if cx.fuel < 0
            && let Err(exit) = self.refuel()
        {
            if let Some(Pause::Fuel { paid } | Pause::Asked { paid }) = &mut self.state.pause {
                *paid = place.paid;
            }
            return exit;
        }
        // SAFETY: as above.
        unsafe { (*self.state.cx()).fuel += place.paid.cast_signed() };
        match place.host {
            Some(host) => self.call_host_again(&place, host),
            None => self.run_from(place.ip, place.frame, acc, place.facc),
        }
    }

    /// Calls the host function that has failed once more, then continues as [`go_on`](Self::go_on) does.
    fn call_host_again(&mut self, place: &Place, host: u32) -> Exit {
        let entry: *mut FuncEntry = &raw mut self.state.funcs[host as usize];
        // The slot is an operand of the call.
        let base = SlotIndex((place.results - place.frame) as u16);
        let runtime: *mut Self = self;
        let cx = self.state.cx();
        // SAFETY: the machine's invariants hold as in `run_from`. The frame has the slots of the call.
        let called = unsafe {
            (*cx).foreign = ForeignCall {
                entry,
                return_ip: place.ip,
                base,
            };
            let outer = mem::replace(&mut (*cx).runtime, runtime as *mut dyn Runtime);
            let called = call_foreign(cx);
            #[cfg(feature = "exceptions")]
            let called = match called {
                Err(Exit::Exception) => (*(*cx).runtime).unwind(),
                other => other,
            };
            (*cx).runtime = outer;
            called
        };
        // SAFETY: no op runs.
        let ((ip, fp), acc, base) = unsafe { ((*cx).stopped, (*cx).call_acc, (*cx).stack.base()) };
        let frame = (fp as usize - base as usize) / size_of::<u64>();
        match called {
            Ok(()) => self.run_from(ip, frame, acc, place.facc),
            Err(exit) => exit,
        }
    }
}
