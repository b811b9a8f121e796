//! Chains of loads and stores.

use core::marker::PhantomData;

use super::Word;
use crate::dispatch::{Field, Op, anywhere};
use crate::machine::{Leave, Regs, Trap};
use crate::ops::access::{Address, checked};
use crate::ops::branch::branch_if;
use crate::ops::shape::{Input, Output, Slot, ToSlot};

/// Loads a word from a slot's address plus a small offset.
#[inline(always)]
unsafe fn load<T: Word>(m: &mut Regs) -> Result<T, Trap> {
    // SAFETY: promised by the caller; the bytes are checked before they are read.
    unsafe {
        let address = <Slot as Input<u32>>::read(m);
        let offset = m.fetch();
        let at = checked(m.mem, m.mem_len, address, offset.into(), size_of::<T>())?;
        Ok(anywhere::read::<T>(at).little_endian())
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
            anywhere::write(at, value.little_endian());
        }
        Ok(())
    }
}

/// A load of a byte, and a branch on whether it is 0: the end of a string.
#[derive(Debug)]
pub struct BrIfByte<const SENSE: bool>;

impl<const SENSE: bool> Op for BrIfByte<SENSE> {
    const NAME: &'static str = if SENSE {
        "br_if_byte"
    } else {
        "br_unless_byte"
    };
    const EFFECT: &'static str = if SENSE {
        "if the byte `memory[address] ≠ 0`, go to target"
    } else {
        "if the byte `memory[address] = 0`, go to target"
    };
    const FIELDS: &'static [Field] = &[Field::Slot, Field::Index16, Field::Label16];

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; operands are read in the order of `FIELDS`, and the byte is checked before it
        // is read.
        unsafe {
            let at = m.ip.sub(1);
            let address = <Slot as Input<u32>>::read(m);
            let offset = m.fetch();
            let byte = checked(m.mem, m.mem_len, address, offset.into(), 1)?;
            branch_if(m, at, (byte.read() != 0) == SENSE)
        }
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

/// Two loads.
#[derive(Debug)]
pub struct LoadTwo<T>(PhantomData<T>);

impl<T: Word> Op for LoadTwo<T> {
    const NAME: &'static str = T::LOAD_TWO;
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
            let first: T = load(m)?;
            let base = m.fetch();
            m.slot(base).write(first.into_slot());
            let second: T = load(m)?;
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
                let at = checked(m.mem, m.mem_len, address, offset.into(), size_of::<u64>())?;
                anywhere::write(at, value.to_le());
            }
        }
        Ok(())
    }
}
