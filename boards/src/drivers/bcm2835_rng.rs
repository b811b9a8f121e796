//! The Raspberry Pi's random number generator. Source: none published by Broadcom; Linux `drivers/char/hw_random/bcm2835-rng.c`
//! names the registers.

use super::{Mmio, deadline::Deadline};
use crate::board::Timer;

const CONTROL: usize = 0x0;
const STATUS: usize = 0x4;
const DATA: usize = 0x8;

const ENABLE: u32 = 1;
/// The number of values to discard while the generator warms up; written to `STATUS`.
const WARM_UP: u32 = 0x4_0000;
const WARM_UP_MS: u64 = 1000;

/// Fills `buf`. Returns false if the generator returns nothing within a second.
///
/// # Safety
/// D1 of [`Mmio`] for `base`.
pub unsafe fn random(base: usize, timer: &'static dyn Timer, buf: &mut [u8]) -> bool {
    // SAFETY: passed on to the caller.
    let registers = unsafe { Mmio::new(base) };
    if registers.read(CONTROL) & ENABLE == 0 {
        registers.write(STATUS, WARM_UP);
        registers.set(CONTROL, ENABLE);
    }
    for part in buf.chunks_mut(4) {
        let deadline = Deadline::after(timer, WARM_UP_MS);
        // Bits 24 and up: the number of available words.
        while registers.read(STATUS) >> 24 == 0 {
            if deadline.passed() {
                log::warn!(
                    "random number generator: no number within {} s",
                    WARM_UP_MS / 1000
                );
                return false;
            }
        }
        part.copy_from_slice(&registers.read(DATA).to_le_bytes()[..part.len()]);
    }
    true
}
