//! Calls and returns (core specification, 4.4.8 and 4.4.10), and the stubs that code returns to.
//!
//! ```text
//!  ┌──────┬──────┬──────┬────────┐     base: where the arguments begin, which becomes the callee's frame
//!  │ call │ func │ base │ header │     header: max(params, results), where its header goes
//!  └──────┴──────┴──────┴────────┘
//! ```
//!
//! How a frame looks stands in [`crate::machine`], `frame.rs`. A call to a function of this instance is one
//! op; calls to the host and to other instances leave it for `call_foreign`. Each costs a unit of fuel: that of the
//! host when it has returned, any other when the callee begins.
//!
//! * here: how a frame begins, and calls that leave the instance;
//! * `direct.rs`: calls; `tail.rs`: calls in place of the caller's frame; `returns.rs`: ends of frames;
//! * `stubs.rs`: the ops of pieces of code that are not part of any function.

mod direct;
mod returns;
mod stubs;
mod tail;

pub use direct::{Call, CallImport, CallIndirect};
pub use returns::{Return, ReturnValue};
pub use stubs::{Halt, Lower, Restore, stub};
pub use tail::{ReturnCall, ReturnCallImport, ReturnCallIndirect};

pub(super) use direct::indirect;
pub(super) use returns::return_value;

use super::branch::spend;
use super::shape::{Acc, Imm16, Slot};
use crate::dispatch::OpDef;
use crate::machine::{Context, ForeignFrame, FuncEntry, Header, Leave, Regs};

/// Begins the frame of `entry` at slot `base` of the running frame. `ip` is where it returns to.
#[inline(always)]
unsafe fn enter(m: &mut Regs, entry: *mut FuncEntry, base: u16, header: u16) -> Result<(), Leave> {
    // SAFETY: invariants 2 and 4: the frame begins inside the caller's, and ends below the stack's limit.
    unsafe {
        let fp = m.slot(base);
        check_stack(m.cx, fp, (*entry).frame_slots)?;
        let at = fp.add(usize::from(header));
        Header {
            return_ip: m.ip,
            distance: base.into(),
        }
        .write(at);
        begin_at(m, entry, fp, at)
    }
}

/// Goes to the code of `entry` in the frame `fp` whose header is at `at`.
#[inline(always)]
pub(in crate::ops) unsafe fn begin_at(
    m: &mut Regs,
    entry: *mut FuncEntry,
    fp: *mut u64,
    at: *mut u64,
) -> Result<(), Leave> {
    // SAFETY: the frame was checked against the stack's limit; locals follow the header.
    unsafe {
        let locals = at.add(crate::machine::HEADER_SLOTS);
        for local in 0..(*entry).zero_slots as usize {
            locals.add(local).write(0);
        }
        m.fp = fp;
        m.ip = (*entry).code;
        // The stub that lowers a function finds it here.
        m.acc = entry.expose_provenance() as u64;
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

/// Calls `entry` whosever it is.
#[inline(always)]
unsafe fn call_any(
    m: &mut Regs,
    at: *const u16,
    entry: *mut FuncEntry,
    base: u16,
) -> Result<(), Leave> {
    // SAFETY: promised by the caller.
    unsafe {
        if (*entry).instance == (*m.cx).instance {
            return enter(m, entry, base, (*entry).header() as u16);
        }
        call_foreign(m.cx, at, m.ip, m.fp, entry, base)?;
        m.reload_memory();
        (m.ip, m.fp) = (*m.cx).resume;
        m.acc = (*m.cx).call_acc;
        spend(m)
    }
}

/// Calls a function of the host, or begins one of another instance. Where to go on is left in
/// [`Context::resume`] and [`Context::call_acc`].
#[cold]
#[inline(never)]
pub(in crate::ops) unsafe fn call_foreign(
    cx: *mut Context,
    at: *const u16,
    return_ip: *const u16,
    fp: *mut u64,
    entry: *mut FuncEntry,
    base: u16,
) -> Result<(), Leave> {
    // SAFETY: the machine's invariants hold. The stack may move while the host runs, so frames are kept as
    // indices; the array of functions may move as well, so the entry is copied.
    unsafe {
        let func = entry.offset_from((*cx).all_funcs) as u32;
        let entry_now = *entry;
        let frame = fp.offset_from((*cx).stack.base()) as usize;
        (*cx).stopped = (at, fp);
        if entry_now.instance == FuncEntry::HOST {
            (*(*cx).runtime).call_host(func, frame + usize::from(base))?;
            let fp = (*cx).stack.base().add(frame);
            (*cx).resume = (return_ip, fp);
            (*cx).call_acc = fp.add(usize::from(base)).read();
            return Ok(());
        }
        let below = fp.add(usize::from(base));
        check_stack(cx, below.add(ForeignFrame::SLOTS), entry_now.frame_slots)?;
        let params = usize::from(entry_now.params);
        core::ptr::copy(below, below.add(ForeignFrame::SLOTS), params);
        ForeignFrame {
            header: Header {
                return_ip,
                distance: base.into(),
            },
            instance: (*cx).instance,
            results: entry_now.results,
        }
        .write(below);
        (*(*cx).runtime).enter(entry_now.instance);
        let fp = below.add(ForeignFrame::SLOTS);
        let header = fp.add(entry_now.header());
        Header {
            return_ip: stub::restore(),
            distance: 0,
        }
        .write(header);
        for local in 0..entry_now.zero_slots as usize {
            header.add(crate::machine::HEADER_SLOTS + local).write(0);
        }
        (*cx).resume = (entry_now.code, fp);
        (*cx).call_acc = entry.expose_provenance() as u64;
        Ok(())
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
