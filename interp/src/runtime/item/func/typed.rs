//! [`TypedFunc`]: a function whose type was compared with Rust types once.

use alloc::format;
use core::marker::PhantomData;

use super::list::MAX;
use super::{Func, WasmTyList};
use crate::Error;
use crate::runtime::AsContextMut;
use crate::runtime::types::FuncType;

/// A function from `P` to `R`: `()`, a value, or a tuple of values.
pub struct TypedFunc<P, R> {
    func: Func,
    // No value of these types is stored: the function takes one and returns the other.
    types: PhantomData<fn(P) -> R>,
}

impl<P: WasmTyList, R: WasmTyList> TypedFunc<P, R> {
    pub(super) fn new(func: Func, ty: &FuncType) -> Result<Self, Error> {
        if ty.params() != P::TYPES || ty.results() != R::TYPES {
            let wanted = FuncType::new(P::TYPES.iter().copied(), R::TYPES.iter().copied());
            return Err(Error::new(format!(
                "the function is of type {ty}, not {wanted}"
            )));
        }
        Ok(Self {
            func,
            types: PhantomData,
        })
    }

    /// Calls the function.
    ///
    /// # Errors
    /// Fails if the function or an argument belongs to another store. Otherwise returns the reason why the program stopped:
    /// a trap, an error of a host function, or the program's exit.
    pub fn call(&self, mut ctx: impl AsContextMut, params: P) -> Result<R, Error> {
        let inner = ctx.as_context_mut().inner;
        let store = inner.state.id;
        let func = self.func.0.find(store)?;
        let mut slots = [0; MAX];
        params
            .into_slots(store, &mut slots)
            .ok_or_else(|| Error::new("an argument refers to another store"))?;
        let mut results = [0; MAX];
        inner.invoke(
            func,
            &slots[..P::TYPES.len()],
            &mut results[..R::TYPES.len()],
        )?;
        #[cfg(feature = "gc")]
        for (slot, ty) in results.iter().zip(R::TYPES) {
            if *ty == crate::runtime::ValType::ExternRef {
                inner.state.hold(*slot);
            }
        }
        Ok(R::from_slots(&results, store))
    }

    /// The function without its Rust type.
    #[must_use]
    pub fn func(&self) -> Func {
        self.func
    }
}

impl<P, R> Clone for TypedFunc<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for TypedFunc<P, R> {}

impl<P, R> core::fmt::Debug for TypedFunc<P, R> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("TypedFunc").field(&self.func).finish()
    }
}
