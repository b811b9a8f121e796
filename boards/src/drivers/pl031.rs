//! Arm PrimeCell Real Time Clock. Source: PL031 Technical Reference Manual (ARM DDI 0224), section 3.3.1.

use super::Mmio;

const DATA: usize = 0x000;

/// Seconds since 1970.
///
/// # Safety
/// D1 of [`Mmio`] for `base`.
#[must_use]
pub unsafe fn seconds(base: usize) -> u64 {
    // SAFETY: passed on to the caller.
    u64::from(unsafe { Mmio::new(base) }.read(DATA))
}
