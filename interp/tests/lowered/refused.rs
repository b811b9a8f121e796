//! What cannot be written in lowered form, and files that are refused: each with a message that says why.

use interp::ops::Features;
use interp::{Engine, Flavour, Module, ModuleErrorKind};

use crate::{call, engine, lazy};

/// The message for a module that cannot be written.
fn refusal(text: &str) -> String {
    let bytes = wat::parse_str(text).expect("a module");
    let module = Module::new(&engine(), bytes).expect("it is valid");
    module
        .serialize()
        .expect_err("it has references")
        .to_string()
}

#[test]
fn modules_that_use_references_as_values_are_not_written() {
    for (text, wanted) in [
        (
            "(module (func $f (param externref)))",
            "function 0 has references as parameters or results",
        ),
        (
            "(module (import \"host\" \"f\" (func (result funcref))))",
            "function 0 has references as parameters or results",
        ),
        (
            "(module (table 1 funcref) (func (table.set (i32.const 0) (ref.null func))))",
            "function 0 cannot be written in lowered form",
        ),
        (
            "(module (global (mut funcref) (ref.null func)) (func (global.set 0 (ref.null func))))",
            "it is a reference",
        ),
        #[cfg(feature = "gc")]
        (
            "(module (type $s (struct (field i32))) (func (drop (struct.new $s (i32.const 1)))))",
            "function 0 cannot be written in lowered form",
        ),
    ] {
        let message = refusal(text);
        assert!(message.contains(wanted), "{text}: {message}");
    }
}

/// A module in lowered form.
fn lowered() -> Vec<u8> {
    let bytes = wat::parse_str("(module (func (export \"f\") (result i32) (i32.const 7)))");
    let module = Module::new(&engine(), bytes.expect("a module")).expect("it is valid");
    module.serialize().expect("it has no references")
}

fn error_of(bytes: Vec<u8>) -> (ModuleErrorKind, String) {
    let error = Module::deserialize(&engine(), bytes).expect_err("it is refused");
    let module = error.as_module_error().expect("the module is at fault");
    (module.kind(), error.to_string())
}

#[test]
fn another_release_or_build_is_named() {
    let release = env!("CARGO_PKG_VERSION");
    let mut bytes = lowered();
    let at = bytes
        .windows(release.len())
        .position(|window| window == release.as_bytes())
        .expect("the release is in it");
    bytes[at] = b'9';
    let (kind, message) = error_of(bytes);
    assert_eq!(kind, ModuleErrorKind::OtherBuild);
    assert!(
        message.contains(&format!("written by release 9{}", &release[1..])),
        "{message}"
    );
    assert!(message.contains("compile the module again"), "{message}");

    // The number of the encoding follows.
    let mut bytes = lowered();
    bytes[at + release.len() + 1] ^= 1;
    let (kind, message) = error_of(bytes);
    assert_eq!(kind, ModuleErrorKind::OtherBuild);
    assert!(message.contains("has other ops"), "{message}");

    // So does another format.
    let mut bytes = lowered();
    bytes[6] = 99;
    assert_eq!(error_of(bytes).0, ModuleErrorKind::OtherBuild);
}

/// A kernel that has superinstructions and no other feature.
const KERNEL: Flavour = Flavour::of("armv7a-none-eabihf", Features::NONE, true);

#[test]
fn what_another_flavour_runs_is_refused_here() {
    let bytes = wat::parse_str("(module (func (export \"f\") (result i32) (i32.const 7)))");
    let module = Module::new(&engine(), bytes.expect("a module")).expect("it is valid");
    let small = Flavour::of("armv7a-none-eabihf", Features::NONE, false);
    for (flavour, wanted) in [
        (KERNEL, "a build with op scale 1, superinstructions, and "),
        (small, "a build with op scale 1, and "),
    ] {
        let bytes = module.serialize_for(flavour).expect("it has what it needs");
        let (kind, message) = error_of(bytes);
        assert_eq!(kind, ModuleErrorKind::OtherBuild);
        assert!(message.contains(wanted), "{message}");
        assert!(message.contains(&Flavour::HERE.to_string()), "{message}");
        assert!(message.contains("compile the module again"), "{message}");
    }
    let again = Module::deserialize(&engine(), module.serialize().expect("as it is"));
    let error = again.expect("it is for this build").serialize_for(KERNEL);
    let message = error.expect_err("there is no WebAssembly").to_string();
    assert!(message.contains("in lowered form already"), "{message}");
}

#[test]
fn what_another_flavour_lacks_is_named() {
    for (text, wanted) in [
        (
            "(module (func) (func (drop (i32x4.splat (i32.const 1)))))",
            ["SIMD", "in function 1"],
        ),
        ("(module (memory i64 1))", ["memory64", "offset"]),
        ("(module (tag) (func (throw 0)))", ["exceptions", "offset"]),
    ] {
        let bytes = wat::parse_str(text).expect("a module");
        let module = Module::new(&engine(), bytes).expect("it is valid");
        module.serialize().expect("this build has what it needs");
        let error = module.serialize_stripped_for(KERNEL);
        let message = error.expect_err("that one has not").to_string();
        for wanted in wanted {
            assert!(message.contains(wanted), "{text}: {message}");
        }
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let whole = lowered();
    for len in 0..whole.len() {
        let error = Module::deserialize(&engine(), whole[..len].to_vec());
        // The code comes last: without it the module can still be opened.
        let code_is_missing = error.is_ok();
        assert!(!code_is_missing, "{len} of {} bytes", whole.len());
    }
}

/// Functions that share code would make a small file take long to verify.
#[test]
fn functions_that_share_code_are_refused() {
    let text = "(module (func (export \"f\")) (func (export \"g\")) (func (export \"h\")))";
    let module = Module::new(&engine(), wat::parse_str(text).expect("a module"));
    let whole = module.expect("it is valid").serialize_stripped();
    let whole = whole.expect("it has no references");
    // Wherever the records are, one of these changes makes the second function begin behind the third.
    let messages = (12..whole.len() - 4).filter_map(|at| {
        let mut bytes = whole.clone();
        bytes[at] = bytes[at].wrapping_add(100);
        let error = Module::deserialize(&lazy(), bytes).err()?;
        Some(error.to_string())
    });
    let wanted = "its records are not in the order";
    assert!(messages.filter(|message| message.contains(wanted)).count() > 1);
}

#[test]
fn a_damaged_function_is_found_at_once_or_at_its_first_call() {
    let mut bytes = lowered();
    // The code is the last section, and its first granule names an op.
    let at = bytes.len() - 2 * 3;
    bytes[at..at + 2].fill(0xff);
    let (kind, message) = error_of(bytes.clone());
    assert_eq!(kind, ModuleErrorKind::Invalid);
    assert!(
        message.contains("the lowered module is damaged"),
        "{message}"
    );
    assert!(message.contains("in function 0"), "{message}");

    let module = Module::deserialize(&lazy(), bytes).expect("no function is looked at");
    let error = call(&module).expect_err("it cannot be verified");
    assert!(
        error.to_string().contains("the lowered module is damaged"),
        "{error}"
    );
}

#[test]
fn a_module_with_a_feature_that_is_turned_off_is_refused() {
    let mut config = interp::Config::new();
    config.wasm_tail_call(false);
    let error = Module::deserialize(&Engine::new(&config), lowered()).expect_err("it is refused");
    assert!(error.to_string().contains("turned off here"), "{error}");
}

#[test]
fn the_first_bytes_tell() {
    assert!(Module::is_serialized(&lowered()));
    assert!(!Module::is_serialized(b"\0asm\x01\0\0\0"));
    let error = Module::new(&engine(), lowered()).expect_err("it is no WebAssembly");
    assert!(error.to_string().contains("lowered form"), "{error}");
}
