//! Loads and stores of vectors and of their lanes (core specification, 4.4.7).
//!
//! An address is in a slot, with a short offset; or it is in any memory, with 32 bits or 64, and a long offset.

use core::marker::PhantomData;
use core::mem;

use super::Lanes;
use crate::dispatch::{Op, OpDef, Reader, anywhere};
use crate::machine::{Class, Leave, Regs, V128, Value};
#[cfg(feature = "memory64")]
use crate::ops::access::Wide;
use crate::ops::access::{Address, At, Indexed, Load, LoadOp, Near, Store, StoreOp, access_rows};
use crate::ops::operand::Count16;
use crate::ops::row::{Kind, Opcode, Row, concat, first};
use crate::ops::shape::{In, Out, Slot, ToSlot};
use crate::ops::shapes::Shape;

/// The vector with these bytes as its lowest ones, and zeros.
#[inline(always)]
fn wide<const N: usize>(low: [u8; N]) -> V128 {
    let mut bytes = [0; 16];
    bytes[..N].copy_from_slice(&low);
    V128(bytes)
}

/// Arrays of the lanes of half a vector.
trait HalfLanes {
    /// The lanes in these bytes.
    fn split(half: [u8; 8]) -> Self;
}

macro_rules! half_lanes {
    ($($Type:ident $count:literal,)*) => { $(
        impl HalfLanes for [$Type; $count] {
            #[inline(always)]
            #[allow(clippy::useless_transmute, reason = "the lanes may be bytes")]
            fn split(half: [u8; 8]) -> Self {
                // SAFETY: both are arrays of eight bytes, and all bytes make numbers.
                let lanes = unsafe { mem::transmute::<[u8; 8], Self>(half) };
                lanes.map($Type::from_le)
            }
        }
    )* };
}
half_lanes! { i8 8, u8 8, i16 4, u16 4, i32 2, u32 2, }

/// The numbers in half a vector as lanes that are twice as wide.
#[inline(always)]
fn widened<A, B: From<A>, const N: usize>(half: [u8; 8]) -> V128
where
    [A; N]: HalfLanes,
    [B; N]: Lanes,
{
    <[A; N]>::split(half).map(B::from).join()
}

/// Loads of vectors.
pub mod load {
    use super::*;

    const fn shapes<R: Load>() -> [OpDef; Shape::all(KIND).len()] {
        [
            OpDef::of::<LoadOp<R, Near<Slot, false>, ToSlot>>(),
            OpDef::of::<LoadOp<R, Indexed, ToSlot>>(),
            #[cfg(feature = "memory64")]
            OpDef::of::<LoadOp<R, Wide, ToSlot>>(),
        ]
    }

    const KIND: Kind = Kind::VectorAccess {
        store: false,
        lane: false,
    };

    access_rows! { Load: shapes, KIND, Out, extend;
        /// `dst ← memory[address]`
        V128Load "v128.load" 0xfd_0000 [u8; 16], V128, |raw: [u8; 16]| -> V128 { V128(raw) }
        /// each lane of `dst ←` a number of `memory[address]`, sign-extended
        V128Load8x8S "v128.load8x8_s" 0xfd_0001 [u8; 8], V128, |raw: [u8; 8]| -> V128 { widened::<i8, i16, 8>(raw) }
        /// each lane of `dst ←` a number of `memory[address]`, zero-extended
        V128Load8x8U "v128.load8x8_u" 0xfd_0002 [u8; 8], V128, |raw: [u8; 8]| -> V128 { widened::<u8, u16, 8>(raw) }
        /// each lane of `dst ←` a number of `memory[address]`, sign-extended
        V128Load16x4S "v128.load16x4_s" 0xfd_0003 [u8; 8], V128, |raw: [u8; 8]| -> V128 { widened::<i16, i32, 4>(raw) }
        /// each lane of `dst ←` a number of `memory[address]`, zero-extended
        V128Load16x4U "v128.load16x4_u" 0xfd_0004 [u8; 8], V128, |raw: [u8; 8]| -> V128 { widened::<u16, u32, 4>(raw) }
        /// each lane of `dst ←` a number of `memory[address]`, sign-extended
        V128Load32x2S "v128.load32x2_s" 0xfd_0005 [u8; 8], V128, |raw: [u8; 8]| -> V128 { widened::<i32, i64, 2>(raw) }
        /// each lane of `dst ←` a number of `memory[address]`, zero-extended
        V128Load32x2U "v128.load32x2_u" 0xfd_0006 [u8; 8], V128, |raw: [u8; 8]| -> V128 { widened::<u32, u64, 2>(raw) }
        /// each lane of `dst ← memory[address]`
        V128Load8Splat "v128.load8_splat" 0xfd_0007 [u8; 1], V128, |raw: [u8; 1]| -> V128 { [u8::from_le_bytes(raw); 16].join() }
        /// each lane of `dst ← memory[address]`
        V128Load16Splat "v128.load16_splat" 0xfd_0008 [u8; 2], V128, |raw: [u8; 2]| -> V128 { [u16::from_le_bytes(raw); 8].join() }
        /// each lane of `dst ← memory[address]`
        V128Load32Splat "v128.load32_splat" 0xfd_0009 [u8; 4], V128, |raw: [u8; 4]| -> V128 { [u32::from_le_bytes(raw); 4].join() }
        /// each lane of `dst ← memory[address]`
        V128Load64Splat "v128.load64_splat" 0xfd_000a [u8; 8], V128, |raw: [u8; 8]| -> V128 { [u64::from_le_bytes(raw); 2].join() }
        /// `dst ← memory[address]`, the other lanes 0
        V128Load32Zero "v128.load32_zero" 0xfd_005c [u8; 4], V128, |raw: [u8; 4]| -> V128 { wide(raw) }
        /// `dst ← memory[address]`, the other lane 0
        V128Load64Zero "v128.load64_zero" 0xfd_005d [u8; 8], V128, |raw: [u8; 8]| -> V128 { wide(raw) }
    }
}

/// The store of a vector.
pub mod store {
    use super::*;

    const fn shapes<R: Store>() -> [OpDef; Shape::all(KIND).len()] {
        [
            OpDef::of::<StoreOp<R, Near<Slot, false>, Slot>>(),
            OpDef::of::<StoreOp<R, Indexed, Slot>>(),
            #[cfg(feature = "memory64")]
            OpDef::of::<StoreOp<R, Wide, Slot>>(),
        ]
    }

    const KIND: Kind = Kind::VectorAccess {
        store: true,
        lane: false,
    };

    access_rows! { Store: shapes, KIND, In, cut;
        /// `memory[address] ← value`
        V128Store "v128.store" 0xfd_000b [u8; 16], V128, |value: V128| -> [u8; 16] { value.0 }
    }
}

/// What accesses one lane.
pub trait OfLane {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The instruction's opcode (core specification, 5.4).
    const OPCODE: Opcode;
    /// The bytes of a lane.
    type Raw: Copy;
    /// The vector with the bytes of a lane replaced.
    fn replace(a: V128, raw: Self::Raw, lane: usize) -> V128;
    /// The bytes of a lane.
    fn extract(a: V128, lane: usize) -> Self::Raw;
}

macro_rules! lane_rows {
    ($store:literal, $shapes:ident; $($(#[doc = $effect:literal])+ $Name:ident $name:literal $opcode:literal [$Lane:ty; $count:literal];)+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            impl OfLane for $Name {
                const NAME: &'static str = $name;
                const EFFECT: &'static str = concat!($($effect),+);
                const OPCODE: Opcode = Opcode($opcode);
                type Raw = [u8; 16 / $count];
                #[inline(always)]
                fn replace(a: V128, raw: Self::Raw, lane: usize) -> V128 {
                    let mut lanes = <[$Lane; $count]>::split(a);
                    // Validation admits only numbers below the count.
                    lanes[lane % $count] = <$Lane>::from_le_bytes(raw);
                    lanes.join()
                }
                #[inline(always)]
                fn extract(a: V128, lane: usize) -> Self::Raw {
                    <[$Lane; $count]>::split(a)[lane % $count].to_le_bytes()
                }
            }
        )+

        const KIND: Kind = Kind::VectorAccess {
            store: $store,
            lane: true,
        };

        crate::ops::vector::vector_rows! { @lists $shapes, Shape::all(KIND).len(), KIND, Class::Vector; $($Name $opcode)+ }
    };
}

/// Loads of a lane.
pub mod load_lane {
    use super::*;

    /// `dst ← a` with a lane from memory, for the row `R`.
    #[derive(Debug)]
    pub struct LoadLane<R, A>(PhantomData<(R, A)>);

    // SAFETY: it reads its operands, reads bytes that were checked to lie in the memory (invariants 3 and 5), and writes its output.
    unsafe impl<R: OfLane, A: Address> Op for LoadLane<R, A> {
        const NAME: &'static str = R::NAME;
        const EFFECT: &'static str = R::EFFECT;
        type Operands = (At<A>, In<Slot, V128>, Count16, Out<ToSlot, V128>);

        #[inline(always)]
        fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
            let (at, operands) = operands.resolve(m, size_of::<R::Raw>())?;
            // SAFETY: `resolve` has checked that the bytes can be read.
            let raw = unsafe { anywhere::read(at) };
            let (a, operands) = operands.read(m);
            let (lane, operands) = operands.read(m);
            operands.write(m, R::replace(a, raw, lane.into()));
            Ok(())
        }
    }

    const fn shapes<R: OfLane>() -> [OpDef; Shape::all(KIND).len()] {
        [
            OpDef::of::<LoadLane<R, Near<Slot, false>>>(),
            OpDef::of::<LoadLane<R, Indexed>>(),
            #[cfg(feature = "memory64")]
            OpDef::of::<LoadLane<R, Wide>>(),
        ]
    }

    lane_rows! { false, shapes;
        /// `dst ← a` with `memory[address]` in lane `lane`
        V128Load8Lane "v128.load8_lane" 0xfd_0054 [u8; 16];
        /// `dst ← a` with `memory[address]` in lane `lane`
        V128Load16Lane "v128.load16_lane" 0xfd_0055 [u16; 8];
        /// `dst ← a` with `memory[address]` in lane `lane`
        V128Load32Lane "v128.load32_lane" 0xfd_0056 [u32; 4];
        /// `dst ← a` with `memory[address]` in lane `lane`
        V128Load64Lane "v128.load64_lane" 0xfd_0057 [u64; 2];
    }
}

/// Stores of a lane.
pub mod store_lane {
    use super::*;

    /// `memory[address] ← a[lane]`, for the row `R`.
    #[derive(Debug)]
    pub struct StoreLane<R, A>(PhantomData<(R, A)>);

    // SAFETY: it reads its operands, and writes bytes that were checked to lie in the memory (invariants 3 and 5).
    unsafe impl<R: OfLane, A: Address> Op for StoreLane<R, A> {
        const NAME: &'static str = R::NAME;
        const EFFECT: &'static str = R::EFFECT;
        type Operands = (At<A>, In<Slot, V128>, Count16);

        #[inline(always)]
        fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
            let (at, operands) = operands.resolve(m, size_of::<R::Raw>())?;
            let (a, operands) = operands.read(m);
            let lane = operands.last(m);
            // SAFETY: `resolve` has checked that the bytes can be written.
            unsafe { anywhere::write(at, R::extract(a, lane.into())) };
            Ok(())
        }
    }

    const fn shapes<R: OfLane>() -> [OpDef; Shape::all(KIND).len()] {
        [
            OpDef::of::<StoreLane<R, Near<Slot, false>>>(),
            OpDef::of::<StoreLane<R, Indexed>>(),
            #[cfg(feature = "memory64")]
            OpDef::of::<StoreLane<R, Wide>>(),
        ]
    }

    lane_rows! { true, shapes;
        /// `memory[address] ← a[lane]`
        V128Store8Lane "v128.store8_lane" 0xfd_0058 [u8; 16];
        /// `memory[address] ← a[lane]`
        V128Store16Lane "v128.store16_lane" 0xfd_0059 [u16; 8];
        /// `memory[address] ← a[lane]`
        V128Store32Lane "v128.store32_lane" 0xfd_005a [u32; 4];
        /// `memory[address] ← a[lane]`
        V128Store64Lane "v128.store64_lane" 0xfd_005b [u64; 2];
    }
}
