//! Call hooks: notify the embedder of each transition between its own code and programs.

use alloc::boxed::Box;

use crate::Error;
use crate::runtime::store::Inner;
use crate::runtime::{Store, StoreContextMut};

/// A transition between the embedder's code and a program, for [`Store::call_hook`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallHook {
    /// The embedder calls a function of a module.
    CallingWasm,
    /// That function has returned or failed.
    ReturningFromWasm,
    /// A program calls a host function.
    CallingHost,
    /// That function has returned or failed.
    ReturningFromHost,
}

impl CallHook {
    /// Returns whether the embedder's code runs after the transition.
    #[must_use]
    pub fn entering_host(self) -> bool {
        matches!(self, Self::ReturningFromWasm | Self::CallingHost)
    }

    /// Returns whether a program runs after the transition.
    #[must_use]
    pub fn exiting_host(self) -> bool {
        !self.entering_host()
    }
}

pub(crate) type Hook<T> =
    Box<dyn FnMut(StoreContextMut<'_, T>, CallHook) -> Result<(), Error> + Send + Sync>;

impl<T> Store<T> {
    /// Calls `hook` when the embedder calls a program, when a program calls the embedder, and when these calls end. An
    /// error of the hook stops the call.
    ///
    /// A direct call of a host function by the embedder is no transition. Calls that the hook itself makes are not
    /// reported. Calls between wasm functions are not affected, even if they cross instances.
    ///
    /// ```
    /// use interp::{CallHook, Error, Instance, Linker, Module, Store};
    ///
    /// fn main() -> Result<(), Error> {
    ///     let program = wat::parse_str(
    ///         r#"(module (import "host" "work" (func $work)) (func (export "run") (call $work)))"#,
    ///     );
    ///     let mut store = Store::new(&Default::default(), Vec::new());
    ///     let module = Module::new(store.engine(), program.map_err(Error::host)?)?;
    ///     let mut linker = Linker::new(store.engine());
    ///     linker.func_wrap("host", "work", || ())?;
    ///     let instance = linker.instantiate(&mut store, &module)?;
    ///
    ///     store.call_hook(|mut store, change| {
    ///         store.data_mut().push(change);
    ///         Ok(())
    ///     });
    ///     instance.get_typed_func::<(), ()>(&store, "run")?.call(&mut store, ())?;
    ///     let expected = [
    ///         CallHook::CallingWasm,
    ///         CallHook::CallingHost,
    ///         CallHook::ReturningFromHost,
    ///         CallHook::ReturningFromWasm,
    ///     ];
    ///     assert_eq!(*store.data(), expected);
    ///     Ok(())
    /// }
    /// ```
    pub fn call_hook(
        &mut self,
        hook: impl FnMut(StoreContextMut<'_, T>, CallHook) -> Result<(), Error> + Send + Sync + 'static,
    ) {
        self.0.hook = Some(Box::new(hook));
    }
}

impl<T> Inner<T> {
    /// Calls the hook for a transition, if there is a hook.
    #[inline]
    pub(crate) fn hook(&mut self, change: CallHook) -> Result<(), Error> {
        match self.hook.is_some() {
            true => self.show(change),
            false => Ok(()),
        }
    }

    #[cold]
    fn show(&mut self, change: CallHook) -> Result<(), Error> {
        // The hook is taken out of the store while it runs, because it receives the store.
        let mut running = Running {
            hook: self.hook.take(),
            inner: self,
        };
        match &mut running.hook {
            Some(hook) => hook(
                StoreContextMut {
                    inner: running.inner,
                },
                change,
            ),
            None => Ok(()),
        }
    }
}

/// A hook while it runs. It returns to its store even if it panics.
struct Running<'a, T: 'static> {
    hook: Option<Hook<T>>,
    inner: &'a mut Inner<T>,
}

impl<T: 'static> Drop for Running<'_, T> {
    fn drop(&mut self) {
        self.inner.hook = self.hook.take();
    }
}
