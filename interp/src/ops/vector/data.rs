//! Vectors that move: constants, copies, `select`, globals.

use core::marker::PhantomData;

use super::lane::Shuffle;
use crate::dispatch::{Field, Op, OpDef, Reader};
use crate::machine::{Leave, Regs, V128, Value};
use crate::ops::data::global;
use crate::ops::operand::Global;
use crate::ops::shape::{Imm128, In, Input, Out, Slot, ToSlot};

/// `dst ← a`.
#[derive(Debug)]
pub struct Move<A>(PhantomData<A>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<A: Input<V128>> Op for Move<A> {
    const NAME: &'static str = match A::FIELD {
        Field::Vector => "copy128",
        _ => "v128.const",
    };
    const EFFECT: &'static str = "`dst ← a`";
    type Operands = (In<A, V128>, Out<ToSlot, V128>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        operands.write(m, a);
        Ok(())
    }
}

/// `dst ← condition ? a : b` (core specification, 4.4.4 `select`).
#[derive(Debug)]
pub struct Select;

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl Op for Select {
    const NAME: &'static str = "select128";
    const EFFECT: &'static str = "`dst ← condition ? a : b`";
    type Operands = (
        In<Slot, V128>,
        In<Slot, V128>,
        In<Slot, bool>,
        Out<ToSlot, V128>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (b, operands) = operands.read(m);
        let (condition, operands) = operands.read(m);
        operands.write(m, if condition { a } else { b });
        Ok(())
    }
}

/// `dst ← global` (4.4.5 `global.get`).
#[derive(Debug)]
pub struct GlobalGet<const FAR: bool>;

// SAFETY: it reads its operands, reads a global of the instance (invariant 5), and writes its output.
unsafe impl<const FAR: bool> Op for GlobalGet<FAR> {
    const NAME: &'static str = "global.get128";
    const EFFECT: &'static str = "`dst ← globals[index]`";
    type Operands = (Global<FAR>, Out<ToSlot, V128>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (index, operands) = operands.read(m);
        // SAFETY: the index is the op's; both slots of a global of type v128 can be read.
        let value = unsafe { V128::load(global::<FAR>(m, index)) };
        operands.write(m, value);
        Ok(())
    }
}

/// `global ← a` (4.4.5 `global.set`).
#[derive(Debug)]
pub struct GlobalSet<const FAR: bool>;

// SAFETY: it reads its operands, and writes a global of the instance (invariant 5) with a value of its type (invariant 6).
unsafe impl<const FAR: bool> Op for GlobalSet<FAR> {
    const NAME: &'static str = "global.set128";
    const EFFECT: &'static str = "`globals[index] ← a`";
    type Operands = (Global<FAR>, In<Slot, V128>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (index, operands) = operands.read(m);
        // SAFETY: the index is the op's.
        let global = unsafe { global::<FAR>(m, index) };
        let value = operands.last(m);
        // SAFETY: both slots of a global of type v128 can be written.
        unsafe { value.store(global) };
        Ok(())
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<Move<Slot>>(),
    OpDef::of::<Move<Imm128>>(),
    OpDef::of::<Select>(),
    OpDef::of::<Shuffle>(),
    OpDef::of::<GlobalGet<false>>(),
    OpDef::of::<GlobalGet<true>>(),
    OpDef::of::<GlobalSet<false>>(),
    OpDef::of::<GlobalSet<true>>(),
];
