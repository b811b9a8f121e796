//! Bytes by their numbers and signs of bytes on any processor: the oracle of the other forms.
#![allow(
    dead_code,
    reason = "some processors have better forms of some functions"
)]

use super::Bytes;

/// Nothing has to be found out.
pub(super) fn detect() {}

/// The halves of a vector, as numbers.
#[inline(always)]
fn halves(bytes: Bytes) -> [u64; 2] {
    let half = |from: usize| {
        let mut eight = [0; 8];
        eight.copy_from_slice(&bytes[from..from + 8]);
        u64::from_le_bytes(eight)
    };
    [half(0), half(8)]
}

/// See [`super::choose`].
#[inline(always)]
pub(super) fn choose(table: Bytes, numbers: Bytes) -> Bytes {
    let [low, high] = halves(table);
    let [first, second] = halves(numbers);
    let first = choose_eight(low, high, first);
    let second = choose_eight(low, high, second);
    (u128::from(first) | u128::from(second) << 64).to_le_bytes()
}

/// The eight bytes that `numbers` names, of the sixteen in `low` and `high`.
///
/// It is a function of its own, and computes with numbers: an array, of which a handler took bytes by their numbers, would stand in the
/// handler's frame, and the handler could not end in a jump.
#[inline(never)]
fn choose_eight(low: u64, high: u64, numbers: u64) -> u64 {
    let mut chosen = 0;
    for shift in (0..64).step_by(8) {
        let number = numbers >> shift & 0xff;
        let half = if number & 8 == 0 { low } else { high };
        let found = half >> (8 * (number & 7)) & 0xff;
        let byte = if number < 16 { found } else { 0 };
        chosen |= byte << shift;
    }
    chosen
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
    let signs = halves(bytes).map(|half| {
        let signs = half >> 7 & 0x0101_0101_0101_0101;
        // The product brings the signs together in the highest byte; no sum carries.
        signs.wrapping_mul(0x0102_0408_1020_4080) >> 56
    });
    // `as` drops zeros.
    (signs[0] | signs[1] << 8) as u32
}
