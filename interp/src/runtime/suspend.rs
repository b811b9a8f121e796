//! Calls that stop and go on later: what is kept of one, and how it is run.
//!
//! A resumable call runs on a value stack of its own, which takes the place of the store's as long as the call
//! runs. So suspending it is keeping that stack, with the registers of the machine; nothing is copied, and what the store
//! does meanwhile cannot touch it. Frames refer to each other by distance, and the outermost one returns to a stub, so
//! the stack means the same wherever it is put back.
//!
//! There are two places to stop, both between two ops: where the machine has asked for fuel in vain, and where a host
//! function has failed, whose results are then supplied by the embedder. Invariant 1 of [`crate::machine`] holds for the
//! saved address, because code is never moved or freed while its store lives; 5, because the instance is
//! entered again; 6, because the public methods check the results that they take.

use core::mem;

use super::store::Inner;
use super::{CallHook, handle::StoreId};
use crate::Error;
use crate::machine::{Exit, FuncEntry, Runtime, Stack};
use crate::ops::stub;

/// Why the machine stopped at a place where it can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// There is no fuel.
    Fuel,
    /// The host function with this index has failed.
    Host(u32),
}

/// A call that can go on.
#[derive(Debug)]
pub(crate) struct Suspended {
    pub(crate) store: StoreId,
    /// The function that the embedder called.
    pub(crate) func: u32,
    stack: Stack,
    place: Place,
}

// SAFETY: the stack is owned, and the address of code is not followed before the call is back in its store.
unsafe impl Send for Suspended {}
// SAFETY: as above.
unsafe impl Sync for Suspended {}

/// The machine's registers where a call was suspended, without what the store renews.
#[derive(Debug)]
struct Place {
    /// The next op.
    ip: *const u16,
    /// The frame, in slots from the stack's first.
    frame: usize,
    acc: u64,
    facc: f64,
    instance: Option<u32>,
    /// If the next op is the stub that lowers a function: which. Its entry may have moved since.
    callee: Option<u32>,
    /// Where the results of a host function go, in slots from the stack's first.
    results: usize,
}

/// How a resumable call has ended, for now.
pub(crate) enum Outcome {
    Finished,
    OutOfFuel(Suspended),
    HostTrap {
        call: Suspended,
        func: u32,
        error: Error,
    },
}

/// How the machine has stopped.
enum End {
    Finished,
    OutOfFuel(Place),
    HostTrap(Place, u32, Error),
}

impl<T> Inner<T> {
    /// Calls function `func` of the store so that the call can be suspended. `args` and `results` are as long as its type says.
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
        let outcome = self.on_stack(Stack::new(max), index, results, |inner| {
            inner.begin(entry, args)
        });
        self.hook(CallHook::ReturningFromWasm)?;
        outcome
    }

    /// Goes on with a call of this store. `supplied` are the results of the host function that has failed, if one has.
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

    /// Lets the machine run on `stack`, with which it is suspended if it can go on.
    fn on_stack(
        &mut self,
        stack: Stack,
        func: u32,
        results: &mut [u64],
        run: impl FnOnce(&mut Self) -> Result<Exit, Error>,
    ) -> Result<Outcome, Error> {
        let outer = self.state.suspend();
        let top = mem::replace(&mut self.state.free_top, 0);
        let home = self.state.exchange_stack(stack);
        let end = run(self).and_then(|exit| self.end(exit, results));
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
        };
        Ok(match end? {
            End::Finished => Outcome::Finished,
            End::OutOfFuel(place) => Outcome::OutOfFuel(suspended(place)),
            End::HostTrap(place, func, error) => Outcome::HostTrap {
                call: suspended(place),
                func,
                error,
            },
        })
    }

    /// How the machine has stopped, and where it would go on. The results are copied if there are any.
    fn end(&mut self, exit: Exit, results: &mut [u64]) -> Result<End, Error> {
        match self.state.pause.take() {
            Some(Pause::Fuel) => Ok(End::OutOfFuel(self.place())),
            Some(Pause::Host(func)) => {
                let error = match exit {
                    Exit::Trap(trap) => Some(trap.into()),
                    Exit::Runtime | Exit::Done => self.state.pending.take(),
                };
                let error = error.expect("a host function that fails leaves the error");
                let mut place = self.place();
                // SAFETY: the context is the store's own, and no op runs. `call_foreign` has left the call there.
                let call = unsafe { (*self.state.cx()).foreign };
                place.ip = call.return_ip;
                place.callee = None;
                place.results = place.frame + usize::from(call.base);
                Ok(End::HostTrap(place, func, error))
            }
            None => {
                self.outcome(exit)?;
                results.copy_from_slice(self.state.slots(0, results.len()));
                Ok(End::Finished)
            }
        }
    }

    /// Where the machine has stopped.
    fn place(&self) -> Place {
        // SAFETY: the context is the store's own, and no op runs while `self` is borrowed.
        let cx = unsafe { &*self.state.cx() };
        let (ip, fp) = cx.stopped;
        let entry = cx.call_acc as usize;
        let first = self.state.funcs.as_ptr() as usize;
        let callee = (entry.wrapping_sub(first) / size_of::<FuncEntry>()) as u32;
        Place {
            ip,
            frame: (fp as usize - cx.stack.base() as usize) / size_of::<u64>(),
            acc: cx.call_acc,
            facc: cx.call_facc,
            instance: self.state.current(),
            callee: (ip == stub::lower()).then_some(callee),
            results: 0,
        }
    }

    /// Runs from `place` on, on the stack that belongs to it. It costs the unit of fuel that was owed there.
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
        cx.fuel = cx.fuel.max(0) - 1;
        if cx.fuel < 0
            && let Err(exit) = self.refuel()
        {
            return exit;
        }
        self.run_from(place.ip, place.frame, acc, place.facc)
    }
}
