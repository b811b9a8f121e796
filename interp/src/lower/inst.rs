//! The intermediate form: one op with its operands, branch targets still being labels.

#[cfg(debug_assertions)]
use super::layout::small_operands;
use crate::dispatch::OpNumber;
use crate::machine::SlotIndex;

/// A place in the code that branches can go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub u32);

/// An op with its operands.
///
/// Operands stand by kind, in the order of the op's [`fields`](crate::dispatch::OpDef::fields): those of one
/// granule that are read or small indices in `small`, the slot that is written in `dst`, constants and wide indices in `imm`, the constant offset of
/// an address in `offset`, a branch target in `label`. A constant of 128 bits takes `imm`, `offset` and `label`.
#[derive(Clone, Copy, Debug)]
pub struct Inst {
    /// The op's number; [`Inst::NONE`] for one that was folded away.
    pub op: OpNumber,
    /// The slot that is written.
    pub dst: SlotIndex,
    /// Slots that are read, and small indices.
    pub small: [u16; 5],
    /// A constant, or a wide index.
    pub imm: u64,
    /// The constant offset of an address; for an op with a wide index, its constant of 32 bits.
    pub offset: u32,
    /// The number of a label, or of the first label of a branch table.
    pub label: u32,
    /// Where in the module the instruction stands that it comes from, in bytes.
    pub position: u32,
}

impl Default for Inst {
    fn default() -> Self {
        Self {
            op: Self::NONE,
            dst: SlotIndex(0),
            small: [0; 5],
            imm: 0,
            offset: 0,
            label: 0,
            position: 0,
        }
    }
}

impl Inst {
    /// The `op` of an instruction that was folded away: it has no code.
    pub const NONE: OpNumber = OpNumber(u16::MAX);

    /// `op` with slots or small indices: all that it has, or none if they are added later.
    #[must_use]
    pub fn new(op: OpNumber, small: &[u16]) -> Self {
        #[cfg(debug_assertions)]
        assert!(
            op == Self::NONE || small.is_empty() || small.len() == small_operands(op),
            "as many small operands as the op declares"
        );
        let mut inst = Self {
            op,
            ..Self::default()
        };
        inst.small[..small.len()].copy_from_slice(small);
        inst
    }

    /// The same writing slot `dst`.
    #[must_use]
    pub fn dst(self, dst: SlotIndex) -> Self {
        Self { dst, ..self }
    }

    /// The same with a constant or a wide index.
    #[must_use]
    pub fn imm(self, imm: u64) -> Self {
        Self { imm, ..self }
    }

    /// The same with the offset of an address.
    #[must_use]
    pub fn offset(self, offset: u32) -> Self {
        Self { offset, ..self }
    }

    /// The same with a constant of 128 bits. It takes the place of all other constants and of a branch target.
    #[must_use]
    pub fn constant128(self, bits: u128) -> Self {
        // `as` cuts the parts off.
        Self {
            imm: bits as u64,
            offset: (bits >> 64) as u32,
            label: (bits >> 96) as u32,
            ..self
        }
    }

    /// The same with a branch target.
    #[must_use]
    pub fn label(self, label: Label) -> Self {
        Self {
            label: label.0,
            ..self
        }
    }
}
