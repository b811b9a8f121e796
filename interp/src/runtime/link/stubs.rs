//! Definitions of a linker for imports that are not defined otherwise.

use alloc::format;

use crate::Error;
use crate::compile::Spelled;
use crate::runtime::link::linker::unknown;
use crate::runtime::types::{ExternType, FuncType};
use crate::runtime::{AsContextMut, Extern, Global, Linker, Memory, Module, Table, Val};

impl<T> Linker<T> {
    /// Defines all missing function imports of `module` as functions that fail when they are called.
    ///
    /// # Errors
    /// Fails if an item other than a function is missing.
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
                Spelled(import.module),
                Spelled(import.name)
            );
            self.func_new(import.module, import.name, ty.clone(), move |_, _, _| {
                Err(Error::new(message.clone()))
            })?;
        }
        Ok(())
    }

    /// Defines all missing imports of `module`: functions that ignore their arguments and return zeros and nulls, globals
    /// with the value zero or null, memories and tables of the minimum size, and new tags.
    ///
    /// Functions belong to no store. All other items belong to the given store.
    ///
    /// # Errors
    /// Fails if a limit of the store forbids a memory or a table.
    pub fn define_unknown_imports_as_default_values(
        &mut self,
        mut ctx: impl AsContextMut<Data = T>,
        module: &Module,
    ) -> Result<(), Error> {
        for import in module.imports() {
            if self.find(import.module, import.name).is_some() {
                continue;
            }
            let item: Extern = match import.ty {
                ExternType::Func(ty) => {
                    self.define_zeros(import.module, import.name, ty)?;
                    continue;
                }
                ExternType::Global(ty) => {
                    Global::new(&mut ctx, ty, Val::default_for(ty.content))?.into()
                }
                ExternType::Table(ty) => {
                    Table::new(&mut ctx, ty, Val::default_for(ty.element))?.into()
                }
                ExternType::Memory(ty) => Memory::new(&mut ctx, ty)?.into(),
                #[cfg(feature = "exceptions")]
                ExternType::Tag(ty) => crate::runtime::Tag::new(&mut ctx, ty)?.into(),
            };
            self.define(import.module, import.name, item)?;
        }
        Ok(())
    }

    /// Defines a function whose results are zero. They are zero before it runs.
    fn define_zeros(&mut self, module: &str, name: &str, ty: FuncType) -> Result<(), Error> {
        self.func_new(module, name, ty, |_, _, _| Ok(()))?;
        Ok(())
    }
}
