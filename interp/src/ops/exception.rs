//! Exceptions (core specification, 4.4.8 "throw" and "throw_ref").
//!
//! ```text
//!  ┌───────┬─────┬─────┬──────┐   ┌───────────┬───┐     base: the first value of the exception
//!  │ throw │   tag     │ base │   │ throw_ref │ a │
//!  └───────┴─────┴─────┴──────┘   └───────────┴───┘
//! ```
//!
//! Both leave the ordinary path, as a trap does. The runtime then searches the frames for a handler. To enter a `try_table` and to leave
//! it takes no op: a function's handlers are a table beside its code (`lower/handlers/mod.rs`).

use super::operand::{Base, Tag};
use super::shape::{In, Slot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Context, Exit, Leave, Regs};

/// `throw`.
#[derive(Debug)]
pub struct Throw;

// SAFETY: it never returns `Ok`. The values that it passes on are slots of the running frame (invariant 2).
unsafe impl Op for Throw {
    const NAME: &'static str = "throw";
    const EFFECT: &'static str = "throw an exception with the tag and the values from base on";
    type Operands = (Tag, Base);
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (tag, base) = operands.all(m);
        // SAFETY: invariants 2 and 4: the slots belong to the running frame.
        unsafe { Err(throw(m.cx, tag, m.slot(base)).into()) }
    }
}

/// `throw_ref`.
#[derive(Debug)]
pub struct ThrowRef;

// SAFETY: it never returns `Ok`.
unsafe impl Op for ThrowRef {
    const NAME: &'static str = "throw_ref";
    const EFFECT: &'static str = "throw the exception that `a` refers to";
    type Operands = (In<Slot, u64>,);
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (exception,) = operands.all(m);
        // SAFETY: invariant 4.
        unsafe { Err(throw_ref(m.cx, exception).into()) }
    }
}

/// Lets the runtime store an exception with the values from `values` on.
#[cold]
#[inline(never)]
unsafe fn throw(cx: *mut Context, tag: u32, values: *mut u64) -> Exit {
    // SAFETY: invariants 2 and 4, promised by the caller.
    unsafe {
        let at = values.offset_from((*cx).stack.base()) as usize;
        (*(*cx).runtime).throw(tag, at)
    }
}

/// Lets the runtime find the exception of a reference.
#[cold]
#[inline(never)]
unsafe fn throw_ref(cx: *mut Context, exception: u64) -> Exit {
    // SAFETY: invariant 4, promised by the caller.
    unsafe { (*(*cx).runtime).throw_ref(exception) }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[OpDef::of::<Throw>(), OpDef::of::<ThrowRef>()];
