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
//!
//! * `address.rs`: where an op finds its address;
//! * `rows.rs`: what each instruction reads or writes.

mod address;
mod rows;

pub use address::{Absolute, Address, Indexed, Near, Sum, Via};
pub use rows::{load, load_shape, store, store_shape};

pub(super) use address::checked;

use core::marker::PhantomData;

use super::shape::{Input, Output};
use crate::dispatch::{Field, Op, anywhere};
use crate::machine::{Leave, Regs, SlotValue};

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
            O::write(m, R::extend(anywhere::read(at)));
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
            anywhere::write(at, R::cut(value));
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
