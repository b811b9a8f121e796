//! The record of a module's results, and its inputs: the same for all sides.
//!
//! This file needs only `alloc`, so that `tests/wasm32` can contain it as well.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A value in the records of all sides.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Value {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    V128(u128),
    /// For references, only null and non-null are compared.
    Null,
    NonNull,
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::I32(value) => write!(f, "i32 {value}"),
            Self::I64(value) => write!(f, "i64 {value}"),
            Self::F32(bits) => write!(f, "f32 {bits:#x} ({})", f32::from_bits(*bits)),
            Self::F64(bits) => write!(f, "f64 {bits:#x} ({})", f64::from_bits(*bits)),
            Self::V128(bits) => write!(f, "v128 {bits:#034x}"),
            Self::Null => write!(f, "null"),
            Self::NonNull => write!(f, "ref"),
        }
    }
}

/// The record of one side.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) lines: Vec<String>,
    /// The number of calls of host functions.
    pub(crate) calls: u64,
    /// Whether objects are freed before each call.
    pub(crate) frees: bool,
}

impl Record {
    /// Records a call of a host function. Returns the number of the call, which determines its results.
    pub(crate) fn host_call(&mut self, args: &[Value]) -> u64 {
        self.calls += 1;
        self.lines
            .push(format!("host function called with {args:?}"));
        self.calls
    }
}

/// A checksum of bytes.
pub(crate) fn sum(bytes: &[u8]) -> u64 {
    // FNV-1a over words: a memory of a few pages takes a moment.
    let step = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// The kind of an argument.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    I32,
    I64,
    F32,
    F64,
    V128,
    Ref,
}

/// Random arguments, the same ones for both sides.
pub(crate) struct Arguments(Random);

impl Arguments {
    /// The arguments for the module of `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Random(!seed))
    }

    /// The next one.
    pub(crate) fn next(&mut self, kind: Kind) -> Value {
        let small = self.0.next().is_multiple_of(2);
        let bits = if small {
            self.0.next() % 8
        } else {
            self.0.next()
        };
        match kind {
            // Random bits in a type of any width: the high ones are not needed.
            Kind::I32 => Value::I32(bits as i32),
            Kind::I64 => Value::I64(bits as i64),
            Kind::F32 if small => Value::F32((bits as f32 - 4.0).to_bits()),
            Kind::F64 if small => Value::F64((bits as f64 - 4.0).to_bits()),
            // Only canonical NaNs, because the specification does not determine the results of others.
            Kind::F32 => Value::F32(canonical32(bits as u32)),
            Kind::F64 => Value::F64(canonical64(bits)),
            Kind::V128 => Value::V128(u128::from(bits) | u128::from(self.0.next()) << 64),
            Kind::Ref => Value::Null,
        }
    }
}

/// The result of host function call number `call`.
pub(crate) fn host_result(call: u64, kind: Kind) -> Value {
    Arguments(Random(call)).next(kind)
}

fn canonical32(bits: u32) -> u32 {
    let nan = f32::from_bits(bits).is_nan();
    if nan { 0x7fc0_0000 } else { bits }
}

fn canonical64(bits: u64) -> u64 {
    let nan = f64::from_bits(bits).is_nan();
    if nan { 0x7ff8_0000_0000_0000 } else { bits }
}

/// SplitMix64: a small generator whose first numbers are already well mixed.
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
