//! Names, lines and frame sizes of a Go program's functions, from the table that Go's linker puts into the program's
//! memory.
//!
//! The table is called `pclntab`. Go's runtime uses it for tracebacks, so it exists in stripped programs, too. This crate
//! reads the format that Go 1.20 introduced, as Go 1.21 to 1.27 write it for WebAssembly. A program can overwrite its
//! memory, so every offset is checked before it is used: a damaged table gives no result or a wrong name, but never a
//! panic. Every search is bounded.
//!
//! A PC of Go's WebAssembly port has two parts: `(FIRST_FUNC + index of the function, without imports) << 16 | resume
//! point`.
//!
//! ```text
//!  header, 72 bytes                                 function table                     a function
//!  ┌───────┬───┬────────┬───────┬──────┬─────────┐ ┌───────┬────────┬─────            ┌───────┬──────┬──
//!  │ magic │ … │ nfuncs │ files │ text │ 5 parts │ │ entry │ offset │ entry …          │ entry │ name │ … pcsp, pcfile, pcln, …
//!  └───────┴───┴────────┴───────┴──────┴─────────┘ └───────┴────────┴─────            └───────┴──────┴──
//! ```
#![no_std]
#![forbid(unsafe_code)]

mod values;

use values::{Values, text, u32_at, u64_at};

/// The number that Go adds to a function's index, in a PC and in the table of functions.
pub const FIRST_FUNC: u32 = 0x1000;

/// The start of the table: the magic number, two zeros, the length of an instruction, the size of a pointer.
const START: [u8; 8] = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];

/// The length of the header.
const HEADER: usize = 72;

/// A limit on the number of functions. PCs have 16 bits for them.
const MOST_FUNCS: u64 = 1 << 16;

/// The part of the memory that is searched for the table. Go's data begins near address 0.
const SEARCHED: usize = 256 << 20;

/// The number of places in it that are tried because a table could start there. A program can fill its memory with such starts.
const TRIED: usize = 1 << 12;

/// The table of a program.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// The memory from the table's header on.
    bytes: &'a [u8],
    funcs: usize,
    names: usize,
    units: usize,
    files: usize,
    values: usize,
    /// The offset of the function table. Offsets of functions are relative to it.
    table: usize,
    /// The shift from an entry to the upper half of a PC. Go 1.21 writes whole PCs, and Go 1.27 writes the upper halves.
    shift: u32,
}

/// The record of a function in the table.
#[derive(Clone, Copy, Debug)]
pub struct Func<'a> {
    tables: Tables<'a>,
    /// Its offset from the header.
    at: usize,
}

/// A line of source text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    /// The file, as it was passed to the compiler.
    pub file: &'a str,
    /// The line, from 1 on.
    pub line: u32,
}

impl<'a> Tables<'a> {
    /// Finds the table in the memory of a program that runs or has run.
    #[must_use]
    pub fn find(memory: &'a [u8]) -> Option<Self> {
        let searched = &memory[..memory.len().min(SEARCHED)];
        let starts = searched.chunks_exact(START.len()).enumerate();
        starts
            .filter(|(_, chunk)| *chunk == START)
            .take(TRIED)
            .find_map(|(index, _)| Self::at(&memory[index * START.len()..]))
    }

    /// Reads the table at the start of `bytes`, if it is plausible.
    fn at(bytes: &'a [u8]) -> Option<Self> {
        let funcs = u64_at(bytes, 8)?;
        if funcs == 0 || funcs > MOST_FUNCS {
            return None;
        }
        let part = |number: usize| {
            let at = usize::try_from(u64_at(bytes, 32 + 8 * number)?).ok()?;
            (at >= HEADER && at < bytes.len()).then_some(at)
        };
        let mut tables = Self {
            bytes,
            funcs: usize::try_from(funcs).ok()?,
            names: part(0)?,
            units: part(1)?,
            files: part(2)?,
            values: part(3)?,
            table: part(4)?,
            shift: 0,
        };
        // The table has one more entry at its end.
        if u64::from(u32_at(bytes, tables.place_of(tables.funcs)?)?) > MOST_FUNCS {
            tables.shift = 16;
        }
        tables.func(0)?.name()?;
        Some(tables)
    }

    /// The memory from the table on. [`Tables::find`] finds the table again in it at once.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the function with this index. Imported functions are not counted.
    #[must_use]
    pub fn func(&self, index: u32) -> Option<Func<'a>> {
        let (mut low, mut high) = (0, self.funcs);
        while low < high {
            let middle = low.midpoint(high);
            if self.entry(middle)? < index {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low == self.funcs || self.entry(low)? != index {
            return None;
        }
        let offset = u32_at(self.bytes, self.place_of(low)?.checked_add(4)?)?;
        let at = self.table.checked_add(usize::try_from(offset).ok()?)?;
        // Each function's record repeats its entry.
        (self.index_at(at)? == index).then_some(Func { tables: *self, at })
    }

    /// Returns the function and the resume point of a PC.
    #[must_use]
    pub fn at_pc(&self, pc: u64) -> Option<(u32, u16)> {
        let index = u32::try_from(pc >> 16).ok()?.checked_sub(FIRST_FUNC)?;
        Some((index, (pc & 0xffff) as u16))
    }

    /// Returns the index of a function of the table.
    fn entry(&self, number: usize) -> Option<u32> {
        self.index_at(self.place_of(number)?)
    }

    /// Returns the index of the function whose entry is at this offset.
    fn index_at(&self, at: usize) -> Option<u32> {
        (u32_at(self.bytes, at)? >> self.shift).checked_sub(FIRST_FUNC)
    }

    fn place_of(&self, number: usize) -> Option<usize> {
        self.table.checked_add(number.checked_mul(8)?)
    }
}

impl<'a> Func<'a> {
    /// The function's name, with its package.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        let Tables { bytes, names, .. } = self.tables;
        let offset = usize::try_from(self.field(4)?).ok()?;
        text(bytes, names.checked_add(offset)?).filter(|name| !name.is_empty())
    }

    /// Returns the line of the code before a resume point: that of the call that returns there.
    #[must_use]
    pub fn place(&self, resume: u16) -> Option<Place<'a>> {
        let Tables {
            bytes,
            units,
            files,
            ..
        } = self.tables;
        let pc = resume.saturating_sub(1);
        let file = u32::try_from(self.value(20, pc)?).ok()?;
        let line = u32::try_from(self.value(24, pc)?).ok()?;
        let number = usize::try_from(self.field(32)?.checked_add(file)?).ok()?;
        let offset = u32_at(bytes, units.checked_add(number.checked_mul(4)?)?)?;
        let file = text(bytes, files.checked_add(usize::try_from(offset).ok()?)?)?;
        Some(Place { file, line })
    }

    /// Returns the number of bytes of Go's stack that the function uses at a resume point, without its return address.
    #[must_use]
    pub fn frame_size(&self, resume: u16) -> Option<u32> {
        u32::try_from(self.value(16, resume)?).ok()
    }

    /// The number of bytes on Go's stack for the function's arguments and results. A function with any number of arguments has none here.
    #[must_use]
    pub fn arguments(&self) -> Option<u32> {
        let bytes = self.field(8)?;
        (bytes < 1 << 31).then_some(bytes)
    }

    /// The line at which the function begins.
    #[must_use]
    pub fn start(&self) -> Option<Place<'a>> {
        let line = self.field(36).filter(|line| *line != 0)?;
        Some(Place {
            line,
            ..self.place(0)?
        })
    }

    fn field(&self, offset: usize) -> Option<u32> {
        u32_at(self.tables.bytes, self.at.checked_add(offset)?)
    }

    /// Returns the value for a resume point in the table whose offset is in this field.
    fn value(&self, field: usize, pc: u16) -> Option<i32> {
        let offset = usize::try_from(self.field(field)?).ok()?;
        if offset == 0 {
            return None;
        }
        let start = self.tables.values.checked_add(offset)?;
        Values::new(self.tables.bytes.get(start..)?).at(pc)
    }
}

#[cfg(test)]
mod tests;
