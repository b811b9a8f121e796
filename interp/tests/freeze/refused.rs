//! What cannot be frozen or thawed is named.

use super::*;
use interp::{ExternRef, FreezeError, Func, Global, ThawError};

fn message(program: &Program) -> String {
    let (mut home, instance) = store(program);
    let call = begin(&mut home, instance, 3).expect("it is suspended");
    let call = call.into_suspended().expect("it has not ended");
    let mut bytes = Vec::new();
    let error = home
        .freeze(&call, &mut bytes)
        .expect_err("it cannot be kept");
    assert!(matches!(error, FreezeError::Unsupported(_)), "{error}");
    assert!(bytes.is_empty(), "nothing was written");
    error.to_string()
}

/// A module whose `run` takes much fuel after `first`, with these items.
macro_rules! program {
    ($items:literal, $first:literal) => {
        Program {
            name: "refused",
            modules: &[concat!(
                "(module (import \"host\" \"say\" (func $say (param i32) (result i32)))",
                $items,
                "(func $run (export \"run\") (result i64) (local $n i32) ",
                $first,
                "(loop $again (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 99))))
                (i64.const 1)))"
            )],
        }
    };
}

#[test]
fn what_cannot_be_kept_is_named() {
    let table = program!(
        "(table 1 funcref) (elem declare func $run)",
        "(table.set (i32.const 0) (ref.func $run))"
    );
    assert_eq!(
        message(&table),
        "the program cannot be frozen: function 1 uses references as values"
    );
    #[cfg(feature = "gc")]
    {
        let object = program!(
            "(type $pair (struct (field i32))) (global $kept (mut (ref null $pair)) (ref.null $pair))",
            "(global.set $kept (struct.new $pair (i32.const 3)))"
        );
        assert_eq!(
            message(&object),
            "the program cannot be frozen: it has objects, or references to exceptions"
        );
    }
}

#[test]
fn values_of_the_host_are_not_kept() {
    let program = program!("", "");
    let (mut home, instance) = store(&program);
    let call = begin(&mut home, instance, 3).expect("it is suspended");
    let call = call.into_suspended().expect("it has not ended");
    let value = ExternRef::new(&mut home, 7_u8);
    Global::new(
        &mut home,
        interp::GlobalType {
            content: interp::ValType::ExternRef,
            mutable: true,
        },
        Val::ExternRef(Some(value)),
    )
    .expect("it has the type");
    let error = home
        .freeze(&call, &mut Vec::new())
        .expect_err("it cannot be kept");
    assert_eq!(
        error.to_string(),
        "the program cannot be frozen: it has a global with a value of type externref"
    );
    let (mut other, instance) = store(&program);
    let foreign = begin(&mut other, instance, 3).expect("it is suspended");
    let foreign = foreign.into_suspended().expect("it has not ended");
    let error = home
        .freeze(&foreign, &mut Vec::new())
        .expect_err("it is of another store");
    assert!(
        error
            .to_string()
            .ends_with("the call belongs to another store"),
        "{error}"
    );
}

#[test]
fn a_function_with_references_does_not_run_after_thawing() {
    let program = program!(
        "(table 1 funcref) (elem declare func $run)
        (func $later (table.set (i32.const 0) (ref.func $run)))
        (func $sometimes (param i32) (if (i32.eq (local.get 0) (i32.const 50)) (then (call $later))))",
        "(loop $first (call $sometimes (local.get $n)) (br_if $first (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 99))))"
    );
    let (mut home, instance) = store(&program);
    let call = begin(&mut home, instance, 20).expect("it is suspended");
    let bytes = frozen(&mut home, &call.into_suspended().expect("it has not ended"));
    let (mut elsewhere, _) = store(&program);
    let call = elsewhere.thaw(&mut &bytes[..]).expect("it can be thawed");
    elsewhere.set_fuel(u64::MAX).expect("fuel is metered");
    let error = call
        .resume(&mut elsewhere, &mut [Val::I64(0)])
        .expect_err("it is refused");
    assert!(
        error
            .to_string()
            .starts_with("a thawed program cannot run a function that uses references as values"),
        "{error}"
    );
}

#[test]
fn another_module_release_or_store_is_named() {
    let (mut home, instance) = store(&PROGRAMS[0]);
    let call = begin(&mut home, instance, 9).expect("it is suspended");
    let bytes = frozen(&mut home, &call.into_suspended().expect("it has not ended"));
    let thaw = |program, bytes: &[u8]| {
        let (mut store, _) = store(program);
        store.thaw(&mut &bytes[..]).expect_err("it does not fit")
    };
    let error = thaw(&PROGRAMS[1], &bytes);
    assert!(matches!(error, ThawError::OtherModule(_)), "{error}");
    assert_eq!(
        error.to_string(),
        "the state does not belong to this program: instance 0 is of another module"
    );
    let mut other = bytes.clone();
    other[13] = b'9';
    let error = thaw(&PROGRAMS[0], &other);
    assert!(matches!(error, ThawError::OtherRelease(_)), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("the state was written by release 9"),
        "{error}"
    );
    let error = thaw(&PROGRAMS[0], b"\0asm\x01\0\0\0");
    assert_eq!(
        error.to_string(),
        "the state is damaged: it is no frozen state"
    );

    // A store with another function of the host.
    let (mut larger, _) = store(&PROGRAMS[0]);
    let _ = Func::wrap(&mut larger, || ());
    let error = larger.thaw(&mut &bytes[..]).expect_err("it does not fit");
    assert!(matches!(error, ThawError::OtherModule(_)), "{error}");
}
