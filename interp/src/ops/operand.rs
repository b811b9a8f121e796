//! The operands of ops that are neither an input of some type nor the output (`shape.rs` has those).
//!
//! Each is a type, whose value the op reads, and a [`Field`], by which the op is encoded and listed.

use core::marker::PhantomData;

use crate::dispatch::{Cursor, Field, Fields, Operand, Read};
#[cfg(feature = "gc")]
use crate::machine::HeapCode;
use crate::machine::{Regs, SlotIndex, Value};

/// Declares operands of one granule or two, with their values.
macro_rules! operands {
    ($($(#[$doc:meta])+ $Name:ident: $field:ident -> $Value:ty, |$m:ident| $read:expr;)+) => { $(
        $(#[$doc])+
        #[derive(Debug)]
        pub struct $Name;

        impl Operand for $Name {
            const FIELDS: Fields = Fields::one(Field::$field);
        }

        impl Read for $Name {
            type Value = $Value;

            #[inline(always)]
            unsafe fn read($m: &mut Regs) -> $Value {
                // SAFETY: invariant 1, promised by the caller.
                unsafe { $read }
            }
        }
    )+ };
}

// Casts between signed and unsigned numbers give a number its sign.
operands! {
    /// A slot that is written, read in front of other operands.
    Dst: Dst -> SlotIndex, |m| SlotIndex(m.fetch());
    /// Another slot that is written, read in front of other operands.
    Also: Also -> SlotIndex, |m| SlotIndex(m.fetch());
    /// The first of several slots.
    Base: Base -> SlotIndex, |m| SlotIndex(m.fetch());
    /// Where a frame's header lies in the frame.
    Header: Header -> SlotIndex, |m| SlotIndex(m.fetch());
    /// A constant beside others.
    EachImm16: EachImm16 -> i16, |m| m.fetch() as i16;
    /// The offset of an address beside others.
    EachOffset16: EachOffset16 -> u32, |m| u32::from(m.fetch());
    /// A number of bits or slots.
    Count16: Count16 -> u16, |m| m.fetch();
    /// A function that the instance defines, with a small index.
    Func16: Func16 -> usize, |m| usize::from(m.fetch());
    /// A function that the instance defines.
    Func32: Func32 -> usize, |m| m.fetch32() as usize;
    /// An imported function.
    Import: Import -> usize, |m| m.fetch32() as usize;
    /// A memory.
    Memory: Memory -> u16, |m| m.fetch();
    /// A table.
    Table: Table -> u16, |m| m.fetch();
    /// A type.
    Type: Type -> usize, |m| m.fetch32() as usize;
    /// A data segment.
    Data: Data -> u32, |m| m.fetch32();
    /// An element segment.
    Elem: Elem -> u32, |m| m.fetch32();
    /// A tag.
    Tag: Tag -> u32, |m| m.fetch32();
}

/// A type of references that a reference is tested for.
#[cfg(feature = "gc")]
#[derive(Debug)]
pub struct Heap;

#[cfg(feature = "gc")]
impl Operand for Heap {
    const FIELDS: Fields = Fields::one(Field::HeapType);
}

#[cfg(feature = "gc")]
impl Read for Heap {
    type Value = HeapCode;

    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> HeapCode {
        // SAFETY: invariant 1, promised by the caller.
        HeapCode(unsafe { m.fetch32() })
    }
}

/// Declares operands that have a short form and, if `FAR` holds, a long one.
macro_rules! lengths {
    ($($(#[$doc:meta])+ $Name:ident: $near:ident $far:ident -> $Value:ty, |$m:ident| $read_near:expr, $read_far:expr;)+) => { $(
        $(#[$doc])+
        #[derive(Debug)]
        pub struct $Name<const FAR: bool>;

        impl<const FAR: bool> Operand for $Name<FAR> {
            const FIELDS: Fields = Fields::one(if FAR { Field::$far } else { Field::$near });
        }

        impl<const FAR: bool> Read for $Name<FAR> {
            type Value = $Value;

            #[inline(always)]
            unsafe fn read($m: &mut Regs) -> $Value {
                // SAFETY: invariant 1, promised by the caller.
                unsafe { if FAR { $read_far } else { $read_near } }
            }
        }
    )+ };
}

lengths! {
    /// The constant offset of an address.
    Offset: Offset16 Offset32 -> u32, |m| u32::from(m.fetch()), m.fetch32();
    /// A branch target, in granules from the start of the op.
    Label: Label16 Label32 -> isize, |m| isize::from(m.fetch() as i16), m.fetch32() as i32 as isize;
    /// A global: of those that the instance defines, or (`FAR`) of all.
    Global: Global16 Global32 -> usize, |m| usize::from(m.fetch()), m.fetch32() as usize;
    /// The number of branch targets that follow, besides the last one.
    Targets: Count16 Count32 -> u32, |m| u32::from(m.fetch()), m.fetch32();
}

/// A list of branch targets.
#[derive(Debug)]
pub struct Labels<const FAR: bool>;

impl<const FAR: bool> Operand for Labels<FAR> {
    const FIELDS: Fields = Fields::one(if FAR {
        Field::Labels32
    } else {
        Field::Labels16
    });
}

impl<const FAR: bool> Cursor<(Labels<FAR>, ())> {
    /// Reads target number `index`.
    ///
    /// # Safety
    /// There are more targets than `index`.
    #[inline(always)]
    pub(super) unsafe fn target(self, m: &mut Regs, index: u32) -> isize {
        // SAFETY: invariant 1: the op has more targets than `index`.
        unsafe {
            m.ip = m.ip.add(if FAR { 2 } else { 1 } * index as usize);
            Label::<FAR>::read(m)
        }
    }
}

/// The slot with the copy of Go's stack pointer, which the op uses without being told.
#[derive(Debug)]
pub struct Sp;

impl Operand for Sp {
    const FIELDS: Fields = Fields::one(Field::Sp);
}

/// A mark that sets apart ops which differ by a width of 32 bits alone.
#[derive(Debug)]
pub struct Narrow<const BITS: u32>;

impl<const BITS: u32> Operand for Narrow<BITS> {
    const FIELDS: Fields = if BITS == 32 {
        Fields::one(Field::Narrow)
    } else {
        Fields::NONE
    };
}

/// A mark that sets apart an op with addresses of type `W`, if they have 64 bits.
#[derive(Debug)]
pub struct Marked<W>(PhantomData<W>);

impl<W: Value> Operand for Marked<W> {
    const FIELDS: Fields = if W::IS_32 {
        Fields::NONE
    } else {
        Fields::one(Field::Wide)
    };
}

impl<W: Value> Read for Marked<W> {
    type Value = ();

    #[inline(always)]
    unsafe fn read(_: &mut Regs) {}
}

/// An operand that is there if `IS` holds.
#[derive(Debug)]
pub struct If<const IS: bool, O>(PhantomData<O>);

impl<const IS: bool, O: Operand> Operand for If<IS, O> {
    const FIELDS: Fields = if IS { O::FIELDS } else { Fields::NONE };
}

impl<const IS: bool, O: Read> Read for If<IS, O> {
    type Value = Option<O::Value>;

    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> Self::Value {
        if IS {
            // SAFETY: invariant 1: the operand is there.
            Some(unsafe { O::read(m) })
        } else {
            None
        }
    }
}
