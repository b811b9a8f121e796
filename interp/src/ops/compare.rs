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
use super::branch::{branch_if, op_start};
use super::operand::Label;
use super::row::{Kind, Opcode, Row, concat, rows};
use super::shape::{Acc, Imm16, Imm32, In, Input, Slot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Leave, Regs, SlotValue, Trap};

/// `if (a ∘ b) = SENSE, go to target`.
#[derive(Debug)]
pub struct BranchIf<R, A, B, const SENSE: bool>(PhantomData<(R, A, B)>);

// SAFETY: it reads its operands, and goes on behind them or at its target, which is an op of the function (invariant 1).
unsafe impl<R: Binary<Out = bool>, A: Input<R::In>, B: Input<R::In>, const SENSE: bool> Op
    for BranchIf<R, A, B, SENSE>
{
    const NAME: &'static str = R::NAME;
    const FORM: &'static str = if SENSE { "br_if" } else { "br_unless" };
    const EFFECT: &'static str = if SENSE {
        "if the comparison holds, go to target"
    } else {
        "unless the comparison holds, go to target"
    };
    type Operands = (In<A, R::In>, In<B, R::In>, Label<false>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let at = op_start(m, &operands);
        let (a, operands) = operands.read(m);
        let (b, operands) = operands.read(m);
        branch_if(m, operands, at, R::eval(a, b)? == SENSE)
    }
}

const fn integer_compare_shapes<R: Binary<In: SlotValue, Out = bool>>() -> [OpDef; 21] {
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

const fn float_compare_shapes<R: Binary<In: SlotValue, Out = bool>>() -> [OpDef; 12] {
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

/// Declares a function from opcodes to opcodes by pairs, each of which holds both ways.
macro_rules! involution {
    ($(#[$doc:meta])+ $name:ident: $($A:ident $B:ident,)+) => {
        $(#[$doc])+
        #[must_use]
        pub const fn $name(opcode: Opcode) -> Opcode {
            use integer::*;
            match opcode {
                $(
                    $A::OPCODE => $B::OPCODE,
                    $B::OPCODE => $A::OPCODE,
                )+
                _ => opcode,
            }
        }
    };
}

involution! {
    /// The opcode of the integer comparison that holds exactly where `opcode`'s does not.
    opposite:
    I32Eq I32Ne, I32LtS I32GeS, I32LtU I32GeU, I32GtS I32LeS, I32GtU I32LeU,
    I64Eq I64Ne, I64LtS I64GeS, I64LtU I64GeU, I64GtS I64LeS, I64GtU I64LeU,
}

involution! {
    /// The opcode of the comparison that holds for `(b, a)` exactly where `opcode`'s holds for `(a, b)`.
    swapped:
    I32LtS I32GtS, I32LtU I32GtU, I32LeS I32GeS, I32LeU I32GeU,
    I64LtS I64GtS, I64LtU I64GtU, I64LeS I64GeS, I64LeU I64GeU,
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
                let value = row.fold(a, b).unwrap();
                assert_eq!(find(opposite(row.opcode)).fold(a, b).unwrap(), 1 - value);
                assert_eq!(find(swapped(row.opcode)).fold(b, a).unwrap(), value);
            }
        }
    }
}
