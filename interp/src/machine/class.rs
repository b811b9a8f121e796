//! The classes of values: how many slots a value takes, and which accumulator may hold it.

/// The class of a value's type.
///
/// | class | types | slots | accumulator |
/// |---|---|---|---|
/// | [`Integer`](Self::Integer) | `i32`, `i64` | 1 | [`Accumulator::Integer`] |
/// | [`Float`](Self::Float) | `f32`, `f64` | 1 | [`Accumulator::Float`] |
/// | [`Reference`](Self::Reference) | `funcref`, `externref` | 1 | [`Accumulator::Integer`] |
/// | [`Vector`](Self::Vector) | `v128` | 2 | none |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// An integer of 32 or 64 bits.
    Integer,
    /// A float of 32 or 64 bits.
    Float,
    /// A reference.
    Reference,
    /// A vector of 128 bits. It takes two neighbouring slots, of which an operand names the first: the low half.
    Vector,
}

impl Class {
    /// The number of slots that a value takes.
    #[must_use]
    pub const fn slots(self) -> usize {
        match self {
            Self::Integer | Self::Float | Self::Reference => 1,
            Self::Vector => 2,
        }
    }

    /// The accumulator that receives values of the class.
    #[must_use]
    pub const fn accumulator(self) -> Option<Accumulator> {
        match self {
            Self::Integer | Self::Reference => Some(Accumulator::Integer),
            Self::Float => Some(Accumulator::Float),
            Self::Vector => None,
        }
    }
}

/// A register of the machine that holds the last value of some classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accumulator {
    /// [`Regs::acc`](super::Regs::acc).
    Integer,
    /// [`Regs::facc`](super::Regs::facc).
    Float,
}
