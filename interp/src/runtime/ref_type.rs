//! The types of references: [`RefType`] and [`HeapType`] (core specification, 2.3.5 and 2.3.6), and how they match (3.3.3).

use core::fmt;

use wasmparser::AbstractHeapType;

use crate::runtime::engine::Engine;
use crate::runtime::types::KIND_BITS;

/// The type of a reference: to what, and whether it can be null (core specification, 2.3.6 "reference types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefType {
    nullable: bool,
    heap: HeapType,
}

/// What a reference refers to (core specification, 2.3.5 "heap types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeapType {
    /// Any function.
    Func,
    /// No function: only null has this type.
    NoFunc,
    /// Any value of the host, or one that was converted by `extern.convert_any`.
    Extern,
    /// Nothing: only null has this type.
    NoExtern,
    /// Any value of the program: an object, an `i31`, or one that was converted by `any.convert_extern`.
    Any,
    /// Any value that `ref.eq` compares: an object or an `i31`.
    Eq,
    /// An integer of 31 bits.
    I31,
    /// Any structure.
    Struct,
    /// Any array.
    Array,
    /// Nothing: only null has this type.
    None,
    /// Any exception.
    Exn,
    /// No exception: only null has this type.
    NoExn,
    /// Exactly what a type that a module defines describes, or a subtype of it.
    Concrete(ConcreteType),
}

/// A type of functions, structures or arrays, by its number in an engine. The number means this type as long as a module, a store or a
/// [`StructType`](crate::StructType) or [`ArrayType`](crate::ArrayType) uses the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConcreteType(pub(crate) u32);

/// What a number of a type says about the type: its lowest bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Func = 0,
    Struct = 1,
    Array = 2,
}

impl Kind {
    pub(crate) fn of(number: u32) -> Self {
        match number & ((1 << KIND_BITS) - 1) {
            1 => Self::Struct,
            2 => Self::Array,
            _ => Self::Func,
        }
    }
}

impl RefType {
    /// The type of references to `heap`, with or without null.
    #[must_use]
    pub const fn new(nullable: bool, heap: HeapType) -> Self {
        Self { nullable, heap }
    }

    /// Whether null has the type.
    #[must_use]
    pub const fn is_nullable(self) -> bool {
        self.nullable
    }

    /// To what they refer.
    #[must_use]
    pub const fn heap_type(self) -> HeapType {
        self.heap
    }

    /// Returns whether each value of this type has the type `other`, too (core specification, 3.3.4).
    #[must_use]
    pub fn matches(self, other: Self, engine: &Engine) -> bool {
        (other.nullable || !self.nullable) && self.heap.matches(other.heap, engine)
    }

    /// Converts the decoder's type. `number` gives the engine's number of a type of the module.
    pub(crate) fn from_wasm(ty: wasmparser::RefType, number: &dyn Fn(u32) -> u32) -> Self {
        Self::new(
            ty.is_nullable(),
            HeapType::from_wasm(ty.heap_type(), number),
        )
    }
}

impl HeapType {
    /// The type of which it is a subtype and which has no supertype: `any`, `func`, `extern` or `exn`.
    #[must_use]
    pub fn top(self) -> Self {
        match self {
            Self::Func | Self::NoFunc => Self::Func,
            Self::Extern | Self::NoExtern => Self::Extern,
            Self::Exn | Self::NoExn => Self::Exn,
            Self::Any | Self::Eq | Self::I31 | Self::Struct | Self::Array | Self::None => Self::Any,
            Self::Concrete(ty) if Kind::of(ty.0) == Kind::Func => Self::Func,
            Self::Concrete(_) => Self::Any,
        }
    }

    /// Returns whether it is a subtype of `other` (core specification, 3.3.3 "heap types").
    #[must_use]
    pub fn matches(self, other: Self, engine: &Engine) -> bool {
        if self == other {
            return true;
        }
        match self {
            Self::None => other.top() == Self::Any,
            Self::NoFunc => other.top() == Self::Func,
            Self::NoExtern => other.top() == Self::Extern,
            Self::NoExn => other.top() == Self::Exn,
            Self::I31 | Self::Struct | Self::Array => matches!(other, Self::Eq | Self::Any),
            Self::Eq => other == Self::Any,
            Self::Concrete(ty) => match other {
                Self::Concrete(other) => engine.is_subtype(ty.0, other.0),
                _ => match Kind::of(ty.0) {
                    Kind::Func => other == Self::Func,
                    Kind::Struct => matches!(other, Self::Struct | Self::Eq | Self::Any),
                    Kind::Array => matches!(other, Self::Array | Self::Eq | Self::Any),
                },
            },
            Self::Func | Self::Extern | Self::Any | Self::Exn => false,
        }
    }

    fn from_wasm(ty: wasmparser::HeapType, number: &dyn Fn(u32) -> u32) -> Self {
        match ty {
            wasmparser::HeapType::Abstract { ty, .. } => match ty {
                AbstractHeapType::NoFunc => Self::NoFunc,
                AbstractHeapType::Extern => Self::Extern,
                AbstractHeapType::NoExtern => Self::NoExtern,
                AbstractHeapType::Any => Self::Any,
                AbstractHeapType::Eq => Self::Eq,
                AbstractHeapType::I31 => Self::I31,
                AbstractHeapType::Struct => Self::Struct,
                AbstractHeapType::Array => Self::Array,
                AbstractHeapType::None => Self::None,
                AbstractHeapType::Exn => Self::Exn,
                AbstractHeapType::NoExn => Self::NoExn,
                // Validation admits no continuations.
                _ => Self::Func,
            },
            wasmparser::HeapType::Concrete(index) | wasmparser::HeapType::Exact(index) => {
                // In a module's sections a type is named by its index alone.
                let index = index.as_module_index().unwrap_or(u32::MAX);
                Self::Concrete(ConcreteType(number(index)))
            }
        }
    }
}

impl fmt::Display for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let null = if self.nullable { "null " } else { "" };
        write!(f, "(ref {null}{})", self.heap)
    }
}

impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Func => "func",
            Self::NoFunc => "nofunc",
            Self::Extern => "extern",
            Self::NoExtern => "noextern",
            Self::Any => "any",
            Self::Eq => "eq",
            Self::I31 => "i31",
            Self::Struct => "struct",
            Self::Array => "array",
            Self::None => "none",
            Self::Exn => "exn",
            Self::NoExn => "noexn",
            Self::Concrete(ty) => {
                let kind = match Kind::of(ty.0) {
                    Kind::Func => "func",
                    Kind::Struct => "struct",
                    Kind::Array => "array",
                };
                return write!(f, "{kind} type {}", ty.0 >> KIND_BITS);
            }
        })
    }
}
