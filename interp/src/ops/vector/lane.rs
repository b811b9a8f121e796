//! Instructions with single lanes: copies of a number, lanes that are read or replaced, and shuffles.

use core::marker::PhantomData;

use super::{Lanes, NONE, WITH_NUMBER};
use crate::dispatch::choose::choose_of_two;
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Class, Leave, Regs, Trap, V128, Value};
use crate::ops::operand::Count16;
use crate::ops::row::{Kind, Opcode, Row};
use crate::ops::shape::{Imm128, In, Out, Output, Slot, ToAcc, ToSlot};

/// Vectors whose lanes are all the same number.
pub mod splat {
    use super::*;
    use crate::ops::row::rows;
    use crate::ops::unary::Unary;
    use crate::ops::vector::{NONE, NUMBER, kind, one};

    // `as` keeps the low bits.
    rows! { Unary: one, 1, kind(NUMBER, NONE), eval0: none;
        /// each lane of `dst ← a`
        I8x16Splat "i8x16.splat" 0xfd_000f (a: u32) -> V128 { [a as u8; 16].join() }
        /// each lane of `dst ← a`
        I16x8Splat "i16x8.splat" 0xfd_0010 (a: u32) -> V128 { [a as u16; 8].join() }
        /// each lane of `dst ← a`
        I32x4Splat "i32x4.splat" 0xfd_0011 (a: u32) -> V128 { [a; 4].join() }
        /// each lane of `dst ← a`
        I64x2Splat "i64x2.splat" 0xfd_0012 (a: u64) -> V128 { [a; 2].join() }
        /// each lane of `dst ← a`
        F32x4Splat "f32x4.splat" 0xfd_0013 (a: f32) -> V128 { [a; 4].join() }
        /// each lane of `dst ← a`
        F64x2Splat "f64x2.splat" 0xfd_0014 (a: f64) -> V128 { [a; 2].join() }
    }
}

/// Numbers from a lane.
pub mod extract {
    use super::*;
    use crate::ops::vector::{NONE, ONE};

    /// A vector and the number of a lane, whose value is the result.
    pub trait Extract {
        /// The instruction's name in the text format.
        const NAME: &'static str;
        /// What it does, in a line.
        const EFFECT: &'static str;
        /// The instruction's opcode (core specification, 5.4).
        const OPCODE: Opcode;
        /// The type of the result.
        type Out: Value;
        /// The result.
        fn eval(a: V128, lane: usize) -> Self::Out;
    }

    /// `dst ← a[lane]` for the row `R`, output at `O`.
    #[derive(Debug)]
    pub struct ExtractOp<R, O>(PhantomData<(R, O)>);

    // SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
    unsafe impl<R: Extract, O: Output> Op for ExtractOp<R, O> {
        const NAME: &'static str = R::NAME;
        const EFFECT: &'static str = R::EFFECT;
        type Operands = (In<Slot, V128>, Count16, Out<O, R::Out>);

        #[inline(always)]
        fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
            let (a, operands) = operands.read(m);
            let (lane, operands) = operands.read(m);
            operands.write(m, R::eval(a, lane.into()));
            Ok(())
        }
    }

    const fn shapes<R: Extract>() -> [OpDef; 2] {
        [
            OpDef::of::<ExtractOp<R, ToSlot>>(),
            OpDef::of::<ExtractOp<R, ToAcc>>(),
        ]
    }

    const KIND: Kind = Kind::Vector {
        inputs: ONE,
        constants: NONE,
        lane: true,
        number: true,
    };

    macro_rules! extracts {
        ($class:expr; $($(#[doc = $effect:literal])+ $Name:ident $name:literal $opcode:literal [$Lane:ty; $count:literal] -> $Out:ty;)+) => {
            $(
                #[doc = concat!("`", $name, "`:", $($effect),+)]
                #[derive(Debug)]
                pub struct $Name;

                impl Extract for $Name {
                    const NAME: &'static str = $name;
                    const EFFECT: &'static str = concat!($($effect),+);
                    const OPCODE: Opcode = Opcode($opcode);
                    type Out = $Out;
                    #[inline(always)]
                    fn eval(a: V128, lane: usize) -> $Out {
                        // Validation admits only numbers below the count.
                        <$Out>::from(<[$Lane; $count]>::split(a)[lane % $count])
                    }
                }
            )+

            crate::ops::vector::vector_rows! { @lists shapes, 2, KIND, $class; $($Name $opcode)+ }
        };
    }

    extracts! { Class::Integer;
        /// `dst ← a[lane]`, sign-extended
        I8x16ExtractLaneS "i8x16.extract_lane_s" 0xfd_0015 [i8; 16] -> i32;
        /// `dst ← a[lane]`, zero-extended
        I8x16ExtractLaneU "i8x16.extract_lane_u" 0xfd_0016 [u8; 16] -> u32;
        /// `dst ← a[lane]`, sign-extended
        I16x8ExtractLaneS "i16x8.extract_lane_s" 0xfd_0018 [i16; 8] -> i32;
        /// `dst ← a[lane]`, zero-extended
        I16x8ExtractLaneU "i16x8.extract_lane_u" 0xfd_0019 [u16; 8] -> u32;
        /// `dst ← a[lane]`
        I32x4ExtractLane "i32x4.extract_lane" 0xfd_001b [u32; 4] -> u32;
        /// `dst ← a[lane]`
        I64x2ExtractLane "i64x2.extract_lane" 0xfd_001d [u64; 2] -> u64;
    }

    /// Floats from a lane. Their accumulator is another one.
    pub mod float {
        use super::*;

        extracts! { Class::Float;
            /// `dst ← a[lane]`
            F32x4ExtractLane "f32x4.extract_lane" 0xfd_001f [f32; 4] -> f32;
            /// `dst ← a[lane]`
            F64x2ExtractLane "f64x2.extract_lane" 0xfd_0021 [f64; 2] -> f64;
        }
    }
}

/// Vectors with another number in one lane.
pub mod replace {
    use super::*;

    /// A vector, a number and the lane that it replaces.
    pub trait Replace {
        /// The instruction's name in the text format.
        const NAME: &'static str;
        /// What it does, in a line.
        const EFFECT: &'static str;
        /// The instruction's opcode (core specification, 5.4).
        const OPCODE: Opcode;
        /// The type of the number.
        type In: Value;
        /// The result.
        fn eval(a: V128, b: Self::In, lane: usize) -> V128;
    }

    /// `dst ← a` with b in a lane, for the row `R`.
    #[derive(Debug)]
    pub struct ReplaceOp<R>(PhantomData<R>);

    // SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
    unsafe impl<R: Replace> Op for ReplaceOp<R> {
        const NAME: &'static str = R::NAME;
        const EFFECT: &'static str = R::EFFECT;
        type Operands = (In<Slot, V128>, In<Slot, R::In>, Count16, Out<ToSlot, V128>);

        #[inline(always)]
        fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
            let (a, operands) = operands.read(m);
            let (b, operands) = operands.read(m);
            let (lane, operands) = operands.read(m);
            operands.write(m, R::eval(a, b, lane.into()));
            Ok(())
        }
    }

    const fn shapes<R: Replace>() -> [OpDef; 1] {
        [OpDef::of::<ReplaceOp<R>>()]
    }

    const KIND: Kind = Kind::Vector {
        inputs: WITH_NUMBER,
        constants: NONE,
        lane: true,
        number: false,
    };

    macro_rules! replaces {
        ($($(#[doc = $effect:literal])+ $Name:ident $name:literal $opcode:literal
           $In:ty => [$Lane:ty; $count:literal], |$b:ident| $value:expr;)+) => {
            $(
                #[doc = concat!("`", $name, "`:", $($effect),+)]
                #[derive(Debug)]
                pub struct $Name;

                impl Replace for $Name {
                    const NAME: &'static str = $name;
                    const EFFECT: &'static str = concat!($($effect),+);
                    const OPCODE: Opcode = Opcode($opcode);
                    type In = $In;
                    #[inline(always)]
                    fn eval(a: V128, $b: $In, lane: usize) -> V128 {
                        let mut lanes = <[$Lane; $count]>::split(a);
                        // Validation admits only numbers below the count.
                        lanes[lane % $count] = $value;
                        lanes.join()
                    }
                }
            )+

            crate::ops::vector::vector_rows! { @lists shapes, 1, KIND, Class::Vector; $($Name $opcode)+ }
        };
    }

    // `as` keeps the low bits.
    replaces! {
        /// `dst ← a` with b in lane `lane`
        I8x16ReplaceLane "i8x16.replace_lane" 0xfd_0017 u32 => [u8; 16], |b| b as u8;
        /// `dst ← a` with b in lane `lane`
        I16x8ReplaceLane "i16x8.replace_lane" 0xfd_001a u32 => [u16; 8], |b| b as u16;
        /// `dst ← a` with b in lane `lane`
        I32x4ReplaceLane "i32x4.replace_lane" 0xfd_001c u32 => [u32; 4], |b| b;
        /// `dst ← a` with b in lane `lane`
        I64x2ReplaceLane "i64x2.replace_lane" 0xfd_001e u64 => [u64; 2], |b| b;
        /// `dst ← a` with b in lane `lane`
        F32x4ReplaceLane "f32x4.replace_lane" 0xfd_0020 f32 => [f32; 4], |b| b;
        /// `dst ← a` with b in lane `lane`
        F64x2ReplaceLane "f64x2.replace_lane" 0xfd_0022 f64 => [f64; 2], |b| b;
    }
}

/// `dst ←` sixteen bytes of a and b, by their numbers: those of b begin at 16 (4.4.3 `i8x16.shuffle`).
#[derive(Debug)]
pub struct Shuffle;

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl Op for Shuffle {
    const NAME: &'static str = "i8x16.shuffle";
    const EFFECT: &'static str =
        "each lane of `dst ←` the lane of a or b with the number in the constant";
    type Operands = (
        In<Slot, V128>,
        In<Slot, V128>,
        In<Imm128, V128>,
        Out<ToSlot, V128>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (b, operands) = operands.read(m);
        let (numbers, operands) = operands.read(m);
        // Validation admits only numbers below 32.
        operands.write(m, V128(choose_of_two([a.0, b.0], numbers.0)));
        Ok(())
    }
}
