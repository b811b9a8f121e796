//! The parameters of a function on Go's stack, as Go's tracebacks print them.
//!
//! An entry of `funcdata`, `abi.FUNCDATA_ArgInfo`, is a sequence of bytes: the offset and the size of each word, and marks around the parts of
//! a string, a slice or a structure. It has at most ten words.

use crate::Func;

/// The entry of `funcdata`: `abi.FUNCDATA_ArgInfo`.
const PARAMETERS: u32 = 5;

/// The maximum length of the sequence: `abi.TraceArgsMaxLen`.
const LONGEST: usize = 171;

/// A part of the parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parameter {
    /// A number, which has `size` bytes and lies `offset` bytes behind the first parameter.
    Word {
        /// Bytes behind the first parameter.
        offset: u8,
        /// Bytes, at most eight.
        size: u8,
    },
    /// The parts of a value begin.
    Begin,
    /// They end.
    End,
    /// There are more than the table has.
    More,
    /// A number that lies too far away for the table.
    Far,
}

impl<'a> Func<'a> {
    /// The parameters of the function. `None` if the table has none, as for functions in assembly.
    #[must_use]
    pub fn parameters(&self) -> Option<impl Iterator<Item = Parameter> + use<'a>> {
        let at = self.func_data(PARAMETERS)?;
        let mut bytes = self.tables.memory.get(at..)?.iter().take(LONGEST);
        Some(core::iter::from_fn(move || {
            Some(match bytes.next()? {
                0xff => return None,
                0xfe => Parameter::Begin,
                0xfd => Parameter::End,
                0xfc => Parameter::More,
                0xfb => Parameter::Far,
                offset => Parameter::Word {
                    offset: *offset,
                    size: *bytes.next()?,
                },
            })
        }))
    }
}
