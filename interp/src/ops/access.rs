//! Loads and stores (core specification, 4.4.7 "Memory Instructions").
//!
//! ```text
//!  ┌──────┬─────────┬────────┬─────┐       ┌───────┬─────────┬────────┬───────┐
//!  │ load │ address │ offset │ dst │       │ store │ address │ offset │ value │
//!  └──────┴─────────┴────────┴─────┘       └───────┴─────────┴────────┴───────┘
//! ```
//!
//! The effective address is `address + offset` without wrapping, in 64 bits; the access traps unless all its
//! bytes lie below the memory's length.

use core::marker::PhantomData;

use super::row::{Kind, Row, concat};
use super::shape::{Acc, Imm16, Input, Output, Slot, ToAcc, ToSlot};
use crate::dispatch::{Field, Op, OpDef};
use crate::machine::{Leave, MemoryView, Regs, SlotValue, Trap};

/// What a load reads, and what becomes of it.
pub trait Load {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The bytes in memory, as a number.
    type Raw: Copy;
    /// The type of the output.
    type Out: SlotValue;
    /// Extends the number to the output.
    fn extend(raw: Self::Raw) -> Self::Out;
}

/// What a store writes.
pub trait Store {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The type of the value.
    type In: SlotValue;
    /// The bytes in memory, as a number.
    type Raw: Copy;
    /// Cuts the value down to what is written.
    fn cut(value: Self::In) -> Self::Raw;
}

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
            checked(m.mem, (*m.cx).mem_len, address, offset, size)
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
            checked(m.mem, (*m.cx).mem_len, address, offset, size)
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
            let len = (*m.cx).mem_len;
            let at = checked(m.mem, len, slot, offset, BITS as usize / 8)?;
            // An address is the low half of an `i64` that holds one.
            let address = u32::from_le(at.cast::<u32>().read_unaligned());
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
            checked(m.mem, (*m.cx).mem_len, 0, offset, size)
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
pub(super) fn checked(
    base: *mut u8,
    len: u64,
    address: u32,
    offset: u32,
    size: usize,
) -> Result<*mut u8, Trap> {
    // Two 32-bit numbers and a few bytes: no overflow.
    let start = u64::from(address) + u64::from(offset);
    if start + size as u64 > len {
        return Err(Trap::MemoryOutOfBounds);
    }
    // Below the length of a memory that exists, so a `usize`.
    Ok(base.wrapping_add(start as usize))
}

/// `dst ← memory[address]`.
#[derive(Debug)]
pub struct LoadOp<R, A, O>(PhantomData<(R, A, O)>);

impl<R: Load, A: Address, O: Output> Op for LoadOp<R, A, O> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    const FIELDS: &'static [Field] = if O::HAS_SLOT {
        with_dst(A::FIELDS)
    } else {
        A::FIELDS
    };

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; `resolve` has checked that the bytes can be read.
        unsafe {
            let at = A::resolve(m, size_of::<R::Raw>())?;
            O::write(m, R::extend(at.cast::<R::Raw>().read_unaligned()));
        }
        Ok(())
    }
}

const fn with_dst(fields: &[Field]) -> &'static [Field] {
    match fields {
        [Field::Slot, Field::Offset16] => &[Field::Slot, Field::Offset16, Field::Dst],
        [Field::Acc, Field::Offset16] => &[Field::Acc, Field::Offset16, Field::Dst],
        [Field::Slot, Field::Offset32] => &[Field::Slot, Field::Offset32, Field::Dst],
        [Field::Acc, Field::Offset32] => &[Field::Acc, Field::Offset32, Field::Dst],
        [Field::Offset32] => &[Field::Offset32, Field::Dst],
        [Field::Slot, Field::Imm16, Field::Offset16] => {
            &[Field::Slot, Field::Imm16, Field::Offset16, Field::Dst]
        }
        [Field::Slot, Field::Index16, Field::Offset16] => {
            &[Field::Slot, Field::Index16, Field::Offset16, Field::Dst]
        }
        [Field::Slot, Field::Index16, Field::Offset16, Field::Narrow] => &[
            Field::Slot,
            Field::Index16,
            Field::Offset16,
            Field::Narrow,
            Field::Dst,
        ],
        _ => &[Field::Index16, Field::Slot, Field::Offset32, Field::Dst],
    }
}

/// `memory[address] ← value`.
#[derive(Debug)]
pub struct StoreOp<R, A, V>(PhantomData<(R, A, V)>);

impl<R: Store, A: Address, V: Input<R::In>> Op for StoreOp<R, A, V> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    const FIELDS: &'static [Field] = with_value(A::FIELDS, V::FIELD);

    #[inline(always)]
    unsafe fn run(m: &mut Regs) -> Result<(), Leave> {
        // SAFETY: promised by the caller; `resolve` has checked that the bytes can be written.
        unsafe {
            let at = A::resolve(m, size_of::<R::Raw>())?;
            let value = V::read(m);
            at.cast::<R::Raw>().write_unaligned(R::cut(value));
        }
        Ok(())
    }
}

const fn with_value(fields: &[Field], value: Field) -> &'static [Field] {
    macro_rules! with {
        ($($field:ident),*) => {
            match value {
                Field::Slot => &[$(Field::$field,)* Field::Slot],
                Field::Acc => &[$(Field::$field,)* Field::Acc],
                Field::Facc => &[$(Field::$field,)* Field::Facc],
                _ => &[$(Field::$field,)* Field::Imm16],
            }
        };
    }
    match fields {
        [Field::Slot, Field::Offset16] => with!(Slot, Offset16),
        [Field::Acc, Field::Offset16] => with!(Acc, Offset16),
        [Field::Slot, Field::Offset32] => with!(Slot, Offset32),
        [Field::Acc, Field::Offset32] => with!(Acc, Offset32),
        [Field::Offset32] => with!(Offset32),
        [Field::Slot, Field::Imm16, Field::Offset16] => with!(Slot, Imm16, Offset16),
        [Field::Slot, Field::Index16, Field::Offset16] => with!(Slot, Index16, Offset16),
        [Field::Slot, Field::Index16, Field::Offset16, Field::Narrow] => {
            with!(Slot, Index16, Offset16, Narrow)
        }
        _ => with!(Index16, Slot, Offset32),
    }
}

/// Where the ops of a load begin, each with and without a slot: address in a slot, in the accumulator;
/// the same with a long offset; an absolute address; any memory.
pub mod load_shape {
    /// Address in a slot, short offset.
    pub const SLOT: u16 = 0;
    /// Address in the accumulator, short offset.
    pub const ACC: u16 = 2;
    /// Added for a long offset.
    pub const FAR: u16 = 4;
    /// No address but a long offset.
    pub const ABSOLUTE: u16 = 8;
    /// Any memory.
    pub const INDEXED: u16 = 10;
    /// Address in a slot plus a constant.
    pub const SUM: u16 = 12;
    /// Address in memory, 64 bits.
    pub const VIA64: u16 = 14;
    /// Address in memory, 32 bits.
    pub const VIA32: u16 = 16;
}

/// Where the ops of a store begin.
pub mod store_shape {
    /// Address in a slot: value in a slot; then in the accumulator; then a constant.
    pub const SLOT: u16 = 0;
    /// Address in the accumulator: value in a slot; then a constant.
    pub const ACC: u16 = 3;
    /// Added for a long offset.
    pub const FAR: u16 = 5;
    /// No address but a long offset: value in a slot; then in the accumulator; then a constant.
    pub const ABSOLUTE: u16 = 10;
    /// Any memory: value in a slot.
    pub const INDEXED: u16 = 13;
    /// Address in a slot plus a constant: value in a slot; then in the accumulator.
    pub const SUM: u16 = 14;
    /// Address in memory, 64 bits: value in a slot; then a constant.
    pub const VIA64: u16 = 16;
    /// Address in memory, 32 bits: value in a slot; then a constant.
    pub const VIA32: u16 = 18;
}

const fn load_shapes<R: Load>() -> [OpDef; 18] {
    [
        OpDef::of::<LoadOp<R, Near<Slot, false>, ToSlot>>(),
        OpDef::of::<LoadOp<R, Near<Slot, false>, ToAcc>>(),
        OpDef::of::<LoadOp<R, Near<Acc, false>, ToSlot>>(),
        OpDef::of::<LoadOp<R, Near<Acc, false>, ToAcc>>(),
        OpDef::of::<LoadOp<R, Near<Slot, true>, ToSlot>>(),
        OpDef::of::<LoadOp<R, Near<Slot, true>, ToAcc>>(),
        OpDef::of::<LoadOp<R, Near<Acc, true>, ToSlot>>(),
        OpDef::of::<LoadOp<R, Near<Acc, true>, ToAcc>>(),
        OpDef::of::<LoadOp<R, Absolute, ToSlot>>(),
        OpDef::of::<LoadOp<R, Absolute, ToAcc>>(),
        OpDef::of::<LoadOp<R, Indexed, ToSlot>>(),
        OpDef::of::<LoadOp<R, Indexed, ToAcc>>(),
        OpDef::of::<LoadOp<R, Sum, ToSlot>>(),
        OpDef::of::<LoadOp<R, Sum, ToAcc>>(),
        OpDef::of::<LoadOp<R, Via<64>, ToSlot>>(),
        OpDef::of::<LoadOp<R, Via<64>, ToAcc>>(),
        OpDef::of::<LoadOp<R, Via<32>, ToSlot>>(),
        OpDef::of::<LoadOp<R, Via<32>, ToAcc>>(),
    ]
}

const fn store_shapes<R: Store>() -> [OpDef; 20] {
    [
        OpDef::of::<StoreOp<R, Near<Slot, false>, Slot>>(),
        OpDef::of::<StoreOp<R, Near<Slot, false>, Acc>>(),
        OpDef::of::<StoreOp<R, Near<Slot, false>, Imm16>>(),
        OpDef::of::<StoreOp<R, Near<Acc, false>, Slot>>(),
        OpDef::of::<StoreOp<R, Near<Acc, false>, Imm16>>(),
        OpDef::of::<StoreOp<R, Near<Slot, true>, Slot>>(),
        OpDef::of::<StoreOp<R, Near<Slot, true>, Acc>>(),
        OpDef::of::<StoreOp<R, Near<Slot, true>, Imm16>>(),
        OpDef::of::<StoreOp<R, Near<Acc, true>, Slot>>(),
        OpDef::of::<StoreOp<R, Near<Acc, true>, Imm16>>(),
        OpDef::of::<StoreOp<R, Absolute, Slot>>(),
        OpDef::of::<StoreOp<R, Absolute, Acc>>(),
        OpDef::of::<StoreOp<R, Absolute, Imm16>>(),
        OpDef::of::<StoreOp<R, Indexed, Slot>>(),
        OpDef::of::<StoreOp<R, Sum, Slot>>(),
        OpDef::of::<StoreOp<R, Sum, Acc>>(),
        OpDef::of::<StoreOp<R, Via<64>, Slot>>(),
        OpDef::of::<StoreOp<R, Via<64>, Imm16>>(),
        OpDef::of::<StoreOp<R, Via<32>, Slot>>(),
        OpDef::of::<StoreOp<R, Via<32>, Imm16>>(),
    ]
}

macro_rules! access_rows {
    ($Trait:ident: $shapes:ident, $count:literal, $kind:expr, $Value:ident, $convert:ident;
     $($(#[doc = $effect:literal])+ $Name:ident $name:literal $opcode:literal
       $Raw:ty, $Type:ty, |$arg:ident: $Arg:ty| -> $Result:ty { $body:expr })+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            impl $Trait for $Name {
                const NAME: &'static str = $name;
                const EFFECT: &'static str = concat!($($effect),+);
                type Raw = $Raw;
                type $Value = $Type;
                #[inline(always)]
                fn $convert($arg: $Arg) -> $Result { $body }
            }
        )+

        /// The family's ops.
        pub const DEFS: &[OpDef] = {
            const LISTS: &[&[OpDef]] = &[$(&$shapes::<$Name>()),+];
            &concat::<{ LISTS.len() * $count }>(LISTS)
        };

        /// The family's rows.
        pub const ROWS: &[Row] = {
            const OPCODES: &[u16] = &[$($opcode),+];
            &[$(Row {
                opcode: $opcode,
                kind: $kind,
                // Opcodes of a family follow each other.
                first: ($opcode - OPCODES[0]) * $count,
                eval: |value, _| Ok(value),
                float_in: <$Type as SlotValue>::IS_FLOAT,
                float_out: <$Type as SlotValue>::IS_FLOAT,
                is_32: <$Type as SlotValue>::IS_32,
            }),+]
        };
    };
}

/// The loads.
pub mod load {
    use super::*;

    /// The opcode of `i32.load`.
    pub const OPCODE_I32: u16 = 0x28;
    /// The opcode of `i32.load8_u`.
    pub const OPCODE_BYTE: u16 = 0x2d;
    /// The opcode of `i64.load`.
    pub const OPCODE_I64: u16 = 0x29;

    // `as` and `from` extend with or without the sign, as the type of the raw number says.
    access_rows! { Load: load_shapes, 18, Kind::Load, Out, extend;
        /// `dst ← memory[address]`
        I32Load "i32.load" 0x28 u32, u32, |raw: u32| -> u32 { u32::from_le(raw) }
        /// `dst ← memory[address]`
        I64Load "i64.load" 0x29 u64, u64, |raw: u64| -> u64 { u64::from_le(raw) }
        /// `dst ← memory[address]`
        F32Load "f32.load" 0x2a u32, f32, |raw: u32| -> f32 { f32::from_bits(u32::from_le(raw)) }
        /// `dst ← memory[address]`
        F64Load "f64.load" 0x2b u64, f64, |raw: u64| -> f64 { f64::from_bits(u64::from_le(raw)) }
        /// `dst ← memory[address]`, sign-extended
        I32Load8S "i32.load8_s" 0x2c i8, i32, |raw: i8| -> i32 { i32::from(raw) }
        /// `dst ← memory[address]`, zero-extended
        I32Load8U "i32.load8_u" 0x2d u8, u32, |raw: u8| -> u32 { u32::from(raw) }
        /// `dst ← memory[address]`, sign-extended
        I32Load16S "i32.load16_s" 0x2e i16, i32, |raw: i16| -> i32 { i32::from(i16::from_le(raw)) }
        /// `dst ← memory[address]`, zero-extended
        I32Load16U "i32.load16_u" 0x2f u16, u32, |raw: u16| -> u32 { u32::from(u16::from_le(raw)) }
        /// `dst ← memory[address]`, sign-extended
        I64Load8S "i64.load8_s" 0x30 i8, i64, |raw: i8| -> i64 { i64::from(raw) }
        /// `dst ← memory[address]`, zero-extended
        I64Load8U "i64.load8_u" 0x31 u8, u64, |raw: u8| -> u64 { u64::from(raw) }
        /// `dst ← memory[address]`, sign-extended
        I64Load16S "i64.load16_s" 0x32 i16, i64, |raw: i16| -> i64 { i64::from(i16::from_le(raw)) }
        /// `dst ← memory[address]`, zero-extended
        I64Load16U "i64.load16_u" 0x33 u16, u64, |raw: u16| -> u64 { u64::from(u16::from_le(raw)) }
        /// `dst ← memory[address]`, sign-extended
        I64Load32S "i64.load32_s" 0x34 i32, i64, |raw: i32| -> i64 { i64::from(i32::from_le(raw)) }
        /// `dst ← memory[address]`, zero-extended
        I64Load32U "i64.load32_u" 0x35 u32, u64, |raw: u32| -> u64 { u64::from(u32::from_le(raw)) }
    }
}

/// The stores.
pub mod store {
    use super::*;

    /// The opcode of `i64.store`.
    pub const OPCODE_I64: u16 = 0x37;
    /// The opcode of `i32.store`.
    pub const OPCODE_I32: u16 = 0x36;

    // `as` keeps the low bits: that is the meaning.
    access_rows! { Store: store_shapes, 20, Kind::Store, In, cut;
        /// `memory[address] ← value`
        I32Store "i32.store" 0x36 u32, u32, |value: u32| -> u32 { value.to_le() }
        /// `memory[address] ← value`
        I64Store "i64.store" 0x37 u64, u64, |value: u64| -> u64 { value.to_le() }
        /// `memory[address] ← value`
        F32Store "f32.store" 0x38 u32, f32, |value: f32| -> u32 { value.to_bits().to_le() }
        /// `memory[address] ← value`
        F64Store "f64.store" 0x39 u64, f64, |value: f64| -> u64 { value.to_bits().to_le() }
        /// `memory[address] ←` the low 8 bits of value
        I32Store8 "i32.store8" 0x3a u8, u32, |value: u32| -> u8 { value as u8 }
        /// `memory[address] ←` the low 16 bits of value
        I32Store16 "i32.store16" 0x3b u16, u32, |value: u32| -> u16 { (value as u16).to_le() }
        /// `memory[address] ←` the low 8 bits of value
        I64Store8 "i64.store8" 0x3c u8, u64, |value: u64| -> u8 { value as u8 }
        /// `memory[address] ←` the low 16 bits of value
        I64Store16 "i64.store16" 0x3d u16, u64, |value: u64| -> u16 { (value as u16).to_le() }
        /// `memory[address] ←` the low 32 bits of value
        I64Store32 "i64.store32" 0x3e u32, u64, |value: u64| -> u32 { (value as u32).to_le() }
    }
}
