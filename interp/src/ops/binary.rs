//! Ops with two inputs and one output: integer and float arithmetic, and comparisons as values.
//!
//! ```text
//!  ┌────┬───┬───┬─────┐     a and b are slots, constants of one or two granules, or nothing where the
//!  │ op │ a │ b │ dst │     accumulator is read; dst only if the output has a slot
//!  └────┴───┴───┴─────┘
//! ```
//!
//! What a row means stands in `integer.rs`, `float.rs` and `compare.rs`; this file is how all of them run.

use core::marker::PhantomData;

use super::shape::{Acc, Imm16, Imm32, Input, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{Leave, Regs, SlotValue, Trap};

/// What an instruction with two inputs computes.
pub trait Binary {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The instruction's opcode (core specification, 5.4).
    const OPCODE: u16;
    /// The type of both inputs.
    type In: SlotValue;
    /// The type of the output.
    type Out: SlotValue;
    /// The result.
    ///
    /// # Errors
    /// The instruction's traps.
    fn eval(a: Self::In, b: Self::In) -> Result<Self::Out, Trap>;
}

/// `dst ← a ∘ b` with the operation `R`, inputs at `A` and `B`, output at `O`.
#[derive(Debug)]
pub struct BinaryOp<R, A, B, O>(PhantomData<(R, A, B, O)>);

impl<R: Binary, A: Input<R::In>, B: Input<R::In>, O: Output> Op for BinaryOp<R, A, B, O> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    const FIELDS: &'static [Field] = if O::HAS_SLOT {
        &[A::FIELD, B::FIELD, Field::Dst]
    } else {
        &[A::FIELD, B::FIELD]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = A::read(m);
            let b = B::read(m);
            O::write(m, R::eval(a, b)?);
        }
        Ok(())
    }
}

/// The ops of an integer operation, in the order of [`Pair`](super::shape::Pair), each with and without a slot.
pub const fn integer_shapes<R: Binary>() -> [OpDef; 14] {
    [
        OpDef::of::<BinaryOp<R, Slot, Slot, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Slot, Slot, ToAcc>>(),
        OpDef::of::<BinaryOp<R, Slot, Acc, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Slot, Acc, ToAcc>>(),
        OpDef::of::<BinaryOp<R, Acc, Slot, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Acc, Slot, ToAcc>>(),
        OpDef::of::<BinaryOp<R, Slot, Imm16, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Slot, Imm16, ToAcc>>(),
        OpDef::of::<BinaryOp<R, Acc, Imm16, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Acc, Imm16, ToAcc>>(),
        OpDef::of::<BinaryOp<R, Slot, Imm32, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Slot, Imm32, ToAcc>>(),
        OpDef::of::<BinaryOp<R, Acc, Imm32, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Acc, Imm32, ToAcc>>(),
    ]
}

/// The ops of a float operation: the first three of [`Pair`](super::shape::Pair), each with and without a slot.
pub const fn float_shapes<R: Binary>() -> [OpDef; 6] {
    [
        OpDef::of::<BinaryOp<R, Slot, Slot, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Slot, Slot, ToAcc>>(),
        OpDef::of::<BinaryOp<R, Slot, Acc, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Slot, Acc, ToAcc>>(),
        OpDef::of::<BinaryOp<R, Acc, Slot, ToSlot>>(),
        OpDef::of::<BinaryOp<R, Acc, Slot, ToAcc>>(),
    ]
}

/// [`Binary::eval`] on slots: what constant folding and the oracle tests call.
///
/// # Errors
/// The instruction's traps.
pub fn eval_slots<R: Binary>(a: u64, b: u64) -> Result<u64, Trap> {
    R::eval(R::In::from_slot(a), R::In::from_slot(b)).map(SlotValue::into_slot)
}
