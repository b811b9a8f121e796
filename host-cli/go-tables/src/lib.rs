//! A view into the memory of a program that Go has built: its functions, with lines and inlined calls, and its goroutines.
//!
//! Go's linker puts a table of functions into the program's memory, called `pclntab`. Go's runtime uses it for tracebacks, so it exists
//! in stripped programs, too. This crate reads the format that Go 1.20 introduced, as Go 1.21 to 1.27 write it for WebAssembly.
//! [`Tables`] finds it, [`Func`] reads what it says about a function, [`Goroutines`] reads the runtime's own records.
//!
//! A program can overwrite its memory, so every offset is checked before it is used: damaged memory gives no result or a wrong name, but
//! never a panic. Every search is bounded.
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

mod func;
mod goroutines;
mod lines;
mod parameters;
mod record;
mod releases;
mod values;

pub use func::{Call, Func, Place};
pub use goroutines::{Goroutine, Goroutines, Missing, State};
pub use lines::Point;
pub use parameters::Parameter;

use record::Record;
use values::{u32_at, u64_at, word_at};

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

/// The number of releases that are tried if a program's variables name several.
const MOST_RELEASES: usize = 8;

/// The table of a program.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    memory: &'a [u8],
    /// The memory from the table's header on.
    bytes: &'a [u8],
    header: Header,
    /// The second number of the name of the release that has built the program.
    release: Option<u32>,
    record: Option<Record>,
    /// The address of `go.func.*`: data about functions.
    func_data: Option<usize>,
}

/// Where the table of a program is, to read it again from the same memory.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    header: Header,
    release: Option<u32>,
    record: Option<Record>,
    func_data: Option<usize>,
}

/// The header of the table. All but the address are offsets from it.
#[derive(Clone, Copy, Debug)]
struct Header {
    address: usize,
    funcs: usize,
    names: usize,
    units: usize,
    files: usize,
    values: usize,
    /// The function table. Offsets of functions are relative to it.
    table: usize,
    /// The shift from an entry to the upper half of a PC. Go 1.21 writes whole PCs, and Go 1.27 writes the upper halves.
    shift: u32,
}

impl<'a> Tables<'a> {
    /// Finds the table in the memory of a program that runs or has run.
    #[must_use]
    pub fn find(memory: &'a [u8]) -> Option<Self> {
        let searched = memory.len().min(SEARCHED);
        let starts = memory[..searched].chunks_exact(START.len()).enumerate();
        let mut tables = starts
            .filter(|(_, chunk)| *chunk == START)
            .take(TRIED)
            .find_map(|(index, _)| Self::at(memory, index * START.len()))?;
        tables.record = Record::find(memory, searched, tables.header);
        if let Some(record) = tables.record {
            tables.release = tables.release_in(&record);
            tables.func_data =
                (tables.release).and_then(|release| record.func_data(memory, release));
        }
        Some(tables)
    }

    /// Where this table is.
    #[must_use]
    pub fn found(&self) -> Found {
        let Self {
            header,
            release,
            record,
            func_data,
            ..
        } = *self;
        Found {
            header,
            release,
            record,
            func_data,
        }
    }

    /// Reads a table again that was [found](Tables::found) in this memory. It costs no search.
    #[must_use]
    pub fn again(memory: &'a [u8], found: Found) -> Option<Self> {
        let tables = Self::at(memory, found.header.address)?;
        Some(Self {
            release: found.release,
            record: found.record,
            func_data: found.func_data,
            ..tables
        })
    }

    /// Reads the table at an address, if it is plausible.
    fn at(memory: &'a [u8], address: usize) -> Option<Self> {
        let bytes = memory.get(address..)?;
        let funcs = u64_at(bytes, 8)?;
        if funcs == 0 || funcs > MOST_FUNCS {
            return None;
        }
        let part = |number: usize| {
            let at = word_at(bytes, 32 + 8 * number)?;
            (at >= HEADER && at < bytes.len()).then_some(at)
        };
        let header = Header {
            address,
            funcs: usize::try_from(funcs).ok()?,
            names: part(0)?,
            units: part(1)?,
            files: part(2)?,
            values: part(3)?,
            table: part(4)?,
            shift: 0,
        };
        let mut tables = Self {
            memory,
            bytes,
            header,
            release: None,
            record: None,
            func_data: None,
        };
        // The table has one more entry at its end.
        if u64::from(u32_at(bytes, tables.place_of(header.funcs)?)?) > MOST_FUNCS {
            tables.header.shift = 16;
        }
        tables.func(0)?.name()?;
        Some(tables)
    }

    /// Returns the release that the variables of a module name. If they name several, it is the first one with whose layout the goroutines
    /// are found, or else the first one.
    fn release_in(&self, record: &Record) -> Option<u32> {
        let first = record.releases(self.memory).next()?;
        let mut last = first;
        let others = record.releases(self.memory).filter(|release| {
            let is_other = *release != last;
            last = *release;
            is_other
        });
        let mut all = core::iter::once(first)
            .chain(others)
            .take(MOST_RELEASES)
            .peekable();
        let fits = |release: &u32| {
            let tables = Self {
                release: Some(*release),
                ..*self
            };
            Goroutines::find(&tables).is_ok()
        };
        let only = all.next();
        if all.peek().is_none() {
            return only;
        }
        only.into_iter()
            .chain(all)
            .find(|release| fits(release))
            .or(Some(first))
    }

    /// Returns the release of Go that has built the program, by its second number: 27 for Go 1.27.3. `None` if the program does not say.
    #[must_use]
    pub fn release(&self) -> Option<u32> {
        self.release
    }

    /// Returns the function with this index. Imported functions are not counted.
    #[must_use]
    pub fn func(&self, index: u32) -> Option<Func<'a>> {
        let (mut low, mut high) = (0, self.header.funcs);
        while low < high {
            let middle = low.midpoint(high);
            if self.entry(middle)? < index {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low == self.header.funcs || self.entry(low)? != index {
            return None;
        }
        self.numbered(low)
    }

    /// Returns the function and the resume point of a PC.
    #[must_use]
    pub fn at_pc(&self, pc: u64) -> Option<(u32, u16)> {
        let index = u32::try_from(pc >> 16).ok()?.checked_sub(FIRST_FUNC)?;
        Some((index, (pc & 0xffff) as u16))
    }

    /// Returns the function with this number in the table.
    fn numbered(&self, number: usize) -> Option<Func<'a>> {
        let offset = u32_at(self.bytes, self.place_of(number)?.checked_add(4)?)?;
        let at = self
            .header
            .table
            .checked_add(usize::try_from(offset).ok()?)?;
        // Each function's record repeats its entry.
        (self.index_at(at)? == self.entry(number)?).then_some(Func { tables: *self, at })
    }

    /// Returns the index of a function of the table.
    fn entry(&self, number: usize) -> Option<u32> {
        self.index_at(self.place_of(number)?)
    }

    /// Returns the index of the function whose entry is at this offset.
    fn index_at(&self, at: usize) -> Option<u32> {
        (u32_at(self.bytes, at)? >> self.header.shift).checked_sub(FIRST_FUNC)
    }

    fn place_of(&self, number: usize) -> Option<usize> {
        self.header.table.checked_add(number.checked_mul(8)?)
    }
}

#[cfg(test)]
mod tests;
