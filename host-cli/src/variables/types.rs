//! Types of values.

use std::rc::Rc;

use super::dies::Die;

/// A type that is read when it is needed: types may refer to themselves.
#[derive(Clone, Debug)]
pub(crate) enum TypeRef {
    /// An entry of DWARF.
    Die(Die),
    /// A type that was written out.
    Written(Rc<Type>),
    /// C's `void`, or what is missing.
    Void,
}

/// A type.
#[derive(Clone, Debug)]
pub(crate) struct Type {
    pub(crate) name: String,
    /// Bytes, if they are known.
    pub(crate) size: Option<u64>,
    pub(crate) shape: Shape,
}

/// How values of a type look.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Signed,
    Unsigned,
    Bool,
    /// One byte, a character of C, with or without a sign.
    Byte {
        signed: bool,
    },
    /// A code point.
    Char,
    Float,
    /// An address.
    Pointer(TypeRef),
    /// Members with their offsets.
    Struct(Vec<Member>),
    Array(TypeRef, u64),
    /// Names of numbers.
    Enum(Vec<(String, i64)>),
    /// Another name for a type.
    Alias(TypeRef),
    /// An address and a length, of text.
    Text,
    /// Go's slice: an address, a length, a capacity.
    Slice(TypeRef),
    /// What cannot be shown, and why.
    Unknown(&'static str),
}

/// A member of a structure.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) ty: TypeRef,
    pub(crate) offset: u64,
    /// The bits of a bit field: the lowest one, and how many.
    pub(crate) bits: Option<(u64, u64)>,
}

impl Type {
    pub(super) fn unknown(name: &str, why: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            size: None,
            shape: Shape::Unknown(why),
        }
    }
}
