//! A number for the encoding of bytecode in this build.

use super::{COUNT, OPS, superinstruction};
use crate::dispatch::{OP_SCALE, OpNumber};
use crate::fnv::Fnv;

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
