//! Vectors of 128 bits (core specification, 4.3.5 "Vector Operations").
//!
//! ```text
//!  ┌────┬───┬───┬─────┐   ┌────┬───┬──────┬─────┐    a and b are slots, for a vector the first of two;
//!  │ op │ a │ b │ dst │   │ op │ a │ lane │ dst │    the lane is a number in the code
//!  └────┴───┴───┴─────┘   └────┴───┴──────┴─────┘
//! ```
//!
//! Vectors are in slots only: they have no accumulator. So a row yields one op, or two if its output is a number, and one more for each
//! input that may be a constant. That is the case where programs often have one: each such op is 230 bytes of a kernel. Rows compute with arrays of lanes, from which the compiler makes the processor's vector instructions.
//!
//! * this file: lanes, and how rows are declared;
//! * `integer.rs`, `float.rs`, `compare.rs`, `convert.rs`, `bits.rs`: what the instructions compute;
//! * `lane.rs`: instructions with numbers of lanes;
//! * `data.rs`: constants, copies, `select`, globals;
//! * `memory.rs`: loads and stores;
//! * `relaxed.rs`: the relaxed instructions;
//! * `chain.rs`: chains of instructions that became one op.

use core::array;
use core::marker::PhantomData;
use core::mem;

use super::operand::Count16;
use super::row::{Constants, Inputs, Opcode};
use super::shape::{Imm128, In, Out, Slot, ToSlot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Leave, Regs, V128};
use crate::ops::binary::{Binary, BinaryOp};
use crate::ops::unary::{Unary, UnaryOp};

pub mod bits;
pub mod chain;
pub mod compare;
pub mod convert;
pub mod data;
pub mod float;
pub mod integer;
pub mod lane;
pub mod memory;
pub mod relaxed;

/// Arrays of all lanes of a vector, lane 0 first.
pub(super) trait Lanes: Copy {
    /// The lanes of a vector.
    fn split(vector: V128) -> Self;
    /// The vector with these lanes.
    fn join(self) -> V128;
}

macro_rules! lanes {
    ($($Type:ident $count:literal,)*) => { $(
        impl Lanes for [$Type; $count] {
            #[inline(always)]
            #[allow(clippy::useless_transmute, reason = "the lanes may be bytes")]
            fn split(V128(bytes): V128) -> Self {
                // SAFETY: both are arrays of 16 bytes, and all bytes make numbers.
                let lanes = unsafe { mem::transmute::<[u8; 16], Self>(bytes) };
                if cfg!(target_endian = "little") {
                    return lanes;
                }
                lanes.map(|lane| $Type::from_le_bytes(lane.to_ne_bytes()))
            }
            #[inline(always)]
            #[allow(clippy::useless_transmute, reason = "the lanes may be bytes")]
            fn join(mut self) -> V128 {
                if cfg!(target_endian = "big") {
                    self = self.map(|lane| $Type::from_ne_bytes(lane.to_le_bytes()));
                }
                // SAFETY: as above.
                V128(unsafe { mem::transmute::<Self, [u8; 16]>(self) })
            }
        }
    )* };
}
lanes! { i8 16, u8 16, i16 8, u16 8, i32 4, u32 4, i64 2, u64 2, f32 4, f64 2, }

/// Applies `of` to each lane.
#[inline(always)]
pub(super) fn map<A, B, const N: usize>(a: V128, of: impl Fn(A) -> B) -> V128
where
    [A; N]: Lanes,
    [B; N]: Lanes,
{
    <[A; N]>::split(a).map(of).join()
}

/// Applies `of` to each pair of lanes.
#[inline(always)]
fn zip<A: Copy, B, const N: usize>(a: V128, b: V128, of: impl Fn(A, A) -> B) -> V128
where
    [A; N]: Lanes,
    [B; N]: Lanes,
{
    let (a, b) = (<[A; N]>::split(a), <[A; N]>::split(b));
    array::from_fn(|lane| of(a[lane], b[lane])).join()
}

/// The vector whose lanes are `of` their number.
#[inline(always)]
fn lanes_of<B, const N: usize>(of: impl Fn(usize) -> B) -> V128
where
    [B; N]: Lanes,
{
    array::from_fn(of).join()
}

/// A vector and a number of bits.
pub trait Shift {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The instruction's opcode (core specification, 5.4).
    const OPCODE: Opcode;
    /// The result.
    fn eval(a: V128, count: u32) -> V128;
}

/// Three vectors.
pub trait Ternary {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The instruction's opcode (core specification, 5.4).
    const OPCODE: Opcode;
    /// The result.
    fn eval(a: V128, b: V128, c: V128) -> V128;
}

/// `dst ← a` shifted, for the row `R`.
#[derive(Debug)]
pub struct ShiftOp<R>(PhantomData<R>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<R: Shift> Op for ShiftOp<R> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    type Operands = (In<Slot, V128>, In<Slot, u32>, Out<ToSlot, V128>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (count, operands) = operands.read(m);
        operands.write(m, R::eval(a, count));
        Ok(())
    }
}

/// `dst ← a` shifted by a constant, for the row `R`.
#[derive(Debug)]
pub struct ShiftByOp<R>(PhantomData<R>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<R: Shift> Op for ShiftByOp<R> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    type Operands = (In<Slot, V128>, Count16, Out<ToSlot, V128>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (count, operands) = operands.read(m);
        operands.write(m, R::eval(a, count.into()));
        Ok(())
    }
}

/// `dst` from three vectors, for the row `R`.
#[derive(Debug)]
pub struct TernaryOp<R>(PhantomData<R>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<R: Ternary> Op for TernaryOp<R> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
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
        let (c, operands) = operands.read(m);
        operands.write(m, R::eval(a, b, c));
        Ok(())
    }
}

/// The inputs that may be constants.
const NONE: Constants = Constants::None;
const SECOND: Constants = Constants::Second;
const EITHER: Constants = Constants::Either;
/// The inputs of rows.
const ONE: Inputs = Inputs::One;
const NUMBER: Inputs = Inputs::Number;
const TWO: Inputs = Inputs::Two;
const THREE: Inputs = Inputs::Three;
const WITH_NUMBER: Inputs = Inputs::WithNumber;

const fn one<R: Unary>() -> [OpDef; 1] {
    [OpDef::of::<UnaryOp<R, Slot, ToSlot>>()]
}

const fn two<R: Binary<In = V128>>() -> [OpDef; 2] {
    [
        OpDef::of::<BinaryOp<R, Slot, Slot, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Slot, Imm128, ToSlot>>(),
    ]
}

const fn plain<R: Binary<In = V128>>() -> [OpDef; 1] {
    [OpDef::of::<BinaryOp<R, Slot, Slot, ToSlot>>()]
}

const fn either<R: Binary<In = V128>>() -> [OpDef; 3] {
    [
        OpDef::of::<BinaryOp<R, Slot, Slot, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Slot, Imm128, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Imm128, Slot, ToSlot>>(),
    ]
}

const fn shift<R: Shift>() -> [OpDef; 2] {
    [OpDef::of::<ShiftOp<R>>(), OpDef::of::<ShiftByOp<R>>()]
}

const fn three<R: Ternary>() -> [OpDef; 1] {
    [OpDef::of::<TernaryOp<R>>()]
}

/// The kind of rows with these inputs, of which some may be constants, and a vector as their output.
const fn kind(inputs: Inputs, constants: Constants) -> super::Kind {
    super::Kind::Vector {
        inputs,
        constants,
        lane: false,
        number: false,
    }
}

/// Declares rows whose trait has a method `eval` with these arguments. `lane` tells whether the last argument is the number of a lane.
macro_rules! vector_rows {
    ($Trait:ident: $shapes:ident, $count:literal, $kind:expr;
     $($(#[doc = $effect:literal])+ $Name:ident $name:literal $opcode:literal
       ($($arg:ident: $In:ty),+) -> $Out:ty $body:block)+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            impl $Trait for $Name {
                const NAME: &'static str = $name;
                const EFFECT: &'static str = concat!($($effect),+);
                const OPCODE: crate::ops::Opcode = crate::ops::Opcode($opcode);
                #[inline(always)]
                fn eval($($arg: $In),+) -> $Out $body
            }
        )+

        crate::ops::vector::vector_rows! { @lists $shapes, $count, $kind, crate::machine::Class::Vector; $($Name $opcode)+ }
    };
    (@lists $shapes:ident, $count:expr, $kind:expr, $out:expr; $($Name:ident $opcode:literal)+) => {
        /// The family's ops.
        pub const DEFS: &[crate::dispatch::OpDef] =
            &crate::ops::row::concat::<{ ROWS.len() * $count }>(&[$(&$shapes::<$Name>()),+]);

        /// The family's rows.
        pub const ROWS: &[crate::ops::Row] = {
            const OPCODES: &[u32] = &[$($opcode),+];
            &[$(crate::ops::Row {
                opcode: crate::ops::Opcode($opcode),
                kind: $kind,
                first: crate::ops::row::first($opcode, OPCODES, $count),
                eval: None,
                class_in: Class::Vector,
                class_out: $out,
                is_32: false,
            }),+]
        };
    };
}
use vector_rows;
