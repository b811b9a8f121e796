//! Whole memories: size, grow, fill, copy, init, drop (core specification, 4.4.7).
//!
//! ```text
//!  ┌─────────────┬────────┬────────┬─────┬─────┬─────┐
//!  │ memory.copy │ memory │ memory │ dst │ src │ len │     operands in slots, whatever their number
//!  └─────────────┴────────┴────────┴─────┴─────┴─────┘
//! ```
//!
//! These are rare or long, so they have one shape each, for addresses of 32 bits and of 64. `cost.rs` has their fuel.

use core::marker::PhantomData;

use super::access::Word;
use super::cost;
use super::operand::{Data, Dst, Marked, Memory};
#[cfg(feature = "memory64")]
use super::shape::{Imm64, Out, ToSlot};
use super::shape::{In, Slot};
use super::tables::output;
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Context, Exit, Leave, MemoryView, Regs, Trap};

/// Bytes of a page, if the memory's type names no other number (4.2.8).
const PAGE: u64 = 65_536;

#[inline(always)]
unsafe fn memory(m: &Regs, index: u16) -> MemoryView {
    // SAFETY: invariant 5.
    unsafe { **(*m.cx).memories.add(usize::from(index)) }
}

/// Checks that `len` bytes at `start` lie below `end`.
#[inline(always)]
fn check<W: Word>(start: W, len: W, end: u64) -> Result<(), Trap> {
    match start.wide().checked_add(len.wide()) {
        Some(after) if after <= end => Ok(()),
        _ => Err(Trap::MemoryOutOfBounds),
    }
}

/// Grows a memory. Leaves the old size, or -1, in [`Context::call_acc`]: an answer that is returned in memory would
/// cost the op its tail call.
#[cold]
#[inline(never)]
unsafe fn grow_memory(cx: *mut Context, index: u16, delta: u64) -> Result<(), Exit> {
    // SAFETY: invariant 4.
    unsafe {
        let old = (*(*cx).runtime).memory_grow(index.into(), delta)?;
        (*cx).call_acc = old.unwrap_or(u64::MAX);
    }
    Ok(())
}

macro_rules! memory_ops {
    ($($(#[doc = $effect:literal])+ $Name:ident $name:literal |$m:ident, $($arg:ident: $Operand:ty),+| $body:block)+) => { $(
        #[doc = concat!("`", $name, "` with addresses of type `W`, 32 or 64 bits:", $($effect),+)]
        #[derive(Debug)]
        pub struct $Name<W>(PhantomData<W>);

        // SAFETY: it reads its operands. Ranges are checked against the views of invariant 5 before they are read or
        // written, and whatever may change memory 0 reloads it (invariant 3).
        unsafe impl<W: Word> Op for $Name<W> {
            const NAME: &'static str = $name;
            const EFFECT: &'static str = concat!($($effect),+);
            type Operands = ($($Operand,)+ Marked<W>);
            #[inline(always)]
            fn run($m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
                let ($($arg,)+ ()) = operands.all($m);
                // SAFETY: as above.
                unsafe { $body }
                Ok(())
            }
        }
    )+ };
}

// Lengths that passed their check lie below the length of a memory that exists, so `as usize` loses nothing.
memory_ops! {
    /// `dst ←` old pages of the memory, which grows by delta; or -1
    MemoryGrow "memory.grow" |m, dst: Dst, index: Memory, delta: In<Slot, W>| {
        grow_memory(m.cx, index, delta.wide())?;
        m.reload_memory();
        let old = W::from_slot((*m.cx).call_acc).into_slot();
        output(m, dst, old);
    }
    /// `memory[dst..dst + len] ← value`
    MemoryFill "memory.fill" |m, index: Memory, dst: In<Slot, W>, value: In<Slot, u32>, len: In<Slot, W>| {
        let MemoryView { base, len: end } = memory(m, index);
        check(dst, len, end)?;
        cost::fill(m.cx, base.add(dst.wide() as usize), value as u8, len.wide() as usize)?;
    }
    /// `memory[dst..dst + len] ← other[src..src + len]`
    MemoryCopy "memory.copy" |m, to: Memory, from: Memory, dst: In<Slot, W>, src: In<Slot, W>, len: In<Slot, W>| {
        let (to, from) = (memory(m, to), memory(m, from));
        check(dst, len, to.len)?;
        check(src, len, from.len)?;
        let (from, to) = (from.base.add(src.wide() as usize), to.base.add(dst.wide() as usize));
        cost::copy(m.cx, from, to, len.wide() as usize)?;
    }
    /// `memory[dst..dst + len] ← data[src..src + len]`
    MemoryInit "memory.init" |m, data: Data, index: Memory, dst: In<Slot, W>, src: In<Slot, u32>, len: In<Slot, u32>| {
        (*(*m.cx).runtime).memory_init(index.into(), data, dst.wide(), src.into(), len.into())?;
    }
}

/// `dst ←` pages of the memory; each has 64 KiB, or (`BYTES`) one byte.
#[derive(Debug)]
pub struct MemorySize<const BYTES: bool>;

// SAFETY: it reads its operands, reads a view of invariant 5, and writes its output (invariant 2).
unsafe impl<const BYTES: bool> Op for MemorySize<BYTES> {
    const NAME: &'static str = "memory.size";
    const FORM: &'static str = if BYTES { "bytes" } else { "" };
    const EFFECT: &'static str = if BYTES {
        "`dst ←` bytes of the memory"
    } else {
        "`dst ←` pages of the memory"
    };
    type Operands = (Dst, Memory);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (dst, index) = operands.all(m);
        // SAFETY: as above.
        unsafe {
            let len = memory(m, index).len;
            output(m, dst, if BYTES { len } else { len / PAGE });
        }
        Ok(())
    }
}

/// `data.drop`: `data ← empty`.
#[derive(Debug)]
pub struct DataDrop;

// SAFETY: it reads its operand. The index is the op's (invariant 5).
unsafe impl Op for DataDrop {
    const NAME: &'static str = "data.drop";
    const EFFECT: &'static str = "`data ← empty`";
    type Operands = (Data,);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let data = operands.last(m);
        // SAFETY: invariant 4.
        unsafe { (*(*m.cx).runtime).data_drop(data) };
        Ok(())
    }
}

/// `dst ← a + b`, or 2⁶⁴ - 1 if the sum is greater: an address that no memory has.
#[cfg(feature = "memory64")]
#[derive(Debug)]
pub struct Reach;

// SAFETY: it reads its operands and writes its output, which lowering has put into the frame (invariant 2).
#[cfg(feature = "memory64")]
unsafe impl Op for Reach {
    const NAME: &'static str = "memory.reach64";
    const EFFECT: &'static str = "`dst ← min(a + b, 2⁶⁴ - 1)`";
    type Operands = (Marked<u64>, In<Slot, u64>, In<Imm64, u64>, Out<ToSlot, u64>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let ((), operands) = operands.read(m);
        let (address, operands) = operands.read(m);
        let (offset, operands) = operands.read(m);
        operands.write(m, address.saturating_add(offset));
        Ok(())
    }
}

/// The family's ops.
pub const DEFS: &[OpDef] = &[
    OpDef::of::<MemorySize<false>>(),
    OpDef::of::<MemorySize<true>>(),
    OpDef::of::<MemoryGrow<u32>>(),
    #[cfg(feature = "memory64")]
    OpDef::of::<MemoryGrow<u64>>(),
    OpDef::of::<MemoryFill<u32>>(),
    #[cfg(feature = "memory64")]
    OpDef::of::<MemoryFill<u64>>(),
    OpDef::of::<MemoryCopy<u32>>(),
    #[cfg(feature = "memory64")]
    OpDef::of::<MemoryCopy<u64>>(),
    OpDef::of::<MemoryInit<u32>>(),
    #[cfg(feature = "memory64")]
    OpDef::of::<MemoryInit<u64>>(),
    OpDef::of::<DataDrop>(),
    #[cfg(feature = "memory64")]
    OpDef::of::<Reach>(),
];
