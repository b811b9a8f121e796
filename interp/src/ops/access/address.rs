//! Where an op finds its address.

use core::marker::PhantomData;

use crate::dispatch::{Field, anywhere};
use crate::machine::{MemoryView, Regs, Trap};
use crate::ops::shape::{Input, Slot};

/// Where an access finds its address: the memory, an address and an offset.
pub trait Address {
    /// Its operands.
    const FIELDS: &'static [Field];
    /// The address of the `size` bytes to access, which all lie in the memory.
    ///
    /// # Errors
    /// [`Trap::MemoryOutOfBounds`].
    ///
    /// # Safety
    /// The machine's invariants hold, and the operands stand at `ip`.
    unsafe fn resolve(m: &mut Regs, size: usize) -> Result<*mut u8, Trap>;
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

impl<A: Input<u32>, const FAR: bool> Address for Near<A, FAR> {
    const FIELDS: &'static [Field] = if FAR {
        &[A::FIELD, Field::Offset32]
    } else {
        &[A::FIELD, Field::Offset16]
    };
    #[inline(always)]
    unsafe fn resolve(m: &mut Regs, size: usize) -> Result<*mut u8, Trap> {
        // SAFETY: promised by the caller.
        unsafe {
            let address = A::read(m);
            let offset = if FAR {
                m.fetch32()
            } else {
                u32::from(m.fetch())
            };
            checked(m.mem, m.mem_len, address, offset, size)
        }
    }
}

/// An address in memory 0: a slot plus a constant of one granule, modulo 2³², plus an offset of one granule.
///
/// That is what an `i32.add`, or an `i64.add` that is wrapped, in front of the access computes.
#[derive(Debug)]
pub struct Sum;

impl Address for Sum {
    const FIELDS: &'static [Field] = &[Field::Slot, Field::Imm16, Field::Offset16];
    #[inline(always)]
    unsafe fn resolve(m: &mut Regs, size: usize) -> Result<*mut u8, Trap> {
        // SAFETY: promised by the caller. The casts extend the sign of the constant.
        unsafe {
            let slot = <Slot as Input<u32>>::read(m);
            let address = slot.wrapping_add(m.fetch() as i16 as i32 as u32);
            let offset = u32::from(m.fetch());
            checked(m.mem, m.mem_len, address, offset, size)
        }
    }
}

/// An address in memory 0 that is itself in memory, in `BITS` bits, 32 or 64: at a slot plus an offset of one granule;
/// to it another offset of one granule is added.
#[derive(Debug)]
pub struct Via<const BITS: u32>;

impl<const BITS: u32> Address for Via<BITS> {
    const FIELDS: &'static [Field] = if BITS == 64 {
        &[Field::Slot, Field::Index16, Field::Offset16]
    } else {
        &[Field::Slot, Field::Index16, Field::Offset16, Field::Narrow]
    };
    #[inline(always)]
    unsafe fn resolve(m: &mut Regs, size: usize) -> Result<*mut u8, Trap> {
        // SAFETY: promised by the caller; the address is checked before it is read.
        unsafe {
            let slot = <Slot as Input<u32>>::read(m);
            let offset = u32::from(m.fetch());
            let len = m.mem_len;
            let at = checked(m.mem, len, slot, offset, BITS as usize / 8)?;
            // An address is the low half of an `i64` that holds one.
            let address = u32::from_le(anywhere::read(at));
            let offset = u32::from(m.fetch());
            checked(m.mem, len, address, offset, size)
        }
    }
}

impl Address for Absolute {
    const FIELDS: &'static [Field] = &[Field::Offset32];
    #[inline(always)]
    unsafe fn resolve(m: &mut Regs, size: usize) -> Result<*mut u8, Trap> {
        // SAFETY: promised by the caller.
        unsafe {
            let offset = m.fetch32();
            checked(m.mem, m.mem_len, 0, offset, size)
        }
    }
}

impl Address for Indexed {
    const FIELDS: &'static [Field] = &[Field::Index16, Field::Slot, Field::Offset32];
    #[inline(always)]
    unsafe fn resolve(m: &mut Regs, size: usize) -> Result<*mut u8, Trap> {
        // SAFETY: promised by the caller; invariant 5 for the view.
        unsafe {
            let memory = usize::from(m.fetch());
            let address = <Slot as Input<u32>>::read(m);
            let offset = m.fetch32();
            let MemoryView { base, len } = **(*m.cx).memories.add(memory);
            checked(base, len, address, offset, size)
        }
    }
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
