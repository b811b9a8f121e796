//! The tail-call back end: every handler ends in a jump to the next.
//!
//! ```text
//!     movzwl  2(%rdi), %eax        a slot number
//!     movzwl  4(%rdi), %r10d       another
//!     movq    (%rsi,%rax,8), %r9   acc ← its value
//!     addq    (%rsi,%r10,8), %r9   acc ← acc + the other's
//!     movzwl  6(%rdi), %eax        the next op
//!     addq    $6, %rdi
//!     leaq    TABLE(%rip), %r10
//!     jmpq    *(%r10,%rax)         run it
//! ```
//!
//! Stable Rust has no guaranteed tail calls. LLVM turns a call in tail position into a jump under three conditions: caller and
//! callee have the same signature, all arguments fit into registers, and nothing of the caller's frame must outlive the call.
//! Therefore all handlers have one signature. [`Op::run`](super::Op::run) is inlined, and its [`Regs`] never escape. No value
//! with a destructor lives at the end. [`crate::dispatch::self_test`] checks at start-up that the result is a jump.
//!
//! # Arguments
//! The number of argument registers depends on the processor. An op sees the same [`Regs`] on all processors. A value without an
//! argument register ([`Length`], [`Table`]) has a type of size zero here. Each op that needs it reads it from memory.
//!
//! | processor | argument registers | arguments |
//! |---|---|---|
//! | x86-64 | six integers, and floats | `ip fp mem len cx acc`, `facc` |
//! | aarch64, riscv64 | eight integers, and floats | `ip fp mem len cx acc table`, `facc` |
//! | riscv32 | eight halves of integers | `ip fp mem cx`, and in two each `acc` and `facc` |

#![allow(
    improper_ctypes_definitions,
    clippy::too_many_arguments,
    reason = "handlers only call each other, and what is an argument depends on the processor"
)]

use super::slow::{self, Next};
use super::{Step, observe};
use crate::machine::{Context, Exit, Leave, Regs};
use crate::ops::TABLE;

/// The name of this back end.
pub const NAME: &str = "tail calls";

/// Op numbers in code are byte offsets into the table.
// The size of a pointer fits.
pub const OP_SCALE: u16 = size_of::<usize>() as u16;

macro_rules! handler_abi {
    ($abi:literal) => {
        /// The code that runs an op. Its arguments are the machine's registers. It returns when the machine stops.
        pub type Handler = unsafe extern $abi fn(*const u16, *mut u64, *mut u8, Length, *mut Context, u64, Table, f64) -> u32;

        /// Runs `S`, then jumps to the next op.
        unsafe extern $abi fn step<S: Step>(
            ip: *const u16,
            fp: *mut u64,
            mem: *mut u8,
            len: Length,
            cx: *mut Context,
            acc: u64,
            table: Table,
            facc: f64,
        ) -> u32 {
            observe::step(ip, fp, acc, facc);
            // SAFETY: the machine's invariants hold at every op; `ip` is that of this one.
            unsafe {
                let mut m = Regs { ip: ip.wrapping_add(1), fp, mem, mem_len: len.get(cx), cx, acc, facc };
                match S::run(&mut m) {
                    Ok(()) => next(m, table),
                    Err(leave) => {
                        let ip = if leave == Leave::Refuel || S::TELLS { m.ip } else { ip };
                        (*cx).leave = leave;
                        pause(ip, m.fp, m.mem, Length::of(&m), m.cx, m.acc, table, m.facc)
                    }
                }
            }
        }

        /// Handles an error that an op returned, and jumps to the next op unless the machine stops.
        #[cold]
        #[inline(never)]
        unsafe extern $abi fn pause(
            ip: *const u16,
            fp: *mut u64,
            mem: *mut u8,
            len: Length,
            cx: *mut Context,
            acc: u64,
            table: Table,
            facc: f64,
        ) -> u32 {
            // SAFETY: invariant 4.
            unsafe {
                match slow::leave(cx, ip, fp, acc, facc) {
                    Next::Stop => 0,
                    go => {
                        let (ip, fp) = (*cx).stopped;
                        let acc = (*cx).call_acc;
                        let mut m = Regs { ip, fp, mem, mem_len: len.get(cx), cx, acc, facc };
                        m.reload_memory();
                        let op = go.op(cx, ip);
                        jump(op, m, table)
                    }
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
handler_abi!("sysv64");
#[cfg(not(target_arch = "x86_64"))]
handler_abi!("C");

/// The handler of `S`.
#[must_use]
pub const fn handler<S: Step>() -> Handler {
    step::<S>
}

/// Jumps to the handler of the op at `m.ip`.
#[inline(always)]
unsafe fn next(m: Regs, table: Table) -> u32 {
    // SAFETY: invariant 1.
    unsafe { jump(m.ip.read(), m, table) }
}

/// Jumps to the handler of `op`, the number of the op at `m.ip` as it stands in code.
#[inline(always)]
unsafe fn jump(op: u16, m: Regs, table: Table) -> u32 {
    // SAFETY: invariant 1: the granule is that of an op, so an offset into the table.
    unsafe {
        let handler = table.first().byte_add(usize::from(op)).read();
        handler(
            m.ip,
            m.fp,
            m.mem,
            Length::of(&m),
            m.cx,
            m.acc,
            table,
            m.facc,
        )
    }
}

/// Runs from the registers given until the machine stops.
///
/// # Safety
/// The machine's invariants hold.
pub unsafe fn run(m: Regs) -> Exit {
    let cx = m.cx;
    // SAFETY: invariants 1 to 6, promised by the caller. A stop leaves its reason in the context.
    unsafe {
        next(m, Table::new());
        slow::reason(cx)
    }
}

/// The length of memory 0, on processors that have an argument register for it.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Length(#[cfg(target_pointer_width = "64")] u64);

impl Length {
    /// The length in these registers.
    #[inline(always)]
    fn of(#[allow(unused, reason = "not read where `Length` is nothing")] m: &Regs) -> Self {
        Self(
            #[cfg(target_pointer_width = "64")]
            m.mem_len,
        )
    }

    /// The length.
    #[cfg(target_pointer_width = "64")]
    #[inline(always)]
    unsafe fn get(self, _: *const Context) -> u64 {
        self.0
    }

    /// The length, from the context. The compiler removes the read from ops that do not use it.
    #[cfg(not(target_pointer_width = "64"))]
    #[inline(always)]
    unsafe fn get(self, cx: *const Context) -> u64 {
        // SAFETY: invariants 3 and 4.
        unsafe { (*cx).mem_len }
    }
}

/// The address of the table of handlers, on processors that have an argument register for it and need more than one
/// instruction to make it.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Table(#[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))] *const Handler);

impl Table {
    fn new() -> Self {
        Self(
            #[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))]
            TABLE.as_ptr(),
        )
    }

    /// The first handler.
    #[inline(always)]
    fn first(self) -> *const Handler {
        #[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))]
        return self.0;
        #[cfg(not(any(target_arch = "aarch64", target_arch = "riscv64")))]
        return TABLE.as_ptr();
    }
}
