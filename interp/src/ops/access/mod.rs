//! Loads and stores (core specification, 4.4.7 "Memory Instructions").
//!
//! ```text
//!  ┌──────┬─────────┬────────┬─────┐       ┌───────┬─────────┬────────┬───────┐
//!  │ load │ address │ offset │ dst │       │ store │ address │ offset │ value │
//!  └──────┴─────────┴────────┴─────┘       └───────┴─────────┴────────┴───────┘
//! ```
//!
//! The effective address is `address + offset` without wrapping, in 64 bits; the access traps unless all its
//! bytes lie below the memory's length. An address of 64 bits and its offset are added without overflow, too.
//!
//! * `address.rs`: where an op finds its address;
//! * `rows.rs`: what each instruction reads or writes.

mod address;
mod rows;

#[cfg(feature = "memory64")]
pub use address::Wide;
pub use address::{Absolute, Address, At, Indexed, Long, Near, Parts, Sum, Via, Word};
#[cfg(feature = "simd")]
pub(super) use rows::access_rows;
pub use rows::{load, store};

pub(super) use address::checked;
#[cfg(feature = "threads")]
pub(super) use address::within;

use core::marker::PhantomData;

use super::row::Opcode;
use super::shape::{In, Input, Out, Output};
use crate::dispatch::{Op, Reader, anywhere};
use crate::machine::{Leave, Regs, Value};

/// What a load reads, and what becomes of it.
pub trait Load {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The instruction's opcode (core specification, 5.4).
    const OPCODE: Opcode;
    /// The bytes in memory, as a number.
    type Raw: Copy;
    /// The type of the output.
    type Out: Value;
    /// Extends the number to the output.
    fn extend(raw: Self::Raw) -> Self::Out;
}

/// What a store writes.
pub trait Store {
    /// The instruction's name in the text format.
    const NAME: &'static str;
    /// What it does, in a line.
    const EFFECT: &'static str;
    /// The instruction's opcode (core specification, 5.4).
    const OPCODE: Opcode;
    /// The type of the value.
    type In: Value;
    /// The bytes in memory, as a number.
    type Raw: Copy;
    /// Cuts the value down to what is written.
    fn cut(value: Self::In) -> Self::Raw;
}

/// `dst ← memory[address]`.
#[derive(Debug)]
pub struct LoadOp<R, A, O>(PhantomData<(R, A, O)>);

// SAFETY: it reads its operands, reads bytes that were checked to lie in the memory (invariants 3 and 5), and writes its output.
unsafe impl<R: Load, A: Address, O: Output> Op for LoadOp<R, A, O> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    type Operands = (At<A>, Out<O, R::Out>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (at, operands) = operands.resolve(m, size_of::<R::Raw>())?;
        // SAFETY: `resolve` has checked that the bytes can be read.
        let raw = unsafe { anywhere::read(at) };
        operands.write(m, R::extend(raw));
        Ok(())
    }
}

/// `memory[address] ← value`.
#[derive(Debug)]
pub struct StoreOp<R, A, V>(PhantomData<(R, A, V)>);

// SAFETY: it reads its operands, and writes bytes that were checked to lie in the memory (invariants 3 and 5).
unsafe impl<R: Store, A: Address, V: Input<R::In>> Op for StoreOp<R, A, V> {
    const NAME: &'static str = R::NAME;
    const EFFECT: &'static str = R::EFFECT;
    type Operands = (At<A>, In<V, R::In>);

    #[inline(always)]
    fn run(m: &mut Regs, operands: Reader<Self>) -> Result<(), Leave> {
        let (at, operands) = operands.resolve(m, size_of::<R::Raw>())?;
        let value = operands.last(m);
        // SAFETY: `resolve` has checked that the bytes can be written.
        unsafe { anywhere::write(at, R::cut(value)) };
        Ok(())
    }
}
