//! Vectors of 128 bits (core specification, 4.3.5 "Vector Operations").
//!
//! ```text
//!  ┌────┬───┬───┬─────┐   ┌────┬───┬──────┬─────┐    a and b are slots, for a vector the first of two;
//!  │ op │ a │ b │ dst │   │ op │ a │ lane │ dst │    the lane is a number in the code
//!  └────┴───┴───┴─────┘   └────┴───┴──────┴─────┘
//! ```
//!
//! Vectors are in slots only: they have no accumulator. So a row yields one op, or two if its output is a number. This is a prototype,
//! which shows that a row suffices for an instruction.

use core::array;
use core::marker::PhantomData;

use super::operand::Count16;
use super::row::{Kind, Opcode, Row, rows};
use super::shape::{In, Out, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Leave, Regs, Trap, V128, Value};

/// The lanes of 32 bits, lane 0 first.
#[inline(always)]
fn lanes32(V128(vector): V128) -> [u32; 4] {
    // `as` keeps the low bits: the lane.
    array::from_fn(|lane| (vector >> (32 * lane)) as u32)
}

/// The vector with these lanes, lane 0 first.
#[inline(always)]
fn of_lanes32(lanes: [u32; 4]) -> V128 {
    let [a, b, c, d] = lanes.map(u128::from);
    V128(a | b << 32 | c << 64 | d << 96)
}

/// Vectors from one value.
pub mod unary {
    use super::*;
    use crate::ops::unary::{Unary, UnaryOp};

    const fn shapes<R: Unary>() -> [OpDef; 1] {
        [OpDef::of::<UnaryOp<R, Slot, ToSlot>>()]
    }

    rows! { Unary: shapes, 1, Kind::VectorUnary, eval0: none;
        /// each lane of `dst ← a`
        I32x4Splat "i32x4.splat" 0xfd_0011 (a: u32) -> V128 { of_lanes32([a; 4]) }
    }
}

/// Vectors from two vectors.
pub mod binary {
    use super::*;
    use crate::ops::binary::{Binary, BinaryOp};

    const fn shapes<R: Binary>() -> [OpDef; 1] {
        [OpDef::of::<BinaryOp<R, Slot, Slot, ToSlot>>()]
    }

    rows! { Binary: shapes, 1, Kind::VectorBinary, eval0: none;
        /// each lane of `dst ← a + b`
        I32x4Add "i32x4.add" 0xfd_00ae (a, b: V128) -> V128 {
            let (a, b) = (lanes32(a), lanes32(b));
            of_lanes32(array::from_fn(|lane| a[lane].wrapping_add(b[lane])))
        }
    }
}

/// Numbers from a lane of a vector.
pub mod lane {
    use super::*;

    /// What an instruction with a vector and the number of a lane computes.
    pub trait Lane {
        /// The instruction's name in the text format.
        const NAME: &'static str;
        /// What it does, in a line.
        const EFFECT: &'static str;
        /// The instruction's opcode (core specification, 5.4).
        const OPCODE: Opcode;
        /// The type of the first input: a vector.
        type In: Value;
        /// The type of the lane.
        type Out: Value;
        /// The result.
        ///
        /// # Errors
        /// None: the result has the form of other rows.
        fn eval(a: Self::In, lane: usize) -> Result<Self::Out, Trap>;
    }

    /// `dst ← a[lane]` for the row `R`, output at `O`.
    #[derive(Debug)]
    pub struct LaneOp<R, O>(PhantomData<(R, O)>);

    // SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
    unsafe impl<R: Lane, O: Output> Op for LaneOp<R, O> {
        const NAME: &'static str = R::NAME;
        const EFFECT: &'static str = R::EFFECT;
        type Operands = (In<Slot, R::In>, Count16, Out<O, R::Out>);

        #[inline(always)]
        fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
            let (a, operands) = operands.read(m);
            let (lane, operands) = operands.read(m);
            operands.write(m, R::eval(a, lane.into())?);
            Ok(())
        }
    }

    const fn shapes<R: Lane>() -> [OpDef; 2] {
        [
            OpDef::of::<LaneOp<R, ToSlot>>(),
            OpDef::of::<LaneOp<R, ToAcc>>(),
        ]
    }

    /// Declares the rows: name, opcode, and the type and value of a lane.
    macro_rules! lanes {
        ($($(#[doc = $effect:literal])+ $Name:ident $name:literal $opcode:literal $Out:ty, $lanes:ident;)+) => {
            $(
                #[doc = concat!("`", $name, "`:", $($effect),+)]
                #[derive(Debug)]
                pub struct $Name;

                impl Lane for $Name {
                    const NAME: &'static str = $name;
                    const EFFECT: &'static str = concat!($($effect),+);
                    const OPCODE: Opcode = Opcode($opcode);
                    type In = V128;
                    type Out = $Out;
                    #[inline(always)]
                    fn eval(a: V128, lane: usize) -> Result<$Out, Trap> {
                        let lanes = $lanes(a);
                        // Validation admits the numbers of lanes only.
                        Ok(lanes[lane % lanes.len()])
                    }
                }
            )+

            /// The family's ops.
            pub const DEFS: &[OpDef] = &crate::ops::row::concat::<{ 2 * ROWS.len() }>(&[$(&shapes::<$Name>()),+]);

            /// The family's rows.
            pub const ROWS: &[Row] = {
                const OPCODES: &[u32] = &[$($opcode),+];
                &[$(Row {
                    opcode: Opcode($opcode),
                    kind: Kind::Lane,
                    first: crate::ops::row::first($opcode, OPCODES, 2),
                    eval: None,
                    class_in: <V128 as Value>::CLASS,
                    class_out: <$Out as Value>::CLASS,
                    is_32: false,
                }),+]
            };
        };
    }

    lanes! {
        /// `dst ← a[lane]`
        I32x4ExtractLane "i32x4.extract_lane" 0xfd_001b u32, lanes32;
    }
}
