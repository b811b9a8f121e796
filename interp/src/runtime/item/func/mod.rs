//! [`Func`]: functions of modules and of the host, and calls by the host.
//!
//! `host.rs` turns closures into functions. `typed.rs` gives functions Rust types. `list.rs` lists the Rust types for
//! parameters and results. `resumable.rs` implements calls that can be suspended.

mod host;
mod list;
mod resumable;
mod typed;

pub use host::{IntoFunc, IntoResults};
pub use list::WasmTyList;
pub use resumable::{ResumableCall, ResumableHostTrap, ResumableOutOfFuel, ResumableSuspended};
pub use typed::TypedFunc;

pub(crate) use host::HostFunc;

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use crate::Error;
use crate::runtime::entity::handle::{Handle, StoreId};
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;
use crate::runtime::types::FuncType;
use crate::runtime::{AsContext, AsContextMut, Caller, Val, ValType};

/// A function of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Func(pub(crate) Handle);

impl Func {
    /// Creates a host function whose type is known at run time only.
    ///
    /// `func` receives the arguments, and a slice of zeros for the results. An error ends the program, and the call that
    /// started the program returns that error. A panic also ends the program if panics unwind: the call that started the
    /// program panics, and the store stays usable.
    ///
    /// # Panics
    /// Panics if `ty` has more than 1,000 parameters or results. No module can import a function of such a type.
    pub fn new<C: AsContextMut>(
        mut ctx: C,
        ty: FuncType,
        func: impl Fn(Caller<'_, C::Data>, &[Val], &mut [Val]) -> Result<(), Error>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        HostFunc::<C::Data>::check(&ty).unwrap_or_else(|error| panic!("{error}"));
        let inner = ctx.as_context_mut().inner;
        let index = inner.add_host_func(HostFunc::dynamic(ty, func));
        Self(Handle::new(inner.state.id, index))
    }

    /// Creates a host function from a closure with up to 16 parameters. The first parameter may be a [`Caller`].
    pub fn wrap<C: AsContextMut, Params, Results>(
        mut ctx: C,
        func: impl IntoFunc<C::Data, Params, Results>,
    ) -> Self {
        let inner = ctx.as_context_mut().inner;
        let index = inner.add_host_func(func.into_func());
        Self(Handle::new(inner.state.id, index))
    }

    /// Its type.
    ///
    /// # Panics
    /// Panics if it belongs to another store.
    #[must_use]
    pub fn ty(self, ctx: impl AsContext) -> FuncType {
        let state = &ctx.as_context().inner.state;
        state.func_type(self.0.index_in(state.id))
    }

    /// Calls the function. `results` must have the length of its result list. The old content of `results` is ignored.
    ///
    /// # Errors
    /// Fails if `params` or `results` do not match its type, or if an item belongs to another store. Otherwise returns the
    /// reason why the program stopped: a trap, an error of a host function, or the program's exit.
    pub fn call(
        self,
        ctx: impl AsContextMut,
        params: &[Val],
        results: &mut [Val],
    ) -> Result<(), Error> {
        self.call_with(ctx, params, results, Inner::invoke)
    }

    /// Calls it by `run`, which takes the index of the function, its arguments, and room for its results.
    fn call_with<C: AsContextMut, R>(
        self,
        mut ctx: C,
        params: &[Val],
        results: &mut [Val],
        run: impl FnOnce(&mut Inner<C::Data>, usize, &[u64], &mut [u64]) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let inner = ctx.as_context_mut().inner;
        let store = inner.state.id;
        let func = self.0.find(store)?;
        let ty = inner.state.func_type(func);
        ty.check_lengths(params.len(), results.len())?;
        let slots = slots_of(&ty, ty.params(), params, &inner.state)?;
        let mut out = vec![0; ValType::slots_of(ty.results())];
        let outcome = run(inner, func, &slots, &mut out)?;
        from_slots(&ty, &out, results, store);
        #[cfg(feature = "heap")]
        inner.state.hold_all(results);
        Ok(outcome)
    }

    /// Returns the same function with a Rust type. The type is checked once, so calls are faster.
    ///
    /// # Errors
    /// Fails if its type is different, or if it belongs to another store.
    pub fn typed<P: WasmTyList, R: WasmTyList>(
        self,
        ctx: impl AsContext,
    ) -> Result<TypedFunc<P, R>, Error> {
        let state = &ctx.as_context().inner.state;
        TypedFunc::new(self, &state.func_type(self.0.find(state.id)?))
    }
}

/// Converts values to slots. The values must have the given types: the parameters or the results of a function of type
/// `ty`.
pub(crate) fn slots_of(
    ty: &FuncType,
    types: &[ValType],
    values: &[Val],
    state: &State,
) -> Result<Vec<u64>, Error> {
    let mut slots = Vec::with_capacity(values.len());
    let slot = |(value, expected): (&Val, &ValType)| {
        if !value.fits(*expected, state) {
            return Err(Error::new(format!(
                "a value of type {} was given where a function of type {ty} wants {expected}",
                value.ty(),
            )));
        }
        let first = value
            .into_slot(state.id)
            .ok_or_else(|| Error::new("a value refers to another store"))?;
        slots.push(first);
        slots.extend(value.second_slot());
        Ok(())
    };
    values.iter().zip(types).try_for_each(slot)?;
    Ok(slots)
}

/// Makes values of the results of a function of type `ty`.
fn from_slots(ty: &FuncType, slots: &[u64], results: &mut [Val], store: StoreId) {
    for (result, value) in (results.iter_mut()).zip(Val::list(ty.results(), slots, store)) {
        *result = value;
    }
}
