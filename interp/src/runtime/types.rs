//! The types of values, functions and all other items that are imported and exported.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

#[cfg(all(feature = "exceptions", not(feature = "gc")))]
use wasmparser::AbstractHeapType;

use crate::Error;
use crate::runtime::Engine;
#[cfg(feature = "gc")]
use crate::runtime::{HeapType, RefType};

/// The bits of the number of a type that say of what kind the type is.
pub(crate) const KIND_BITS: u32 = if cfg!(feature = "gc") { 2 } else { 0 };

/// The type of a value (core specification, 2.3.4 "value types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// A reference to a function, or null.
    FuncRef,
    /// A reference to a value of the host, or null.
    ExternRef,
    /// A vector of 128 bits. Modules have it if the crate is built with the feature `simd`.
    V128,
    /// A reference to an exception, or null.
    #[cfg(feature = "exceptions")]
    ExnRef,
    /// A reference of another type. It is never one of the types above: [`ValType::reference`].
    #[cfg(feature = "gc")]
    Ref(RefType),
}

impl ValType {
    /// Returns whether values of the type are references.
    #[must_use]
    pub fn is_ref(self) -> bool {
        !matches!(
            self,
            Self::I32 | Self::I64 | Self::F32 | Self::F64 | Self::V128
        )
    }

    /// Returns whether its values may refer to objects or exceptions.
    #[cfg(feature = "heap")]
    pub(crate) fn is_traced(self) -> bool {
        #[cfg(feature = "gc")]
        return self
            .ref_type()
            .is_some_and(|ty| ty.heap_type().top() != HeapType::Func);
        #[cfg(not(feature = "gc"))]
        matches!(self, Self::ExnRef)
    }

    /// The type of references of type `ty`.
    #[cfg(feature = "gc")]
    #[must_use]
    pub const fn reference(ty: RefType) -> Self {
        match (ty.is_nullable(), ty.heap_type()) {
            (true, HeapType::Func) => Self::FuncRef,
            (true, HeapType::Extern) => Self::ExternRef,
            #[cfg(feature = "exceptions")]
            (true, HeapType::Exn) => Self::ExnRef,
            _ => Self::Ref(ty),
        }
    }

    /// The type of references that it is, if it is one.
    #[cfg(feature = "gc")]
    #[must_use]
    pub const fn ref_type(self) -> Option<RefType> {
        let heap = match self {
            Self::FuncRef => HeapType::Func,
            Self::ExternRef => HeapType::Extern,
            #[cfg(feature = "exceptions")]
            Self::ExnRef => HeapType::Exn,
            Self::Ref(ty) => return Some(ty),
            Self::I32 | Self::I64 | Self::F32 | Self::F64 | Self::V128 => return None,
        };
        Some(RefType::new(true, heap))
    }

    /// Returns whether each value of this type has the type `other`, too (core specification, 3.3.5 "value types").
    #[must_use]
    pub fn matches(
        self,
        other: Self,
        #[allow(unused, reason = "only types of modules need it")] engine: &Engine,
    ) -> bool {
        #[cfg(feature = "gc")]
        if let (Some(own), Some(other)) = (self.ref_type(), other.ref_type()) {
            return own.matches(other, engine);
        }
        self == other
    }

    /// Converts the decoder's type. It was validated, so no other types occur. `number` gives the engine's number of a type of the
    /// module.
    pub(crate) fn from_wasm(ty: wasmparser::ValType, number: &dyn Fn(u32) -> u32) -> Self {
        match ty {
            wasmparser::ValType::I32 => Self::I32,
            wasmparser::ValType::I64 => Self::I64,
            wasmparser::ValType::F32 => Self::F32,
            wasmparser::ValType::F64 => Self::F64,
            wasmparser::ValType::Ref(ty) => Self::from_wasm_ref(ty, number),
            wasmparser::ValType::V128 => Self::V128,
        }
    }

    /// The number of slots that a value takes.
    #[inline]
    pub(crate) fn slots(self) -> usize {
        match self {
            Self::V128 => crate::machine::Class::Vector.slots(),
            _ => 1,
        }
    }

    /// The number of slots that values of these types take.
    #[inline]
    pub(crate) fn slots_of(types: &[Self]) -> usize {
        if cfg!(feature = "simd") {
            types.iter().map(|ty| ty.slots()).sum()
        } else {
            types.len()
        }
    }

    #[cfg(feature = "gc")]
    pub(crate) fn from_wasm_ref(ty: wasmparser::RefType, number: &dyn Fn(u32) -> u32) -> Self {
        Self::reference(RefType::from_wasm(ty, number))
    }

    #[cfg(not(feature = "gc"))]
    pub(crate) fn from_wasm_ref(ty: wasmparser::RefType, _: &dyn Fn(u32) -> u32) -> Self {
        #[cfg(feature = "exceptions")]
        if let wasmparser::HeapType::Abstract { ty, .. } = ty.heap_type()
            && matches!(ty, AbstractHeapType::Exn | AbstractHeapType::NoExn)
        {
            return Self::ExnRef;
        }
        if ty.is_extern_ref() {
            Self::ExternRef
        } else {
            Self::FuncRef
        }
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            #[cfg(feature = "gc")]
            Self::Ref(ty) => return ty.fmt(f),
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
            Self::V128 => "v128",
            #[cfg(feature = "exceptions")]
            Self::ExnRef => "exnref",
        })
    }
}

/// The type of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncType {
    types: Arc<[ValType]>,
    params: usize,
    /// See [`FuncType::declaration`].
    #[cfg(feature = "gc")]
    declared: Option<u32>,
}

impl FuncType {
    /// The type of a function from `params` to `results`.
    #[must_use]
    pub fn new(
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Self {
        let mut types: Vec<ValType> = params.into_iter().collect();
        let params = types.len();
        types.extend(results);
        Self {
            types: types.into(),
            params,
            #[cfg(feature = "gc")]
            declared: None,
        }
    }

    pub(crate) fn from_wasm(ty: &wasmparser::FuncType, number: &dyn Fn(u32) -> u32) -> Self {
        let convert = |types: &[wasmparser::ValType]| -> Vec<_> {
            let types = types.iter().copied();
            types.map(|ty| ValType::from_wasm(ty, number)).collect()
        };
        Self::new(convert(ty.params()), convert(ty.results()))
    }

    /// The parameters' types.
    #[must_use]
    pub fn params(&self) -> &[ValType] {
        &self.types[..self.params]
    }

    /// Fails if a call does not have the right number of arguments and results.
    pub(crate) fn check_lengths(&self, params: usize, results: usize) -> Result<(), Error> {
        if (params, results) == (self.params().len(), self.results().len()) {
            return Ok(());
        }
        Err(Error::new(format!(
            "a function of type {self} was called with {params} arguments and room for {results} results"
        )))
    }

    /// The results' types.
    #[must_use]
    pub fn results(&self) -> &[ValType] {
        &self.types[self.params..]
    }

    /// Returns whether a function of this type can be called as one of type `wanted`: it is the same type, or declared as a subtype of it (core
    /// specification, 3.3.12 "defined types").
    #[must_use]
    pub fn matches(
        &self,
        wanted: &Self,
        #[allow(unused, reason = "only types of modules need it")] engine: &Engine,
    ) -> bool {
        #[cfg(feature = "gc")]
        if let Some(own) = self.declared {
            let wanted = wanted.declared.or_else(|| engine.number_of(wanted));
            return wanted.is_some_and(|wanted| engine.is_subtype(own, wanted));
        }
        self == wanted
    }

    /// The same type, as the one that has this number in an engine.
    #[cfg(feature = "gc")]
    pub(crate) fn declared(mut self, number: u32) -> Self {
        self.declared = Some(number);
        self
    }

    /// Its number in an engine, if its parameters and results alone do not say which type it is.
    #[cfg(feature = "gc")]
    pub(crate) fn declaration(&self) -> Option<u32> {
        self.declared
    }
}

impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, self.params())?;
        f.write_str(" -> ")?;
        list(f, self.results())
    }
}

fn list(f: &mut fmt::Formatter<'_>, types: &[ValType]) -> fmt::Result {
    f.write_str("(")?;
    for (index, ty) in types.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{ty}")?;
    }
    f.write_str(")")
}

/// The type of a global.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlobalType {
    /// The type of its value.
    pub content: ValType,
    /// Whether it can be set.
    pub mutable: bool,
}

/// The size of a table or memory, and its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// The minimum, or the current size.
    pub min: u64,
    /// The maximum, if there is one.
    pub max: Option<u64>,
}

impl Limits {
    /// Returns whether an item with these limits matches an import with the limits `wanted` (core specification, 3.3.2
    /// "import matching").
    fn matches(self, wanted: Self) -> bool {
        self.min >= wanted.min
            && wanted
                .max
                .is_none_or(|most| self.max.is_some_and(|max| max <= most))
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.max {
            Some(max) => write!(f, "{}..={max}", self.min),
            None => write!(f, "{}..", self.min),
        }
    }
}

/// The type of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TableType {
    /// The type of its elements: a reference type.
    pub element: ValType,
    /// The number of elements.
    pub limits: Limits,
    /// Whether indices have 64 bits and not 32.
    pub is_64: bool,
}

impl TableType {
    /// The type of a table with at least `min` elements and at most `max`, and with indices of 32 bits.
    #[must_use]
    pub fn new(element: ValType, min: u32, max: Option<u32>) -> Self {
        Self {
            is_64: false,
            ..Self::new64(element, min.into(), max.map(u64::from))
        }
    }

    /// The same with indices of 64 bits.
    #[must_use]
    pub fn new64(element: ValType, min: u64, max: Option<u64>) -> Self {
        Self {
            element,
            limits: Limits { min, max },
            is_64: true,
        }
    }
}

/// The type of a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MemoryType {
    /// The number of pages.
    pub limits: Limits,
    /// Whether addresses have 64 bits and not 32.
    pub is_64: bool,
    /// Whether threads may share it (proposal "threads").
    pub is_shared: bool,
    /// The binary logarithm of the number of bytes of a page: 16, or 0 (proposal "custom page sizes").
    pub page_size_log2: u8,
}

impl MemoryType {
    /// The type of a memory with at least `min` pages of 64 KiB and at most `max`, and with addresses of 32 bits.
    #[must_use]
    pub fn new(min: u32, max: Option<u32>) -> Self {
        Self {
            is_64: false,
            ..Self::new64(min.into(), max.map(u64::from))
        }
    }

    /// The same with addresses of 64 bits.
    #[must_use]
    pub fn new64(min: u64, max: Option<u64>) -> Self {
        Self {
            limits: Limits { min, max },
            is_64: true,
            is_shared: false,
            page_size_log2: 16,
        }
    }

    /// The number of bytes of a page.
    #[must_use]
    pub fn page_size(&self) -> u64 {
        1 << self.page_size_log2
    }

    /// The number of bytes of `pages` pages, if the host can address them.
    pub(crate) fn bytes_of(&self, pages: u64) -> Option<usize> {
        usize::try_from(pages.checked_mul(self.page_size())?).ok()
    }
}

/// The type of a tag.
#[cfg(feature = "exceptions")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TagType(FuncType);

#[cfg(feature = "exceptions")]
impl TagType {
    /// The type of a tag whose exceptions have the parameters of `ty` as values. `ty` has no results (core specification,
    /// 3.2.16).
    #[must_use]
    pub fn new(ty: FuncType) -> Self {
        Self(ty)
    }

    /// The type of a function that throws: its parameters are the values of an exception.
    #[must_use]
    pub fn ty(&self) -> &FuncType {
        &self.0
    }
}

/// The type of an item that is imported or exported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExternType {
    /// A function.
    Func(FuncType),
    /// A global.
    Global(GlobalType),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A tag of exceptions.
    #[cfg(feature = "exceptions")]
    Tag(TagType),
}

impl ExternType {
    /// Returns whether an item of this type matches an import of type `wanted`. Both are types of `engine`.
    #[must_use]
    pub fn matches(&self, wanted: &Self, engine: &Engine) -> bool {
        match (self, wanted) {
            (Self::Func(have), Self::Func(want)) => have.matches(want, engine),
            (Self::Global(have), Self::Global(want)) => {
                have == want
                    || (have.mutable, want.mutable) == (false, false)
                        && have.content.matches(want.content, engine)
            }
            (Self::Table(have), Self::Table(want)) => {
                (have.element, have.is_64) == (want.element, want.is_64)
                    && have.limits.matches(want.limits)
            }
            (Self::Memory(have), Self::Memory(want)) => {
                (have.is_64, have.is_shared, have.page_size_log2)
                    == (want.is_64, want.is_shared, want.page_size_log2)
                    && have.limits.matches(want.limits)
            }
            #[cfg(feature = "exceptions")]
            (Self::Tag(have), Self::Tag(want)) => have == want,
            _ => false,
        }
    }
}

impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Func(ty) => write!(f, "func {ty}"),
            Self::Global(ty) if ty.mutable => write!(f, "global mut {}", ty.content),
            Self::Global(ty) => write!(f, "global {}", ty.content),
            Self::Table(ty) => {
                let indices = if ty.is_64 {
                    " with indices of 64 bits"
                } else {
                    ""
                };
                write!(f, "table {} of {}{indices}", ty.element, ty.limits)
            }
            Self::Memory(ty) => {
                let unit = if ty.page_size_log2 == 0 {
                    "bytes"
                } else {
                    "pages"
                };
                let addresses = if ty.is_64 {
                    " with addresses of 64 bits"
                } else {
                    ""
                };
                let shared = if ty.is_shared { "shared " } else { "" };
                write!(f, "{shared}memory of {} {unit}{addresses}", ty.limits)
            }
            #[cfg(feature = "exceptions")]
            Self::Tag(TagType(ty)) => {
                f.write_str("tag ")?;
                list(f, ty.params())
            }
        }
    }
}

impl GlobalType {
    pub(crate) fn from_wasm(ty: wasmparser::GlobalType, number: &dyn Fn(u32) -> u32) -> Self {
        Self {
            content: ValType::from_wasm(ty.content_type, number),
            mutable: ty.mutable,
        }
    }
}

impl TableType {
    pub(crate) fn from_wasm(ty: wasmparser::TableType, number: &dyn Fn(u32) -> u32) -> Self {
        Self {
            element: ValType::from_wasm_ref(ty.element_type, number),
            limits: Limits {
                min: ty.initial,
                max: ty.maximum,
            },
            is_64: ty.table64,
        }
    }
}

impl From<wasmparser::MemoryType> for MemoryType {
    fn from(ty: wasmparser::MemoryType) -> Self {
        Self {
            limits: Limits {
                min: ty.initial,
                max: ty.maximum,
            },
            is_64: ty.memory64,
            is_shared: ty.shared,
            // Validation admits 0 and 16.
            page_size_log2: ty.page_size_log2.map_or(16, |log2| log2 as u8),
        }
    }
}
