//! Conversions of lanes between integers and floats.

use super::{Lanes, NONE, ONE, kind, map, one};
use crate::machine::{Trap, V128};
use crate::ops::row::{Row, rows};
use crate::ops::unary::Unary;

// `as` is the meaning: conversions that round, or truncate and saturate.
rows! { Unary: one, 1, kind(ONE, NONE), eval0: none;
    /// each lane of `dst ← a` toward zero, signed, clamped; 0 for NaN
    I32x4TruncSatF32x4S "i32x4.trunc_sat_f32x4_s" 0xfd_00f8 (a: V128) -> V128 { map(a, |a: f32| a as i32) }
    /// each lane of `dst ← a` toward zero, clamped; 0 for NaN
    I32x4TruncSatF32x4U "i32x4.trunc_sat_f32x4_u" 0xfd_00f9 (a: V128) -> V128 { map(a, |a: f32| a as u32) }
    /// each lane of `dst ← a`, signed, rounded
    F32x4ConvertI32x4S "f32x4.convert_i32x4_s" 0xfd_00fa (a: V128) -> V128 { map(a, |a: i32| a as f32) }
    /// each lane of `dst ← a`, rounded
    F32x4ConvertI32x4U "f32x4.convert_i32x4_u" 0xfd_00fb (a: V128) -> V128 { map(a, |a: u32| a as f32) }
    /// the lanes of a toward zero, signed, clamped; then two zeros
    I32x4TruncSatF64x2SZero "i32x4.trunc_sat_f64x2_s_zero" 0xfd_00fc (a: V128) -> V128 { let [x, y] = <[f64; 2]>::split(a); [x as i32, y as i32, 0, 0].join() }
    /// the lanes of a toward zero, clamped; then two zeros
    I32x4TruncSatF64x2UZero "i32x4.trunc_sat_f64x2_u_zero" 0xfd_00fd (a: V128) -> V128 { let [x, y] = <[f64; 2]>::split(a); [x as u32, y as u32, 0, 0].join() }
    /// the low two lanes of a, signed
    F64x2ConvertLowI32x4S "f64x2.convert_low_i32x4_s" 0xfd_00fe (a: V128) -> V128 { let [x, y, ..] = <[i32; 4]>::split(a); [f64::from(x), f64::from(y)].join() }
    /// the low two lanes of a
    F64x2ConvertLowI32x4U "f64x2.convert_low_i32x4_u" 0xfd_00ff (a: V128) -> V128 { let [x, y, ..] = <[u32; 4]>::split(a); [f64::from(x), f64::from(y)].join() }
    /// the lanes of a, rounded; then two zeros
    F32x4DemoteF64x2Zero "f32x4.demote_f64x2_zero" 0xfd_005e (a: V128) -> V128 { let [x, y] = <[f64; 2]>::split(a); [x as f32, y as f32, 0.0, 0.0].join() }
    /// the low two lanes of a
    F64x2PromoteLowF32x4 "f64x2.promote_low_f32x4" 0xfd_005f (a: V128) -> V128 { let [x, y, ..] = <[f32; 4]>::split(a); [f64::from(x), f64::from(y)].join() }
}
