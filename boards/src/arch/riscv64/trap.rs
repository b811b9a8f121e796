//! Exceptions. None is expected: each one is printed and ends the kernel. Interrupts stay masked.

use core::arch::global_asm;

use crate::arch::{Exception, report};

global_asm!(
    r#"
    .section .text
    .balign 4
    .global trap_vector
trap_vector:
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    la      sp, stack_top           // nothing returns, and the old stack may be what failed
    j       exception
"#
);

#[unsafe(no_mangle)]
extern "C" fn exception(code: usize, pc: usize, address: usize) -> ! {
    report(&Exception {
        cause: cause(code),
        code,
        pc,
        address,
    })
}

/// scause in words (privileged specification, table "Supervisor cause register values after trap").
fn cause(code: usize) -> &'static str {
    match code {
        0 => "misaligned instruction",
        1 => "instruction access fault",
        2 => "illegal instruction",
        3 => "breakpoint",
        4 => "misaligned load",
        5 => "load access fault",
        6 => "misaligned store",
        7 => "store access fault",
        12 => "instruction page fault",
        13 => "load page fault",
        15 => "store page fault",
        _ => "exception",
    }
}
