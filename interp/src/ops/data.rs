//! Moving values: copies, constants, `select`, globals.
//!
//! ```text
//!  ┌──────┬───┬─────┐   ┌────────┬───┬───┬───────────┬─────┐   ┌────────────┬───────┬─────┐
//!  │ copy │ a │ dst │   │ select │ a │ b │ condition │ dst │   │ global.get │ index │ dst │
//!  └──────┴───┴─────┘   └────────┴───┴───┴───────────┴─────┘   └────────────┴───────┴─────┘
//! ```

use core::marker::PhantomData;

use super::operand::Global;
use super::shape::{Acc, Imm16, Imm32, Imm64, In, Input, Out, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Field, Op, OpDef, Reader};
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

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<T: Constant, A: Input<T>, O: Output> Op for Move<T, A, O> {
    const NAME: &'static str = match A::FIELD {
        Field::Slot | Field::Acc | Field::Facc => T::COPY,
        _ => T::CONST,
    };
    const EFFECT: &'static str = "`dst ← a`";
    type Operands = (In<A, T>, Out<O, T>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        operands.write(m, a);
        Ok(())
    }
}

/// `dst ← condition ? a : b` (core specification, 4.4.4 `select`).
#[derive(Debug)]
pub struct Select<C, O>(PhantomData<(C, O)>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<C: Input<bool>, O: Output> Op for Select<C, O> {
    const NAME: &'static str = "select";
    const EFFECT: &'static str = "`dst ← condition ? a : b`";
    type Operands = (In<Slot, u64>, In<Slot, u64>, In<C, bool>, Out<O, u64>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (b, operands) = operands.read(m);
        let (condition, operands) = operands.read(m);
        operands.write(m, if condition { a } else { b });
        Ok(())
    }
}

/// The first slot of the global with this index: one that the instance defines, by its slot; or (`FAR`) any.
///
/// # Safety
/// The index is the operand `Global<FAR>` of the running op.
#[inline(always)]
pub(super) unsafe fn global<const FAR: bool>(m: &Regs, index: usize) -> *mut u64 {
    // SAFETY: invariant 5: the index is below the number of the instance's own globals, or of all.
    unsafe {
        if FAR {
            *(*m.cx).all_globals.add(index)
        } else {
            (*m.cx).globals.add(index)
        }
    }
}

/// `dst ← global` (4.4.5 `global.get`).
#[derive(Debug)]
pub struct GlobalGet<O, const FAR: bool>(PhantomData<O>);

// SAFETY: it reads its operands, reads a global of the instance (invariant 5), and writes its output.
unsafe impl<O: Output, const FAR: bool> Op for GlobalGet<O, FAR> {
    const NAME: &'static str = "global.get";
    const EFFECT: &'static str = "`dst ← globals[index]`";
    type Operands = (Global<FAR>, Out<O, u64>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (index, operands) = operands.read(m);
        // SAFETY: the index is the op's; a global can be read.
        let value = unsafe { global::<FAR>(m, index).read() };
        operands.write(m, value);
        Ok(())
    }
}

/// `global ← a` (4.4.5 `global.set`).
#[derive(Debug)]
pub struct GlobalSet<A, const FAR: bool>(PhantomData<A>);

// SAFETY: it reads its operands, and writes a global of the instance (invariant 5) with a value of its type (invariant 6).
unsafe impl<A: Input<u64>, const FAR: bool> Op for GlobalSet<A, FAR> {
    const NAME: &'static str = "global.set";
    const EFFECT: &'static str = "`globals[index] ← a`";
    type Operands = (Global<FAR>, In<A, u64>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (index, operands) = operands.read(m);
        // SAFETY: the index is the op's.
        let global = unsafe { global::<FAR>(m, index) };
        let value = operands.last(m);
        // SAFETY: a global can be written.
        unsafe { global.write(value) };
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
