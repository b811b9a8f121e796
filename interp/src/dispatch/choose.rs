//! Bytes of a vector by their numbers, and the signs of bytes: what compilers do not find in a processor that has an instruction for it.
//!
//! Each function has a portable form, which is also the oracle of the other forms.

#[cfg(target_arch = "aarch64")]
use core::arch::aarch64::{uint8x16_t, uint8x16x2_t, vqtbl1q_u8, vqtbl2q_u8};
#[cfg(target_arch = "x86_64")]
use core::arch::{
    asm,
    x86_64::{
        __cpuid, __m128i, _mm_adds_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
        _mm_sub_epi8,
    },
};
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use core::mem::transmute;
#[cfg(target_arch = "x86_64")]
use core::sync::atomic::{AtomicU8, Ordering};

/// The bytes of a vector.
type Bytes = [u8; 16];

/// Whether this processor has SSSE3, as far as [`detect`] has found out. All of the last fifteen years do, but compilers may not
/// assume it.
#[cfg(target_arch = "x86_64")]
static SSSE3: AtomicU8 = AtomicU8::new(UNKNOWN);
#[cfg(target_arch = "x86_64")]
const UNKNOWN: u8 = 0;
#[cfg(target_arch = "x86_64")]
const MISSING: u8 = 1;
#[cfg(target_arch = "x86_64")]
const PRESENT: u8 = 2;

/// Finds out what this processor has. Until then, the portable forms are used.
pub(super) fn detect() {
    #[cfg(target_arch = "x86_64")]
    if SSSE3.load(Ordering::Relaxed) == UNKNOWN {
        // Leaf 1, bit 9 of ECX (Intel SDM volume 2, "CPUID").
        let has = __cpuid(1).ecx >> 9 & 1 == 1;
        SSSE3.store(if has { PRESENT } else { MISSING }, Ordering::Relaxed);
    }
}

/// The bytes of `table` whose numbers are given; 0 for numbers from 16 on (core specification, 4.3.5 `i8x16.swizzle`).
#[inline(always)]
pub(crate) fn choose(table: Bytes, numbers: Bytes) -> Bytes {
    #[cfg(target_arch = "x86_64")]
    return {
        // SAFETY: all processors of this kind have these instructions, and `pshufb` where it was found. The types have the same bytes.
        // Both ways end in a vector of the processor: otherwise the compiler would take its bytes apart.
        unsafe {
            let chosen = if SSSE3.load(Ordering::Relaxed) == PRESENT {
                // The instruction takes numbers from 128 on for 0, and of others the low four bits.
                pshufb(
                    transmute::<Bytes, __m128i>(table),
                    _mm_adds_epu8(transmute::<Bytes, __m128i>(numbers), _mm_set1_epi8(0x70)),
                )
            } else {
                transmute::<Bytes, __m128i>(choose_anywhere(table, numbers))
            };
            transmute::<__m128i, Bytes>(chosen)
        }
    };
    #[cfg(target_arch = "aarch64")]
    // SAFETY: all processors for which this is compiled have the instruction, and the types have the same bytes.
    return unsafe {
        transmute::<uint8x16_t, Bytes>(vqtbl1q_u8(transmute(table), transmute(numbers)))
    };
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    choose_anywhere(table, numbers)
}

/// The bytes of both tables, one after the other, whose numbers are given. All numbers are below 32 (4.3.5 `i8x16.shuffle`).
#[inline(always)]
pub(crate) fn choose_of_two(tables: [Bytes; 2], numbers: Bytes) -> Bytes {
    #[cfg(target_arch = "x86_64")]
    return {
        // SAFETY: as in `choose`.
        unsafe {
            let chosen = if SSSE3.load(Ordering::Relaxed) == PRESENT {
                let [low, high] = tables.map(|table| transmute::<Bytes, __m128i>(table));
                let numbers = transmute::<Bytes, __m128i>(numbers);
                // Numbers from 16 on become numbers from 128 on, and in the second line those below 16.
                let low = pshufb(low, _mm_adds_epu8(numbers, _mm_set1_epi8(0x70)));
                let high = pshufb(high, _mm_sub_epi8(numbers, _mm_set1_epi8(16)));
                _mm_or_si128(low, high)
            } else {
                transmute::<Bytes, __m128i>(choose_of_two_anywhere(tables, numbers))
            };
            transmute::<__m128i, Bytes>(chosen)
        }
    };
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as in `choose`.
    return unsafe {
        let tables = transmute::<[Bytes; 2], uint8x16x2_t>(tables);
        transmute::<uint8x16_t, Bytes>(vqtbl2q_u8(tables, transmute(numbers)))
    };
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    choose_of_two_anywhere(tables, numbers)
}

/// The signs of bytes, one bit each (4.3.5 `i8x16.bitmask`).
#[inline(always)]
pub(crate) fn signs(bytes: Bytes) -> u32 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: all processors of this kind have the instruction, and the types have the same bytes.
    return unsafe { _mm_movemask_epi8(transmute::<Bytes, __m128i>(bytes)) }.cast_unsigned();
    #[cfg(not(target_arch = "x86_64"))]
    signs_anywhere(bytes)
}

/// [`choose`] on any processor.
#[inline(always)]
#[cfg_attr(
    all(target_arch = "aarch64", not(test)),
    expect(dead_code, reason = "there is a better form")
)]
fn choose_anywhere(table: Bytes, numbers: Bytes) -> Bytes {
    numbers.map(|number| {
        let found = table[usize::from(number & 15)];
        if number < 16 { found } else { 0 }
    })
}

/// [`choose_of_two`] on any processor.
#[inline(always)]
#[cfg_attr(
    all(target_arch = "aarch64", not(test)),
    expect(dead_code, reason = "there is a better form")
)]
fn choose_of_two_anywhere([low, high]: [Bytes; 2], numbers: Bytes) -> Bytes {
    let mut both = [0; 32];
    both[..16].copy_from_slice(&low);
    both[16..].copy_from_slice(&high);
    numbers.map(|number| both[usize::from(number & 31)])
}

/// [`signs`] on any processor.
#[inline(always)]
#[cfg_attr(
    all(target_arch = "x86_64", not(test)),
    expect(dead_code, reason = "there is a better form")
)]
fn signs_anywhere(bytes: Bytes) -> u32 {
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

/// The bytes of `table` whose numbers are given: the low four bits of a number below 128. For others 0.
///
/// # Safety
/// The processor has SSSE3.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn pshufb(mut table: __m128i, numbers: __m128i) -> __m128i {
    // SAFETY: promised by the caller. Compilers know the instruction only in functions that are compiled for such processors, and those
    // are not inlined here.
    unsafe {
        asm!(
            "pshufb {0}, {1}",
            inlateout(xmm_reg) table,
            in(xmm_reg) numbers,
            options(pure, nomem, nostack, preserves_flags)
        );
    }
    table
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
            assert_eq!(signs(table), signs_anywhere(table));
            if round % 2 == 0 {
                numbers = numbers.map(|number| number % 32);
            }
            assert_eq!(choose(table, numbers), choose_anywhere(table, numbers));
            let numbers = numbers.map(|number| number % 32);
            assert_eq!(
                choose_of_two([table, other], numbers),
                choose_of_two_anywhere([table, other], numbers)
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
