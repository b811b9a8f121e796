//! References to objects: [`AnyRef`], [`EqRef`], [`StructRef`], [`ArrayRef`], and the integers [`I31`].
//!
//! * here: references, and conversions between them; `structure.rs`, `array.rs`: objects that the host creates, reads and writes;
//! * `place.rs`: values in fields and elements; `matching.rs`: whether a reference has a type.

mod array;
mod matching;
mod place;
mod structure;

use core::fmt;

use crate::Error;
use crate::machine::{Object, Referent, i31};
use crate::runtime::entity::handle::StoreId;
use crate::runtime::ref_type::Kind;
use crate::runtime::store::state::State;
use crate::runtime::{AsContext, ConcreteType, ExternRef, HeapType, Val};

/// A reference to any value of a program that is neither a function nor an exception: an object, an [`I31`], or a value of the host that
/// `any.convert_extern` has converted.
///
/// A reference to an object that a host function receives or creates is valid until that host function returns. Outside of host
/// functions it is valid as long as the store. In a global, in a table or in an object it is valid as long as that contains it. A
/// reference that is no longer valid names no object: what uses it fails, and nothing else happens.
///
/// ```
/// use interp::{AnyRef, ArrayRef, ArrayType, Engine, Error, FieldType, Instance, Module, StorageType};
/// use interp::{Store, StructRef, Val, ValType};
///
/// fn main() -> Result<(), Error> {
///     let program = wat::parse_str(
///         r#"(module
///             (type $bytes (array (mut i8)))
///             (type $point (struct (field (mut i32)) (field f64)))
///             (func (export "sum") (param (ref $bytes)) (result i32) (local $at i32) (local $sum i32)
///                 (loop $next
///                     (local.set $sum (i32.add (local.get $sum) (array.get_u $bytes (local.get 0) (local.get $at))))
///                     (local.set $at (i32.add (local.get $at) (i32.const 1)))
///                     (br_if $next (i32.lt_u (local.get $at) (array.len (local.get 0)))))
///                 (local.get $sum))
///             (func (export "point") (param i32) (result (ref $point))
///                 (struct.new $point (local.get 0) (f64.const 0.5))))"#,
///     );
///     let engine = Engine::default();
///     let module = Module::new(&engine, program.map_err(Error::host)?)?;
///     let mut store = Store::new(&engine, ());
///     let instance = Instance::instantiate(&mut store, &module, &[])?;
///
///     // A type of the host is the type that the module declares, since they are equal.
///     let bytes = ArrayType::new(&engine, FieldType { storage: StorageType::I8, mutable: true });
///     let array = ArrayRef::new(&mut store, &bytes, Val::I32(7), 3)?;
///     array.set(&mut store, 1, Val::I32(255))?;
///     let mut results = [Val::I32(0)];
///     let sum = instance.get_func(&store, "sum").ok_or(Error::new("no sum"))?;
///     sum.call(&mut store, &[AnyRef::from(array).into()], &mut results)?;
///     assert_eq!(results, [Val::I32(269)]);
///
///     let point = instance.get_func(&store, "point").ok_or(Error::new("no point"))?;
///     point.call(&mut store, &[Val::I32(3)], &mut results)?;
///     let point = results[0].any_ref().and_then(|any| any.as_struct(&store)).ok_or(Error::new("no struct"))?;
///     assert_eq!(point.fields(&mut store)?, [Val::I32(3), Val::F64(0.5_f64.to_bits())]);
///     point.set_field(&mut store, 0, Val::I32(4))?;
///     assert_eq!(point.field(&mut store, 0)?, Val::I32(4));
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AnyRef {
    store: StoreId,
    /// Never null.
    slot: u64,
}

/// A reference to a value that `ref.eq` compares: an object or an [`I31`]. See [`AnyRef`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EqRef(AnyRef);

/// A reference to a structure. See [`AnyRef`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StructRef(AnyRef);

/// A reference to an array. See [`AnyRef`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ArrayRef(AnyRef);

/// An integer of 31 bits, which a reference can be (core specification, 4.2.6 "i31").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct I31(u32);

impl I31 {
    /// The integer with the lowest 31 bits of `value`.
    #[must_use]
    pub const fn wrapping_u32(value: u32) -> Self {
        Self(value & (u32::MAX >> 1))
    }

    /// Its value without a sign.
    #[must_use]
    pub const fn get_u32(self) -> u32 {
        self.0
    }

    /// Its value with a sign.
    #[must_use]
    pub const fn get_i32(self) -> i32 {
        (self.0 << 1).cast_signed() >> 1
    }
}

impl AnyRef {
    /// The reference that is an integer.
    #[must_use]
    pub fn from_i31(ctx: impl AsContext, value: I31) -> Self {
        Self {
            store: ctx.as_context().inner.state.id,
            slot: i31(value.0),
        }
    }

    /// The value of the host, or of the program, as `any.convert_extern` converts it. Nothing is copied.
    #[must_use]
    pub fn convert_extern(value: ExternRef) -> Self {
        let (slot, store) = value.parts();
        Self { store, slot }
    }

    /// The integer, if it is one.
    #[must_use]
    pub fn as_i31(self) -> Option<I31> {
        match Referent::of(self.slot) {
            Referent::I31(value) => Some(I31(value)),
            _ => None,
        }
    }

    /// The same reference, if it is one to an object or to an integer.
    #[must_use]
    pub fn as_eq(self, ctx: impl AsContext) -> Option<EqRef> {
        let is_eq = self.as_i31().is_some() || self.object(&ctx.as_context().inner.state).is_ok();
        is_eq.then_some(EqRef(self))
    }

    /// The same reference, if it is one to a structure.
    #[must_use]
    pub fn as_struct(self, ctx: impl AsContext) -> Option<StructRef> {
        let object = self.object(&ctx.as_context().inner.state).ok()?;
        (Kind::of(object.ty) == Kind::Struct).then_some(StructRef(self))
    }

    /// The same reference, if it is one to an array.
    #[must_use]
    pub fn as_array(self, ctx: impl AsContext) -> Option<ArrayRef> {
        let object = self.object(&ctx.as_context().inner.state).ok()?;
        (Kind::of(object.ty) == Kind::Array).then_some(ArrayRef(self))
    }

    /// What it refers to.
    ///
    /// # Errors
    /// Fails if it is no longer valid, or belongs to another store.
    pub fn ty(self, ctx: impl AsContext) -> Result<HeapType, Error> {
        match Referent::of(self.slot) {
            Referent::I31(_) => Ok(HeapType::I31),
            Referent::Entity(_) => Ok(HeapType::Any),
            _ => {
                let object = self.object(&ctx.as_context().inner.state)?;
                Ok(HeapType::Concrete(ConcreteType(object.ty)))
            }
        }
    }

    /// Returns whether it has a type.
    ///
    /// # Errors
    /// As [`AnyRef::ty`].
    pub fn matches_ty(self, ctx: impl AsContext, ty: HeapType) -> Result<bool, Error> {
        let own = self.ty(&ctx)?;
        Ok(own.matches(ty, &ctx.as_context().inner.state.engine))
    }

    pub(super) fn slot(self) -> u64 {
        self.slot
    }

    /// Its slot, and its store.
    pub(super) fn parts(self) -> (u64, StoreId) {
        (self.slot, self.store)
    }

    /// The slot of the reference in `store`, unless it belongs to another store.
    pub(super) fn slot_in(self, store: StoreId) -> Option<u64> {
        (self.store == store).then_some(self.slot)
    }

    /// The reference in a slot of `store`, unless that is null.
    pub(super) fn from_slot(slot: u64, store: StoreId) -> Option<Self> {
        (slot != crate::machine::NULL_REF).then_some(Self { store, slot })
    }

    fn object(self, state: &State) -> Result<&Object, Error> {
        if self.store != state.id {
            return Err(Error::new("the object belongs to another store"));
        }
        let object = state.heap.get(self.slot);
        object
            .filter(|object| object.ty & Object::TAG == 0)
            .ok_or_else(|| {
                Error::new(
                    "the object no longer exists: its reference was valid in a host function only",
                )
            })
    }
}

impl fmt::Display for AnyRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Referent::of(self.slot) {
            Referent::I31(value) => write!(f, "i31 {}", I31(value).get_i32()),
            Referent::Entity(_) => f.write_str("extern"),
            _ => f.write_str("object"),
        }
    }
}

macro_rules! is_any {
    ($($Ref:ident),*) => { $(
        impl From<$Ref> for AnyRef {
            fn from(reference: $Ref) -> Self {
                reference.0
            }
        }

        impl From<$Ref> for Val {
            fn from(reference: $Ref) -> Self {
                Self::AnyRef(Some(reference.0))
            }
        }
    )* };
}

is_any!(EqRef, StructRef, ArrayRef);

impl From<StructRef> for EqRef {
    fn from(reference: StructRef) -> Self {
        Self(reference.0)
    }
}

impl From<ArrayRef> for EqRef {
    fn from(reference: ArrayRef) -> Self {
        Self(reference.0)
    }
}

impl From<AnyRef> for Val {
    fn from(reference: AnyRef) -> Self {
        Self::AnyRef(Some(reference))
    }
}

impl Val {
    /// The reference, if it is one to an object or a small integer and not null.
    #[must_use]
    pub fn any_ref(self) -> Option<AnyRef> {
        match self {
            Self::AnyRef(reference) => reference,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::I31;

    #[test]
    fn small_integers_wrap() {
        let [one, last] = [1, u32::MAX].map(I31::wrapping_u32);
        assert_eq!((one.get_i32(), one.get_u32()), (1, 1));
        assert_eq!((last.get_i32(), last.get_u32()), (-1, u32::MAX >> 1));
    }
}
