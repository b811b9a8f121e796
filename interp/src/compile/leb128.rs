//! Reads LEB128 numbers (core specification, 5.2.2 "integers") where their speed matters: in data segments and in the most
//! frequent operators.
//!
//! Almost all numbers have at most four bytes. Those are read here. wasmparser reads longer numbers and checks the bits of
//! the fifth byte.

use wasmparser::{BinaryReader, Result};

/// Bits of a number in each byte. The eighth bit is set if more bytes follow.
const BITS: usize = 7;
/// The maximum number of bytes that is read here.
const SHORT: usize = 4;

/// Reads an unsigned number. Returns it with the remaining bytes, or `None` if there is none.
#[inline(always)]
pub(super) fn unsigned(bytes: &[u8]) -> Option<(u32, &[u8])> {
    match short(bytes) {
        Some((number, len)) => Some((number, &bytes[len..])),
        None => long(bytes, BinaryReader::read_var_u32),
    }
}

/// Reads a signed number. Returns it with the remaining bytes, or `None` if there is none.
#[inline(always)]
pub(super) fn signed(bytes: &[u8]) -> Option<(i32, &[u8])> {
    match short(bytes) {
        Some((number, len)) => {
            let unused = 32 - BITS * len;
            // The shift to the left and back fills the upper bits with the sign.
            Some(((number << unused).cast_signed() >> unused, &bytes[len..]))
        }
        None => long(bytes, BinaryReader::read_var_i32),
    }
}

/// Reads the bits of a number of up to [`SHORT`] bytes, and its length in bytes. A loop over the bytes takes twice the
/// instructions, and each of its exits is another branch to predict.
#[inline(always)]
fn short(bytes: &[u8]) -> Option<(u32, usize)> {
    if let [byte @ 0..0x80, ..] = *bytes {
        return Some((byte.into(), 1));
    }
    let word = u32::from_le_bytes(*bytes.first_chunk::<SHORT>()?);
    // The lowest set bit is the eighth bit of the number's last byte.
    let ends = !word & 0x8080_8080;
    if ends == 0 {
        return None;
    }
    let bits = word & (ends ^ (ends - 1));
    // Each step drops the eighth bit of a byte and moves the bits above it down.
    let number = (bits & 0x7f)
        | ((bits >> 1) & (0x7f << BITS))
        | ((bits >> 2) & (0x7f << (2 * BITS)))
        | ((bits >> 3) & (0x7f << (3 * BITS)));
    Some((number, ends.trailing_zeros() as usize / 8 + 1))
}

/// Reads a number of any length with `read`.
#[cold]
fn long<'a, T>(
    bytes: &'a [u8],
    read: fn(&mut BinaryReader<'a>) -> Result<T>,
) -> Option<(T, &'a [u8])> {
    let mut reader = BinaryReader::new(bytes, 0);
    let number = read(&mut reader).ok()?;
    // The reader counts from 0, so its position is the number of bytes read.
    Some((number, &bytes[reader.original_position() as usize..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_wasmparser_reads() {
        let samples: [&[u8]; 16] = [
            b"",
            b"\x00!",
            b"\x3f",
            b"\x40!",
            b"\x7f",
            b"\x80",
            b"\x80\x00!",
            b"\xff\x7f",
            b"\xe5\x8e\x26",
            b"\x80\x80\x80\x40!",
            b"\xff\xff\xff\x7f",
            b"\xff\xff\xff\xff",
            b"\xff\xff\xff\xff\x07!",
            b"\xff\xff\xff\xff\x0f",
            b"\xff\xff\xff\xff\x7f",
            b"\x80\x80\x80\x80\x80\x00",
        ];
        for bytes in samples {
            let theirs = long(bytes, BinaryReader::read_var_u32);
            assert_eq!(unsigned(bytes), theirs, "{bytes:x?}");
            let theirs = long(bytes, BinaryReader::read_var_i32);
            assert_eq!(signed(bytes), theirs, "{bytes:x?}");
        }
    }
}
