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
//! Stable Rust has no guaranteed tail calls. LLVM turns a call in tail position into a jump when caller
//! and callee have the same signature, all arguments fit into registers, and nothing of the caller's frame
//! must outlive it. So: one signature for all; [`Op::run`] is inlined and its [`Regs`] never escape; nothing
//! with a destructor lives at the end. [`crate::dispatch::self_test`] checks at start-up that it holds.

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
        /// The code that runs an op: the machine's registers in, how it ended out.
        pub type Handler = unsafe extern $abi fn(*const u16, *mut u64, *mut u8, u64, *mut Context, u64, f64) -> u32;

        /// Runs `S`, then jumps to the next op.
        unsafe extern $abi fn step<S: Step>(
            ip: *const u16,
            fp: *mut u64,
            mem: *mut u8,
            l0: u64,
            cx: *mut Context,
            acc: u64,
            facc: f64,
        ) -> u32 {
            observe::step(ip, fp, acc, facc);
            let mut m = Regs { ip: ip.wrapping_add(1), fp, mem, l0, cx, acc, facc };
            // SAFETY: the machine's invariants hold at every op; `ip` is that of this one.
            unsafe {
                match S::run(&mut m) {
                    Ok(()) => next(m),
                    Err(leave) => {
                        let ip = if leave == Leave::Refuel || S::TELLS { m.ip } else { ip };
                        (*cx).leave = leave;
                        pause(ip, m.fp, m.mem, m.l0, m.cx, m.acc, m.facc)
                    }
                }
            }
        }

        /// The uncommon ways out of an op; goes on with the next if there is one.
        #[cold]
        #[inline(never)]
        unsafe extern $abi fn pause(
            ip: *const u16,
            fp: *mut u64,
            mem: *mut u8,
            l0: u64,
            cx: *mut Context,
            acc: u64,
            facc: f64,
        ) -> u32 {
            // SAFETY: invariant 4.
            match unsafe { slow::leave(cx, ip, fp) } {
                Next::Stop => 0,
                // SAFETY: the machine is as the op left it, but for a stack that may have moved.
                Next::Go { fp } => unsafe { next(Regs { ip, fp, mem, l0, cx, acc, facc }) },
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
unsafe fn next(m: Regs) -> u32 {
    // SAFETY: invariant 1: the granule is that of an op, so an offset into the table.
    unsafe {
        let handler = TABLE.as_ptr().byte_add(usize::from(m.ip.read())).read();
        handler(m.ip, m.fp, m.mem, m.l0, m.cx, m.acc, m.facc)
    }
}

/// Runs from the registers given until the machine stops.
///
/// # Safety
/// The machine's invariants hold.
pub unsafe fn run(m: Regs) -> Exit {
    let cx = m.cx;
    // SAFETY: promised by the caller. A stop leaves its reason in the context.
    unsafe {
        next(m);
        slow::reason(cx)
    }
}
