//! References to objects: [`AnyRef`], [`EqRef`], [`StructRef`], [`ArrayRef`], and the integers [`I31`].

use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use crate::Error;
use crate::machine::{Object, Referent, Trap, i31};
use crate::runtime::engine::groups::Composite;
use crate::runtime::entity::handle::StoreId;
use crate::runtime::entity::heap::Shape;
use crate::runtime::ref_type::Kind;
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;
use crate::runtime::{
    ArrayType, AsContext, AsContextMut, ConcreteType, ExternRef, FieldType, HeapType, RefType,
    StorageType, StructType, Val,
};

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

impl StructRef {
    /// Creates a structure with these fields.
    ///
    /// # Errors
    /// Fails if `values` do not match the fields of `ty`, if an item belongs to another store or engine, or with
    /// [`Trap::HeapFull`] if there is no room for it.
    pub fn new(mut ctx: impl AsContextMut, ty: &StructType, values: &[Val]) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let number = ty.number_in(&inner.state.engine)?;
        let fields = ty.fields();
        if fields.len() != values.len() {
            let message = format!("{} values for {} fields", values.len(), fields.len());
            return Err(Error::new(message));
        }
        let mut slots = Vec::new();
        for (field, value) in fields.iter().zip(values) {
            let bits = bits_of(&inner.state, field.storage, *value)?;
            slots.extend(halves(field.storage, bits));
        }
        inner.know_type(number);
        let top = inner.state.free_top;
        let slot = inner.allocate(number, 0, &slots, Some(top))?;
        if let Some(own) = inner.state.heap.slots_mut(slot) {
            own.copy_from_slice(&slots);
        }
        inner.state.hold(slot);
        Ok(Self(AnyRef {
            store: inner.state.id,
            slot,
        }))
    }

    /// Its type.
    ///
    /// # Errors
    /// Fails if the reference is no longer valid, or belongs to another store.
    pub fn ty(self, ctx: impl AsContext) -> Result<StructType, Error> {
        let ty = self.0.ty(&ctx)?;
        StructType::from_heap_type(&ctx.as_context().inner.state.engine, ty)
    }

    /// Its fields.
    ///
    /// # Errors
    /// As [`StructRef::ty`].
    pub fn fields(self, mut ctx: impl AsContextMut) -> Result<Vec<Val>, Error> {
        let fields = self.ty(&ctx)?.fields();
        let state = &mut ctx.as_context_mut().inner.state;
        let mut slots = state.heap.slots(self.0.slot).unwrap_or(&[]);
        let mut values = Vec::with_capacity(fields.len());
        for field in fields {
            let (own, others) = slots.split_at(field.storage.unpacked().slots());
            values.push(value_of(field.storage, own, state.id));
            slots = others;
        }
        state.hold_all(&values);
        Ok(values)
    }

    /// The field with this number. A packed field is extended with zeros.
    ///
    /// # Errors
    /// As [`StructRef::ty`], and if there is no such field.
    pub fn field(self, mut ctx: impl AsContextMut, field: usize) -> Result<Val, Error> {
        let fields = self.ty(&ctx)?.fields();
        let (place, ty) = place_of(&fields, field)?;
        let state = &mut ctx.as_context_mut().inner.state;
        let slots = state.heap.slots(self.0.slot).unwrap_or(&[]);
        let own = &slots[place..][..ty.storage.unpacked().slots()];
        let value = value_of(ty.storage, own, state.id);
        state.hold_all(&[value]);
        Ok(value)
    }

    /// Sets the field with this number.
    ///
    /// # Errors
    /// As [`StructRef::field`], and if the field cannot be set or `value` has another type.
    pub fn set_field(
        self,
        mut ctx: impl AsContextMut,
        field: usize,
        value: Val,
    ) -> Result<(), Error> {
        let fields = self.ty(&ctx)?.fields();
        let (place, ty) = place_of(&fields, field)?;
        if !ty.mutable {
            return Err(Error::new(format!("field {field} cannot be set")));
        }
        let state = &mut ctx.as_context_mut().inner.state;
        let bits = bits_of(state, ty.storage, value)?;
        if let Some(slots) = state.heap.slots_mut(self.0.slot) {
            for (slot, half) in slots[place..].iter_mut().zip(halves(ty.storage, bits)) {
                *slot = half;
            }
        }
        Ok(())
    }
}

impl ArrayRef {
    /// Creates an array of `len` elements, all of them `value`.
    ///
    /// # Errors
    /// Fails if `value` does not have the type of the elements of `ty`, if an item belongs to another store or engine, or with
    /// [`Trap::HeapFull`] if there is no room for it.
    pub fn new(
        mut ctx: impl AsContextMut,
        ty: &ArrayType,
        value: Val,
        len: u32,
    ) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let number = ty.number_in(&inner.state.engine)?;
        let storage = ty.element().storage;
        let bits = bits_of(&inner.state, storage, value)?;
        inner.know_type(number);
        let top = inner.state.free_top;
        // `as` takes the half that may be a reference.
        let slot = inner.allocate(number, len, &[bits as u64], Some(top))?;
        let array = Self(AnyRef {
            store: inner.state.id,
            slot,
        });
        inner.state.hold(slot);
        for index in 0..len {
            inner.state.write_element(slot, storage, index, bits);
        }
        Ok(array)
    }

    /// Creates an array with these elements.
    ///
    /// # Errors
    /// As [`ArrayRef::new`].
    pub fn new_fixed(
        mut ctx: impl AsContextMut,
        ty: &ArrayType,
        values: &[Val],
    ) -> Result<Self, Error> {
        let storage = ty.element().storage;
        let len = u32::try_from(values.len()).map_err(|_| Error::from(Trap::HeapFull))?;
        let zero = Val::default_for(storage.unpacked());
        // All elements are checked before one is stored, since null may not be one.
        let state = &ctx.as_context().inner.state;
        let bits: Result<Vec<_>, _> = values
            .iter()
            .map(|value| bits_of(state, storage, *value))
            .collect();
        let bits = bits?;
        let first = values.first().copied().unwrap_or(zero);
        let array = match len {
            0 => Self::empty(&mut ctx, ty)?,
            _ => Self::new(&mut ctx, ty, first, len)?,
        };
        let state = &mut ctx.as_context_mut().inner.state;
        for (index, bits) in (0..).zip(bits) {
            state.write_element(array.0.slot, storage, index, bits);
        }
        Ok(array)
    }

    fn empty(mut ctx: impl AsContextMut, ty: &ArrayType) -> Result<Self, Error> {
        let inner = ctx.as_context_mut().inner;
        let number = ty.number_in(&inner.state.engine)?;
        inner.know_type(number);
        let top = inner.state.free_top;
        let slot = inner.allocate(number, 0, &[], Some(top))?;
        inner.state.hold(slot);
        Ok(Self(AnyRef {
            store: inner.state.id,
            slot,
        }))
    }

    /// Its type.
    ///
    /// # Errors
    /// Fails if the reference is no longer valid, or belongs to another store.
    pub fn ty(self, ctx: impl AsContext) -> Result<ArrayType, Error> {
        let ty = self.0.ty(&ctx)?;
        ArrayType::from_heap_type(&ctx.as_context().inner.state.engine, ty)
    }

    /// The type of its elements.
    fn element(self, state: &State) -> Result<FieldType, Error> {
        let number = self.0.object(state)?.ty;
        match state.engine.composite(number) {
            Some(Composite::Array(element)) => Ok(element),
            _ => Err(Error::new("the object is no array")),
        }
    }

    /// The number of its elements.
    ///
    /// # Errors
    /// As [`ArrayRef::ty`].
    pub fn len(self, ctx: impl AsContext) -> Result<u32, Error> {
        Ok(self.0.object(&ctx.as_context().inner.state)?.len)
    }

    /// Returns whether it has no element.
    ///
    /// # Errors
    /// As [`ArrayRef::ty`].
    pub fn is_empty(self, ctx: impl AsContext) -> Result<bool, Error> {
        Ok(self.len(ctx)? == 0)
    }

    /// The element at `index`. A packed element is extended with zeros.
    ///
    /// # Errors
    /// As [`ArrayRef::ty`], and [`Trap::ArrayOutOfBounds`] if there is no such element.
    pub fn get(self, mut ctx: impl AsContextMut, index: u32) -> Result<Val, Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let storage = self.element(state)?.storage;
        let bits = state.read_element(self.0.slot, storage, index);
        let bits = bits.ok_or(Trap::ArrayOutOfBounds)?;
        let value = Val::from_slots(storage.unpacked(), bits, state.id);
        state.hold_all(&[value]);
        Ok(value)
    }

    /// Sets the element at `index`.
    ///
    /// # Errors
    /// As [`ArrayRef::get`], and if the elements cannot be set or `value` has another type.
    pub fn set(self, mut ctx: impl AsContextMut, index: u32, value: Val) -> Result<(), Error> {
        let state = &mut ctx.as_context_mut().inner.state;
        let FieldType { storage, mutable } = self.element(state)?;
        if !mutable {
            return Err(Error::new("the elements of the array cannot be set"));
        }
        let bits = bits_of(state, storage, value)?;
        match state.write_element(self.0.slot, storage, index, bits) {
            true => Ok(()),
            false => Err(Trap::ArrayOutOfBounds.into()),
        }
    }
}

/// The slot at which a field begins, and its type.
fn place_of(fields: &[FieldType], field: usize) -> Result<(usize, FieldType), Error> {
    let ty = fields.get(field);
    let ty = ty.ok_or_else(|| Error::new(format!("the structure has no field {field}")))?;
    let before = fields[..field].iter();
    Ok((
        before.map(|field| field.storage.unpacked().slots()).sum(),
        *ty,
    ))
}

/// The bits of a value, as a field or an element holds them.
fn bits_of(state: &State, storage: StorageType, value: Val) -> Result<u128, Error> {
    let ty = storage.unpacked();
    if !value.fits(ty, state) {
        return Err(Error::new(format!(
            "a place of type {ty} cannot hold a value of type {}",
            value.ty()
        )));
    }
    let bits = value.into_slots(state.id);
    let bits = bits.ok_or_else(|| Error::new("the reference belongs to another store"))?;
    Ok(packed(storage, bits))
}

/// The bits that a place stores.
fn packed(storage: StorageType, bits: u128) -> u128 {
    match storage {
        StorageType::I8 => bits & 0xff,
        StorageType::I16 => bits & 0xffff,
        StorageType::Val(_) => bits,
    }
}

/// The value in the slots of a field.
fn value_of(storage: StorageType, slots: &[u64], store: StoreId) -> Val {
    let bits = slots.iter().rev();
    let bits = bits.fold(0, |bits: u128, slot| bits << 64 | u128::from(*slot));
    Val::from_slots(storage.unpacked(), packed(storage, bits), store)
}

/// The slots of a field.
fn halves(storage: StorageType, bits: u128) -> impl Iterator<Item = u64> {
    [bits as u64, (bits >> 64) as u64]
        .into_iter()
        .take(storage.unpacked().slots())
}

impl<T> Inner<T> {
    /// Tells the heap the shape of objects of this type, which the host creates. The store uses the type from then on.
    fn know_type(&mut self, number: u32) {
        if self.state.describe_type(number) {
            self.host_types.add_again(number);
        }
    }
}

impl State {
    /// Tells the heap the shape of objects of this type, which is in use. Returns whether it was not known.
    pub(crate) fn describe_type(&mut self, number: u32) -> bool {
        let engine = &self.engine;
        let is_new = self
            .heap
            .describe(number, || match engine.composite(number) {
                Some(Composite::Struct(fields)) => {
                    let (mut len, mut refs) = (0, Vec::new());
                    for field in &fields {
                        let ty = field.storage.unpacked();
                        if ty.is_traced() {
                            refs.push(len);
                        }
                        // Validation allows 10,000 fields.
                        len += ty.slots() as u32;
                    }
                    Shape::Slots {
                        len,
                        refs: refs.into(),
                    }
                }
                Some(Composite::Array(element)) => Shape::Elements {
                    bytes: element.storage.bytes() as u32,
                    are_refs: element.storage.unpacked().is_traced(),
                },
                _ => Shape::Slots {
                    len: 0,
                    refs: [].into(),
                },
            });
        if is_new {
            let supertypes = self.engine.supertypes(number);
            self.heap.describe_supertypes(number, supertypes);
        }
        is_new
    }

    /// The address of an element of an array, if both exist.
    fn element(&self, array: u64, storage: StorageType, index: u32) -> Option<*mut u8> {
        let object = self.heap.get(array)?;
        let place = index as usize * storage.bytes();
        (index < object.len).then(|| object.data.wrapping_add(place))
    }

    /// Writes an element of an array. Returns whether it exists.
    pub(crate) fn write_element(
        &mut self,
        array: u64,
        storage: StorageType,
        index: u32,
        bits: u128,
    ) -> bool {
        let Some(at) = self.element(array, storage, index) else {
            return false;
        };
        // `as` takes the bits that the element has.
        // SAFETY: the array has the element, of so many bytes, and nobody reads it while `self` is borrowed.
        unsafe {
            match storage.bytes() {
                1 => at.write(bits as u8),
                2 => at.cast::<u16>().write_unaligned(bits as u16),
                4 => at.cast::<u32>().write_unaligned(bits as u32),
                8 => at.cast::<u64>().write_unaligned(bits as u64),
                _ => crate::machine::Value::store(
                    crate::machine::V128(bits.to_le_bytes()),
                    at.cast(),
                ),
            }
        }
        true
    }

    fn read_element(&self, array: u64, storage: StorageType, index: u32) -> Option<u128> {
        let at = self.element(array, storage, index)?;
        // SAFETY: the array has the element, of so many bytes, and nobody writes to it while `self` is borrowed.
        unsafe {
            Some(match storage.bytes() {
                1 => at.read().into(),
                2 => at.cast::<u16>().read_unaligned().into(),
                4 => at.cast::<u32>().read_unaligned().into(),
                8 => at.cast::<u64>().read_unaligned().into(),
                _ => u128::from_le_bytes(
                    <crate::machine::V128 as crate::machine::Value>::load(at.cast()).0,
                ),
            })
        }
    }

    /// Returns whether a value has the type of references `wanted`.
    pub(crate) fn has_type(&self, value: Val, wanted: RefType) -> bool {
        let Some(own) = value.ty().ref_type() else {
            return false;
        };
        if own.heap_type().top() != wanted.heap_type().top() {
            return false;
        }
        let slot = value.into_slot(self.id);
        slot.is_some_and(|slot| self.slot_has_type(slot, wanted))
    }

    /// Returns whether a slot with a reference has the type `wanted`, which has the same top.
    pub(crate) fn slot_has_type(&self, slot: u64, wanted: RefType) -> bool {
        let heap = wanted.heap_type();
        let own = match Referent::of(slot) {
            Referent::Null => return wanted.is_nullable(),
            Referent::I31(_) => HeapType::I31,
            Referent::Entity(index) if heap.top() == HeapType::Func => {
                let func = self.funcs.get(index as usize);
                return func.is_some_and(|func| {
                    HeapType::Concrete(ConcreteType(func.ty)).matches(heap, &self.engine)
                });
            }
            Referent::Entity(_) => heap.top(),
            Referent::Object(..) => match self.heap.get(slot) {
                None => return false,
                Some(_) if heap.top() == HeapType::Extern => HeapType::Extern,
                Some(object) if object.ty & Object::TAG != 0 => HeapType::Exn,
                Some(object) => HeapType::Concrete(ConcreteType(object.ty)),
            },
        };
        let own = match heap.top() {
            HeapType::Extern => HeapType::Extern,
            _ => own,
        };
        own.matches(heap, &self.engine)
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
