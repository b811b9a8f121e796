//! Chains of arithmetic: counting, addresses of elements, products that are added.

use core::marker::PhantomData;

use super::Word;
use crate::dispatch::{Op, OpDef, OpNumber, Reader};
use crate::machine::{Leave, Regs, SlotValue};
use crate::ops::binary::Binary;
use crate::ops::branch::{branch_if, op_start};
use crate::ops::compare::integer::*;
use crate::ops::float::{F32Add, F32Mul, F32Sub, F64Add, F64Mul, F64Sub};
use crate::ops::operand::{Also, Count16, EachImm16, Label};
use crate::ops::shape::{Acc, Imm16, In, Input, Out, Output, Slot, ToAcc, ToSlot};
use crate::ops::shapes::To;
use crate::ops::{Opcode, number};

/// A constant added, and a branch on how the sum compares: the end of a counting loop.
#[derive(Debug)]
pub struct AddBranch<R, W, B>(PhantomData<(R, W, B)>);

// SAFETY: it reads its operands, writes its output, and goes on behind them or at its target (invariant 1).
unsafe impl<R: Binary<In: SlotValue, Out = bool>, W: Word, B: Input<R::In>> Op
    for AddBranch<R, W, B>
{
    const FORM: &'static str = "add_br_if";
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str =
        "`dst ← a + amount`; if the comparison of it with b holds, go to target";
    type Operands = (
        In<Slot, W>,
        EachImm16,
        In<B, R::In>,
        Out<ToSlot, W>,
        Label<false>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let at = op_start(m, &operands);
        let (a, operands) = operands.read(m);
        let (amount, operands) = operands.read(m);
        let sum = a.add(extended(amount));
        let (b, operands) = operands.read(m);
        let operands = operands.write(m, sum);
        let taken = R::eval(R::In::from_slot(sum.into_slot()), b)?;
        branch_if(m, operands, at, taken)
    }
}

/// A constant of 16 bits as a word.
#[inline(always)]
fn extended<W: Word>(constant: i16) -> W {
    // The casts extend the sign.
    W::from_slot(constant as i64 as u64)
}

/// Two additions of constants, one after the other.
#[derive(Debug)]
pub struct AddTwo<W>(PhantomData<W>);

// SAFETY: it reads its operands and writes two slots of the frame (invariant 2).
unsafe impl<W: Word> Op for AddTwo<W> {
    const NAME: &'static str = W::ADD_TWO;
    const EFFECT: &'static str = "`also ← a + first amount; dst ← b + second amount`";
    type Operands = (
        In<Slot, W>,
        EachImm16,
        Also,
        In<Slot, W>,
        EachImm16,
        Out<ToSlot, W>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (amount, operands) = operands.read(m);
        let first = a.add(extended(amount));
        let (also, operands) = operands.read(m);
        // SAFETY: the slot is the op's.
        unsafe { m.slot(also).write(first.into_slot()) };
        let (b, operands) = operands.read(m);
        let (amount, operands) = operands.read(m);
        operands.write(m, b.add(extended(amount)));
        Ok(())
    }
}

/// Two copies, one after the other.
#[derive(Debug)]
pub struct CopyTwo;

// SAFETY: it reads its operands and writes two slots of the frame (invariant 2).
unsafe impl Op for CopyTwo {
    const NAME: &'static str = "copy_two";
    const EFFECT: &'static str = "`also ← a; dst ← b`";
    type Operands = (In<Slot, u64>, Also, In<Slot, u64>, Out<ToSlot, u64>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (also, operands) = operands.read(m);
        // SAFETY: the slot is the op's.
        unsafe { m.slot(also).write(a) };
        let (b, operands) = operands.read(m);
        operands.write(m, b);
        Ok(())
    }
}

/// Some bits of a number: shifted down and masked.
#[derive(Debug)]
pub struct Bits<W, O>(PhantomData<(W, O)>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<W: Word, O: Output> Op for Bits<W, O>
where
    Imm16: Input<W>,
{
    const NAME: &'static str = W::BITS;
    const EFFECT: &'static str = "`dst ← (a >> count) & mask`";
    type Operands = (In<Slot, W>, Count16, In<Imm16, W>, Out<O, W>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (count, operands) = operands.read(m);
        let (mask, operands) = operands.read(m);
        operands.write(m, a.shr(count).and(mask));
        Ok(())
    }
}

/// A branch on whether some bits of a number are set.
#[derive(Debug)]
pub struct BrIfBits<W, A, const SENSE: bool>(PhantomData<(W, A)>);

// SAFETY: it reads its operands, and goes on behind them or at its target (invariant 1).
unsafe impl<W: Word, A: Input<W>, const SENSE: bool> Op for BrIfBits<W, A, SENSE>
where
    Imm16: Input<W>,
{
    const NAME: &'static str = if SENSE {
        W::BR_IF_BITS
    } else {
        W::BR_UNLESS_BITS
    };
    const EFFECT: &'static str = if SENSE {
        "if `a & mask ≠ 0`, go to target"
    } else {
        "if `a & mask = 0`, go to target"
    };
    type Operands = (In<A, W>, In<Imm16, W>, Label<false>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let at = op_start(m, &operands);
        let (a, operands) = operands.read(m);
        let (mask, operands) = operands.read(m);
        branch_if(m, operands, at, a.and(mask).is_zero() != SENSE)
    }
}

/// A product, rounded, that is added to a number (`REVERSE` is false) or from which, or which from it, one is
/// subtracted: `R` is the second operation.
#[derive(Debug)]
pub struct MulThen<M, R, A, O, const REVERSE: bool>(PhantomData<(M, R, A, O)>);

/// The second operation of a [`MulThen`].
pub trait AfterMul: Binary {
    /// The op's name with the product as the second input.
    const MUL: &'static str;
    /// The op's name with the product as the first input.
    const MUL_REVERSE: &'static str;
}

macro_rules! after_mul {
    ($($R:ident: $name:literal $reverse:literal;)*) => { $(
        impl AfterMul for $R {
            const MUL: &'static str = $name;
            const MUL_REVERSE: &'static str = $reverse;
        }
    )* };
}
after_mul! {
    F32Add: "f32.add_mul" "f32.mul_add";
    F32Sub: "f32.sub_mul" "f32.mul_sub";
    F64Add: "f64.add_mul" "f64.mul_add";
    F64Sub: "f64.sub_mul" "f64.mul_sub";
}

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<M, R, A, O, const REVERSE: bool> Op for MulThen<M, R, A, O, REVERSE>
where
    M: Binary<Out = R::In>,
    R: AfterMul,
    A: Input<M::In>,
    O: Output,
{
    const NAME: &'static str = if REVERSE { R::MUL_REVERSE } else { R::MUL };
    const EFFECT: &'static str = if REVERSE {
        "`dst ← (a × b) ∘ c`, the product being rounded"
    } else {
        "`dst ← c ∘ (a × b)`, the product being rounded"
    };
    type Operands = (
        In<A, M::In>,
        In<Slot, M::In>,
        In<Slot, R::In>,
        Out<O, R::Out>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (b, operands) = operands.read(m);
        let product = M::eval(a, b)?;
        let (c, operands) = operands.read(m);
        let result = if REVERSE {
            R::eval(product, c)?
        } else {
            R::eval(c, product)?
        };
        operands.write(m, result);
        Ok(())
    }
}

/// A shift by a constant, and an addition: the address of an element.
#[derive(Debug)]
pub struct ShlAdd<W, O>(PhantomData<(W, O)>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<W: Word, O: Output> Op for ShlAdd<W, O> {
    const NAME: &'static str = W::SHL_ADD;
    const EFFECT: &'static str = "`dst ← (a << count) + b`";
    type Operands = (In<Slot, W>, Count16, In<Slot, W>, Out<O, W>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (count, operands) = operands.read(m);
        let (b, operands) = operands.read(m);
        operands.write(m, a.shl(count).add(b));
        Ok(())
    }
}

/// Declares the chains of an addition and a branch: for each comparison the word that it compares.
macro_rules! add_branches {
    ($($R:ident $Word:ty,)+) => {
        /// The chains of an addition and a branch.
        pub(super) const ADD_BRANCHES: &[OpDef] = &[$(
            OpDef::of::<AddBranch<$R, $Word, Slot>>(),
            OpDef::of::<AddBranch<$R, $Word, Imm16>>(),
        )+];

        /// The chain of an addition and the branch on comparison `opcode` with a slot, or (`imm`) with a constant.
        #[must_use]
        pub fn add_branch(opcode: Opcode, imm: bool) -> Option<OpNumber> {
            match (opcode, imm) {
                $(
                    ($R::OPCODE, false) => Some(number::<AddBranch<$R, $Word, Slot>>()),
                    ($R::OPCODE, true) => Some(number::<AddBranch<$R, $Word, Imm16>>()),
                )+
                _ => None,
            }
        }
    };
}
add_branches! {
    I32Eq u32, I32Ne u32, I32LtS u32, I32LtU u32, I32GtS u32, I32GtU u32, I32LeS u32, I32LeU u32, I32GeS u32, I32GeU u32,
    I64Eq u64, I64Ne u64, I64LtS u64, I64LtU u64, I64GtS u64, I64GtU u64, I64LeS u64, I64LeU u64, I64GeS u64, I64GeU u64,
}

/// Declares the chains of a product and another operation.
macro_rules! mul_thens {
    ($($M:ident $R:ident,)+) => {
        /// The chains of a product and another operation.
        pub(super) const MUL_THENS: &[OpDef] = &[$(
            OpDef::of::<MulThen<$M, $R, Slot, ToSlot, false>>(),
            OpDef::of::<MulThen<$M, $R, Slot, ToAcc, false>>(),
            OpDef::of::<MulThen<$M, $R, Slot, ToSlot, true>>(),
            OpDef::of::<MulThen<$M, $R, Slot, ToAcc, true>>(),
            OpDef::of::<MulThen<$M, $R, Acc, ToSlot, false>>(),
            OpDef::of::<MulThen<$M, $R, Acc, ToAcc, false>>(),
            OpDef::of::<MulThen<$M, $R, Acc, ToSlot, true>>(),
            OpDef::of::<MulThen<$M, $R, Acc, ToAcc, true>>(),
        )+];

        /// The chain of a product and operation `opcode`: whether the product's first input is in the accumulator, whether the
        /// product is the operation's first input, and where the output goes.
        #[must_use]
        pub fn mul_then(opcode: Opcode, acc: bool, reverse: bool, to: To) -> Option<OpNumber> {
            match opcode {
                $($R::OPCODE => Some(match (acc, reverse, to) {
                    (false, false, To::Slot) => number::<MulThen<$M, $R, Slot, ToSlot, false>>(),
                    (false, false, To::Acc) => number::<MulThen<$M, $R, Slot, ToAcc, false>>(),
                    (false, true, To::Slot) => number::<MulThen<$M, $R, Slot, ToSlot, true>>(),
                    (false, true, To::Acc) => number::<MulThen<$M, $R, Slot, ToAcc, true>>(),
                    (true, false, To::Slot) => number::<MulThen<$M, $R, Acc, ToSlot, false>>(),
                    (true, false, To::Acc) => number::<MulThen<$M, $R, Acc, ToAcc, false>>(),
                    (true, true, To::Slot) => number::<MulThen<$M, $R, Acc, ToSlot, true>>(),
                    (true, true, To::Acc) => number::<MulThen<$M, $R, Acc, ToAcc, true>>(),
                }),)+
                _ => None,
            }
        }
    };
}
mul_thens! {
    F32Mul F32Add, F32Mul F32Sub, F64Mul F64Add, F64Mul F64Sub,
}
