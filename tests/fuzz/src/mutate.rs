//! How input is changed: bits, numbers, pieces, words of the target, and other inputs.

/// Random numbers (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `limit`, which is not zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// Numbers at the edges of ranges.
const EDGES: [u64; 12] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    1 << 63,
    u64::MAX,
];

/// Changes `input` in one to eight ways. It stays at most `longest` bytes long.
pub(crate) fn mutate(
    random: &mut Random,
    input: &mut Vec<u8>,
    other: &[u8],
    words: &[&[u8]],
    longest: usize,
) {
    for _ in 0..1 << random.below(4) {
        step(random, input, other, words);
    }
    input.truncate(longest);
}

fn step(random: &mut Random, input: &mut Vec<u8>, other: &[u8], words: &[&[u8]]) {
    let len = input.len();
    let at = random.below(len + 1);
    // A piece, more often a short one.
    let most = 1 << random.below(9);
    let piece = at..len.min(at + 1 + random.below(most));
    match random.below(9) {
        0 if at < len => input[at] ^= 1 << random.below(8),
        1 if at < len => input[at] = random.next() as u8,
        2 if at < len => {
            input[at] = input[at]
                .wrapping_add(random.below(9) as u8)
                .wrapping_sub(4);
        }
        3 => {
            let number = EDGES[random.below(EDGES.len())];
            let bytes = match random.below(2) {
                0 => number.to_le_bytes(),
                _ => number.to_be_bytes(),
            };
            overwrite(input, at, &bytes[..1 << random.below(4)]);
        }
        4 => {
            input.drain(piece);
        }
        5 => {
            let copy = input[piece].to_vec();
            let to = random.below(len + 1);
            insert(input, to, &copy);
        }
        6 if !other.is_empty() => {
            let from = random.below(other.len());
            let copy = &other[from..other.len().min(from + 1 + random.below(most))];
            insert(input, at, copy);
        }
        7 if !other.is_empty() => {
            let from = random.below(other.len());
            overwrite(input, at, &other[from..other.len().min(from + most)]);
        }
        _ if !words.is_empty() => {
            let word = words[random.below(words.len())];
            match random.below(2) {
                0 => insert(input, at, word),
                _ => overwrite(input, at, word),
            }
        }
        _ => insert(
            input,
            at,
            &random.next().to_le_bytes()[..1 + random.below(8)],
        ),
    }
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    input.splice(at..at, bytes.iter().copied());
}

fn overwrite(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = input.len().min(at + bytes.len());
    input.splice(at..end, bytes.iter().copied());
}
