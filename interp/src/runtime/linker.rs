//! [`Linker`]: gives modules what they import, by name.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::func::{HostFunc, IntoFunc};
use super::handle::Handle;
use super::module::ImportType;
use super::types::{ExternType, FuncType};
use super::{
    AsContext, AsContextMut, Caller, Engine, Extern, Func, Instance, Module, StoreContext,
    StoreContextMut, Val,
};
use crate::Error;

/// Names, and what they stand for.
///
/// Host functions defined here belong to no store: one linker serves many. Anything else belongs to the store
/// that it was made in.
#[derive(Debug)]
pub struct Linker<T: 'static> {
    engine: Engine,
    /// By module, then by name.
    modules: HashMap<String, HashMap<String, Definition<T>>>,
    shadowing: bool,
}

enum Definition<T: 'static> {
    Extern(Extern),
    Host(HostFunc<T>),
}

impl<T> Linker<T> {
    /// A linker without definitions.
    #[must_use]
    pub fn new(engine: &Engine) -> Self {
        Self {
            engine: engine.clone(),
            modules: HashMap::new(),
            shadowing: false,
        }
    }

    /// The engine that it was made with.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether a definition may replace one of the same name.
    pub fn allow_shadowing(&mut self, yes: bool) -> &mut Self {
        self.shadowing = yes;
        self
    }

    /// Defines a host function from a closure ([`Func::wrap`]).
    ///
    /// # Errors
    /// If the name is taken. This holds for all methods that define.
    pub fn func_wrap<Params, Results>(
        &mut self,
        module: &str,
        name: &str,
        func: impl IntoFunc<T, Params, Results>,
    ) -> Result<&mut Self, Error> {
        self.insert(module, name, Definition::Host(func.into_func()))
    }

    /// Defines a host function whose type is only known when the program runs ([`Func::new`]).
    ///
    /// # Errors
    /// If the name is taken.
    pub fn func_new(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<&mut Self, Error> {
        self.insert(module, name, Definition::Host(HostFunc::dynamic(ty, func)))
    }

    /// Defines something of a store.
    ///
    /// # Errors
    /// If the name is taken.
    pub fn define(
        &mut self,
        module: &str,
        name: &str,
        item: impl Into<Extern>,
    ) -> Result<&mut Self, Error> {
        self.insert(module, name, Definition::Extern(item.into()))
    }

    /// Defines all exports of an instance, as those of `module`.
    ///
    /// # Errors
    /// If a name is taken.
    pub fn instance(
        &mut self,
        ctx: impl AsContext,
        module: &str,
        instance: Instance,
    ) -> Result<&mut Self, Error> {
        for export in instance.exports(ctx) {
            self.define(module, &export.name, export.value)?;
        }
        Ok(self)
    }

    /// Defines all that `module` has under the name `as_module` too.
    ///
    /// # Errors
    /// If there is no such module, or a name is taken.
    pub fn alias_module(&mut self, module: &str, as_module: &str) -> Result<&mut Self, Error> {
        let Some(names) = self.modules.get(module) else {
            return Err(Error::new(format!("no module `{module}` is defined")));
        };
        let copies: Vec<_> = names
            .iter()
            .map(|(name, definition)| (name.clone(), definition.clone()))
            .collect();
        for (name, definition) in copies {
            self.insert(as_module, &name, definition)?;
        }
        Ok(self)
    }

    /// Defines whatever function `module` imports and nobody has defined, as one that fails when
    /// it is called.
    ///
    /// # Errors
    /// If something else than a function is missing.
    pub fn define_unknown_imports_as_traps(&mut self, module: &Module) -> Result<(), Error> {
        for import in module.imports() {
            if self.find(import.module, import.name).is_some() {
                continue;
            }
            let ExternType::Func(ty) = &import.ty else {
                return Err(unknown(&import));
            };
            let message = format!(
                "the program called `{}.{}`, which is not defined",
                import.module, import.name
            );
            self.func_new(import.module, import.name, ty.clone(), move |_, _, _| {
                Err(Error::new(message.clone()))
            })?;
        }
        Ok(())
    }

    /// What is defined under a name. A host function becomes one of the store that is given.
    #[must_use]
    pub fn get(
        &self,
        mut ctx: impl AsContextMut<Data = T>,
        module: &str,
        name: &str,
    ) -> Option<Extern> {
        let definition = self.find(module, name)?;
        Some(definition.in_store(&mut ctx.as_context_mut()))
    }

    /// Instantiates `module` with the imports that it names.
    ///
    /// # Errors
    /// If something that it imports is not defined; else as [`Instance::instantiate`].
    pub fn instantiate(
        &self,
        mut ctx: impl AsContextMut<Data = T>,
        module: &Module,
    ) -> Result<Instance, Error> {
        let mut ctx = ctx.as_context_mut();
        // Everything is looked up and checked before anything is added to the store.
        let definitions = module
            .imports()
            .map(|import| {
                let found = self.find(import.module, import.name);
                found.ok_or_else(|| unknown(&import))
            })
            .collect::<Result<Vec<_>, _>>()?;
        for (import, definition) in module.imports().zip(&definitions) {
            definition.check(&import)?;
        }
        let imports: Vec<Extern> = definitions
            .iter()
            .map(|definition| definition.in_store(&mut ctx))
            .collect();
        Instance::instantiate(ctx, module, &imports)
    }

    /// Instantiates `module` and defines its exports as those of `name`.
    ///
    /// # Errors
    /// As [`Linker::instantiate`], and if a name is taken.
    pub fn module(
        &mut self,
        mut ctx: impl AsContextMut<Data = T>,
        name: &str,
        module: &Module,
    ) -> Result<&mut Self, Error> {
        let instance = self.instantiate(&mut ctx, module)?;
        let ctx: StoreContext<'_, T> = ctx.as_context();
        self.instance(ctx, name, instance)
    }

    fn find(&self, module: &str, name: &str) -> Option<&Definition<T>> {
        self.modules.get(module)?.get(name)
    }

    fn insert(
        &mut self,
        module: &str,
        name: &str,
        definition: Definition<T>,
    ) -> Result<&mut Self, Error> {
        let names = match self.modules.get_mut(module) {
            Some(names) => names,
            None => self.modules.entry(module.to_owned()).or_default(),
        };
        if !self.shadowing && names.contains_key(name) {
            return Err(Error::new(format!(
                "`{module}.{name}` is defined already; `allow_shadowing` lets definitions replace others"
            )));
        }
        names.insert(name.to_owned(), definition);
        Ok(self)
    }
}

fn unknown(import: &ImportType<'_>) -> Error {
    Error::new(format!(
        "unknown import: the module wants `{}.{}` ({}), which is not defined",
        import.module, import.name, import.ty
    ))
}

impl<T> Definition<T> {
    /// As something of the store.
    fn in_store(&self, ctx: &mut StoreContextMut<'_, T>) -> Extern {
        match self {
            Self::Extern(item) => *item,
            Self::Host(func) => {
                let index = ctx.inner.add_host_func(func.clone());
                Extern::Func(Func(Handle::new(ctx.inner.state.id, index)))
            }
        }
    }

    /// Checks a host function's type; of all else, instantiation checks it.
    fn check(&self, import: &ImportType<'_>) -> Result<(), Error> {
        let Self::Host(func) = self else {
            return Ok(());
        };
        let ty = ExternType::Func(func.ty().clone());
        if ty.matches(&import.ty) {
            return Ok(());
        }
        Err(Error::new(format!(
            "incompatible import type for `{}.{}`: the module wants {}, but {ty} is defined",
            import.module, import.name, import.ty
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

impl<T> Clone for Linker<T> {
    fn clone(&self) -> Self {
        Self {
            engine: self.engine.clone(),
            modules: self.modules.clone(),
            shadowing: self.shadowing,
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
