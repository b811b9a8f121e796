//! Bytes by their numbers and signs of bytes on any processor: the oracle of the other forms.
#![allow(
    dead_code,
    reason = "some processors have better forms of some functions"
)]

use super::Bytes;

/// Nothing has to be found out.
pub(super) fn detect() {}

/// See [`super::choose`].
#[inline(always)]
pub(super) fn choose(table: Bytes, numbers: Bytes) -> Bytes {
    numbers.map(|number| {
        let found = table[usize::from(number & 15)];
        if number < 16 { found } else { 0 }
    })
}

/// See [`super::choose_of_two`].
#[inline(always)]
pub(super) fn choose_of_two([low, high]: [Bytes; 2], numbers: Bytes) -> Bytes {
    let mut both = [0; 32];
    both[..16].copy_from_slice(&low);
    both[16..].copy_from_slice(&high);
    numbers.map(|number| both[usize::from(number & 31)])
}

/// See [`super::signs`].
#[inline(always)]
pub(super) fn signs(bytes: Bytes) -> u32 {
    let signs = [&bytes[..8], &bytes[8..]].map(|half| {
        let mut eight = [0; 8];
        eight.copy_from_slice(half);
        let signs = u64::from_le_bytes(eight) >> 7 & 0x0101_0101_0101_0101;
        // The product brings the signs together in the highest byte; no sum carries.
        signs.wrapping_mul(0x0102_0408_1020_4080) >> 56
    });
    // `as` drops zeros.
    (signs[0] | signs[1] << 8) as u32
}
