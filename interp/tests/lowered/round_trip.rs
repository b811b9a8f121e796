//! A module in lowered form does what the module does.

use interp::inspect::Lister;
use interp::{Module, ModuleBytes};

use crate::{call, engine, modules, outcomes};

#[test]
fn every_module_does_the_same() {
    let mut seen = 0;
    for (name, bytes) in modules() {
        let module = Module::new(&engine(), bytes).expect("it is valid");
        let Ok(lowered) = module.serialize() else {
            // `refused.rs` has the reasons.
            continue;
        };
        let again = Module::deserialize(&engine(), lowered).expect("it was just written");
        let wanted = outcomes(&module).expect("it is instantiated");
        assert_eq!(outcomes(&again).expect("so is this"), wanted, "{name}");
        seen += wanted.len();
    }
    assert!(seen > 200, "{seen} calls");
}

#[test]
fn the_stripped_form_does_the_same_but_for_offsets() {
    // A backtrace has an offset, or a question mark, in front of a dash.
    let offsets = |outcome: String| {
        let is_offset = |word: &&str| !word.starts_with("0x") && *word != "?";
        let words = outcome.split_whitespace().filter(is_offset);
        words.collect::<Vec<_>>().join(" ")
    };
    for (name, bytes) in modules() {
        let module = Module::new(&engine(), bytes).expect("it is valid");
        let (Ok(whole), Ok(stripped)) = (module.serialize(), module.serialize_stripped()) else {
            continue;
        };
        assert!(stripped.len() < whole.len(), "{name}");
        let again = Module::deserialize(&engine(), stripped).expect("it was just written");
        let plain = |module: &Module| -> Vec<_> {
            let all = outcomes(module).expect("it is instantiated");
            all.into_iter().map(offsets).collect()
        };
        assert_eq!(plain(&again), plain(&module), "{name}");
    }
}

#[test]
fn what_was_read_is_written_again_as_it_was() {
    let bytes = wat::parse_str("(module (func (export \"f\") (result i32) (i32.const 7)))");
    let module = Module::new(&engine(), bytes.expect("a module")).expect("it is valid");
    let first = module.serialize().expect("it has no references");
    let again = Module::deserialize(&engine(), first.clone()).expect("it was just written");
    assert_eq!(again.serialize().expect("it is kept"), first);
}

#[test]
fn code_runs_in_place_only_if_nobody_can_change_it() {
    let bytes = wat::parse_str("(module (func (export \"f\") (result i32) (i32.const 7)))");
    let module = Module::new(&engine(), bytes.expect("a module")).expect("it is valid");
    let lowered = module.serialize().expect("it has no references");
    for (bytes, copied) in [
        (ModuleBytes::from(lowered.clone()), false),
        (ModuleBytes::from_owner(lowered), true),
    ] {
        let module = Module::deserialize(&engine(), bytes).expect("it was just written");
        assert_eq!(call(&module).expect("it returns"), 7);
        assert_eq!(module.code_size() > 0, copied);
    }
}

#[test]
fn the_bytecode_is_listed() {
    let text = "(module (func $answer (export \"f\") (param i32) (result i32) (i32.add (local.get 0) (i32.const 7))))";
    let bytes = wat::parse_str(text).expect("a module");
    let module = Module::new(&engine(), bytes).expect("it is valid");
    let lowered = module.serialize().expect("it has no references");
    let again = Module::deserialize(&engine(), lowered).expect("it was just written");
    let mut lister = Lister::new(again.info());
    let listing = again.list(&mut lister, 0).expect("it is whole").to_string();
    assert!(
        listing.starts_with("func 0 $answer (i32) -> (i32): "),
        "{listing}"
    );
    assert!(listing.contains("i32.add l0, 7"), "{listing}");
}
