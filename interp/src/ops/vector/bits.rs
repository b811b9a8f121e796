//! Vectors as bits and bytes.

use super::{Lanes, lanes_of, map, zip};
use crate::dispatch::choose::choose;
use crate::machine::{Class, Trap, V128};

/// The bytes of `a` whose numbers are in `b`; 0 for numbers from 16 on.
#[inline(always)]
pub(super) fn swizzle(a: V128, b: V128) -> V128 {
    V128(choose(a.0, b.0))
}

/// The bits of `a` where those of `c` are 1, and otherwise those of `b`.
#[inline(always)]
pub(super) fn bitselect(a: V128, b: V128, c: V128) -> V128 {
    let [a, b, c] = [a, b, c].map(<[u64; 2]>::split);
    lanes_of(|lane| a[lane] & c[lane] | b[lane] & !c[lane])
}

/// Instructions with one vector.
pub mod one {
    use super::*;
    use crate::ops::row::{Row, rows};
    use crate::ops::unary::Unary;
    use crate::ops::vector::{NONE, ONE, kind, one};

    rows! { Unary: one, 1, kind(ONE, NONE), eval0: none;
        /// `dst ← ¬a`
        V128Not "v128.not" 0xfd_004d (a: V128) -> V128 { map(a, |a: u64| !a) }
    }
}

/// Instructions with two vectors.
pub mod two {
    use super::*;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{EITHER, TWO, either, kind};

    rows! { Binary: either, 3, kind(TWO, EITHER), eval0: none;
        /// `dst ← a ∧ b`
        V128And "v128.and" 0xfd_004e (a, b: V128) -> V128 { zip(a, b, |a: u64, b: u64| a & b) }
        /// `dst ← a ∧ ¬b`
        V128Andnot "v128.andnot" 0xfd_004f (a, b: V128) -> V128 { zip(a, b, |a: u64, b: u64| a & !b) }
        /// `dst ← a ∨ b`
        V128Or "v128.or" 0xfd_0050 (a, b: V128) -> V128 { zip(a, b, |a: u64, b: u64| a | b) }
        /// `dst ← a ⊕ b`
        V128Xor "v128.xor" 0xfd_0051 (a, b: V128) -> V128 { zip(a, b, |a: u64, b: u64| a ^ b) }
        /// each lane of `dst ← a[b]`, 0 from 16 on
        I8x16Swizzle "i8x16.swizzle" 0xfd_000e (a, b: V128) -> V128 { swizzle(a, b) }
    }
}

/// Instructions with three vectors.
pub mod three {
    use super::*;
    use crate::ops::vector::{NONE, THREE, Ternary, kind, three, vector_rows};

    vector_rows! { Ternary: three, 1, kind(THREE, NONE);
        /// `dst ← a ∧ c ∨ b ∧ ¬c`
        V128Bitselect "v128.bitselect" 0xfd_0052 (a: V128, b: V128, c: V128) -> V128 { bitselect(a, b, c) }
    }
}
