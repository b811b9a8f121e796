//! Bytes of a vector by their numbers, and the signs of bytes: what compilers do not find in a processor that has an instruction for it.
//!
//! Each function has a portable form (`anywhere.rs`), which is also the oracle of the forms for single processors.

#[cfg(all(
    target_arch = "aarch64",
    target_feature = "neon",
    target_endian = "little"
))]
mod aarch64;
mod anywhere;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod x86_64;

#[cfg(all(
    target_arch = "aarch64",
    target_feature = "neon",
    target_endian = "little"
))]
use aarch64 as best;
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(
        target_arch = "aarch64",
        target_feature = "neon",
        target_endian = "little"
    )
)))]
use anywhere as best;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use x86_64 as best;

/// The bytes of a vector.
type Bytes = [u8; 16];

/// Finds out what this processor has. Until then, the portable forms are used.
pub(super) fn detect() {
    best::detect();
}

/// The bytes of `table` whose numbers are given; 0 for numbers from 16 on (core specification, 4.3.5 `i8x16.swizzle`).
#[inline(always)]
pub(crate) fn choose(table: Bytes, numbers: Bytes) -> Bytes {
    best::choose(table, numbers)
}

/// The bytes of both tables, one after the other, whose numbers are given. All numbers are below 32 (4.3.5 `i8x16.shuffle`).
#[inline(always)]
pub(crate) fn choose_of_two(tables: [Bytes; 2], numbers: Bytes) -> Bytes {
    best::choose_of_two(tables, numbers)
}

/// The signs of bytes, one bit each (4.3.5 `i8x16.bitmask`).
#[inline(always)]
pub(crate) fn signs(bytes: Bytes) -> u32 {
    best::signs(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::array;

    #[test]
    fn all_forms_do_the_same() {
        detect();
        let mut state = 1_u64;
        let mut bytes = || -> Bytes {
            array::from_fn(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 56) as u8
            })
        };
        for round in 0..1000 {
            let (table, other, mut numbers) = (bytes(), bytes(), bytes());
            assert_eq!(signs(table), anywhere::signs(table));
            if round % 2 == 0 {
                numbers = numbers.map(|number| number % 32);
            }
            assert_eq!(choose(table, numbers), anywhere::choose(table, numbers));
            let numbers = numbers.map(|number| number % 32);
            assert_eq!(
                choose_of_two([table, other], numbers),
                anywhere::choose_of_two([table, other], numbers)
            );
        }
    }

    #[test]
    fn bytes_are_chosen() {
        let table = array::from_fn(|lane| 100 + lane as u8);
        let numbers = [3, 0, 15, 16, 255, 127, 128, 1, 1, 1, 1, 1, 1, 1, 1, 2];
        let chosen = [
            103, 100, 115, 0, 0, 0, 0, 101, 101, 101, 101, 101, 101, 101, 101, 102,
        ];
        assert_eq!(choose(table, numbers), chosen);
        assert_eq!(signs(numbers), 0b101_0000);
    }
}
