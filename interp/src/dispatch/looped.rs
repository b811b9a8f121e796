//! The loop back end: every handler returns, and a loop calls the next.
//!
//! The machine's registers lie in memory between ops. It needs nothing of the compiler or the processor.

use super::slow::{self, Next};
use super::{Op, observe};
use crate::machine::{Exit, Leave, Regs};
use crate::ops::TABLE;

/// The name of this back end.
pub const NAME: &str = "loop";

/// Op numbers in code are indices of the table.
pub const OP_SCALE: u16 = 1;

/// The code that runs an op. Returns whether to go on with the next.
pub type Handler = unsafe fn(&mut Regs) -> bool;

/// The handler of `O`.
#[must_use]
pub const fn handler<O: Op>() -> Handler {
    step::<O>
}

/// Runs `O`.
unsafe fn step<O: Op>(m: &mut Regs) -> bool {
    let ip = m.ip;
    observe::step(ip, m.fp, m.acc, m.facc);
    m.ip = ip.wrapping_add(1);
    // SAFETY: the machine's invariants hold at every op.
    match unsafe { O::run(m) } {
        Ok(()) => true,
        Err(leave) => {
            if leave != Leave::Refuel {
                m.ip = ip;
            }
            // SAFETY: invariant 4.
            unsafe {
                (*m.cx).leave = leave;
                pause(m)
            }
        }
    }
}

/// The uncommon ways out of an op. Returns whether to go on with the next.
#[cold]
#[inline(never)]
unsafe fn pause(m: &mut Regs) -> bool {
    // SAFETY: invariant 4.
    match unsafe { slow::leave(m.cx, m.ip, m.fp) } {
        Next::Stop => false,
        Next::Go { fp } => {
            m.fp = fp;
            true
        }
    }
}

/// Runs from the registers given until the machine stops.
///
/// # Safety
/// The machine's invariants hold.
pub unsafe fn run(mut m: Regs) -> Exit {
    // SAFETY: invariant 1: the granule is the number of an op. A stop leaves its reason in the context.
    unsafe {
        while TABLE.get_unchecked(usize::from(m.ip.read()))(&mut m) {}
        slow::reason(m.cx)
    }
}
