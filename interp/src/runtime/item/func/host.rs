//! Host functions: closures that wasm can call.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::WasmTyList;
use super::list::MAX;
use crate::Error;
use crate::runtime::sealed::InSlots;
use crate::runtime::types::FuncType;
use crate::runtime::{Caller, Val, ValType, WasmTy};

/// The most parameters, and the most results, of a function (WebAssembly's JavaScript interface, "limits").
const MOST: usize = 1000;

/// A closure with its type. Cheap to clone.
pub(crate) struct HostFunc<T: 'static> {
    ty: FuncType,
    run: Arc<Run<T>>,
}

/// Reads its arguments from the value stack at the given slot, and writes its results there.
type Run<T> = dyn Fn(Caller<'_, T>, usize) -> Result<(), Error> + Send + Sync;

impl<T> Clone for HostFunc<T> {
    fn clone(&self) -> Self {
        Self {
            ty: self.ty.clone(),
            run: self.run.clone(),
        }
    }
}

impl<T> HostFunc<T> {
    /// Its type.
    pub(crate) fn ty(&self) -> &FuncType {
        &self.ty
    }

    /// A number that no other host function has while this one or a clone of it exists. Clones share it.
    pub(crate) fn identity(&self) -> usize {
        // Even closures without captures have different addresses, because the counters beside them take space.
        Arc::as_ptr(&self.run).cast::<()>().addr()
    }

    /// The closure to call.
    pub(crate) fn run(&self) -> Arc<Run<T>> {
        self.run.clone()
    }

    /// Fails if a function of this type could not be called, because a frame's header counts slots in 16 bits. No module
    /// can declare such a type.
    pub(crate) fn check(ty: &FuncType) -> Result<(), Error> {
        for (what, len) in [
            ("parameters", ty.params().len()),
            ("results", ty.results().len()),
        ] {
            if len > MOST {
                return Err(Error::new(format!(
                    "a function of {len} {what} is more than WebAssembly allows ({MOST})"
                )));
            }
        }
        Ok(())
    }

    /// Creates a host function from a closure over values of any type. [`HostFunc::check`] has accepted the type.
    pub(crate) fn dynamic(
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Self {
        let own = ty.clone();
        let run = move |mut caller: Caller<'_, T>, at: usize| {
            let store = caller.store.inner.state.id;
            let slots = ValType::slots_of(own.params());
            let slots = caller.store.inner.state.slots(at, slots);
            let params: Vec<Val> = Val::list(own.params(), slots, store).collect();
            #[cfg(feature = "heap")]
            caller.store.inner.state.hold_all(&params);
            let mut results: Vec<Val> = own
                .results()
                .iter()
                .copied()
                .map(Val::default_for)
                .collect();
            func(caller.reborrow(), &params, &mut results)?;
            let slots = ValType::slots_of(own.results());
            for (result, ty) in results.iter().zip(own.results()) {
                if !result.fits(*ty, &caller.store.inner.state) {
                    return Err(Error::new(format!(
                        "a host function of type {own} returned a value of type {}",
                        result.ty()
                    )));
                }
            }
            let mut slots = caller.store.inner.state.slots_mut(at, slots).iter_mut();
            for result in &results {
                let first = result.into_slot(store).ok_or_else(foreign)?;
                for half in [Some(first), result.second_slot()].into_iter().flatten() {
                    *slots.next().expect("as many slots as the types take") = half;
                }
            }
            Ok(())
        };
        Self {
            ty,
            run: Arc::new(run),
        }
    }

    /// Creates a host function from a closure over a list of parameters.
    fn typed<P: WasmTyList, R: IntoResults>(
        func: impl Fn(Caller<'_, T>, P) -> R + Send + Sync + 'static,
    ) -> Self {
        let run = move |mut caller: Caller<'_, T>, at: usize| {
            let store = caller.store.inner.state.id;
            let params = P::from_slots(caller.store.inner.state.slots(at, P::TYPES.len()), store);
            let results = func(caller.reborrow(), params).into_results()?;
            let mut slots = [0; MAX];
            InSlots::into_slots(results, store, &mut slots).ok_or_else(foreign)?;
            let len = R::List::TYPES.len();
            let state = &mut caller.store.inner.state;
            state.slots_mut(at, len).copy_from_slice(&slots[..len]);
            Ok(())
        };
        Self {
            ty: FuncType::new(P::TYPES.iter().copied(), R::List::TYPES.iter().copied()),
            run: Arc::new(run),
        }
    }
}

fn foreign() -> Error {
    Error::new("a host function returned a reference to another store")
}

/// The result types of host functions: a list of results, or a `Result` of a list.
pub trait IntoResults {
    /// The list of results.
    type List: WasmTyList;
    /// Returns the results, or the reason why the program must stop.
    ///
    /// # Errors
    /// Returns the error of the host function.
    fn into_results(self) -> Result<Self::List, Error>;
}

impl<L: WasmTyList> IntoResults for L {
    type List = L;
    #[inline]
    fn into_results(self) -> Result<L, Error> {
        Ok(self)
    }
}

impl<L: WasmTyList, E: Into<Error>> IntoResults for Result<L, E> {
    type List = L;
    #[inline]
    fn into_results(self) -> Result<L, Error> {
        self.map_err(Into::into)
    }
}

/// A closure that can be a host function of stores with data of type `T`.
///
/// `Params` and `Results` are inferred. They distinguish closures with and without a [`Caller`].
#[allow(
    private_interfaces,
    reason = "only this crate makes functions of closures"
)]
pub trait IntoFunc<T: 'static, Params, Results> {
    #[doc(hidden)]
    fn into_func(self) -> HostFunc<T>;
}

macro_rules! closures {
    ($(($($Param:ident $param:ident),*))*) => { $(
        impl<T: 'static, F, R: IntoResults, $($Param: WasmTy),*> IntoFunc<T, ($($Param,)*), R> for F
        where
            F: Fn($($Param),*) -> R + Send + Sync + 'static,
        {
            #[allow(private_interfaces, reason = "as in the trait")]
            fn into_func(self) -> HostFunc<T> {
                HostFunc::typed(move |_: Caller<'_, T>, ($($param,)*): ($($Param,)*)| self($($param),*))
            }
        }

        impl<T: 'static, F, R: IntoResults, $($Param: WasmTy),*> IntoFunc<T, (Caller<'_, T>, $($Param,)*), R> for F
        where
            F: Fn(Caller<'_, T>, $($Param),*) -> R + Send + Sync + 'static,
        {
            #[allow(private_interfaces, reason = "as in the trait")]
            fn into_func(self) -> HostFunc<T> {
                HostFunc::typed(move |caller: Caller<'_, T>, ($($param,)*): ($($Param,)*)| self(caller, $($param),*))
            }
        }
    )* };
}

closures! {
    ()
    (A a)
    (A a, B b)
    (A a, B b, C c)
    (A a, B b, C c, D d)
    (A a, B b, C c, D d, E e)
    (A a, B b, C c, D d, E e, G g)
    (A a, B b, C c, D d, E e, G g, H h)
    (A a, B b, C c, D d, E e, G g, H h, I i)
    (A a, B b, C c, D d, E e, G g, H h, I i, J j)
    (A a, B b, C c, D d, E e, G g, H h, I i, J j, K k)
    (A a, B b, C c, D d, E e, G g, H h, I i, J j, K k, L l)
    (A a, B b, C c, D d, E e, G g, H h, I i, J j, K k, L l, M m)
    (A a, B b, C c, D d, E e, G g, H h, I i, J j, K k, L l, M m, N n)
    (A a, B b, C c, D d, E e, G g, H h, I i, J j, K k, L l, M m, N n, O o)
    (A a, B b, C c, D d, E e, G g, H h, I i, J j, K k, L l, M m, N n, O o, P p)
    (A a, B b, C c, D d, E e, G g, H h, I i, J j, K k, L l, M m, N n, O o, P p, Q q)
}
