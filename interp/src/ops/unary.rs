//! Ops with one input and one output: counting bits, rounding, conversions.
//!
//! ```text
//!  ┌────┬───┬─────┐    a is a slot, or nothing where the accumulator is read; dst only if the output
//!  │ op │ a │ dst │    has a slot
//!  └────┴───┴─────┘
//! ```
//!
//! Meanings: core specification, 4.3.2 to 4.3.4.

use core::marker::PhantomData;

use super::float_math::{
    ceil32, ceil64, floor32, floor64, nearest32, nearest64, sqrt32, sqrt64, trunc32, trunc64,
};
use super::row::{Kind, Opcode, Row, rows};
use super::shape::{Acc, In, Input, Out, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Leave, Regs, SlotValue, Trap, Value};

/// What an instruction with one input computes.
pub trait Unary {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The instruction's opcode (core specification, 5.4).
    const OPCODE: Opcode;
    /// The type of the input.
    type In: Value;
    /// The type of the output.
    type Out: Value;
    /// The result.
    ///
    /// # Errors
    /// The instruction's traps.
    fn eval(a: Self::In) -> Result<Self::Out, Trap>;
}

/// `dst ← ∘ a` with the operation `R`, input at `A`, output at `O`.
#[derive(Debug)]
pub struct UnaryOp<R, A, O>(PhantomData<(R, A, O)>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<R: Unary, A: Input<R::In>, O: Output> Op for UnaryOp<R, A, O> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    type Operands = (In<A, R::In>, Out<O, R::Out>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        operands.write(m, R::eval(a)?);
        Ok(())
    }
}

/// The ops of a row: input in a slot or in the accumulator, each with and without a slot for the output.
const fn shapes<R: Unary<In: SlotValue>>() -> [OpDef; 4] {
    [
        OpDef::of::<UnaryOp<R, Slot, ToSlot>>(),
        OpDef::of::<UnaryOp<R, Slot, ToAcc>>(),
        OpDef::of::<UnaryOp<R, Acc, ToSlot>>(),
        OpDef::of::<UnaryOp<R, Acc, ToAcc>>(),
    ]
}

/// [`Unary::eval`] on slots.
fn eval_slots<R: Unary<In: SlotValue, Out: SlotValue>>(a: u64) -> Result<u64, Trap> {
    R::eval(R::In::from_slot(a)).map(SlotValue::into_slot)
}

/// Checks that a float lies strictly between two bounds, so that its integer part fits.
macro_rules! in_range {
    ($x:ident > $low:expr, < $high:expr => $to:ty) => {{
        if $x.is_nan() {
            return Err(Trap::BadConversionToInteger);
        }
        if !($x > $low && $x < $high) {
            return Err(Trap::IntegerOverflow);
        }
        $x as $to
    }};
    ($x:ident >= $low:expr, < $high:expr => $to:ty) => {{
        if $x.is_nan() {
            return Err(Trap::BadConversionToInteger);
        }
        if !($low..$high).contains(&$x) {
            return Err(Trap::IntegerOverflow);
        }
        $x as $to
    }};
}

// `as` is the meaning throughout: conversions that truncate, extend, round or saturate.
rows! { Unary: shapes, 4, Kind::Unary, eval1: eval_slots;
    /// `dst ← a = 0`
    I32Eqz "i32.eqz" 0x45 (a: u32) -> bool { a == 0 }
    /// `dst ← a = 0`
    I64Eqz "i64.eqz" 0x50 (a: u64) -> bool { a == 0 }
    /// `dst ←` leading zero bits of a
    I32Clz "i32.clz" 0x67 (a: u32) -> u32 { a.leading_zeros() }
    /// `dst ←` trailing zero bits of a
    I32Ctz "i32.ctz" 0x68 (a: u32) -> u32 { a.trailing_zeros() }
    /// `dst ←` one bits of a
    I32Popcnt "i32.popcnt" 0x69 (a: u32) -> u32 { a.count_ones() }
    /// `dst ←` leading zero bits of a
    I64Clz "i64.clz" 0x79 (a: u64) -> u64 { u64::from(a.leading_zeros()) }
    /// `dst ←` trailing zero bits of a
    I64Ctz "i64.ctz" 0x7a (a: u64) -> u64 { u64::from(a.trailing_zeros()) }
    /// `dst ←` one bits of a
    I64Popcnt "i64.popcnt" 0x7b (a: u64) -> u64 { u64::from(a.count_ones()) }
    /// `dst ← |a|`
    F32Abs "f32.abs" 0x8b (a: f32) -> f32 { a.abs() }
    /// `dst ← -a`
    F32Neg "f32.neg" 0x8c (a: f32) -> f32 { -a }
    /// `dst ← ⌈a⌉`
    F32Ceil "f32.ceil" 0x8d (a: f32) -> f32 { ceil32(a) }
    /// `dst ← ⌊a⌋`
    F32Floor "f32.floor" 0x8e (a: f32) -> f32 { floor32(a) }
    /// `dst ← a` rounded toward zero
    F32Trunc "f32.trunc" 0x8f (a: f32) -> f32 { trunc32(a) }
    /// `dst ← a` rounded to the nearest, ties to even
    F32Nearest "f32.nearest" 0x90 (a: f32) -> f32 { nearest32(a) }
    /// `dst ← √a`
    F32Sqrt "f32.sqrt" 0x91 (a: f32) -> f32 { sqrt32(a) }
    /// `dst ← |a|`
    F64Abs "f64.abs" 0x99 (a: f64) -> f64 { a.abs() }
    /// `dst ← -a`
    F64Neg "f64.neg" 0x9a (a: f64) -> f64 { -a }
    /// `dst ← ⌈a⌉`
    F64Ceil "f64.ceil" 0x9b (a: f64) -> f64 { ceil64(a) }
    /// `dst ← ⌊a⌋`
    F64Floor "f64.floor" 0x9c (a: f64) -> f64 { floor64(a) }
    /// `dst ← a` rounded toward zero
    F64Trunc "f64.trunc" 0x9d (a: f64) -> f64 { trunc64(a) }
    /// `dst ← a` rounded to the nearest, ties to even
    F64Nearest "f64.nearest" 0x9e (a: f64) -> f64 { nearest64(a) }
    /// `dst ← √a`
    F64Sqrt "f64.sqrt" 0x9f (a: f64) -> f64 { sqrt64(a) }
    /// `dst ←` low 32 bits of a
    I32WrapI64 "i32.wrap_i64" 0xa7 (a: u64) -> u32 { a as u32 }
    /// `dst ← a` toward zero, signed; traps if it is NaN or does not fit
    I32TruncF32S "i32.trunc_f32_s" 0xa8 (a: f32) -> i32 { in_range!(a >= -2_147_483_648.0_f32, < 2_147_483_648.0 => i32) }
    /// `dst ← a` toward zero; traps if it is NaN or does not fit
    I32TruncF32U "i32.trunc_f32_u" 0xa9 (a: f32) -> u32 { in_range!(a > -1.0_f32, < 4_294_967_296.0 => u32) }
    /// `dst ← a` toward zero, signed; traps if it is NaN or does not fit
    I32TruncF64S "i32.trunc_f64_s" 0xaa (a: f64) -> i32 { in_range!(a > -2_147_483_649.0, < 2_147_483_648.0 => i32) }
    /// `dst ← a` toward zero; traps if it is NaN or does not fit
    I32TruncF64U "i32.trunc_f64_u" 0xab (a: f64) -> u32 { in_range!(a > -1.0, < 4_294_967_296.0 => u32) }
    /// `dst ← a`, sign-extended
    I64ExtendI32S "i64.extend_i32_s" 0xac (a: i32) -> i64 { i64::from(a) }
    /// `dst ← a`, zero-extended
    I64ExtendI32U "i64.extend_i32_u" 0xad (a: u32) -> u64 { u64::from(a) }
    /// `dst ← a` toward zero, signed; traps if it is NaN or does not fit
    I64TruncF32S "i64.trunc_f32_s" 0xae (a: f32) -> i64 { in_range!(a >= -9_223_372_036_854_775_808.0_f32, < 9_223_372_036_854_775_808.0 => i64) }
    /// `dst ← a` toward zero; traps if it is NaN or does not fit
    I64TruncF32U "i64.trunc_f32_u" 0xaf (a: f32) -> u64 { in_range!(a > -1.0_f32, < 18_446_744_073_709_551_616.0 => u64) }
    /// `dst ← a` toward zero, signed; traps if it is NaN or does not fit
    I64TruncF64S "i64.trunc_f64_s" 0xb0 (a: f64) -> i64 { in_range!(a >= -9_223_372_036_854_775_808.0, < 9_223_372_036_854_775_808.0 => i64) }
    /// `dst ← a` toward zero; traps if it is NaN or does not fit
    I64TruncF64U "i64.trunc_f64_u" 0xb1 (a: f64) -> u64 { in_range!(a > -1.0, < 18_446_744_073_709_551_616.0 => u64) }
    /// `dst ← a`, signed, rounded
    F32ConvertI32S "f32.convert_i32_s" 0xb2 (a: i32) -> f32 { a as f32 }
    /// `dst ← a`, rounded
    F32ConvertI32U "f32.convert_i32_u" 0xb3 (a: u32) -> f32 { a as f32 }
    /// `dst ← a`, signed, rounded
    F32ConvertI64S "f32.convert_i64_s" 0xb4 (a: i64) -> f32 { a as f32 }
    /// `dst ← a`, rounded
    F32ConvertI64U "f32.convert_i64_u" 0xb5 (a: u64) -> f32 { a as f32 }
    /// `dst ← a`, rounded
    F32DemoteF64 "f32.demote_f64" 0xb6 (a: f64) -> f32 { a as f32 }
    /// `dst ← a`, signed
    F64ConvertI32S "f64.convert_i32_s" 0xb7 (a: i32) -> f64 { f64::from(a) }
    /// `dst ← a`
    F64ConvertI32U "f64.convert_i32_u" 0xb8 (a: u32) -> f64 { f64::from(a) }
    /// `dst ← a`, signed, rounded
    F64ConvertI64S "f64.convert_i64_s" 0xb9 (a: i64) -> f64 { a as f64 }
    /// `dst ← a`, rounded
    F64ConvertI64U "f64.convert_i64_u" 0xba (a: u64) -> f64 { a as f64 }
    /// `dst ← a`
    F64PromoteF32 "f64.promote_f32" 0xbb (a: f32) -> f64 { f64::from(a) }
    /// `dst ←` the low 8 bits of a, sign-extended
    I32Extend8S "i32.extend8_s" 0xc0 (a: u32) -> i32 { i32::from(a as i8) }
    /// `dst ←` the low 16 bits of a, sign-extended
    I32Extend16S "i32.extend16_s" 0xc1 (a: u32) -> i32 { i32::from(a as i16) }
    /// `dst ←` the low 8 bits of a, sign-extended
    I64Extend8S "i64.extend8_s" 0xc2 (a: u64) -> i64 { i64::from(a as i8) }
    /// `dst ←` the low 16 bits of a, sign-extended
    I64Extend16S "i64.extend16_s" 0xc3 (a: u64) -> i64 { i64::from(a as i16) }
    /// `dst ←` the low 32 bits of a, sign-extended
    I64Extend32S "i64.extend32_s" 0xc4 (a: u64) -> i64 { i64::from(a as i32) }
    /// `dst ← a` toward zero, signed, clamped; 0 for NaN
    I32TruncSatF32S "i32.trunc_sat_f32_s" 0xfc_0000 (a: f32) -> i32 { a as i32 }
    /// `dst ← a` toward zero, clamped; 0 for NaN
    I32TruncSatF32U "i32.trunc_sat_f32_u" 0xfc_0001 (a: f32) -> u32 { a as u32 }
    /// `dst ← a` toward zero, signed, clamped; 0 for NaN
    I32TruncSatF64S "i32.trunc_sat_f64_s" 0xfc_0002 (a: f64) -> i32 { a as i32 }
    /// `dst ← a` toward zero, clamped; 0 for NaN
    I32TruncSatF64U "i32.trunc_sat_f64_u" 0xfc_0003 (a: f64) -> u32 { a as u32 }
    /// `dst ← a` toward zero, signed, clamped; 0 for NaN
    I64TruncSatF32S "i64.trunc_sat_f32_s" 0xfc_0004 (a: f32) -> i64 { a as i64 }
    /// `dst ← a` toward zero, clamped; 0 for NaN
    I64TruncSatF32U "i64.trunc_sat_f32_u" 0xfc_0005 (a: f32) -> u64 { a as u64 }
    /// `dst ← a` toward zero, signed, clamped; 0 for NaN
    I64TruncSatF64S "i64.trunc_sat_f64_s" 0xfc_0006 (a: f64) -> i64 { a as i64 }
    /// `dst ← a` toward zero, clamped; 0 for NaN
    I64TruncSatF64U "i64.trunc_sat_f64_u" 0xfc_0007 (a: f64) -> u64 { a as u64 }
}
