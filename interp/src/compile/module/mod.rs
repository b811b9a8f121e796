//! A decoded, validated module: an index of offsets into its bytes.
//!
//! [`ModuleInfo::new`] walks over the sections once. Parts that every call needs (types, the types of functions, the places
//! of bodies) are stored in arrays. Parts that only instantiation needs (imports, exports, segments, initial values) stay
//! in the module's bytes and are decoded again on request. That takes no memory: a small Go program has 27,000 data
//! segments.
//!
//! The bytes of a mapped file may change between two reads. In that case the small sections are copied before they are
//! validated, and the copies are kept. Bodies are copied each time they are validated and lowered. Readers of the large
//! rest (data segments, names, custom sections) check all that they read.
//!
//! Start with [`ModuleInfo`]; `decode.rs` fills it, `check.rs` lists what is supported, `readers.rs` reads sections again.

pub(super) mod bytes;
#[cfg(feature = "lowering")]
pub(super) mod check;
mod data;
mod decode;
mod readers;

pub use bytes::ModuleBytes;
pub use data::{DataSegment, DataSegments};
pub use decode::FEATURES;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use wasmparser::{
    BinaryReader, FuncToValidate, FuncType, FuncValidator, FuncValidatorAllocations, FunctionBody,
    GlobalType, MemoryType, TableType, ValType, ValidatorResources, WasmFeatures,
};

#[cfg(feature = "gc")]
use hashbrown::HashMap;
#[cfg(feature = "gc")]
use wasmparser::SubType;

#[cfg(feature = "simd")]
use super::class;
use super::error::ModuleError;
use super::progress::Observer;
#[cfg(feature = "lowered-modules")]
use crate::ops::Features;

/// When function bodies are validated. A body is always validated before it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// All bodies when the module is made, so an invalid module is never accepted. If its bytes may change
    /// ([`ModuleBytes::are_constant`]), each body is validated again in the pass that lowers it.
    #[default]
    Eager,
    /// Each body in the pass that lowers it, at its first call. The start is faster. An invalid body is an error of that
    /// call.
    Lazy,
}

/// The contents of a module and their places.
#[derive(Debug)]
pub struct ModuleInfo {
    bytes: ModuleBytes,
    features: WasmFeatures,
    /// Types that are not those of functions stand here as functions of nothing.
    types: Vec<FuncType>,
    /// All types as they are declared, by type index, and the number of types of each group.
    #[cfg(feature = "gc")]
    declared: Vec<SubType>,
    #[cfg(feature = "gc")]
    groups: Vec<u32>,
    /// For each type of structures that have vectors, the first slot of each field.
    #[cfg(feature = "gc")]
    field_slots: HashMap<u32, Box<[u16]>>,
    /// Whether a function type or a global has a vector.
    #[cfg(feature = "simd")]
    has_vectors: bool,
    /// The type of each function, imported ones first.
    funcs: Vec<u32>,
    tables: Vec<TableType>,
    memories: Vec<MemoryType>,
    globals: Vec<GlobalType>,
    /// The type of each tag, imported ones first.
    #[cfg(feature = "exceptions")]
    tags: Vec<u32>,
    /// For each global that the module defines, the slots of those before it.
    #[cfg(feature = "simd")]
    own_global_slots: Vec<u32>,
    imported: Imported,
    sections: Sections,
    start: Option<u32>,
    /// The bodies of the defined functions.
    bodies: Vec<Range<u32>>,
    has_data_count: bool,
    /// Passive data segments by ascending index.
    passive_data: Vec<(u32, Range<u32>)>,
    custom: Vec<CustomRange>,
    /// The names of all custom sections, concatenated.
    custom_names: String,
    /// The module's context for the validation of bodies. `None` if there is no body.
    resources: Option<ValidatorResources>,
    /// Whether the bodies were validated when the module was made.
    bodies_are_valid: bool,
    /// See [`ModuleInfo::with_canonical_nans`].
    #[cfg(feature = "canonical-nans")]
    canonical_nans: bool,
}

/// The number of imports of each kind. Imports have the lowest indices.
#[derive(Clone, Copy, Debug, Default)]
struct Imported {
    funcs: u32,
    tables: u32,
    memories: u32,
    globals: u32,
    #[cfg(feature = "exceptions")]
    tags: u32,
}

/// The sections that are decoded again on request.
#[derive(Clone, Debug, Default)]
struct Sections {
    imports: Section,
    /// If a table has an initial value.
    #[cfg(feature = "gc")]
    tables: Section,
    globals: Section,
    exports: Section,
    elements: Section,
    data: Range<u32>,
    names: Range<u32>,
}

/// The content of a section: its place in the module, or a copy from validation if the module's bytes may change.
#[derive(Clone, Debug, Default)]
struct Section {
    range: Range<u32>,
    copy: Option<Box<[u8]>>,
}

/// A custom section: the place of its name in [`ModuleInfo::custom_names`], and of its data in the module.
#[derive(Clone, Debug)]
struct CustomRange {
    name: Range<u32>,
    data: Range<u32>,
}

impl ModuleInfo {
    /// Decodes and validates `bytes` with all [`FEATURES`].
    ///
    /// # Errors
    /// Fails if the module is invalid or needs an unsupported feature.
    pub fn new(bytes: ModuleBytes, validation: Validation) -> Result<Self, ModuleError> {
        Self::with_features(bytes, validation, FEATURES, Observer::NONE)
    }

    /// Decodes and validates `bytes` with `features`, a subset of [`FEATURES`]. `observer` receives the progress of eager validation.
    ///
    /// # Errors
    /// Fails if the module is invalid or needs another feature.
    pub(crate) fn with_features(
        bytes: ModuleBytes,
        validation: Validation,
        features: WasmFeatures,
        observer: Observer<'_>,
    ) -> Result<Self, ModuleError> {
        let features = features.intersection(FEATURES);
        let info = decode::decode(bytes, validation, features, observer)?;
        Ok(Self {
            bodies_are_valid: validation == Validation::Eager,
            ..info
        })
    }

    /// Decodes and validates a module of which the code section has only the number of bodies: what a module in lowered form keeps.
    ///
    /// # Errors
    /// Fails if the module is invalid or needs another feature.
    #[cfg(feature = "lowered-modules")]
    pub(crate) fn without_bodies(
        bytes: ModuleBytes,
        features: WasmFeatures,
    ) -> Result<Self, ModuleError> {
        decode::decode_without_bodies(bytes, features.intersection(FEATURES))
    }

    /// Sets whether lowered code has canonical NaNs wherever a NaN is not specified.
    #[cfg(feature = "canonical-nans")]
    #[must_use]
    pub fn with_canonical_nans(self, yes: bool) -> Self {
        Self {
            canonical_nans: yes,
            ..self
        }
    }

    /// Whether lowered code has canonical NaNs.
    #[must_use]
    pub fn has_canonical_nans(&self) -> bool {
        #[cfg(feature = "canonical-nans")]
        return self.canonical_nans;
        #[cfg(not(feature = "canonical-nans"))]
        return false;
    }

    /// The same module, which may use only the features of builds with these features of the crate.
    ///
    /// # Errors
    /// Fails if the module uses another feature outside of functions. Functions are validated when they are lowered.
    #[cfg(feature = "lowered-modules")]
    pub(crate) fn restricted(&self, features: Features) -> Result<Self, ModuleError> {
        let features = self.features.intersection(decode::supported(features));
        let (bytes, lazy) = (self.bytes.clone(), Validation::Lazy);
        let info = Self::with_features(bytes, lazy, features, Observer::NONE)?;
        #[cfg(feature = "canonical-nans")]
        let info = info.with_canonical_nans(self.canonical_nans);
        Ok(info)
    }

    /// Validates `bytes` and all function bodies in them with `features`. Nothing is stored. `observer` receives the progress.
    ///
    /// # Errors
    /// The errors of [`ModuleInfo::with_features`].
    pub(crate) fn validate(
        bytes: &[u8],
        features: WasmFeatures,
        observer: Observer<'_>,
    ) -> Result<(), ModuleError> {
        let features = features.intersection(FEATURES);
        decode::index(bytes, true, Validation::Eager, features, observer).map(drop)
    }

    /// Returns whether all bodies were validated and cannot have changed since. Otherwise lowering validates them.
    #[must_use]
    pub fn bodies_are_valid(&self) -> bool {
        self.bodies_are_valid && self.bytes.are_constant()
    }

    fn empty(bytes: ModuleBytes, features: WasmFeatures) -> Self {
        Self {
            bytes,
            features,
            types: Vec::new(),
            #[cfg(feature = "simd")]
            has_vectors: false,
            #[cfg(feature = "gc")]
            declared: Vec::new(),
            #[cfg(feature = "gc")]
            groups: Vec::new(),
            #[cfg(feature = "gc")]
            field_slots: HashMap::new(),
            funcs: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            #[cfg(feature = "exceptions")]
            tags: Vec::new(),
            #[cfg(feature = "simd")]
            own_global_slots: Vec::new(),
            imported: Imported::default(),
            sections: Sections::default(),
            start: None,
            bodies: Vec::new(),
            has_data_count: false,
            passive_data: Vec::new(),
            custom: Vec::new(),
            custom_names: String::new(),
            resources: None,
            bodies_are_valid: false,
            #[cfg(feature = "canonical-nans")]
            canonical_nans: false,
        }
    }

    /// The module's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// The features that the module may use.
    pub(crate) fn features(&self) -> WasmFeatures {
        self.features
    }

    /// Announces that most of the bytes read so far will hardly be read again.
    pub fn release_bytes(&self) {
        self.bytes.release();
    }

    /// The declaration of a type.
    #[cfg(feature = "gc")]
    #[must_use]
    pub fn declared_type(&self, index: u32) -> &SubType {
        &self.declared[index as usize]
    }

    /// The first slot of a field in its structure. A vector takes two.
    #[cfg(feature = "gc")]
    #[must_use]
    pub fn field_slot(&self, ty: u32, field: u32) -> u16 {
        match self.field_slots.get(&ty) {
            Some(slots) => slots[field as usize],
            // Validation allows 10,000 fields.
            None => field as u16,
        }
    }

    /// The types that are declared together, in order: the index of the first one, and all of them.
    #[cfg(feature = "gc")]
    pub fn type_groups(&self) -> impl Iterator<Item = (u32, &[SubType])> {
        let mut first = 0;
        self.groups.iter().map(move |len| {
            let start = first;
            first += len;
            (start, &self.declared[start as usize..first as usize])
        })
    }

    /// The function types, by type index. A type of other values stands there as a function without parameters and results.
    #[must_use]
    pub fn types(&self) -> &[FuncType] {
        &self.types
    }

    /// The number of slots that parameters or results of one of the module's function types take.
    #[inline]
    pub(crate) fn slots(&self, types: &[ValType]) -> usize {
        // Most modules have no vectors, and their calls are many.
        #[cfg(feature = "simd")]
        if self.has_vectors {
            return class::slots(types);
        }
        types.len()
    }

    /// Whether one of these types is a vector. They are from the module's function types.
    #[inline]
    pub(super) fn has_vector(&self, types: &[ValType]) -> bool {
        self.slots(types) > types.len()
    }

    /// Whether a global is a vector.
    #[cfg(feature = "simd")]
    #[inline]
    pub(super) fn is_vector_global(&self, global: u32) -> bool {
        self.has_vectors && self.global_type(global).content_type == ValType::V128
    }

    /// The type index of each function; imported functions come first.
    #[must_use]
    pub fn funcs(&self) -> &[u32] {
        &self.funcs
    }

    /// The type of function `func`.
    ///
    /// # Panics
    /// Panics if the function does not exist. The same holds for all accessors by index.
    #[must_use]
    pub fn func_type(&self, func: u32) -> &FuncType {
        &self.types[self.funcs[func as usize] as usize]
    }

    /// The tables' types; imported tables come first.
    #[must_use]
    pub fn tables(&self) -> &[TableType] {
        &self.tables
    }

    /// The type of a table.
    #[must_use]
    pub fn table_type(&self, table: u32) -> TableType {
        self.tables[table as usize]
    }

    /// The memories' types; imported memories come first.
    #[must_use]
    pub fn memories(&self) -> &[MemoryType] {
        &self.memories
    }

    /// The type of a memory.
    #[must_use]
    pub fn memory_type(&self, memory: u32) -> MemoryType {
        self.memories[memory as usize]
    }

    /// Whether the addresses of a memory have 64 bits.
    #[must_use]
    pub fn has_long_addresses(&self, memory: u32) -> bool {
        cfg!(feature = "memory64") && self.memory_type(memory).memory64
    }

    /// Whether the indices of a table have 64 bits.
    #[must_use]
    pub fn has_long_indices(&self, table: u32) -> bool {
        cfg!(feature = "memory64") && self.table_type(table).table64
    }

    /// The globals' types; imported globals come first.
    #[must_use]
    pub fn globals(&self) -> &[GlobalType] {
        &self.globals
    }

    /// The index of the defined global that has slot `slot`, counted from the first one's.
    #[cfg(feature = "lowered-modules")]
    #[must_use]
    pub fn global_at_own_slot(&self, slot: u32) -> Option<u32> {
        #[cfg(feature = "simd")]
        let own = self
            .own_global_slots
            .partition_point(|&first| first <= slot)
            .checked_sub(1)? as u32;
        #[cfg(not(feature = "simd"))]
        let own = slot;
        let global = self.imported.globals.checked_add(own)?;
        let ty = self.globals.get(global as usize)?;
        let slots = self.slots(&[ty.content_type]) as u32;
        (slot - self.own_global_slot(own) < slots).then_some(global)
    }

    /// The slot of global `own` of those that the module defines, counted from the first one's.
    #[must_use]
    pub fn own_global_slot(&self, own: u32) -> u32 {
        #[cfg(feature = "simd")]
        if self.has_vectors {
            return self.own_global_slots[own as usize];
        }
        own
    }

    /// The type of a global.
    #[must_use]
    pub fn global_type(&self, global: u32) -> GlobalType {
        self.globals[global as usize]
    }

    /// The number of imported functions.
    #[must_use]
    pub fn imported_funcs(&self) -> u32 {
        self.imported.funcs
    }

    /// The number of imported tables.
    #[must_use]
    pub fn imported_tables(&self) -> u32 {
        self.imported.tables
    }

    /// The number of imported memories.
    #[must_use]
    pub fn imported_memories(&self) -> u32 {
        self.imported.memories
    }

    /// The number of imported globals.
    #[must_use]
    pub fn imported_globals(&self) -> u32 {
        self.imported.globals
    }

    /// The type of each tag, an index of [`ModuleInfo::types`]. Imported tags come first.
    #[cfg(feature = "exceptions")]
    #[must_use]
    pub fn tags(&self) -> &[u32] {
        &self.tags
    }

    /// The type of a tag. Its parameters are the values of the tag's exceptions.
    #[cfg(feature = "exceptions")]
    #[must_use]
    pub fn tag_type(&self, tag: u32) -> &FuncType {
        &self.types[self.tags[tag as usize] as usize]
    }

    /// The number of imported tags.
    #[cfg(feature = "exceptions")]
    #[must_use]
    pub fn imported_tags(&self) -> u32 {
        self.imported.tags
    }

    /// The number of functions that the module defines.
    #[must_use]
    pub fn defined_funcs(&self) -> u32 {
        // Validation allows 1,000,000 functions.
        self.funcs.len() as u32 - self.imported.funcs
    }

    /// The start function, which instantiation calls last.
    #[must_use]
    pub fn start(&self) -> Option<u32> {
        self.start
    }

    /// Whether it has the bodies of its functions. A module that was read in lowered form has bytecode in their place.
    #[must_use]
    pub fn has_bodies(&self) -> bool {
        self.bodies.len() as u32 == self.defined_funcs()
    }

    /// The place of the body of defined function `defined` in the module's bytes: local declarations, then code.
    ///
    /// # Panics
    /// Panics if the function does not exist, or if the module [has no bodies](Self::has_bodies). The same holds for
    /// [`ModuleInfo::body`].
    #[must_use]
    pub fn body_range(&self, defined: u32) -> Range<usize> {
        let range = &self.bodies[defined as usize];
        range.start as usize..range.end as usize
    }

    /// The body of defined function `defined`. It is a copy in `buffer` if the module's bytes may change. Its positions are
    /// offsets in the module.
    #[must_use]
    pub fn body<'a>(&'a self, defined: u32, buffer: &'a mut Vec<u8>) -> FunctionBody<'a> {
        let range = self.body_range(defined);
        let offset = range.start as u64;
        let bytes = self.bytes.stable(range, buffer);
        FunctionBody::new(BinaryReader::new_features(bytes, offset, self.features))
    }

    /// A validator for the body of defined function `defined`.
    #[must_use]
    pub fn validator(
        &self,
        defined: u32,
        allocations: FuncValidatorAllocations,
    ) -> FuncValidator<ValidatorResources> {
        let index = self.imported.funcs + defined;
        let resources = self.resources.clone();
        FuncToValidate {
            resources: resources.expect("decoding the first body has set them"),
            index,
            ty: self.funcs[index as usize],
            features: self.features,
        }
        .into_validator(allocations)
    }
}

#[cfg(test)]
mod tests;
