//! Atomic accesses of memory, for one thread (proposal "threads").
//!
//! ```text
//!  ┌──────────────┬────────┬─────────┬────────┬──────┐   ┌──────────────────────┬─────┬────────┬─────────┬──────────┬─────────┬────────┐
//!  │ atomic.check │ memory │ address │ offset │ log2 │   │ memory.atomic.wait32 │ dst │ memory │ address │ expected │ timeout │ offset │
//!  └──────────────┴────────┴─────────┴────────┴──────┘   └──────────────────────┴─────┴────────┴─────────┴──────────┴─────────┴────────┘
//! ```
//!
//! One thread runs a store, so an access is atomic by itself: after the check of its address come an ordinary load, an operation
//! and an ordinary store. `compile/func/atomic.rs` puts them together. Only waiting has ops of its own.

use core::marker::PhantomData;

use super::access::{Word, within};
use super::operand::{Count16, Dst, Marked, Memory, Offset};
use super::shape::{In, Slot};
use super::tables::output;
use crate::dispatch::{Op, OpDef, Reader, anywhere};
use crate::machine::{Leave, Regs, Trap};

/// Checks the address of an access of 2^`log2` bytes: traps unless it is a multiple of their number and the bytes lie in the memory.
#[derive(Debug)]
pub struct Check<W>(PhantomData<W>);

// SAFETY: it reads its operands and a view of invariant 5.
unsafe impl<W: Word> Op for Check<W> {
    const NAME: &'static str = "atomic.check";
    const EFFECT: &'static str = "trap unless `address + offset` is a multiple of 2^count, and as many bytes lie in the memory";
    type Operands = (Memory, In<Slot, W>, Offset<true>, Count16, Marked<W>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (memory, address, offset, log2, ()) = operands.all(m);
        let size = 1_usize << (log2 & 15);
        // The size is a power of two, so an overflow does not matter.
        let start = address.wide().wrapping_add(offset.into());
        if start & (size as u64 - 1) != 0 {
            return Err(Trap::HeapMisaligned.into());
        }
        // SAFETY: invariant 5: the index is the op's.
        let view = unsafe { **(*m.cx).memories.add(memory.into()) };
        within(view, address.wide(), offset, size)?;
        Ok(())
    }
}

/// `memory.atomic.wait32`, or (`IS_64`) `memory.atomic.wait64`: waits if memory has the expected number. Nobody can end the wait.
#[derive(Debug)]
pub struct Wait<W, const IS_64: bool>(PhantomData<W>);

// SAFETY: it reads its operands, reads bytes that were checked to lie in the memory (invariants 3 and 5), and writes its output
// (invariant 2). The runtime renews all views (invariant 5), and memory 0 is reloaded (invariant 3).
unsafe impl<W: Word, const IS_64: bool> Op for Wait<W, IS_64> {
    const NAME: &'static str = if IS_64 {
        "memory.atomic.wait64"
    } else {
        "memory.atomic.wait32"
    };
    const EFFECT: &'static str = "`dst ←` 1 if `memory[address]` is not as expected; otherwise 2, when the timeout has passed";
    type Operands = (
        Dst,
        Memory,
        In<Slot, W>,
        In<Slot, u64>,
        In<Slot, u64>,
        Offset<true>,
        Marked<W>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (dst, memory, address, expected, timeout, offset, ()) = operands.all(m);
        let size = if IS_64 { 8 } else { 4 };
        // SAFETY: as above.
        unsafe {
            let view = **(*m.cx).memories.add(memory.into());
            let at = within(view, address.wide(), offset, size)?;
            let is_expected = if IS_64 {
                u64::from_le(anywhere::read(at)) == expected
            } else {
                u32::from_le(anywhere::read(at)) == expected as u32
            };
            if is_expected {
                (*(*m.cx).runtime).atomic_wait(timeout.cast_signed())?;
                m.reload_memory();
            }
            output(m, dst, if is_expected { 2 } else { 1 });
        }
        Ok(())
    }
}

/// Traps: the program waits on a memory that is not shared.
#[derive(Debug)]
pub struct Unshared;

// SAFETY: it does nothing but to stop.
unsafe impl Op for Unshared {
    const NAME: &'static str = "atomic.unshared";
    const EFFECT: &'static str = "trap: a wait on a memory that is not shared";
    type Operands = ();

    #[inline(always)]
    fn run(_: &mut Regs, _: Reader<Self>) -> Result<(), Leave> {
        Err(Trap::AtomicWaitNonSharedMemory.into())
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<Check<u32>>(),
    #[cfg(feature = "memory64")]
    OpDef::of::<Check<u64>>(),
    OpDef::of::<Wait<u32, false>>(),
    OpDef::of::<Wait<u32, true>>(),
    #[cfg(feature = "memory64")]
    OpDef::of::<Wait<u64, false>>(),
    #[cfg(feature = "memory64")]
    OpDef::of::<Wait<u64, true>>(),
    OpDef::of::<Unshared>(),
];
