//! [`Instance`]: a module with its imports.

use wasmparser::ExternalKind;

use crate::Error;
use crate::compile::Positions;
use crate::runtime::entity::InstanceEntity;
use crate::runtime::entity::handle::{Handle, StoreId};
use crate::runtime::item::func::{TypedFunc, WasmTyList};
use crate::runtime::link::instantiate;
use crate::runtime::store::state::State;
use crate::runtime::{AsContext, AsContextMut, Extern, Func, Global, Memory, Module, Table};

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// An instance in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instance(Handle);

/// An export of an instance.
#[derive(Clone, Debug)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// The exported item.
    pub value: Extern,
}

impl Instance {
    /// Instantiates `module` and runs its start function. `imports` has the order in which the module declares them. A
    /// [`Linker`](crate::Linker) finds imports by name.
    ///
    /// # Errors
    /// Fails if an import is missing or has the wrong type, if a segment does not fit into its table or memory, or if a
    /// limit forbids the instance. Also returns an error of the start function.
    /// limit forbids the instance; and whatever stops the start function.
    pub fn instantiate(
        mut ctx: impl AsContextMut,
        module: &Module,
        imports: &[Extern],
    ) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let index = instantiate::instantiate(inner, module, imports)?;
        Ok(Self::new(inner.state.id, index))
    }

    pub(crate) fn new(store: StoreId, index: u32) -> Self {
        Self(Handle::new(store, index as usize))
    }

    /// The module.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store.
    #[must_use]
    pub fn module(self, ctx: impl AsContext) -> Module {
        let module = &self.entity(&ctx.as_context().inner.state).module;
        #[cfg(feature = "probes")]
        return module.original();
        #[cfg(not(feature = "probes"))]
        module.clone()
    }

    /// The positions in the module of the ops of defined function `func`, as this instance has them: in a store with probes, ops are not
    /// joined. The function is lowered again for them, unless the module was read in lowered form.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store, or if the module does not define the function.
    #[must_use]
    pub fn positions(self, ctx: impl AsContext, func: u32) -> Positions {
        self.entity(&ctx.as_context().inner.state)
            .module
            .positions(func)
    }

    /// Its exports, in order.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store.
    #[must_use]
    pub fn exports(self, ctx: impl AsContext) -> Vec<Export> {
        let state = &ctx.as_context().inner.state;
        let entity = self.entity(state);
        let exports = entity.module.info().exports();
        exports
            .map(|export| Export {
                name: export.name.into(),
                value: resolve(state, entity, &export),
            })
            .collect()
    }

    /// Returns the export `name`.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store.
    #[must_use]
    pub fn get_export(self, ctx: impl AsContext, name: &str) -> Option<Extern> {
        let state = &ctx.as_context().inner.state;
        let entity = self.entity(state);
        let mut exports = entity.module.info().exports();
        let export = exports.find(|export| export.name == name)?;
        Some(resolve(state, entity, &export))
    }

    /// Returns the exported function `name`.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store.
    #[must_use]
    pub fn get_func(self, ctx: impl AsContext, name: &str) -> Option<Func> {
        self.get_export(ctx, name)?.into_func()
    }

    /// Returns the exported function `name` with a Rust type.
    ///
    /// # Errors
    /// Fails if it does not exist, if it has another type, or if the instance belongs to another store.
    pub fn get_typed_func<P: WasmTyList, R: WasmTyList>(
        self,
        ctx: impl AsContext,
        name: &str,
    ) -> Result<TypedFunc<P, R>, Error> {
        self.check(&ctx)?;
        let func = self.get_func(&ctx, name);
        let func =
            func.ok_or_else(|| Error::new(format!("no function is exported as `{name}`")))?;
        let typed = func.typed(ctx);
        typed.map_err(|error| Error::new(format!("the export `{name}` does not fit: {error}")))
    }

    /// Returns the exported memory `name`.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store.
    #[must_use]
    pub fn get_memory(self, ctx: impl AsContext, name: &str) -> Option<Memory> {
        self.get_export(ctx, name)?.into_memory()
    }

    /// Returns the exported global `name`.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store.
    #[must_use]
    pub fn get_global(self, ctx: impl AsContext, name: &str) -> Option<Global> {
        self.get_export(ctx, name)?.into_global()
    }

    /// Returns the exported table `name`.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store.
    #[must_use]
    pub fn get_table(self, ctx: impl AsContext, name: &str) -> Option<Table> {
        self.get_export(ctx, name)?.into_table()
    }

    /// Returns the exported tag `name`.
    ///
    /// # Panics
    /// Panics if the instance belongs to another store.
    #[cfg(feature = "exceptions")]
    #[must_use]
    pub fn get_tag(self, ctx: impl AsContext, name: &str) -> Option<crate::runtime::Tag> {
        self.get_export(ctx, name)?.into_tag()
    }

    /// Fails if the instance belongs to another store.
    pub(crate) fn check(self, ctx: impl AsContext) -> Result<(), Error> {
        self.0.find(ctx.as_context().inner.state.id).map(|_| ())
    }

    /// Returns the function with this index, exported or not. Imported functions come first. This is for debugging tools.
    #[must_use]
    pub fn debug_func(self, ctx: impl AsContext, index: u32) -> Option<Func> {
        let state = &ctx.as_context().inner.state;
        let entity = self.entity(state);
        let known = (index as usize) < entity.module.info().funcs().len();
        known.then(|| Func(Handle::new(state.id, entity.func(index) as usize)))
    }

    /// Returns the global with this index, exported or not. Imported globals come first. This is for debugging tools.
    #[must_use]
    pub fn debug_global(self, ctx: impl AsContext, index: u32) -> Option<Global> {
        let state = &ctx.as_context().inner.state;
        let global = *self.entity(state).globals.get(index as usize)?;
        Some(Global(Handle::new(state.id, global as usize)))
    }

    /// Returns the memory with this index, exported or not. Imported memories come first. This is for debugging tools.
    #[must_use]
    pub fn debug_memory(self, ctx: impl AsContext, index: u32) -> Option<Memory> {
        let state = &ctx.as_context().inner.state;
        let memory = *self.entity(state).memories.get(index as usize)?;
        Some(Memory(Handle::new(state.id, memory as usize)))
    }

    fn entity(self, state: &State) -> &InstanceEntity {
        &state.instances[self.0.index_in(state.id)]
    }
}

/// Returns the store's item for an export.
fn resolve(state: &State, entity: &InstanceEntity, export: &wasmparser::Export<'_>) -> Extern {
    let index = export.index;
    let handle = |index: u32| Handle::new(state.id, index as usize);
    match export.kind {
        ExternalKind::Func | ExternalKind::FuncExact => {
            Extern::Func(Func(handle(entity.func(index))))
        }
        ExternalKind::Table => Extern::Table(Table(handle(entity.tables[index as usize]))),
        ExternalKind::Memory => Extern::Memory(Memory(handle(entity.memories[index as usize]))),
        ExternalKind::Global => Extern::Global(Global(handle(entity.globals[index as usize]))),
        #[cfg(feature = "exceptions")]
        ExternalKind::Tag => Extern::Tag(crate::runtime::Tag(handle(entity.tags[index as usize]))),
        #[cfg(not(feature = "exceptions"))]
        ExternalKind::Tag => unreachable!("validation refuses exceptions"),
    }
}
