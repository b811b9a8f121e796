//! Wide arithmetic: the high halves of sums, differences and products of 128 bits (proposal "wide arithmetic").
//!
//! ```text
//!  ┌────────────────┬───────┬────────┬───────┬────────┬─────┐   ┌────────────────────┬───┬───┬─────┐
//!  │ i64.add128 hi  │ a low │ a high │ b low │ b high │ dst │   │ i64.mul_wide_u hi  │ a │ b │ dst │
//!  └────────────────┴───────┴────────┴───────┴────────┴─────┘   └────────────────────┴───┴───┴─────┘
//! ```
//!
//! The instructions have two results. The low half is what `i64.add`, `i64.sub` or `i64.mul` computes from the low halves of the
//! operands, so lowering takes that op for it.

use super::shape::{In, Out, Slot, ToSlot};
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Leave, Regs};

/// A number of 128 bits from its halves.
#[inline(always)]
fn join(low: u64, high: u64) -> u128 {
    u128::from(low) | u128::from(high) << 64
}

/// The high half of a number of 128 bits.
#[inline(always)]
fn high(number: u128) -> u64 {
    (number >> 64) as u64
}

/// An operand of 64 bits, in a slot.
type Word = In<Slot, u64>;

macro_rules! wide_ops {
    ($($(#[doc = $effect:literal])+ $Name:ident $name:literal ($($arg:ident),+) $body:expr;)+) => {
        $(
            #[doc = concat!("The high half of `", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            // SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
            unsafe impl Op for $Name {
                const NAME: &'static str = $name;
                const FORM: &'static str = "high";
                const EFFECT: &'static str = concat!($($effect),+);
                type Operands = ($(wide_ops!(@operand $arg),)+ Out<ToSlot, u64>);

                #[inline(always)]
                fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
                    $(let ($arg, operands) = operands.read(m);)+
                    operands.write(m, high($body));
                    Ok(())
                }
            }
        )+

        /// The family's ops.
        pub const DEFS: &[OpDef] = &[$(OpDef::of::<$Name>()),+];
    };
    (@operand $arg:ident) => { Word };
}

wide_ops! {
    /// `dst ← (a + b) >> 64`, of two numbers that have 128 bits in two slots each
    AddHigh "i64.add128" (a_low, a_high, b_low, b_high) join(a_low, a_high).wrapping_add(join(b_low, b_high));
    /// `dst ← (a - b) >> 64`, of two numbers that have 128 bits in two slots each
    SubHigh "i64.sub128" (a_low, a_high, b_low, b_high) join(a_low, a_high).wrapping_sub(join(b_low, b_high));
    /// `dst ← (a * b) >> 64`, signed
    MulHighS "i64.mul_wide_s" (a, b) (i128::from(a.cast_signed()) * i128::from(b.cast_signed())).cast_unsigned();
    /// `dst ← (a * b) >> 64`, unsigned
    MulHighU "i64.mul_wide_u" (a, b) u128::from(a) * u128::from(b);
}
