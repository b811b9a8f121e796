//! The data section. A linker may write tens of thousands of segments, and nearly all have one plain form: for memory 0, at
//! a constant address. A reader for that form saves a small Go program most of the work at its start.
//!
//! ```text
//!  ┌───┬──────┬─────────┬──────┬─────┬───────┐
//!  │ 0 │ 0x41 │ address │ 0x0b │ len │ bytes │    the plain form: i32.const address, end
//!  └───┴──────┴─────────┴──────┴─────┴───────┘
//! ```

use wasmparser::BinaryReader;

use crate::compile::error::ModuleError;
use crate::compile::leb128;
use crate::machine::SlotValue;

/// Flags of a segment (core specification, 5.5.14 "data section").
const PASSIVE: u32 = 1;
const WITH_MEMORY: u32 = 2;

/// The maximum number of segments of a module. The validator rejects more.
const MOST: u32 = 100_000;

/// A data segment.
#[derive(Clone, Copy, Debug)]
pub struct DataSegment<'a> {
    /// The memory and the offset in it, if the segment is active.
    pub target: Option<(u32, u64)>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The segments of a section, one after the other.
#[derive(Clone, Debug)]
pub struct DataSegments<'a> {
    /// The rest of the section, from the next segment on.
    rest: &'a [u8],
    left: u32,
    /// The end of the section in the module.
    end: u64,
}

impl<'a> DataSegments<'a> {
    /// Reads the section with this content, which ends at byte `end` of the module. If it is empty, there is no section.
    pub(super) fn new(section: &'a [u8], end: u64) -> Self {
        let (left, rest) = leb128::unsigned(section).unwrap_or((0, &[]));
        Self { rest, left, end }
    }

    /// The number of segments that follow.
    pub(super) fn count(&self) -> u32 {
        self.left
    }

    /// Returns the next segment. If its address is not a plain constant, `address` evaluates the expression and leaves the
    /// reader after it.
    ///
    /// # Errors
    /// Fails if the section is invalid. It was valid when the module was made, but its bytes may have changed.
    pub fn next(
        &mut self,
        address: impl FnOnce(&mut BinaryReader<'a>) -> Option<u64>,
    ) -> Result<Option<DataSegment<'a>>, ModuleError> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        if let Some((address, bytes, rest)) = plain(self.rest) {
            self.rest = rest;
            let target = Some((0, address.into_slot()));
            return Ok(Some(DataSegment { target, bytes }));
        }
        let mut reader = BinaryReader::new(self.rest, 0);
        let Some(segment) = read(&mut reader, address) else {
            return Err(self.changed());
        };
        self.rest = &self.rest[reader.original_position() as usize..];
        Ok(Some(segment))
    }

    /// Returns the error for a section that has changed since validation, at the segment that was read last.
    #[must_use]
    pub fn changed(&self) -> ModuleError {
        ModuleError::changed(self.end - self.rest.len() as u64)
    }
}

/// Reads a segment in any form at the position of `reader`.
fn read<'a>(
    reader: &mut BinaryReader<'a>,
    address: impl FnOnce(&mut BinaryReader<'a>) -> Option<u64>,
) -> Option<DataSegment<'a>> {
    let flags = reader.read_var_u32().ok()?;
    let target = if flags == PASSIVE {
        None
    } else {
        let memory = match flags {
            WITH_MEMORY => reader.read_var_u32().ok()?,
            _ => 0,
        };
        Some((memory, address(reader)?))
    };
    let len = reader.read_var_u32().ok()? as usize;
    let bytes = reader.read_bytes(len).ok()?;
    Some(DataSegment { target, bytes })
}

/// Returns whether this section consists of segments in the plain form only, and of no more than are allowed. It is then
/// valid if the module has a memory 0 with 32-bit addresses.
pub(super) fn is_plain(section: &[u8]) -> bool {
    let Some((count, mut rest)) = leb128::unsigned(section) else {
        return false;
    };
    if count > MOST {
        return false;
    }
    for _ in 0..count {
        match plain(rest) {
            Some((.., behind)) => rest = behind,
            None => return false,
        }
    }
    rest.is_empty()
}

/// Reads a segment in the plain form. Returns its address, its bytes and the bytes after it.
#[inline(always)]
fn plain(segment: &[u8]) -> Option<(i32, &[u8], &[u8])> {
    let [0, 0x41, rest @ ..] = segment else {
        return None;
    };
    let (address, rest) = leb128::signed(rest)?;
    let [0x0b, rest @ ..] = rest else {
        return None;
    };
    let (len, rest) = leb128::unsigned(rest)?;
    let (bytes, rest) = rest.split_at_checked(len as usize)?;
    Some((address, bytes, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(bytes: &[u8]) -> bool {
        is_plain(bytes)
    }

    #[test]
    fn knows_the_plain_form() {
        assert!(plain(b"\x00"));
        assert!(plain(b"\x02\x00\x41\x04\x0b\x02ab\x00\x41\xe4\x00\x0b\x00"));
    }

    #[test]
    fn leaves_everything_else_to_the_validator() {
        for other in [
            &b"\x01\x01\x01a"[..],                        // passive
            b"\x01\x02\x00\x41\x04\x0b\x01a",             // names its memory
            b"\x01\x00\x23\x00\x0b\x01a",                 // at a global
            b"\x01\x00\x42\x04\x0b\x01a",                 // at an i64
            b"\x01\x00\x41\x04\x41\x01\x6a\x0b\x01a",     // computes
            b"\x01\x00\x41\x04\x0b\x02a",                 // cut off
            b"\x01\x00\x41\x04\x0b\x01ab",                // goes on
            b"\x02\x00\x41\x04\x0b\x01a",                 // one too few
            b"\x01\x00\x41\xff\xff\xff\xff\x0f\x0b\x01a", // no i32
            b"\xa1\x8d\x06\x00",                          // 100,001
        ] {
            assert!(!plain(other), "{other:x?}");
        }
    }

    #[test]
    fn reads_all_forms() {
        let section = b"\x03\x00\x41\x04\x0b\x02ab\x01\x01c\x02\x01\x41\x05\x0b\x00";
        let mut segments = DataSegments::new(section, 100);
        let mut next = || {
            segments.next(|reader| {
                reader.read_u8().unwrap();
                let value = reader.read_var_i32().unwrap();
                reader.read_u8().unwrap();
                Some(u64::from(value.cast_unsigned()))
            })
        };
        let segment = next().unwrap().unwrap();
        assert_eq!((segment.target, segment.bytes), (Some((0, 4)), &b"ab"[..]));
        let segment = next().unwrap().unwrap();
        assert_eq!((segment.target, segment.bytes), (None, &b"c"[..]));
        let segment = next().unwrap().unwrap();
        assert_eq!((segment.target, segment.bytes), (Some((1, 5)), &b""[..]));
        assert!(next().unwrap().is_none());
    }

    #[test]
    fn what_has_changed_since_it_was_validated_is_an_error() {
        for section in [
            &b"\x01"[..],
            b"\x01\x02\x05",
            b"\x01\x01\x02a",
            b"\x01\x00\x23\x07\x0b\x00",
        ] {
            let mut segments = DataSegments::new(section, 100);
            let error = segments.next(|_| None).unwrap_err();
            let at = 100 - (section.len() as u64 - 1);
            assert_eq!(error.offset(), at, "{section:x?}: {error}");
        }
    }
}
