//! Shapes: where an op finds its inputs and leaves its output.
//!
//! One handler is written for all shapes of an op; the shape is a type parameter. `i32.add` with two
//! slots, with a slot and a constant, with the accumulator and a slot are three instances of the same code.

use core::marker::PhantomData;

use crate::dispatch::{Cursor, Field, Fields, Operand, Read};
use crate::machine::{Accumulator, Class, Regs, SlotIndex, SlotValue, V128, Value};

/// The operand that is an input of type `T`, found at `A`.
#[derive(Debug)]
pub struct In<A, T>(PhantomData<(A, T)>);

impl<T: Value, A: Input<T>> Operand for In<A, T> {
    const FIELDS: Fields = Fields::one(A::FIELD);
}

impl<T: Value, A: Input<T>> Read for In<A, T> {
    type Value = T;

    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> T {
        // SAFETY: invariant 1 for an operand in the code, 2 for a slot; promised by the caller.
        unsafe { A::read(m) }
    }
}

/// The operand that is the output of type `T`, left at `O`. It is read when the output is there.
#[derive(Debug)]
pub struct Out<O, T>(PhantomData<(O, T)>);

impl<T: Value, O: Output> Operand for Out<O, T> {
    const FIELDS: Fields = Fields::one(match (O::HAS_SLOT, T::CLASS.accumulator()) {
        (true, None) => Field::DstVector,
        (true, Some(_)) => Field::Dst,
        (false, Some(Accumulator::Integer)) => Field::DstAcc,
        (false, Some(Accumulator::Float)) => Field::DstFacc,
        (false, None) => panic!("the output has a slot or an accumulator"),
    });
}

impl<T: Value, O: Output, L> Cursor<(Out<O, T>, L)> {
    /// Reads where the output goes, and writes it there. The result is what follows.
    #[inline(always)]
    pub fn write(self, m: &mut Regs, value: T) -> Cursor<L> {
        // SAFETY: promised when the cursor was made: the operand stands at `ip`, and behind it stand the others.
        unsafe {
            O::write(m, value);
            Cursor::new()
        }
    }
}

/// Where an op finds an input of type `T`.
pub trait Input<T: Value> {
    /// Its operand.
    const FIELD: Field;
    /// Reads it, stepping over its granules.
    ///
    /// # Safety
    /// The machine's invariants hold, and the operand stands at `ip`.
    unsafe fn read(m: &mut Regs) -> T;
}

/// In a slot.
#[derive(Debug)]
pub struct Slot;

impl<T: Value> Input<T> for Slot {
    const FIELD: Field = match T::CLASS {
        Class::Vector => Field::Vector,
        _ => Field::Slot,
    };
    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> T {
        // SAFETY: invariants 1 and 2.
        unsafe {
            let slot = SlotIndex(m.fetch());
            T::load(m.slot(slot))
        }
    }
}

/// In the accumulator: the float accumulator for floats.
#[derive(Debug)]
pub struct Acc;

impl<T: SlotValue> Input<T> for Acc {
    const FIELD: Field = match T::CLASS.accumulator() {
        Some(Accumulator::Float) => Field::Facc,
        _ => Field::Acc,
    };
    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> T {
        T::from_slot(match T::CLASS.accumulator() {
            Some(Accumulator::Float) => m.facc.to_bits(),
            _ => m.acc,
        })
    }
}

/// A constant in one granule, sign-extended.
#[derive(Debug)]
pub struct Imm16;

impl<T: SlotValue> Input<T> for Imm16 {
    const FIELD: Field = Field::Imm16;
    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> T {
        // SAFETY: invariant 1. The casts sign-extend.
        T::from_slot(unsafe { m.fetch() } as i16 as i64 as u64)
    }
}

/// A constant in two granules, sign-extended.
#[derive(Debug)]
pub struct Imm32;

impl<T: SlotValue> Input<T> for Imm32 {
    const FIELD: Field = match T::CLASS {
        Class::Float => Field::Float32,
        _ => Field::Imm32,
    };
    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> T {
        // SAFETY: invariant 1. The casts sign-extend.
        T::from_slot(unsafe { m.fetch32() } as i32 as i64 as u64)
    }
}

/// A constant in four granules.
#[derive(Debug)]
pub struct Imm64;

impl<T: SlotValue> Input<T> for Imm64 {
    const FIELD: Field = match T::CLASS {
        Class::Float => Field::Float64,
        _ => Field::Imm64,
    };
    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> T {
        // SAFETY: invariant 1.
        T::from_slot(unsafe { m.fetch64() })
    }
}

/// A constant of 128 bits, in eight granules.
#[derive(Debug)]
pub struct Imm128;

impl Input<V128> for Imm128 {
    const FIELD: Field = Field::Imm128;
    #[inline(always)]
    unsafe fn read(m: &mut Regs) -> V128 {
        // SAFETY: invariant 1.
        unsafe { m.fetch_vector() }
    }
}

/// Where an op leaves its output: always in the accumulator of its class if there is one, perhaps in slots too.
///
/// The two forms of an op are neighbours in the op table, the one with a slot first: lowering drops the slot
/// of an op that is already chosen by adding one to its number.
pub trait Output {
    /// Whether the output has a slot, named by the op's last granule.
    const HAS_SLOT: bool;
    /// Reads where the output goes, and writes it there.
    ///
    /// # Safety
    /// The machine's invariants hold, and the operand stands at `ip`.
    unsafe fn write<T: Value>(m: &mut Regs, value: T);
}

/// In a slot and in the accumulator.
#[derive(Debug)]
pub struct ToSlot;

impl Output for ToSlot {
    const HAS_SLOT: bool = true;
    #[inline(always)]
    unsafe fn write<T: Value>(m: &mut Regs, value: T) {
        // SAFETY: invariants 1 and 2.
        unsafe {
            let slot = SlotIndex(m.fetch());
            value.store(m.slot(slot));
        }
        value.accumulate(m);
    }
}

/// In the accumulator only.
#[derive(Debug)]
pub struct ToAcc;

impl Output for ToAcc {
    const HAS_SLOT: bool = false;
    #[inline(always)]
    unsafe fn write<T: Value>(m: &mut Regs, value: T) {
        value.accumulate(m);
    }
}
