//! Which code an input has reached: counters that the compiler puts at each edge of the control flow.
//!
//! With `-sanitizer-coverage-inline-8bit-counters` each part of the program calls `__sanitizer_cov_8bit_counters_init` at its start
//! with its counters.

#![expect(unsafe_code, reason = "counters lie where the compiler puts them")]

use std::slice;
use std::sync::Mutex;

/// Where the counters lie: the first one and how many follow.
static PARTS: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

/// Called by code that the compiler makes.
// SAFETY: the name is the one that the compiler calls; no library of this program has it.
#[unsafe(no_mangle)]
extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, end: *mut u8) {
    let len = end.addr() - start.addr();
    if let Ok(mut parts) = PARTS.lock() {
        parts.push((start.expose_provenance(), len));
    }
}

/// Runs `work` on all counters.
fn with(mut work: impl FnMut(&mut [u8])) {
    let parts = PARTS.lock().map(|parts| parts.clone()).unwrap_or_default();
    for (start, len) in parts {
        // SAFETY: the compiler's code gave these bytes, which stay where they are. They are counters: a count that is lost while they
        // are read does not matter.
        work(unsafe {
            slice::from_raw_parts_mut(std::ptr::with_exposed_provenance_mut(start), len)
        });
    }
}

/// Whether this build counts.
#[must_use]
pub fn is_counted() -> bool {
    let mut counters = 0;
    with(|part| counters += part.len());
    counters > 0
}

/// Sets all counters to zero.
pub fn clear() {
    with(|part| part.fill(0));
}

/// What all inputs so far have reached: for each counter a bit for each magnitude.
#[derive(Debug, Default)]
pub struct Reached(Vec<u8>);

impl Reached {
    /// Adds what was reached since [`clear`]. Returns how many counters have a magnitude that they never had before.
    pub fn add(&mut self) -> usize {
        let (mut at, mut new) = (0, 0);
        with(|part| {
            self.0.resize(self.0.len().max(at + part.len()), 0);
            for (seen, count) in self.0[at..].iter_mut().zip(&*part) {
                let bit = magnitude(*count);
                new += usize::from(bit & !*seen != 0);
                *seen |= bit;
            }
            at += part.len();
        });
        new
    }

    /// How many edges were reached.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.0.iter().filter(|seen| **seen != 0).count()
    }
}

/// A bit for the magnitude of a count: 1, 2, 3, up to 7, 15, 31, 127 and more.
fn magnitude(count: u8) -> u8 {
    match count {
        0 => 0,
        1..=3 => 1 << (count - 1),
        4..=7 => 1 << 3,
        8..=15 => 1 << 4,
        16..=31 => 1 << 5,
        32..=127 => 1 << 6,
        _ => 1 << 7,
    }
}
