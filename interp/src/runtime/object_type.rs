//! The types of objects: [`StructType`], [`ArrayType`] and [`FieldType`] (core specification, 2.3.9 to 2.3.11).

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::Error;
use crate::runtime::engine::TypeUses;
use crate::runtime::engine::groups::{Composite, Definition, Group};
use crate::runtime::ref_type::Kind;
use crate::runtime::{ConcreteType, Engine, HeapType, ValType};

/// What a field of a structure, or an element of an array, holds (core specification, 2.3.9 "storage types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StorageType {
    /// The lowest 8 bits of an `i32`.
    I8,
    /// The lowest 16 bits of an `i32`.
    I16,
    /// A value.
    Val(ValType),
}

/// The type of a field of a structure, or of the elements of an array (core specification, 2.3.9 "field types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldType {
    /// What it holds.
    pub storage: StorageType,
    /// Whether it can be set.
    pub mutable: bool,
}

impl StorageType {
    /// The type of the values that are read from it and written to it.
    #[must_use]
    pub fn unpacked(self) -> ValType {
        match self {
            Self::I8 | Self::I16 => ValType::I32,
            Self::Val(ty) => ty,
        }
    }

    /// The number of bytes that it takes in an array.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::I8 => 1,
            Self::I16 => 2,
            Self::Val(ValType::I32 | ValType::F32) => 4,
            Self::Val(ValType::V128) => 16,
            Self::Val(_) => 8,
        }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mutable {
            f.write_str("mut ")?;
        }
        match self.storage {
            StorageType::I8 => f.write_str("i8"),
            StorageType::I16 => f.write_str("i16"),
            StorageType::Val(ty) => ty.fmt(f),
        }
    }
}

/// A type of an engine, which is in use as long as this exists.
#[derive(Clone, Debug)]
struct Used {
    number: u32,
    uses: Arc<TypeUses>,
}

impl Used {
    /// The type that is alone in its group, final, and without a supertype.
    fn new(engine: &Engine, composite: Composite) -> Self {
        let mut uses = TypeUses::new(engine);
        uses.add_group(Group::new(vec![Definition {
            is_final: true,
            supertype: None,
            composite,
        }]));
        Self {
            number: uses.numbers()[0],
            uses: Arc::new(uses),
        }
    }

    fn composite(&self) -> Option<Composite> {
        self.uses.engine().composite(self.number)
    }

    fn heap_type(&self) -> HeapType {
        HeapType::Concrete(ConcreteType(self.number))
    }
}

impl PartialEq for Used {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number && Engine::same(self.uses.engine(), other.uses.engine())
    }
}

impl Eq for Used {}

/// A type of structures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructType(Used);

impl StructType {
    /// The type of structures with these fields. It equals a type that a module declares by itself, without a supertype, and as
    /// final.
    #[must_use]
    pub fn new(engine: &Engine, fields: impl IntoIterator<Item = FieldType>) -> Self {
        let fields = fields.into_iter().collect();
        Self(Used::new(engine, Composite::Struct(fields)))
    }

    /// The type of structures that `ty` names, such as one of a module's.
    ///
    /// # Errors
    /// Fails if `ty` does not name a type of structures of this engine.
    pub fn from_heap_type(engine: &Engine, ty: HeapType) -> Result<Self, Error> {
        Ok(Self(find(engine, ty, Kind::Struct)?))
    }

    /// The types of its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldType> {
        match self.0.composite() {
            Some(Composite::Struct(fields)) => fields.into_vec(),
            _ => Vec::new(),
        }
    }

    /// What references to its structures refer to.
    #[must_use]
    pub fn heap_type(&self) -> HeapType {
        self.0.heap_type()
    }

    pub(crate) fn number_in(&self, engine: &Engine) -> Result<u32, Error> {
        self.0.number_in(engine)
    }
}

/// A type of arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayType(Used);

impl ArrayType {
    /// The type of arrays with these elements. It equals a type that a module declares by itself, without a supertype, and as final.
    #[must_use]
    pub fn new(engine: &Engine, element: FieldType) -> Self {
        Self(Used::new(engine, Composite::Array(element)))
    }

    /// The type of arrays that `ty` names, such as one of a module's.
    ///
    /// # Errors
    /// Fails if `ty` does not name a type of arrays of this engine.
    pub fn from_heap_type(engine: &Engine, ty: HeapType) -> Result<Self, Error> {
        Ok(Self(find(engine, ty, Kind::Array)?))
    }

    /// The type of its elements.
    #[must_use]
    pub fn element(&self) -> FieldType {
        match self.0.composite() {
            Some(Composite::Array(element)) => element,
            _ => FieldType {
                storage: StorageType::I8,
                mutable: false,
            },
        }
    }

    /// What references to its arrays refer to.
    #[must_use]
    pub fn heap_type(&self) -> HeapType {
        self.0.heap_type()
    }

    pub(crate) fn number_in(&self, engine: &Engine) -> Result<u32, Error> {
        self.0.number_in(engine)
    }
}

impl Used {
    fn number_in(&self, engine: &Engine) -> Result<u32, Error> {
        match Engine::same(self.uses.engine(), engine) {
            true => Ok(self.number),
            false => Err(Error::new("the type belongs to another engine")),
        }
    }
}

/// The type of this kind that `ty` names.
fn find(engine: &Engine, ty: HeapType, kind: Kind) -> Result<Used, Error> {
    let HeapType::Concrete(ConcreteType(number)) = ty else {
        return Err(Error::new("the type is not one that a module defines"));
    };
    if Kind::of(number) != kind {
        return Err(Error::new("the type is one of other objects"));
    }
    let mut uses = TypeUses::new(engine);
    if !uses.add_again(number) {
        return Err(Error::new("the type is no longer in use"));
    }
    Ok(Used {
        number,
        uses: Arc::new(uses),
    })
}
