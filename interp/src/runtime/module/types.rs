//! The types that a module declares, with the numbers that its engine gives them.

use super::Module;
use crate::compile::module::ModuleInfo;
use crate::runtime::Engine;
use crate::runtime::engine::TypeUses;
use crate::runtime::types::{FuncType, GlobalType, TableType};

/// Numbers the types of a module.
#[cfg(not(feature = "gc"))]
pub(super) fn numbered(engine: &Engine, info: &ModuleInfo) -> TypeUses {
    let mut types = TypeUses::new(engine);
    for ty in info.types() {
        // References have no types of modules.
        types.add(&FuncType::from_wasm(ty, &|index| index));
    }
    types
}

/// Numbers the types of a module.
#[cfg(feature = "gc")]
pub(super) fn numbered(engine: &Engine, info: &ModuleInfo) -> TypeUses {
    use crate::runtime::engine::groups::{Group, own};
    let mut types = TypeUses::new(engine);
    for (first, members) in info.type_groups() {
        let known = types.numbers();
        let number = |index: u32| match index.checked_sub(first) {
            Some(place) => own(place),
            None => known[index as usize],
        };
        let group = Group::new(
            members
                .iter()
                .map(|member| definition(member, &number))
                .collect(),
        );
        types.add_group(group);
    }
    types
}

/// Converts the decoder's declaration of a type.
#[cfg(feature = "gc")]
fn definition(
    ty: &wasmparser::SubType,
    number: &dyn Fn(u32) -> u32,
) -> crate::runtime::engine::groups::Definition {
    use crate::runtime::engine::groups::{Composite, Definition};
    use crate::runtime::{FieldType, StorageType, ValType};
    use wasmparser::CompositeInnerType;

    let field = |ty: &wasmparser::FieldType| FieldType {
        storage: match ty.element_type {
            wasmparser::StorageType::I8 => StorageType::I8,
            wasmparser::StorageType::I16 => StorageType::I16,
            wasmparser::StorageType::Val(ty) => StorageType::Val(ValType::from_wasm(ty, number)),
        },
        mutable: ty.mutable,
    };
    let composite = match &ty.composite_type.inner {
        CompositeInnerType::Func(ty) => Composite::Func(FuncType::from_wasm(ty, number)),
        CompositeInnerType::Struct(ty) => Composite::Struct(ty.fields.iter().map(field).collect()),
        CompositeInnerType::Array(ty) => Composite::Array(field(&ty.0)),
        // Validation admits no continuations.
        CompositeInnerType::Cont(_) => Composite::Func(FuncType::new([], [])),
    };
    let supertype = ty.supertype_idxs.first();
    Definition {
        is_final: ty.is_final,
        supertype: supertype.and_then(|index| Some(number(index.as_module_index()?))),
        composite,
    }
}

impl Module {
    /// The engine's number of type `index`.
    pub(crate) fn type_number(&self, index: u32) -> u32 {
        self.types()[index as usize]
    }

    /// Function type `index`.
    pub(crate) fn func_type(&self, index: u32) -> FuncType {
        #[cfg(feature = "gc")]
        return self.engine().type_of(self.type_number(index));
        #[cfg(not(feature = "gc"))]
        FuncType::from_wasm(&self.info().types()[index as usize], &|index| index)
    }

    pub(crate) fn table_type(&self, ty: wasmparser::TableType) -> TableType {
        TableType::from_wasm(ty, &|index| self.type_number(index))
    }

    pub(crate) fn global_type(&self, ty: wasmparser::GlobalType) -> GlobalType {
        GlobalType::from_wasm(ty, &|index| self.type_number(index))
    }
}
