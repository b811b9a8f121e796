//! The list of the handlers that a module needs.

use interp::ops::Features;
use interp::{Flavour, Module};

use crate::engine;

/// The list for builds of this flavour.
fn handlers(text: &str, flavour: Flavour) -> Vec<u8> {
    let bytes = wat::parse_str(text).expect("a module");
    let module = Module::new(&engine(), bytes).expect("it is valid");
    module
        .handlers_for(flavour)
        .expect("it can be written in lowered form")
}

#[test]
fn a_module_needs_the_handlers_of_its_ops_and_no_others() {
    let small = Flavour::of("armv7a-none-eabihf", Features::NONE, false);
    let full = Flavour::of("armv7a-none-eabihf", Features::NONE, true);
    let one = "(module (func (param i32) (result i32) (local.get 0)))";
    let two = "(module (func (param i32) (result i32) (local.get 0))
        (func (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1))))";
    for flavour in [small, full, Flavour::HERE] {
        let (fewer, more) = (handlers(one, flavour), handlers(two, flavour));
        assert_eq!(fewer.len(), more.len());
        let count = |list: &[u8]| list.iter().filter(|&&needed| needed == 1).count();
        assert!(count(&fewer) >= 1 && count(&fewer) < count(&more));
        assert!(count(&more) < 5, "{}", count(&more));
        let kept = fewer.iter().zip(&more).all(|(fewer, more)| fewer <= more);
        assert!(kept, "what the first function needs, both need");
    }
    let lengths = [small, full, Flavour::HERE].map(|flavour| handlers(one, flavour).len());
    assert!(lengths.is_sorted() && lengths[0] < lengths[1]);
}

#[test]
fn a_module_in_lowered_form_has_no_list() {
    let bytes = wat::parse_str("(module (func))").expect("a module");
    let module = Module::new(&engine(), bytes).expect("it is valid");
    let lowered = module.serialize().expect("it has no references");
    let again = Module::deserialize(&engine(), lowered).expect("it was just written");
    let error = again.handlers_for(Flavour::HERE);
    let message = error
        .expect_err("its functions are not lowered")
        .to_string();
    assert!(message.contains("in lowered form already"), "{message}");
}
