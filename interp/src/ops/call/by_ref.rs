//! Calls through references to functions of a known type (core specification, 4.4.10 "call_ref", "return_call_ref"), and through tables where
//! the type may have subtypes. Of a final type there is none, so the usual indirect call compares numbers alone.

use super::direct::element_of;
use super::tail::replace;
use super::{call_any, callee};
use crate::dispatch::{Cursor, Op, OpDef, Reader};
use crate::machine::{Context, FuncEntry, Leave, NULL_REF, Regs, Trap};
use crate::ops::operand::{self, Base, Table, Type};
use crate::ops::shape::{In, Slot};

/// The [`callee`] that a reference names. Validation has checked its type (invariant 6).
#[inline(always)]
fn referred(m: &mut Regs, reference: u64) -> Result<*mut FuncEntry, Trap> {
    if reference == NULL_REF {
        return Err(Trap::NullReference);
    }
    // SAFETY: invariant 6: a reference to a function is its index plus one.
    let entry = unsafe { (*m.cx).all_funcs.add(reference as usize - 1) };
    Ok(callee(m, entry))
}

/// `call_ref`.
#[derive(Debug)]
pub struct CallRef;

// SAFETY: it reads its operands, finds the callee by a reference to a function of the right type (invariant 6), and begins its frame
// behind the running one, or leaves it to `call_foreign`.
unsafe impl Op for CallRef {
    const NAME: &'static str = "call_ref";
    const EFFECT: &'static str =
        "call the function that `a` refers to, with the arguments from base on";
    type Operands = (In<Slot, u64>, Base);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, operands) = operands.read(m);
        let entry = referred(m, reference)?;
        call_any(m, operands, entry)
    }
}

/// `return_call_ref`.
#[derive(Debug)]
pub struct ReturnCallRef;

// SAFETY: it reads its operands, finds the callee by a reference to a function of the right type (invariant 6), and puts its frame in the
// place of the running one, or leaves it to `call_foreign`.
unsafe impl Op for ReturnCallRef {
    const NAME: &'static str = "return_call_ref";
    const EFFECT: &'static str = "call the function that `a` refers to, in place of this frame";
    type Operands = (In<Slot, u64>, Base, operand::Header);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, operands) = operands.read(m);
        let entry = referred(m, reference)?;
        replace(m, operands, entry)
    }
}

/// The [`callee`] that an indirect call finds at `element` of a table, if it has the expected type or a subtype of it.
#[inline(always)]
fn indirect<L>(
    m: &mut Regs,
    operands: Cursor<(Table, (Type, L))>,
    element: u32,
) -> Result<(*mut FuncEntry, Cursor<L>), Trap> {
    let (table, operands) = operands.read(m);
    let (ty, operands) = operands.read(m);
    let entry = element_of(m, table, element)?;
    // SAFETY: invariants 4 and 5; the index is the op's.
    match unsafe { is_subtype(m.cx, entry, ty) } {
        true => Ok((entry, operands)),
        false => Err(Trap::BadSignature),
    }
}

/// Returns whether a function has type `ty` of the module or a type that is declared as its subtype.
#[inline(never)]
unsafe fn is_subtype(cx: *mut Context, entry: *mut FuncEntry, ty: usize) -> bool {
    // SAFETY: invariants 4 and 5, promised by the caller.
    unsafe {
        let wanted = (*cx).types.add(ty).read();
        (*entry).ty == wanted || (*(*cx).runtime).is_subtype((*entry).ty, wanted)
    }
}

/// `call_indirect` with a type that may have subtypes.
#[derive(Debug)]
pub struct CallSubtype;

// SAFETY: it reads its operands, finds the callee by an index of the validated module (invariant 5), and begins its frame behind the
// running one, or leaves it to `call_foreign`.
unsafe impl Op for CallSubtype {
    const NAME: &'static str = "call_indirect";
    const FORM: &'static str = "sub";
    const EFFECT: &'static str =
        "call `tables[table][a]`, of type `ty` or a subtype, with the arguments from base on";
    type Operands = (In<Slot, u32>, Table, Type, Base);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (element, operands) = operands.read(m);
        let (entry, operands) = indirect(m, operands, element)?;
        call_any(m, operands, entry)
    }
}

/// `return_call_indirect` with a type that may have subtypes.
#[derive(Debug)]
pub struct ReturnCallSubtype;

// SAFETY: it reads its operands, finds the callee by an index of the validated module (invariant 5), and puts its frame in the place
// of the running one, or leaves it to `call_foreign`.
unsafe impl Op for ReturnCallSubtype {
    const NAME: &'static str = "return_call_indirect";
    const FORM: &'static str = "sub";
    const EFFECT: &'static str =
        "call `tables[table][a]`, of type `ty` or a subtype, in place of this frame";
    type Operands = (In<Slot, u32>, Table, Type, Base, operand::Header);
    const RUNS_AGAIN: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (element, operands) = operands.read(m);
        let (entry, operands) = indirect(m, operands, element)?;
        replace(m, operands, entry)
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<CallRef>(),
    OpDef::of::<ReturnCallRef>(),
    OpDef::of::<CallSubtype>(),
    OpDef::of::<ReturnCallSubtype>(),
];
