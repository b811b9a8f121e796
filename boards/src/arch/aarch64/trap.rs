//! Exceptions. None is expected: each one is printed and ends the kernel.
//!
//! The vector table has 16 entries of 128 bytes (DDI 0487, D1.4.1.2). Interrupts stay masked, so only synchronous
//! exceptions and SErrors arrive.

use core::arch::global_asm;

use crate::arch::{Exception, report};

global_asm!(
    r#"
    .macro vector
    .balign 0x80
    mrs     x0, esr_el1
    mrs     x1, elr_el1
    mrs     x2, far_el1
    ldr     x3, =stack_top          // nothing returns, and the old stack may be what failed
    mov     sp, x3
    b       exception
    .endm

    .section .text.vectors, "ax"
    .balign 0x800
    .global vectors
vectors:
    .rept 16
    vector
    .endr
    .ltorg
"#
);

#[unsafe(no_mangle)]
extern "C" fn exception(syndrome: usize, pc: usize, address: usize) -> ! {
    report(&Exception {
        cause: class(syndrome),
        code: syndrome,
        pc,
        address,
    })
}

/// The exception class in words: ESR_ELx.EC, bits 31 to 26 (DDI 0487, D24.2.40).
fn class(syndrome: usize) -> &'static str {
    match syndrome >> 26 & 0x3f {
        0x00 => "unknown instruction",
        0x07 => "floating point is off",
        0x0e => "illegal execution state",
        0x15 => "supervisor call",
        0x20 | 0x21 => "instruction abort",
        0x22 => "misaligned pc",
        0x24 | 0x25 => "data abort",
        0x26 => "misaligned stack",
        0x2f => "SError",
        0x3c => "breakpoint instruction",
        _ => "exception",
    }
}
