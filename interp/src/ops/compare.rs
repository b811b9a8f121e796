//! Comparisons: as a value, and fused with the branch that tests it.
//!
//! ```text
//!  ┌────┬───┬───┬────────┐    the fused form: if a ∘ b, go to `target`, granules from the start of the op
//!  │ op │ a │ b │ target │
//!  └────┴───┴───┴────────┘
//! ```
//!
//! A branch that is taken where the comparison is *false* uses the opposite comparison for integers
//! ([`opposite`]); floats, where NaN makes both false, have a second form.

use core::marker::PhantomData;

use super::binary::{Binary, eval_slots, float_shapes, integer_shapes};
use super::branch::branch_if;
use super::row::{Kind, Row, concat, rows};
use super::shape::{Acc, Imm16, Imm32, Input, Slot};
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{Leave, Regs, Trap};

/// `if (a ∘ b) = SENSE, go to target`.
#[derive(Debug)]
pub struct BranchIf<R, A, B, const SENSE: bool>(PhantomData<(R, A, B)>);

impl<R: Binary<Out = bool>, A: Input<R::In>, B: Input<R::In>, const SENSE: bool> Op
    for BranchIf<R, A, B, SENSE>
{
    const NAME: &'static str = R::NAME;
    const FORM: &'static str = if SENSE { "br_if" } else { "br_unless" };
    const EFFECT: &'static str = if SENSE {
        "if the comparison holds, go to target"
    } else {
        "unless the comparison holds, go to target"
    };
    const FIELDS: &'static [Field] = &[A::FIELD, B::FIELD, Field::Label16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let a = A::read(m);
            let b = B::read(m);
            branch_if(m, at, R::eval(a, b)? == SENSE)
        }
    }
}

/// Where the fused forms begin, after the forms with a value, in an integer comparison's ops.
pub const INTEGER_FUSED: u16 = 14;
/// Where the fused forms begin in a float comparison's ops: [`Pair`](super::shape::Pair) taken when true, then when false.
pub const FLOAT_FUSED: u16 = 6;
/// How many shapes of a float comparison there are.
pub const FLOAT_PAIRS: u16 = 3;

const fn integer_compare_shapes<R: Binary<Out = bool>>() -> [OpDef; 21] {
    concat(&[
        &integer_shapes::<R>(),
        &[
            OpDef::of::<BranchIf<R, Slot, Slot, true>>(),
            OpDef::of::<BranchIf<R, Slot, Acc, true>>(),
            OpDef::of::<BranchIf<R, Acc, Slot, true>>(),
            OpDef::of::<BranchIf<R, Slot, Imm16, true>>(),
            OpDef::of::<BranchIf<R, Acc, Imm16, true>>(),
            OpDef::of::<BranchIf<R, Slot, Imm32, true>>(),
            OpDef::of::<BranchIf<R, Acc, Imm32, true>>(),
        ],
    ])
}

const fn float_compare_shapes<R: Binary<Out = bool>>() -> [OpDef; 12] {
    concat(&[
        &float_shapes::<R>(),
        &[
            OpDef::of::<BranchIf<R, Slot, Slot, true>>(),
            OpDef::of::<BranchIf<R, Slot, Acc, true>>(),
            OpDef::of::<BranchIf<R, Acc, Slot, true>>(),
            OpDef::of::<BranchIf<R, Slot, Slot, false>>(),
            OpDef::of::<BranchIf<R, Slot, Acc, false>>(),
            OpDef::of::<BranchIf<R, Acc, Slot, false>>(),
        ],
    ])
}

/// The opcode of the integer comparison that holds exactly where `opcode`'s does not.
#[must_use]
pub const fn opposite(opcode: u16) -> u16 {
    match opcode {
        // eq and ne stand side by side.
        0x46 | 0x51 => opcode + 1,
        0x47 | 0x52 => opcode - 1,
        // lt gt le ge, signed and unsigned each: lt ↔ ge, gt ↔ le.
        0x48 | 0x49 | 0x53 | 0x54 => opcode + 6,
        0x4a | 0x4b | 0x55 | 0x56 => opcode + 2,
        0x4c | 0x4d | 0x57 | 0x58 => opcode - 2,
        _ => opcode - 6,
    }
}

/// The opcode of the comparison that holds for `(b, a)` exactly where `opcode`'s holds for `(a, b)`.
#[must_use]
pub const fn swapped(opcode: u16) -> u16 {
    match opcode {
        // Integers: lt ↔ gt, le ↔ ge.
        0x48 | 0x49 | 0x4c | 0x4d | 0x53 | 0x54 | 0x57 | 0x58 => opcode + 2,
        0x4a | 0x4b | 0x4e | 0x4f | 0x55 | 0x56 | 0x59 | 0x5a => opcode - 2,
        _ => opcode,
    }
}

/// Integer comparisons (core specification, 4.3.2).
pub mod integer {
    use super::*;

    rows! { Binary: integer_compare_shapes, 21, Kind::IntegerCompare, eval2: eval_slots;
        /// `dst ← a = b`
        I32Eq "i32.eq" 0x46 (a, b: u32) -> bool { a == b }
        /// `dst ← a ≠ b`
        I32Ne "i32.ne" 0x47 (a, b: u32) -> bool { a != b }
        /// `dst ← a < b`, signed
        I32LtS "i32.lt_s" 0x48 (a, b: i32) -> bool { a < b }
        /// `dst ← a < b`
        I32LtU "i32.lt_u" 0x49 (a, b: u32) -> bool { a < b }
        /// `dst ← a > b`, signed
        I32GtS "i32.gt_s" 0x4a (a, b: i32) -> bool { a > b }
        /// `dst ← a > b`
        I32GtU "i32.gt_u" 0x4b (a, b: u32) -> bool { a > b }
        /// `dst ← a ≤ b`, signed
        I32LeS "i32.le_s" 0x4c (a, b: i32) -> bool { a <= b }
        /// `dst ← a ≤ b`
        I32LeU "i32.le_u" 0x4d (a, b: u32) -> bool { a <= b }
        /// `dst ← a ≥ b`, signed
        I32GeS "i32.ge_s" 0x4e (a, b: i32) -> bool { a >= b }
        /// `dst ← a ≥ b`
        I32GeU "i32.ge_u" 0x4f (a, b: u32) -> bool { a >= b }
        /// `dst ← a = b`
        I64Eq "i64.eq" 0x51 (a, b: u64) -> bool { a == b }
        /// `dst ← a ≠ b`
        I64Ne "i64.ne" 0x52 (a, b: u64) -> bool { a != b }
        /// `dst ← a < b`, signed
        I64LtS "i64.lt_s" 0x53 (a, b: i64) -> bool { a < b }
        /// `dst ← a < b`
        I64LtU "i64.lt_u" 0x54 (a, b: u64) -> bool { a < b }
        /// `dst ← a > b`, signed
        I64GtS "i64.gt_s" 0x55 (a, b: i64) -> bool { a > b }
        /// `dst ← a > b`
        I64GtU "i64.gt_u" 0x56 (a, b: u64) -> bool { a > b }
        /// `dst ← a ≤ b`, signed
        I64LeS "i64.le_s" 0x57 (a, b: i64) -> bool { a <= b }
        /// `dst ← a ≤ b`
        I64LeU "i64.le_u" 0x58 (a, b: u64) -> bool { a <= b }
        /// `dst ← a ≥ b`, signed
        I64GeS "i64.ge_s" 0x59 (a, b: i64) -> bool { a >= b }
        /// `dst ← a ≥ b`
        I64GeU "i64.ge_u" 0x5a (a, b: u64) -> bool { a >= b }
    }
}

/// Float comparisons (core specification, 4.3.3): all false, but for `ne`, where an input is NaN.
pub mod float {
    use super::*;

    rows! { Binary: float_compare_shapes, 12, Kind::FloatCompare, eval2: eval_slots;
        /// `dst ← a = b`
        F32Eq "f32.eq" 0x5b (a, b: f32) -> bool { a == b }
        /// `dst ← a ≠ b`
        F32Ne "f32.ne" 0x5c (a, b: f32) -> bool { a != b }
        /// `dst ← a < b`
        F32Lt "f32.lt" 0x5d (a, b: f32) -> bool { a < b }
        /// `dst ← a > b`
        F32Gt "f32.gt" 0x5e (a, b: f32) -> bool { a > b }
        /// `dst ← a ≤ b`
        F32Le "f32.le" 0x5f (a, b: f32) -> bool { a <= b }
        /// `dst ← a ≥ b`
        F32Ge "f32.ge" 0x60 (a, b: f32) -> bool { a >= b }
        /// `dst ← a = b`
        F64Eq "f64.eq" 0x61 (a, b: f64) -> bool { a == b }
        /// `dst ← a ≠ b`
        F64Ne "f64.ne" 0x62 (a, b: f64) -> bool { a != b }
        /// `dst ← a < b`
        F64Lt "f64.lt" 0x63 (a, b: f64) -> bool { a < b }
        /// `dst ← a > b`
        F64Gt "f64.gt" 0x64 (a, b: f64) -> bool { a > b }
        /// `dst ← a ≤ b`
        F64Le "f64.le" 0x65 (a, b: f64) -> bool { a <= b }
        /// `dst ← a ≥ b`
        F64Ge "f64.ge" 0x66 (a, b: f64) -> bool { a >= b }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposite_and_swapped_hold_for_every_row() {
        let find = |opcode| {
            integer::ROWS
                .iter()
                .find(|row| row.opcode == opcode)
                .expect("a row")
        };
        for row in integer::ROWS {
            for (a, b) in [(0_u64, 0), (1, 2), (2, 1), (u64::MAX, 1), (1, u64::MAX)] {
                let value = (row.eval)(a, b).unwrap();
                assert_eq!((find(opposite(row.opcode)).eval)(a, b).unwrap(), 1 - value);
                assert_eq!((find(swapped(row.opcode)).eval)(b, a).unwrap(), value);
            }
        }
    }
}
