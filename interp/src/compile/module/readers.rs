//! Reads sections of a decoded module again: what instantiation and back traces need.
//!
//! Decoding has validated all of it, so reading cannot fail, unless the owner of the bytes changes them.

use core::ops::Range;

use wasmparser::{
    BinaryReader, Element, Export, FromReader, Global, Import, ImportSectionReader, Name,
    NameSectionReader, SectionLimited,
};

use super::{DataSegments, ModuleInfo};

/// The reason why reading again cannot fail.
const VALIDATED: &str = "decoding has validated this section";

impl ModuleInfo {
    /// What the module imports, in order.
    pub fn imports(&self) -> impl Iterator<Item = Import<'_>> {
        let section: Option<ImportSectionReader<'_>> = self.section(&self.sections.imports);
        section
            .into_iter()
            .flat_map(SectionLimited::into_imports)
            .map(|import| import.expect(VALIDATED))
    }

    /// What the module exports, in order.
    pub fn exports(&self) -> impl Iterator<Item = Export<'_>> {
        self.items(&self.sections.exports)
    }

    /// The globals that the module defines, with their initial values.
    pub fn defined_globals(&self) -> impl Iterator<Item = Global<'_>> {
        self.items(&self.sections.globals)
    }

    /// The element segments.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.items(&self.sections.elements)
    }

    /// The data segments.
    #[must_use]
    pub fn data(&self) -> DataSegments<'_> {
        DataSegments::new(&self.bytes()[wide(&self.sections.data)])
    }

    /// The bytes of passive data segment `index`; nothing if that segment is active.
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

    /// The custom sections: name and content.
    pub fn custom_sections(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.custom.iter().map(|custom| {
            let head = &self.bytes()[wide(&(custom.start..custom.name_end))];
            let name = BinaryReader::new(head, u64::from(custom.start)).read_string();
            let data = &self.bytes()[wide(&(custom.name_end..custom.end))];
            (name.expect(VALIDATED), data)
        })
    }

    /// The names of functions from the name section, by ascending index. Nothing is said of what
    /// the section contains, so the walk ends where it is malformed.
    pub fn func_names(&self) -> impl Iterator<Item = (u32, &str)> {
        let range = &self.sections.names;
        let reader = BinaryReader::new(&self.bytes()[wide(range)], u64::from(range.start));
        NameSectionReader::new(reader)
            .map_while(Result::ok)
            .filter_map(|subsection| match subsection {
                Name::Function(names) => Some(names),
                _ => None,
            })
            .flatten()
            .map_while(Result::ok)
            .map(|naming| (naming.index, naming.name))
    }

    /// The name of a function from the name section.
    #[must_use]
    pub fn func_name(&self, func: u32) -> Option<&str> {
        self.func_names()
            .find(|(index, _)| *index == func)
            .map(|(_, name)| name)
    }

    /// The items of a section that may be missing.
    fn items<'a, T: FromReader<'a>>(&'a self, range: &Range<u32>) -> impl Iterator<Item = T> {
        self.section(range)
            .into_iter()
            .flatten()
            .map(|item: Result<T, _>| item.expect(VALIDATED))
    }

    fn section<'a, T: FromReader<'a>>(
        &'a self,
        range: &Range<u32>,
    ) -> Option<SectionLimited<'a, T>> {
        let bytes = &self.bytes()[wide(range)];
        let reader = BinaryReader::new_features(bytes, u64::from(range.start), self.features);
        (!range.is_empty()).then(|| SectionLimited::new(reader).expect(VALIDATED))
    }
}

fn wide(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
