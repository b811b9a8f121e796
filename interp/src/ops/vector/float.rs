//! Float arithmetic on lanes.

use super::{map, zip};
use crate::machine::{Trap, V128};
use crate::ops::float_math::{
    ceil32, ceil64, floor32, floor64, max32, max64, min32, min64, nearest32, nearest64, sqrt32,
    sqrt64, trunc32, trunc64,
};

/// Instructions with one vector.
pub mod one {
    use super::*;
    use crate::ops::row::{Row, rows};
    use crate::ops::unary::Unary;
    use crate::ops::vector::{NONE, ONE, kind, one};

    rows! { Unary: one, 1, kind(ONE, NONE), eval0: none;
        /// each lane of `dst ← |a|`
        F32x4Abs "f32x4.abs" 0xfd_00e0 (a: V128) -> V128 { map(a, f32::abs) }
        /// each lane of `dst ← -a`
        F32x4Neg "f32x4.neg" 0xfd_00e1 (a: V128) -> V128 { map(a, |a: f32| -a) }
        /// each lane of `dst ← √a`
        F32x4Sqrt "f32x4.sqrt" 0xfd_00e3 (a: V128) -> V128 { map(a, sqrt32) }
        /// each lane of `dst ← |a|`
        F64x2Abs "f64x2.abs" 0xfd_00ec (a: V128) -> V128 { map(a, f64::abs) }
        /// each lane of `dst ← -a`
        F64x2Neg "f64x2.neg" 0xfd_00ed (a: V128) -> V128 { map(a, |a: f64| -a) }
        /// each lane of `dst ← √a`
        F64x2Sqrt "f64x2.sqrt" 0xfd_00ef (a: V128) -> V128 { map(a, sqrt64) }
        /// each lane of `dst ← ⌈a⌉`
        F32x4Ceil "f32x4.ceil" 0xfd_0067 (a: V128) -> V128 { map(a, ceil32) }
        /// each lane of `dst ← ⌊a⌋`
        F32x4Floor "f32x4.floor" 0xfd_0068 (a: V128) -> V128 { map(a, floor32) }
        /// each lane of `dst ← a` rounded toward zero
        F32x4Trunc "f32x4.trunc" 0xfd_0069 (a: V128) -> V128 { map(a, trunc32) }
        /// each lane of `dst ← a` rounded to the nearest, ties to even
        F32x4Nearest "f32x4.nearest" 0xfd_006a (a: V128) -> V128 { map(a, nearest32) }
        /// each lane of `dst ← ⌈a⌉`
        F64x2Ceil "f64x2.ceil" 0xfd_0074 (a: V128) -> V128 { map(a, ceil64) }
        /// each lane of `dst ← ⌊a⌋`
        F64x2Floor "f64x2.floor" 0xfd_0075 (a: V128) -> V128 { map(a, floor64) }
        /// each lane of `dst ← a` rounded toward zero
        F64x2Trunc "f64x2.trunc" 0xfd_007a (a: V128) -> V128 { map(a, trunc64) }
        /// each lane of `dst ← a` rounded to the nearest, ties to even
        F64x2Nearest "f64x2.nearest" 0xfd_0094 (a: V128) -> V128 { map(a, nearest64) }
    }
}

/// Instructions with two vectors, of which the second is often a constant.
pub mod two {
    use super::*;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{SECOND, TWO, kind, two};

    rows! { Binary: two, 2, kind(TWO, SECOND), eval0: none;
        /// each lane of `dst ← a + b`
        F32x4Add "f32x4.add" 0xfd_00e4 (a, b: V128) -> V128 { zip(a, b, |a: f32, b: f32| a + b) }
        /// each lane of `dst ← a - b`
        F32x4Sub "f32x4.sub" 0xfd_00e5 (a, b: V128) -> V128 { zip(a, b, |a: f32, b: f32| a - b) }
        /// each lane of `dst ← a × b`
        F32x4Mul "f32x4.mul" 0xfd_00e6 (a, b: V128) -> V128 { zip(a, b, |a: f32, b: f32| a * b) }
        /// each lane of `dst ← a ÷ b`
        F32x4Div "f32x4.div" 0xfd_00e7 (a, b: V128) -> V128 { zip(a, b, |a: f32, b: f32| a / b) }
        /// each lane of `dst ← a + b`
        F64x2Add "f64x2.add" 0xfd_00f0 (a, b: V128) -> V128 { zip(a, b, |a: f64, b: f64| a + b) }
        /// each lane of `dst ← a - b`
        F64x2Sub "f64x2.sub" 0xfd_00f1 (a, b: V128) -> V128 { zip(a, b, |a: f64, b: f64| a - b) }
        /// each lane of `dst ← a × b`
        F64x2Mul "f64x2.mul" 0xfd_00f2 (a, b: V128) -> V128 { zip(a, b, |a: f64, b: f64| a * b) }
        /// each lane of `dst ← a ÷ b`
        F64x2Div "f64x2.div" 0xfd_00f3 (a, b: V128) -> V128 { zip(a, b, |a: f64, b: f64| a / b) }
    }
}

/// The other instructions with two vectors.
pub mod plain {
    use super::*;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{NONE, TWO, kind, plain};

    rows! { Binary: plain, 1, kind(TWO, NONE), eval0: none;
        /// each lane of `dst ←` the lesser; NaN if one is, -0 before +0
        F32x4Min "f32x4.min" 0xfd_00e8 (a, b: V128) -> V128 { zip(a, b, min32) }
        /// each lane of `dst ←` the greater; NaN if one is, +0 before -0
        F32x4Max "f32x4.max" 0xfd_00e9 (a, b: V128) -> V128 { zip(a, b, max32) }
        /// each lane of `dst ← b < a ? b : a`
        F32x4Pmin "f32x4.pmin" 0xfd_00ea (a, b: V128) -> V128 { zip(a, b, |a: f32, b: f32| if b < a { b } else { a }) }
        /// each lane of `dst ← a < b ? b : a`
        F32x4Pmax "f32x4.pmax" 0xfd_00eb (a, b: V128) -> V128 { zip(a, b, |a: f32, b: f32| if a < b { b } else { a }) }
        /// each lane of `dst ←` the lesser; NaN if one is, -0 before +0
        F64x2Min "f64x2.min" 0xfd_00f4 (a, b: V128) -> V128 { zip(a, b, min64) }
        /// each lane of `dst ←` the greater; NaN if one is, +0 before -0
        F64x2Max "f64x2.max" 0xfd_00f5 (a, b: V128) -> V128 { zip(a, b, max64) }
        /// each lane of `dst ← b < a ? b : a`
        F64x2Pmin "f64x2.pmin" 0xfd_00f6 (a, b: V128) -> V128 { zip(a, b, |a: f64, b: f64| if b < a { b } else { a }) }
        /// each lane of `dst ← a < b ? b : a`
        F64x2Pmax "f64x2.pmax" 0xfd_00f7 (a, b: V128) -> V128 { zip(a, b, |a: f64, b: f64| if a < b { b } else { a }) }
    }
}
