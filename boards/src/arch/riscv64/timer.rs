//! The `time` CSR, and the alarm of the SBI firmware.

use core::arch::asm;

use super::sbi;
use crate::board::Timer;

/// `sie` bits: timer (STIE) and external interrupts (SEIE) may end a `wfi`.
const WAKE_UP: usize = 1 << 5 | 1 << 9;

/// Lets timer and device interrupts end [`super::wait_for_interrupt`].
pub(super) fn enable_wake_up() {
    sbi::set_timer(u64::MAX);
    // SAFETY: sstatus.SIE stays clear, so the interrupts wake the hart, and are never taken (A1 of `arch`).
    unsafe { asm!("csrs sie, {}", in(reg) WAKE_UP, options(nomem, nostack)) }
}

/// The machine's timer. Its frequency is in the data sheet, or in the device tree as `timebase-frequency`.
pub struct TimeCsr {
    /// Ticks per second; 0 to read it from the device tree.
    pub hertz: u64,
}

impl Timer for TimeCsr {
    fn frequency(&self) -> u64 {
        self.hertz
    }

    fn ticks(&self) -> u64 {
        let ticks: u64;
        // SAFETY: reads a counter that the firmware makes accessible to supervisor mode.
        unsafe { asm!("rdtime {}", out(reg) ticks, options(nomem, nostack, preserves_flags)) };
        ticks
    }

    fn wake_at(&self, ticks: Option<u64>) {
        sbi::set_timer(ticks.unwrap_or(u64::MAX));
    }
}
