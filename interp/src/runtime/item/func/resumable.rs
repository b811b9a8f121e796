//! [`ResumableCall`]: calls that a host function, the end of fuel or a request suspends, and that can be resumed.

use alloc::format;
use alloc::vec;

use super::{Func, from_slots, slots_of};
use crate::Error;
use crate::machine::FuncEntry;
use crate::runtime::entity::handle::{Handle, StoreId};
use crate::runtime::run::suspend::{Outcome, Suspended};
use crate::runtime::store::Inner;
use crate::runtime::{AsContextMut, Store, Val, ValType};

/// The state of a call by [`Func::call_resumable`].
#[derive(Debug)]
pub enum ResumableCall {
    /// It has returned its results.
    Finished,
    /// A host function has failed. The embedder may supply its results and resume the call.
    HostTrap(ResumableHostTrap),
    /// No fuel is left. The embedder may add fuel and resume the call.
    OutOfFuel(ResumableOutOfFuel),
    /// The embedder has asked for it ([`InterruptHandle::suspend`](crate::InterruptHandle::suspend), [`Store::suspend_at`]), and may
    /// resume the call.
    Suspended(ResumableSuspended),
}

/// A call that waits for the results of a host function.
///
/// Dropping it ends the call. The store is then in the same state as after any other error.
#[derive(Debug)]
pub struct ResumableHostTrap {
    call: Suspended,
    func: u32,
    error: Error,
}

/// A call that waits for fuel. Dropping it ends the call.
#[derive(Debug)]
pub struct ResumableOutOfFuel {
    call: Suspended,
}

/// A call that can continue at any time. Dropping it ends the call.
#[derive(Debug)]
pub struct ResumableSuspended {
    pub(crate) call: Suspended,
}

impl<T> Store<T> {
    /// Suspends resumable calls when the program calls `func` for the first time, before the function begins. `None` removes the request. A
    /// function that the embedder calls, or that was called before, does not count.
    ///
    /// # Errors
    /// Fails if the function belongs to another store, or is one of the host.
    pub fn suspend_at(&mut self, func: Option<Func>) -> Result<(), Error> {
        let state = &mut self.0.state;
        let Some(func) = func else {
            state.suspend_at = None;
            return Ok(());
        };
        let index = func.0.find(state.id)?;
        if state.funcs[index].instance == FuncEntry::HOST {
            return Err(Error::new(
                "a call cannot be suspended at a function of the host",
            ));
        }
        // Below 2^32: `Handle` has checked it.
        state.suspend_at = Some(index as u32);
        Ok(())
    }
}

impl Func {
    /// Does the same as [`Func::call`], but the call can be suspended. It is suspended when a host function that the
    /// program has called returns an error (of any kind, including a program's exit), and when no fuel is left. Any other
    /// trap ends the call.
    ///
    /// A suspended call keeps a value stack of its own, whose size is the depth of its recursion. Its changes to memories,
    /// tables and globals remain. The store can be used for other calls meanwhile, including resumable ones, and suspended
    /// calls can be resumed in any order. A call by a host function (a nested [`Func::call`]) is not suspended with the
    /// outer call: it fails, and the host function handles the error.
    ///
    /// ```
    /// use interp::{Config, Engine, Error, Linker, Module, ResumableCall, Store, Val};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let program = wat::parse_str(
    ///         r#"(module (import "host" "ask" (func $ask (param i32) (result i32)))
    ///             (func (export "run") (result i32) (i32.add (i32.const 1) (call $ask (i32.const 20)))))"#,
    ///     );
    ///     let engine = Engine::new(Config::new().consume_fuel(true));
    ///     let module = Module::new(&engine, program.map_err(Error::host)?)?;
    ///     let mut store = Store::new(&engine, ());
    ///     let mut linker = Linker::new(&engine);
    ///     linker.func_wrap("host", "ask", |of: i32| -> Result<i32, Error> {
    ///         Err(Error::new(format!("no answer for {of} yet")))
    ///     })?;
    ///     let instance = linker.instantiate(&mut store, &module)?;
    ///     let run = instance.get_func(&store, "run").expect("it is exported");
    ///     let mut results = [Val::I32(0)];
    ///
    ///     // The call of the host function costs one unit. It is consumed when the function has returned.
    ///     let ResumableCall::HostTrap(call) = run.call_resumable(&mut store, &[], &mut results)? else {
    ///         panic!("the host function suspends it");
    ///     };
    ///     assert_eq!(call.host_error().to_string(), "no answer for 20 yet");
    ///     let call = call.resume(&mut store, &[Val::I32(41)], &mut results)?;
    ///     let ResumableCall::OutOfFuel(call) = call else {
    ///         panic!("there is no fuel");
    ///     };
    ///     store.set_fuel(call.required_fuel())?;
    ///     let call = call.resume(&mut store, &mut results)?;
    ///     assert!(matches!(call, ResumableCall::Finished));
    ///     assert_eq!(results[0].i32(), Some(42));
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// The errors of [`Func::call`].
    pub fn call_resumable(
        self,
        ctx: impl AsContextMut,
        params: &[Val],
        results: &mut [Val],
    ) -> Result<ResumableCall, Error> {
        let outcome = self.call_with(ctx, params, results, Inner::call_resumable)?;
        Ok(outcome.into())
    }
}

impl ResumableHostTrap {
    /// The host function that failed.
    #[must_use]
    pub fn host_func(&self) -> Func {
        Func(Handle::new(self.call.store, self.func as usize))
    }

    /// The error of the host function.
    #[must_use]
    pub fn host_error(&self) -> &Error {
        &self.error
    }

    /// The error of the host function. Ends the call.
    #[must_use]
    pub fn into_host_error(self) -> Error {
        self.error
    }

    /// The same call in the state before the host function was called. When it is resumed, the function is called again with the same
    /// arguments.
    #[must_use]
    pub fn into_suspended(self) -> ResumableSuspended {
        ResumableSuspended {
            call: self.call.with_host_again(self.func),
        }
    }

    /// Resumes the call. `supplied` are the results of the host function.
    ///
    /// # Errors
    /// Fails if `supplied` do not match the results of the host function, if `results` do not match those of the called
    /// function, or if an item belongs to another store. Otherwise the errors of [`Func::call`]. The call has then ended.
    pub fn resume(
        self,
        mut ctx: impl AsContextMut,
        supplied: &[Val],
        results: &mut [Val],
    ) -> Result<ResumableCall, Error> {
        let inner = ctx.as_context_mut().inner;
        let store = inner.state.id;
        let func = self.host_func().0.find(store)?;
        let ty = inner.state.func_type(func);
        if supplied.len() != ty.results().len() {
            return Err(Error::new(format!(
                "{} results were supplied for a host function of type {ty}",
                supplied.len()
            )));
        }
        let slots = slots_of(&ty, ty.results(), supplied, &inner.state)?;
        self.call.resume(ctx, &slots, results)
    }
}

impl ResumableSuspended {
    /// Resumes the call. If a host function was running, it is called again with the same arguments.
    ///
    /// # Errors
    /// As [`ResumableOutOfFuel::resume`].
    pub fn resume(
        self,
        ctx: impl AsContextMut,
        results: &mut [Val],
    ) -> Result<ResumableCall, Error> {
        self.call.resume(ctx, &[], results)
    }
}

impl ResumableOutOfFuel {
    /// The same call, without the reason for which it stopped.
    #[must_use]
    pub fn into_suspended(self) -> ResumableSuspended {
        ResumableSuspended { call: self.call }
    }

    /// The minimum of fuel with which the call can continue.
    #[must_use]
    pub fn required_fuel(&self) -> u64 {
        self.call.owed()
    }

    /// Resumes the call with the store's current fuel. Without fuel, the call is suspended again.
    ///
    /// # Errors
    /// Fails if `results` do not match the type of the called function, or if the call belongs to another store. Otherwise
    /// the errors of [`Func::call`]. The call has then ended.
    pub fn resume(
        self,
        ctx: impl AsContextMut,
        results: &mut [Val],
    ) -> Result<ResumableCall, Error> {
        self.call.resume(ctx, &[], results)
    }
}

impl Suspended {
    fn resume(
        self,
        mut ctx: impl AsContextMut,
        supplied: &[u64],
        results: &mut [Val],
    ) -> Result<ResumableCall, Error> {
        let inner = ctx.as_context_mut().inner;
        let store: StoreId = inner.state.id;
        let func = Handle::new(self.store, self.func as usize).find(store)?;
        let ty = inner.state.func_type(func);
        ty.check_lengths(ty.params().len(), results.len())?;
        let mut out = vec![0; ValType::slots_of(ty.results())];
        let outcome = inner.resume_call(self, supplied, &mut out)?;
        from_slots(&ty, &out, results, store);
        #[cfg(feature = "heap")]
        inner.state.hold_all(results);
        Ok(outcome.into())
    }
}

impl From<Outcome> for ResumableCall {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Finished => Self::Finished,
            Outcome::OutOfFuel(call) => Self::OutOfFuel(ResumableOutOfFuel { call }),
            Outcome::Suspended(call) => Self::Suspended(ResumableSuspended { call }),
            Outcome::HostTrap { call, func, error } => {
                Self::HostTrap(ResumableHostTrap { call, func, error })
            }
        }
    }
}
