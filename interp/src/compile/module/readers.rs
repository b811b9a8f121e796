//! Decodes sections of a module again, for instantiation and backtraces.
//!
//! Imports, globals, exports and element segments were validated by the decoder. If the module's bytes may change, a copy
//! of these sections was kept. So their readers cannot fail. Data segments, names and custom sections are read from the
//! current bytes of the module, so their readers check everything.

use alloc::string::String;
use alloc::vec::Vec;
use core::hint::black_box;
use core::ops::Range;

use wasmparser::{
    BinaryReader, Element, Export, FromReader, Global, Import, ImportSectionReader, Name,
    NameSectionReader, SectionLimited,
};

#[cfg(feature = "gc")]
use wasmparser::ConstExpr;

use super::{DataSegments, ModuleInfo, Section};

/// The reason why a second read cannot fail.
const VALIDATED: &str = "decoding has validated this section, and its bytes are constant or a copy";

impl ModuleInfo {
    /// The module's imports, in order.
    pub fn imports(&self) -> impl Iterator<Item = Import<'_>> {
        let section: Option<ImportSectionReader<'_>> = self.section(&self.sections.imports);
        section
            .into_iter()
            .flat_map(SectionLimited::into_imports)
            .map(|import| import.expect(VALIDATED))
    }

    /// The module's exports, in order.
    pub fn exports(&self) -> impl Iterator<Item = Export<'_>> {
        self.items(&self.sections.exports)
    }

    /// The globals that the module defines, with their initial values.
    pub fn defined_globals(&self) -> impl Iterator<Item = Global<'_>> {
        self.items(&self.sections.globals)
    }

    /// The initial values of the tables that the module defines, if they are not null: the index of each table, and the expression.
    #[cfg(feature = "gc")]
    pub fn table_values(&self) -> impl Iterator<Item = (u32, ConstExpr<'_>)> {
        let tables = self.items::<wasmparser::Table<'_>>(&self.sections.tables);
        let tables = (self.imported.tables..).zip(tables);
        tables.filter_map(|(index, table)| match table.init {
            wasmparser::TableInit::Expr(expression) => Some((index, expression)),
            wasmparser::TableInit::RefNull => None,
        })
    }

    /// The element segments.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.items(&self.sections.elements)
    }

    /// The data segments.
    #[must_use]
    pub fn data(&self) -> DataSegments<'_> {
        let range = &self.sections.data;
        DataSegments::new(&self.bytes()[wide(range)], range.end.into())
    }

    /// The number of data segments.
    #[must_use]
    pub fn data_count(&self) -> u32 {
        self.data().count()
    }

    /// The bytes of passive data segment `index`. They are empty if that segment is active.
    #[must_use]
    pub fn passive_data(&self, index: u32) -> &[u8] {
        match self
            .passive_data
            .binary_search_by_key(&index, |segment| segment.0)
        {
            Ok(found) => &self.bytes()[wide(&self.passive_data[found].1)],
            Err(_) => &[],
        }
    }

    /// The custom sections: name and current content.
    pub fn custom_sections(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.custom.iter().map(|custom| {
            let name = &self.custom_names[wide(&custom.name)];
            (name, &self.bytes()[wide(&custom.data)])
        })
    }

    /// The names of functions from the name section, in ascending order of their indices. The section is not validated, so
    /// the iterator ends at malformed content.
    pub fn func_names(&self) -> impl Iterator<Item = (u32, String)> {
        self.raw_func_names()
            .map_while(|(index, name)| Some((index, text(name)?)))
    }

    /// The name of a tag: from the name section, or else of its first export.
    #[cfg(feature = "exceptions")]
    #[must_use]
    pub fn tag_name(&self, tag: u32) -> Option<String> {
        use wasmparser::ExternalKind;
        let own = |(index, _): &(u32, _)| *index == tag;
        let named = |names: &Name<'_>| matches!(names, Name::Tag(_));
        let name = self.raw_names(named).find(own);
        let export = || {
            let is_tag =
                |export: &Export<'_>| export.kind == ExternalKind::Tag && export.index == tag;
            Some(self.exports().find(is_tag)?.name.into())
        };
        name.and_then(|(_, name)| text(name)).or_else(export)
    }

    /// The name of a function from the name section.
    #[must_use]
    pub fn func_name(&self, func: u32) -> Option<String> {
        let (_, name) = self.raw_func_names().find(|(index, _)| *index == func)?;
        text(name)
    }

    /// The names of functions as bytes. If the module's bytes may change, the caller must check a copy for UTF-8.
    fn raw_func_names(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.raw_names(|names| matches!(names, Name::Function(_)))
    }

    /// The names in a subsection of the name section that `is_wanted`, as bytes.
    fn raw_names(
        &self,
        is_wanted: impl Fn(&Name<'_>) -> bool,
    ) -> impl Iterator<Item = (u32, &[u8])> {
        let range = &self.sections.names;
        let reader = BinaryReader::new(&self.bytes()[wide(range)], u64::from(range.start));
        NameSectionReader::new(reader)
            .map_while(Result::ok)
            .filter(is_wanted)
            .filter_map(|subsection| match subsection {
                Name::Function(names) | Name::Tag(names) => Some(names),
                _ => None,
            })
            .flatten()
            .map_while(Result::ok)
            .map(|naming| (naming.index, naming.name.as_bytes()))
    }

    /// The items of a section. There are none if the section is missing.
    fn items<'a, T: FromReader<'a>>(&'a self, section: &'a Section) -> impl Iterator<Item = T> {
        self.section(section)
            .into_iter()
            .flatten()
            .map(|item: Result<T, _>| item.expect(VALIDATED))
    }

    fn section<'a, T: FromReader<'a>>(
        &'a self,
        Section { range, copy }: &'a Section,
    ) -> Option<SectionLimited<'a, T>> {
        let bytes = match copy {
            Some(copy) => copy,
            None => &self.bytes()[wide(range)],
        };
        let reader = BinaryReader::new_features(bytes, u64::from(range.start), self.features);
        (!range.is_empty()).then(|| SectionLimited::new(reader).expect(VALIDATED))
    }
}

/// Copies bytes that may change. Returns `None` if they are not UTF-8.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(black_box(Vec::from(bytes))).ok()
}

fn wide(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
