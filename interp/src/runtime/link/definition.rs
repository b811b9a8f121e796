//! [`Definition`]: the value of a name in a linker.

use alloc::format;

use crate::Error;
use crate::compile::Spelled;
use crate::runtime::entity::handle::Handle;
use crate::runtime::item::func::HostFunc;
use crate::runtime::module::ImportType;
use crate::runtime::types::ExternType;
use crate::runtime::{Engine, Extern, Func, StoreContextMut};

/// An item of a store, or a host function that belongs to no store yet.
pub(super) enum Definition<T: 'static> {
    Extern(Extern),
    Host(HostFunc<T>),
}

impl<T> Definition<T> {
    /// Returns the item in the store. A host function is added to the store at its first use.
    pub(super) fn in_store(&self, ctx: &mut StoreContextMut<'_, T>) -> Extern {
        match self {
            Self::Extern(item) => *item,
            Self::Host(func) => {
                let index = ctx.inner.link_host_func(func);
                Extern::Func(Func(Handle::new(ctx.inner.state.id, index)))
            }
        }
    }

    /// Checks the type of a host function. Instantiation checks all other types.
    pub(super) fn check(&self, import: &ImportType<'_>, engine: &Engine) -> Result<(), Error> {
        let Self::Host(func) = self else {
            return Ok(());
        };
        let ty = ExternType::Func(func.ty().clone());
        if ty.matches(&import.ty, engine) {
            return Ok(());
        }
        Err(Error::new(format!(
            "incompatible import type for `{}.{}`: the module wants {}, but {ty} is defined",
            Spelled(import.module),
            Spelled(import.name),
            import.ty
        )))
    }
}

impl<T> Clone for Definition<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Extern(item) => Self::Extern(*item),
            Self::Host(func) => Self::Host(func.clone()),
        }
    }
}

impl<T> core::fmt::Debug for Definition<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Extern(item) => item.fmt(f),
            Self::Host(func) => write!(f, "host func {}", func.ty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Engine, Error, Extern, Linker, Module, Store};

    #[test]
    fn a_store_has_a_host_function_once_however_often_it_is_linked() -> Result<(), Error> {
        let program = r#"(module
            (import "host" "nothing" (func))
            (import "host" "same" (func (param i32) (result i32)))
            (import "alias" "same" (func (param i32) (result i32))))"#;
        let engine = Engine::default();
        let module = Module::new(&engine, wat::parse_str(program).map_err(Error::host)?)?;
        let mut linker = Linker::new(&engine);
        linker.func_wrap("host", "nothing", || ())?;
        linker.func_wrap("host", "same", |value: i32| value)?;
        linker.alias_module("host", "alias")?;
        let mut store = Store::new(&engine, ());
        for _ in 0..100_000 {
            linker.instantiate(&mut store, &module)?;
        }
        assert_eq!((store.0.hosts.len(), store.0.state.funcs.len()), (2, 2));
        // Every other way to look up the name gives the same function, and so does a clone of the linker.
        let found = |item: Option<Extern>| item.and_then(Extern::into_func);
        let one = found(linker.get(&mut store, "host", "same"));
        assert_eq!(found(linker.clone().get(&mut store, "alias", "same")), one);
        assert_eq!(linker.iter(&mut store).count(), 4);
        linker.instantiate_pre(&module)?.instantiate(&mut store)?;
        assert_eq!(store.0.hosts.len(), 2);
        // Another closure is a different function, even with the same name and type.
        linker.allow_shadowing(true);
        linker.func_wrap("host", "same", |value: i32| -value)?;
        assert_ne!(found(linker.get(&mut store, "host", "same")), one);
        assert_eq!(store.0.hosts.len(), 3);
        // The next store starts without it.
        let mut other = Store::new(&engine, ());
        linker.instantiate(&mut other, &module)?;
        assert_eq!(other.0.hosts.len(), 3);
        Ok(())
    }
}
