//! The kinds of operands, and lists of them.
//!
//! A [`Field`] is an operand as data: what the encoder, the listing and the tests know of it. It comes from the type of the operand
//! ([`Operand`](super::Operand)), which is what the running op reads.

/// The kind of one operand. It determines the meaning of the operand and the number of its granules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A slot that is written. The accumulator of the value's type receives the value, too.
    Dst,
    /// The integer accumulator, which is written, and no slot. It takes no granule.
    DstAcc,
    /// The float accumulator, which is written, and no slot. It takes no granule.
    DstFacc,
    /// The first of two neighbouring slots that are written: a vector.
    DstVector,
    /// Another slot that is written, without an accumulator.
    Also,
    /// A slot that is read.
    Slot,
    /// The first of two neighbouring slots that are read: a vector.
    Vector,
    /// The first of several neighbouring slots: arguments, or a frame header.
    Base,
    /// The slot of a frame's header, counted from the first slot of that frame.
    Header,
    /// The integer accumulator, which is read. It takes no granule.
    Acc,
    /// The float accumulator, which is read. It takes no granule.
    Facc,
    /// The slot with the copy of Go's stack pointer, which is read and written. It takes no granule.
    Sp,
    /// A mark: the intermediate value that the op loads has 32 bits and not 64. It takes no granule.
    Narrow,
    /// A mark: addresses and lengths in slots have 64 bits and not 32. It takes no granule.
    Wide,
    /// A constant of 16 bits, sign-extended.
    Imm16,
    /// A constant of 32 bits, sign-extended.
    Imm32,
    /// A constant of 64 bits.
    Imm64,
    /// A constant of 128 bits.
    Imm128,
    /// The bits of an `f32`.
    Float32,
    /// The bits of an `f64`.
    Float64,
    /// A constant of 16 bits, sign-extended, of an op that has other constants.
    EachImm16,
    /// The constant offset of an address, 16 bits.
    Offset16,
    /// The constant offset of an address, 32 bits.
    Offset32,
    /// The constant offset of an address, 16 bits, of an op that has several addresses.
    EachOffset16,
    /// A number without a sign, 16 bits: of bits, of slots, of branch targets.
    Count16,
    /// The same with 32 bits.
    Count32,
    /// The index of a function that the module defines, 16 bits; imported functions are not counted.
    Func16,
    /// The same with 32 bits.
    Func32,
    /// The index of an imported function.
    Import,
    /// The index of a global that the module defines, 16 bits; imported globals are not counted.
    Global16,
    /// The index of any global, 32 bits.
    Global32,
    /// The index of a memory.
    Memory,
    /// The index of a table.
    Table,
    /// The index of a type.
    Type,
    /// The index of a data segment.
    Data,
    /// The index of an element segment.
    Elem,
    /// The index of a tag.
    Tag,
    /// A branch target: the distance from the start of the op in granules, 16 bits, signed.
    Label16,
    /// A branch target: the distance from the start of the op in granules, 32 bits, signed.
    Label32,
    /// Branch targets in the form of `Label16`. Their number is the value of the `Count16` before them, plus one.
    Labels16,
    /// Branch targets in the form of `Label32`. Their number is the value of the `Count32` before them, plus one.
    Labels32,
    /// A type of references that a reference is tested for: see [`HeapCode`](crate::machine::HeapCode). It stands last, so that
    /// the others have the same numbers without it: [`Flavour`](crate::Flavour) hashes them.
    #[cfg(feature = "gc")]
    HeapType,
}

impl Field {
    /// The number of granules of the operand. It is zero for a list of labels, whose length only the code has.
    #[must_use]
    pub const fn granules(self) -> usize {
        match self {
            Self::DstAcc
            | Self::DstFacc
            | Self::Acc
            | Self::Facc
            | Self::Sp
            | Self::Narrow
            | Self::Wide
            | Self::Labels16
            | Self::Labels32 => 0,
            Self::Dst
            | Self::DstVector
            | Self::Also
            | Self::Slot
            | Self::Vector
            | Self::Base
            | Self::Header
            | Self::Imm16
            | Self::EachImm16
            | Self::Offset16
            | Self::EachOffset16
            | Self::Count16
            | Self::Func16
            | Self::Global16
            | Self::Memory
            | Self::Table
            | Self::Label16 => 1,
            Self::Imm32
            | Self::Float32
            | Self::Offset32
            | Self::Count32
            | Self::Func32
            | Self::Import
            | Self::Global32
            | Self::Type
            | Self::Data
            | Self::Elem
            | Self::Tag
            | Self::Label32 => 2,
            #[cfg(feature = "gc")]
            Self::HeapType => 2,
            Self::Imm64 | Self::Float64 => 4,
            Self::Imm128 => 8,
        }
    }

    /// The number of granules of each branch target, if the operand is a list of them.
    #[must_use]
    pub const fn granules_each(self) -> Option<usize> {
        match self {
            Self::Labels16 => Some(1),
            Self::Labels32 => Some(2),
            _ => None,
        }
    }

    /// True if any bits are valid: the operand is a number, or takes no granule and needs none.
    #[must_use]
    pub const fn is_free(self) -> bool {
        matches!(
            self,
            Self::DstAcc
                | Self::DstFacc
                | Self::Acc
                | Self::Facc
                | Self::Narrow
                | Self::Wide
                | Self::Imm16
                | Self::Imm32
                | Self::Imm64
                | Self::Imm128
                | Self::Float32
                | Self::Float64
                | Self::EachImm16
                | Self::Offset16
                | Self::Offset32
                | Self::EachOffset16
        )
    }

    /// True if the operand is a branch target, or a list of them.
    #[must_use]
    pub const fn is_label(self) -> bool {
        matches!(
            self,
            Self::Label16 | Self::Label32 | Self::Labels16 | Self::Labels32
        )
    }

    /// True if the operand names what the op computes: a slot, or an accumulator alone.
    #[must_use]
    pub const fn is_output(self) -> bool {
        matches!(
            self,
            Self::Dst | Self::DstAcc | Self::DstFacc | Self::DstVector
        )
    }
}

/// The number of granules of an op with these operands, without branch tables.
#[must_use]
pub const fn granules(fields: &[Field]) -> usize {
    let mut sum = 1;
    let mut index = 0;
    while index < fields.len() {
        sum += fields[index].granules();
        index += 1;
    }
    sum
}

/// The most operands of an op.
const MOST: usize = 8;

/// A list of fields that the compiler can put together.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The fields, then anything.
    all: [Field; MOST],
    /// The length of the list.
    len: usize,
}

impl Fields {
    /// No field.
    pub const NONE: Self = Self {
        all: [Field::Slot; MOST],
        len: 0,
    };

    /// One field.
    #[must_use]
    pub const fn one(field: Field) -> Self {
        Self {
            all: [field; MOST],
            len: 1,
        }
    }

    /// These fields and then `others`.
    ///
    /// # Panics
    /// The list gets too long.
    #[must_use]
    pub const fn then(mut self, others: Self) -> Self {
        let mut index = 0;
        while index < others.len {
            self.all[self.len] = others.all[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    /// The fields.
    #[must_use]
    pub const fn as_slice(&self) -> &[Field] {
        self.all.split_at(self.len).0
    }
}
