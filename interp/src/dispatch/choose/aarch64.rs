//! Bytes by their numbers and signs of bytes on aarch64, with NEON.

use core::arch::aarch64::{uint8x16_t, uint8x16x2_t, vqtbl1q_u8, vqtbl2q_u8};
use core::mem::transmute;

use super::Bytes;
pub(super) use super::anywhere::{detect, signs};

/// See [`super::choose`].
#[inline(always)]
pub(super) fn choose(table: Bytes, numbers: Bytes) -> Bytes {
    // SAFETY: the processor has NEON, and the types have the same bytes.
    unsafe { transmute::<uint8x16_t, Bytes>(vqtbl1q_u8(transmute(table), transmute(numbers))) }
}

/// See [`super::choose_of_two`].
#[inline(always)]
pub(super) fn choose_of_two(tables: [Bytes; 2], numbers: Bytes) -> Bytes {
    // SAFETY: as in `choose`.
    unsafe {
        let tables = transmute::<[Bytes; 2], uint8x16x2_t>(tables);
        transmute::<uint8x16_t, Bytes>(vqtbl2q_u8(tables, transmute(numbers)))
    }
}
