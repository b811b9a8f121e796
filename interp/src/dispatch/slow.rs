//! The handling of an op that leaves the ordinary path. All back ends use it.

#[cfg(feature = "probes")]
use super::granule;
use crate::machine::{Context, Exit, Leave};
use crate::ops::call_foreign;
#[cfg(feature = "probes")]
use crate::ops::{number, probe::Probe};

/// The next step of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The machine stops. The reason is in the context.
    Stop,
    /// The machine continues with the registers in the context: `stopped`, `call_acc`, `mem` and `mem_len`. A result with
    /// so many parts would be returned in memory, and cost the caller its tail call.
    Go,
    /// The machine continues in the same way, but with the op that a probe hides: [`Context::hidden`].
    #[cfg(feature = "probes")]
    Hidden,
}

impl Next {
    /// The number of the op with which the machine continues at `ip`, as it stands in code.
    ///
    /// # Safety
    /// Invariants 1 and 4; the machine does not stop.
    #[inline(always)]
    pub(super) unsafe fn op(
        self,
        #[allow(unused, reason = "not read without probes")] cx: *const Context,
        ip: *const u16,
    ) -> u16 {
        // SAFETY: promised by the caller.
        unsafe {
            match self {
                #[cfg(feature = "probes")]
                Self::Hidden => (*cx).hidden,
                _ => ip.read(),
            }
        }
    }
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
                let grown = (*cx).grow_stack(need).map_err(Exit::Trap);
                #[cfg(feature = "probes")]
                if grown.is_ok() && ip.read() == granule(number::<Probe>()) {
                    return hidden(cx, (*(*cx).runtime).hidden());
                }
                grown
            }
            #[cfg(feature = "probes")]
            Leave::Probe => return hidden(cx, (*(*cx).runtime).probe()),
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

/// Continues with the op that a probe hides, if the runtime has named it.
///
/// # Safety
/// Invariant 4. A named op is the one that the probe at [`Context::stopped`] has replaced.
#[cfg(feature = "probes")]
unsafe fn hidden(cx: *mut Context, named: Result<u16, Exit>) -> Next {
    // SAFETY: invariant 4, promised by the caller.
    unsafe {
        match named {
            Ok(op) => {
                (*cx).hidden = op;
                Next::Hidden
            }
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
        _ => unreachable!("`leave` has turned a pause into a stop"),
    }
}
