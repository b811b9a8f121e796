//! Comparisons of lanes. The result of a lane is all bits, or none.

use super::{Lanes, lanes_of};
use crate::machine::{Trap, V128};

/// A type of lanes that are compared.
trait Compared: Copy {
    /// The number with all bits, or none.
    fn mask(holds: bool) -> Self;
}

macro_rules! compared {
    ($($Type:ident |$holds:ident| $mask:expr;)*) => { $(
        impl Compared for $Type {
            #[inline(always)]
            fn mask($holds: bool) -> Self {
                $mask
            }
        }
    )* };
}

compared! {
    i8 |holds| -i8::from(holds);
    u8 |holds| u8::from(holds).wrapping_neg();
    i16 |holds| -i16::from(holds);
    u16 |holds| u16::from(holds).wrapping_neg();
    i32 |holds| -i32::from(holds);
    u32 |holds| u32::from(holds).wrapping_neg();
    i64 |holds| -i64::from(holds);
    f32 |holds| f32::from_bits(u32::from(holds).wrapping_neg());
    f64 |holds| f64::from_bits(u64::from(holds).wrapping_neg());
}

/// Compares each pair of lanes.
#[inline(always)]
fn compare<A: Compared, const N: usize>(a: V128, b: V128, holds: impl Fn(A, A) -> bool) -> V128
where
    [A; N]: Lanes,
{
    let (a, b) = (<[A; N]>::split(a), <[A; N]>::split(b));
    lanes_of(|lane| A::mask(holds(a[lane], b[lane])))
}

/// Comparisons that programs often make with a constant.
pub mod constant {
    use super::*;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{SECOND, TWO, kind, two};

    rows! { Binary: two, 2, kind(TWO, SECOND), eval0: none;
        /// each lane of `dst ← a = b`: all bits or none
        I8x16Eq "i8x16.eq" 0xfd_0023 (a, b: V128) -> V128 { compare::<u8, 16>(a, b, |a, b| a == b) }
        /// each lane of `dst ← a ≠ b`: all bits or none
        I8x16Ne "i8x16.ne" 0xfd_0024 (a, b: V128) -> V128 { compare::<u8, 16>(a, b, |a, b| a != b) }
        /// each lane of `dst ← a < b`: all bits or none, signed
        I8x16LtS "i8x16.lt_s" 0xfd_0025 (a, b: V128) -> V128 { compare::<i8, 16>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a < b`: all bits or none
        I8x16LtU "i8x16.lt_u" 0xfd_0026 (a, b: V128) -> V128 { compare::<u8, 16>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a > b`: all bits or none, signed
        I8x16GtS "i8x16.gt_s" 0xfd_0027 (a, b: V128) -> V128 { compare::<i8, 16>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a > b`: all bits or none
        I8x16GtU "i8x16.gt_u" 0xfd_0028 (a, b: V128) -> V128 { compare::<u8, 16>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a = b`: all bits or none
        I32x4Eq "i32x4.eq" 0xfd_0037 (a, b: V128) -> V128 { compare::<u32, 4>(a, b, |a, b| a == b) }
        /// each lane of `dst ← a ≠ b`: all bits or none
        I32x4Ne "i32x4.ne" 0xfd_0038 (a, b: V128) -> V128 { compare::<u32, 4>(a, b, |a, b| a != b) }
        /// each lane of `dst ← a < b`: all bits or none
        I32x4LtU "i32x4.lt_u" 0xfd_003a (a, b: V128) -> V128 { compare::<u32, 4>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a ≥ b`: all bits or none
        I32x4GeU "i32x4.ge_u" 0xfd_0040 (a, b: V128) -> V128 { compare::<u32, 4>(a, b, |a, b| a >= b) }
        /// each lane of `dst ← a ≥ b`: all bits or none
        F32x4Ge "f32x4.ge" 0xfd_0046 (a, b: V128) -> V128 { compare::<f32, 4>(a, b, |a, b| a >= b) }
        /// each lane of `dst ← a ≥ b`: all bits or none
        F64x2Ge "f64x2.ge" 0xfd_004c (a, b: V128) -> V128 { compare::<f64, 2>(a, b, |a, b| a >= b) }
    }
}

/// The other comparisons.
pub mod plain {
    use super::*;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{NONE, TWO, kind, plain};

    rows! { Binary: plain, 1, kind(TWO, NONE), eval0: none;
        /// each lane of `dst ← a ≤ b`: all bits or none, signed
        I8x16LeS "i8x16.le_s" 0xfd_0029 (a, b: V128) -> V128 { compare::<i8, 16>(a, b, |a, b| a <= b) }
        /// each lane of `dst ← a ≤ b`: all bits or none
        I8x16LeU "i8x16.le_u" 0xfd_002a (a, b: V128) -> V128 { compare::<u8, 16>(a, b, |a, b| a <= b) }
        /// each lane of `dst ← a ≥ b`: all bits or none, signed
        I8x16GeS "i8x16.ge_s" 0xfd_002b (a, b: V128) -> V128 { compare::<i8, 16>(a, b, |a, b| a >= b) }
        /// each lane of `dst ← a ≥ b`: all bits or none
        I8x16GeU "i8x16.ge_u" 0xfd_002c (a, b: V128) -> V128 { compare::<u8, 16>(a, b, |a, b| a >= b) }
        /// each lane of `dst ← a = b`: all bits or none
        I16x8Eq "i16x8.eq" 0xfd_002d (a, b: V128) -> V128 { compare::<u16, 8>(a, b, |a, b| a == b) }
        /// each lane of `dst ← a ≠ b`: all bits or none
        I16x8Ne "i16x8.ne" 0xfd_002e (a, b: V128) -> V128 { compare::<u16, 8>(a, b, |a, b| a != b) }
        /// each lane of `dst ← a < b`: all bits or none, signed
        I16x8LtS "i16x8.lt_s" 0xfd_002f (a, b: V128) -> V128 { compare::<i16, 8>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a < b`: all bits or none
        I16x8LtU "i16x8.lt_u" 0xfd_0030 (a, b: V128) -> V128 { compare::<u16, 8>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a > b`: all bits or none, signed
        I16x8GtS "i16x8.gt_s" 0xfd_0031 (a, b: V128) -> V128 { compare::<i16, 8>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a > b`: all bits or none
        I16x8GtU "i16x8.gt_u" 0xfd_0032 (a, b: V128) -> V128 { compare::<u16, 8>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a ≤ b`: all bits or none, signed
        I16x8LeS "i16x8.le_s" 0xfd_0033 (a, b: V128) -> V128 { compare::<i16, 8>(a, b, |a, b| a <= b) }
        /// each lane of `dst ← a ≤ b`: all bits or none
        I16x8LeU "i16x8.le_u" 0xfd_0034 (a, b: V128) -> V128 { compare::<u16, 8>(a, b, |a, b| a <= b) }
        /// each lane of `dst ← a ≥ b`: all bits or none, signed
        I16x8GeS "i16x8.ge_s" 0xfd_0035 (a, b: V128) -> V128 { compare::<i16, 8>(a, b, |a, b| a >= b) }
        /// each lane of `dst ← a ≥ b`: all bits or none
        I16x8GeU "i16x8.ge_u" 0xfd_0036 (a, b: V128) -> V128 { compare::<u16, 8>(a, b, |a, b| a >= b) }
        /// each lane of `dst ← a < b`: all bits or none, signed
        I32x4LtS "i32x4.lt_s" 0xfd_0039 (a, b: V128) -> V128 { compare::<i32, 4>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a > b`: all bits or none, signed
        I32x4GtS "i32x4.gt_s" 0xfd_003b (a, b: V128) -> V128 { compare::<i32, 4>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a > b`: all bits or none
        I32x4GtU "i32x4.gt_u" 0xfd_003c (a, b: V128) -> V128 { compare::<u32, 4>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a ≤ b`: all bits or none, signed
        I32x4LeS "i32x4.le_s" 0xfd_003d (a, b: V128) -> V128 { compare::<i32, 4>(a, b, |a, b| a <= b) }
        /// each lane of `dst ← a ≤ b`: all bits or none
        I32x4LeU "i32x4.le_u" 0xfd_003e (a, b: V128) -> V128 { compare::<u32, 4>(a, b, |a, b| a <= b) }
        /// each lane of `dst ← a ≥ b`: all bits or none, signed
        I32x4GeS "i32x4.ge_s" 0xfd_003f (a, b: V128) -> V128 { compare::<i32, 4>(a, b, |a, b| a >= b) }
        /// each lane of `dst ← a = b`: all bits or none
        I64x2Eq "i64x2.eq" 0xfd_00d6 (a, b: V128) -> V128 { compare::<i64, 2>(a, b, |a, b| a == b) }
        /// each lane of `dst ← a ≠ b`: all bits or none
        I64x2Ne "i64x2.ne" 0xfd_00d7 (a, b: V128) -> V128 { compare::<i64, 2>(a, b, |a, b| a != b) }
        /// each lane of `dst ← a < b`: all bits or none, signed
        I64x2LtS "i64x2.lt_s" 0xfd_00d8 (a, b: V128) -> V128 { compare::<i64, 2>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a > b`: all bits or none, signed
        I64x2GtS "i64x2.gt_s" 0xfd_00d9 (a, b: V128) -> V128 { compare::<i64, 2>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a ≤ b`: all bits or none, signed
        I64x2LeS "i64x2.le_s" 0xfd_00da (a, b: V128) -> V128 { compare::<i64, 2>(a, b, |a, b| a <= b) }
        /// each lane of `dst ← a ≥ b`: all bits or none, signed
        I64x2GeS "i64x2.ge_s" 0xfd_00db (a, b: V128) -> V128 { compare::<i64, 2>(a, b, |a, b| a >= b) }
        /// each lane of `dst ← a = b`: all bits or none
        F32x4Eq "f32x4.eq" 0xfd_0041 (a, b: V128) -> V128 { compare::<f32, 4>(a, b, |a, b| a == b) }
        /// each lane of `dst ← a ≠ b`: all bits or none
        F32x4Ne "f32x4.ne" 0xfd_0042 (a, b: V128) -> V128 { compare::<f32, 4>(a, b, |a, b| a != b) }
        /// each lane of `dst ← a < b`: all bits or none
        F32x4Lt "f32x4.lt" 0xfd_0043 (a, b: V128) -> V128 { compare::<f32, 4>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a > b`: all bits or none
        F32x4Gt "f32x4.gt" 0xfd_0044 (a, b: V128) -> V128 { compare::<f32, 4>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a ≤ b`: all bits or none
        F32x4Le "f32x4.le" 0xfd_0045 (a, b: V128) -> V128 { compare::<f32, 4>(a, b, |a, b| a <= b) }
        /// each lane of `dst ← a = b`: all bits or none
        F64x2Eq "f64x2.eq" 0xfd_0047 (a, b: V128) -> V128 { compare::<f64, 2>(a, b, |a, b| a == b) }
        /// each lane of `dst ← a ≠ b`: all bits or none
        F64x2Ne "f64x2.ne" 0xfd_0048 (a, b: V128) -> V128 { compare::<f64, 2>(a, b, |a, b| a != b) }
        /// each lane of `dst ← a < b`: all bits or none
        F64x2Lt "f64x2.lt" 0xfd_0049 (a, b: V128) -> V128 { compare::<f64, 2>(a, b, |a, b| a < b) }
        /// each lane of `dst ← a > b`: all bits or none
        F64x2Gt "f64x2.gt" 0xfd_004a (a, b: V128) -> V128 { compare::<f64, 2>(a, b, |a, b| a > b) }
        /// each lane of `dst ← a ≤ b`: all bits or none
        F64x2Le "f64x2.le" 0xfd_004b (a, b: V128) -> V128 { compare::<f64, 2>(a, b, |a, b| a <= b) }
    }
}
