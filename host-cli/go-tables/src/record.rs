//! The record of the module that Go's linker writes into its data, `runtime.firstmoduledata`, and the release of Go that has built the
//! program.
//!
//! No symbol gives the record's address. It begins with the address of the table and with slices of the table's parts, so it is the place
//! of the memory at which these addresses stand. Among the module's variables, whose bounds the record has, is the release's name:
//! `runtime.buildVersion`.

use crate::Header;
use crate::values::word_at;

/// The number of places that are tried because a record could be there.
const TRIED: usize = 1 << 12;

/// The maximum length of the release's name, with the experiments that may follow it.
const LONGEST_NAME: usize = 200;

/// The oldest and the newest release whose layouts are known, as the second number of its name.
pub(crate) const OLDEST: u32 = 21;
pub(crate) const NEWEST: u32 = 27;

/// The module's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    at: usize,
    /// Where the module's variables start and end.
    pub(crate) variables: (usize, usize),
}

impl Record {
    /// Finds the record of a table in the part of the memory that is `searched`.
    pub(crate) fn find(memory: &[u8], searched: usize, header: Header) -> Option<Self> {
        let address = u64::try_from(header.address).ok()?.to_le_bytes();
        let words = memory.get(..searched)?.chunks_exact(8).enumerate();
        words
            .filter(|(_, word)| *word == address)
            .take(TRIED)
            .find_map(|(index, _)| Self::at(memory, index * 8, header))
    }

    /// Reads the record at an address, if it is one.
    fn at(memory: &[u8], at: usize, header: Header) -> Option<Self> {
        let word = |number: usize| word_at(memory, at.checked_add(number * 8)?);
        let starts = |number: usize, offset: usize| {
            Some(word(number)? == header.address.checked_add(offset)?)
        };
        let is_one = starts(1, header.names)?
            && starts(4, header.units)?
            && starts(7, header.files)?
            && starts(10, header.values)?
            && starts(13, header.table)?
            && starts(16, header.table)?;
        // `noptrdata`, `data`, `bss` and `noptrbss`, each with its end.
        let parts = [word(24)?, word(26)?, word(28)?, word(30)?, word(31)?];
        let is_sensible = parts.is_sorted() && parts[4] <= memory.len();
        (is_one && is_sensible).then_some(Self {
            at,
            variables: (parts[0], parts[4]),
        })
    }

    /// Returns the address of `go.func.*`, the start of data about functions, in the record of a release.
    pub(crate) fn func_data(&self, memory: &[u8], release: u32) -> Option<usize> {
        // Go 1.27 has added words about types before it.
        let number = match release {
            OLDEST..27 => 40,
            NEWEST => 43,
            _ => return None,
        };
        let word = |number: usize| word_at(memory, self.at.checked_add(number * 8)?);
        let address = word(number)?;
        // `rodata` stands before it. All read-only data is before the variables.
        (word(number - 1)? <= address && (1..self.variables.0).contains(&address))
            .then_some(address)
    }

    /// Returns the releases that variables with a text name, by the second numbers of their names: 27 for Go 1.27.3. The first one is
    /// nearly always `runtime.buildVersion`, but programs may have such variables, too.
    pub(crate) fn releases(&self, memory: &[u8]) -> impl Iterator<Item = u32> {
        let (start, end) = self.variables;
        let places = (start.next_multiple_of(8)..end).step_by(8);
        places.filter_map(move |at| {
            let (text, len) = (word_at(memory, at)?, word_at(memory, at.checked_add(8)?)?);
            if len > LONGEST_NAME {
                return None;
            }
            let name = memory.get(text..text.checked_add(len)?)?;
            let name = core::str::from_utf8(name).ok()?.strip_prefix("go1.")?;
            let end = name.find(|char: char| !char.is_ascii_digit());
            name[..end.unwrap_or(name.len())].parse().ok()
        })
    }
}
