//! Where an op finds its address.

use core::marker::PhantomData;

use crate::dispatch::{Cursor, Fields, Operand, Operands, anywhere};
use crate::machine::{MemoryView, Regs, SlotValue, Trap};
#[cfg(feature = "memory64")]
use crate::ops::operand::Marked;
use crate::ops::operand::{EachOffset16, Memory, Narrow, Offset};
use crate::ops::shape::{Imm16, In, Input, Slot};

/// Where an access finds its address: the memory, an address and an offset.
pub trait Address: Sized {
    /// Its operands.
    type Operands: Operands;
    /// The address of the `size` bytes to access, which all lie in the memory. All operands are read.
    ///
    /// # Errors
    /// [`Trap::MemoryOutOfBounds`].
    fn resolve(m: &mut Regs, operands: Parts<Self>, size: usize) -> Result<*mut u8, Trap>;
}

/// A cursor over the operands of an address.
pub type Parts<A> = Cursor<<<A as Address>::Operands as Operands>::List>;

/// The operands of address `A`, as one operand of an op.
#[derive(Debug)]
pub struct At<A>(PhantomData<A>);

impl<A: Address> Operand for At<A> {
    const FIELDS: Fields = <A::Operands as Operands>::FIELDS;
}

impl<A: Address, L> Cursor<(At<A>, L)> {
    /// Reads the address of the `size` bytes to access. They all lie in the memory.
    #[inline(always)]
    pub(in crate::ops) fn resolve(
        self,
        m: &mut Regs,
        size: usize,
    ) -> Result<(*mut u8, Cursor<L>), Trap> {
        // SAFETY: promised when the cursor was made: those operands stand at `ip`, and behind them the others.
        let (parts, rest) = unsafe { (Cursor::new(), Cursor::new()) };
        Ok((A::resolve(m, parts, size)?, rest))
    }
}

/// An address in memory 0, from `A`, plus an offset of one granule or (`FAR`) two.
#[derive(Debug)]
pub struct Near<A, const FAR: bool>(PhantomData<A>);

/// An absolute address in memory 0: an offset of two granules.
#[derive(Debug)]
pub struct Absolute;

/// An address in any memory: an index, a slot, an offset of two granules.
#[derive(Debug)]
pub struct Indexed;

/// An address of 64 bits in any memory: an index, a slot, an offset of two granules.
#[cfg(feature = "memory64")]
#[derive(Debug)]
pub struct Wide;

/// The type of an address: 32 or 64 bits.
pub trait Word: SlotValue + Copy {
    /// The address in 64 bits.
    fn wide(self) -> u64;
}

impl Word for u32 {
    #[inline(always)]
    fn wide(self) -> u64 {
        self.into()
    }
}

impl Word for u64 {
    #[inline(always)]
    fn wide(self) -> u64 {
        self
    }
}

/// The type of the longest addresses: 64 bits, or 32 in builds without memories of 64-bit addresses.
#[cfg(feature = "memory64")]
pub type Long = u64;
/// The type of the longest addresses: 64 bits, or 32 in builds without memories of 64-bit addresses.
#[cfg(not(feature = "memory64"))]
pub type Long = u32;

impl<A: Input<u32>, const FAR: bool> Address for Near<A, FAR> {
    type Operands = (In<A, u32>, Offset<FAR>);

    #[inline(always)]
    fn resolve(m: &mut Regs, operands: Parts<Self>, size: usize) -> Result<*mut u8, Trap> {
        let (address, offset) = operands.all(m);
        checked(m.mem, m.mem_len, address, offset, size)
    }
}

/// An address in memory 0: a slot plus a constant of one granule, modulo 2³², plus an offset of one granule.
///
/// That is what an `i32.add`, or an `i64.add` that is wrapped, in front of the access computes.
#[derive(Debug)]
pub struct Sum;

impl Address for Sum {
    type Operands = (In<Slot, u32>, In<Imm16, u32>, Offset<false>);

    #[inline(always)]
    fn resolve(m: &mut Regs, operands: Parts<Self>, size: usize) -> Result<*mut u8, Trap> {
        let (slot, operands) = operands.read(m);
        let (constant, operands) = operands.read(m);
        let address = slot.wrapping_add(constant);
        // Read last, the offset needs no register of its own until then.
        let offset = operands.last(m);
        checked(m.mem, m.mem_len, address, offset, size)
    }
}

/// An address in memory 0 that is itself in memory, in `BITS` bits, 32 or 64: at a slot plus an offset of one granule;
/// to it another offset of one granule is added.
#[derive(Debug)]
pub struct Via<const BITS: u32>;

impl<const BITS: u32> Address for Via<BITS> {
    type Operands = (In<Slot, u32>, EachOffset16, Offset<false>, Narrow<BITS>);

    #[inline(always)]
    fn resolve(m: &mut Regs, operands: Parts<Self>, size: usize) -> Result<*mut u8, Trap> {
        let (slot, operands) = operands.read(m);
        let (offset, operands) = operands.read(m);
        let len = m.mem_len;
        let at = checked(m.mem, len, slot, offset, BITS as usize / 8)?;
        // An address is the low half of an `i64` that holds one.
        // SAFETY: the bytes were checked.
        let address = u32::from_le(unsafe { anywhere::read(at) });
        let (offset, _) = operands.read(m);
        checked(m.mem, len, address, offset, size)
    }
}

impl Address for Absolute {
    type Operands = (Offset<true>,);

    #[inline(always)]
    fn resolve(m: &mut Regs, operands: Parts<Self>, size: usize) -> Result<*mut u8, Trap> {
        let offset = operands.last(m);
        checked(m.mem, m.mem_len, 0, offset, size)
    }
}

impl Address for Indexed {
    type Operands = (Memory, In<Slot, u32>, Offset<true>);

    #[inline(always)]
    fn resolve(m: &mut Regs, operands: Parts<Self>, size: usize) -> Result<*mut u8, Trap> {
        let (memory, address, offset) = operands.all(m);
        // SAFETY: invariant 5: the index is the op's.
        let MemoryView { base, len } = unsafe { **(*m.cx).memories.add(memory.into()) };
        checked(base, len, address, offset, size)
    }
}

#[cfg(feature = "memory64")]
impl Address for Wide {
    type Operands = (Memory, In<Slot, u64>, Offset<true>, Marked<u64>);

    #[inline(always)]
    fn resolve(m: &mut Regs, operands: Parts<Self>, size: usize) -> Result<*mut u8, Trap> {
        let (memory, address, offset, ()) = operands.all(m);
        // SAFETY: invariant 5: the index is the op's.
        let view = unsafe { **(*m.cx).memories.add(memory.into()) };
        within(view, address, offset, size)
    }
}

/// The address of `size` bytes at `address + offset` of a memory, for an address of 64 bits.
#[cfg(any(feature = "memory64", feature = "threads"))]
#[inline(always)]
pub(in crate::ops) fn within(
    MemoryView { base, len }: MemoryView,
    address: u64,
    offset: u32,
    size: usize,
) -> Result<*mut u8, Trap> {
    // A 32-bit number and a few bytes: no overflow. The address has 64 bits, so nothing is added to it before the check.
    let behind = u64::from(offset) + size as u64;
    if len < behind || address > len - behind {
        return Err(Trap::MemoryOutOfBounds);
    }
    // Below the length of a memory that exists, so a `usize`.
    Ok(base.wrapping_add((address + u64::from(offset)) as usize))
}

/// The address of `size` bytes at `address + offset` of a memory.
#[inline(always)]
pub(in crate::ops) fn checked(
    base: *mut u8,
    len: u64,
    address: u32,
    offset: u32,
    size: usize,
) -> Result<*mut u8, Trap> {
    // Two 32-bit numbers and a few bytes: no overflow.
    let start = anywhere::start(u64::from(address) + u64::from(offset));
    if start + size as u64 > len {
        return Err(Trap::MemoryOutOfBounds);
    }
    // Below the length of a memory that exists, so a `usize`.
    Ok(base.wrapping_add(start as usize))
}
