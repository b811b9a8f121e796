//! Decodes and validates a module in one walk over its sections, and notes where everything is.

use alloc::vec::Vec;
use core::ops::Range;

use wasmparser::{
    Chunk, DataKind, FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser, Payload,
    SectionLimited, TypeRef, Validator, ValidatorResources, WasmFeatures,
};

use super::{ModuleBytes, ModuleError, ModuleErrorKind, ModuleInfo, Validation, check, data};

/// All that the interpreter has: WebAssembly 1.0 and 2.0 without vectors, and the proposals tail call, extended constant
/// expressions and multiple memories.
pub const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::FLOATS)
    // Despite its name it is `externref` that this admits.
    .union(WasmFeatures::GC_TYPES)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::MULTI_MEMORY);

/// Decodes `bytes`, and keeps them with what was found.
pub(super) fn decode(
    bytes: ModuleBytes,
    validation: Validation,
    features: WasmFeatures,
) -> Result<ModuleInfo, ModuleError> {
    let mut info = index(bytes.as_slice(), validation, features)?;
    info.bytes = bytes;
    Ok(info)
}

/// Decodes `bytes`: all that a module is but these bytes.
pub(super) fn index(
    bytes: &[u8],
    validation: Validation,
    features: WasmFeatures,
) -> Result<ModuleInfo, ModuleError> {
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
    let mut decoder = Decoder {
        bytes,
        info: ModuleInfo::empty(ModuleBytes::from(&[]), features),
        validator: Validator::new_with_features(features),
        eager: validation == Validation::Eager,
        allocations: FuncValidatorAllocations::default(),
    };
    decoder.walk()?;
    Ok(decoder.info)
}

struct Decoder<'a> {
    bytes: &'a [u8],
    info: ModuleInfo,
    validator: Validator,
    eager: bool,
    allocations: FuncValidatorAllocations,
}

impl Decoder<'_> {
    fn walk(&mut self) -> Result<(), ModuleError> {
        let bytes = self.bytes;
        let mut parser = Parser::new(0);
        parser.set_features(self.info.features);
        let mut rest = bytes;
        let mut bodies_left = 0;
        loop {
            let at_end = rest.is_empty() && bodies_left == 0;
            match parser.parse(rest, at_end)? {
                Chunk::NeedMoreData(_) => return Err(ModuleError::truncated(bytes.len() as u64)),
                Chunk::Parsed { payload, consumed } => {
                    rest = &rest[consumed..];
                    match &payload {
                        Payload::CodeSectionStart { count, .. } => bodies_left = *count,
                        Payload::CodeSectionEntry(_) => bodies_left -= 1,
                        _ => {}
                    }
                    if self.payload(payload)? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Takes one section or function body. Returns whether it was the module's end.
    fn payload(&mut self, payload: Payload<'_>) -> Result<bool, ModuleError> {
        let info = &mut self.info;
        match payload {
            Payload::TypeSection(section) => {
                self.validator.type_section(&section)?;
                for ty in section.into_iter_err_on_gc_types() {
                    info.types.push(ty?);
                }
            }
            Payload::ImportSection(section) => {
                self.validator.import_section(&section)?;
                info.sections.imports = range_of(&section);
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => info.funcs.push(ty),
                        TypeRef::Table(ty) => info.tables.push(ty),
                        TypeRef::Memory(ty) => info.memories.push(ty),
                        TypeRef::Global(ty) => info.globals.push(ty),
                        TypeRef::Tag(_) => unreachable!("validation refuses exceptions"),
                    }
                }
                // Below 2^20 each, which validation has checked.
                info.imported.funcs = info.funcs.len() as u32;
                info.imported.tables = info.tables.len() as u32;
                info.imported.memories = info.memories.len() as u32;
                info.imported.globals = info.globals.len() as u32;
            }
            Payload::FunctionSection(section) => {
                self.validator.function_section(&section)?;
                for ty in section {
                    info.funcs.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                self.validator.table_section(&section)?;
                for table in section {
                    info.tables.push(table?.ty);
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
                info.sections.globals = range_of(&section);
                for global in section {
                    info.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                self.validator.export_section(&section)?;
                info.sections.exports = range_of(&section);
            }
            Payload::StartSection { func, range } => {
                self.validator.start_section(func, &range)?;
                info.start = Some(func);
            }
            Payload::ElementSection(section) => {
                self.validator.element_section(&section)?;
                info.sections.elements = range_of(&section);
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
                info.bodies.reserve_exact(count as usize);
            }
            Payload::CodeSectionEntry(body) => {
                let func = self.validator.code_section_entry(&body)?;
                self.body(func, &body)?;
            }
            Payload::DataSection(section) => {
                info.sections.data = range_of(&section);
                let range = section.range().start as usize..section.range().end as usize;
                let memory = info.memories.first();
                let is_small = memory.is_some_and(|memory| !memory.memory64);
                if !(is_small && data::is_plain(&self.bytes[range])) {
                    self.validator.data_section(&section)?;
                    info.passive_data = passive_data(info.has_data_count, section)?;
                }
            }
            Payload::CustomSection(section) => {
                let content = small(section.range());
                let data = small(section.data_offset()..section.range().end);
                if section.name() == "name" {
                    info.sections.names = data.clone();
                }
                info.custom.push(super::CustomRange {
                    name_end: data.start,
                    start: content.start,
                    end: data.end,
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
            let index = func.index;
            let mut validator = func.into_validator(core::mem::take(&mut self.allocations));
            check::body(&mut validator, body).map_err(|error| error.in_func(index))?;
            self.allocations = validator.into_allocations();
        }
        Ok(())
    }
}

/// Where the passive segments lie. Without a data count section, no code can name a segment.
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
                // Validation admits 100,000 segments.
                passive.push((index as u32, small(end - data.data.len() as u64..end)));
            }
        }
    }
    Ok(passive)
}

fn range_of<T>(section: &SectionLimited<'_, T>) -> Range<u32> {
    small(section.range())
}

/// A range in a module, whose length fits into 32 bits.
fn small(range: Range<u64>) -> Range<u32> {
    range.start as u32..range.end as u32
}
