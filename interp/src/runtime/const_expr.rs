//! Constant expressions: initial values, and where segments go (core specification, 3.3.10).
//!
//! They have been validated, so they are a handful of instructions that cannot fail.

use alloc::vec::Vec;

use wasmparser::{BinaryReader, HeapType};

use crate::machine::{NULL_REF, SlotValue};

/// What a constant expression can refer to.
pub(crate) trait Scope {
    /// The slot of a global.
    fn global(&self, index: u32) -> u64;
    /// A reference to a function.
    fn func_ref(&self, index: u32) -> u64;
}

/// Evaluates the expression that `reader` stands at, and leaves `reader` behind it. The slot of its value.
///
/// # Panics
/// If it has not been validated.
pub(crate) fn evaluate(reader: &mut BinaryReader<'_>, scope: &dyn Scope) -> u64 {
    step(reader, scope).expect("validation has read the same expression")
}

fn step(reader: &mut BinaryReader<'_>, scope: &dyn Scope) -> wasmparser::Result<u64> {
    // Nearly all expressions are one constant: the stack beneath the top is empty.
    let mut below = Vec::new();
    let mut top = NULL_REF;
    let mut empty = true;
    loop {
        let value = match reader.read_u8()? {
            // end
            0x0b => return Ok(top),
            // global.get, i32.const, i64.const, f32.const, f64.const
            0x23 => scope.global(reader.read_var_u32()?),
            0x41 => reader.read_var_i32()?.into_slot(),
            0x42 => reader.read_var_i64()?.into_slot(),
            0x43 => u64::from(reader.read_f32()?.bits()),
            0x44 => reader.read_f64()?.bits(),
            // ref.null, ref.func
            0xd0 => {
                reader.read::<HeapType>()?;
                NULL_REF
            }
            0xd2 => scope.func_ref(reader.read_var_u32()?),
            opcode => {
                let a = below.pop().expect("validation has counted the operands");
                top = binary(opcode, a, top);
                continue;
            }
        };
        if !empty {
            below.push(top);
        }
        empty = false;
        top = value;
    }
}

/// The instructions of the extended constant expressions proposal.
fn binary(opcode: u8, a: u64, b: u64) -> u64 {
    let (narrow_a, narrow_b) = (u32::from_slot(a), u32::from_slot(b));
    match opcode {
        // i32.add, i32.sub, i32.mul
        0x6a => narrow_a.wrapping_add(narrow_b).into_slot(),
        0x6b => narrow_a.wrapping_sub(narrow_b).into_slot(),
        0x6c => narrow_a.wrapping_mul(narrow_b).into_slot(),
        // i64.add, i64.sub, i64.mul
        0x7c => a.wrapping_add(b),
        0x7d => a.wrapping_sub(b),
        0x7e => a.wrapping_mul(b),
        _ => unreachable!("validation admits no other instruction"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ten;

    impl Scope for Ten {
        fn global(&self, _: u32) -> u64 {
            10
        }
        fn func_ref(&self, index: u32) -> u64 {
            u64::from(index) + 1
        }
    }

    fn value(bytes: &[u8]) -> u64 {
        evaluate(&mut BinaryReader::new(bytes, 0), &Ten)
    }

    #[test]
    fn constants_and_references() {
        assert_eq!(value(b"\x41\x7f\x0b"), 0xffff_ffff);
        assert_eq!(value(b"\x42\x7f\x0b"), u64::MAX);
        assert_eq!(value(b"\x43\x00\x00\x80\x3f\x0b"), 0x3f80_0000);
        assert_eq!(value(b"\xd0\x70\x0b"), NULL_REF);
        assert_eq!(value(b"\xd2\x04\x0b"), 5);
    }

    #[test]
    fn arithmetic_takes_operands_in_order() {
        // 10 - (3 * 2)
        assert_eq!(value(b"\x23\x00\x41\x03\x41\x02\x6c\x6b\x0b"), 4);
        // i64: 1 - 2
        assert_eq!(value(b"\x42\x01\x42\x02\x7d\x0b"), u64::MAX);
    }
}
