//! Chains of arithmetic: counting, addresses of elements, products that are added.

use core::marker::PhantomData;

use super::Word;
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{Leave, Regs, SlotValue};
use crate::ops::binary::Binary;
use crate::ops::branch::branch_if;
use crate::ops::compare::integer::*;
use crate::ops::float::{F32Add, F32Mul, F32Sub, F64Add, F64Sub};
use crate::ops::number;
use crate::ops::shape::{Acc, Imm16, Input, Output, Slot, ToAcc, ToSlot};

/// A constant added, and a branch on how the sum compares: the end of a counting loop.
#[derive(Debug)]
pub struct AddBranch<R, W, B>(PhantomData<(R, W, B)>);

impl<R: Binary<Out = bool>, W: Word, B: Input<R::In>> Op for AddBranch<R, W, B> {
    const FORM: &'static str = "add_br_if";
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str =
        "`dst ← a + amount`; if the comparison of it with b holds, go to target";
    const FIELDS: &'static [Field] = &[
        Field::Slot,
        Field::Index16,
        B::FIELD,
        Field::Dst,
        Field::Label16,
    ];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let a = <Slot as Input<W>>::read(m);
            let sum = a.add(amount(m));
            let b = B::read(m);
            ToSlot::write(m, sum);
            branch_if(m, at, R::eval(R::In::from_slot(sum.into_slot()), b)?)
        }
    }
}

/// Reads a constant of 16 bits that stands where an index would.
#[inline(always)]
unsafe fn amount<W: Word>(m: &mut Regs) -> W {
    // SAFETY: promised by the caller. The casts extend the sign.
    unsafe { W::from_slot(m.fetch() as i16 as i64 as u64) }
}

/// Two additions of constants, one after the other.
#[derive(Debug)]
pub struct AddTwo<W>(PhantomData<W>);

impl<W: Word> Op for AddTwo<W> {
    const NAME: &'static str = W::ADD_TWO;
    const EFFECT: &'static str = "`base ← a + first amount; dst ← b + second amount`";
    const FIELDS: &'static [Field] = &[
        Field::Slot,
        Field::Index16,
        Field::Base,
        Field::Slot,
        Field::Index16,
        Field::Dst,
    ];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = <Slot as Input<W>>::read(m);
            let first = a.add(amount(m));
            let base = m.fetch();
            m.slot(base).write(first.into_slot());
            let b = <Slot as Input<W>>::read(m);
            let second = b.add(amount(m));
            ToSlot::write(m, second);
        }
        Ok(())
    }
}

/// Two copies, one after the other.
#[derive(Debug)]
pub struct CopyTwo;

impl Op for CopyTwo {
    const NAME: &'static str = "copy_two";
    const EFFECT: &'static str = "`base ← a; dst ← b`";
    const FIELDS: &'static [Field] = &[Field::Slot, Field::Base, Field::Slot, Field::Dst];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = <Slot as Input<u64>>::read(m);
            let base = m.fetch();
            m.slot(base).write(a);
            let b = <Slot as Input<u64>>::read(m);
            ToSlot::write(m, b);
        }
        Ok(())
    }
}

/// Some bits of a number: shifted down and masked.
#[derive(Debug)]
pub struct Bits<W, O>(PhantomData<(W, O)>);

impl<W: Word, O: Output> Op for Bits<W, O>
where
    Imm16: Input<W>,
{
    const NAME: &'static str = W::BITS;
    const EFFECT: &'static str = "`dst ← (a >> count) & mask`";
    const FIELDS: &'static [Field] = if O::HAS_SLOT {
        &[Field::Slot, Field::Index16, Field::Imm16, Field::Dst]
    } else {
        &[Field::Slot, Field::Index16, Field::Imm16]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = <Slot as Input<W>>::read(m);
            let count = m.fetch();
            let mask = <Imm16 as Input<W>>::read(m);
            O::write(m, a.shr(count).and(mask));
        }
        Ok(())
    }
}

/// A branch on whether some bits of a number are set.
#[derive(Debug)]
pub struct BrIfBits<W, A, const SENSE: bool>(PhantomData<(W, A)>);

impl<W: Word, A: Input<W>, const SENSE: bool> Op for BrIfBits<W, A, SENSE>
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
    const FIELDS: &'static [Field] = &[A::FIELD, Field::Imm16, Field::Label16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let a = A::read(m);
            let mask = <Imm16 as Input<W>>::read(m);
            branch_if(m, at, a.and(mask).is_zero() != SENSE)
        }
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

impl<M, R, A, O, const REVERSE: bool> Op for MulThen<M, R, A, O, REVERSE>
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
    const FIELDS: &'static [Field] = if O::HAS_SLOT {
        &[A::FIELD, Field::Slot, Field::Slot, Field::Dst]
    } else {
        &[A::FIELD, Field::Slot, Field::Slot]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = A::read(m);
            let b = <Slot as Input<M::In>>::read(m);
            let product = M::eval(a, b)?;
            let c = <Slot as Input<R::In>>::read(m);
            let result = if REVERSE {
                R::eval(product, c)?
            } else {
                R::eval(c, product)?
            };
            O::write(m, result);
        }
        Ok(())
    }
}

/// A shift by a constant, and an addition: the address of an element.
#[derive(Debug)]
pub struct ShlAdd<W, O>(PhantomData<(W, O)>);

impl<W: Word, O: Output> Op for ShlAdd<W, O> {
    const NAME: &'static str = W::SHL_ADD;
    const EFFECT: &'static str = "`dst ← (a << count) + b`";
    const FIELDS: &'static [Field] = if O::HAS_SLOT {
        &[Field::Slot, Field::Index16, Field::Slot, Field::Dst]
    } else {
        &[Field::Slot, Field::Index16, Field::Slot]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = <Slot as Input<W>>::read(m);
            let count = m.fetch();
            let b = <Slot as Input<W>>::read(m);
            O::write(m, a.shl(count).add(b));
        }
        Ok(())
    }
}

pub(super) const fn add_branches<R: Binary<Out = bool>, W: Word>() -> [OpDef; 2] {
    [
        OpDef::of::<AddBranch<R, W, Slot>>(),
        OpDef::of::<AddBranch<R, W, Imm16>>(),
    ]
}

/// The ops of a product and operation `R`, in this order: [`mul_then`] counts on it.
pub(super) const fn mul_thens<M: Binary<Out = R::In>, R: AfterMul>() -> [OpDef; 8]
where
    Slot: Input<M::In>,
    Acc: Input<M::In>,
{
    [
        OpDef::of::<MulThen<M, R, Slot, ToSlot, false>>(),
        OpDef::of::<MulThen<M, R, Slot, ToAcc, false>>(),
        OpDef::of::<MulThen<M, R, Slot, ToSlot, true>>(),
        OpDef::of::<MulThen<M, R, Slot, ToAcc, true>>(),
        OpDef::of::<MulThen<M, R, Acc, ToSlot, false>>(),
        OpDef::of::<MulThen<M, R, Acc, ToAcc, false>>(),
        OpDef::of::<MulThen<M, R, Acc, ToSlot, true>>(),
        OpDef::of::<MulThen<M, R, Acc, ToAcc, true>>(),
    ]
}

/// The op of a product and of what is done with it: `opcode` (an addition or a subtraction), the product's first input
/// in the accumulator or not, the product as that operation's first input or not, the output in a slot or not.
#[must_use]
pub fn mul_then(opcode: u16, acc: bool, reverse: bool, to_slot: bool) -> Option<u16> {
    let row = match opcode {
        0x92 | 0x93 => opcode - 0x92,
        0xa0 | 0xa1 => opcode - 0xa0 + 2,
        _ => return None,
    };
    let shape = 4 * u16::from(acc) + 2 * u16::from(reverse) + u16::from(!to_slot);
    let first = number::<MulThen<F32Mul, F32Add, Slot, ToSlot, false>>();
    Some(first + 8 * row + shape)
}

/// The first `add branch`, which follow each other in the order of their comparisons' opcodes.
#[must_use]
pub fn add_branch(opcode: u16, imm: bool) -> Option<u16> {
    let row = match opcode {
        0x46..=0x4f => opcode - 0x46,
        0x51..=0x5a => opcode - 0x51 + 10,
        _ => return None,
    };
    Some(number::<AddBranch<I32Eq, u32, Slot>>() + 2 * row + u16::from(imm))
}
