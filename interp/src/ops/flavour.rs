//! The flavour of a build: what its bytecode depends on, and a number for it.
//!
//! The op table of a build without some features is the one of a build with them, less some ops. So a build can compute the numbers of
//! ops in any build that has no more features, and write bytecode for it: a desktop for the kernel of a board.

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{COUNT, FAMILIES, Features, OPS, superinstruction};
use crate::dispatch::{Field, OP_SCALE, op_scale};
use crate::fnv::Fnv;

/// What the encoding of bytecode depends on: the features of a build, and its processor. Builds of the same flavour and the same release
/// run each other's modules in lowered form.
///
/// ```
/// use interp::Flavour;
/// use interp::ops::Features;
///
/// let kernel = Flavour::of("riscv64gc-unknown-none-elf", Features::NONE, true);
/// assert_ne!(kernel, Flavour::of("armv7a-none-eabihf", Features::NONE, true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flavour {
    features: Features,
    superinstructions: bool,
    /// The factor between the number of an op and its granule.
    scale: u16,
}

impl Flavour {
    /// The flavour of this build.
    pub const HERE: Self = Self {
        features: Features::HERE,
        superinstructions: cfg!(feature = "superinstructions"),
        scale: OP_SCALE,
    };

    /// The flavour of an optimised build for `target`, a name as Rust's compiler has it ("aarch64-unknown-none"), with these features of
    /// the crate.
    #[must_use]
    pub const fn of(target: &str, features: Features, superinstructions: bool) -> Self {
        Self {
            features,
            superinstructions,
            scale: op_scale(target),
        }
    }

    /// The features.
    #[must_use]
    pub const fn features(self) -> Features {
        self.features
    }

    /// Whether it has superinstructions.
    #[must_use]
    pub const fn has_superinstructions(self) -> bool {
        self.superinstructions
    }

    /// A hash of the op table: the name, the form and the operands of each op in order, what each superinstruction consists of, the
    /// scale of op numbers, and the order of bytes. Builds with the same number run each other's code, if they are of the same release.
    ///
    /// It is that of the named build if this build has all of its features.
    #[must_use]
    #[allow(
        long_running_const_eval,
        reason = "some thousand ops are hashed, in less than a second"
    )]
    pub const fn hash(self) -> u64 {
        let mut hash = Fnv::NEW.number(self.scale as u64);
        hash = hash.number(cfg!(target_endian = "little") as u64);
        let mut op = 0;
        while op < COUNT {
            if self.features.contains(NEEDS[op]) {
                hash = hash.number(HASHES[op]);
            }
            op += 1;
        }
        let mut index = 0;
        while self.superinstructions && index < superinstruction::COUNT {
            let [first, second, last] = superinstruction::listed(index);
            if let Some(second) = second {
                hash = hash.number(HASHES[second.index()]);
            }
            if let (Some(first), Some(last)) = (first, last) {
                hash = hash.number(HASHES[first.index()]);
                hash = hash.number(HASHES[last.index()]);
            }
            index += 1;
        }
        hash.0
    }

    /// Returns whether this build knows all ops of that flavour.
    #[must_use]
    pub const fn is_known(self) -> bool {
        Self::HERE.features.contains(self.features)
            && (Self::HERE.superinstructions || !self.superinstructions)
    }

    /// For each op and superinstruction of this build, the granule that stands for it in code of this flavour.
    pub(crate) fn granules(self) -> Vec<Option<u16>> {
        let mut next = 0;
        let ops = NEEDS.iter().map(|needs| self.features.contains(*needs));
        let pairs = (0..superinstruction::COUNT).map(|_| self.superinstructions);
        ops.chain(pairs)
            .map(|is_there| {
                let number = next;
                next += u16::from(is_there);
                // No more than in this build, where scaled numbers fit, and no scale is larger than eight.
                is_there.then(|| number.wrapping_mul(self.scale))
            })
            .collect()
    }
}

impl fmt::Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "op scale {}", self.scale)?;
        if self.superinstructions {
            f.write_str(", superinstructions")?;
        }
        self.features
            .names()
            .try_for_each(|name| write!(f, ", {name}"))
    }
}

/// [`Flavour::hash`] of this build.
pub const FLAVOUR: u64 = Flavour::HERE.hash();

/// The features without which a build does not have an op: those of its family and of its operands.
static NEEDS: [Features; COUNT] = {
    let mut all = [Features::NONE; COUNT];
    let (mut op, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut left = FAMILIES[family].defs.len();
        while left > 0 {
            all[op] = FAMILIES[family].needs;
            all[op] = all[op].union(needed_by(OPS[op].fields));
            assert!(
                Features::HERE.contains(all[op]),
                "this build has no such op"
            );
            op += 1;
            left -= 1;
        }
        family += 1;
    }
    all
};

/// The features that operands need.
const fn needed_by(fields: &[Field]) -> Features {
    let mut needed = Features::NONE;
    let mut index = 0;
    while index < fields.len() {
        needed = needed.union(match fields[index] {
            Field::Wide => Features::MEMORY64,
            Field::Vector | Field::DstVector => Features::SIMD,
            _ => Features::NONE,
        });
        index += 1;
    }
    needed
}

/// For each op a hash of its name, its form and its operands.
static HASHES: [u64; COUNT] = {
    let mut all = [0; COUNT];
    let mut op = 0;
    while op < COUNT {
        let def = &OPS[op];
        let mut hash = Fnv::NEW.text(def.form).text(def.name);
        let mut field = 0;
        while field < def.fields.len() {
            hash = hash.byte(def.fields[field] as u8);
            field += 1;
        }
        all[op] = hash.0;
        op += 1;
    }
    all
};
