//! The generic timer of Cortex-A7, -A15 and later (DDI 0406, B8), its virtual view.

use core::arch::asm;

use crate::board::Timer;

/// Reads CNTVCT and wakes the core by CNTV_CVAL; its interrupt is PPI 27 of a GIC.
pub struct GenericTimer;

impl Timer for GenericTimer {
    fn frequency(&self) -> u64 {
        let hertz: u32;
        // SAFETY: reads CNTFRQ, which firmware has set.
        unsafe {
            asm!("mrc p15, 0, {}, c14, c0, 0", out(reg) hertz, options(nomem, nostack, preserves_flags))
        };
        u64::from(hertz)
    }

    fn ticks(&self) -> u64 {
        let (low, high): (u32, u32);
        // SAFETY: reads CNTVCT. `isb` prevents the read from being executed early.
        unsafe {
            asm!("isb", "mrrc p15, 1, {}, {}, c14", out(reg) low, out(reg) high,
                options(nomem, nostack, preserves_flags));
        }
        u64::from(high) << 32 | u64::from(low)
    }

    fn wake_at(&self, ticks: Option<u64>) {
        // CNTV_CTL: bit 0 enables the timer, bit 1 (mask) is clear.
        let (at, control) = ticks.map_or((u64::MAX, 0u32), |at| (at, 1));
        // SAFETY: sets the alarm of this core's own timer; A1 of `arch`: its interrupt is never taken.
        unsafe {
            asm!("mcrr p15, 3, {}, {}, c14", "mcr p15, 0, {}, c14, c3, 1", "isb",
                in(reg) at as u32, in(reg) (at >> 32) as u32, in(reg) control, options(nomem, nostack, preserves_flags));
        }
    }
}
