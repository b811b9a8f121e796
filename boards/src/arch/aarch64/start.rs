//! From reset, firmware or QEMU to Rust: one core, EL1, floating point on, bss clear, stack set.
//!
//! Entry state: `x0` is the device tree or 0, the MMU is off, and the exception level is between EL1 and EL3.

use core::arch::global_asm;

global_asm!(
    r#"
    .section .text.start, "ax"
    .global _start
_start:
    // Linux's boot image header, for U-Boot's `booti` (Linux, Documentation/arch/arm64/booting.rst, section 4).
    b       enter
    .word   0
    .quad   load_offset             // from the start of RAM
    .quad   image_size              // with .bss and the stack
    .quad   0                       // flags: little-endian, as near to the start of RAM as it says
    .quad   0
    .quad   0
    .quad   0
    .ascii  "ARM\x64"
    .word   0
enter:
    mrs     x1, mpidr_el1           // core 0 goes on, the others sleep for good
    tst     x1, #0xff
    b.ne    park
    mov     x19, x0
    msr     daifset, #0xf
    mrs     x1, currentel
    cmp     x1, #0x8
    b.lo    at_el1
    b.eq    at_el2
    mov     x1, #0x531              // SCR_EL3: EL2 is 64-bit (RW), HVC allowed (HCE), non-secure (NS), RES1
    msr     scr_el3, x1
    mov     x1, #0x3c9              // SPSR_EL3: EL2 with its own stack, interrupts masked
    msr     spsr_el3, x1
    adr     x1, at_el2
    msr     elr_el3, x1
    eret
at_el2:
    mov     x1, #0x80000000         // HCR_EL2.RW: EL1 is 64-bit; nothing is trapped to EL2
    msr     hcr_el2, x1
    mov     x1, #3                  // CNTHCTL_EL2: EL1 may use the counter and the timer
    msr     cnthctl_el2, x1
    msr     cntvoff_el2, xzr
    mov     x1, #0x33ff             // CPTR_EL2: floating point is not trapped
    msr     cptr_el2, x1
    msr     hstr_el2, xzr
    ldr     x1, =0x30d00800         // SCTLR_EL1: MMU and caches off, RES1 bits set
    msr     sctlr_el1, x1
    mov     x1, #0x3c5              // SPSR_EL2: EL1 with its own stack, interrupts masked
    msr     spsr_el2, x1
    adr     x1, at_el1
    msr     elr_el2, x1
    eret
at_el1:
    mov     x1, #(3 << 20)          // CPACR_EL1.FPEN: floating point and SIMD on
    msr     cpacr_el1, x1
    ldr     x1, =vectors
    msr     vbar_el1, x1
    isb
    ldr     x1, =bss_start
    ldr     x2, =bss_end
1:  cmp     x1, x2
    b.hs    2f
    stp     xzr, xzr, [x1], #16
    b       1b
2:  ldr     x1, =stack_top
    mov     sp, x1
    mov     x29, xzr
    mov     x30, xzr
    mov     x0, x19
    bl      kernel_entry
park:
    wfi                             // not wfe, which QEMU runs as a busy loop
    b       park
"#
);
