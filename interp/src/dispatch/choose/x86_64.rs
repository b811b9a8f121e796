//! Bytes by their numbers and signs of bytes on x86-64, with SSE2 and, where the processor has it, SSSE3.

use core::arch::asm;
use core::arch::x86_64::{
    __cpuid, __m128i, _mm_adds_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8, _mm_sub_epi8,
};
use core::mem::transmute;
use core::sync::atomic::{AtomicU8, Ordering};

use super::Bytes;
use super::anywhere;

/// Whether this processor has SSSE3, as far as [`detect`] has found out. All of the last fifteen years do, but compilers may not
/// assume it.
static SSSE3: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const MISSING: u8 = 1;
const PRESENT: u8 = 2;

/// Finds out what this processor has. Until then, the portable forms are used.
pub(super) fn detect() {
    if SSSE3.load(Ordering::Relaxed) == UNKNOWN {
        // Leaf 1, bit 9 of ECX (Intel SDM volume 2, "CPUID").
        let has = __cpuid(1).ecx >> 9 & 1 == 1;
        SSSE3.store(if has { PRESENT } else { MISSING }, Ordering::Relaxed);
    }
}

/// See [`super::choose`].
#[inline(always)]
pub(super) fn choose(table: Bytes, numbers: Bytes) -> Bytes {
    // SAFETY: the processor has SSE2, and `pshufb` where it was found. The types have the same bytes. Both ways end in a vector of the
    // processor: otherwise the compiler would take its bytes apart.
    unsafe {
        let chosen = if SSSE3.load(Ordering::Relaxed) == PRESENT {
            // The instruction takes numbers from 128 on for 0, and of others the low four bits.
            pshufb(
                transmute::<Bytes, __m128i>(table),
                _mm_adds_epu8(transmute::<Bytes, __m128i>(numbers), _mm_set1_epi8(0x70)),
            )
        } else {
            transmute::<Bytes, __m128i>(anywhere::choose(table, numbers))
        };
        transmute::<__m128i, Bytes>(chosen)
    }
}

/// See [`super::choose_of_two`].
#[inline(always)]
pub(super) fn choose_of_two(tables: [Bytes; 2], numbers: Bytes) -> Bytes {
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
            transmute::<Bytes, __m128i>(anywhere::choose_of_two(tables, numbers))
        };
        transmute::<__m128i, Bytes>(chosen)
    }
}

/// See [`super::signs`].
#[inline(always)]
pub(super) fn signs(bytes: Bytes) -> u32 {
    // SAFETY: the processor has SSE2, and the types have the same bytes.
    unsafe { _mm_movemask_epi8(transmute::<Bytes, __m128i>(bytes)) }.cast_unsigned()
}

/// The bytes of `table` whose numbers are given: the low four bits of a number below 128. For others 0.
///
/// # Safety
/// The processor has SSSE3.
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
