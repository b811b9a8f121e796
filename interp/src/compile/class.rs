//! The classes of wasm's types, and the slots that values of these types take.

use wasmparser::{BlockType, FuncType, ValType};

use super::module::ModuleInfo;
use crate::machine::Class;

/// The class of a type.
#[must_use]
pub(crate) fn class_of(ty: ValType) -> Class {
    match ty {
        ValType::I32 | ValType::I64 => Class::Integer,
        ValType::F32 | ValType::F64 => Class::Float,
        ValType::V128 => Class::Vector,
        ValType::Ref(_) => Class::Reference,
    }
}

/// The number of slots that values of these types take.
#[inline]
#[must_use]
pub(crate) fn slots(types: &[ValType]) -> usize {
    if cfg!(feature = "simd") {
        types.iter().map(|ty| class_of(*ty).slots()).sum()
    } else {
        types.len()
    }
}

/// Returns whether one of these types is a vector. Only then the number of a value is not the number of its slot.
#[inline]
pub(super) fn has_vector(types: &[ValType]) -> bool {
    cfg!(feature = "simd") && types.contains(&ValType::V128)
}

/// The types of a block's parameters and of its results.
pub(super) fn of_block(module: &ModuleInfo, ty: BlockType) -> (&[ValType], &[ValType]) {
    match ty {
        BlockType::Empty => (&[], &[]),
        BlockType::Type(ValType::V128) => (&[], &[ValType::V128]),
        // The type does not matter, only that it takes one slot.
        BlockType::Type(_) => (&[], &[ValType::I64]),
        BlockType::FuncType(index) => of_func(&module.types()[index as usize]),
    }
}

fn of_func(ty: &FuncType) -> (&[ValType], &[ValType]) {
    (ty.params(), ty.results())
}
