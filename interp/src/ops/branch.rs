//! Branches (core specification, 4.4.8 "Control Instructions").
//!
//! ```text
//!  ┌────┬────────┐   ┌───────┬───┬────────┐   ┌──────────┬───┬───┬──────────┬──────────┬───┐
//!  │ br │ target │   │ br_if │ a │ target │   │ br_table │ a │ n │ target 0 │ target 1 │ … │
//!  └────┴────────┘   └───────┴───┴────────┘   └──────────┴───┴───┴──────────┴──────────┴───┘
//! ```
//!
//! Targets count granules from the start of the branch. A taken backward branch costs a unit of fuel.

use core::marker::PhantomData;

use super::number;
use super::operand::{Label, Labels, Targets};
use super::shape::{Acc, In, Input, Slot};
use crate::dispatch::{Cursor, Op, OpDef, OpNumber, Reader, anywhere};
use crate::machine::{Leave, Regs, Trap};

/// Where the running op starts: branch targets count from there. To be asked before an operand is read.
#[inline(always)]
pub(super) fn op_start<L>(m: &Regs, _: &Cursor<L>) -> *const u16 {
    // SAFETY: invariant 1: the op's number stands in front of its operands. In a superinstruction another granule does.
    unsafe { m.ip.sub(1) }
}

/// Reads a short target, the last operand, and goes there if `taken`; `at` is the start of the op.
#[inline(always)]
pub(super) fn branch_if(
    m: &mut Regs,
    operands: Cursor<(Label<false>, ())>,
    at: *const u16,
    taken: bool,
) -> Result<(), Leave> {
    let target = operands.last(m);
    if taken {
        // Without this call the compiler makes a conditional move of the branch. The address of the next op then waits for the
        // condition, which a predicted branch does not (measured: 9–24 % of branch-heavy programs).
        anywhere::apart();
        // SAFETY: it is the target of the op at `at`.
        unsafe { jump(m, at, target) }
    } else {
        Ok(())
    }
}

/// Goes to `target`, in granules from `at`.
///
/// # Safety
/// It is a target of the op at `at`, and invariant 4 holds.
#[inline(always)]
unsafe fn jump(m: &mut Regs, at: *const u16, target: isize) -> Result<(), Leave> {
    // SAFETY: invariant 1: a target is the start of an op.
    unsafe {
        m.ip = at.offset(target);
        // A branch to itself is an endless loop of one op.
        if target <= 0 { spend(m) } else { Ok(()) }
    }
}

/// Goes to a target that lies ahead.
///
/// # Safety
/// It is a target of the op at `at`.
#[inline(always)]
pub(super) unsafe fn take_branch(m: &mut Regs, at: *const u16, target: isize) {
    // SAFETY: invariant 1: a target is the start of an op.
    m.ip = unsafe { at.offset(target) };
}

/// Spends a unit of fuel.
///
/// # Safety
/// Invariant 4; `ip` is where to go on.
#[inline(always)]
pub(super) unsafe fn spend(m: &mut Regs) -> Result<(), Leave> {
    // SAFETY: invariant 4, promised by the caller.
    unsafe {
        let fuel = (*m.cx).fuel - 1;
        (*m.cx).fuel = fuel;
        if fuel < 0 { Err(Leave::Refuel) } else { Ok(()) }
    }
}

/// `go to target`; `FAR` targets take two granules.
#[derive(Debug)]
pub struct Br<const FAR: bool>;

// SAFETY: it reads its operands, and goes on behind them or at its target, which is an op of the function (invariant 1).
unsafe impl<const FAR: bool> Op for Br<FAR> {
    const NAME: &'static str = "br";
    const EFFECT: &'static str = "go to target";
    type Operands = (Label<FAR>,);
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let at = op_start(m, &operands);
        let target = operands.last(m);
        // SAFETY: it is the target of the op at `at`.
        unsafe { jump(m, at, target) }
    }
}

/// `if (a ≠ 0) = SENSE, go to target`.
#[derive(Debug)]
pub struct BrIf<A, const SENSE: bool>(PhantomData<A>);

// SAFETY: it reads its operands, and goes on behind them or at its target, which is an op of the function (invariant 1).
unsafe impl<A: Input<bool>, const SENSE: bool> Op for BrIf<A, SENSE> {
    const NAME: &'static str = if SENSE { "br_if" } else { "br_unless" };
    const EFFECT: &'static str = if SENSE {
        "if `a ≠ 0`, go to target"
    } else {
        "if `a = 0`, go to target"
    };
    type Operands = (In<A, bool>, Label<false>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let at = op_start(m, &operands);
        let (a, operands) = operands.read(m);
        branch_if(m, operands, at, a == SENSE)
    }
}

/// As [`BrIf`] for a 64-bit value: `if (a ≠ 0) = SENSE, go to target`.
#[derive(Debug)]
pub struct BrIf64<A, const SENSE: bool>(PhantomData<A>);

// SAFETY: it reads its operands, and goes on behind them or at its target, which is an op of the function (invariant 1).
unsafe impl<A: Input<u64>, const SENSE: bool> Op for BrIf64<A, SENSE> {
    const NAME: &'static str = if SENSE { "br_if64" } else { "br_unless64" };
    const EFFECT: &'static str = if SENSE {
        "if `a ≠ 0`, go to target"
    } else {
        "if `a = 0`, go to target"
    };
    type Operands = (In<A, u64>, Label<false>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let at = op_start(m, &operands);
        let (a, operands) = operands.read(m);
        branch_if(m, operands, at, (a != 0) == SENSE)
    }
}

/// `go to targets[min(a, n)]`; `n` and `FAR` targets take two granules each.
#[derive(Debug)]
pub struct BrTable<A, const FAR: bool>(PhantomData<A>);

// SAFETY: it reads its operands and one of its targets, which are one more than their number says, and goes there (invariant 1).
unsafe impl<A: Input<u32>, const FAR: bool> Op for BrTable<A, FAR> {
    const NAME: &'static str = "br_table";
    const EFFECT: &'static str = "go to `targets[min(a, n)]`";
    type Operands = (In<A, u32>, Targets<FAR>, Labels<FAR>);
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let at = op_start(m, &operands);
        let (a, operands) = operands.read(m);
        let (n, operands) = operands.read(m);
        // SAFETY: n + 1 targets follow, of which this is one.
        unsafe {
            let target = operands.target(m, a.min(n));
            jump(m, at, target)
        }
    }
}

/// `unreachable`.
#[derive(Debug)]
pub struct Unreachable;

// SAFETY: it never returns `Ok`.
unsafe impl Op for Unreachable {
    const NAME: &'static str = "unreachable";
    const EFFECT: &'static str = "trap";
    type Operands = ();
    const ENDS_BLOCK: bool = true;

    #[inline(always)]
    fn run(_: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        Err(Trap::UnreachableCodeReached.into())
    }
}

/// The form of branch `op` whose targets take 32 bits, if there is one.
#[must_use]
pub fn long_form(op: OpNumber) -> Option<OpNumber> {
    const BR: OpNumber = number::<Br<false>>();
    const TABLE: OpNumber = number::<BrTable<Slot, false>>();
    const TABLE_ACC: OpNumber = number::<BrTable<Acc, false>>();
    match op {
        BR => Some(number::<Br<true>>()),
        TABLE => Some(number::<BrTable<Slot, true>>()),
        TABLE_ACC => Some(number::<BrTable<Acc, true>>()),
        _ => None,
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<Br<false>>(),
    OpDef::of::<Br<true>>(),
    OpDef::of::<BrIf<Slot, true>>(),
    OpDef::of::<BrIf<Slot, false>>(),
    OpDef::of::<BrIf<Acc, true>>(),
    OpDef::of::<BrIf<Acc, false>>(),
    OpDef::of::<BrIf64<Slot, true>>(),
    OpDef::of::<BrIf64<Slot, false>>(),
    OpDef::of::<BrIf64<Acc, true>>(),
    OpDef::of::<BrIf64<Acc, false>>(),
    OpDef::of::<BrTable<Slot, false>>(),
    OpDef::of::<BrTable<Slot, true>>(),
    OpDef::of::<BrTable<Acc, false>>(),
    OpDef::of::<BrTable<Acc, true>>(),
    OpDef::of::<Unreachable>(),
];
