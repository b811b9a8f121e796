//! [`InstancePre`]: a module with its imports, ready to be instantiated many times.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::Error;
use crate::runtime::link::definition::Definition;
use crate::runtime::link::instantiate;
use crate::runtime::{AsContextMut, Extern, Instance, Module};

/// A module whose imports a [`Linker`](crate::Linker) has found.
/// [`Linker::instantiate_pre`](crate::Linker::instantiate_pre) creates it.
///
/// Names are looked up, and the types of host functions checked, once. Later changes of the linker have no effect. If no
/// import belongs to a store, it can be used with any number of stores and from several threads. Otherwise it can be used
/// with that store only. Cheap to clone.
#[derive(Debug)]
pub struct InstancePre<T: 'static> {
    module: Module,
    imports: Arc<[Definition<T>]>,
}

impl<T> InstancePre<T> {
    /// `imports` must have the number and order of the module's declarations.
    pub(super) fn new(module: &Module, imports: Vec<Definition<T>>) -> Result<Self, Error> {
        for (import, definition) in module.imports().zip(&imports) {
            definition.check(&import, module.engine())?;
        }
        Ok(Self {
            module: module.clone(),
            imports: imports.into(),
        })
    }

    /// The module.
    #[must_use]
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// Creates an instance and runs its start function.
    ///
    /// # Errors
    /// Fails if the store has another engine than the module, or if an import belongs to another store. Otherwise the
    /// errors of [`Instance::instantiate`].
    pub fn instantiate(&self, mut ctx: impl AsContextMut<Data = T>) -> Result<Instance, Error> {
        let mut ctx = ctx.as_context_mut();
        // Checks everything before the store is changed.
        instantiate::check_engine(ctx.inner, &self.module)?;
        let of_stores = |definition: &Definition<T>| matches!(definition, Definition::Extern(_));
        if self.imports.iter().any(of_stores) {
            for (import, definition) in self.module.imports().zip(&*self.imports) {
                if let Definition::Extern(item) = definition {
                    instantiate::check_import(ctx.inner, &import, *item)?;
                }
            }
        }
        let imports: Vec<Extern> = self
            .imports
            .iter()
            .map(|definition| definition.in_store(&mut ctx))
            .collect();
        let index = instantiate::instantiate_checked(ctx.inner, &self.module, &imports)?;
        Ok(Instance::new(ctx.inner.state.id, index))
    }
}

impl<T> Clone for InstancePre<T> {
    fn clone(&self) -> Self {
        Self {
            module: self.module.clone(),
            imports: self.imports.clone(),
        }
    }
}
