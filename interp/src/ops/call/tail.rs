//! Tail calls: the callee's frame takes the place of the caller's.

use super::{begin_at, callee, check_stack, foreign, indirect};
use crate::dispatch::{Cursor, Op, Reader};
use crate::machine::{FuncEntry, Header, Leave, Regs};
use crate::ops::operand::{self, Base, Func32, Import, Table, Type};
use crate::ops::shape::{In, Slot};

/// Replaces the running frame by that of `entry`, the [`callee`]: its arguments, from the slot that is the next operand on, become
/// the parameters.
#[inline(always)]
pub(super) fn replace(
    m: &mut Regs,
    operands: Cursor<(Base, (operand::Header, ()))>,
    entry: *mut FuncEntry,
) -> Result<(), Leave> {
    let (args, header) = operands.all(m);
    // SAFETY: the machine's invariants hold. The header is read before anything overwrites it; the new
    // frame begins where the old one did, and ends below the stack's limit.
    unsafe {
        if (*entry).instance != (*m.cx).instance {
            // The frame of another instance cannot take the place of this one: call it from the end of
            // this frame, and return what it returns.
            return Err(foreign(m, entry, args));
        }
        check_stack(m.cx, m.fp, (*entry).frame_slots)?;
        let old = Header::read(m.slot(header));
        let params = usize::from((*entry).params);
        core::ptr::copy(m.slot(args), m.fp, params);
        let new = m.fp.add((*entry).header());
        old.write(new);
        begin_at(m, entry, m.fp, new)
    }
}

/// `return_call`. Behind it stands the return that a call of another instance needs.
#[derive(Debug)]
pub struct ReturnCall;

// SAFETY: it reads its operands, finds the callee by an index of the validated module (invariant 5), and puts its frame in the place
// of the running one, or leaves it to `call_foreign`.
unsafe impl Op for ReturnCall {
    const NAME: &'static str = "return_call";
    const EFFECT: &'static str =
        "call function number index with the arguments from base on, in place of this frame";
    type Operands = (Func32, Base, operand::Header);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (func, operands) = operands.read(m);
        // SAFETY: invariant 5 for the function.
        let entry = unsafe { (*m.cx).funcs.add(func) };
        let entry = callee(m, entry);
        replace(m, operands, entry)
    }
}

/// `return_call` of an imported function.
#[derive(Debug)]
pub struct ReturnCallImport;

// SAFETY: it reads its operands, finds the callee by an index of the validated module (invariant 5), and puts its frame in the place
// of the running one, or leaves it to `call_foreign`.
unsafe impl Op for ReturnCallImport {
    const NAME: &'static str = "return_call_import";
    const EFFECT: &'static str =
        "call import number index with the arguments from base on, in place of this frame";
    type Operands = (Import, Base, operand::Header);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (import, operands) = operands.read(m);
        // SAFETY: invariant 5 for the function.
        let entry = unsafe {
            let func = (*m.cx).func_imports.add(import).read();
            (*m.cx).all_funcs.add(func.index())
        };
        let entry = callee(m, entry);
        replace(m, operands, entry)
    }
}

/// `return_call_indirect`.
#[derive(Debug)]
pub struct ReturnCallIndirect;

// SAFETY: it reads its operands, finds the callee by an index of the validated module (invariant 5), and puts its frame in the place
// of the running one, or leaves it to `call_foreign`.
unsafe impl Op for ReturnCallIndirect {
    const NAME: &'static str = "return_call_indirect";
    const EFFECT: &'static str = "call `tables[table][a]`, of type `ty`, in place of this frame";
    type Operands = (In<Slot, u32>, Table, Type, Base, operand::Header);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (element, operands) = operands.read(m);
        let (entry, operands) = indirect(m, operands, element)?;
        replace(m, operands, entry)
    }
}
