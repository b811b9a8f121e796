//! References to objects, and [`Object`]: the entry of an object in its store's table.
//!
//! ```text
//!  63 62         32 31           0
//! ┌──┬─────────────┬──────────────┐
//! │0 │ generation  │  index + 1   │   an object or an exception; the generation is at least 1
//! │0 │      0      │  index + 1   │   a function, or a value of the host
//! │1 │      0      │    value     │   an integer of 31 bits
//! └──┴─────────────┴──────────────┘
//! ```
//! So a slot tells what it refers to, and a conversion between `anyref` and `externref` changes nothing. Null is 0. An object does not move
//! in the table. After it was freed, its entry is used again, with another generation.

use super::NULL_REF;
#[cfg(feature = "gc")]
use super::{Context, Trap};

/// The entry of an object or of an exception.
#[derive(Debug)]
#[repr(C)]
pub struct Object {
    /// The fields of a structure, the elements of an array, or the values of an exception. It is aligned to 8 bytes.
    pub data: *mut u8,
    /// The number of elements of an array, or of slots of the others.
    pub len: u32,
    /// The number of its type, or of the exception's tag and [`Object::TAG`], or [`Object::FREE`].
    pub ty: u32,
    /// The generation of references to it. During a collection the highest bit marks the object.
    pub generation: u32,
    /// What the store notes about references of the host.
    pub scope: core::sync::atomic::AtomicU32,
}

impl Object {
    /// The type of an entry without an object.
    pub const FREE: u32 = u32::MAX;
    /// The bit in [`Object::ty`] that an exception has and no type.
    pub const TAG: u32 = 1 << 31;
    /// The greatest generation.
    pub const LAST_GENERATION: u32 = u32::MAX >> 1;
}

/// A type of references, as an op has it: whether null has the type, and the index of a type in the module or one of the numbers here.
#[cfg(feature = "gc")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeapCode(pub u32);

#[cfg(feature = "gc")]
impl HeapCode {
    /// The bit that says that null has the type.
    pub const NULLABLE: u32 = 1 << 31;
    /// Objects, small integers and values of the host.
    pub const ANY: u32 = Self::ABSTRACT;
    /// Objects and small integers.
    pub const EQ: u32 = Self::ABSTRACT + 1;
    /// Small integers.
    pub const I31: u32 = Self::ABSTRACT + 2;
    /// Structures.
    pub const STRUCT: u32 = Self::ABSTRACT + 3;
    /// Arrays.
    pub const ARRAY: u32 = Self::ABSTRACT + 4;
    /// All that is not null, of types that have no other abstract subtypes: functions, values of the host, exceptions.
    pub const ALL: u32 = Self::ABSTRACT + 5;
    /// Nothing.
    pub const NOTHING: u32 = Self::ABSTRACT + 6;
    /// The number from which on a number is none of a type. Validation allows 1,000,000 types.
    pub const ABSTRACT: u32 = 1 << 30;

    /// The same type, with or without null.
    #[must_use]
    pub fn nullable(self, yes: bool) -> Self {
        Self(self.0 | if yes { Self::NULLABLE } else { 0 })
    }

    /// Whether null has the type.
    #[must_use]
    pub fn is_nullable(self) -> bool {
        self.0 & Self::NULLABLE != 0
    }

    /// The type alone, without the bit for null.
    #[must_use]
    pub fn code(self) -> u32 {
        self.0 & !Self::NULLABLE
    }
}

#[cfg(feature = "gc")]
impl core::fmt::Display for HeapCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.is_nullable() {
            f.write_str("null ")?;
        }
        f.write_str(match self.code() {
            Self::ANY => "any",
            Self::EQ => "eq",
            Self::I31 => "i31",
            Self::STRUCT => "struct",
            Self::ARRAY => "array",
            Self::ALL => "all",
            Self::NOTHING => "none",
            index => return write!(f, "type {index}"),
        })
    }
}

/// The bit of references that are integers of 31 bits.
const I31: u64 = 1 << 63;

/// What a slot refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Referent {
    /// Nothing.
    Null,
    /// A function or a value of the host: its index.
    Entity(u32),
    /// An integer of 31 bits, extended with zeros.
    I31(u32),
    /// An object or an exception: the index of its entry, and the generation.
    Object(u32, u32),
}

impl Referent {
    /// Tells what a slot with a reference refers to. Any number may be asked for: a slot that is no reference refers to nothing that
    /// exists, but by chance.
    #[must_use]
    #[inline]
    pub fn of(slot: u64) -> Self {
        // `as` takes the halves.
        match (slot >> 32, slot as u32) {
            _ if slot == NULL_REF => Self::Null,
            (0, low) => Self::Entity(low - 1),
            // Of an integer, the other bits of the upper half are 0.
            (_, low) if slot & I31 != 0 => Self::I31(low),
            (high, low) => Self::Object(low.wrapping_sub(1), high as u32),
        }
    }
}

/// The reference that is an integer: its lowest 31 bits.
#[cfg(feature = "gc")]
#[must_use]
#[inline(always)]
pub fn i31(value: u32) -> u64 {
    I31 | u64::from(value & (u32::MAX >> 1))
}

/// The object that a slot refers to, for the running op.
///
/// # Errors
/// [`Trap::NullReference`].
///
/// # Safety
/// Invariants 4 and 6: the slot is null or refers to an object.
#[cfg(feature = "gc")]
#[inline(always)]
pub unsafe fn object(cx: *mut Context, slot: u64) -> Result<*mut Object, Trap> {
    if slot == NULL_REF {
        return Err(Trap::NullReference);
    }
    // SAFETY: invariant 6: the object exists, and no entry of an object is ever removed from the table.
    unsafe {
        let object = (*cx).objects.add(slot as u32 as usize - 1);
        debug_assert!((*object).generation == (slot >> 32) as u32);
        Ok(object)
    }
}
