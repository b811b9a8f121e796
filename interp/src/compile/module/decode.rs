//! Decodes and validates a module in one walk over its sections, and records the place of each part.
//!
//! If the module's bytes may change, each section except the large ones (code, data, custom sections) is copied and decoded
//! from the copy. Bodies are copied before they are validated. So the index describes the same bytes that were validated.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

use wasmparser::{
    Chunk, DataKind, FuncToValidate, FunctionBody, Parser, Payload, SectionLimited, TypeRef,
    Validator, ValidatorResources, WasmFeatures,
};

use super::{ModuleBytes, ModuleInfo, Section, Validation, bytes, data, readers};
#[cfg(feature = "simd")]
use crate::compile::class::{class_of, has_vector};
use crate::compile::error::{ModuleError, ModuleErrorKind};
use crate::compile::progress::{Observer, Pass};
use crate::compile::{Bodies, leb128};
use crate::ops::Features;
#[cfg(feature = "gc")]
use wasmparser::CompositeInnerType;

/// The supported features: WebAssembly 1.0 and 2.0, and the proposals tail call, extended constant expressions, multiple
/// memories and custom page sizes. Vectors, exceptions, atomic instructions, 64-bit memories, wide arithmetic and
/// garbage collection are features of the crate.
pub const FEATURES: WasmFeatures = supported(Features::HERE);

/// The features of WebAssembly that a build with these features of the crate supports.
pub(crate) const fn supported(features: Features) -> WasmFeatures {
    let mut all = WasmFeatures::MUTABLE_GLOBAL
        .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
        .union(WasmFeatures::SIGN_EXTENSION)
        .union(WasmFeatures::REFERENCE_TYPES)
        .union(WasmFeatures::MULTI_VALUE)
        .union(WasmFeatures::BULK_MEMORY)
        .union(WasmFeatures::FLOATS)
        // Despite its name, this enables `externref`.
        .union(WasmFeatures::GC_TYPES)
        .union(WasmFeatures::TAIL_CALL)
        .union(WasmFeatures::EXTENDED_CONST)
        .union(WasmFeatures::MULTI_MEMORY)
        .union(WasmFeatures::CUSTOM_PAGE_SIZES);
    let mut index = 0;
    while index < OF_CRATE.len() {
        let (feature, brings) = OF_CRATE[index];
        if features.contains(feature) {
            all = all.union(brings);
        }
        index += 1;
    }
    all
}

/// What each feature of the crate brings.
const OF_CRATE: [(Features, WasmFeatures); 6] = [
    (
        Features::SIMD,
        WasmFeatures::SIMD.union(WasmFeatures::RELAXED_SIMD),
    ),
    (Features::THREADS, WasmFeatures::THREADS),
    (
        Features::EXCEPTIONS,
        WasmFeatures::EXCEPTIONS.union(WasmFeatures::LEGACY_EXCEPTIONS),
    ),
    (
        Features::GC,
        WasmFeatures::FUNCTION_REFERENCES.union(WasmFeatures::GC),
    ),
    (Features::MEMORY64, WasmFeatures::MEMORY64),
    (Features::WIDE_ARITHMETIC, WasmFeatures::WIDE_ARITHMETIC),
];

/// Decodes `bytes`, and stores them in the result. `observer` receives the progress of eager validation.
pub(super) fn decode(
    bytes: ModuleBytes,
    validation: Validation,
    features: WasmFeatures,
    observer: Observer<'_>,
) -> Result<ModuleInfo, ModuleError> {
    let constant = bytes.are_constant();
    let mut info = index(bytes.as_slice(), constant, validation, features, observer)?;
    info.bytes = bytes;
    Ok(info)
}

/// Decodes `bytes`, whose code section has only the number of bodies, and stores them in the result.
#[cfg(feature = "lowered-modules")]
pub(super) fn decode_without_bodies(
    bytes: ModuleBytes,
    features: WasmFeatures,
) -> Result<ModuleInfo, ModuleError> {
    let (constant, lazy) = (bytes.are_constant(), Validation::Lazy);
    let mut decoder = Decoder::new(bytes.as_slice(), constant, lazy, features)?;
    decoder.has_bodies = false;
    decoder.walk()?;
    let mut info = decoder.info;
    info.bytes = bytes;
    Ok(info)
}

/// Decodes `bytes` into an index without these bytes. `constant` is true if nothing can change them. `observer` receives the progress of
/// eager validation.
pub(super) fn index<'a>(
    bytes: &'a [u8],
    constant: bool,
    validation: Validation,
    features: WasmFeatures,
    observer: Observer<'a>,
) -> Result<ModuleInfo, ModuleError> {
    let mut decoder = Decoder::new(bytes, constant, validation, features)?;
    decoder.observer = observer;
    decoder.walk()?;
    Ok(decoder.info)
}

struct Decoder<'a> {
    bytes: &'a [u8],
    /// Whether nothing can change the bytes.
    constant: bool,
    info: ModuleInfo,
    validator: Validator,
    eager: bool,
    /// Whether the code section has bodies.
    has_bodies: bool,
    bodies: Bodies,
    observer: Observer<'a>,
}

/// The bytes of the section that is being decoded.
#[derive(Clone, Copy)]
struct Source<'a> {
    bytes: &'a [u8],
    /// Their offset in the module.
    offset: usize,
    /// Whether they are a copy.
    copied: bool,
}

impl Source<'_> {
    /// Records the content of a section for later reads.
    fn section<T>(&self, section: &SectionLimited<'_, T>) -> Section {
        let range = section.range();
        let within = |offset: u64| offset as usize - self.offset;
        let content = || Box::from(&self.bytes[within(range.start)..within(range.end)]);
        Section {
            copy: self.copied.then(content),
            range: small(range),
        }
    }
}

/// The maximum number of tables of a module, because operands have 16 bits. The validator allows 100,000.
const MOST_TABLES: usize = 1 << 16;

/// Numbers of the sections that are never copied because they are large (core specification, 5.5.2).
const LARGE: [u8; 3] = [0, 10, 11];

impl<'a> Decoder<'a> {
    fn new(
        bytes: &'a [u8],
        constant: bool,
        validation: Validation,
        features: WasmFeatures,
    ) -> Result<Self, ModuleError> {
        if let Some(error) = ModuleError::of_other_format(bytes) {
            return Err(error);
        }
        if u32::try_from(bytes.len()).is_err() {
            return Err(ModuleError::new(
                ModuleErrorKind::Unsupported,
                u64::from(u32::MAX),
                "the module is larger than 4 GiB",
            ));
        }
        Ok(Self {
            bytes,
            constant,
            info: ModuleInfo::empty(ModuleBytes::from(&[]), features),
            validator: Validator::new_with_features(features),
            eager: validation == Validation::Eager,
            has_bodies: true,
            bodies: Bodies::default(),
            observer: Observer::NONE,
        })
    }

    fn walk(&mut self) -> Result<(), ModuleError> {
        let bytes = self.bytes;
        let mut parser = Parser::new(0);
        parser.set_features(self.info.features);
        let mut rest = bytes;
        let mut bodies_left = 0;
        let mut copy = Vec::new();
        loop {
            let at_end = rest.is_empty() && bodies_left == 0;
            let offset = bytes.len() - rest.len();
            let in_sections = offset > 0 && bodies_left == 0;
            let copied = in_sections && !self.constant && copy_section(rest, &mut copy);
            let source = Source {
                bytes: if copied { &copy } else { rest },
                offset,
                copied,
            };
            match parser.parse(source.bytes, at_end)? {
                Chunk::NeedMoreData(_) => return Err(ModuleError::truncated(bytes.len() as u64)),
                Chunk::Parsed { payload, consumed } => {
                    rest = &rest[consumed..];
                    match &payload {
                        Payload::CodeSectionStart { size, .. } if !self.has_bodies => {
                            // Nothing follows the number of bodies.
                            if *size != 0 {
                                return Err(ModuleError::changed(offset as u64));
                            }
                            parser.skip_section();
                        }
                        #[cfg(not(feature = "lowering"))]
                        Payload::CodeSectionStart { count: 1.., .. } => {
                            return Err(crate::compile::no_lowerer::refused(offset as u64));
                        }
                        Payload::CodeSectionStart { count, .. } => bodies_left = *count,
                        Payload::CodeSectionEntry(_) => bodies_left -= 1,
                        Payload::Version { .. }
                        | Payload::DataSection(_)
                        | Payload::CustomSection(_)
                        | Payload::End(_) => {}
                        // The section has changed since it was read first.
                        _ if !copied && !self.constant => {
                            return Err(ModuleError::changed(offset as u64));
                        }
                        _ => {}
                    }
                    if self.payload(payload, source)? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Processes one section or function body. Returns true at the end of the module.
    fn payload(&mut self, payload: Payload<'_>, source: Source<'_>) -> Result<bool, ModuleError> {
        let info = &mut self.info;
        match payload {
            Payload::TypeSection(section) => {
                self.validator.type_section(&section)?;
                #[cfg(not(feature = "gc"))]
                for ty in section.into_iter_err_on_gc_types() {
                    info.types.push(ty?);
                }
                #[cfg(feature = "gc")]
                for group in section {
                    let before = info.declared.len();
                    info.declared.extend(group?.into_types());
                    // Validation allows 1,000,000 types.
                    info.groups.push((info.declared.len() - before) as u32);
                    #[cfg(feature = "simd")]
                    for (index, ty) in info.declared.iter().enumerate().skip(before) {
                        if let Some(slots) = field_slots(ty) {
                            info.field_slots.insert(index as u32, slots);
                        }
                    }
                    let types = info.declared[before..].iter();
                    info.types
                        .extend(types.map(|ty| match &ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => ty.clone(),
                            _ => wasmparser::FuncType::new([], []),
                        }));
                }
                #[cfg(feature = "simd")]
                {
                    let has_vector = |ty: &wasmparser::FuncType| {
                        has_vector(ty.params()) || has_vector(ty.results())
                    };
                    info.has_vectors |= info.types.iter().any(has_vector);
                }
            }
            Payload::ImportSection(section) => {
                self.validator.import_section(&section)?;
                info.sections.imports = source.section(&section);
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => info.funcs.push(ty),
                        TypeRef::Table(ty) => info.tables.push(ty),
                        TypeRef::Memory(ty) => info.memories.push(ty),
                        TypeRef::Global(ty) => {
                            info.globals.push(ty);
                            #[cfg(feature = "simd")]
                            {
                                info.has_vectors |= has_vector(&[ty.content_type]);
                            }
                        }
                        #[cfg(feature = "exceptions")]
                        TypeRef::Tag(ty) => info.tags.push(ty.func_type_idx),
                        #[cfg(not(feature = "exceptions"))]
                        TypeRef::Tag(_) => unreachable!("validation refuses exceptions"),
                    }
                }
                // Validation has checked that each is below 2^20.
                info.imported.funcs = info.funcs.len() as u32;
                info.imported.tables = info.tables.len() as u32;
                info.imported.memories = info.memories.len() as u32;
                info.imported.globals = info.globals.len() as u32;
                #[cfg(feature = "exceptions")]
                {
                    info.imported.tags = info.tags.len() as u32;
                }
            }
            Payload::FunctionSection(section) => {
                self.validator.function_section(&section)?;
                for ty in section {
                    info.funcs.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                self.validator.table_section(&section)?;
                #[cfg(feature = "gc")]
                let content = source.section(&section);
                for table in section {
                    let table = table?;
                    #[cfg(feature = "gc")]
                    if matches!(table.init, wasmparser::TableInit::Expr(_)) {
                        info.sections.tables = content.clone();
                    }
                    info.tables.push(table.ty);
                }
                if info.tables.len() > MOST_TABLES {
                    let message = format!("more than {MOST_TABLES} tables");
                    let offset = source.offset as u64;
                    return Err(ModuleError::new(
                        ModuleErrorKind::Unsupported,
                        offset,
                        message,
                    ));
                }
            }
            Payload::MemorySection(section) => {
                self.validator.memory_section(&section)?;
                for memory in section {
                    info.memories.push(memory?);
                }
            }
            Payload::GlobalSection(section) => {
                self.validator.global_section(&section)?;
                info.sections.globals = source.section(&section);
                #[cfg(feature = "simd")]
                let mut slots = 0;
                for global in section {
                    let ty = global?.ty;
                    info.globals.push(ty);
                    #[cfg(feature = "simd")]
                    {
                        info.own_global_slots.push(slots);
                        info.has_vectors |= has_vector(&[ty.content_type]);
                        // Validation has checked that there are fewer than 2²⁰ globals.
                        slots += class_of(ty.content_type).slots() as u32;
                    }
                }
            }
            #[cfg(feature = "exceptions")]
            Payload::TagSection(section) => {
                self.validator.tag_section(&section)?;
                for tag in section {
                    info.tags.push(tag?.func_type_idx);
                }
            }
            Payload::ExportSection(section) => {
                self.validator.export_section(&section)?;
                info.sections.exports = source.section(&section);
            }
            Payload::StartSection { func, range } => {
                self.validator.start_section(func, &range)?;
                info.start = Some(func);
            }
            Payload::ElementSection(section) => {
                self.validator.element_section(&section)?;
                info.sections.elements = source.section(&section);
            }
            Payload::DataCountSection { count, range } => {
                self.validator.data_count_section(count, &range)?;
                info.has_data_count = true;
            }
            Payload::CodeSectionStart {
                count,
                unchecked_range,
                ..
            } => {
                self.validator.code_section_start(&unchecked_range)?;
                if self.has_bodies {
                    info.bodies.reserve_exact(count as usize);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let func = self.validator.code_section_entry(&body)?;
                self.body(func, &body)?;
            }
            Payload::DataSection(section) => {
                info.sections.data = small(section.range());
                let range = section.range().start as usize..section.range().end as usize;
                let memory = info.memories.first();
                let is_small = memory.is_some_and(|memory| !memory.memory64);
                if !(is_small && data::is_plain(&self.bytes[range])) {
                    self.validator.data_section(&section)?;
                    info.passive_data = passive_data(info.has_data_count, section)?;
                }
            }
            Payload::CustomSection(section) => {
                let data = small(section.data_offset()..section.range().end);
                // The name ends at the start of the data.
                let end = data.start as usize;
                let bytes = &self.bytes[end - section.name().len()..end];
                let changed = || ModuleError::changed(section.data_offset());
                let name = readers::text(bytes).ok_or_else(changed)?;
                if name == "name" {
                    info.sections.names = data.clone();
                }
                let start = info.custom_names.len() as u32;
                info.custom_names.push_str(&name);
                info.custom.push(super::CustomRange {
                    name: start..start + name.len() as u32,
                    data,
                });
            }
            Payload::End(offset) => {
                self.validator.end(offset)?;
                return Ok(true);
            }
            other => {
                self.validator.payload(&other)?;
            }
        }
        Ok(false)
    }

    fn body(
        &mut self,
        func: FuncToValidate<ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<(), ModuleError> {
        self.info.bodies.push(small(body.range()));
        if self.info.resources.is_none() {
            self.info.resources = Some(func.resources.clone());
        }
        if self.eager {
            self.bodies
                .validate(func, body, &self.info, self.constant)?;
            let (done, total) = (self.info.bodies.len() as u32, self.info.defined_funcs());
            self.observer.report(Pass::Validation, done, total);
        }
        Ok(())
    }
}

/// The first slot of each field, if the type is one of structures that have vectors.
#[cfg(all(feature = "gc", feature = "simd"))]
fn field_slots(ty: &wasmparser::SubType) -> Option<Box<[u16]>> {
    let CompositeInnerType::Struct(ty) = &ty.composite_type.inner else {
        return None;
    };
    let vector = wasmparser::StorageType::Val(wasmparser::ValType::V128);
    let is_vector = |field: &wasmparser::FieldType| field.element_type == vector;
    ty.fields.iter().any(is_vector).then(|| {
        let slots = ty.fields.iter().scan(0, |next, field| {
            let slot = *next;
            // Validation allows 10,000 fields.
            *next += if is_vector(field) { 2 } else { 1 };
            Some(slot)
        });
        slots.collect()
    })
}

/// Returns the places of the passive segments. Without a data count section, no code can name a segment.
fn passive_data(
    has_data_count: bool,
    section: wasmparser::DataSectionReader<'_>,
) -> Result<Vec<(u32, Range<u32>)>, ModuleError> {
    let mut passive = Vec::new();
    if has_data_count {
        for (index, data) in section.into_iter().enumerate() {
            let data = data?;
            if matches!(data.kind, DataKind::Passive) {
                let end = data.range.end;
                // Validation allows 100,000 segments.
                passive.push((index as u32, small(end - data.data.len() as u64..end)));
            }
        }
    }
    Ok(passive)
}

/// Copies the section at the front of `rest` to `copy`, unless it is a large one. Returns whether it was copied.
fn copy_section(rest: &[u8], copy: &mut Vec<u8>) -> bool {
    let Some((number, behind)) = rest.split_first() else {
        return false;
    };
    if LARGE.contains(number) {
        return false;
    }
    let Some((len, content)) = leb128::unsigned(behind) else {
        return false;
    };
    let head = rest.len() - content.len();
    let end = head.saturating_add(len as usize).min(rest.len());
    bytes::copy(&rest[..end], copy);
    true
}

/// Converts a range in a module to 32 bits. Modules are smaller than 4 GiB.
fn small(range: Range<u64>) -> Range<u32> {
    range.start as u32..range.end as u32
}
