//! Exceptions. None is expected: each one is printed and ends the kernel.
//!
//! The vector table has eight instructions (DDI 0406, B1.8.1). Interrupts stay masked.

use core::arch::global_asm;

use crate::arch::{Exception, report};

global_asm!(
    r#"
    .section .text.vectors, "ax"
    .arm
    .balign 32
    .global vectors
vectors:
    b       .
    b       undefined
    b       supervisor_call
    b       prefetch_abort
    b       data_abort
    b       .
    b       .
    b       .
undefined:
    sub     r2, lr, #4
    mov     r0, #0
    b       enter
supervisor_call:
    sub     r2, lr, #4
    mov     r0, #1
    b       enter
prefetch_abort:
    sub     r2, lr, #4
    mrc     p15, 0, r1, c5, c0, 1   // IFSR
    mrc     p15, 0, r3, c6, c0, 2   // IFAR
    mov     r0, #2
    b       enter
data_abort:
    sub     r2, lr, #8
    mrc     p15, 0, r1, c5, c0, 0   // DFSR
    mrc     p15, 0, r3, c6, c0, 0   // DFAR
    mov     r0, #3
enter:
    cpsid   aif, #0x13              // back to SVC; nothing returns, so its stack starts over
    ldr     sp, =stack_top
    b       exception
    .ltorg
"#
);

#[unsafe(no_mangle)]
extern "C" fn exception(kind: usize, status: usize, pc: usize, address: usize) -> ! {
    let (cause, code, address) = match kind {
        0 => ("undefined instruction", 0, 0),
        1 => ("supervisor call", 0, 0),
        2 => ("prefetch abort", status, address),
        _ => ("data abort", status, address),
    };
    report(&Exception {
        cause,
        code,
        pc,
        address,
    })
}
