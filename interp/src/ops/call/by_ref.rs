//! Calls through references to functions of a known type (core specification, 4.4.10 "call_ref", "return_call_ref").

use super::tail::replace;
use super::{call_any, callee};
use crate::dispatch::{Op, Reader};
use crate::machine::{FuncEntry, Leave, NULL_REF, Regs, Trap};
use crate::ops::operand::{self, Base};
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
