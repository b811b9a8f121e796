//! The loads and stores themselves, and the shapes that each has.

#[cfg(feature = "memory64")]
use super::Wide;
use super::{Absolute, Indexed, Load, LoadOp, Near, Store, StoreOp, Sum, Via};
use crate::dispatch::OpDef;
use crate::machine::{SlotValue, Value};
use crate::ops::row::{Kind, Opcode, Row, concat, first};
use crate::ops::shape::{Acc, Imm16, Slot, ToAcc, ToSlot};
use crate::ops::shapes::Shape;

/// The ops of a load, in the order of [`Shape::all`](crate::ops::shapes::Shape::all).
const fn load_shapes<R: Load>() -> [OpDef; Shape::all(Kind::Load).len()] {
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
        #[cfg(feature = "memory64")]
        OpDef::of::<LoadOp<R, Wide, ToSlot>>(),
        #[cfg(feature = "memory64")]
        OpDef::of::<LoadOp<R, Wide, ToAcc>>(),
    ]
}

/// The ops of a store, in the order of [`Shape::all`](crate::ops::shapes::Shape::all).
const fn store_shapes<R: Store<In: SlotValue>>() -> [OpDef; Shape::all(Kind::Store).len()] {
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
        #[cfg(feature = "memory64")]
        OpDef::of::<StoreOp<R, Wide, Slot>>(),
    ]
}

macro_rules! access_rows {
    ($Trait:ident: $shapes:ident, $kind:expr, $Value:ident, $convert:ident;
     $($(#[doc = $effect:literal])+ $Name:ident $name:literal $opcode:literal
       $Raw:ty, $Type:ty, |$arg:ident: $Arg:ty| -> $Result:ty { $body:expr })+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            impl $Trait for $Name {
                const NAME: &'static str = $name;
                const EFFECT: &'static str = concat!($($effect),+);
                const OPCODE: Opcode = Opcode($opcode);
                type Raw = $Raw;
                type $Value = $Type;
                #[inline(always)]
                fn $convert($arg: $Arg) -> $Result { $body }
            }
        )+

        /// The family's ops.
        pub const DEFS: &[OpDef] = {
            const LISTS: &[&[OpDef]] = &[$(&$shapes::<$Name>()),+];
            &concat::<{ LISTS.len() * Shape::all($kind).len() }>(LISTS)
        };

        /// The family's rows.
        pub const ROWS: &[Row] = {
            const OPCODES: &[u32] = &[$($opcode),+];
            &[$(Row {
                opcode: Opcode($opcode),
                kind: $kind,
                first: first($opcode, OPCODES, Shape::all($kind).len()),
                eval: None,
                class_in: <$Type as Value>::CLASS,
                class_out: <$Type as Value>::CLASS,
                is_32: <$Type as Value>::IS_32,
            }),+]
        };
    };
}

#[cfg(feature = "simd")]
pub(in crate::ops) use access_rows;

/// The loads.
pub mod load {
    use super::*;

    // `as` and `from` extend with or without the sign, as the type of the raw number says.
    access_rows! { Load: load_shapes, Kind::Load, Out, extend;
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

    // `as` keeps the low bits: that is the meaning.
    access_rows! { Store: store_shapes, Kind::Store, In, cut;
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
