//! The differences between the three processor families.
//!
//! Each family's folder defines the same names: `start` (the first instructions, which end in `kernel_entry`), `trap`
//! (exceptions, which end in `kernel_exception`), `mmu::enable`, `wait_for_interrupt`, and its own timer. Interrupts are
//! never *taken*. They stay masked, and only wake the processor from its wait instruction. So there is no handler, no lock,
//! and no race between a check for input and the sleep.
//!
//! Invariant A1: one core runs this kernel, with interrupts masked, so nothing runs between two statements.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "aarch64")]
pub use aarch64::*;

#[cfg(target_arch = "arm")]
mod arm;
#[cfg(target_arch = "arm")]
pub use arm::*;

#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "riscv64")]
pub use riscv64::*;

use core::ops::Range;

unsafe extern "C" {
    static image_start: u8;
    static image_end: u8;

    /// The end of `start`. The macro [`crate::board!`] defines it. The device tree's address may be 0.
    #[cfg_attr(
        not(target_arch = "riscv64"),
        expect(dead_code, reason = "only RISC-V calls it from Rust")
    )]
    fn kernel_entry(device_tree: usize) -> !;
}

unsafe extern "Rust" {
    /// The end of `trap`. `kernel::fault` defines it.
    safe fn kernel_exception(exception: &Exception) -> !;
}

/// An address from the linker script.
#[derive(Clone, Copy)]
struct Symbol(*const u8);

// SAFETY: it is used as a number only. Nothing is read at the address.
unsafe impl Sync for Symbol {}

/// A processor exception: a fault of the kernel itself, never of the guest.
pub struct Exception {
    /// The cause in words.
    pub cause: &'static str,
    /// The value of the cause register.
    pub code: usize,
    /// Address of the instruction.
    pub pc: usize,
    /// The accessed address, if the cause has one.
    pub address: usize,
}

fn report(exception: &Exception) -> ! {
    kernel_exception(exception)
}

/// The addresses of the kernel: code, data and stack, in the layout of `link/kernel.ld`.
#[must_use]
pub fn image() -> Range<usize> {
    static BOUNDS: [Symbol; 2] = [Symbol(&raw const image_start), Symbol(&raw const image_end)];
    // SAFETY: the constant can be read. The read is volatile, so that the addresses are loaded and not computed relative to
    // the code: with a code model of 1 MiB, the end of the stack may be too far away.
    let [start, end] = unsafe { (&raw const BOUNDS).read_volatile() };
    start.0 as usize..end.0 as usize
}
