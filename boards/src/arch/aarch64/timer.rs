//! The generic timer that every Armv8-A core has (DDI 0487, D12), its virtual view.

use core::arch::asm;

use crate::board::Timer;

/// Reads CNTVCT_EL0 and wakes the core by CNTV_CVAL_EL0; its interrupt is PPI 27 of a GIC.
pub struct GenericTimer;

impl Timer for GenericTimer {
    fn frequency(&self) -> u64 {
        let hertz: u64;
        // SAFETY: reads a register that firmware has set and EL1 may read.
        unsafe {
            asm!("mrs {}, cntfrq_el0", out(reg) hertz, options(nomem, nostack, preserves_flags))
        };
        hertz
    }

    fn ticks(&self) -> u64 {
        let ticks: u64;
        // SAFETY: reads a counter. `isb` prevents the read from being executed early.
        unsafe {
            asm!("isb", "mrs {}, cntvct_el0", out(reg) ticks, options(nomem, nostack, preserves_flags))
        };
        ticks
    }

    fn wake_at(&self, ticks: Option<u64>) {
        // CNTV_CTL_EL0: bit 0 enables the timer, bit 1 (mask) is clear.
        let (at, control) = ticks.map_or((u64::MAX, 0u64), |at| (at, 1));
        // SAFETY: sets the alarm of this core's own timer; A1 of `arch`: its interrupt is never taken.
        unsafe {
            asm!("msr cntv_cval_el0, {}", "msr cntv_ctl_el0, {}", "isb", in(reg) at, in(reg) control,
                options(nomem, nostack, preserves_flags));
        }
    }
}
