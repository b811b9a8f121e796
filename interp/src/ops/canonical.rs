//! Canonical NaNs: which NaN arithmetic gives is not specified (core specification, 4.3.3 "NaN Propagation"), and processors differ. With
//! [`Config::canonical_nans`](crate::Config::canonical_nans), lowering puts one of these ops behind each instruction that can make one.
//!
//! ```text
//!  ┌────┬───┬─────┐    a is a slot, or nothing where the accumulator is read; dst only if the output
//!  │ op │ a │ dst │    has a slot
//!  └────┴───┴─────┘
//! ```

use core::marker::PhantomData;

use super::shape::{Acc, In, Input, Out, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Op, OpDef, Reader};
#[cfg(feature = "simd")]
use crate::machine::V128;
use crate::machine::{Leave, Regs, Value};

/// A type of floats, or of vectors of them.
pub trait Canonical: Value {
    /// The name of the op.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The value, and the canonical NaN for each NaN.
    #[must_use]
    fn canonical(self) -> Self;
}

macro_rules! floats {
    ($($Type:ident $name:literal $nan:literal;)*) => { $(
        impl Canonical for $Type {
            const NAME: &'static str = $name;
            const EFFECT: &'static str = "`dst ← a`, the canonical NaN for any NaN";
            #[inline(always)]
            fn canonical(self) -> Self {
                if self.is_nan() { Self::from_bits($nan) } else { self }
            }
        }
    )* };
}
// Positive, and of the fraction only the highest bit (2.2.3 "Floating-Point").
floats! {
    f32 "f32.canonical" 0x7fc0_0000;
    f64 "f64.canonical" 0x7ff8_0000_0000_0000;
}

/// `dst ← a` with canonical NaNs, input at `A`, output at `O`.
#[derive(Debug)]
pub struct CanonicalOp<T, A, O>(PhantomData<(T, A, O)>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<T: Canonical, A: Input<T>, O: Output> Op for CanonicalOp<T, A, O> {
    const NAME: &'static str = T::NAME;
    const EFFECT: &'static str = T::EFFECT;
    type Operands = (In<A, T>, Out<O, T>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        operands.write(m, a.canonical());
        Ok(())
    }
}

/// `dst ← a` with canonical NaNs in the lanes of type `T`.
#[cfg(feature = "simd")]
#[derive(Debug)]
pub struct CanonicalLanes<T>(PhantomData<T>);

/// The lanes of a vector.
#[cfg(feature = "simd")]
pub trait Lane {
    /// The name of the op.
    const NAME: &'static str;
    /// The vector, with the canonical NaN in each lane with a NaN.
    fn canonical(vector: V128) -> V128;
}

#[cfg(feature = "simd")]
impl Lane for f32 {
    const NAME: &'static str = "f32x4.canonical";
    #[inline(always)]
    fn canonical(vector: V128) -> V128 {
        super::vector::map(vector, <Self as Canonical>::canonical)
    }
}

#[cfg(feature = "simd")]
impl Lane for f64 {
    const NAME: &'static str = "f64x2.canonical";
    #[inline(always)]
    fn canonical(vector: V128) -> V128 {
        super::vector::map(vector, <Self as Canonical>::canonical)
    }
}

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
#[cfg(feature = "simd")]
unsafe impl<T: Lane> Op for CanonicalLanes<T> {
    const NAME: &'static str = T::NAME;
    const EFFECT: &'static str = "each lane of `dst ← a`, the canonical NaN for any NaN";
    type Operands = (In<Slot, V128>, Out<ToSlot, V128>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        operands.write(m, T::canonical(a));
        Ok(())
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<CanonicalOp<f32, Slot, ToSlot>>(),
    OpDef::of::<CanonicalOp<f32, Slot, ToAcc>>(),
    OpDef::of::<CanonicalOp<f32, Acc, ToSlot>>(),
    OpDef::of::<CanonicalOp<f32, Acc, ToAcc>>(),
    OpDef::of::<CanonicalOp<f64, Slot, ToSlot>>(),
    OpDef::of::<CanonicalOp<f64, Slot, ToAcc>>(),
    OpDef::of::<CanonicalOp<f64, Acc, ToSlot>>(),
    OpDef::of::<CanonicalOp<f64, Acc, ToAcc>>(),
    #[cfg(feature = "simd")]
    OpDef::of::<CanonicalLanes<f32>>(),
    #[cfg(feature = "simd")]
    OpDef::of::<CanonicalLanes<f64>>(),
];
