//! What verification must know of a module, from its decoded sections.

use alloc::boxed::Box;
use alloc::format;

use wasmparser::{ElementItems, FuncType, GlobalType, HeapType, RefType, ValType};

use crate::compile::error::{ModuleError, ModuleErrorKind};
use crate::compile::module::ModuleInfo;
use crate::verify::{Global, Signature, Surroundings};

/// A module, and the types of its element segments.
pub(super) struct Around<'a> {
    pub(super) info: &'a ModuleInfo,
    pub(super) elements: &'a [u32],
}

impl Around<'_> {
    /// The slots of a function's parameters and results, if none is a reference.
    pub(super) fn signature(&self, ty: &FuncType) -> Option<Signature> {
        let slots = |types: &[ValType]| {
            let has_reference = types.iter().any(|ty| matches!(ty, ValType::Ref(_)));
            (!has_reference).then(|| u16::try_from(self.info.slots(types)).ok())?
        };
        Some(Signature {
            params: slots(ty.params())?,
            results: slots(ty.results())?,
        })
    }

    fn of_func(&self, func: u32) -> Option<Signature> {
        let ty = *self.info.funcs().get(func as usize)?;
        self.signature(&self.info.types()[ty as usize])
    }

    fn number(&self, ty: GlobalType) -> Option<Global> {
        match ty.content_type {
            ValType::Ref(_) => None,
            content => Some(Global {
                mutable: ty.mutable,
                is_vector: content == ValType::V128,
            }),
        }
    }
}

impl Surroundings for Around<'_> {
    fn func(&self, defined: u32) -> Option<Signature> {
        self.of_func(self.info.imported_funcs().checked_add(defined)?)
    }

    fn import(&self, import: u32) -> Option<Signature> {
        (import < self.info.imported_funcs()).then(|| self.of_func(import))?
    }

    fn ty(&self, index: u32) -> Option<Signature> {
        self.signature(self.info.types().get(index as usize)?)
    }

    fn own_global(&self, slot: u32) -> Option<Global> {
        let global = self.info.global_at_own_slot(slot)?;
        let own = global - self.info.imported_globals();
        let begins = self.info.own_global_slot(own) == slot;
        let number = self.number(self.info.global_type(global))?;
        Some(Global {
            is_vector: number.is_vector && begins,
            ..number
        })
    }

    fn global(&self, global: u32) -> Option<Global> {
        self.number(*self.info.globals().get(global as usize)?)
    }

    fn memories(&self) -> u32 {
        // Validation allows 100.
        self.info.memories().len() as u32
    }

    fn table(&self, table: u32) -> Option<u32> {
        let table = self.info.tables().get(table as usize)?;
        Some(number_of(table.element_type))
    }

    fn element(&self, element: u32) -> Option<u32> {
        self.elements.get(element as usize).copied()
    }

    fn data(&self) -> u32 {
        self.info.data_count()
    }

    fn tag(&self, tag: u32) -> Option<u16> {
        #[cfg(feature = "exceptions")]
        if let Some(ty) = self.info.tags().get(tag as usize) {
            let values = self.signature(&self.info.types()[*ty as usize])?;
            return Some(values.params);
        }
        let _ = tag;
        None
    }
}

/// A number for the type of references: the same for types whose references are told apart when they are used.
fn number_of(ty: RefType) -> u32 {
    use wasmparser::AbstractHeapType::{Extern, Func, NoExtern, NoFunc};
    match ty.heap_type() {
        HeapType::Abstract {
            ty: Func | NoFunc, ..
        } => 0,
        HeapType::Abstract {
            ty: Extern | NoExtern,
            ..
        } => 1,
        HeapType::Abstract { ty, .. } => 2 + ty as u32,
        // Of objects or of functions: such a table is only equal to itself.
        HeapType::Concrete(_) | HeapType::Exact(_) => u32::MAX,
    }
}

/// For each element segment, a number for the type of its elements.
pub(super) fn element_types(info: &ModuleInfo) -> Box<[u32]> {
    let types = info.elements().map(|element| match element.items {
        ElementItems::Functions(_) => 0,
        ElementItems::Expressions(ty, _) => number_of(ty),
    });
    types.collect()
}

/// Fails if a function or a tag of the module has references: a changed file could make them of numbers.
pub(super) fn refuse_references(info: &ModuleInfo) -> Result<(), ModuleError> {
    let has = |types: &[ValType]| types.iter().any(|ty| matches!(ty, ValType::Ref(_)));
    let is_wrong = |ty: u32| {
        let ty = &info.types()[ty as usize];
        has(ty.params()) || has(ty.results())
    };
    if let Some(func) = info.funcs().iter().position(|ty| is_wrong(*ty)) {
        let message = format!(
            "function {func} has references as parameters or results, which a lowered module cannot have"
        );
        return Err(ModuleError::new(ModuleErrorKind::Unsupported, 0, message));
    }
    #[cfg(feature = "exceptions")]
    if let Some(tag) = info.tags().iter().position(|ty| is_wrong(*ty)) {
        let message = format!("tag {tag} has references, which a lowered module cannot have");
        return Err(ModuleError::new(ModuleErrorKind::Unsupported, 0, message));
    }
    Ok(())
}
