//! Operands as types: the one place from which an op's encoding, its listing and what it reads come.
//!
//! An op declares a tuple of operands ([`Op::Operands`](super::Op::Operands)). The tuple has a list of [`Field`](super::Field)s, from which
//! lowering encodes and listings decode. The running op gets a [`Cursor`] over the same tuple, and can read its operands in this order and
//! with these types only:
//!
//! ```text
//!     type Operands = (In<Slot, u32>, In<Imm16, u32>, Out<ToSlot, u32>);
//!
//!     let (a, operands) = operands.read(m);      Cursor over (In<Imm16, u32>, Out<ToSlot, u32>)
//!     let (b, operands) = operands.read(m);      Cursor over (Out<ToSlot, u32>)
//!     operands.write(m, a + b);
//! ```
//!
//! A cursor is nothing at run time. The operands themselves are declared in `ops/shape.rs` and `ops/operand.rs`.

use core::marker::PhantomData;

use super::field::Fields;
use crate::machine::Regs;

/// An operand of an op, or several that belong together.
pub trait Operand {
    /// What it is in the encoding.
    const FIELDS: Fields;
}

/// An operand that is read in one piece.
pub trait Read: Operand {
    /// The value.
    type Value;

    /// Reads it and steps over its granules.
    ///
    /// # Safety
    /// The machine's invariants hold, and the operand stands at `ip`.
    unsafe fn read(m: &mut Regs) -> Self::Value;
}

/// The operands of an op: a tuple of [`Operand`]s.
pub trait Operands {
    /// The operands as nested pairs: `(A, (B, ()))`.
    type List;
    /// The fields of all of them.
    const FIELDS: Fields;
    /// The same, at a fixed place.
    const FIELDS_AT: &'static Fields = &Self::FIELDS;
}

/// What is still to be read of an op's operands: the nested pairs `L`.
///
/// Whoever has a cursor knows that the machine's invariants hold and that the operands `L` stand at `ip`. Only unsafe code makes one,
/// and hands it to an [`Op`](super::Op), which does not change `ip` before it has read them.
#[derive(Debug)]
pub struct Cursor<L>(PhantomData<L>);

impl<L> Cursor<L> {
    /// A cursor at the operands `L`.
    ///
    /// # Safety
    /// The machine's invariants hold, the operands stand at `ip`, and `ip` only changes by reading them until the last is read or the
    /// cursor is not used any more.
    #[inline(always)]
    #[must_use]
    pub const unsafe fn new() -> Self {
        Self(PhantomData)
    }
}

impl<O: Read, L> Cursor<(O, L)> {
    /// Reads the next operand.
    #[inline(always)]
    #[must_use]
    pub fn read(self, m: &mut Regs) -> (O::Value, Cursor<L>) {
        // SAFETY: promised when the cursor was made: the operand stands at `ip`, and behind it stand the others.
        unsafe { (O::read(m), Cursor::new()) }
    }
}

/// Implements [`Operands`] for a tuple, and `all` for a cursor over operands that are all read.
macro_rules! tuple {
    ($($O:ident)*) => {
        impl<$($O: Operand),*> Operands for ($($O,)*) {
            type List = tuple!(@list $($O)*);
            const FIELDS: Fields = Fields::NONE$(.then($O::FIELDS))*;
        }

        impl<$($O: Read),*> Cursor<tuple!(@list $($O)*)> {
            /// Reads all operands.
            #[inline(always)]
            #[must_use]
            pub fn all(self, m: &mut Regs) -> ($($O::Value,)*) {
                // SAFETY: promised when the cursor was made. They are read in their order.
                unsafe { ($($O::read(m),)*) }
            }
        }
    };
    (@list) => { () };
    (@list $First:ident $($O:ident)*) => { ($First, tuple!(@list $($O)*)) };
}
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);

impl Operands for () {
    type List = ();
    const FIELDS: Fields = Fields::NONE;
}

impl<O: Operand> Operands for (O,) {
    type List = (O, ());
    const FIELDS: Fields = O::FIELDS;
}

impl<O: Read> Cursor<(O, ())> {
    /// Reads the last operand.
    #[inline(always)]
    #[must_use]
    pub fn last(self, m: &mut Regs) -> O::Value {
        self.read(m).0
    }

    /// Reads all operands: one.
    #[inline(always)]
    #[must_use]
    pub fn all(self, m: &mut Regs) -> (O::Value,) {
        (self.read(m).0,)
    }
}
