//! Random numbers: ChaCha20, seeded once at start.
//!
//! The seed comes from the board's generator, otherwise from the device tree (`rng-seed`, which a boot loader sets),
//! otherwise from the jitter of the counter. The last source is not suitable for cryptography, and causes a warning.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore as _, SeedableRng as _},
};

use super::{device_tree::Facts, time};
use crate::board::Board;

/// A generator, seeded.
pub(super) struct Random(ChaCha20Rng);

impl Random {
    /// Obtains a seed.
    pub(super) fn new(board: &Board, facts: &Facts) -> Self {
        let mut seed = facts.seed;
        let from_board = board.random.is_some_and(|random| {
            let mut bytes = [0; 32];
            let filled = random(&mut bytes);
            mix(&mut seed, &bytes);
            filled
        });
        if !from_board && facts.seed == [0; 32] {
            log::warn!("no random number generator: random numbers are not fit for cryptography");
            mix(&mut seed, &jitter(board));
        }
        Self(ChaCha20Rng::from_seed(seed))
    }

    /// Another generator, whose numbers do not follow from those of this one: this one gives the seed.
    pub(super) fn fork(&mut self) -> Self {
        let mut seed = [0; 32];
        self.fill(&mut seed);
        Self(ChaCha20Rng::from_seed(seed))
    }

    /// Fills `buf`.
    pub(super) fn fill(&mut self, buf: &mut [u8]) {
        self.0.fill_bytes(buf);
    }
}

fn mix(seed: &mut [u8; 32], bytes: &[u8; 32]) {
    for (seed, byte) in seed.iter_mut().zip(bytes) {
        *seed ^= byte;
    }
}

/// The small randomness of the durations of operations and of the time of day.
fn jitter(board: &Board) -> [u8; 32] {
    let mut pool = time::wall();
    core::array::from_fn(|_| {
        for _ in 0..64 {
            // A multiplicative hash (Knuth, volume 3, section 6.4) spreads the low bits, where the jitter is.
            pool = (pool ^ board.timer.ticks())
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(23);
        }
        (pool >> 56) as u8
    })
}
