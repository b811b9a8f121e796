//! Relaxed instructions. Each has the deterministic result that the specification lists (appendix "Profiles"), on all hosts.

use core::array;

use super::bits::{bitselect, swizzle};
use super::integer::q15mulr;
use super::{Lanes, lanes_of, map, zip};
use crate::machine::{Class, Trap, V128};
use crate::ops::float_math::{max32, max64, min32, min64};

/// Applies `of` to three lanes each.
#[inline(always)]
fn fused<A: Copy, const N: usize>(a: V128, b: V128, c: V128, of: impl Fn(A, A, A) -> A) -> V128
where
    [A; N]: Lanes,
{
    let [a, b, c] = [a, b, c].map(<[A; N]>::split);
    lanes_of(|lane| of(a[lane], b[lane], c[lane]))
}

/// The sums of two neighbouring products of signed bytes, modulo 2¹⁶.
#[inline(always)]
fn dot(a: V128, b: V128) -> [i16; 8] {
    let (a, b) = (<[i8; 16]>::split(a), <[i8; 16]>::split(b));
    let product = |lane: usize| i16::from(a[lane]) * i16::from(b[lane]);
    array::from_fn(|lane| product(2 * lane).wrapping_add(product(2 * lane + 1)))
}

/// The lanes of `c`, each plus two neighbouring sums of [`dot`].
#[inline(always)]
fn dot_add(a: V128, b: V128, c: V128) -> V128 {
    let (sums, c) = (dot(a, b), <[i32; 4]>::split(c));
    lanes_of(|lane| {
        let sum = i32::from(sums[2 * lane]) + i32::from(sums[2 * lane + 1]);
        sum.wrapping_add(c[lane])
    })
}

/// Instructions with one vector.
pub mod one {
    use super::*;
    use crate::ops::row::{Row, rows};
    use crate::ops::unary::Unary;
    use crate::ops::vector::{NONE, ONE, kind, one};

    // `as` truncates and saturates.
    rows! { Unary: one, 1, kind(ONE, NONE), eval0: none;
        /// each lane of `dst ← a` toward zero, signed, clamped; 0 for NaN
        I32x4RelaxedTruncF32x4S "i32x4.relaxed_trunc_f32x4_s" 0xfd_0101 (a: V128) -> V128 { map(a, |a: f32| a as i32) }
        /// each lane of `dst ← a` toward zero, clamped; 0 for NaN
        I32x4RelaxedTruncF32x4U "i32x4.relaxed_trunc_f32x4_u" 0xfd_0102 (a: V128) -> V128 { map(a, |a: f32| a as u32) }
        /// the lanes of a toward zero, signed, clamped; then two zeros
        I32x4RelaxedTruncF64x2SZero "i32x4.relaxed_trunc_f64x2_s_zero" 0xfd_0103 (a: V128) -> V128 { let [x, y] = <[f64; 2]>::split(a); [x as i32, y as i32, 0, 0].join() }
        /// the lanes of a toward zero, clamped; then two zeros
        I32x4RelaxedTruncF64x2UZero "i32x4.relaxed_trunc_f64x2_u_zero" 0xfd_0104 (a: V128) -> V128 { let [x, y] = <[f64; 2]>::split(a); [x as u32, y as u32, 0, 0].join() }
    }
}

/// Instructions with two vectors.
pub mod two {
    use super::*;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{NONE, TWO, kind, plain};

    rows! { Binary: plain, 1, kind(TWO, NONE), eval0: none;
        /// each lane of `dst ← a[b]`, 0 from 16 on
        I8x16RelaxedSwizzle "i8x16.relaxed_swizzle" 0xfd_0100 (a, b: V128) -> V128 { swizzle(a, b) }
        /// each lane of `dst ←` the lesser; NaN if one is, -0 before +0
        F32x4RelaxedMin "f32x4.relaxed_min" 0xfd_010d (a, b: V128) -> V128 { zip(a, b, min32) }
        /// each lane of `dst ←` the greater; NaN if one is, +0 before -0
        F32x4RelaxedMax "f32x4.relaxed_max" 0xfd_010e (a, b: V128) -> V128 { zip(a, b, max32) }
        /// each lane of `dst ←` the lesser; NaN if one is, -0 before +0
        F64x2RelaxedMin "f64x2.relaxed_min" 0xfd_010f (a, b: V128) -> V128 { zip(a, b, min64) }
        /// each lane of `dst ←` the greater; NaN if one is, +0 before -0
        F64x2RelaxedMax "f64x2.relaxed_max" 0xfd_0110 (a, b: V128) -> V128 { zip(a, b, max64) }
        /// each lane of `dst ← a × b` as fractions of 15 bits, rounded, clamped
        I16x8RelaxedQ15mulrS "i16x8.relaxed_q15mulr_s" 0xfd_0111 (a, b: V128) -> V128 { zip(a, b, q15mulr) }
        /// each lane of `dst ←` the sum of two neighbouring products, signed
        I16x8RelaxedDotI8x16I7x16S "i16x8.relaxed_dot_i8x16_i7x16_s" 0xfd_0112 (a, b: V128) -> V128 { dot(a, b).join() }
    }
}

/// Instructions with three vectors.
pub mod three {
    use super::*;
    use crate::ops::vector::{NONE, THREE, Ternary, kind, three, vector_rows};

    vector_rows! { Ternary: three, 1, kind(THREE, NONE);
        /// each lane of `dst ← a × b + c`, rounded once
        F32x4RelaxedMadd "f32x4.relaxed_madd" 0xfd_0105 (a: V128, b: V128, c: V128) -> V128 { fused(a, b, c, libm::fmaf) }
        /// each lane of `dst ← -a × b + c`, rounded once
        F32x4RelaxedNmadd "f32x4.relaxed_nmadd" 0xfd_0106 (a: V128, b: V128, c: V128) -> V128 { fused(a, b, c, |a: f32, b, c| libm::fmaf(-a, b, c)) }
        /// each lane of `dst ← a × b + c`, rounded once
        F64x2RelaxedMadd "f64x2.relaxed_madd" 0xfd_0107 (a: V128, b: V128, c: V128) -> V128 { fused(a, b, c, libm::fma) }
        /// each lane of `dst ← -a × b + c`, rounded once
        F64x2RelaxedNmadd "f64x2.relaxed_nmadd" 0xfd_0108 (a: V128, b: V128, c: V128) -> V128 { fused(a, b, c, |a: f64, b, c| libm::fma(-a, b, c)) }
        /// `dst ← a ∧ c ∨ b ∧ ¬c`
        I8x16RelaxedLaneselect "i8x16.relaxed_laneselect" 0xfd_0109 (a: V128, b: V128, c: V128) -> V128 { bitselect(a, b, c) }
        /// `dst ← a ∧ c ∨ b ∧ ¬c`
        I16x8RelaxedLaneselect "i16x8.relaxed_laneselect" 0xfd_010a (a: V128, b: V128, c: V128) -> V128 { bitselect(a, b, c) }
        /// `dst ← a ∧ c ∨ b ∧ ¬c`
        I32x4RelaxedLaneselect "i32x4.relaxed_laneselect" 0xfd_010b (a: V128, b: V128, c: V128) -> V128 { bitselect(a, b, c) }
        /// `dst ← a ∧ c ∨ b ∧ ¬c`
        I64x2RelaxedLaneselect "i64x2.relaxed_laneselect" 0xfd_010c (a: V128, b: V128, c: V128) -> V128 { bitselect(a, b, c) }
        /// each lane of `dst ← c` plus the sum of four neighbouring products, signed
        I32x4RelaxedDotI8x16I7x16AddS "i32x4.relaxed_dot_i8x16_i7x16_add_s" 0xfd_0113 (a: V128, b: V128, c: V128) -> V128 { dot_add(a, b, c) }
    }
}
