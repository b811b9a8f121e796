//! 64-bit ARM (Armv8-A), running at EL1. Source: Arm Architecture Reference Manual (ARM DDI 0487).

pub mod mmu;
pub mod psci;
mod start;
mod timer;
mod trap;

pub use timer::GenericTimer;

use core::arch::asm;

/// Stops the core until an interrupt is pending, masked or not (DDI 0487, D1.6.2).
pub fn wait_for_interrupt() {
    // SAFETY: changes no state; a pending interrupt ends the wait even while PSTATE masks it.
    unsafe { asm!("dsb sy", "wfi", options(nostack, preserves_flags)) }
}
