//! Values for embedders: [`Val`], and the Rust types for wasm types ([`WasmTy`]).

use core::fmt;

use crate::machine::{NULL_REF, SlotValue};
#[cfg(feature = "exceptions")]
use crate::runtime::ExnRef;
use crate::runtime::entity::handle::{Handle, StoreId};
use crate::runtime::sealed::InSlot;
use crate::runtime::store::state::State;
#[cfg(feature = "gc")]
use crate::runtime::{AnyRef, HeapType, RefType};
use crate::runtime::{Func, ValType};

/// A value of any type.
///
/// Two values are equal if they have the same type and the same bits. So floats are not compared as numbers: a NaN equals a
/// NaN with the same bits, and `0.0` does not equal `-0.0`. References are equal if they refer to the same function, or
/// were created by the same call of [`ExternRef::new`]; the referenced values are not compared. To compare floats as
/// numbers, use [`Val::f32`] or [`Val::f64`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Val {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// The bits of a 32-bit float.
    F32(u32),
    /// The bits of a 64-bit float.
    F64(u64),
    /// A reference to a function, or null.
    FuncRef(Option<Func>),
    /// A reference to a value of the host, or null.
    ExternRef(Option<ExternRef>),
    /// A vector of 128 bits, lane 0 in the lowest ones.
    V128(u128),
    /// A reference to an exception, or null.
    #[cfg(feature = "exceptions")]
    ExnRef(Option<ExnRef>),
    /// A reference to an object or a small integer, or null.
    #[cfg(feature = "gc")]
    AnyRef(Option<AnyRef>),
}

/// A reference to a value of the host, created by [`ExternRef::new`], or to any value that `extern.convert_any` has converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExternRef {
    store: StoreId,
    /// Never null.
    slot: u64,
}

impl Val {
    /// The value's type.
    #[must_use]
    pub fn ty(self) -> ValType {
        match self {
            Self::I32(_) => ValType::I32,
            Self::I64(_) => ValType::I64,
            Self::F32(_) => ValType::F32,
            Self::F64(_) => ValType::F64,
            Self::FuncRef(_) => ValType::FuncRef,
            Self::ExternRef(_) => ValType::ExternRef,
            Self::V128(_) => ValType::V128,
            #[cfg(feature = "exceptions")]
            Self::ExnRef(_) => ValType::ExnRef,
            #[cfg(feature = "gc")]
            Self::AnyRef(_) => ValType::reference(RefType::new(true, HeapType::Any)),
        }
    }

    /// The value zero or null of a type. A type without null gets null all the same.
    #[must_use]
    pub fn default_for(ty: ValType) -> Self {
        match ty {
            ValType::I32 => Self::I32(0),
            ValType::I64 => Self::I64(0),
            ValType::F32 => Self::F32(0),
            ValType::F64 => Self::F64(0),
            ValType::FuncRef => Self::FuncRef(None),
            ValType::ExternRef => Self::ExternRef(None),
            ValType::V128 => Self::V128(0),
            #[cfg(feature = "exceptions")]
            ValType::ExnRef => Self::ExnRef(None),
            #[cfg(feature = "gc")]
            ValType::Ref(ty) => match ty.heap_type().top() {
                HeapType::Func => Self::FuncRef(None),
                HeapType::Extern => Self::ExternRef(None),
                #[cfg(feature = "exceptions")]
                HeapType::Exn => Self::ExnRef(None),
                _ => Self::AnyRef(None),
            },
        }
    }

    /// Returns whether a place of type `ty` can hold the value.
    pub(crate) fn fits(
        self,
        ty: ValType,
        #[allow(unused, reason = "objects are in the store")] state: &State,
    ) -> bool {
        #[cfg(feature = "gc")]
        if let Some(wanted) = ty.ref_type() {
            return self.ty() == ty || state.has_type(self, wanted);
        }
        self.ty() == ty
    }

    /// The integer, if it is an `i32`.
    #[must_use]
    pub fn i32(self) -> Option<i32> {
        match self {
            Self::I32(value) => Some(value),
            _ => None,
        }
    }

    /// The integer, if it is an `i64`.
    #[must_use]
    pub fn i64(self) -> Option<i64> {
        match self {
            Self::I64(value) => Some(value),
            _ => None,
        }
    }

    /// The float, if it is an `f32`.
    #[must_use]
    pub fn f32(self) -> Option<f32> {
        match self {
            Self::F32(bits) => Some(f32::from_bits(bits)),
            _ => None,
        }
    }

    /// The float, if it is an `f64`.
    #[must_use]
    pub fn f64(self) -> Option<f64> {
        match self {
            Self::F64(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// Returns the slot of the value in `store`, or `None` for a reference from another store. Of a vector it is the low half.
    pub(crate) fn into_slot(self, store: StoreId) -> Option<u64> {
        match self {
            Self::I32(value) => Some(SlotValue::into_slot(value)),
            Self::I64(value) => Some(SlotValue::into_slot(value)),
            Self::F32(bits) => Some(u64::from(bits)),
            Self::F64(bits) => Some(bits),
            Self::FuncRef(func) => InSlot::into_slot(func, store),
            Self::ExternRef(value) => InSlot::into_slot(value, store),
            #[cfg(feature = "gc")]
            Self::AnyRef(None) => Some(NULL_REF),
            #[cfg(feature = "gc")]
            Self::AnyRef(Some(object)) => object.slot_in(store),
            // `as` keeps the low half.
            Self::V128(bits) => Some(bits as u64),
            #[cfg(feature = "exceptions")]
            Self::ExnRef(None) => Some(NULL_REF),
            #[cfg(feature = "exceptions")]
            Self::ExnRef(Some(exception)) => exception.slot_in(store),
        }
    }

    /// Returns the second slot of the value, if it takes two.
    pub(crate) fn second_slot(self) -> Option<u64> {
        match self {
            Self::V128(bits) => Some((bits >> 64) as u64),
            _ => None,
        }
    }

    /// Returns the slot of the value, or the two slots of a vector, in `store`.
    pub(crate) fn into_slots(self, store: StoreId) -> Option<u128> {
        let high = self.second_slot().unwrap_or(0);
        Some(u128::from(self.into_slot(store)?) | u128::from(high) << 64)
    }

    /// Returns the value of type `ty` in a slot, or in the two slots of a vector.
    pub(crate) fn from_slots(ty: ValType, bits: u128, store: StoreId) -> Self {
        match ty {
            ValType::V128 => Self::V128(bits),
            // `as` keeps the only slot.
            _ => Self::from_slot(ty, bits as u64, store),
        }
    }

    /// Returns the values of the given types in neighbouring slots of `store`.
    pub(crate) fn list(
        types: &[ValType],
        mut slots: &[u64],
        store: StoreId,
    ) -> impl Iterator<Item = Self> {
        types.iter().map(move |ty| {
            let (own, others) = slots.split_at(ty.slots());
            slots = others;
            match ty {
                ValType::V128 => Self::V128(u128::from(own[0]) | u128::from(own[1]) << 64),
                _ => Self::from_slot(*ty, own[0], store),
            }
        })
    }

    /// Returns the value of type `ty` in a slot of `store`. A vector takes two: [`Val::list`].
    pub(crate) fn from_slot(ty: ValType, slot: u64, store: StoreId) -> Self {
        match ty {
            ValType::I32 => Self::I32(SlotValue::from_slot(slot)),
            ValType::I64 => Self::I64(SlotValue::from_slot(slot)),
            ValType::F32 => Self::F32(SlotValue::from_slot(slot)),
            ValType::F64 => Self::F64(slot),
            ValType::FuncRef => Self::FuncRef(InSlot::from_slot(slot, store)),
            ValType::ExternRef => Self::ExternRef(InSlot::from_slot(slot, store)),
            ValType::V128 => Self::V128(slot.into()),
            #[cfg(feature = "exceptions")]
            ValType::ExnRef => Self::ExnRef(ExnRef::from_slot(slot, store)),
            #[cfg(feature = "gc")]
            ValType::Ref(ty) => match ty.heap_type().top() {
                HeapType::Func => Self::FuncRef(InSlot::from_slot(slot, store)),
                HeapType::Extern => Self::ExternRef(InSlot::from_slot(slot, store)),
                #[cfg(feature = "exceptions")]
                HeapType::Exn => Self::ExnRef(ExnRef::from_slot(slot, store)),
                _ => Self::AnyRef(AnyRef::from_slot(slot, store)),
            },
        }
    }
}

impl fmt::Display for Val {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::I32(value) => value.fmt(f),
            Self::I64(value) => value.fmt(f),
            Self::F32(bits) => f32::from_bits(*bits).fmt(f),
            Self::F64(bits) => f64::from_bits(*bits).fmt(f),
            Self::FuncRef(None) | Self::ExternRef(None) => f.write_str("null"),
            Self::FuncRef(Some(_)) => f.write_str("func"),
            Self::ExternRef(Some(_)) => f.write_str("extern"),
            Self::V128(bits) => write!(f, "{bits:#034x}"),
            #[cfg(feature = "exceptions")]
            Self::ExnRef(None) => f.write_str("null"),
            #[cfg(feature = "gc")]
            Self::AnyRef(None) => f.write_str("null"),
            #[cfg(feature = "gc")]
            Self::AnyRef(Some(object)) => object.fmt(f),
            #[cfg(feature = "exceptions")]
            Self::ExnRef(Some(_)) => f.write_str("exn"),
        }
    }
}

impl From<i32> for Val {
    fn from(value: i32) -> Self {
        Self::I32(value)
    }
}

impl From<i64> for Val {
    fn from(value: i64) -> Self {
        Self::I64(value)
    }
}

impl From<f32> for Val {
    fn from(value: f32) -> Self {
        Self::F32(value.to_bits())
    }
}

impl From<f64> for Val {
    fn from(value: f64) -> Self {
        Self::F64(value.to_bits())
    }
}

/// A Rust type for a wasm type.
///
/// `i32` and `u32` are Rust types for `i32`, and so on. `Option<Func>` and `Option<ExternRef>` are those for references.
///
/// Running code trusts the slots that are made from these types, so no other crate can add a type:
/// ```compile_fail,E0277
/// #[derive(Clone, Copy)]
/// struct Forged(u64);
/// impl interp::WasmTy for Forged {
///     const TYPE: interp::ValType = interp::ValType::FuncRef;
/// }
/// ```
pub trait WasmTy: InSlot + Copy + 'static {
    /// The wasm type.
    const TYPE: ValType;
}

macro_rules! number {
    ($($Rust:ty => $Wasm:ident,)*) => { $(
        impl WasmTy for $Rust {
            const TYPE: ValType = ValType::$Wasm;
        }
        impl InSlot for $Rust {
            #[inline]
            fn into_slot(self, _: StoreId) -> Option<u64> {
                Some(SlotValue::into_slot(self))
            }
            #[inline]
            fn from_slot(slot: u64, _: StoreId) -> Self {
                SlotValue::from_slot(slot)
            }
        }
    )* };
}

number! {
    i32 => I32,
    u32 => I32,
    i64 => I64,
    u64 => I64,
    f32 => F32,
    f64 => F64,
}

impl WasmTy for Option<Func> {
    const TYPE: ValType = ValType::FuncRef;
}

impl InSlot for Option<Func> {
    fn into_slot(self, store: StoreId) -> Option<u64> {
        self.map_or(Some(NULL_REF), |func| func.0.into_ref(store))
    }

    fn from_slot(slot: u64, store: StoreId) -> Self {
        Handle::from_ref(store, slot).map(Func)
    }
}

impl WasmTy for Option<ExternRef> {
    const TYPE: ValType = ValType::ExternRef;
}

impl InSlot for Option<ExternRef> {
    fn into_slot(self, store: StoreId) -> Option<u64> {
        let slot = |value: ExternRef| (value.store == store).then_some(value.slot);
        self.map_or(Some(NULL_REF), slot)
    }

    fn from_slot(slot: u64, store: StoreId) -> Self {
        (slot != NULL_REF).then_some(ExternRef { store, slot })
    }
}

impl ExternRef {
    /// The reference that names a value of the host.
    pub(super) fn of_host(handle: Handle) -> Self {
        let store = handle.store();
        Self {
            store,
            slot: u64::from(handle.number()) + 1,
        }
    }

    /// The value of the program, as `extern.convert_any` converts it. Nothing is copied.
    #[cfg(feature = "gc")]
    #[must_use]
    pub fn convert_any(value: AnyRef) -> Self {
        let (slot, store) = value.parts();
        Self { store, slot }
    }

    /// Its slot, and its store.
    pub(super) fn parts(self) -> (u64, StoreId) {
        (self.slot, self.store)
    }
}
