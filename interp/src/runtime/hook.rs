//! Call hooks: the embedder sees each change between its own code and programs.

use alloc::boxed::Box;

use super::store::Inner;
use super::{Store, StoreContextMut};
use crate::Error;

/// A change between the embedder's code and a program, for [`Store::call_hook`].
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
    /// Whether the embedder's code runs after the change.
    #[must_use]
    pub fn entering_host(self) -> bool {
        matches!(self, Self::ReturningFromWasm | Self::CallingHost)
    }

    /// Whether a program runs after the change.
    #[must_use]
    pub fn exiting_host(self) -> bool {
        !self.entering_host()
    }
}

pub(crate) type Hook<T> =
    Box<dyn FnMut(StoreContextMut<'_, T>, CallHook) -> Result<(), Error> + Send + Sync>;

impl<T> Store<T> {
    /// Calls `hook` whenever the embedder calls a program, a program calls the embedder, and at the ends of these calls. An
    /// error from it stops the call.
    ///
    /// A host function that the embedder itself calls is no change. What the hook calls goes unnoticed. Wasm that
    /// calls wasm does so at no cost, also where it leaves its instance.
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
    /// Shows the hook a change, if there is one.
    #[inline]
    pub(crate) fn hook(&mut self, change: CallHook) -> Result<(), Error> {
        match self.hook.is_some() {
            true => self.show(change),
            false => Ok(()),
        }
    }

    #[cold]
    fn show(&mut self, change: CallHook) -> Result<(), Error> {
        // It is not there while it runs: it gets the store.
        let Some(mut hook) = self.hook.take() else {
            return Ok(());
        };
        let outcome = hook(StoreContextMut { inner: self }, change);
        self.hook = Some(hook);
        outcome
    }
}
