//! Tests of the decoder: the index of a module, and the error for each kind of wrong input.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{ModuleBytes, ModuleInfo, Validation};
use crate::compile::error::{ModuleError, ModuleErrorKind};

/// A module that exports a function `f` of type `[] -> [i32]`, with `code` as its body.
fn module_with(code: &[u8]) -> Vec<u8> {
    let mut bytes = b"\0asm\x01\0\0\0".to_vec();
    bytes.extend(b"\x01\x05\x01\x60\x00\x01\x7f"); // type [] -> [i32]
    bytes.extend(b"\x03\x02\x01\x00"); // a function of it
    bytes.extend(b"\x07\x05\x01\x01f\x00\x00"); // exported as "f"
    let body = u8::try_from(code.len()).unwrap() + 1;
    bytes.extend([0x0a, body + 2, 1, body, 0]);
    bytes.extend(code);
    bytes.extend(b"\x00\x05\x04note"); // an empty custom section
    bytes
}

fn refused(bytes: &[u8], validation: Validation) -> ModuleError {
    ModuleInfo::new(bytes.to_vec().into(), validation).unwrap_err()
}

#[test]
fn finds_bodies_exports_and_custom_sections() {
    let bytes = module_with(b"\x41\x07\x0b");
    let info = ModuleInfo::new(bytes.into(), Validation::Eager).unwrap();
    assert_eq!(
        info.body(0, &mut Vec::new()).as_bytes(),
        b"\x00\x41\x07\x0b"
    );
    assert_eq!(info.func_type(0).results().len(), 1);
    let exports: Vec<_> = info.exports().map(|e| (e.name, e.index)).collect();
    assert_eq!(exports, [("f", 0)]);
    let custom: Vec<_> = info.custom_sections().collect();
    assert_eq!(custom, [("note", &b""[..])]);
    assert_eq!(info.func_name(0), None);
}

#[test]
fn an_invalid_body_is_found_at_once_or_when_asked() {
    let bytes = module_with(b"\x42\x07\x0b"); // i64.const where an i32 is due
    assert_eq!(
        refused(&bytes, Validation::Eager).kind(),
        ModuleErrorKind::Invalid
    );
    let info = ModuleInfo::new(bytes.into(), Validation::Lazy).unwrap();
    let mut validator = info.validator(0, Default::default());
    assert!(validator.validate(&info.body(0, &mut Vec::new())).is_err());
}

#[test]
fn every_truncation_is_called_one() {
    let bytes = module_with(b"\x41\x07\x0b");
    let boundaries: Vec<usize> = (8..bytes.len())
        .filter(|&len| ModuleInfo::new(bytes[..len].to_vec().into(), Validation::Eager).is_ok())
        .collect();
    // A module may end after its header. With a function it must contain the body. The custom section may be missing.
    assert_eq!(boundaries, [8, 15, bytes.len() - 7]);
    for len in 1..bytes.len() {
        if !boundaries.contains(&len) {
            let error = refused(&bytes[..len], Validation::Eager);
            let complete_sections = len == 19 || len == 26;
            if !complete_sections {
                assert_eq!(error.kind(), ModuleErrorKind::Truncated, "{len}: {error}");
            }
        }
    }
}

#[test]
fn other_formats_are_named() {
    let kind = |bytes: &[u8]| refused(bytes, Validation::Lazy).kind();
    assert_eq!(kind(b""), ModuleErrorKind::NotWasm);
    assert_eq!(kind(b"(module)"), ModuleErrorKind::NotWasm);
    assert_eq!(kind(b"\x7fELF\x02\x01\x01\0"), ModuleErrorKind::NotWasm);
    assert_eq!(kind(b"\0asm\x0d\0\x01\0"), ModuleErrorKind::Component);
    let text = refused(b"  (module)", Validation::Lazy);
    assert!(text.to_string().contains("text"), "{text}");
}

#[test]
fn continuations_are_unsupported_rather_than_invalid() {
    let error = refused(&module_with(b"\xe0\x00\x0b"), Validation::Eager);
    assert_eq!(error.kind(), ModuleErrorKind::Unsupported);
    assert_eq!(error.offset(), 0x1f);
}

#[test]
fn static_bytes_are_borrowed() {
    static EMPTY: &[u8] = b"\0asm\x01\0\0\0";
    let info = ModuleInfo::new(ModuleBytes::from(EMPTY), Validation::Eager).unwrap();
    assert_eq!(info.bytes().as_ptr(), EMPTY.as_ptr());
}

#[test]
fn more_tables_than_operands_can_name_are_refused() {
    for (tables, admitted) in [(1 << 16, true), ((1 << 16) + 1, false)] {
        let mut bytes = b"\0asm\x01\0\0\0\x04".to_vec();
        let padded = |number: u32| {
            [0, 7, 14, 21].map(|shift| (number >> shift) as u8 & 0x7f | u8::from(shift < 21) << 7)
        };
        bytes.extend(padded(4 + 3 * tables));
        bytes.extend(padded(tables));
        bytes.extend(b"\x70\x00\x00".repeat(tables as usize));
        match ModuleInfo::new(bytes.into(), Validation::Eager) {
            Ok(_) => assert!(admitted),
            Err(error) => {
                assert_eq!(error.kind(), ModuleErrorKind::Unsupported);
                assert!(!admitted, "{error}");
            }
        }
    }
}
