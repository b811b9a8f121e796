//! The loop back end: every handler returns, and a loop calls the next.
//!
//! A handler receives and returns `ip` and `acc` in the processor's registers, since every op needs them. The rest of the
//! machine's registers lie in memory, and most ops only read them. This back end needs no help of the compiler or the processor.

use core::ptr;

use super::slow::{self, Next};
use super::{Step, observe};
use crate::machine::{Exit, Leave, Regs};
use crate::ops::TABLE;

/// The name of this back end.
pub const NAME: &str = "loop";

/// Op numbers in code are indices of the table.
pub const OP_SCALE: u16 = 1;

/// The state of the machine between two ops, as far as it is passed in registers.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The op that runs next; null if the machine stops.
    ip: *const u16,
    /// The integer accumulator.
    acc: u64,
}

/// The code that runs an op. In `others`, `ip` and `acc` are out of date. The order of the arguments matters: x86-64 passes
/// the accumulator in the register that returns it, and 32-bit ARM passes nothing on the stack.
pub type Handler = unsafe fn(ip: *const u16, others: &mut Regs, acc: u64) -> Place;

/// The handler of `S`.
#[must_use]
pub const fn handler<S: Step>() -> Handler {
    step::<S>
}

/// Runs `S`.
unsafe fn step<S: Step>(ip: *const u16, others: &mut Regs, acc: u64) -> Place {
    observe::step(ip, others.fp, acc, others.facc);
    // SAFETY: invariant 4.
    let now = unsafe { ((*others.cx).mem, (*others.cx).mem_len) };
    debug_assert_eq!((others.mem, others.mem_len), now, "invariant 3");
    let mut m = Regs {
        ip: ip.wrapping_add(1),
        acc,
        ..*others
    };
    // SAFETY: the machine's invariants hold at every op.
    let result = unsafe { S::run(&mut m) };
    // Only registers that the op changes are written: the compiler removes the other stores.
    others.fp = m.fp;
    others.mem = m.mem;
    others.mem_len = m.mem_len;
    others.facc = m.facc;
    match result {
        Ok(()) => Place {
            ip: m.ip,
            acc: m.acc,
        },
        Err(leave) => {
            let ip = if leave == Leave::Refuel || S::TELLS {
                m.ip
            } else {
                ip
            };
            // SAFETY: invariant 4.
            unsafe {
                (*others.cx).leave = leave;
                pause(ip, m.acc, others)
            }
        }
    }
}

/// Handles an error that an op returned. The result is the place of the next op, if the machine does not stop.
#[cold]
#[inline(never)]
unsafe fn pause(ip: *const u16, acc: u64, others: &mut Regs) -> Place {
    // SAFETY: invariant 4.
    unsafe {
        match slow::leave(others.cx, ip, others.fp, acc, others.facc) {
            Next::Stop => Place {
                ip: ptr::null(),
                acc,
            },
            go => {
                let (ip, fp) = (*others.cx).stopped;
                others.fp = fp;
                others.reload_memory();
                let acc = (*others.cx).call_acc;
                // A hidden op runs here and not in the loop, which reads the code.
                match go.op(others.cx, ip) {
                    op if op == ip.read() => Place { ip, acc },
                    op => TABLE.get_unchecked(usize::from(op))(ip, others, acc),
                }
            }
        }
    }
}

/// Runs from the registers given until the machine stops.
///
/// # Safety
/// The machine's invariants hold.
pub unsafe fn run(mut m: Regs) -> Exit {
    let mut place = Place {
        ip: m.ip,
        acc: m.acc,
    };
    // SAFETY: invariant 1: the granule is the number of an op. A stop leaves its reason in the context.
    unsafe {
        while !place.ip.is_null() {
            let handler = TABLE.get_unchecked(usize::from(place.ip.read()));
            place = handler(place.ip, &mut m, place.acc);
        }
        slow::reason(m.cx)
    }
}
