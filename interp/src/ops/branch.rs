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

use super::shape::{Acc, Input, Slot};
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{Leave, Regs, Trap};

/// Reads a short target and goes there if `taken`; `at` is the start of the op.
///
/// # Safety
/// The machine's invariants hold, and the target stands at `ip`.
#[inline(always)]
pub(super) unsafe fn branch_if(m: &mut Regs, at: *const u16, taken: bool) -> Result<(), Leave> {
    // SAFETY: promised by the caller. The cast gives the target its sign.
    unsafe {
        let target = m.fetch() as i16;
        if taken {
            keep_branch();
            jump(m, at, target.into())
        } else {
            Ok(())
        }
    }
}

/// Goes to `target`, in granules from `at`.
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
/// The machine's invariants hold.
#[inline(always)]
pub(super) unsafe fn take_branch(m: &mut Regs, at: *const u16, target: i16) {
    // SAFETY: invariant 1: a target is the start of an op.
    m.ip = unsafe { at.offset(target.into()) };
}

/// Spends a unit of fuel.
///
/// # Safety
/// Invariant 4; `ip` is where to go on.
#[inline(always)]
pub(super) unsafe fn spend(m: &mut Regs) -> Result<(), Leave> {
    // SAFETY: promised by the caller.
    unsafe {
        let fuel = (*m.cx).fuel - 1;
        (*m.cx).fuel = fuel;
        if fuel < 0 { Err(Leave::Refuel) } else { Ok(()) }
    }
}

/// Keeps the compiler from turning a branch into a conditional move: the next op's address would wait
/// for the condition, where a predicted branch does not (measured: 9–24 % of branch-heavy programs).
#[inline(always)]
fn keep_branch() {
    // SAFETY: no instruction at all.
    unsafe { core::arch::asm!("", options(nomem, nostack, preserves_flags)) }
}

/// `go to target`; `FAR` targets take two granules.
#[derive(Debug)]
pub struct Br<const FAR: bool>;

impl<const FAR: bool> Op for Br<FAR> {
    const NAME: &'static str = "br";
    const EFFECT: &'static str = "go to target";
    const FIELDS: &'static [Field] = if FAR {
        &[Field::Label32]
    } else {
        &[Field::Label16]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller. The casts give the target its sign.
        unsafe {
            let at = m.ip.sub(1);
            let target = if FAR {
                m.fetch32() as i32 as isize
            } else {
                (m.fetch() as i16).into()
            };
            jump(m, at, target)
        }
    }
}

/// `if (a ≠ 0) = SENSE, go to target`.
#[derive(Debug)]
pub struct BrIf<A, const SENSE: bool>(PhantomData<A>);

impl<A: Input<bool>, const SENSE: bool> Op for BrIf<A, SENSE> {
    const NAME: &'static str = if SENSE { "br_if" } else { "br_unless" };
    const EFFECT: &'static str = if SENSE {
        "if `a ≠ 0`, go to target"
    } else {
        "if `a = 0`, go to target"
    };
    const FIELDS: &'static [Field] = &[A::FIELD, Field::Label16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let a = A::read(m);
            branch_if(m, at, a == SENSE)
        }
    }
}

/// As [`BrIf`] for a 64-bit value: `if (a ≠ 0) = SENSE, go to target`.
#[derive(Debug)]
pub struct BrIf64<A, const SENSE: bool>(PhantomData<A>);

impl<A: Input<u64>, const SENSE: bool> Op for BrIf64<A, SENSE> {
    const NAME: &'static str = if SENSE { "br_if64" } else { "br_unless64" };
    const EFFECT: &'static str = if SENSE {
        "if `a ≠ 0`, go to target"
    } else {
        "if `a = 0`, go to target"
    };
    const FIELDS: &'static [Field] = &[A::FIELD, Field::Label16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let a = A::read(m);
            branch_if(m, at, (a != 0) == SENSE)
        }
    }
}

/// `go to targets[min(a, n)]`; `n` and `FAR` targets take two granules each.
#[derive(Debug)]
pub struct BrTable<A, const FAR: bool>(PhantomData<A>);

impl<A: Input<u32>, const FAR: bool> Op for BrTable<A, FAR> {
    const NAME: &'static str = "br_table";
    const EFFECT: &'static str = "go to `targets[min(a, n)]`";
    const FIELDS: &'static [Field] = if FAR {
        &[A::FIELD, Field::Index32, Field::Labels32]
    } else {
        &[A::FIELD, Field::Index16, Field::Labels16]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; n + 1 targets follow the operands. The casts give a target its sign.
        unsafe {
            let at = m.ip.sub(1);
            let a = A::read(m);
            let target = if FAR {
                let n = m.fetch32();
                m.ip = m.ip.add(2 * a.min(n) as usize);
                m.fetch32() as i32 as isize
            } else {
                let n = m.fetch();
                m.ip = m.ip.add(a.min(n.into()) as usize);
                (m.fetch() as i16).into()
            };
            jump(m, at, target)
        }
    }
}

/// `unreachable`.
#[derive(Debug)]
pub struct Unreachable;

impl Op for Unreachable {
    const NAME: &'static str = "unreachable";
    const EFFECT: &'static str = "trap";
    const FIELDS: &'static [Field] = &[];

    #[inline(always)]
    unsafe fn run(_m: &mut Regs) -> Result<(), Leave> {
        Err(Trap::UnreachableCodeReached.into())
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
