//! The shapes of rows as data: which of its row's ops an op is.
//!
//! A row gives an op for each shape that its kind of instruction has. The op itself is an instance of a generic type, whose
//! parameters are the types of `shape.rs`. Lowering chooses by the values here, and [`Row::op`](super::Row::op) finds the op.

use super::row::Kind;

/// How an op with two inputs reads them: as many shapes as pay.
///
/// The discriminants are the order in which [`super::binary`] lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// Both in slots.
    SlotSlot,
    /// The second in the accumulator.
    SlotAcc,
    /// The first in the accumulator.
    AccSlot,
    /// The second a constant of 16 bits.
    SlotImm16,
    /// The first in the accumulator, the second a constant of 16 bits.
    AccImm16,
    /// The second a constant of 32 bits.
    SlotImm32,
    /// The first in the accumulator, the second a constant of 32 bits.
    AccImm32,
}

/// Where one input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a slot.
    Slot,
    /// In the accumulator.
    Acc,
    /// In the code: a constant of 16 bits.
    Imm16,
}

/// Where the output goes besides the accumulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// To a slot.
    Slot,
    /// Nowhere.
    Acc,
}

/// Where a load or a store finds its address. The discriminants are the order in which `access/rows.rs` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Address in a slot, short offset.
    Slot,
    /// Address in the accumulator, short offset.
    Acc,
    /// Address in a slot, long offset.
    SlotFar,
    /// Address in the accumulator, long offset.
    AccFar,
    /// No address but a long offset.
    Absolute,
    /// Any memory.
    Indexed,
    /// Address in a slot plus a constant.
    Sum,
    /// Address in memory, 64 bits.
    Via64,
    /// Address in memory, 32 bits.
    Via32,
    /// Any memory with addresses of 64 bits. Only builds with the feature `memory64` have ops for it.
    Wide,
}

/// Which of a row's ops one is: where it finds its inputs and leaves its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Two inputs, and where their value goes.
    Value(Pair, To),
    /// Two inputs that are compared, and whether the op branches if the comparison holds, or if it does not.
    Branch(Pair, bool),
    /// One input, and where the value goes.
    Unary(Source, To),
    /// An address, and where the value goes.
    Load(Place, To),
    /// An address, and where the value is.
    Store(Place, Source),
    /// Inputs in slots, and where the value goes.
    Vector(To),
    /// This input is a constant, the others are in slots. The value goes to slots.
    VectorConst(u8),
    /// An address, and a vector in slots.
    VectorAccess(Place),
}

/// The shapes of integer comparisons: first those of integer operations, then branches.
const INTEGER: [Shape; 21] = {
    use {Pair::*, Shape::*};
    [
        Value(SlotSlot, To::Slot),
        Value(SlotSlot, To::Acc),
        Value(SlotAcc, To::Slot),
        Value(SlotAcc, To::Acc),
        Value(AccSlot, To::Slot),
        Value(AccSlot, To::Acc),
        Value(SlotImm16, To::Slot),
        Value(SlotImm16, To::Acc),
        Value(AccImm16, To::Slot),
        Value(AccImm16, To::Acc),
        Value(SlotImm32, To::Slot),
        Value(SlotImm32, To::Acc),
        Value(AccImm32, To::Slot),
        Value(AccImm32, To::Acc),
        Branch(SlotSlot, true),
        Branch(SlotAcc, true),
        Branch(AccSlot, true),
        Branch(SlotImm16, true),
        Branch(AccImm16, true),
        Branch(SlotImm32, true),
        Branch(AccImm32, true),
    ]
};

/// The shapes of float comparisons: first those of float operations, then branches.
const FLOAT: [Shape; 12] = {
    use {Pair::*, Shape::*};
    [
        Value(SlotSlot, To::Slot),
        Value(SlotSlot, To::Acc),
        Value(SlotAcc, To::Slot),
        Value(SlotAcc, To::Acc),
        Value(AccSlot, To::Slot),
        Value(AccSlot, To::Acc),
        Branch(SlotSlot, true),
        Branch(SlotAcc, true),
        Branch(AccSlot, true),
        Branch(SlotSlot, false),
        Branch(SlotAcc, false),
        Branch(AccSlot, false),
    ]
};

/// The shapes of operations with one input.
const UNARY: [Shape; 4] = [
    Shape::Unary(Source::Slot, To::Slot),
    Shape::Unary(Source::Slot, To::Acc),
    Shape::Unary(Source::Acc, To::Slot),
    Shape::Unary(Source::Acc, To::Acc),
];

/// The shapes of loads.
const LOAD: &[Shape] = {
    use {Place::*, Shape::Load};
    &[
        Load(Slot, To::Slot),
        Load(Slot, To::Acc),
        Load(Acc, To::Slot),
        Load(Acc, To::Acc),
        Load(SlotFar, To::Slot),
        Load(SlotFar, To::Acc),
        Load(AccFar, To::Slot),
        Load(AccFar, To::Acc),
        Load(Absolute, To::Slot),
        Load(Absolute, To::Acc),
        Load(Indexed, To::Slot),
        Load(Indexed, To::Acc),
        Load(Sum, To::Slot),
        Load(Sum, To::Acc),
        Load(Via64, To::Slot),
        Load(Via64, To::Acc),
        Load(Via32, To::Slot),
        Load(Via32, To::Acc),
        #[cfg(feature = "memory64")]
        Load(Wide, To::Slot),
        #[cfg(feature = "memory64")]
        Load(Wide, To::Acc),
    ]
};

/// The shapes of stores.
const STORE: &[Shape] = {
    use {Place::*, Shape::Store};
    &[
        Store(Slot, Source::Slot),
        Store(Slot, Source::Acc),
        Store(Slot, Source::Imm16),
        Store(Acc, Source::Slot),
        Store(Acc, Source::Imm16),
        Store(SlotFar, Source::Slot),
        Store(SlotFar, Source::Acc),
        Store(SlotFar, Source::Imm16),
        Store(AccFar, Source::Slot),
        Store(AccFar, Source::Imm16),
        Store(Absolute, Source::Slot),
        Store(Absolute, Source::Acc),
        Store(Absolute, Source::Imm16),
        Store(Indexed, Source::Slot),
        Store(Sum, Source::Slot),
        Store(Sum, Source::Acc),
        Store(Via64, Source::Slot),
        Store(Via64, Source::Imm16),
        Store(Via32, Source::Slot),
        Store(Via32, Source::Imm16),
        #[cfg(feature = "memory64")]
        Store(Wide, Source::Slot),
    ]
};

/// The shapes of operations on vectors whose last inputs may be constants.
const VECTOR: [Shape; 3] = [
    Shape::Vector(To::Slot),
    Shape::VectorConst(1),
    Shape::VectorConst(0),
];

impl Shape {
    /// The shapes that an instruction of some kind has, in the order of the ops of its row.
    #[must_use]
    pub const fn all(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Integer => INTEGER.split_at(INTEGER_VALUES).0,
            Kind::IntegerCompare => &INTEGER,
            Kind::Float => FLOAT.split_at(FLOAT_VALUES).0,
            Kind::FloatCompare => &FLOAT,
            Kind::Unary => &UNARY,
            Kind::Load => LOAD,
            Kind::Store => STORE,
            Kind::Vector { number: true, .. } => &[Self::Vector(To::Slot), Self::Vector(To::Acc)],
            Kind::Vector { constants, .. } => VECTOR.split_at(1 + constants.inputs().len()).0,
            Kind::VectorAccess { .. } => &[
                Self::VectorAccess(Place::Slot),
                Self::VectorAccess(Place::Indexed),
                #[cfg(feature = "memory64")]
                Self::VectorAccess(Place::Wide),
            ],
        }
    }

    /// The place of the shape among [`Shape::all`]. It is computed and not searched, since lowering asks for each instruction.
    ///
    /// # Panics
    /// Instructions of this kind have no such shape.
    #[inline]
    pub(super) const fn place(self, kind: Kind) -> u16 {
        match (kind, self) {
            (
                Kind::Integer | Kind::IntegerCompare | Kind::Float | Kind::FloatCompare,
                Self::Value(pair, to),
            ) => 2 * pair as u16 + to as u16,
            (Kind::IntegerCompare, Self::Branch(pair, true)) => INTEGER_VALUES as u16 + pair as u16,
            (Kind::FloatCompare, Self::Branch(pair, sense)) => {
                FLOAT_VALUES as u16 + pair as u16 + if sense { 0 } else { FLOAT_PAIRS }
            }
            (Kind::Vector { number, .. }, Self::Vector(to)) if number || matches!(to, To::Slot) => {
                to as u16
            }
            (Kind::Vector { constants, .. }, Self::VectorConst(input))
                if input < 2 && constants.inputs().len() + input as usize >= 2 =>
            {
                2 - input as u16
            }
            (Kind::VectorAccess { .. }, Self::VectorAccess(Place::Slot)) => 0,
            (Kind::VectorAccess { .. }, Self::VectorAccess(Place::Indexed)) => 1,
            (Kind::VectorAccess { .. }, Self::VectorAccess(Place::Wide)) => 2,
            (Kind::Unary, Self::Unary(from, to)) => 2 * from as u16 + to as u16,
            (Kind::Load, Self::Load(place, to)) => 2 * place as u16 + to as u16,
            (Kind::Store, Self::Store(place, from)) => {
                let first = match place {
                    Place::Slot => 0,
                    Place::Acc => 3,
                    Place::SlotFar => 5,
                    Place::AccFar => 8,
                    Place::Absolute => 10,
                    Place::Indexed => 13,
                    Place::Sum => 14,
                    Place::Via64 => 16,
                    Place::Via32 => 18,
                    Place::Wide => 20,
                };
                // Without the accumulator, constants are second.
                let has_acc = matches!(place, Place::Slot | Place::SlotFar | Place::Absolute);
                first
                    + match from {
                        Source::Slot => 0,
                        Source::Acc => 1,
                        Source::Imm16 => 1 + has_acc as u16,
                    }
            }
            _ => panic!("an instruction has the shapes of its kind"),
        }
    }
}

/// The number of shapes of an integer operation that leave a value.
const INTEGER_VALUES: usize = 14;
/// The number of shapes of a float operation that leave a value.
const FLOAT_VALUES: usize = 6;
/// The number of pairs in which a float operation finds its inputs.
const FLOAT_PAIRS: u16 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Field;
    use crate::machine::Class;
    use crate::ops::Row;
    use alloc::vec;
    use alloc::vec::Vec;

    impl Shape {
        /// The operands that an op of this shape reads, written down once more for a test of the op table.
        pub(in crate::ops) fn inputs(self, row: &Row) -> Vec<Field> {
            let acc = match row.class_in {
                Class::Float => Field::Facc,
                _ => Field::Acc,
            };
            let slot = match row.class_in {
                Class::Vector => Field::Vector,
                _ => Field::Slot,
            };
            let pair = |pair| match pair {
                Pair::SlotSlot => [slot, slot],
                Pair::SlotAcc => [Field::Slot, acc],
                Pair::AccSlot => [acc, Field::Slot],
                Pair::SlotImm16 => [Field::Slot, Field::Imm16],
                Pair::AccImm16 => [acc, Field::Imm16],
                Pair::SlotImm32 => [Field::Slot, Field::Imm32],
                Pair::AccImm32 => [acc, Field::Imm32],
            };
            let address = |place| match place {
                Place::Slot => vec![Field::Slot, Field::Offset16],
                Place::Acc => vec![Field::Acc, Field::Offset16],
                Place::SlotFar => vec![Field::Slot, Field::Offset32],
                Place::AccFar => vec![Field::Acc, Field::Offset32],
                Place::Absolute => vec![Field::Offset32],
                Place::Indexed => vec![Field::Memory, Field::Slot, Field::Offset32],
                Place::Sum => vec![Field::Slot, Field::Imm16, Field::Offset16],
                Place::Via64 => vec![Field::Slot, Field::EachOffset16, Field::Offset16],
                Place::Via32 => vec![
                    Field::Slot,
                    Field::EachOffset16,
                    Field::Offset16,
                    Field::Narrow,
                ],
                Place::Wide => vec![Field::Memory, Field::Slot, Field::Offset32, Field::Wide],
            };
            let from = |from| match from {
                Source::Slot => slot,
                Source::Acc => acc,
                Source::Imm16 => Field::Imm16,
            };
            match self {
                Self::Value(inputs, _) => pair(inputs).to_vec(),
                Self::Branch(inputs, _) => [&pair(inputs)[..], &[Field::Label16]].concat(),
                Self::Unary(input, _) => vec![from(input)],
                Self::Load(place, _) => address(place),
                Self::Store(place, value) => [address(place), vec![from(value)]].concat(),
                Self::Vector(_) => {
                    let Kind::Vector { inputs, lane, .. } = row.kind else {
                        panic!("the shape is one of vectors");
                    };
                    let input = |class: &Class| match class {
                        Class::Vector => Field::Vector,
                        _ => Field::Slot,
                    };
                    let lane = lane.then_some(Field::Count16);
                    inputs.classes().iter().map(input).chain(lane).collect()
                }
                Self::VectorConst(constant) => {
                    let Kind::Vector { inputs, .. } = row.kind else {
                        panic!("the shape is one of vectors");
                    };
                    let input =
                        |(number, class): (usize, &Class)| match (number == constant.into(), class)
                        {
                            (false, Class::Vector) => Field::Vector,
                            (false, _) => Field::Slot,
                            (true, Class::Vector) => Field::Imm128,
                            (true, _) => Field::Count16,
                        };
                    inputs.classes().iter().enumerate().map(input).collect()
                }
                Self::VectorAccess(place) => {
                    let Kind::VectorAccess { store, lane } = row.kind else {
                        panic!("the shape is one of vectors");
                    };
                    let vector = (store || lane).then_some(Field::Vector);
                    let lane = lane.then_some(Field::Count16);
                    let place = address(place).into_iter();
                    place.chain(vector).chain(lane).collect()
                }
            }
        }

        /// The same for the output.
        pub(in crate::ops) fn output(self, row: &Row) -> Option<Field> {
            match self {
                Self::VectorAccess(_) => match row.kind {
                    Kind::VectorAccess { store: true, .. } => None,
                    _ => Some(Field::DstVector),
                },
                Self::Value(_, to) | Self::Unary(_, to) | Self::Load(_, to) | Self::Vector(to) => {
                    Some(match to {
                        To::Slot if row.class_out == Class::Vector => Field::DstVector,
                        To::Slot => Field::Dst,
                        To::Acc if row.class_out == Class::Float => Field::DstFacc,
                        To::Acc => Field::DstAcc,
                    })
                }
                Self::VectorConst(_) => Some(Field::DstVector),
                Self::Branch(..) | Self::Store(..) => None,
            }
        }
    }
}
