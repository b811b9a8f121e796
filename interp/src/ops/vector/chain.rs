//! Chains of instructions on vectors that became one op: rotations, and products that are added.

use core::marker::PhantomData;

use super::float::two::{F32x4Add, F32x4Mul, F64x2Add, F64x2Mul};
use super::map;
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Leave, Regs, V128};
use crate::ops::binary::Binary;
use crate::ops::operand::Count16;
use crate::ops::shape::{In, Out, Slot, ToSlot};

/// Lanes that are rotated. WebAssembly has no instruction for it: compilers shift to both sides.
pub trait Rotation {
    /// The name of the op.
    const NAME: &'static str;
    /// The vector with each lane rotated left.
    fn rotate(a: V128, count: u32) -> V128;
}

impl Rotation for u32 {
    const NAME: &'static str = "i32x4.rotl";
    #[inline(always)]
    fn rotate(a: V128, count: u32) -> V128 {
        map(a, |lane: Self| lane.rotate_left(count))
    }
}

impl Rotation for u64 {
    const NAME: &'static str = "i64x2.rotl";
    #[inline(always)]
    fn rotate(a: V128, count: u32) -> V128 {
        map(a, |lane: Self| lane.rotate_left(count))
    }
}

/// `dst ← a`, its lanes rotated left by a constant.
#[derive(Debug)]
pub struct Rotate<T>(PhantomData<T>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<T: Rotation> Op for Rotate<T> {
    const NAME: &'static str = T::NAME;
    const EFFECT: &'static str = "each lane of `dst ← a` rotated left by the count";
    type Operands = (In<Slot, V128>, Count16, Out<ToSlot, V128>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (count, operands) = operands.read(m);
        operands.write(m, T::rotate(a, count.into()));
        Ok(())
    }
}

/// A product and its sum with a third vector, with the rows `M` and `A`.
#[derive(Debug)]
pub struct MulAdd<M, A>(PhantomData<(M, A)>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<M, A> Op for MulAdd<M, A>
where
    M: Binary<In = V128, Out = V128>,
    A: Binary<In = V128, Out = V128>,
{
    const FORM: &'static str = "mul_and";
    const NAME: &'static str = A::NAME;
    const EFFECT: &'static str = "each lane of `dst ← a × b + c`, rounded twice";
    type Operands = (
        In<Slot, V128>,
        In<Slot, V128>,
        In<Slot, V128>,
        Out<ToSlot, V128>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (b, operands) = operands.read(m);
        let product = M::eval(a, b)?;
        let (c, operands) = operands.read(m);
        operands.write(m, A::eval(product, c)?);
        Ok(())
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<Rotate<u32>>(),
    OpDef::of::<Rotate<u64>>(),
    OpDef::of::<MulAdd<F32x4Mul, F32x4Add>>(),
    OpDef::of::<MulAdd<F64x2Mul, F64x2Add>>(),
];
