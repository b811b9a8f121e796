//! A number for the encoding of bytecode in this build.

use super::{COUNT, OPS, superinstruction};
use crate::dispatch::{OP_SCALE, OpNumber};

/// A hash of the op table: the name, the form and the operands of each op in order, what each superinstruction consists of, the scale of
/// op numbers, and the order of bytes. Builds with the same number run each other's code, if they are of the same release.
#[allow(
    long_running_const_eval,
    reason = "the text of some thousand ops is hashed, in less than a second"
)]
pub const FLAVOUR: u64 = {
    let mut hash = Fnv::NEW.number(OP_SCALE as u64);
    hash = hash.number(cfg!(target_endian = "little") as u64);
    let mut op = 0;
    while op < COUNT {
        let def = &OPS[op];
        hash = hash.text(def.form).text(def.name);
        let mut field = 0;
        while field < def.fields.len() {
            hash = hash.byte(def.fields[field] as u8);
            field += 1;
        }
        hash = hash.byte(u8::MAX);
        op += 1;
    }
    let mut index = 0;
    while index < superinstruction::COUNT {
        // There are fewer than 65,536 numbers: `ops/mod.rs` asserts it.
        let number = OpNumber((COUNT + index) as u16);
        if let Some((first, last)) = superinstruction::parts(number) {
            hash = hash.number(first.0 as u64).number(last.0 as u64);
        }
        index += 1;
    }
    hash.0
};

/// The hash FNV-1a with 64 bits.
struct Fnv(u64);

impl Fnv {
    const NEW: Self = Self(0xcbf2_9ce4_8422_2325);

    const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x100_0000_01b3))
    }

    const fn number(self, number: u64) -> Self {
        let bytes = number.to_le_bytes();
        self.bytes(&bytes)
    }

    const fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes()).byte(0)
    }

    const fn bytes(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() {
            self = self.byte(bytes[at]);
            at += 1;
        }
        self
    }
}
