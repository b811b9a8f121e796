//! 64-bit RISC-V in supervisor mode above an SBI firmware (OpenSBI). Source: the RISC-V privileged specification.
//!
//! The MMU is not set up. The firmware leaves `satp` at zero, so addresses are physical, and the machine's attributes
//! determine what is cached (privileged specification, "Physical Memory Attributes").

pub mod mmu;
pub mod sbi;
mod start;
mod timer;
mod trap;

pub use start::hart;
pub use timer::TimeCsr;

use core::arch::asm;

/// Stops the hart until an interrupt that `sie` enables is pending, masked or not (privileged specification, "WFI").
pub fn wait_for_interrupt() {
    // SAFETY: changes no state. sstatus.SIE is clear, so the interrupt ends the wait but is not taken.
    unsafe { asm!("fence", "wfi", options(nostack, preserves_flags)) }
}
