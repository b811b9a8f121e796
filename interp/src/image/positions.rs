//! The positions of a function's ops in the WebAssembly module.
//!
//! For each op, two numbers in LEB128: the granules since the op before it, and the bytes of the module since the position of that op,
//! with its sign in the lowest bit. Most numbers take a byte.

use alloc::vec::Vec;

/// Writes positions: for each op in ascending order its granule, and its byte in the module.
pub(super) fn write(positions: impl Iterator<Item = (u32, u32)>, out: &mut Vec<u8>) {
    let mut before = (0, 0);
    for (granule, position) in positions {
        unsigned(u64::from(granule - before.0), out);
        let distance = i64::from(position) - i64::from(before.1);
        // The sign goes to the lowest bit.
        unsigned(((distance << 1) ^ (distance >> 63)).cast_unsigned(), out);
        before = (granule, position);
    }
}

/// Reads the list that [`write`] has written, up to its end or to bytes that are no number.
pub(super) fn read(mut bytes: &[u8]) -> impl Iterator<Item = (u32, u32)> {
    let mut before = (0_u32, 0_u32);
    core::iter::from_fn(move || {
        let granules = next(&mut bytes)?;
        let distance = next(&mut bytes)?;
        let distance = (distance >> 1).cast_signed() ^ -(distance & 1).cast_signed();
        let granule = u64::from(before.0).checked_add(granules)?;
        let position = i64::from(before.1).checked_add(distance)?;
        before = (u32::try_from(granule).ok()?, u32::try_from(position).ok()?);
        Some(before)
    })
}

fn unsigned(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        // The seven lowest bits, and a mark that more follow.
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn next(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_as_they_were_written() {
        let all = [(0, 100), (3, 102), (4, 90), (900, 1 << 30), (u32::MAX, 0)];
        let mut bytes = Vec::new();
        write(all.into_iter(), &mut bytes);
        assert_eq!(read(&bytes).collect::<Vec<_>>(), all);
    }

    #[test]
    fn a_damaged_list_ends() {
        for bytes in [&[0xff; 30][..], &[1], &[1, 0xff], &[0, 1]] {
            assert_eq!(read(bytes).count(), 0);
        }
    }
}
