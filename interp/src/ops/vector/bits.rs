//! Vectors as bits and bytes.

use super::{Lanes, map};
use crate::machine::{Class, Trap, V128};

/// The bytes of `a` whose numbers are in `b`; 0 for numbers from 16 on.
#[inline(always)]
pub(super) fn swizzle(a: V128, b: V128) -> V128 {
    let a = <[u8; 16]>::split(a);
    map(b, |lane: u8| {
        let found = a[usize::from(lane & 15)];
        if lane < 16 { found } else { 0 }
    })
}

/// The bits of `a` where those of `c` are 1, and otherwise those of `b`.
#[inline(always)]
pub(super) fn bitselect(a: V128, b: V128, c: V128) -> V128 {
    V128(a.0 & c.0 | b.0 & !c.0)
}

/// Instructions with one vector.
pub mod one {
    use super::*;
    use crate::ops::row::{Row, rows};
    use crate::ops::unary::Unary;
    use crate::ops::vector::{ONE, kind, one};

    rows! { Unary: one, 1, kind(ONE), eval0: none;
        /// `dst ← ¬a`
        V128Not "v128.not" 0xfd_004d (a: V128) -> V128 { V128(!a.0) }
    }
}

/// Instructions with two vectors.
pub mod two {
    use super::*;
    use crate::ops::binary::Binary;
    use crate::ops::row::{Row, rows};
    use crate::ops::vector::{TWO, kind, two};

    rows! { Binary: two, 1, kind(TWO), eval0: none;
        /// `dst ← a ∧ b`
        V128And "v128.and" 0xfd_004e (a, b: V128) -> V128 { V128(a.0 & b.0) }
        /// `dst ← a ∧ ¬b`
        V128Andnot "v128.andnot" 0xfd_004f (a, b: V128) -> V128 { V128(a.0 & !b.0) }
        /// `dst ← a ∨ b`
        V128Or "v128.or" 0xfd_0050 (a, b: V128) -> V128 { V128(a.0 | b.0) }
        /// `dst ← a ⊕ b`
        V128Xor "v128.xor" 0xfd_0051 (a, b: V128) -> V128 { V128(a.0 ^ b.0) }
        /// each lane of `dst ← a[b]`, 0 from 16 on
        I8x16Swizzle "i8x16.swizzle" 0xfd_000e (a, b: V128) -> V128 { swizzle(a, b) }
    }
}

/// Instructions with three vectors.
pub mod three {
    use super::*;
    use crate::ops::vector::{THREE, Ternary, kind, three, vector_rows};

    vector_rows! { Ternary: three, 1, kind(THREE);
        /// `dst ← a ∧ c ∨ b ∧ ¬c`
        V128Bitselect "v128.bitselect" 0xfd_0052 (a: V128, b: V128, c: V128) -> V128 { bitselect(a, b, c) }
    }
}
