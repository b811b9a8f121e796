//! The frame of a function: which slots its code may name.

use crate::machine::HEADER_SLOTS;

/// The slots of the parameters and of the results of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Slots of the parameters.
    pub params: u16,
    /// Slots of the results.
    pub results: u16,
}

impl Signature {
    /// The slots of the parameters or of the results, whichever are more: where the header lies in the frame.
    #[must_use]
    pub fn header(self) -> usize {
        self.params.max(self.results).into()
    }
}

/// The frame of a function.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Its parameters and results.
    pub signature: Signature,
    /// Its slots: at most 65,536.
    pub slots: u32,
    /// The number of slots behind the header that are zero at entry.
    pub zero_slots: u32,
}

impl Frame {
    /// Returns whether `len` slots from `first` on belong to the frame, and none of them to its header.
    pub(super) fn has(&self, first: usize, len: usize) -> bool {
        let header = self.signature.header();
        let end = first + len;
        end <= self.slots as usize && (end <= header || first >= header + HEADER_SLOTS)
    }
}

/// The most slots of a frame, since an operand has 16 bits.
pub(super) const MOST_SLOTS: u32 = 1 << 16;
