//! Calls: of a function, of an import, through a table.

use core::marker::PhantomData;

use super::{call_any, callee, enter};
use crate::dispatch::{Field, Op};
use crate::machine::{FuncEntry, Leave, NULL_REF, Regs, TableView, Trap};
use crate::ops::shape::Input;

/// `call` of a function that the instance defines.
#[derive(Debug)]
pub struct Call;

impl Op for Call {
    const NAME: &'static str = "call";
    const EFFECT: &'static str = "call `funcs[index]` with the arguments from base on";
    const FIELDS: &'static [Field] = &[Field::Index32, Field::Base, Field::Index16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; invariant 5 for the function.
        unsafe {
            let entry = (*m.cx).funcs.add(m.fetch32() as usize);
            let entry = callee(m, entry);
            let base = m.fetch();
            let header = m.fetch();
            enter(m, entry, base, header)
        }
    }
}

/// `call` of an imported function.
#[derive(Debug)]
pub struct CallImport;

impl Op for CallImport {
    const NAME: &'static str = "call_import";
    const EFFECT: &'static str = "call import number index with the arguments from base on";
    const FIELDS: &'static [Field] = &[Field::Index32, Field::Base];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; invariant 5 for the function.
        unsafe {
            let import = (*m.cx).func_imports.add(m.fetch32() as usize).read();
            let entry = (*m.cx).all_funcs.add(import as usize);
            let entry = callee(m, entry);
            call_any(m, entry)
        }
    }
}

/// The [`callee`] that an indirect call finds at `element` of a table, if its type is the expected one.
#[inline(always)]
pub(in crate::ops) unsafe fn indirect(m: &mut Regs, element: u32) -> Result<*mut FuncEntry, Trap> {
    // SAFETY: invariants 1, 5 and 6.
    unsafe {
        let table = usize::from(m.fetch());
        let ty = m.fetch32() as usize;
        let TableView { elements, len } = **(*m.cx).tables.add(table);
        if u64::from(element) >= len {
            return Err(Trap::TableOutOfBounds);
        }
        let reference = elements.add(element as usize).read();
        if reference == NULL_REF {
            return Err(Trap::IndirectCallToNull);
        }
        // A reference is an index plus one.
        let entry = (*m.cx).all_funcs.add(reference as usize - 1);
        let entry = callee(m, entry);
        if (*entry).ty != (*m.cx).types.add(ty).read() {
            return Err(Trap::BadSignature);
        }
        Ok(entry)
    }
}

/// `call_indirect`.
#[derive(Debug)]
pub struct CallIndirect<A>(PhantomData<A>);

impl<A: Input<u32>> Op for CallIndirect<A> {
    const NAME: &'static str = "call_indirect";
    const EFFECT: &'static str =
        "call `tables[table][a]`, of type `ty`, with the arguments from base on";
    const FIELDS: &'static [Field] = &[A::FIELD, Field::Index16, Field::Index32, Field::Base];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let element = A::read(m);
            let entry = indirect(m, element)?;
            let called = call_any(m, entry);
            if matches!(A::FIELD, Field::Acc) && called == Err(Leave::GrowStack) {
                // The op will run again, and look for its input where the callee is noted.
                m.acc = element.into();
            }
            called
        }
    }
}
