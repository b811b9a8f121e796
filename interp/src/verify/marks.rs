//! The granules at which ops begin, and those to which branches lead.

use alloc::vec::Vec;

/// A bit for each granule of a function's code, twice.
#[derive(Debug, Default)]
pub struct Marks {
    starts: Vec<u64>,
    targets: Vec<u64>,
}

impl Marks {
    /// Clears all marks, for code of `granules` granules.
    pub(super) fn reset(&mut self, granules: usize) {
        for bits in [&mut self.starts, &mut self.targets] {
            bits.clear();
            bits.resize(granules.div_ceil(u64::BITS as usize), 0);
        }
    }

    /// Records that an op begins at granule `at`.
    pub(super) fn start(&mut self, at: usize) {
        let (word, bit) = place(at);
        self.starts[word] |= bit;
    }

    /// Records that a branch leads to granule `at`.
    pub(super) fn target(&mut self, at: usize) {
        let (word, bit) = place(at);
        self.targets[word] |= bit;
    }

    /// The granules at which ops begin, in ascending order. The ops of a superinstruction but the first are not among them.
    pub(crate) fn starts(&self) -> impl Iterator<Item = usize> {
        let words = self.starts.iter().enumerate();
        words.flat_map(|(word, &bits)| {
            let ones = core::iter::successors(Some(bits), |bits| Some(bits & bits.wrapping_sub(1)));
            ones.take_while(|bits| *bits != 0)
                .map(move |bits| word * u64::BITS as usize + bits.trailing_zeros() as usize)
        })
    }

    /// Returns whether an op begins at granule `at`.
    #[cfg(feature = "exceptions")]
    pub(super) fn is_start(&self, at: usize) -> bool {
        let (word, bit) = place(at);
        self.starts.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// The first granule to which a branch leads although no op begins there.
    pub(super) fn first_target_between_ops(&self) -> Option<usize> {
        let words = self.starts.iter().zip(&self.targets).enumerate();
        words
            .map(|(word, (starts, targets))| (word, targets & !starts))
            .find(|(_, wrong)| *wrong != 0)
            .map(|(word, wrong)| word * u64::BITS as usize + wrong.trailing_zeros() as usize)
    }
}

/// The word and the bit of a granule.
fn place(at: usize) -> (usize, u64) {
    let bits = u64::BITS as usize;
    (at / bits, 1 << (at % bits))
}
