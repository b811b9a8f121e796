//! What code returns to that is not part of any function, and the code of functions that are not lowered yet.

use super::{check_stack, zero_behind};
use crate::dispatch::{Op, Reader};
use crate::machine::{Context, Exit, ForeignFrame, FuncEntry, FuncIndex, Leave, Regs};

/// What the host's call returns to: the machine is done.
#[derive(Debug)]
pub struct Halt;

// SAFETY: it never returns `Ok`.
unsafe impl Op for Halt {
    const NAME: &'static str = "halt";
    const EFFECT: &'static str = "return to the host";
    type Operands = ();
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(_: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        Err(Leave::Stop(Exit::Done))
    }
}

/// The code of a function that was never called: lowers it, then runs it.
#[derive(Debug)]
pub struct Lower;

// SAFETY: only calls lead here, and they leave the callee's entry in `acc`, its frame in `fp`. `ip` is then at the callee's code.
unsafe impl Op for Lower {
    const NAME: &'static str = "lower";
    const EFFECT: &'static str = "lower the function that `acc` points to, then run it";
    type Operands = ();
    const ENDS_BLOCK: bool = true;
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        // SAFETY: as above.
        unsafe {
            let ip = lower_entry(m.cx, m.ip.sub(1), m.fp, m.acc)?;
            m.ip = ip.cast_const();
        }
        Ok(())
    }
}

/// Lowers the function of the entry at address `acc`, and makes its frame, at `fp`, complete. Its code.
#[cold]
#[inline(never)]
unsafe fn lower_entry(
    cx: *mut Context,
    at: *const u16,
    fp: *mut u64,
    acc: u64,
) -> Result<*mut u16, Leave> {
    // SAFETY: invariants 2 and 4, promised by the caller. Lowering moves neither the stack nor the functions.
    unsafe {
        let entry: *mut FuncEntry = core::ptr::with_exposed_provenance_mut(acc as usize);
        (*cx).stopped = (at, fp);
        // A stop at the stub names the callee, whose frame has begun.
        (*cx).call_acc = acc;
        let func = FuncIndex(entry.offset_from((*cx).all_funcs) as u32);
        (*(*cx).runtime).lower(func)?;
        check_stack(cx, fp, (*entry).frame_slots)?;
        zero_behind(fp.add((*entry).header()), (*entry).zero_slots);
        Ok((*entry).code.cast_mut())
    }
}

/// What a function that was called from another instance returns to.
#[derive(Debug)]
pub struct Restore;

// SAFETY: only headers that `call_foreign` wrote lead here, so its frame lies below the results. The memory is reloaded
// (invariant 3).
unsafe impl Op for Restore {
    const NAME: &'static str = "restore";
    const EFFECT: &'static str =
        "make the caller's instance current, move the results down, return to the caller";
    type Operands = ();
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        // SAFETY: as above.
        unsafe {
            let below = m.fp.sub(ForeignFrame::SLOTS);
            let frame = ForeignFrame::read(below);
            (*(*m.cx).runtime).enter(frame.instance);
            core::ptr::copy(m.fp, below, usize::from(frame.results));
            m.reload_memory();
            m.acc = below.read();
            m.fp = below.sub(frame.header.slots());
            m.ip = frame.header.return_ip;
        }
        Ok(())
    }
}

/// Pieces of code that are not part of any function.
pub mod stub {
    use super::{Halt, Lower, Restore};
    use crate::dispatch::granule;
    use crate::ops::number;

    /// The ops of these pieces.
    #[cfg(chosen_handlers)]
    pub(in crate::ops) const OPS: [crate::dispatch::OpNumber; 3] =
        [number::<Halt>(), number::<Lower>(), number::<Restore>()];

    static HALT: [u16; 1] = [granule(number::<Halt>())];
    static LOWER: [u16; 1] = [granule(number::<Lower>())];
    static RESTORE: [u16; 1] = [granule(number::<Restore>())];

    /// What a call by the host returns to.
    #[must_use]
    pub fn halt() -> *const u16 {
        HALT.as_ptr()
    }

    /// The code of a function that is not lowered yet. Its entry's frame ends with the header.
    #[must_use]
    pub fn lower() -> *const u16 {
        LOWER.as_ptr()
    }

    /// What a function returns to that another instance called.
    #[must_use]
    pub fn restore() -> *const u16 {
        RESTORE.as_ptr()
    }
}
