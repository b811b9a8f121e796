//! Rows: what an instruction computes, declared once.
//!
//! A family of ops is a list of rows; each row names an instruction, its opcode and its meaning. The
//! family's shapes turn a row into ops. From the list come the family's part of the op table and its
//! [`Row`]s, by which lowering, constant folding and tests find an instruction.

use super::shapes::Shape;
use crate::dispatch::{OpDef, OpNumber};
use crate::machine::{Class, Trap};

/// The opcode of a WebAssembly instruction (core specification, 5.4): one byte; or a prefix times 2¹⁶ plus the number after it, such as
/// `0xfc_0001` for instruction 1 after the prefix `0xfc`.
///
/// The opcode of an instruction with a row is a constant of the row's type, such as `I32Add::OPCODE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opcode(pub u32);

/// Computes the result of an instruction from inputs of one slot each.
pub type Eval = fn(u64, u64) -> Result<u64, Trap>;

/// What lowering needs to know of an instruction that stands in a row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The instruction's opcode.
    pub opcode: Opcode,
    /// How it is lowered.
    pub kind: Kind,
    /// The first of its ops, counted from the family's first.
    pub first: OpNumber,
    /// Its result for inputs of one slot; a unary instruction ignores the second. An instruction with memory or vectors has none.
    pub eval: Option<Eval>,
    /// The class of its output.
    pub class_out: Class,
    /// The class of its inputs, or of the value that it stores.
    pub class_in: Class,
    /// Whether its inputs have 32 bits.
    pub is_32: bool,
}

impl Row {
    /// The op of this row with shape `shape`.
    ///
    /// # Panics
    /// Instructions of this kind have no such shape.
    #[must_use]
    #[inline]
    pub const fn op(&self, shape: Shape) -> OpNumber {
        OpNumber(self.first.0 + shape.place(self.kind))
    }

    /// The result for constant inputs of one slot. `None` if the instruction traps or its result must be computed at run time.
    #[must_use]
    #[inline]
    pub fn fold(&self, a: u64, b: u64) -> Option<u64> {
        self.eval?(a, b).ok()
    }
}

/// How an instruction in a row is lowered: which shapes it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Two inputs, one of which may be a constant.
    Integer,
    /// Two float inputs.
    Float,
    /// Two integer inputs and a truth value, which a branch may take from it.
    IntegerCompare,
    /// Two float inputs and a truth value, which a branch may take from it.
    FloatCompare,
    /// One input.
    Unary,
    /// An address and a value.
    Load,
    /// An address, and a value to store.
    Store,
    /// Inputs in slots, of which one or the output is a vector.
    Vector {
        /// The inputs.
        inputs: Inputs,
        /// The inputs one of which may be a constant.
        constants: Constants,
        /// Whether the number of a lane follows them.
        lane: bool,
        /// Whether the output is a number, which an accumulator may hold.
        number: bool,
    },
    /// A load or a store of a vector, or of one lane of a vector.
    VectorAccess {
        /// Whether it is a store.
        store: bool,
        /// Whether it is about one lane.
        lane: bool,
    },
}

/// The inputs of an operation on vectors. A name and no list: there is a row for each instruction, and lists are large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// A number.
    Number,
    /// A vector.
    One,
    /// Two vectors.
    Two,
    /// Three vectors.
    Three,
    /// A vector and a number.
    WithNumber,
}

impl Inputs {
    /// Their classes. For a number, any class of one slot.
    #[must_use]
    pub const fn classes(self) -> &'static [Class] {
        match self {
            Self::Number => &[Class::Integer],
            Self::One => &[Class::Vector],
            Self::Two => &[Class::Vector; 2],
            Self::Three => &[Class::Vector; 3],
            Self::WithNumber => &[Class::Vector, Class::Integer],
        }
    }
}

/// The inputs of an operation on vectors one of which may be a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constants {
    /// None.
    None,
    /// The second.
    Second,
    /// The second or the first.
    Either,
}

impl Constants {
    /// Their numbers, in the order of the row's ops.
    #[must_use]
    pub const fn inputs(self) -> &'static [u8] {
        match self {
            Self::None => &[],
            Self::Second => &[1],
            Self::Either => &[1, 0],
        }
    }
}

/// The ops of several lists, one behind the other.
///
/// # Panics
/// If `N` is not the sum of their lengths.
pub(super) const fn concat<const N: usize>(lists: &[&[OpDef]]) -> [OpDef; N] {
    let mut all = [lists[0][0]; N];
    let (mut at, mut list) = (0, 0);
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].len() {
            all[at] = lists[list][index];
            at += 1;
            index += 1;
        }
        list += 1;
    }
    assert!(at == N, "the lists make up the table");
    all
}

/// The first op of the row with this opcode, counted from its family's first op. The rows of the family have these opcodes, and `count`
/// ops each.
pub(super) const fn first(opcode: u32, opcodes: &[u32], count: usize) -> OpNumber {
    let mut row = 0;
    while opcodes[row] != opcode {
        row += 1;
    }
    // There are fewer than 65,536 ops.
    OpNumber((row * count) as u16)
}

/// Declares the rows of a family with two inputs or one.
macro_rules! rows {
    ($Trait:ident: $shapes:ident, $count:literal, $kind:expr, $eval:ident: $slots:ident;
     $($(#[doc = $effect:literal])+ $Name:ident $name:literal $opcode:literal
       ($($arg:ident),+ : $In:ty) -> $Out:ty $body:block)+) => {
        $(
            #[doc = concat!("`", $name, "`:", $($effect),+)]
            #[derive(Debug)]
            pub struct $Name;

            impl $Trait for $Name {
                const NAME: &'static str = $name;
                const EFFECT: &'static str = concat!($($effect),+);
                const OPCODE: crate::ops::Opcode = crate::ops::Opcode($opcode);
                type In = $In;
                type Out = $Out;
                #[inline(always)]
                fn eval($($arg: $In),+) -> Result<$Out, Trap> { Ok($body) }
            }
        )+

        /// The family's ops.
        pub const DEFS: &[crate::dispatch::OpDef] = {
            const LISTS: &[&[crate::dispatch::OpDef]] = &[$(&$shapes::<$Name>()),+];
            &crate::ops::row::concat::<{ LISTS.len() * $count }>(LISTS)
        };

        /// The family's rows.
        pub const ROWS: &[Row] = {
            const OPCODES: &[u32] = &[$($opcode),+];
            &[$(Row {
                opcode: crate::ops::Opcode($opcode),
                kind: $kind,
                first: crate::ops::row::first($opcode, OPCODES, $count),
                eval: crate::ops::row::$eval!($slots, $Name),
                class_in: <<$Name as $Trait>::In as crate::machine::Value>::CLASS,
                class_out: <<$Name as $Trait>::Out as crate::machine::Value>::CLASS,
                is_32: <<$Name as $Trait>::In as crate::machine::Value>::IS_32,
            }),+]
        };
    };
}
macro_rules! eval2 {
    ($slots:ident, $Name:ident) => {
        Some($slots::<$Name>)
    };
}
macro_rules! eval1 {
    ($slots:ident, $Name:ident) => {
        Some(|a, _| $slots::<$Name>(a))
    };
}
/// The values of the row do not fit into one slot each.
#[cfg(feature = "simd")]
macro_rules! eval0 {
    ($slots:ident, $Name:ident) => {
        None
    };
}
#[cfg(feature = "simd")]
pub(super) use eval0;
pub(super) use {eval1, eval2, rows};
