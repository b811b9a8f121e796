//! Two ops in one: chains that profiles of real programs show again and again (`lower/fuse/` finds them).
//!
//! ```text
//!  ┌──────┬────────┬────────┬────────┬────────┐   ┌────────────┬───┬────────┬───┬─────┬────┐
//!  │ move │ source │ offset │ target │ offset │   │ add branch │ a │ amount │ b │ dst │ to │
//!  └──────┴────────┴────────┴────────┴────────┘   └────────────┴───┴────────┴───┴─────┴────┘
//! ```
//!
//! Each does what its two parts do, in their order, and leaves the accumulator as they would.
//!
//! * `memory.rs`: loads and stores in pairs, and branches on what was loaded;
//! * `arithmetic.rs`: counting with a test behind it, addresses of elements, products that are added.

mod arithmetic;
mod memory;

pub use arithmetic::{
    AddBranch, AddTwo, AfterMul, Bits, BrIfBits, CopyTwo, MulThen, ShlAdd, add_branch, mul_then,
};
pub use memory::{BrIfByte, BrIfLoaded, LoadTwo, MemoryMove, StoreTwo};

use super::access::{Near, Sum};
use super::row::concat;
use super::shape::{Acc, Slot, ToAcc, ToSlot};
use crate::dispatch::OpDef;
use crate::machine::SlotValue;

/// A number that a chain moves through memory.
pub trait Word: SlotValue {
    /// The names of its ops.
    const MOVE: &'static str;
    /// See `MOVE`.
    const BR_IF: &'static str;
    /// See `MOVE`.
    const BR_UNLESS: &'static str;
    /// See `MOVE`.
    const SHL_ADD: &'static str;
    /// See `MOVE`.
    const ADD_TWO: &'static str;
    /// See `MOVE`.
    const LOAD_TWO: &'static str;
    /// See `MOVE`.
    const BITS: &'static str;
    /// See `MOVE`.
    const BR_IF_BITS: &'static str;
    /// See `MOVE`.
    const BR_UNLESS_BITS: &'static str;
    /// The sum modulo the number's width.
    fn add(self, other: Self) -> Self;
    /// The number shifted left by less than its width.
    fn shl(self, count: u16) -> Self;
    /// The number shifted right by less than its width, zeros coming in.
    fn shr(self, count: u16) -> Self;
    /// The bits that both have.
    fn and(self, other: Self) -> Self;
    /// The number whose bytes in memory these are, or the bytes of a number.
    fn little_endian(self) -> Self;
    /// Whether it is 0.
    fn is_zero(self) -> bool;
}

macro_rules! words {
    ($($Word:ty: $move:literal $br_if:literal $br_unless:literal $shl_add:literal $add_two:literal
       $load_two:literal $bits:literal $br_if_bits:literal $br_unless_bits:literal;)*) => { $(
        impl Word for $Word {
            const MOVE: &'static str = $move;
            const BR_IF: &'static str = $br_if;
            const BR_UNLESS: &'static str = $br_unless;
            const SHL_ADD: &'static str = $shl_add;
            const ADD_TWO: &'static str = $add_two;
            const LOAD_TWO: &'static str = $load_two;
            const BITS: &'static str = $bits;
            const BR_IF_BITS: &'static str = $br_if_bits;
            const BR_UNLESS_BITS: &'static str = $br_unless_bits;
            #[inline(always)]
            fn add(self, other: Self) -> Self { self.wrapping_add(other) }
            #[inline(always)]
            fn shl(self, count: u16) -> Self { self.wrapping_shl(count.into()) }
            #[inline(always)]
            fn shr(self, count: u16) -> Self { self.wrapping_shr(count.into()) }
            #[inline(always)]
            fn and(self, other: Self) -> Self { self & other }
            #[inline(always)]
            fn little_endian(self) -> Self { <$Word>::from_le(self) }
            #[inline(always)]
            fn is_zero(self) -> bool { self == 0 }
        }
    )* };
}
words! {
    u32: "i32.move" "br_if_loaded" "br_unless_loaded" "i32.shl_add" "i32.add_two"
         "i32.load_two" "i32.bits" "br_if_bits" "br_unless_bits";
    u64: "i64.move" "br_if_loaded64" "br_unless_loaded64" "i64.shl_add" "i64.add_two"
         "i64.load_two" "i64.bits" "br_if_bits64" "br_unless_bits64";
}

/// The family's ops.
pub const DEFS: &[OpDef] = &concat::<{ 32 + 40 + 32 }>(&[
    &[
        OpDef::of::<MemoryMove<u32, Near<Slot, false>>>(),
        OpDef::of::<MemoryMove<u32, Sum>>(),
        OpDef::of::<MemoryMove<u64, Near<Slot, false>>>(),
        OpDef::of::<MemoryMove<u64, Sum>>(),
        OpDef::of::<BrIfLoaded<u32, true>>(),
        OpDef::of::<BrIfLoaded<u32, false>>(),
        OpDef::of::<BrIfLoaded<u64, true>>(),
        OpDef::of::<BrIfLoaded<u64, false>>(),
        OpDef::of::<BrIfByte<true>>(),
        OpDef::of::<BrIfByte<false>>(),
        OpDef::of::<LoadTwo<u32>>(),
        OpDef::of::<LoadTwo<u64>>(),
        OpDef::of::<StoreTwo>(),
        OpDef::of::<ShlAdd<u32, ToSlot>>(),
        OpDef::of::<ShlAdd<u32, ToAcc>>(),
        OpDef::of::<ShlAdd<u64, ToSlot>>(),
        OpDef::of::<ShlAdd<u64, ToAcc>>(),
        OpDef::of::<AddTwo<u32>>(),
        OpDef::of::<AddTwo<u64>>(),
        OpDef::of::<CopyTwo>(),
        OpDef::of::<Bits<u32, ToSlot>>(),
        OpDef::of::<Bits<u32, ToAcc>>(),
        OpDef::of::<Bits<u64, ToSlot>>(),
        OpDef::of::<Bits<u64, ToAcc>>(),
        OpDef::of::<BrIfBits<u32, Slot, true>>(),
        OpDef::of::<BrIfBits<u32, Slot, false>>(),
        OpDef::of::<BrIfBits<u32, Acc, true>>(),
        OpDef::of::<BrIfBits<u32, Acc, false>>(),
        OpDef::of::<BrIfBits<u64, Slot, true>>(),
        OpDef::of::<BrIfBits<u64, Slot, false>>(),
        OpDef::of::<BrIfBits<u64, Acc, true>>(),
        OpDef::of::<BrIfBits<u64, Acc, false>>(),
    ],
    arithmetic::ADD_BRANCHES,
    arithmetic::MUL_THENS,
]);
