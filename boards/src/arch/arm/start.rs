//! From reset, firmware or QEMU to Rust: one core, supervisor mode, floating point on, bss clear, stack set.
//!
//! Entry state: `r2` is the device tree or 0, the MMU is off, and the mode is SVC or HYP (Raspberry Pi firmware). A boot
//! loader may have loaded the kernel anywhere in RAM: `bootz` starts it in place.

use core::arch::global_asm;

global_asm!(
    r#"
    .arch armv7-a
    .arch_extension virt
    .arch_extension sec
    .fpu vfpv3
    .section .text.start, "ax"
    .arm
    .global _start
_start:
    b       begin
    // Linux's boot image header, for U-Boot's `bootz` (Linux, arch/arm/boot/compressed/head.S, label "start").
    .rept   8
    nop
    .endr
    .word   0x016f2818              // magic number
    .word   0                       // start: anywhere
    .word   image_size              // end, with .bss and the stack
begin:
    cpsid   aif
    adr     r3, _start              // where the kernel lies
    ldr     r4, =image_start        // where it belongs
    cmp     r3, r4
    beq     in_place
    // The loop that moves the kernel is first copied after both places, because it could overwrite itself.
    ldr     r5, =bss_start
    sub     r5, r5, r4              // bytes to be moved
    ldr     r6, =image_size
    cmp     r3, r4
    addhi   r7, r3, r6
    addls   r7, r4, r6
    adr     r8, move
    adr     r9, moved
    mov     r0, r7
1:  ldr     r6, [r8], #4
    str     r6, [r0], #4
    cmp     r8, r9
    blo     1b
    mov     r6, #0
    mcr     p15, 0, r6, c7, c5, 0   // ICIALLU
    dsb
    isb
    bx      r7
move:
    cmp     r3, r4
    blo     3f
    add     r5, r5, r3              // from the first word up
    mov     r0, r4
2:  ldr     r6, [r3], #4
    str     r6, [r0], #4
    cmp     r3, r5
    blo     2b
    b       4f
3:  add     r0, r4, r5              // from the last word down
    add     r5, r5, r3
5:  ldr     r6, [r5, #-4]!
    str     r6, [r0, #-4]!
    cmp     r5, r3
    bhi     5b
4:  mov     r6, #0
    mcr     p15, 0, r6, c7, c5, 0   // ICIALLU
    dsb
    isb
    bx      r4
moved:
in_place:
    mrc     p15, 0, r0, c0, c0, 5   // MPIDR: core 0 goes on, the others sleep for good
    tst     r0, #0xff
    bne     park
    mov     r10, r2
    mov     r1, #0
    mrs     r0, cpsr
    and     r0, r0, #0x1f
    cmp     r0, #0x1a
    bne     at_svc
    mcr     p15, 4, r1, c1, c1, 0   // HCR: nothing is trapped to HYP
    mcr     p15, 4, r1, c1, c1, 3   // HSTR
    ldr     r0, =0x33ff
    mcr     p15, 4, r0, c1, c1, 2   // HCPTR: floating point is not trapped
    mrc     p15, 4, r0, c14, c1, 0
    orr     r0, r0, #3              // CNTHCTL: SVC may use the counter and the timer
    mcr     p15, 4, r0, c14, c1, 0
    mcrr    p15, 4, r1, r1, c14     // CNTVOFF
    mov     r0, #0x1d3              // SPSR: SVC, aborts and interrupts masked
    msr     spsr_hyp, r0
    ldr     r0, =at_svc
    msr     elr_hyp, r0
    eret
at_svc:
    msr     cpsr_c, #0xd3
    mrc     p15, 0, r0, c1, c0, 0
    bic     r0, r0, #0x3000         // SCTLR: V (high vectors) and I off
    bic     r0, r0, #0x0007         // C, A, M off
    mcr     p15, 0, r0, c1, c0, 0
    mrc     p15, 0, r0, c1, c0, 1
    orr     r0, r0, #0x40           // ACTLR.SMP: Cortex-A7 and -A15 cache nothing without it
    mcr     p15, 0, r0, c1, c0, 1
    ldr     r0, =vectors
    mcr     p15, 0, r0, c12, c0, 0  // VBAR
    mrc     p15, 0, r0, c1, c0, 2
    orr     r0, r0, #0xf00000       // CPACR: coprocessors 10 and 11, floating point
    mcr     p15, 0, r0, c1, c0, 2
    isb
    mov     r0, #0x40000000         // FPEXC.EN
    vmsr    fpexc, r0
    ldr     r2, =bss_start
    ldr     r3, =bss_end
1:  cmp     r2, r3
    strlo   r1, [r2], #4
    blo     1b
    ldr     sp, =stack_top
    mov     r11, #0
    mov     lr, #0
    mov     r0, r10
    bl      kernel_entry
park:
    wfi                             // not wfe, which QEMU runs as a busy loop
    b       park
"#
);
