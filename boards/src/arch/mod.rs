//! What the three processor families do differently.
//!
//! Each family's folder offers the same names: `start` (the first instructions, which end in `kernel_entry`), `trap`
//! (exceptions, which end in `kernel_exception`), `mmu::enable`, `wait_for_interrupt`, and its own timer. Interrupts
//! are never *taken*: they stay masked, and only wake the processor from its wait instruction. Thus there is no handler,
//! no lock, and no race between looking for input and going to sleep.
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

    /// Where `start` ends: defined by the macro [`crate::board!`]. The device tree's address may be 0.
    #[cfg_attr(
        not(target_arch = "riscv64"),
        expect(dead_code, reason = "only RISC-V calls it from Rust")
    )]
    fn kernel_entry(device_tree: usize) -> !;
}

unsafe extern "Rust" {
    /// Where `trap` ends: defined in `kernel::fault`.
    safe fn kernel_exception(exception: &Exception) -> !;
}

/// An address that the linker script defines.
#[derive(Clone, Copy)]
struct Symbol(*const u8);

// SAFETY: it is a number to everyone; nothing is read there.
unsafe impl Sync for Symbol {}

/// A processor exception: a fault of the kernel itself, never of the guest program.
pub struct Exception {
    /// The cause in words.
    pub cause: &'static str,
    /// The cause register as it was.
    pub code: usize,
    /// Address of the instruction.
    pub pc: usize,
    /// Address that it accessed, where the cause has one.
    pub address: usize,
}

fn report(exception: &Exception) -> ! {
    kernel_exception(exception)
}

/// The addresses of the kernel: code, data and stack, as `link/kernel.ld` lays them out.
#[must_use]
pub fn image() -> Range<usize> {
    static BOUNDS: [Symbol; 2] = [Symbol(&raw const image_start), Symbol(&raw const image_end)];
    // SAFETY: what a reference leads to can be read. Volatile, so that the addresses are read and not computed from that
    // of the code: where the compiler was told that everything lies within 1 MiB, the end of the stack may not.
    let [start, end] = unsafe { (&raw const BOUNDS).read_volatile() };
    start.0 as usize..end.0 as usize
}
