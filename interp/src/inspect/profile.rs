//! Counts executed ops, and which op followed which. Fusions are chosen by these counts.
//!
//! [`start`] sets an observer that counts. [`Profile::take`] returns the counts so far.

use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::decode::title;
use crate::dispatch::{self, OpNumber};
use crate::ops::{self, superinstruction};

/// Ops and superinstructions.
const COUNT: usize = ops::COUNT + superinstruction::COUNT;

/// The number of times that each op followed each other op: `PAIRS[before * COUNT + op]`.
static PAIRS: [AtomicU64; COUNT * COUNT] = [const { AtomicU64::new(0) }; COUNT * COUNT];

/// The op that ran last, in any thread. Programs are profiled one at a time.
static BEFORE: AtomicUsize = AtomicUsize::new(0);

/// Starts counting.
pub fn start() {
    dispatch::observe(count);
}

fn count(ip: *const u16, _fp: *const u64, _acc: u64, _facc: f64) {
    // SAFETY: an op is about to run there (invariant 1 of the machine).
    let op = dispatch::number(unsafe { ip.read() }).index();
    let before = BEFORE.load(Ordering::Relaxed);
    BEFORE.store(op, Ordering::Relaxed);
    let pair = &PAIRS[before * COUNT + op];
    pair.store(pair.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}

/// The counts.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The total of executed ops.
    pub total: u64,
    /// The count of each op, by number, most frequent first.
    pub ops: Vec<(OpNumber, u64)>,
    /// Pairs of an op and the next one, most frequent first.
    pub pairs: Vec<((OpNumber, OpNumber), u64)>,
}

impl Profile {
    /// Returns the counts since [`start`].
    #[must_use]
    pub fn take() -> Self {
        let mut ops = Vec::new();
        let mut pairs = Vec::new();
        // There are fewer than 65,536 ops.
        for op in (0..COUNT as u16).map(OpNumber) {
            let mut runs = 0;
            for before in (0..COUNT as u16).map(OpNumber) {
                let count = PAIRS[before.index() * COUNT + op.index()].load(Ordering::Relaxed);
                if count > 0 {
                    pairs.push(((before, op), count));
                    runs += count;
                }
            }
            if runs > 0 {
                ops.push((op, runs));
            }
        }
        ops.sort_by_key(|&(op, count)| (u64::MAX - count, op));
        pairs.sort_by_key(|&(pair, count)| (u64::MAX - count, pair));
        let total = ops.iter().map(|(_, count)| count).sum();
        Self { total, ops, pairs }
    }
}

/// The number of lines of each table.
const SHOWN: usize = 60;

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The shares are for people, so the precision of `f64` is enough.
        let share = |count: u64| count as f64 * 100.0 / self.total.max(1) as f64;
        writeln!(
            f,
            "{} ops executed, of {} kinds",
            self.total,
            self.ops.len()
        )?;
        for &(op, count) in self.ops.iter().take(SHOWN) {
            writeln!(f, "{count:>14} {:5.2} %  {}", share(count), title(op))?;
        }
        writeln!(f, "one after the other:")?;
        for &((before, op), count) in self.pairs.iter().take(SHOWN) {
            writeln!(
                f,
                "{count:>14} {:5.2} %  {}; {}",
                share(count),
                title(before),
                title(op)
            )?;
        }
        Ok(())
    }
}
