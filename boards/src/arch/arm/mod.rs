//! 32-bit ARM (Armv7-A), in supervisor mode. Source: ARM Architecture Reference Manual, Armv7-A (ARM DDI 0406).

pub mod mmu;
mod start;
mod timer;
mod trap;

pub use timer::GenericTimer;

use core::arch::asm;

/// Stops the core until an interrupt is pending, masked or not (DDI 0406, B1.8.13).
pub fn wait_for_interrupt() {
    // SAFETY: changes no state; a pending interrupt ends the wait even while CPSR masks it.
    unsafe { asm!("dsb", "wfi", options(nostack, preserves_flags)) }
}
