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

use super::row::Opcode;
use super::shape::{Acc, Imm16, Imm32, In, Input, Out, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Leave, Regs, SlotValue, Trap, Value};

/// What an instruction with two inputs computes.
pub trait Binary {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The instruction's opcode (core specification, 5.4).
    const OPCODE: Opcode;
    /// The type of both inputs.
    type In: Value;
    /// The type of the output.
    type Out: Value;
    /// The result.
    ///
    /// # Errors
    /// The instruction's traps.
    fn eval(a: Self::In, b: Self::In) -> Result<Self::Out, Trap>;
}

/// `dst ← a ∘ b` with the operation `R`, inputs at `A` and `B`, output at `O`.
#[derive(Debug)]
pub struct BinaryOp<R, A, B, O>(PhantomData<(R, A, B, O)>);

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
unsafe impl<R: Binary, A: Input<R::In>, B: Input<R::In>, O: Output> Op for BinaryOp<R, A, B, O> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    type Operands = (In<A, R::In>, In<B, R::In>, Out<O, R::Out>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (a, operands) = operands.read(m);
        let (b, operands) = operands.read(m);
        operands.write(m, R::eval(a, b)?);
        Ok(())
    }
}

/// The ops of an integer operation, in the order of [`Shape::all`](super::shapes::Shape::all).
pub const fn integer_shapes<R: Binary<In: SlotValue>>() -> [OpDef; 14] {
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

/// The ops of a float operation: in the order of [`Shape::all`](super::shapes::Shape::all).
pub const fn float_shapes<R: Binary<In: SlotValue>>() -> [OpDef; 6] {
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
pub fn eval_slots<R: Binary<In: SlotValue, Out: SlotValue>>(a: u64, b: u64) -> Result<u64, Trap> {
    R::eval(R::In::from_slot(a), R::In::from_slot(b)).map(SlotValue::into_slot)
}
