//! The values that an op reads and writes, with the types that its name tells.

use core::fmt;

use super::decode::{Decoded, Operand};
use crate::dispatch::Field;

/// A value, for people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// An `i32`.
    I32(i32),
    /// An `i64`.
    I64(i64),
    /// An `f32`.
    F32(f32),
    /// An `f64`.
    F64(f64),
    /// A vector.
    V128(u128),
    /// A slot whose type the op does not tell: an address, a copied value, a reference.
    Bits(u64),
}

/// The type of a [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// [`Value::I32`].
    I32,
    /// [`Value::I64`].
    I64,
    /// [`Value::F32`].
    F32,
    /// [`Value::F64`].
    F64,
    /// [`Value::Bits`].
    Bits,
}

impl Type {
    /// The value of this type in a slot.
    #[must_use]
    pub fn value(self, slot: u64) -> Value {
        // 32 bits are the low half of a slot.
        match self {
            Self::I32 => Value::I32(slot as i32),
            Self::I64 => Value::I64(slot as i64),
            Self::F32 => Value::F32(f32::from_bits(slot as u32)),
            Self::F64 => Value::F64(f64::from_bits(slot)),
            Self::Bits => Value::Bits(slot),
        }
    }

    /// The type with which a name begins, a lane's included.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "i32" | "i32x4" | "i16x8" | "i8x16" => Self::I32,
            "i64" | "i64x2" => Self::I64,
            "f32" | "f32x4" => Self::F32,
            "f64" | "f64x2" => Self::F64,
            _ => return None,
        })
    }
}

impl From<wasmparser::ValType> for Type {
    fn from(ty: wasmparser::ValType) -> Self {
        use wasmparser::ValType;
        match ty {
            ValType::I32 => Self::I32,
            ValType::I64 => Self::I64,
            ValType::F32 => Self::F32,
            ValType::F64 => Self::F64,
            ValType::V128 | ValType::Ref(_) => Self::Bits,
        }
    }
}

/// Numbers below this are written in decimal if their type is not known.
const SMALL: u64 = 1 << 32;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::I32(value) => value.fmt(f),
            Self::I64(value) => value.fmt(f),
            Self::F32(value) => write!(f, "{value:?}"),
            Self::F64(value) => write!(f, "{value:?}"),
            Self::V128(value) => write!(f, "{value:#034x}"),
            Self::Bits(value) if value < SMALL => value.fmt(f),
            Self::Bits(value) if value.wrapping_neg() < SMALL => value.cast_signed().fmt(f),
            Self::Bits(value) => write!(f, "{value:#x}"),
        }
    }
}

/// The type of an op's output.
#[must_use]
pub fn output_type(op: &Decoded) -> Type {
    let def = op.def();
    match parts(def.name) {
        Some((_, method)) if is_comparison(method) => Type::I32,
        Some((ty, _)) => ty,
        None => Type::Bits,
    }
}

/// The type of operand number `place` of an op, which is a slot or an accumulator that is read.
#[must_use]
pub fn input_type(op: &Decoded, place: usize) -> Type {
    let def = op.def();
    let Some((ty, method)) = parts(def.name) else {
        return Type::Bits;
    };
    if method.starts_with("load") {
        return Type::Bits;
    }
    if method.starts_with("store") {
        // The address is in front of the offset.
        let is_offset = |operand: &Operand| {
            matches!(
                operand.field,
                Field::Offset16 | Field::Offset32 | Field::EachOffset16
            )
        };
        let is_value = op.operands[..place].iter().any(is_offset);
        return if is_value { ty } else { Type::Bits };
    }
    // `f64.convert_i32_s`: what stands behind the verb.
    let mut words = method.split('_').skip(1);
    words.find_map(Type::named).unwrap_or(ty)
}

/// The type and the method of `type.method`.
fn parts(name: &str) -> Option<(Type, &str)> {
    let (ty, method) = name.split_once('.')?;
    Some((Type::named(ty)?, method))
}

fn is_comparison(method: &str) -> bool {
    let verb = method.split('_').next().unwrap_or_default();
    matches!(verb, "eqz" | "eq" | "ne" | "lt" | "gt" | "le" | "ge")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{COUNT, defs, numbers};
    use alloc::string::ToString;
    use alloc::vec::Vec;

    fn decoded(name: &str, form: &str) -> Decoded {
        let found = numbers().zip(defs());
        let (op, def) = found
            .into_iter()
            .find(|(_, def)| def.name == name && def.form == form)
            .expect("there is such an op");
        let operand = |field: &Field| Operand {
            field: *field,
            value: 0,
        };
        Decoded {
            op,
            at: 0,
            operands: def.fields.iter().map(operand).collect(),
            granules: def.granules(),
            joined: false,
        }
    }

    #[test]
    fn names_tell_types() {
        for (name, input, output) in [
            ("i64.add", Type::I64, Type::I64),
            ("i64.eqz", Type::I64, Type::I32),
            ("f64.lt", Type::F64, Type::I32),
            ("i32.wrap_i64", Type::I64, Type::I32),
            ("f64.convert_i32_u", Type::I32, Type::F64),
            ("i32.trunc_sat_f32_s", Type::F32, Type::I32),
            ("i64.load", Type::Bits, Type::I64),
            ("i64.extend8_s", Type::I64, Type::I64),
        ] {
            let op = decoded(name, "");
            assert_eq!(
                (input_type(&op, 0), output_type(&op)),
                (input, output),
                "{name}"
            );
        }
        let store = decoded("f64.store", "");
        let value = store.operands.len() - 1;
        assert_eq!(
            (input_type(&store, 0), input_type(&store, value)),
            (Type::Bits, Type::F64)
        );
    }

    #[test]
    fn every_op_has_types() {
        let all: Vec<_> = defs().collect();
        assert_eq!(all.len(), COUNT);
        for def in all {
            let op = decoded(def.name, def.form);
            let _ = (input_type(&op, 0), output_type(&op));
        }
    }

    #[test]
    fn bits_are_written_as_small_numbers_or_in_hexadecimal() {
        let text = |bits: u64| Value::Bits(bits).to_string();
        assert_eq!(text(17), "17");
        assert_eq!(text(u64::MAX), "-1");
        assert_eq!(text(1 << 40), "0x10000000000");
        assert_eq!(Value::F64(1.0).to_string(), "1.0");
    }
}
