//! Integer arithmetic on lanes.

use core::array;
use core::ops::{Add, Mul};

use super::{Lanes, lanes_of, map, zip};
use crate::dispatch::choose::signs;
use crate::machine::V128;

/// The sums of neighbouring lanes, which fit the wider lanes.
#[inline(always)]
fn pairwise<A: Copy, B: From<A> + Add<Output = B>, const N: usize, const M: usize>(a: V128) -> V128
where
    [A; N]: Lanes,
    [B; M]: Lanes,
{
    let a = <[A; N]>::split(a);
    lanes_of(|lane| B::from(a[2 * lane]) + B::from(a[2 * lane + 1]))
}

/// Half of the lanes, from number `first` on, as wider lanes.
#[inline(always)]
fn extend<A: Copy, B: From<A>, const N: usize, const M: usize>(a: V128, first: usize) -> V128
where
    [A; N]: Lanes,
    [B; M]: Lanes,
{
    let a = <[A; N]>::split(a);
    lanes_of(|lane| B::from(a[first + lane]))
}

/// The products of half of the lanes, from number `first` on. They fit the wider lanes.
#[inline(always)]
fn extmul<A: Copy, B: From<A> + Mul<Output = B>, const N: usize, const M: usize>(
    a: V128,
    b: V128,
    first: usize,
) -> V128
where
    [A; N]: Lanes,
    [B; M]: Lanes,
{
    let (a, b) = (<[A; N]>::split(a), <[A; N]>::split(b));
    lanes_of(|lane| B::from(a[first + lane]) * B::from(b[first + lane]))
}

/// The lanes of `a` and then those of `b`, each made narrower.
#[inline(always)]
fn narrow<A: Copy, B, const N: usize, const M: usize>(a: V128, b: V128, of: impl Fn(A) -> B) -> V128
where
    [A; N]: Lanes,
    [B; M]: Lanes,
{
    let (a, b) = (<[A; N]>::split(a), <[A; N]>::split(b));
    lanes_of(|lane| of(if lane < N { a[lane] } else { b[lane - N] }))
}

/// The sums of two neighbouring products of signed lanes.
#[inline(always)]
fn dot(a: V128, b: V128) -> V128 {
    let (a, b) = (<[i16; 8]>::split(a), <[i16; 8]>::split(b));
    let product: [i32; 8] = array::from_fn(|lane| i32::from(a[lane]) * i32::from(b[lane]));
    lanes_of(|lane| product[2 * lane].wrapping_add(product[2 * lane + 1]))
}

/// The product of two fractions of 15 bits, rounded and clamped.
#[inline(always)]
pub(super) fn q15mulr(a: i16, b: i16) -> i16 {
    let product = (i32::from(a) * i32::from(b) + 0x4000) >> 15;
    // Only (-1) × (-1) does not fit. `as` drops no bits then.
    product.min(i16::MAX.into()) as i16
}

/// The signs of the lanes, one bit each.
#[inline(always)]
fn bitmask<A: Copy + Default + PartialOrd, const N: usize>(a: V128) -> u32
where
    [A; N]: Lanes,
{
    let lanes = <[A; N]>::split(a).into_iter().enumerate();
    lanes.fold(0, |mask, (lane, value)| {
        mask | u32::from(value < A::default()) << lane
    })
}

/// Returns whether no lane is 0. All lanes are looked at, without branches.
#[inline(always)]
fn all_true<A: Copy + Default + PartialEq, const N: usize>(a: V128) -> bool
where
    [A; N]: Lanes,
{
    let lanes = <[A; N]>::split(a).into_iter();
    lanes.fold(true, |all, lane| all & (lane != A::default()))
}

/// The number of ones in each byte.
#[inline(always)]
fn popcnt(a: u64) -> u64 {
    const PAIRS: u64 = 0x5555_5555_5555_5555;
    const FOURS: u64 = 0x3333_3333_3333_3333;
    let pairs = a.wrapping_sub(a >> 1 & PAIRS);
    let fours = (pairs & FOURS) + (pairs >> 2 & FOURS);
    (fours + (fours >> 4)) & 0x0f0f_0f0f_0f0f_0f0f
}

/// Instructions with one vector.
pub mod one {
    use super::*;
    use crate::machine::Trap;
    use crate::ops::row::{Row, rows};
    use crate::ops::unary::Unary;
    use crate::ops::vector::{NONE, ONE, kind, one};

    // `as` keeps the low bits.
    rows! { Unary: one, 1, kind(ONE, NONE), eval0: none;
        /// each lane of `dst ← |a|`
        I8x16Abs "i8x16.abs" 0xfd_0060 (a: V128) -> V128 { map(a, i8::wrapping_abs) }
        /// each lane of `dst ← -a`
        I8x16Neg "i8x16.neg" 0xfd_0061 (a: V128) -> V128 { map(a, i8::wrapping_neg) }
        /// each lane of `dst ← |a|`
        I16x8Abs "i16x8.abs" 0xfd_0080 (a: V128) -> V128 { map(a, i16::wrapping_abs) }
        /// each lane of `dst ← -a`
        I16x8Neg "i16x8.neg" 0xfd_0081 (a: V128) -> V128 { map(a, i16::wrapping_neg) }
        /// each lane of `dst ← |a|`
        I32x4Abs "i32x4.abs" 0xfd_00a0 (a: V128) -> V128 { map(a, i32::wrapping_abs) }
        /// each lane of `dst ← -a`
        I32x4Neg "i32x4.neg" 0xfd_00a1 (a: V128) -> V128 { map(a, i32::wrapping_neg) }
        /// each lane of `dst ← |a|`
        I64x2Abs "i64x2.abs" 0xfd_00c0 (a: V128) -> V128 { map(a, i64::wrapping_abs) }
        /// each lane of `dst ← -a`
        I64x2Neg "i64x2.neg" 0xfd_00c1 (a: V128) -> V128 { map(a, i64::wrapping_neg) }
        /// each lane of `dst ←` one bits of a
        I8x16Popcnt "i8x16.popcnt" 0xfd_0062 (a: V128) -> V128 { map(a, popcnt) }
        /// each lane of `dst ←` the sum of two neighbouring lanes of a
        I16x8ExtaddPairwiseI8x16S "i16x8.extadd_pairwise_i8x16_s" 0xfd_007c (a: V128) -> V128 { pairwise::<i8, i16, 16, 8>(a) }
        /// each lane of `dst ←` the sum of two neighbouring lanes of a
        I16x8ExtaddPairwiseI8x16U "i16x8.extadd_pairwise_i8x16_u" 0xfd_007d (a: V128) -> V128 { pairwise::<u8, u16, 16, 8>(a) }
        /// each lane of `dst ←` the sum of two neighbouring lanes of a
        I32x4ExtaddPairwiseI16x8S "i32x4.extadd_pairwise_i16x8_s" 0xfd_007e (a: V128) -> V128 { pairwise::<i16, i32, 8, 4>(a) }
        /// each lane of `dst ←` the sum of two neighbouring lanes of a
        I32x4ExtaddPairwiseI16x8U "i32x4.extadd_pairwise_i16x8_u" 0xfd_007f (a: V128) -> V128 { pairwise::<u16, u32, 8, 4>(a) }
        /// each lane of `dst ←` a lane of the low half of a, sign-extended
        I16x8ExtendLowI8x16S "i16x8.extend_low_i8x16_s" 0xfd_0087 (a: V128) -> V128 { extend::<i8, i16, 16, 8>(a, 0) }
        /// each lane of `dst ←` a lane of the high half of a, sign-extended
        I16x8ExtendHighI8x16S "i16x8.extend_high_i8x16_s" 0xfd_0088 (a: V128) -> V128 { extend::<i8, i16, 16, 8>(a, 8) }
        /// each lane of `dst ←` a lane of the low half of a, zero-extended
        I16x8ExtendLowI8x16U "i16x8.extend_low_i8x16_u" 0xfd_0089 (a: V128) -> V128 { extend::<u8, u16, 16, 8>(a, 0) }
        /// each lane of `dst ←` a lane of the high half of a, zero-extended
        I16x8ExtendHighI8x16U "i16x8.extend_high_i8x16_u" 0xfd_008a (a: V128) -> V128 { extend::<u8, u16, 16, 8>(a, 8) }
        /// each lane of `dst ←` a lane of the low half of a, sign-extended
        I32x4ExtendLowI16x8S "i32x4.extend_low_i16x8_s" 0xfd_00a7 (a: V128) -> V128 { extend::<i16, i32, 8, 4>(a, 0) }
        /// each lane of `dst ←` a lane of the high half of a, sign-extended
        I32x4ExtendHighI16x8S "i32x4.extend_high_i16x8_s" 0xfd_00a8 (a: V128) -> V128 { extend::<i16, i32, 8, 4>(a, 4) }
        /// each lane of `dst ←` a lane of the low half of a, zero-extended
        I32x4ExtendLowI16x8U "i32x4.extend_low_i16x8_u" 0xfd_00a9 (a: V128) -> V128 { extend::<u16, u32, 8, 4>(a, 0) }
        /// each lane of `dst ←` a lane of the high half of a, zero-extended
        I32x4ExtendHighI16x8U "i32x4.extend_high_i16x8_u" 0xfd_00aa (a: V128) -> V128 { extend::<u16, u32, 8, 4>(a, 4) }
        /// each lane of `dst ←` a lane of the low half of a, sign-extended
        I64x2ExtendLowI32x4S "i64x2.extend_low_i32x4_s" 0xfd_00c7 (a: V128) -> V128 { extend::<i32, i64, 4, 2>(a, 0) }
        /// each lane of `dst ←` a lane of the high half of a, sign-extended
        I64x2ExtendHighI32x4S "i64x2.extend_high_i32x4_s" 0xfd_00c8 (a: V128) -> V128 { extend::<i32, i64, 4, 2>(a, 2) }
        /// each lane of `dst ←` a lane of the low half of a, zero-extended
        I64x2ExtendLowI32x4U "i64x2.extend_low_i32x4_u" 0xfd_00c9 (a: V128) -> V128 { extend::<u32, u64, 4, 2>(a, 0) }
        /// each lane of `dst ←` a lane of the high half of a, zero-extended
        I64x2ExtendHighI32x4U "i64x2.extend_high_i32x4_u" 0xfd_00ca (a: V128) -> V128 { extend::<u32, u64, 4, 2>(a, 2) }
    }
}

/// Instructions with two vectors, of which the second is often a constant.
pub mod two {
    use super::*;
    use crate::machine::Trap;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{SECOND, TWO, kind, two};

    rows! { Binary: two, 2, kind(TWO, SECOND), eval0: none;
        /// each lane of `dst ← a + b`
        I8x16Add "i8x16.add" 0xfd_006e (a, b: V128) -> V128 { zip(a, b, u8::wrapping_add) }
        /// each lane of `dst ← a - b`
        I8x16Sub "i8x16.sub" 0xfd_0071 (a, b: V128) -> V128 { zip(a, b, u8::wrapping_sub) }
        /// each lane of `dst ← a + b`
        I16x8Add "i16x8.add" 0xfd_008e (a, b: V128) -> V128 { zip(a, b, u16::wrapping_add) }
        /// each lane of `dst ← a - b`
        I16x8Sub "i16x8.sub" 0xfd_0091 (a, b: V128) -> V128 { zip(a, b, u16::wrapping_sub) }
        /// each lane of `dst ← a × b`
        I16x8Mul "i16x8.mul" 0xfd_0095 (a, b: V128) -> V128 { zip(a, b, u16::wrapping_mul) }
        /// each lane of `dst ← a + b`
        I32x4Add "i32x4.add" 0xfd_00ae (a, b: V128) -> V128 { zip(a, b, u32::wrapping_add) }
        /// each lane of `dst ← a - b`
        I32x4Sub "i32x4.sub" 0xfd_00b1 (a, b: V128) -> V128 { zip(a, b, u32::wrapping_sub) }
        /// each lane of `dst ← a × b`
        I32x4Mul "i32x4.mul" 0xfd_00b5 (a, b: V128) -> V128 { zip(a, b, u32::wrapping_mul) }
        /// each lane of `dst ← a + b`
        I64x2Add "i64x2.add" 0xfd_00ce (a, b: V128) -> V128 { zip(a, b, u64::wrapping_add) }
        /// each lane of `dst ← a - b`
        I64x2Sub "i64x2.sub" 0xfd_00d1 (a, b: V128) -> V128 { zip(a, b, u64::wrapping_sub) }
        /// each lane of `dst ← a × b`
        I64x2Mul "i64x2.mul" 0xfd_00d5 (a, b: V128) -> V128 { zip(a, b, u64::wrapping_mul) }
        /// each lane of `dst ← a + b`, clamped
        I8x16AddSatU "i8x16.add_sat_u" 0xfd_0070 (a, b: V128) -> V128 { zip(a, b, u8::saturating_add) }
        /// each lane of `dst ← a - b`, clamped
        I8x16SubSatU "i8x16.sub_sat_u" 0xfd_0073 (a, b: V128) -> V128 { zip(a, b, u8::saturating_sub) }
    }
}

/// The other instructions with two vectors.
pub mod plain {
    use super::*;
    use crate::machine::Trap;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{NONE, TWO, kind, plain};

    // `as` drops no bits after a limit.
    rows! { Binary: plain, 1, kind(TWO, NONE), eval0: none;
        /// each lane of `dst ← a + b`, signed, clamped
        I8x16AddSatS "i8x16.add_sat_s" 0xfd_006f (a, b: V128) -> V128 { zip(a, b, i8::saturating_add) }
        /// each lane of `dst ← a - b`, signed, clamped
        I8x16SubSatS "i8x16.sub_sat_s" 0xfd_0072 (a, b: V128) -> V128 { zip(a, b, i8::saturating_sub) }
        /// each lane of `dst ← a + b`, signed, clamped
        I16x8AddSatS "i16x8.add_sat_s" 0xfd_008f (a, b: V128) -> V128 { zip(a, b, i16::saturating_add) }
        /// each lane of `dst ← a + b`, clamped
        I16x8AddSatU "i16x8.add_sat_u" 0xfd_0090 (a, b: V128) -> V128 { zip(a, b, u16::saturating_add) }
        /// each lane of `dst ← a - b`, signed, clamped
        I16x8SubSatS "i16x8.sub_sat_s" 0xfd_0092 (a, b: V128) -> V128 { zip(a, b, i16::saturating_sub) }
        /// each lane of `dst ← a - b`, clamped
        I16x8SubSatU "i16x8.sub_sat_u" 0xfd_0093 (a, b: V128) -> V128 { zip(a, b, u16::saturating_sub) }
        /// each lane of `dst ←` the lesser, signed
        I8x16MinS "i8x16.min_s" 0xfd_0076 (a, b: V128) -> V128 { zip(a, b, i8::min) }
        /// each lane of `dst ←` the lesser
        I8x16MinU "i8x16.min_u" 0xfd_0077 (a, b: V128) -> V128 { zip(a, b, u8::min) }
        /// each lane of `dst ←` the greater, signed
        I8x16MaxS "i8x16.max_s" 0xfd_0078 (a, b: V128) -> V128 { zip(a, b, i8::max) }
        /// each lane of `dst ←` the greater
        I8x16MaxU "i8x16.max_u" 0xfd_0079 (a, b: V128) -> V128 { zip(a, b, u8::max) }
        /// each lane of `dst ←` the lesser, signed
        I16x8MinS "i16x8.min_s" 0xfd_0096 (a, b: V128) -> V128 { zip(a, b, i16::min) }
        /// each lane of `dst ←` the lesser
        I16x8MinU "i16x8.min_u" 0xfd_0097 (a, b: V128) -> V128 { zip(a, b, u16::min) }
        /// each lane of `dst ←` the greater, signed
        I16x8MaxS "i16x8.max_s" 0xfd_0098 (a, b: V128) -> V128 { zip(a, b, i16::max) }
        /// each lane of `dst ←` the greater
        I16x8MaxU "i16x8.max_u" 0xfd_0099 (a, b: V128) -> V128 { zip(a, b, u16::max) }
        /// each lane of `dst ←` the lesser, signed
        I32x4MinS "i32x4.min_s" 0xfd_00b6 (a, b: V128) -> V128 { zip(a, b, i32::min) }
        /// each lane of `dst ←` the lesser
        I32x4MinU "i32x4.min_u" 0xfd_00b7 (a, b: V128) -> V128 { zip(a, b, u32::min) }
        /// each lane of `dst ←` the greater, signed
        I32x4MaxS "i32x4.max_s" 0xfd_00b8 (a, b: V128) -> V128 { zip(a, b, i32::max) }
        /// each lane of `dst ←` the greater
        I32x4MaxU "i32x4.max_u" 0xfd_00b9 (a, b: V128) -> V128 { zip(a, b, u32::max) }
        /// each lane of `dst ←` the mean, rounded up
        I8x16AvgrU "i8x16.avgr_u" 0xfd_007b (a, b: V128) -> V128 { zip(a, b, |a: u8, b: u8| ((u16::from(a) + u16::from(b) + 1) >> 1) as u8) }
        /// each lane of `dst ←` the mean, rounded up
        I16x8AvgrU "i16x8.avgr_u" 0xfd_009b (a, b: V128) -> V128 { zip(a, b, |a: u16, b: u16| ((u32::from(a) + u32::from(b) + 1) >> 1) as u16) }
        /// each lane of `dst ← a × b` as fractions of 15 bits, rounded, clamped
        I16x8Q15mulrSatS "i16x8.q15mulr_sat_s" 0xfd_0082 (a, b: V128) -> V128 { zip(a, b, q15mulr) }
        /// each lane of `dst ←` the product of lanes of the low halves, signed
        I16x8ExtmulLowI8x16S "i16x8.extmul_low_i8x16_s" 0xfd_009c (a, b: V128) -> V128 { extmul::<i8, i16, 16, 8>(a, b, 0) }
        /// each lane of `dst ←` the product of lanes of the high halves, signed
        I16x8ExtmulHighI8x16S "i16x8.extmul_high_i8x16_s" 0xfd_009d (a, b: V128) -> V128 { extmul::<i8, i16, 16, 8>(a, b, 8) }
        /// each lane of `dst ←` the product of lanes of the low halves
        I16x8ExtmulLowI8x16U "i16x8.extmul_low_i8x16_u" 0xfd_009e (a, b: V128) -> V128 { extmul::<u8, u16, 16, 8>(a, b, 0) }
        /// each lane of `dst ←` the product of lanes of the high halves
        I16x8ExtmulHighI8x16U "i16x8.extmul_high_i8x16_u" 0xfd_009f (a, b: V128) -> V128 { extmul::<u8, u16, 16, 8>(a, b, 8) }
        /// each lane of `dst ←` the product of lanes of the low halves, signed
        I32x4ExtmulLowI16x8S "i32x4.extmul_low_i16x8_s" 0xfd_00bc (a, b: V128) -> V128 { extmul::<i16, i32, 8, 4>(a, b, 0) }
        /// each lane of `dst ←` the product of lanes of the high halves, signed
        I32x4ExtmulHighI16x8S "i32x4.extmul_high_i16x8_s" 0xfd_00bd (a, b: V128) -> V128 { extmul::<i16, i32, 8, 4>(a, b, 4) }
        /// each lane of `dst ←` the product of lanes of the low halves
        I32x4ExtmulLowI16x8U "i32x4.extmul_low_i16x8_u" 0xfd_00be (a, b: V128) -> V128 { extmul::<u16, u32, 8, 4>(a, b, 0) }
        /// each lane of `dst ←` the product of lanes of the high halves
        I32x4ExtmulHighI16x8U "i32x4.extmul_high_i16x8_u" 0xfd_00bf (a, b: V128) -> V128 { extmul::<u16, u32, 8, 4>(a, b, 4) }
        /// each lane of `dst ←` the product of lanes of the low halves, signed
        I64x2ExtmulLowI32x4S "i64x2.extmul_low_i32x4_s" 0xfd_00dc (a, b: V128) -> V128 { extmul::<i32, i64, 4, 2>(a, b, 0) }
        /// each lane of `dst ←` the product of lanes of the high halves, signed
        I64x2ExtmulHighI32x4S "i64x2.extmul_high_i32x4_s" 0xfd_00dd (a, b: V128) -> V128 { extmul::<i32, i64, 4, 2>(a, b, 2) }
        /// each lane of `dst ←` the product of lanes of the low halves
        I64x2ExtmulLowI32x4U "i64x2.extmul_low_i32x4_u" 0xfd_00de (a, b: V128) -> V128 { extmul::<u32, u64, 4, 2>(a, b, 0) }
        /// each lane of `dst ←` the product of lanes of the high halves
        I64x2ExtmulHighI32x4U "i64x2.extmul_high_i32x4_u" 0xfd_00df (a, b: V128) -> V128 { extmul::<u32, u64, 4, 2>(a, b, 2) }
        /// each lane of `dst ←` the sum of two neighbouring products, signed
        I32x4DotI16x8S "i32x4.dot_i16x8_s" 0xfd_00ba (a, b: V128) -> V128 { dot(a, b) }
        /// the lanes of a and then those of b, signed, clamped
        I8x16NarrowI16x8S "i8x16.narrow_i16x8_s" 0xfd_0065 (a, b: V128) -> V128 { narrow(a, b, |lane: i16| lane.clamp(i8::MIN.into(), i8::MAX.into()) as i8) }
        /// the lanes of a and then those of b, signed, clamped to numbers without a sign
        I8x16NarrowI16x8U "i8x16.narrow_i16x8_u" 0xfd_0066 (a, b: V128) -> V128 { narrow(a, b, |lane: i16| lane.clamp(u8::MIN.into(), u8::MAX.into()) as u8) }
        /// the lanes of a and then those of b, signed, clamped
        I16x8NarrowI32x4S "i16x8.narrow_i32x4_s" 0xfd_0085 (a, b: V128) -> V128 { narrow(a, b, |lane: i32| lane.clamp(i16::MIN.into(), i16::MAX.into()) as i16) }
        /// the lanes of a and then those of b, signed, clamped to numbers without a sign
        I16x8NarrowI32x4U "i16x8.narrow_i32x4_u" 0xfd_0086 (a, b: V128) -> V128 { narrow(a, b, |lane: i32| lane.clamp(u16::MIN.into(), u16::MAX.into()) as u16) }
    }
}

/// Instructions with a vector whose result is a number.
pub mod test {
    use super::*;
    use crate::dispatch::OpDef;
    use crate::machine::Trap;
    use crate::ops::Kind;
    use crate::ops::row::{Row, rows};
    use crate::ops::shape::{Slot, ToAcc, ToSlot};
    use crate::ops::unary::{Unary, UnaryOp};
    use crate::ops::vector::{NONE, ONE};

    const fn shapes<R: Unary>() -> [OpDef; 2] {
        [
            OpDef::of::<UnaryOp<R, Slot, ToSlot>>(),
            OpDef::of::<UnaryOp<R, Slot, ToAcc>>(),
        ]
    }

    const KIND: Kind = Kind::Vector {
        inputs: ONE,
        constants: NONE,
        lane: false,
        number: true,
    };

    rows! { Unary: shapes, 2, KIND, eval0: none;
        /// `dst ←` whether no lane of a is 0
        I8x16AllTrue "i8x16.all_true" 0xfd_0063 (a: V128) -> bool { all_true::<u8, 16>(a) }
        /// `dst ←` the signs of the lanes of a, one bit each
        I8x16Bitmask "i8x16.bitmask" 0xfd_0064 (a: V128) -> u32 { signs(a.0) }
        /// `dst ←` whether no lane of a is 0
        I16x8AllTrue "i16x8.all_true" 0xfd_0083 (a: V128) -> bool { all_true::<u16, 8>(a) }
        /// `dst ←` the signs of the lanes of a, one bit each
        I16x8Bitmask "i16x8.bitmask" 0xfd_0084 (a: V128) -> u32 { bitmask::<i16, 8>(a) }
        /// `dst ←` whether no lane of a is 0
        I32x4AllTrue "i32x4.all_true" 0xfd_00a3 (a: V128) -> bool { all_true::<u32, 4>(a) }
        /// `dst ←` the signs of the lanes of a, one bit each
        I32x4Bitmask "i32x4.bitmask" 0xfd_00a4 (a: V128) -> u32 { bitmask::<i32, 4>(a) }
        /// `dst ←` whether no lane of a is 0
        I64x2AllTrue "i64x2.all_true" 0xfd_00c3 (a: V128) -> bool { all_true::<u64, 2>(a) }
        /// `dst ←` the signs of the lanes of a, one bit each
        I64x2Bitmask "i64x2.bitmask" 0xfd_00c4 (a: V128) -> u32 { bitmask::<i64, 2>(a) }
        /// `dst ←` whether a bit of a is 1
        V128AnyTrue "v128.any_true" 0xfd_0053 (a: V128) -> bool { let [low, high] = <[u64; 2]>::split(a); low | high != 0 }
    }
}

/// Instructions with a vector and a number of bits.
pub mod shift {
    use super::*;
    use crate::machine::Class;
    use crate::ops::vector::{SECOND, Shift, WITH_NUMBER, kind, shift, vector_rows};

    vector_rows! { Shift: shift, 2, kind(WITH_NUMBER, SECOND);
        /// each lane of `dst ← a << (count mod 8)`
        I8x16Shl "i8x16.shl" 0xfd_006b (a: V128, count: u32) -> V128 { map(a, |a: u8| a.wrapping_shl(count)) }
        /// each lane of `dst ← a >> (count mod 8)`, keeping the sign
        I8x16ShrS "i8x16.shr_s" 0xfd_006c (a: V128, count: u32) -> V128 { map(a, |a: i8| a.wrapping_shr(count)) }
        /// each lane of `dst ← a >> (count mod 8)`
        I8x16ShrU "i8x16.shr_u" 0xfd_006d (a: V128, count: u32) -> V128 { map(a, |a: u8| a.wrapping_shr(count)) }
        /// each lane of `dst ← a << (count mod 16)`
        I16x8Shl "i16x8.shl" 0xfd_008b (a: V128, count: u32) -> V128 { map(a, |a: u16| a.wrapping_shl(count)) }
        /// each lane of `dst ← a >> (count mod 16)`, keeping the sign
        I16x8ShrS "i16x8.shr_s" 0xfd_008c (a: V128, count: u32) -> V128 { map(a, |a: i16| a.wrapping_shr(count)) }
        /// each lane of `dst ← a >> (count mod 16)`
        I16x8ShrU "i16x8.shr_u" 0xfd_008d (a: V128, count: u32) -> V128 { map(a, |a: u16| a.wrapping_shr(count)) }
        /// each lane of `dst ← a << (count mod 32)`
        I32x4Shl "i32x4.shl" 0xfd_00ab (a: V128, count: u32) -> V128 { map(a, |a: u32| a.wrapping_shl(count)) }
        /// each lane of `dst ← a >> (count mod 32)`, keeping the sign
        I32x4ShrS "i32x4.shr_s" 0xfd_00ac (a: V128, count: u32) -> V128 { map(a, |a: i32| a.wrapping_shr(count)) }
        /// each lane of `dst ← a >> (count mod 32)`
        I32x4ShrU "i32x4.shr_u" 0xfd_00ad (a: V128, count: u32) -> V128 { map(a, |a: u32| a.wrapping_shr(count)) }
        /// each lane of `dst ← a << (count mod 64)`
        I64x2Shl "i64x2.shl" 0xfd_00cb (a: V128, count: u32) -> V128 { map(a, |a: u64| a.wrapping_shl(count)) }
        /// each lane of `dst ← a >> (count mod 64)`, keeping the sign
        I64x2ShrS "i64x2.shr_s" 0xfd_00cc (a: V128, count: u32) -> V128 { map(a, |a: i64| a.wrapping_shr(count)) }
        /// each lane of `dst ← a >> (count mod 64)`
        I64x2ShrU "i64x2.shr_u" 0xfd_00cd (a: V128, count: u32) -> V128 { map(a, |a: u64| a.wrapping_shr(count)) }
    }
}
