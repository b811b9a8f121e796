//! Numbers, texts, and compressed lists of values by PC.

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

/// A text that ends with a zero.
pub(crate) fn text(bytes: &[u8], at: usize) -> Option<&str> {
    let rest = bytes.get(at..)?;
    let rest = &rest[..rest.len().min(LONGEST)];
    let end = rest.iter().position(|byte| *byte == 0)?;
    core::str::from_utf8(&rest[..end]).ok()
}

/// A list of steps: the change of the value, with its sign in bit 0, and the number of PCs to which the new value applies.
/// It ends with a zero.
pub(crate) struct Values<'a> {
    bytes: &'a [u8],
}

impl<'a> Values<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Returns the value at a PC, counted from the function's start.
    pub(crate) fn at(mut self, pc: u16) -> Option<i32> {
        let (mut value, mut end) = (-1_i32, 0_u32);
        for step in 0..MOST_STEPS {
            let delta = self.number()?;
            if delta == 0 && step > 0 {
                return None;
            }
            // Addition wraps, as in Go. The values of a valid table never overflow.
            let change = (delta >> 1) as i32 ^ -((delta & 1) as i32);
            value = value.wrapping_add(change);
            end = end.checked_add(self.number()?)?;
            if u32::from(pc) < end {
                return Some(value);
            }
        }
        None
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
