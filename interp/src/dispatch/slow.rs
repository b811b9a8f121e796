//! The handling of an op that leaves the ordinary path. All back ends use it.

use crate::machine::{Context, Exit, Leave};
use crate::ops::call_foreign;

/// The next step of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The machine stops. The reason is in the context.
    Stop,
    /// The machine continues with the registers in the context: `stopped`, `call_acc`, `mem` and `mem_len`. A result with
    /// so many parts would be returned in memory, and cost the caller its tail call.
    Go,
}

/// Handles `cx.leave`, which the op at `ip` (or before it, for a refuel) has set.
///
/// # Safety
/// Invariant 4; `fp` is the running frame.
pub(super) unsafe fn leave(
    cx: *mut Context,
    ip: *const u16,
    fp: *mut u64,
    acc: u64,
    facc: f64,
) -> Next {
    // SAFETY: invariants 2 and 4, promised by the caller; the stack's own addresses are renewed when it grows.
    unsafe {
        (*cx).stopped = (ip, fp);
        (*cx).call_acc = acc;
        (*cx).call_facc = facc;
        let outcome = match (*cx).leave {
            Leave::Stop(exit) => Err(exit),
            Leave::Refuel => (*(*cx).runtime).refuel(),
            Leave::GrowStack => {
                let need = (*cx).stack_need;
                (*cx).grow_stack(need).map_err(Exit::Trap)
            }
            Leave::Foreign => call_foreign(cx),
        };
        #[cfg(feature = "exceptions")]
        let outcome = match outcome {
            Err(Exit::Exception) => (*(*cx).runtime).unwind(),
            other => other,
        };
        match outcome {
            Ok(()) => Next::Go,
            Err(exit) => {
                (*cx).leave = Leave::Stop(exit);
                Next::Stop
            }
        }
    }
}

/// The reason why the machine stopped.
///
/// # Safety
/// Invariant 4; [`leave`] has returned [`Next::Stop`].
pub(super) unsafe fn reason(cx: *mut Context) -> Exit {
    // SAFETY: invariant 4, promised by the caller.
    match unsafe { (*cx).leave } {
        Leave::Stop(exit) => exit,
        Leave::Refuel | Leave::GrowStack | Leave::Foreign => {
            unreachable!("`leave` has turned a pause into a stop")
        }
    }
}
