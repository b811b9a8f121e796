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
    types.len() + vectors(types)
}

/// The number of vectors among these types. A vector takes one slot more than other values.
#[inline]
fn vectors(types: &[ValType]) -> usize {
    if !cfg!(feature = "simd") {
        return 0;
    }
    let is_vector = |ty: &&ValType| matches!(ty, ValType::V128);
    types.iter().filter(is_vector).count()
}

/// Returns whether one of these types is a vector. Only then the number of a value is not the number of its slot.
#[inline]
pub(super) fn has_vector(types: &[ValType]) -> bool {
    vectors(types) > 0
}

/// The slots of a block's parameters and of its results, and the block's type if one of them is a vector.
#[inline(always)]
pub(super) fn arity(module: &ModuleInfo, ty: BlockType) -> (usize, usize, Option<BlockType>) {
    match ty {
        // Most blocks.
        BlockType::Empty => (0, 0, None),
        _ => arity_of_values(module, ty),
    }
}

/// Does the same for a block that takes or leaves values.
#[inline(never)]
fn arity_of_values(module: &ModuleInfo, ty: BlockType) -> (usize, usize, Option<BlockType>) {
    let (params, results) = of_block(module, ty);
    let has_vector = has_vector(params) || has_vector(results);
    (slots(params), slots(results), has_vector.then_some(ty))
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
