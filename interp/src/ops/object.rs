//! Structures and arrays (core specification, 4.4.6 "struct", "array").
//!
//! ```text
//!  ┌────────────┬───┬───────┬─────┐   ┌───────────┬───┬───────┬─────┐     place: the slot of the field in the structure
//!  │ struct.get │ a │ place │ dst │   │ array.get │ a │ index │ dst │
//!  └────────────┴───┴───────┴─────┘   └───────────┴───┴───────┴─────┘
//! ```
//!
//! `machine/object.rs` shows references. A field of a structure takes one slot, and two if it is a vector. The elements of an array take as
//! few bytes as they have. A value in a place is a [`Stored`]. The runtime creates objects: it may have to free others first.

use core::marker::PhantomData;

use super::cost;
use super::operand::{Base, Count16, Data, Dst, Elem, Type};
use super::shape::{In, Out, Output, Slot, ToAcc, ToSlot};
use super::tables::output;
use crate::dispatch::{Op, OpDef, Reader};
use crate::machine::{Contents, Context, Exit, Leave, Object, Regs, Trap, V128, Value, object};

/// How a value is stored in a place, and read from it.
pub trait Stored {
    /// What stands in the text of an op for it.
    const FORM: &'static str;
    /// The type of the value.
    type Value: Value;
    /// The bytes of an element.
    const BYTES: usize;
    /// Reads the value.
    ///
    /// # Safety
    /// The place can be read.
    unsafe fn read(at: *const u8) -> Self::Value;
    /// Writes the value.
    ///
    /// # Safety
    /// The place can be written.
    unsafe fn write(at: *mut u8, value: Self::Value);
    /// Reads the value from the slot, or the two slots, of a field.
    ///
    /// # Safety
    /// The slots can be read.
    unsafe fn load(slot: *const u64) -> Self::Value;
}

macro_rules! stored {
    ($($(#[$doc:meta])+ $Name:ident $form:literal $Value:ty, $Place:ty, |$read:ident| $value:expr, |$written:ident| $place:expr;)+) => { $(
        $(#[$doc])+
        #[derive(Debug)]
        pub struct $Name;

        impl Stored for $Name {
            const FORM: &'static str = $form;
            type Value = $Value;
            const BYTES: usize = size_of::<$Place>();
            #[inline(always)]
            unsafe fn read(at: *const u8) -> $Value {
                // SAFETY: promised by the caller.
                let $read = unsafe { at.cast::<$Place>().read_unaligned() };
                $value
            }
            #[inline(always)]
            unsafe fn write(at: *mut u8, $written: $Value) {
                // SAFETY: promised by the caller.
                unsafe { at.cast::<$Place>().write_unaligned($place) }
            }
            #[inline(always)]
            unsafe fn load(slot: *const u64) -> $Value {
                // SAFETY: promised by the caller.
                let $read = unsafe { slot.read() } as $Place;
                $value
            }
        }
    )+ };
}

// `as` extends and cuts.
stored! {
    /// 8 bits, read with a sign.
    I8S "i8_s" u32, i8, |place| i32::from(place).cast_unsigned(), |value| value as i8;
    /// 8 bits.
    I8U "i8_u" u32, u8, |place| u32::from(place), |value| value as u8;
    /// 16 bits, read with a sign.
    I16S "i16_s" u32, i16, |place| i32::from(place).cast_unsigned(), |value| value as i16;
    /// 16 bits.
    I16U "i16_u" u32, u16, |place| u32::from(place), |value| value as u16;
    /// The bits of a value of 32 bits.
    Bits32 "32" u32, u32, |place| place, |value| value;
    /// The bits of a value of 64 bits, or a reference.
    Bits64 "64" u64, u64, |place| place, |value| value;
}

/// A vector.
#[derive(Debug)]
pub struct Bits128;

impl Stored for Bits128 {
    const FORM: &'static str = "128";
    type Value = V128;
    const BYTES: usize = 16;
    #[inline(always)]
    unsafe fn read(at: *const u8) -> V128 {
        // SAFETY: promised by the caller. Fields and elements of 16 bytes begin at multiples of 8.
        unsafe { <V128 as Value>::load(at.cast()) }
    }
    #[inline(always)]
    unsafe fn write(at: *mut u8, value: V128) {
        // SAFETY: as above.
        unsafe { value.store(at.cast()) }
    }
    #[inline(always)]
    unsafe fn load(slot: *const u64) -> V128 {
        // SAFETY: promised by the caller.
        unsafe { <V128 as Value>::load(slot) }
    }
}

/// `dst ←` a field.
#[derive(Debug)]
pub struct StructGet<S, O>(PhantomData<(S, O)>);

// SAFETY: it reads its operands and a field of an object of the right type (invariant 6), and writes its output.
unsafe impl<S: Stored, O: Output> Op for StructGet<S, O> {
    const NAME: &'static str = "struct.get";
    const FORM: &'static str = S::FORM;
    const EFFECT: &'static str = "`dst ← a.field`";
    type Operands = (In<Slot, u64>, Count16, Out<O, S::Value>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, operands) = operands.read(m);
        let (place, operands) = operands.read(m);
        // SAFETY: invariant 6: the object has the field that validation found.
        let value = unsafe {
            let object = object(m.cx, reference)?;
            S::load((*object).data.cast::<u64>().add(usize::from(place)))
        };
        operands.write(m, value);
        Ok(())
    }
}

/// A field `← b`.
#[derive(Debug)]
pub struct StructSet<S>(PhantomData<S>);

// SAFETY: it reads its operands and writes a field of an object of the right type (invariant 6).
unsafe impl<S: Stored> Op for StructSet<S>
where
    Slot: super::shape::Input<S::Value>,
{
    const NAME: &'static str = "struct.set";
    const FORM: &'static str = S::FORM;
    const EFFECT: &'static str = "`a.field ← b`";
    type Operands = (In<Slot, u64>, Count16, In<Slot, S::Value>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, place, value) = operands.all(m);
        // SAFETY: invariant 6: the object has the field that validation found.
        unsafe {
            let object = object(m.cx, reference)?;
            value.store((*object).data.cast::<u64>().add(usize::from(place)));
        }
        Ok(())
    }
}

/// The array that a reference names, if it has `len` elements from `at` on.
#[inline(always)]
unsafe fn elements(
    cx: *mut Context,
    reference: u64,
    at: u32,
    len: u32,
) -> Result<*mut Object, Trap> {
    // SAFETY: invariants 4 and 6.
    unsafe {
        let array = object(cx, reference)?;
        if u64::from(at) + u64::from(len) > u64::from((*array).len) {
            return Err(Trap::ArrayOutOfBounds);
        }
        Ok(array)
    }
}

/// `dst ←` an element.
#[derive(Debug)]
pub struct ArrayGet<S, O>(PhantomData<(S, O)>);

// SAFETY: it reads its operands and an element that exists of an array of the right type (invariant 6), and writes its output.
unsafe impl<S: Stored, O: Output> Op for ArrayGet<S, O> {
    const NAME: &'static str = "array.get";
    const FORM: &'static str = S::FORM;
    const EFFECT: &'static str = "`dst ← a[b]`";
    type Operands = (In<Slot, u64>, In<Slot, u32>, Out<O, S::Value>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, operands) = operands.read(m);
        let (index, operands) = operands.read(m);
        // SAFETY: invariant 6: the elements have the size that validation found.
        let value = unsafe {
            let array = elements(m.cx, reference, index, 1)?;
            S::read((*array).data.add(index as usize * S::BYTES))
        };
        operands.write(m, value);
        Ok(())
    }
}

/// An element `← c`.
#[derive(Debug)]
pub struct ArraySet<S>(PhantomData<S>);

// SAFETY: it reads its operands and writes an element that exists of an array of the right type (invariant 6).
unsafe impl<S: Stored> Op for ArraySet<S>
where
    Slot: super::shape::Input<S::Value>,
{
    const NAME: &'static str = "array.set";
    const FORM: &'static str = S::FORM;
    const EFFECT: &'static str = "`a[b] ← c`";
    type Operands = (In<Slot, u64>, In<Slot, u32>, In<Slot, S::Value>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, index, value) = operands.all(m);
        // SAFETY: invariant 6: the elements have the size that validation found.
        unsafe {
            let array = elements(m.cx, reference, index, 1)?;
            S::write((*array).data.add(index as usize * S::BYTES), value);
        }
        Ok(())
    }
}

/// `array.fill` of elements stored as `S`.
#[derive(Debug)]
pub struct ArrayFill<S>(PhantomData<S>);

/// The number of elements between two questions for a stop.
const FILLED: usize = 1 << 16;

// SAFETY: it reads its operands and writes elements that exist of an array of the right type (invariant 6).
unsafe impl<S: Stored> Op for ArrayFill<S>
where
    Slot: super::shape::Input<S::Value>,
{
    const NAME: &'static str = "array.fill";
    const FORM: &'static str = S::FORM;
    const EFFECT: &'static str = "`a[b..b + d] ← c`";
    type Operands = (
        In<Slot, u64>,
        In<Slot, u32>,
        In<Slot, S::Value>,
        In<Slot, u32>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (reference, at, value, len) = operands.all(m);
        // SAFETY: invariant 6: the elements have the size that validation found.
        unsafe {
            let array = elements(m.cx, reference, at, len)?;
            cost::pay(m.cx, u64::from(len) * S::BYTES as u64)?;
            let first = (*array).data.add(at as usize * S::BYTES);
            for index in 0..len as usize {
                S::write(first.add(index * S::BYTES), value);
                if index % FILLED == FILLED - 1 {
                    cost::look(m.cx)?;
                }
            }
        }
        Ok(())
    }
}

/// `array.copy` between elements stored as `S`.
#[derive(Debug)]
pub struct ArrayCopy<S>(PhantomData<S>);

// SAFETY: it reads its operands, and copies elements that exist, of arrays whose elements have the same size (invariant 6).
unsafe impl<S: Stored> Op for ArrayCopy<S> {
    const NAME: &'static str = "array.copy";
    const FORM: &'static str = S::FORM;
    const EFFECT: &'static str = "`a[b..b + e] ← c[d..d + e]`";
    type Operands = (
        In<Slot, u64>,
        In<Slot, u32>,
        In<Slot, u64>,
        In<Slot, u32>,
        In<Slot, u32>,
    );

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (array, at, other, src, len) = operands.all(m);
        // SAFETY: invariant 6: the elements have the size that validation found.
        unsafe {
            object(m.cx, array)?;
            object(m.cx, other)?;
            let to = elements(m.cx, array, at, len)?;
            let from = elements(m.cx, other, src, len)?;
            let (from, to) = (
                (*from).data.add(src as usize * S::BYTES),
                (*to).data.add(at as usize * S::BYTES),
            );
            cost::copy(m.cx, from, to, len as usize * S::BYTES)?;
        }
        Ok(())
    }
}

/// Notes where the running frame is: the runtime looks for references there.
#[inline(always)]
unsafe fn note_frame(m: &Regs) {
    // SAFETY: invariant 4.
    unsafe { (*m.cx).stopped = (m.ip, m.fp) }
}

/// Lets the runtime create an object with what `contents` makes of two numbers. Leaves the reference in [`Context::call_acc`]. It takes numbers
/// alone: a value with an address would cost the op its tail call.
macro_rules! create {
    ($($name:ident |$a:ident, $b:ident| $contents:expr;)+) => { $(
        #[inline(never)]
        unsafe fn $name(cx: *mut Context, ty: usize, len: u32, $a: usize, $b: u32) -> Result<(), Exit> {
            // SAFETY: invariant 4.
            unsafe {
                // `as` keeps an index below 2³².
                let created = (*(*cx).runtime).create(ty as u32, len, $contents)?;
                (*cx).call_acc = created;
            }
            Ok(())
        }
    )+ };
}

create! {
    create_zeros |_a, _b| Contents::Zeros;
    create_of_value |slot, _b| Contents::Value(slot);
    create_of_slots |slot, _b| Contents::Slots(slot);
    create_of_data |data, src| Contents::Data(data as u32, src);
    create_of_elem |elem, src| Contents::Elem(elem as u32, src);
}

/// Lets the runtime initialise elements of an array.
macro_rules! initialise {
    ($($name:ident $Contents:ident;)+) => { $(
        #[inline(never)]
        unsafe fn $name(
            cx: *mut Context,
            array: u64,
            at: u32,
            len: u32,
            segment: u32,
            src: u32,
        ) -> Result<(), Exit> {
            // SAFETY: invariant 4.
            unsafe { (*(*cx).runtime).array_init(array, at, len, Contents::$Contents(segment, src)) }
        }
    )+ };
}

initialise! {
    initialise_of_data Data;
    initialise_of_elem Elem;
}

/// The number of a slot of the running frame, counted from the stack's first.
unsafe fn number_of(m: &Regs, slot: crate::machine::SlotIndex) -> usize {
    // SAFETY: invariants 2 and 4.
    unsafe { m.slot(slot).offset_from((*m.cx).stack.base()) as usize }
}

macro_rules! object_ops {
    ($($(#[doc = $effect:literal])+ $Name:ident $name:literal |$m:ident, $($arg:ident: $Operand:ty),+| $body:block)+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            // SAFETY: it reads its operands. The runtime checks what it reads and writes. Elements that are copied exist, and have
            // the size that validation found (invariant 6).
            unsafe impl Op for $Name {
                const NAME: &'static str = $name;
                const EFFECT: &'static str = concat!($($effect),+);
                type Operands = ($($Operand,)+);
                #[inline(always)]
                fn run($m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
                    let ($($arg,)+) = operands.all($m);
                    // SAFETY: as above.
                    unsafe { $body }
                    Ok(())
                }
            }
        )+

        const OTHERS: &[OpDef] = &[$(OpDef::of::<$Name>()),+];
    };
}

object_ops! {
    /// `dst ←` a new structure with the values from base on
    StructNew "struct.new" |m, dst: Dst, ty: Type, base: Base| {
        let base = number_of(m, base);
        note_frame(m);
        create_of_slots(m.cx, ty, 0, base, 0)?;
        let reference = (*m.cx).call_acc;
        output(m, dst, reference);
    }
    /// `dst ←` a new structure of zeros
    StructNewDefault "struct.new_default" |m, dst: Dst, ty: Type| {
        note_frame(m);
        create_zeros(m.cx, ty, 0, 0, 0)?;
        let reference = (*m.cx).call_acc;
        output(m, dst, reference);
    }
    /// `dst ←` a new array of `len` times the value in base
    ArrayNew "array.new" |m, dst: Dst, ty: Type, base: Base, len: In<Slot, u32>| {
        let base = number_of(m, base);
        note_frame(m);
        create_of_value(m.cx, ty, len, base, 0)?;
        let reference = (*m.cx).call_acc;
        output(m, dst, reference);
    }
    /// `dst ←` a new array of `len` zeros
    ArrayNewDefault "array.new_default" |m, dst: Dst, ty: Type, len: In<Slot, u32>| {
        note_frame(m);
        create_zeros(m.cx, ty, len, 0, 0)?;
        let reference = (*m.cx).call_acc;
        output(m, dst, reference);
    }
    /// `dst ←` a new array of the values from base on
    ArrayNewFixed "array.new_fixed" |m, dst: Dst, ty: Type, base: Base, len: Count16| {
        let base = number_of(m, base);
        note_frame(m);
        create_of_slots(m.cx, ty, len.into(), base, 0)?;
        let reference = (*m.cx).call_acc;
        output(m, dst, reference);
    }
    /// `dst ←` a new array of `data[src..]`, `len` elements
    ArrayNewData "array.new_data" |m, dst: Dst, ty: Type, data: Data, src: In<Slot, u32>, len: In<Slot, u32>| {
        note_frame(m);
        create_of_data(m.cx, ty, len, data as usize, src)?;
        let reference = (*m.cx).call_acc;
        output(m, dst, reference);
    }
    /// `dst ←` a new array of `elem[src..src + len]`
    ArrayNewElem "array.new_elem" |m, dst: Dst, ty: Type, elem: Elem, src: In<Slot, u32>, len: In<Slot, u32>| {
        note_frame(m);
        create_of_elem(m.cx, ty, len, elem as usize, src)?;
        let reference = (*m.cx).call_acc;
        output(m, dst, reference);
    }
    /// `dst ←` the number of elements of `a`
    ArrayLen "array.len" |m, dst: Dst, array: In<Slot, u64>| {
        let len = (*object(m.cx, array)?).len;
        output(m, dst, len.into());
    }
    /// `array[at..at + len] ← data[src..]`
    ArrayInitData "array.init_data" |m, data: Data, array: In<Slot, u64>, at: In<Slot, u32>, src: In<Slot, u32>, len: In<Slot, u32>| {
        object(m.cx, array)?;
        initialise_of_data(m.cx, array, at, len, data, src)?;
    }
    /// `array[at..at + len] ← elem[src..src + len]`
    ArrayInitElem "array.init_elem" |m, elem: Elem, array: In<Slot, u64>, at: In<Slot, u32>, src: In<Slot, u32>, len: In<Slot, u32>| {
        object(m.cx, array)?;
        initialise_of_elem(m.cx, array, at, len, elem, src)?;
    }
}

/// The ops of a kind of places: with `ToAcc` behind `ToSlot`, where there is an accumulator.
macro_rules! accesses {
    ($($Stored:ident),+) => {
        &[$(
            OpDef::of::<StructGet<$Stored, ToSlot>>(),
            OpDef::of::<StructGet<$Stored, ToAcc>>(),
            OpDef::of::<ArrayGet<$Stored, ToSlot>>(),
            OpDef::of::<ArrayGet<$Stored, ToAcc>>(),
        )+]
    };
}

/// The ops that write a kind of places.
macro_rules! writes {
    ($($Stored:ident),+) => {
        &[$(
            OpDef::of::<StructSet<$Stored>>(),
            OpDef::of::<ArraySet<$Stored>>(),
            OpDef::of::<ArrayFill<$Stored>>(),
            OpDef::of::<ArrayCopy<$Stored>>(),
        )+]
    };
}

const READ: &[OpDef] = accesses!(I8S, I8U, I16S, I16U, Bits32, Bits64);
const WRITTEN: &[OpDef] = writes!(I8U, I16U, Bits32, Bits64, Bits128);
const VECTORS: &[OpDef] = &[
    OpDef::of::<StructGet<Bits128, ToSlot>>(),
    OpDef::of::<ArrayGet<Bits128, ToSlot>>(),
];

/// The family's ops.
pub const DEFS: &[OpDef] = &super::row::concat::<
    { READ.len() + WRITTEN.len() + VECTORS.len() + OTHERS.len() },
>(&[READ, WRITTEN, VECTORS, OTHERS]);
