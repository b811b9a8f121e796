//! Calls: of a function, of an import, through a table.

use core::marker::PhantomData;

use super::{call_any, callee, enter};
use crate::dispatch::{Cursor, Field, Op, Reader};
use crate::machine::{FuncEntry, Leave, NULL_REF, Regs, TableView, Trap};
use crate::ops::operand::{Base, Func32, Header, Import, Table, Type};
use crate::ops::shape::{In, Input};

/// `call` of a function that the instance defines.
#[derive(Debug)]
pub struct Call;

// SAFETY: it reads its operands, finds the callee by an index of the validated module (invariant 5), and begins its frame behind the
// running one, or leaves it to `call_foreign`.
unsafe impl Op for Call {
    const NAME: &'static str = "call";
    const EFFECT: &'static str = "call `funcs[index]` with the arguments from base on";
    type Operands = (Func32, Base, Header);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (func, operands) = operands.read(m);
        // SAFETY: invariant 5 for the function.
        let entry = unsafe { (*m.cx).funcs.add(func) };
        let entry = callee(m, entry);
        let (base, header) = operands.all(m);
        // SAFETY: they are the operands of a call of this function.
        unsafe { enter(m, entry, base, header) }
    }
}

/// `call` of an imported function.
#[derive(Debug)]
pub struct CallImport;

// SAFETY: it reads its operands, finds the callee by an index of the validated module (invariant 5), and begins its frame behind the
// running one, or leaves it to `call_foreign`.
unsafe impl Op for CallImport {
    const NAME: &'static str = "call_import";
    const EFFECT: &'static str = "call import number index with the arguments from base on";
    type Operands = (Import, Base);
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
        call_any(m, operands, entry)
    }
}

/// The [`callee`] that an indirect call finds at `element` of a table, if its type is the expected one.
#[inline(always)]
pub(in crate::ops) fn indirect<L>(
    m: &mut Regs,
    operands: Cursor<(Table, (Type, L))>,
    element: u32,
) -> Result<(*mut FuncEntry, Cursor<L>), Trap> {
    let (table, operands) = operands.read(m);
    let (ty, operands) = operands.read(m);
    let entry = element_of(m, table, element)?;
    // SAFETY: invariant 5; the index is the op's.
    match unsafe { (*entry).ty == (*m.cx).types.add(ty).read() } {
        true => Ok((entry, operands)),
        false => Err(Trap::BadSignature),
    }
}

/// The [`callee`] at `element` of a table, of any type.
#[inline(always)]
pub(super) fn element_of(m: &mut Regs, table: u16, element: u32) -> Result<*mut FuncEntry, Trap> {
    // SAFETY: invariants 5 and 6; the index is the op's.
    unsafe {
        let TableView { elements, len } = **(*m.cx).tables.add(table.into());
        if u64::from(element) >= len {
            return Err(Trap::TableOutOfBounds);
        }
        let reference = elements.add(element as usize).read();
        if reference == NULL_REF {
            return Err(Trap::IndirectCallToNull);
        }
        // A reference is an index plus one.
        let entry = (*m.cx).all_funcs.add(reference as usize - 1);
        Ok(callee(m, entry))
    }
}

/// `call_indirect`.
#[derive(Debug)]
pub struct CallIndirect<A>(PhantomData<A>);

// SAFETY: it reads its operands, finds the callee by an index of the validated module (invariant 5), and begins its frame behind the
// running one, or leaves it to `call_foreign`.
unsafe impl<A: Input<u32>> Op for CallIndirect<A> {
    const NAME: &'static str = "call_indirect";
    const EFFECT: &'static str =
        "call `tables[table][a]`, of type `ty`, with the arguments from base on";
    type Operands = (In<A, u32>, Table, Type, Base);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (element, operands) = operands.read(m);
        let (entry, operands) = indirect(m, operands, element)?;
        let called = call_any(m, operands, entry);
        if matches!(A::FIELD, Field::Acc) && called == Err(Leave::GrowStack) {
            // The op will run again, and look for its input where the callee is noted.
            m.acc = element.into();
        }
        called
    }
}
