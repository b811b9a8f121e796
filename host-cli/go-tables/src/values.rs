//! Numbers, texts, and compressed lists of values by PC.

use core::ops::Range;

/// The maximum length of a text: a name or a path.
const LONGEST: usize = 4096;

/// The maximum number of steps of a list. Each step advances the PC, which has 16 bits.
const MOST_STEPS: usize = 1 << 16;

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// An address or a length, which has 64 bits in Go's WebAssembly port.
pub(crate) fn word_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u64_at(bytes, at)?).ok()
}

/// A text that ends with a zero.
pub(crate) fn text(bytes: &[u8], at: usize) -> Option<&str> {
    let rest = bytes.get(at..)?;
    let rest = &rest[..rest.len().min(LONGEST)];
    let end = rest.iter().position(|byte| *byte == 0)?;
    core::str::from_utf8(&rest[..end]).ok()
}

/// A list of steps: the change of the value, with its sign in bit 0, and the number of PCs to which the new value applies.
/// It ends with a zero. Iteration returns the PCs of each step, counted from the function's start, and their value. It ends
/// early if the list is damaged.
#[derive(Clone, Debug)]
pub(crate) struct Values<'a> {
    bytes: &'a [u8],
    value: i32,
    end: u32,
    steps: usize,
}

impl<'a> Values<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            value: -1,
            end: 0,
            steps: 0,
        }
    }

    /// Returns the value at a PC, counted from the function's start.
    pub(crate) fn at(mut self, pc: u16) -> Option<i32> {
        let (_, value) = self.find(|(pcs, _)| pcs.contains(&u32::from(pc)))?;
        Some(value)
    }

    /// A number in groups of seven bits, the lowest first.
    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

impl Iterator for Values<'_> {
    type Item = (Range<u32>, i32);

    fn next(&mut self) -> Option<Self::Item> {
        if self.steps == MOST_STEPS {
            return None;
        }
        let delta = self.number()?;
        if delta == 0 && self.steps > 0 {
            self.steps = MOST_STEPS;
            return None;
        }
        self.steps += 1;
        // Addition wraps, as in Go. The values of a valid table never overflow.
        let change = (delta >> 1) as i32 ^ -((delta & 1) as i32);
        self.value = self.value.wrapping_add(change);
        let start = self.end;
        self.end = start.checked_add(self.number()?)?;
        Some((start..self.end, self.value))
    }
}
