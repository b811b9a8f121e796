//! Calls that grow the stack. Each call begins again afterwards, and finds its operands unchanged.

use interp::{Error, Linker, Store};

use crate::{instance, world};

/// The number of nested calls. They take many times the initial stack.
const DEPTH: i32 = 20_000;

/// Ways to call `$down` with the value on the stack. `$e` is its index in the table.
const CALLS: [(&str, &str); 7] = [
    ("a function", "(call $down)"),
    (
        "an element, whose index is in a local",
        "(call_indirect (type $t) (local.get $e))",
    ),
    (
        "an element, whose index is computed just before",
        "(call_indirect (type $t) (i32.shr_u (local.get $e) (i32.const 1)))",
    ),
    ("in place of a frame", "(call $instead)"),
    ("an element in place of a frame", "(call $element_instead)"),
    ("another instance", "(call $across)"),
    (
        "another instance in place of a frame",
        "(call $across_instead)",
    ),
];

/// Calls back through a table that both share.
const OTHER: &str = r#"(module
    (type $t (func (param i32 i32) (result i32)))
    (table (export "table") 1 funcref)
    (func (export "across") (type $t) (call_indirect (type $t) (local.get 0) (local.get 1) (local.get 1))))"#;

/// Counts its own calls. Frames of `locals` slots end at other places than powers of two.
fn counter(call: &str, locals: usize) -> String {
    format!(
        r#"(module
            (type $t (func (param i32 i32) (result i32)))
            (import "other" "across" (func $across (type $t)))
            (import "other" "table" (table 1 funcref))
            (elem (i32.const 0) $down)
            (func $instead (type $t) (return_call $down (local.get 0) (local.get 1)))
            (func $element_instead (type $t)
                (return_call_indirect (type $t) (local.get 0) (local.get 1) (local.get 1)))
            (func $across_instead (type $t) (return_call $across (local.get 0) (local.get 1)))
            (func $down (export "down") (param $n i32) (param $e i32) (result i32)
                (local {})
                (if (result i32) (local.get $n)
                    (then (i32.add (i32.const 1)
                        (i32.sub (local.get $n) (i32.const 1)) (i32.shr_u (local.get $e) (i32.const 1)) {call}))
                    (else (i32.const 0)))))"#,
        "i64 ".repeat(locals)
    )
}

#[test]
fn calls_begin_again_when_the_stack_has_grown() -> Result<(), Error> {
    for (way, call) in CALLS {
        for locals in [0, 1, 7, 30] {
            let (mut store, mut linker): (Store<()>, Linker<()>) = world(());
            let other = instance(&mut store, &linker, OTHER);
            linker.instance(&store, "other", other)?;
            let counter = instance(&mut store, &linker, &counter(call, locals));
            let down = counter.get_typed_func::<(i32, i32), i32>(&store, "down")?;
            let count = down.call(&mut store, (DEPTH, 0));
            assert!(
                matches!(count, Ok(DEPTH)),
                "{way}, {locals} locals: {count:?}"
            );
        }
    }
    Ok(())
}
