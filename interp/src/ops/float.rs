//! Float arithmetic with two inputs (core specification, 4.3.3 "Floating-Point Operations").

use super::binary::{Binary, eval_slots, float_shapes};
use super::float_math::{max32, max64, min32, min64};
use super::row::{Kind, Row, rows};
use crate::machine::Trap;

rows! { Binary: float_shapes, 6, Kind::Float, eval2: eval_slots;
    /// `dst ← a + b`
    F32Add "f32.add" 0x92 (a, b: f32) -> f32 { a + b }
    /// `dst ← a - b`
    F32Sub "f32.sub" 0x93 (a, b: f32) -> f32 { a - b }
    /// `dst ← a × b`
    F32Mul "f32.mul" 0x94 (a, b: f32) -> f32 { a * b }
    /// `dst ← a ÷ b`
    F32Div "f32.div" 0x95 (a, b: f32) -> f32 { a / b }
    /// `dst ←` the lesser; NaN if one is, -0 before +0
    F32Min "f32.min" 0x96 (a, b: f32) -> f32 { min32(a, b) }
    /// `dst ←` the greater; NaN if one is, +0 before -0
    F32Max "f32.max" 0x97 (a, b: f32) -> f32 { max32(a, b) }
    /// `dst ← a` with the sign of b
    F32Copysign "f32.copysign" 0x98 (a, b: f32) -> f32 { a.copysign(b) }
    /// `dst ← a + b`
    F64Add "f64.add" 0xa0 (a, b: f64) -> f64 { a + b }
    /// `dst ← a - b`
    F64Sub "f64.sub" 0xa1 (a, b: f64) -> f64 { a - b }
    /// `dst ← a × b`
    F64Mul "f64.mul" 0xa2 (a, b: f64) -> f64 { a * b }
    /// `dst ← a ÷ b`
    F64Div "f64.div" 0xa3 (a, b: f64) -> f64 { a / b }
    /// `dst ←` the lesser; NaN if one is, -0 before +0
    F64Min "f64.min" 0xa4 (a, b: f64) -> f64 { min64(a, b) }
    /// `dst ←` the greater; NaN if one is, +0 before -0
    F64Max "f64.max" 0xa5 (a, b: f64) -> f64 { max64(a, b) }
    /// `dst ← a` with the sign of b
    F64Copysign "f64.copysign" 0xa6 (a, b: f64) -> f64 { a.copysign(b) }
}
