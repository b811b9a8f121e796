//! Moving values: copies, constants, `select`, globals.
//!
//! ```text
//!  ┌──────┬───┬─────┐   ┌────────┬───┬───┬───────────┬─────┐   ┌────────────┬───────┬─────┐
//!  │ copy │ a │ dst │   │ select │ a │ b │ condition │ dst │   │ global.get │ index │ dst │
//!  └──────┴───┴─────┘   └────────┴───┴───┴───────────┴─────┘   └────────────┴───────┴─────┘
//! ```

use core::marker::PhantomData;

use super::shape::{Acc, Imm16, Imm32, Imm64, Input, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{Leave, Regs, SlotValue};

/// A type that has a constant instruction.
pub trait Constant: SlotValue {
    /// The name of that instruction.
    const CONST: &'static str;
    /// The name of a copy that goes through the type's accumulator.
    const COPY: &'static str;
}

impl Constant for u32 {
    const CONST: &'static str = "i32.const";
    const COPY: &'static str = "copy32";
}
impl Constant for u64 {
    const CONST: &'static str = "i64.const";
    const COPY: &'static str = "copy";
}
impl Constant for f32 {
    const CONST: &'static str = "f32.const";
    const COPY: &'static str = "fcopy32";
}
impl Constant for f64 {
    const CONST: &'static str = "f64.const";
    const COPY: &'static str = "fcopy";
}

/// `dst ← a`.
#[derive(Debug)]
pub struct Move<T, A, O>(PhantomData<(T, A, O)>);

impl<T: Constant, A: Input<T>, O: Output> Op for Move<T, A, O> {
    const NAME: &'static str = match A::FIELD {
        Field::Slot | Field::Acc | Field::Facc => T::COPY,
        _ => T::CONST,
    };
    const EFFECT: &'static str = "`dst ← a`";
    const FIELDS: &'static [Field] = if O::HAS_SLOT {
        &[A::FIELD, Field::Dst]
    } else {
        &[A::FIELD]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = A::read(m);
            O::write(m, a);
        }
        Ok(())
    }
}

/// `dst ← condition ? a : b` (core specification, 4.4.4 `select`).
#[derive(Debug)]
pub struct Select<C, O>(PhantomData<(C, O)>);

impl<C: Input<bool>, O: Output> Op for Select<C, O> {
    const NAME: &'static str = "select";
    const EFFECT: &'static str = "`dst ← condition ? a : b`";
    const FIELDS: &'static [Field] = if O::HAS_SLOT {
        &[Field::Slot, Field::Slot, C::FIELD, Field::Dst]
    } else {
        &[Field::Slot, Field::Slot, C::FIELD]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = <Slot as Input<u64>>::read(m);
            let b = <Slot as Input<u64>>::read(m);
            let condition = C::read(m);
            O::write(m, if condition { a } else { b });
        }
        Ok(())
    }
}

/// Which global: one that the instance defines with a small index, or (`FAR`) any.
#[inline(always)]
unsafe fn global<const FAR: bool>(m: &mut Regs) -> *mut u64 {
    // SAFETY: invariants 1 and 5: the index is below the number of the instance's own globals, or of all.
    unsafe {
        if FAR {
            let index = m.fetch32() as usize;
            *(*m.cx).all_globals.add(index)
        } else {
            let index = usize::from(m.fetch());
            (*m.cx).globals.add(index)
        }
    }
}

/// `dst ← global` (4.4.5 `global.get`).
#[derive(Debug)]
pub struct GlobalGet<O, const FAR: bool>(PhantomData<O>);

impl<O: Output, const FAR: bool> Op for GlobalGet<O, FAR> {
    const NAME: &'static str = "global.get";
    const EFFECT: &'static str = "`dst ← globals[index]`";
    const FIELDS: &'static [Field] = match (O::HAS_SLOT, FAR) {
        (true, false) => &[Field::Index16, Field::Dst],
        (true, true) => &[Field::Index32, Field::Dst],
        (false, false) => &[Field::Index16],
        (false, true) => &[Field::Index32],
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let value = global::<FAR>(m).read();
            O::write(m, value);
        }
        Ok(())
    }
}

/// `global ← a` (4.4.5 `global.set`).
#[derive(Debug)]
pub struct GlobalSet<A, const FAR: bool>(PhantomData<A>);

impl<A: Input<u64>, const FAR: bool> Op for GlobalSet<A, FAR> {
    const NAME: &'static str = "global.set";
    const EFFECT: &'static str = "`globals[index] ← a`";
    const FIELDS: &'static [Field] = if FAR {
        &[Field::Index32, A::FIELD]
    } else {
        &[Field::Index16, A::FIELD]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let global = global::<FAR>(m);
            global.write(A::read(m));
        }
        Ok(())
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<Move<u64, Slot, ToSlot>>(),
    OpDef::of::<Move<u64, Slot, ToAcc>>(),
    OpDef::of::<Move<u64, Acc, ToSlot>>(),
    OpDef::of::<Move<u64, Acc, ToAcc>>(),
    OpDef::of::<Move<f64, Slot, ToSlot>>(),
    OpDef::of::<Move<f64, Slot, ToAcc>>(),
    OpDef::of::<Move<f64, Acc, ToSlot>>(),
    OpDef::of::<Move<f64, Acc, ToAcc>>(),
    OpDef::of::<Move<u32, Imm16, ToSlot>>(),
    OpDef::of::<Move<u32, Imm16, ToAcc>>(),
    OpDef::of::<Move<u32, Imm32, ToSlot>>(),
    OpDef::of::<Move<u32, Imm32, ToAcc>>(),
    OpDef::of::<Move<u64, Imm16, ToSlot>>(),
    OpDef::of::<Move<u64, Imm16, ToAcc>>(),
    OpDef::of::<Move<u64, Imm32, ToSlot>>(),
    OpDef::of::<Move<u64, Imm32, ToAcc>>(),
    OpDef::of::<Move<u64, Imm64, ToSlot>>(),
    OpDef::of::<Move<u64, Imm64, ToAcc>>(),
    OpDef::of::<Move<f32, Imm32, ToSlot>>(),
    OpDef::of::<Move<f32, Imm32, ToAcc>>(),
    OpDef::of::<Move<f64, Imm64, ToSlot>>(),
    OpDef::of::<Move<f64, Imm64, ToAcc>>(),
    OpDef::of::<Select<Slot, ToSlot>>(),
    OpDef::of::<Select<Slot, ToAcc>>(),
    OpDef::of::<Select<Acc, ToSlot>>(),
    OpDef::of::<Select<Acc, ToAcc>>(),
    OpDef::of::<GlobalGet<ToSlot, false>>(),
    OpDef::of::<GlobalGet<ToAcc, false>>(),
    OpDef::of::<GlobalGet<ToSlot, true>>(),
    OpDef::of::<GlobalGet<ToAcc, true>>(),
    OpDef::of::<GlobalSet<Slot, false>>(),
    OpDef::of::<GlobalSet<Acc, false>>(),
    OpDef::of::<GlobalSet<Slot, true>>(),
    OpDef::of::<GlobalSet<Acc, true>>(),
];
