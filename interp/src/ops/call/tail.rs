//! Tail calls: the callee's frame takes the place of the caller's.

use super::{begin_at, callee, check_stack, foreign, indirect};
use crate::dispatch::{Field, Op};
use crate::machine::{FuncEntry, Header, Leave, Regs};
use crate::ops::shape::{Input, Slot};

/// Replaces the running frame by that of `entry`, the [`callee`]: its arguments, from slot `args` on, become the parameters.
#[inline(always)]
unsafe fn replace(
    m: &mut Regs,
    entry: *mut FuncEntry,
    args: u16,
    header: u16,
) -> Result<(), Leave> {
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

impl Op for ReturnCall {
    const NAME: &'static str = "return_call";
    const EFFECT: &'static str =
        "call function number index with the arguments from base on, in place of this frame";
    const FIELDS: &'static [Field] = &[Field::Index32, Field::Base, Field::Index16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; invariant 5 for the function.
        unsafe {
            let entry = (*m.cx).funcs.add(m.fetch32() as usize);
            let entry = callee(m, entry);
            let args = m.fetch();
            let header = m.fetch();
            replace(m, entry, args, header)
        }
    }
}

/// `return_call` of an imported function.
#[derive(Debug)]
pub struct ReturnCallImport;

impl Op for ReturnCallImport {
    const NAME: &'static str = "return_call_import";
    const EFFECT: &'static str =
        "call import number index with the arguments from base on, in place of this frame";
    const FIELDS: &'static [Field] = &[Field::Index32, Field::Base, Field::Index16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; invariant 5 for the function.
        unsafe {
            let import = (*m.cx).func_imports.add(m.fetch32() as usize).read();
            let entry = (*m.cx).all_funcs.add(import as usize);
            let entry = callee(m, entry);
            let args = m.fetch();
            let header = m.fetch();
            replace(m, entry, args, header)
        }
    }
}

/// `return_call_indirect`.
#[derive(Debug)]
pub struct ReturnCallIndirect;

impl Op for ReturnCallIndirect {
    const NAME: &'static str = "return_call_indirect";
    const EFFECT: &'static str = "call `tables[table][a]`, of type `ty`, in place of this frame";
    const FIELDS: &'static [Field] = &[
        Field::Slot,
        Field::Index16,
        Field::Index32,
        Field::Base,
        Field::Index16,
    ];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let element = <Slot as Input<u32>>::read(m);
            let entry = indirect(m, element)?;
            let args = m.fetch();
            let header = m.fetch();
            replace(m, entry, args, header)
        }
    }
}
