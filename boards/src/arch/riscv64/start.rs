//! From the SBI firmware to Rust: floating point on, bss clear, stack and global pointer set.
//!
//! Entry state (RISC-V SBI, "Hart State Management"): supervisor mode, `a0` is the hart, `a1` the device tree, translation
//! and interrupts are off. The firmware starts one hart and holds the others.

use core::arch::global_asm;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::timer;
use crate::arch::kernel_entry;

global_asm!(
    r#"
    .section .text.start, "ax"
    .global _start
_start:
    // Linux's boot image header, for U-Boot's `booti` (Linux, Documentation/arch/riscv/boot-image-header.rst).
    .option push
    .option norvc
    j       enter
    .option pop
    .balign 8
    .dword  load_offset             // from the start of RAM
    .dword  image_size              // with .bss and the stack
    .dword  0                       // flags: little-endian
    .word   2                       // header version
    .word   0
    .dword  0
    .ascii  "RISCV\0\0\0"
    .ascii  "RSC\x05"
    .word   0
enter:
    csrw    sie, zero
    csrci   sstatus, 2              // SIE: interrupts stay masked
    li      t0, 0x2000              // FS = initial: floating point on
    csrs    sstatus, t0
    csrw    fcsr, zero
    la      t0, trap_vector
    csrw    stvec, t0
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  la      sp, stack_top
    mv      fp, zero
    mv      ra, zero
    call    supervisor_entry
3:  wfi
    j       3b
"#
);

static HART: AtomicUsize = AtomicUsize::new(0);

#[unsafe(no_mangle)]
extern "C" fn supervisor_entry(hart: usize, device_tree: usize) -> ! {
    HART.store(hart, Ordering::Relaxed);
    timer::enable_wake_up();
    // SAFETY: the `board!` macro of the board's binary defines the function with this signature.
    unsafe { kernel_entry(device_tree) }
}

/// The hart that runs the kernel. The boards' interrupt controllers need its number.
#[must_use]
pub fn hart() -> usize {
    HART.load(Ordering::Relaxed)
}
