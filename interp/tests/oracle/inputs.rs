//! What ops are fed with: edges of all types, and pseudo-random numbers, the same ones in every run.

use crate::bare::MEMORY;

/// Pseudo-random pairs of inputs for each op, besides all pairs of edge values.
const RANDOM: usize = 2000;

/// Values at the borders of what types hold, as integers and as floats.
pub(crate) const EDGES: [u64; 22] = [
    0,
    1,
    2,
    31,
    32,
    63,
    0x7f,
    0x80,
    0x7fff,
    0x8000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_ffff_ffff,
    // 1.5 and -∞ as f32, 2.5, -2^63, NaN as f64.
    0x3fc0_0000,
    0xff80_0000,
    0x4004_0000_0000_0000,
    0xc3e0_0000_0000_0000,
    0x7ff8_0000_0000_0001,
];

/// Numbers that are the same in every run.
pub(crate) struct Random(u64);

impl Random {
    /// The numbers that follow from a seed other than 0.
    pub(crate) fn from(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// Any number (xorshift64).
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number that is often small, or a float of ordinary size.
    pub(crate) fn value(&mut self) -> u64 {
        let any = self.next();
        match self.next() % 5 {
            0 => any,
            1 => any >> (any % 64),
            2 => ((any as i64) >> (any % 64)) as u64,
            3 => ((any as i32) as f32 / 1000.0).to_bits().into(),
            _ => ((any as i32) as f64 / 1000.0).to_bits(),
        }
    }
}

/// Pairs of inputs.
pub(crate) fn pairs() -> Vec<(u64, u64)> {
    let mut random = Random::from(0x9e37_79b9_7f4a_7c15);
    let edges = EDGES
        .iter()
        .flat_map(|a| EDGES.iter().map(move |b| (*a, *b)));
    let some = std::iter::repeat_with(|| (random.value(), random.value())).take(RANDOM);
    edges.chain(some).collect()
}

/// Addresses, offsets and values to access memory with.
pub(crate) fn accesses() -> Vec<(u64, i64, u64)> {
    let end = MEMORY as u64;
    let addresses = [
        0,
        1,
        7,
        255,
        256,
        1000,
        end - 9,
        end - 8,
        end - 4,
        end - 2,
        end - 1,
        end,
        0x7fff_ffff,
        0xffff_ffff,
    ];
    let offsets = [
        0,
        1,
        8,
        255,
        0x7fff,
        0xfff8,
        0xffff,
        0x1_0000,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
    ];
    let mut random = Random::from(0x2545_f491_4f6c_dd1d);
    let mut all = Vec::new();
    for address in addresses {
        for offset in offsets {
            all.push((address, offset, random.value()));
        }
    }
    for _ in 0..200 {
        let (address, offset) = (random.next() % end, random.next() % 300);
        all.push((address, offset as i64, random.value()));
    }
    all
}
