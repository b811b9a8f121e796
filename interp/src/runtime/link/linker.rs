//! [`Linker`]: resolves the imports of modules by name.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::{self, Vec};

use hashbrown::HashMap;

use crate::Error;
use crate::compile::Spelled;
use crate::runtime::item::func::{HostFunc, IntoFunc};
use crate::runtime::link::definition::Definition;
use crate::runtime::module::ImportType;
use crate::runtime::types::FuncType;
use crate::runtime::{
    AsContext, AsContextMut, Caller, Engine, Extern, Instance, InstancePre, Module, StoreContext,
    Val,
};

/// A map from names to items.
///
/// Host functions defined here belong to no store, so one linker can be used for many stores. Any other item belongs to the
/// store in which it was created.
///
/// ```
/// use interp::{Engine, Error, Linker, Module, Store, Val};
///
/// fn main() -> Result<(), Error> {
///     let program = r#"(module
///         (import "host" "add" (func $add (param i32 i32) (result i32)))
///         (import "host" "unknown" (func $unknown (result i64)))
///         (import "host" "base" (global $base i32))
///         (func (export "run") (result i32)
///             (drop (call $unknown))
///             (call $add (global.get $base) (i32.const 2))))"#;
///     let program = wat::parse_str(program).map_err(Error::host)?;
///     let engine = Engine::default();
///     Module::validate(&engine, &program)?;
///     let module = Module::new(&engine, program)?;
///
///     let mut linker = Linker::new(&engine);
///     linker.func_wrap("host", "add", |a: i32, b: i32| a + b)?;
///     let mut store = Store::new(&engine, ());
///     // All imports that are not defined yet: functions that return zeros, a global that is zero.
///     linker.define_unknown_imports_as_default_values(&mut store, &module)?;
///     let names: Vec<_> = linker.iter(&mut store).map(|(_, name, _)| name).collect();
///     assert_eq!(names, ["add", "base", "unknown"]);
///
///     // Imports are looked up and checked once for many instances.
///     let ready = linker.instantiate_pre(&module)?;
///     for _ in 0..3 {
///         let instance = ready.instantiate(&mut store)?;
///         let run = instance.get_func(&store, "run").ok_or(Error::new("no function"))?;
///         let mut results = [Val::I32(0)];
///         run.call(&mut store, &[], &mut results)?;
///         assert_eq!(results, [Val::I32(2)]);
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct Linker<T: 'static> {
    engine: Engine,
    /// By module, then by name.
    modules: HashMap<String, HashMap<String, Definition<T>>>,
    shadowing: bool,
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

    /// The engine of the linker.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Sets whether a definition may replace another one of the same name.
    pub fn allow_shadowing(&mut self, yes: bool) -> &mut Self {
        self.shadowing = yes;
        self
    }

    /// Defines a host function from a closure ([`Func::wrap`](crate::Func::wrap)).
    ///
    /// # Errors
    /// Fails if the name is taken. The same holds for all methods that define.
    pub fn func_wrap<Params, Results>(
        &mut self,
        module: &str,
        name: &str,
        func: impl IntoFunc<T, Params, Results>,
    ) -> Result<&mut Self, Error> {
        self.insert(module, name, Definition::Host(func.into_func()))
    }

    /// Defines a host function whose type is known at run time only ([`Func::new`](crate::Func::new)).
    ///
    /// # Errors
    /// Fails if the name is taken, or if `ty` has more than 1,000 parameters or results.
    pub fn func_new(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<&mut Self, Error> {
        HostFunc::<T>::check(&ty)?;
        self.insert(module, name, Definition::Host(HostFunc::dynamic(ty, func)))
    }

    /// Defines an item of a store.
    ///
    /// # Errors
    /// Fails if the name is taken.
    pub fn define(
        &mut self,
        module: &str,
        name: &str,
        item: impl Into<Extern>,
    ) -> Result<&mut Self, Error> {
        self.insert(module, name, Definition::Extern(item.into()))
    }

    /// Defines all exports of an instance under the module name `module`.
    ///
    /// # Errors
    /// Fails if a name is taken, or if the instance belongs to another store.
    pub fn instance(
        &mut self,
        ctx: impl AsContext,
        module: &str,
        instance: Instance,
    ) -> Result<&mut Self, Error> {
        instance.check(&ctx)?;
        for export in instance.exports(ctx) {
            self.define(module, &export.name, export.value)?;
        }
        Ok(self)
    }

    /// Defines all items of `module` under the module name `as_module` as well.
    ///
    /// # Errors
    /// Fails if the module does not exist, or if a name is taken.
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

    /// Returns the definition of a name. A host function is added to the given store.
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

    /// Returns all definitions in alphabetical order of module and name. Host functions are added to the given store.
    pub fn iter(
        &self,
        mut ctx: impl AsContextMut<Data = T>,
    ) -> vec::IntoIter<(&str, &str, Extern)> {
        let mut ctx = ctx.as_context_mut();
        let mut all = Vec::new();
        for (module, names) in &self.modules {
            for (name, definition) in names {
                all.push((
                    module.as_str(),
                    name.as_str(),
                    definition.in_store(&mut ctx),
                ));
            }
        }
        all.sort_unstable_by_key(|(module, name, _)| (*module, *name));
        all.into_iter()
    }

    /// Finds the imports of `module` and checks the types of host functions, once for many instances.
    ///
    /// # Errors
    /// Fails if an import is not defined, or if a host function has another type.
    pub fn instantiate_pre(&self, module: &Module) -> Result<InstancePre<T>, Error> {
        let find = |import: ImportType<'_>| {
            let found = self.find(import.module, import.name).cloned();
            found.ok_or_else(|| unknown(&import))
        };
        let imports = module.imports().map(find).collect::<Result<_, _>>()?;
        InstancePre::new(module, imports)
    }

    /// Instantiates `module` with its imports.
    ///
    /// # Errors
    /// Fails if an import is not defined. Otherwise the errors of [`Instance::instantiate`].
    pub fn instantiate(
        &self,
        ctx: impl AsContextMut<Data = T>,
        module: &Module,
    ) -> Result<Instance, Error> {
        self.instantiate_pre(module)?.instantiate(ctx)
    }

    /// Instantiates `module` and defines its exports under the module name `name`.
    ///
    /// # Errors
    /// The errors of [`Linker::instantiate`]. Also fails if a name is taken.
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

    pub(super) fn find(&self, module: &str, name: &str) -> Option<&Definition<T>> {
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

pub(super) fn unknown(import: &ImportType<'_>) -> Error {
    Error::new(format!(
        "unknown import: the module wants `{}.{}` ({}), which is not defined",
        Spelled(import.module),
        Spelled(import.name),
        import.ty
    ))
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
