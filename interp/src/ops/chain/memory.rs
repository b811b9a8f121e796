//! Chains of loads and stores.

use core::marker::PhantomData;

use super::Word;
use crate::dispatch::{Cursor, Op, Reader, anywhere};
use crate::machine::{Leave, Regs, Trap};
use crate::ops::access::{Address, At, checked};
use crate::ops::branch::{branch_if, op_start};
use crate::ops::operand::{Also, EachOffset16, Label};
use crate::ops::shape::{In, Out, Slot, ToSlot};

/// Loads a word from a slot's address plus a small offset, which are the next operands. The cursor is over what follows.
#[inline(always)]
fn load<T: Word, L>(
    m: &mut Regs,
    operands: Cursor<(In<Slot, u32>, (EachOffset16, L))>,
) -> Result<(T, Cursor<L>), Trap> {
    let (address, operands) = operands.read(m);
    let (offset, operands) = operands.read(m);
    let at = checked(m.mem, m.mem_len, address, offset, size_of::<T>())?;
    // SAFETY: the bytes were checked (invariant 3).
    let word = unsafe { anywhere::read::<T>(at) };
    Ok((word.little_endian(), operands))
}

/// A load, and a store of what it loaded.
#[derive(Debug)]
pub struct MemoryMove<T, A>(PhantomData<(T, A)>);

// SAFETY: it reads its operands, accesses bytes that were checked to lie in the memory (invariant 3).
unsafe impl<T: Word, A: Address> Op for MemoryMove<T, A> {
    const NAME: &'static str = T::MOVE;
    const EFFECT: &'static str = "`memory[second address] ← memory[first address]`";
    type Operands = (In<Slot, u32>, EachOffset16, At<A>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (value, operands): (T, _) = load(m, operands)?;
        let (at, _) = operands.resolve(m, size_of::<T>())?;
        // SAFETY: the bytes were checked. On a big-endian host this swaps back what loading has swapped.
        unsafe { anywhere::write(at, value.little_endian()) };
        Ok(())
    }
}

/// A load of a byte, and a branch on whether it is 0: the end of a string.
#[derive(Debug)]
pub struct BrIfByte<const SENSE: bool>;

// SAFETY: it reads its operands, reads a byte that was checked to lie in the memory (invariant 3), and goes on behind them or at its
// target (invariant 1).
unsafe impl<const SENSE: bool> Op for BrIfByte<SENSE> {
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
    type Operands = (In<Slot, u32>, EachOffset16, Label<false>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let start = op_start(m, &operands);
        let (address, operands) = operands.read(m);
        let (offset, operands) = operands.read(m);
        let at = checked(m.mem, m.mem_len, address, offset, 1)?;
        // SAFETY: the byte was checked.
        let byte = unsafe { at.read() };
        branch_if(m, operands, start, (byte != 0) == SENSE)
    }
}

/// A load, and a branch on what it loaded.
#[derive(Debug)]
pub struct BrIfLoaded<T, const SENSE: bool>(PhantomData<T>);

// SAFETY: it reads its operands, reads bytes that were checked to lie in the memory (invariant 3), and goes on behind them or at its
// target (invariant 1).
unsafe impl<T: Word, const SENSE: bool> Op for BrIfLoaded<T, SENSE> {
    const NAME: &'static str = if SENSE { T::BR_IF } else { T::BR_UNLESS };
    const EFFECT: &'static str = if SENSE {
        "if `memory[address] ≠ 0`, go to target"
    } else {
        "if `memory[address] = 0`, go to target"
    };
    type Operands = (In<Slot, u32>, EachOffset16, Label<false>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let start = op_start(m, &operands);
        let (value, operands): (T, _) = load(m, operands)?;
        branch_if(m, operands, start, value.is_zero() != SENSE)
    }
}

/// Two loads.
#[derive(Debug)]
pub struct LoadTwo<T>(PhantomData<T>);

// SAFETY: it reads its operands, accesses bytes that were checked to lie in the memory (invariant 3), and writes its outputs.
unsafe impl<T: Word> Op for LoadTwo<T> {
    const NAME: &'static str = T::LOAD_TWO;
    const EFFECT: &'static str = "`also ← memory[first address]; dst ← memory[second address]`";
    type Operands = (
        In<Slot, u32>,
        EachOffset16,
        Also,
        In<Slot, u32>,
        EachOffset16,
        Out<ToSlot, T>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (first, operands): (T, _) = load(m, operands)?;
        let (also, operands) = operands.read(m);
        // SAFETY: the slot is the op's (invariant 2).
        unsafe { m.slot(also).write(first.into_slot()) };
        let (second, operands): (T, _) = load(m, operands)?;
        operands.write(m, second);
        Ok(())
    }
}

/// Two stores of 64 bits behind one address.
#[derive(Debug)]
pub struct StoreTwo;

// SAFETY: it reads its operands, accesses bytes that were checked to lie in the memory (invariant 3).
unsafe impl Op for StoreTwo {
    const NAME: &'static str = "i64.store_two";
    const EFFECT: &'static str = "`memory[address + first] ← a; memory[address + second] ← b`";
    type Operands = (
        In<Slot, u32>,
        EachOffset16,
        In<Slot, u64>,
        EachOffset16,
        In<Slot, u64>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (address, operands) = operands.read(m);
        let operands = store(m, operands, address)?;
        store(m, operands, address)?;
        Ok(())
    }
}

/// The offset of a store and its value, and what follows.
type Stored<L> = (EachOffset16, (In<Slot, u64>, L));

/// Stores 64 bits behind `address`: the next operands are the offset and the value. The cursor is over what follows.
#[inline(always)]
fn store<L>(m: &mut Regs, operands: Cursor<Stored<L>>, address: u32) -> Result<Cursor<L>, Trap> {
    let (offset, operands) = operands.read(m);
    let (value, operands) = operands.read(m);
    let at = checked(m.mem, m.mem_len, address, offset, size_of::<u64>())?;
    // SAFETY: the bytes were checked (invariant 3).
    unsafe { anywhere::write(at, value.to_le()) };
    Ok(operands)
}
