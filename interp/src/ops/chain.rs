//! Two ops in one: chains that profiles of real programs show again and again (`lower/fuse.rs` finds them).
//!
//! ```text
//!  ┌──────┬────────┬────────┬────────┬────────┐   ┌────────────┬───┬────────┬───┬─────┐
//!  │ move │ source │ offset │ target │ offset │   │ add branch │ a │ amount │ b │ to  │
//!  └──────┴────────┴────────┴────────┴────────┘   └────────────┴───┴────────┴───┴─────┘
//! ```
//!
//! Each does what its two parts do, in their order, and leaves the accumulator as they would.

use core::marker::PhantomData;

use super::access::{Address, Near, Sum, checked};
use super::binary::Binary;
use super::branch::branch_if;
use super::compare::integer::*;
use super::shape::{Imm16, Input, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{Leave, Regs, SlotValue, Trap};

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
    /// The sum modulo the number's width.
    fn add(self, other: Self) -> Self;
    /// The number shifted left by less than its width.
    fn shl(self, count: u16) -> Self;
    /// The number whose bytes in memory these are, or the bytes of a number.
    fn little_endian(self) -> Self;
    /// Whether it is 0.
    fn is_zero(self) -> bool;
}

macro_rules! words {
    ($($Word:ty: $move:literal $br_if:literal $br_unless:literal $shl_add:literal;)*) => { $(
        impl Word for $Word {
            const MOVE: &'static str = $move;
            const BR_IF: &'static str = $br_if;
            const BR_UNLESS: &'static str = $br_unless;
            const SHL_ADD: &'static str = $shl_add;
            #[inline(always)]
            fn add(self, other: Self) -> Self { self.wrapping_add(other) }
            #[inline(always)]
            fn shl(self, count: u16) -> Self { self.wrapping_shl(count.into()) }
            #[inline(always)]
            fn little_endian(self) -> Self { <$Word>::from_le(self) }
            #[inline(always)]
            fn is_zero(self) -> bool { self == 0 }
        }
    )* };
}
words! {
    u32: "i32.move" "br_if_loaded" "br_unless_loaded" "i32.shl_add";
    u64: "i64.move" "br_if_loaded64" "br_unless_loaded64" "i64.shl_add";
}

/// Loads a word from a slot's address plus a small offset.
#[inline(always)]
unsafe fn load<T: Word>(m: &mut Regs) -> Result<T, Trap> {
    // SAFETY: promised by the caller; the bytes are checked before they are read.
    unsafe {
        let address = <Slot as Input<u32>>::read(m);
        let offset = m.fetch();
        let at = checked(
            m.mem,
            (*m.cx).mem_len,
            address,
            offset.into(),
            size_of::<T>(),
        )?;
        Ok(at.cast::<T>().read_unaligned().little_endian())
    }
}

/// A load, and a store of what it loaded.
#[derive(Debug)]
pub struct MemoryMove<T, A>(PhantomData<(T, A)>);

impl<T: Word, A: Address> Op for MemoryMove<T, A> {
    const NAME: &'static str = T::MOVE;
    const EFFECT: &'static str = "`memory[second address] ← memory[first address]`";
    const FIELDS: &'static [Field] = match A::FIELDS {
        [Field::Slot, Field::Offset16] => {
            &[Field::Slot, Field::Index16, Field::Slot, Field::Offset16]
        }
        _ => &[
            Field::Slot,
            Field::Index16,
            Field::Slot,
            Field::Imm16,
            Field::Offset16,
        ],
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let value: T = load(m)?;
            let at = A::resolve(m, size_of::<T>())?;
            // On a big-endian host this swaps back what loading has swapped.
            at.cast::<T>().write_unaligned(value.little_endian());
        }
        Ok(())
    }
}

/// A load, and a branch on what it loaded.
#[derive(Debug)]
pub struct BrIfLoaded<T, const SENSE: bool>(PhantomData<T>);

impl<T: Word, const SENSE: bool> Op for BrIfLoaded<T, SENSE> {
    const NAME: &'static str = if SENSE { T::BR_IF } else { T::BR_UNLESS };
    const EFFECT: &'static str = if SENSE {
        "if `memory[address] ≠ 0`, go to target"
    } else {
        "if `memory[address] = 0`, go to target"
    };
    const FIELDS: &'static [Field] = &[Field::Slot, Field::Index16, Field::Label16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let value: T = load(m)?;
            branch_if(m, at, value.is_zero() != SENSE)
        }
    }
}

/// Two loads of 64 bits.
#[derive(Debug)]
pub struct LoadTwo;

impl Op for LoadTwo {
    const NAME: &'static str = "i64.load_two";
    const EFFECT: &'static str = "`base ← memory[first address]; dst ← memory[second address]`";
    const FIELDS: &'static [Field] = &[
        Field::Slot,
        Field::Index16,
        Field::Base,
        Field::Slot,
        Field::Index16,
        Field::Dst,
    ];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let first: u64 = load(m)?;
            let base = m.fetch();
            m.slot(base).write(first);
            let second: u64 = load(m)?;
            ToSlot::write(m, second);
        }
        Ok(())
    }
}

/// Two stores of 64 bits behind one address.
#[derive(Debug)]
pub struct StoreTwo;

impl Op for StoreTwo {
    const NAME: &'static str = "i64.store_two";
    const EFFECT: &'static str = "`memory[address + first] ← a; memory[address + second] ← b`";
    const FIELDS: &'static [Field] = &[
        Field::Slot,
        Field::Index16,
        Field::Slot,
        Field::Index16,
        Field::Slot,
    ];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`, and each eight bytes
        // are checked before they are written.
        unsafe {
            let address = <Slot as Input<u32>>::read(m);
            for _ in 0..2 {
                let offset = m.fetch();
                let value = <Slot as Input<u64>>::read(m);
                let at = checked(
                    m.mem,
                    (*m.cx).mem_len,
                    address,
                    offset.into(),
                    size_of::<u64>(),
                )?;
                at.cast::<u64>().write_unaligned(value.to_le());
            }
        }
        Ok(())
    }
}

/// A constant added to a slot, and a branch on how the sum compares: the end of a counting loop.
#[derive(Debug)]
pub struct AddBranch<R, W, B>(PhantomData<(R, W, B)>);

impl<R: Binary<Out = bool>, W: Word, B: Input<R::In>> Op for AddBranch<R, W, B> {
    const FORM: &'static str = "add_br_if";
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = "`a ← a + amount`; if the comparison holds for it, go to target";
    const FIELDS: &'static [Field] = &[Field::Slot, Field::Index16, B::FIELD, Field::Label16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let at = m.ip.sub(1);
            let a = m.fetch();
            // The casts extend the sign.
            let amount = m.fetch() as i16 as i64 as u64;
            let sum = W::from_slot(m.slot(a).read())
                .add(W::from_slot(amount))
                .into_slot();
            m.slot(a).write(sum);
            m.acc = sum;
            let b = B::read(m);
            branch_if(m, at, R::eval(R::In::from_slot(sum), b)?)
        }
    }
}

/// A shift by a constant, and an addition: the address of an element.
#[derive(Debug)]
pub struct ShlAdd<W, O>(PhantomData<(W, O)>);

impl<W: Word, O: Output> Op for ShlAdd<W, O> {
    const NAME: &'static str = W::SHL_ADD;
    const EFFECT: &'static str = "`dst ← (a << count) + b`";
    const FIELDS: &'static [Field] = if O::HAS_SLOT {
        &[Field::Slot, Field::Index16, Field::Slot, Field::Dst]
    } else {
        &[Field::Slot, Field::Index16, Field::Slot]
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`.
        unsafe {
            let a = <Slot as Input<W>>::read(m);
            let count = m.fetch();
            let b = <Slot as Input<W>>::read(m);
            O::write(m, a.shl(count).add(b));
        }
        Ok(())
    }
}

const fn add_branches<R: Binary<Out = bool>, W: Word>() -> [OpDef; 2] {
    [
        OpDef::of::<AddBranch<R, W, Slot>>(),
        OpDef::of::<AddBranch<R, W, Imm16>>(),
    ]
}

/// The family's ops.
pub const DEFS: &[OpDef] = &super::row::concat::<{ 14 + 40 }>(&[
    &[
        OpDef::of::<MemoryMove<u32, Near<Slot, false>>>(),
        OpDef::of::<MemoryMove<u32, Sum>>(),
        OpDef::of::<MemoryMove<u64, Near<Slot, false>>>(),
        OpDef::of::<MemoryMove<u64, Sum>>(),
        OpDef::of::<BrIfLoaded<u32, true>>(),
        OpDef::of::<BrIfLoaded<u32, false>>(),
        OpDef::of::<BrIfLoaded<u64, true>>(),
        OpDef::of::<BrIfLoaded<u64, false>>(),
        OpDef::of::<LoadTwo>(),
        OpDef::of::<StoreTwo>(),
        OpDef::of::<ShlAdd<u32, ToSlot>>(),
        OpDef::of::<ShlAdd<u32, ToAcc>>(),
        OpDef::of::<ShlAdd<u64, ToSlot>>(),
        OpDef::of::<ShlAdd<u64, ToAcc>>(),
    ],
    &add_branches::<I32Eq, u32>(),
    &add_branches::<I32Ne, u32>(),
    &add_branches::<I32LtS, u32>(),
    &add_branches::<I32LtU, u32>(),
    &add_branches::<I32GtS, u32>(),
    &add_branches::<I32GtU, u32>(),
    &add_branches::<I32LeS, u32>(),
    &add_branches::<I32LeU, u32>(),
    &add_branches::<I32GeS, u32>(),
    &add_branches::<I32GeU, u32>(),
    &add_branches::<I64Eq, u64>(),
    &add_branches::<I64Ne, u64>(),
    &add_branches::<I64LtS, u64>(),
    &add_branches::<I64LtU, u64>(),
    &add_branches::<I64GtS, u64>(),
    &add_branches::<I64GtU, u64>(),
    &add_branches::<I64LeS, u64>(),
    &add_branches::<I64LeU, u64>(),
    &add_branches::<I64GeS, u64>(),
    &add_branches::<I64GeU, u64>(),
]);

/// The first `add branch`, which follow each other in the order of their comparisons' opcodes.
#[must_use]
pub fn add_branch(opcode: u16, imm: bool) -> Option<u16> {
    let row = match opcode {
        0x46..=0x4f => opcode - 0x46,
        0x51..=0x5a => opcode - 0x51 + 10,
        _ => return None,
    };
    Some(super::number::<AddBranch<I32Eq, u32, Slot>>() + 2 * row + u16::from(imm))
}
