//! Calls and returns (core specification, 4.4.8 and 4.4.10), and the stubs that code returns to.
//!
//! ```text
//!  ┌──────┬──────┬──────┬────────┐     base: where the arguments begin, which becomes the callee's frame
//!  │ call │ func │ base │ header │     header: max(params, results), where its header goes
//!  └──────┴──────┴──────┴────────┘
//! ```
//!
//! How a frame looks stands in [`crate::machine`], `frame.rs`. A call to a function of this instance is one
//! op; calls to the host and to other instances leave the ordinary path for `call_foreign`. Each costs a unit of fuel: that of the
//! host when it has returned, any other when the callee begins.
//!
//! * here: how a frame begins, and calls that leave the instance;
//! * `direct.rs`: calls; `by_ref.rs`: calls through references; `tail.rs`: calls in place of the caller's frame; `returns.rs`: ends of frames;
//! * `stubs.rs`: the ops of pieces of code that are not part of any function.

#[cfg(feature = "gc")]
pub mod by_ref;
mod direct;
mod returns;
mod stubs;
mod tail;

#[cfg(feature = "gc")]
pub use by_ref::{CallRef, CallSubtype, ReturnCallRef, ReturnCallSubtype};
pub use direct::{Call, CallImport, CallIndirect};
pub use returns::{Return, ReturnValue};
pub use stubs::{Halt, Lower, Restore, stub};
pub use tail::{ReturnCall, ReturnCallImport, ReturnCallIndirect};

pub(super) use direct::indirect;
pub(super) use returns::return_value;

use super::branch::spend;
use super::operand::Base;
use super::shape::{Acc, Imm16, Slot};
use crate::dispatch::{Cursor, OpDef, anywhere};
use crate::machine::{
    Context, Exit, ForeignCall, ForeignFrame, FuncEntry, FuncIndex, HEADER_SLOTS, Header, Leave,
    Regs, SlotIndex,
};

/// Notes the callee in the accumulator: the stub that lowers a function finds it there.
#[inline(always)]
pub(in crate::ops) fn callee(m: &mut Regs, entry: *mut FuncEntry) -> *mut FuncEntry {
    let entry = anywhere::place(entry).cast_mut();
    m.acc = entry.expose_provenance() as u64;
    entry
}

/// Begins the frame of `entry`, the [`callee`], at slot `base` of the running frame. `ip` is where it returns to.
///
/// # Safety
/// The machine's invariants hold, and base and header are those of a call of this function.
#[inline(always)]
unsafe fn enter(
    m: &mut Regs,
    entry: *mut FuncEntry,
    base: SlotIndex,
    header: SlotIndex,
) -> Result<(), Leave> {
    // SAFETY: invariants 2 and 4: the frame begins inside the caller's, and ends below the stack's limit.
    unsafe {
        let fp = m.slot(base);
        check_stack(m.cx, fp, (*entry).frame_slots)?;
        let at = fp.add(header.index());
        Header {
            return_ip: m.ip,
            distance: base.0.into(),
        }
        .write(at);
        begin_at(m, entry, fp, at)
    }
}

/// Goes to the code of `entry`, the [`callee`], in the frame `fp` whose header is at `at`.
#[inline(always)]
pub(in crate::ops) unsafe fn begin_at(
    m: &mut Regs,
    entry: *mut FuncEntry,
    fp: *mut u64,
    at: *mut u64,
) -> Result<(), Leave> {
    // SAFETY: the frame was checked against the stack's limit; locals follow the header.
    unsafe {
        zero_behind(at, (*entry).zero_slots);
        m.fp = fp;
        m.ip = (*entry).code;
        spend(m)
    }
}

/// Leaves to grow the stack unless `slots` slots at `fp` lie below its limit.
#[inline(always)]
pub(in crate::ops) unsafe fn check_stack(
    cx: *mut Context,
    fp: *mut u64,
    slots: u32,
) -> Result<(), Leave> {
    // SAFETY: invariant 4.
    unsafe {
        let top = fp.wrapping_add(slots as usize);
        if top > (*cx).stack_limit {
            (*cx).stack_need = (top as usize - (*cx).stack.base() as usize) / size_of::<u64>();
            return Err(Leave::GrowStack);
        }
        Ok(())
    }
}

/// Calls `entry`, the [`callee`], whosever it is. Its arguments begin at the last operand.
#[inline(always)]
fn call_any(
    m: &mut Regs,
    operands: Cursor<(Base, ())>,
    entry: *mut FuncEntry,
) -> Result<(), Leave> {
    // SAFETY: the callee is one of the store's functions, and has the type that the call expects (invariant 5).
    unsafe {
        if (*entry).instance == (*m.cx).instance {
            let base = operands.last(m);
            enter(m, entry, base, SlotIndex((*entry).header() as u16))
        } else {
            let base = operands.last(m);
            Err(foreign(m, entry, base))
        }
    }
}

/// How to leave for a function of the host or of another instance.
#[inline(always)]
pub(in crate::ops) unsafe fn foreign(
    m: &mut Regs,
    entry: *mut FuncEntry,
    base: SlotIndex,
) -> Leave {
    // SAFETY: invariant 4.
    unsafe {
        (*m.cx).foreign = ForeignCall {
            entry,
            return_ip: m.ip,
            base,
        };
    }
    Leave::Foreign
}

/// Does the call in [`Context::foreign`], of the op and in the frame that [`Context::stopped`] tells: calls a function of the
/// host, or begins one of another instance. Where to go on is left in [`Context::stopped`] and [`Context::call_acc`]. If the
/// host fails, the call is left in [`Context::foreign`].
///
/// # Errors
/// As [`Runtime::call_host`] and [`Context::grow_stack`]; [`Runtime::refuel`] if the host has returned.
///
/// # Safety
/// The machine's invariants hold.
pub(crate) unsafe fn call_foreign(cx: *mut Context) -> Result<(), Exit> {
    // SAFETY: invariants 2, 4 and 5, promised by the caller. The stack may move while the host runs, so frames are kept as
    // indices; the array of functions may move as well, so the entry is copied.
    unsafe {
        let ForeignCall {
            entry,
            return_ip,
            base,
        } = (*cx).foreign;
        let func = FuncIndex(entry.offset_from((*cx).all_funcs) as u32);
        let entry_now = *entry;
        if entry_now.instance == FuncEntry::HOST {
            let args = (*cx).stopped.1.add(base.index());
            let args = args.offset_from((*cx).stack.base()) as usize;
            if let Err(exit) = (*(*cx).runtime).call_host(func, args) {
                // The call may go on later: other calls may have taken its place meanwhile.
                (*cx).foreign = ForeignCall {
                    entry,
                    return_ip,
                    base,
                };
                return Err(exit);
            }
            let args = (*cx).stack.base().add(args);
            (*cx).stopped = (return_ip, args.sub(base.index()));
            (*cx).call_acc = args.read();
        } else {
            let slots = ForeignFrame::SLOTS + entry_now.frame_slots as usize;
            let below = (*cx).stopped.1.add(base.index());
            if below.wrapping_add(slots) > (*cx).stack_limit {
                let need = below.offset_from((*cx).stack.base()) as usize + slots;
                (*cx).grow_stack(need)?;
            }
            let below = (*cx).stopped.1.add(base.index());
            let fp = below.add(ForeignFrame::SLOTS);
            core::ptr::copy(below, fp, usize::from(entry_now.params));
            ForeignFrame {
                header: Header {
                    return_ip,
                    distance: base.0.into(),
                },
                instance: (*cx).instance,
                results: entry_now.results,
            }
            .write(below);
            (*(*cx).runtime).enter(entry_now.instance);
            let header = fp.add(entry_now.header());
            Header {
                return_ip: stub::restore(),
                distance: 0,
            }
            .write(header);
            zero_behind(header, entry_now.zero_slots);
            (*cx).stopped = (entry_now.code, fp);
            (*cx).call_acc = entry.expose_provenance() as u64;
        }
        (*cx).fuel -= 1;
        if (*cx).fuel < 0 {
            (*(*cx).runtime).refuel()?;
        }
        Ok(())
    }
}

/// Zeroes `count` slots of locals, behind the header at `at`.
#[inline(always)]
unsafe fn zero_behind(at: *mut u64, count: u32) {
    // SAFETY: invariant 2: the frame at `at` has these locals behind its header.
    unsafe {
        let mut last = at.add(HEADER_SLOTS - 1);
        let end = last.add(count as usize);
        while last != end {
            last = last.add(1);
            last.write(0);
            // Without it the compiler would make a call of the loop, of `memset`. There are few locals: to keep the machine's
            // registers during a call takes longer, and is done even if there are none.
            anywhere::stores_apart();
        }
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<Call>(),
    OpDef::of::<CallImport>(),
    OpDef::of::<CallIndirect<Slot>>(),
    OpDef::of::<CallIndirect<Acc>>(),
    OpDef::of::<ReturnCall>(),
    OpDef::of::<ReturnCallImport>(),
    OpDef::of::<ReturnCallIndirect>(),
    OpDef::of::<Return>(),
    OpDef::of::<ReturnValue<u64, Slot>>(),
    OpDef::of::<ReturnValue<u64, Acc>>(),
    OpDef::of::<ReturnValue<u64, Imm16>>(),
    OpDef::of::<ReturnValue<f64, Slot>>(),
    OpDef::of::<ReturnValue<f64, Acc>>(),
    OpDef::of::<Halt>(),
    OpDef::of::<Lower>(),
    OpDef::of::<Restore>(),
];
