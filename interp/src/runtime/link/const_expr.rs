//! Constant expressions: initial values, and the offsets of segments (core specification, 3.3.10).
//!
//! Expressions of globals and element segments are read from validated bytes. They are a few instructions that cannot fail.
//! Expressions of data segments are read from the current bytes of the module, which may be arbitrary.

use alloc::vec::Vec;

use wasmparser::{BinaryReader, HeapType};

#[cfg(feature = "gc")]
use crate::Error;
use crate::machine::{NULL_REF, SlotValue};

/// The globals and functions that a constant expression can refer to.
pub(crate) trait Scope {
    /// The value of the global with this index, if it exists: a slot, or the two slots of a vector.
    fn global(&self, index: u32) -> Option<u128>;
    /// A reference to the function with this index, if it exists.
    fn func_ref(&self, index: u32) -> Option<u64>;
    /// Does the instruction with this number after the prefix `0xfb`, which creates an object. Its immediates are read from `reader`, and its
    /// operands are the last of `values`. The result is a reference.
    #[cfg(feature = "gc")]
    fn create(
        &mut self,
        number: u32,
        reader: &mut BinaryReader<'_>,
        values: &mut Vec<u128>,
    ) -> Option<u64>;
    /// The reason why an expression has no value.
    #[cfg(feature = "gc")]
    fn failure(&mut self) -> Error {
        Error::new("a constant expression is invalid")
    }
}

/// Evaluates the validated expression at the position of `reader`, and leaves `reader` after it. Returns its
/// value: a slot, or the two slots of a vector.
///
/// # Errors
/// Fails if there is no room for an object.
///
/// # Panics
/// Without objects, panics if the expression is invalid.
pub(crate) fn evaluate(
    reader: &mut BinaryReader<'_>,
    scope: &mut dyn Scope,
) -> Result<u128, Failure> {
    let value = try_evaluate(reader, scope);
    #[cfg(feature = "gc")]
    return value.ok_or_else(|| scope.failure());
    #[cfg(not(feature = "gc"))]
    Ok(value.expect("validation has read the same expression"))
}

/// The reason why a validated expression has no value.
#[cfg(feature = "gc")]
pub(crate) type Failure = Error;
/// Without objects, each has one.
#[cfg(not(feature = "gc"))]
pub(crate) type Failure = core::convert::Infallible;

/// Does the same for an expression that may be invalid. The slot may then contain a value of any type.
pub(crate) fn try_evaluate(reader: &mut BinaryReader<'_>, scope: &mut dyn Scope) -> Option<u128> {
    // Almost all expressions are one constant, so this stack stays empty.
    let mut below = Vec::new();
    let mut top = u128::from(NULL_REF);
    let mut empty = true;
    loop {
        let value = match reader.read_u8().ok()? {
            // end
            0x0b => return Some(top),
            #[cfg(feature = "gc")]
            0xfb => {
                let number = reader.read_var_u32().ok()?;
                if !empty {
                    below.push(top);
                }
                top = scope.create(number, reader, &mut below)?.into();
                empty = false;
                continue;
            }
            // global.get, i32.const, i64.const, f32.const, f64.const
            0x23 => scope.global(reader.read_var_u32().ok()?)?,
            0x41 => reader.read_var_i32().ok()?.into_slot().into(),
            0x42 => reader.read_var_i64().ok()?.into_slot().into(),
            0x43 => reader.read_f32().ok()?.bits().into(),
            0x44 => reader.read_f64().ok()?.bits().into(),
            // v128.const, the only constant after this prefix
            0xfd if cfg!(feature = "simd") && reader.read_var_u32().ok()? == 12 => {
                let bytes = reader.read_bytes(16).ok()?;
                u128::from_le_bytes(bytes.try_into().ok()?)
            }
            // ref.null, ref.func
            0xd0 => {
                reader.read::<HeapType>().ok()?;
                NULL_REF.into()
            }
            0xd2 => scope.func_ref(reader.read_var_u32().ok()?)?.into(),
            opcode => {
                // Numbers of one slot.
                top = binary(opcode, below.pop()? as u64, top as u64)?.into();
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
fn binary(opcode: u8, a: u64, b: u64) -> Option<u64> {
    let (narrow_a, narrow_b) = (u32::from_slot(a), u32::from_slot(b));
    Some(match opcode {
        // i32.add, i32.sub, i32.mul
        0x6a => narrow_a.wrapping_add(narrow_b).into_slot(),
        0x6b => narrow_a.wrapping_sub(narrow_b).into_slot(),
        0x6c => narrow_a.wrapping_mul(narrow_b).into_slot(),
        // i64.add, i64.sub, i64.mul
        0x7c => a.wrapping_add(b),
        0x7d => a.wrapping_sub(b),
        0x7e => a.wrapping_mul(b),
        // Validation allows no other instruction.
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ten;

    impl Scope for Ten {
        fn global(&self, index: u32) -> Option<u128> {
            (index == 0).then_some(10)
        }
        fn func_ref(&self, index: u32) -> Option<u64> {
            Some(u64::from(index) + 1)
        }
        #[cfg(feature = "gc")]
        fn create(
            &mut self,
            number: u32,
            _: &mut BinaryReader<'_>,
            values: &mut Vec<u128>,
        ) -> Option<u64> {
            // An integer.
            (number == 28).then(|| values.pop().map(|value| value as u64 | 1 << 63))?
        }
    }

    fn value(bytes: &[u8]) -> u128 {
        evaluate(&mut BinaryReader::new(bytes, 0), &mut Ten).expect("it is valid")
    }

    #[test]
    fn constants_and_references() {
        assert_eq!(value(b"\x41\x7f\x0b"), 0xffff_ffff);
        assert_eq!(value(b"\x42\x7f\x0b"), u64::MAX.into());
        assert_eq!(value(b"\x43\x00\x00\x80\x3f\x0b"), 0x3f80_0000);
        assert_eq!(value(b"\xd0\x70\x0b"), NULL_REF.into());
        assert_eq!(value(b"\xd2\x04\x0b"), 5);
        #[cfg(feature = "gc")]
        assert_eq!(value(b"\x41\x03\xfb\x1c\x0b"), 3 | 1 << 63);
    }

    #[test]
    fn arithmetic_takes_operands_in_order() {
        // 10 - (3 * 2)
        assert_eq!(value(b"\x23\x00\x41\x03\x41\x02\x6c\x6b\x0b"), 4);
        // i64: 1 - 2
        assert_eq!(value(b"\x42\x01\x42\x02\x7d\x0b"), u64::MAX.into());
    }

    #[test]
    fn what_was_not_validated_is_nothing() {
        for bytes in [
            &b""[..],
            b"\x41",
            b"\x41\x00",
            b"\x23\x01\x0b",
            b"\x6a\x0b",
            b"\x41\x00\x6a\x0b",
            b"\x00\x0b",
            b"\xd0\x0b",
        ] {
            let value = try_evaluate(&mut BinaryReader::new(bytes, 0), &mut Ten);
            assert_eq!(value, None, "{bytes:x?}");
        }
    }
}
