//! Numbers in LEB128 (core specification, 5.2.2 "integers") at the front of bytes, for what is read so often that it shows:
//! data segments and the operators that most code consists of.
//!
//! Nearly all numbers take four bytes at most. Those are read here; wasmparser reads longer ones, and says what may be
//! in the fifth byte.

use wasmparser::{BinaryReader, Result};

/// Bits of a number in each of its bytes; the eighth says that more follow.
const BITS: usize = 7;
/// The most bytes of a number that is read here.
const SHORT: usize = 4;

/// An unsigned number, and what follows it; nothing if there is none.
#[inline(always)]
pub(super) fn unsigned(bytes: &[u8]) -> Option<(u32, &[u8])> {
    match short(bytes) {
        Some((number, len)) => Some((number, &bytes[len..])),
        None => long(bytes, BinaryReader::read_var_u32),
    }
}

/// A signed number, and what follows it; nothing if there is none.
#[inline(always)]
pub(super) fn signed(bytes: &[u8]) -> Option<(i32, &[u8])> {
    match short(bytes) {
        Some((number, len)) => {
            let unused = 32 - BITS * len;
            // Shifted up and down again, the uppermost of the bits there are fills those above it.
            Some(((number << unused).cast_signed() >> unused, &bytes[len..]))
        }
        None => long(bytes, BinaryReader::read_var_i32),
    }
}

/// The bits of a number of up to [`SHORT`] bytes, and how many bytes it takes. A loop over the bytes takes twice the
/// instructions, and each of its exits is one more branch to guess.
#[inline(always)]
fn short(bytes: &[u8]) -> Option<(u32, usize)> {
    if let [byte @ 0..0x80, ..] = *bytes {
        return Some((byte.into(), 1));
    }
    let word = u32::from_le_bytes(*bytes.first_chunk::<SHORT>()?);
    // The lowest of these is the eighth bit of the number's last byte.
    let ends = !word & 0x8080_8080;
    if ends == 0 {
        return None;
    }
    let bits = word & (ends ^ (ends - 1));
    // Byte by byte the eighth bit falls out, and what is above it moves down by one more.
    let number = (bits & 0x7f)
        | ((bits >> 1) & (0x7f << BITS))
        | ((bits >> 2) & (0x7f << (2 * BITS)))
        | ((bits >> 3) & (0x7f << (3 * BITS)));
    Some((number, ends.trailing_zeros() as usize / 8 + 1))
}

/// Any number, as `read` reads it.
#[cold]
fn long<'a, T>(
    bytes: &'a [u8],
    read: fn(&mut BinaryReader<'a>) -> Result<T>,
) -> Option<(T, &'a [u8])> {
    let mut reader = BinaryReader::new(bytes, 0);
    let number = read(&mut reader).ok()?;
    // It counts from 0, so this is how many bytes it has read.
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
