//! The real-time clock of Android's emulator. Source: "goldfish-rtc" in the Android emulator's `GOLDFISH-VIRTUAL-HARDWARE.TXT`.

use super::Mmio;

/// Reading the low half fixes the high half.
const TIME_LOW: usize = 0x00;
const TIME_HIGH: usize = 0x04;

/// Seconds since 1970.
///
/// # Safety
/// D1 of [`Mmio`] for `base`.
#[must_use]
pub unsafe fn seconds(base: usize) -> u64 {
    // SAFETY: passed on to the caller.
    let registers = unsafe { Mmio::new(base) };
    let low = u64::from(registers.read(TIME_LOW));
    let high = u64::from(registers.read(TIME_HIGH));
    (high << 32 | low) / 1_000_000_000
}
