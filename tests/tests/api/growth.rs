//! Memories whose length changes under running code. The code must never use the old length.

use interp::{Caller, Error, Extern, Linker, Store, Trap};

use crate::{instance, world};

/// Bytes of a page.
const PAGE: i32 = 65_536;

/// Owns the memory that the guest uses, too. Grows it directly or through the host.
const LIBRARY: &str = r#"(module
    (import "host" "grow" (func $host (result i32)))
    (memory (export "memory") 1)
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func (export "ask") (result i32) (call $host)))"#;

/// Has three pages of its own, and touches their last byte.
const APART: &str = r#"(module
    (memory 3)
    (func (export "touch") (result i32) (i32.load8_u (i32.const 196607))))"#;

/// The event between two accesses, and the number of pages after it.
const EVENTS: [(&str, &str, i32); 11] = [
    ("nothing", "(i32.const 0)", 1),
    ("memory.grow", "(memory.grow (i32.const 1))", 2),
    ("the host grows it", "(call $host)", 2),
    (
        "the host, by the table",
        "(call_indirect (result i32) (i32.const 0))",
        2,
    ),
    ("the host has the guest grow it", "(call $again)", 2),
    ("another instance grows it", "(call $grow)", 2),
    (
        "another instance, by the table",
        "(call_indirect (result i32) (i32.const 1))",
        2,
    ),
    ("another instance, and the host for it", "(call $ask)", 2),
    ("another instance in place of a frame", "(call $instead)", 2),
    ("an instance with a longer memory runs", "(call $touch)", 1),
    (
        "such an instance, by the table",
        "(call_indirect (result i32) (i32.const 2))",
        1,
    ),
];

/// A guest with a function for each width of access. It reads the first byte, triggers the event, writes at its parameter,
/// and reads the same place.
fn guest(event: &str) -> String {
    let access = |bits: u32, ty: &str, store: &str, load: &str| {
        format!(
            r#"(func (export "{bits}") (param $at i32) (result i32)
                (drop (i32.load8_u (i32.const 0)))
                (drop {event})
                ({ty}.{store} (local.get $at) ({ty}.const 42))
                ({ty}.eq ({ty}.{load} (local.get $at)) ({ty}.const 42)))"#
        )
    };
    let accesses = [
        access(8, "i32", "store8", "load8_u"),
        access(32, "i32", "store", "load"),
        access(64, "i64", "store", "load"),
    ];
    format!(
        r#"(module
            (import "host" "grow" (func $host (result i32)))
            (import "host" "again" (func $again (result i32)))
            (import "library" "grow" (func $grow (result i32)))
            (import "library" "ask" (func $ask (result i32)))
            (import "apart" "touch" (func $touch (result i32)))
            (import "library" "memory" (memory 1))
            (export "memory" (memory 0))
            (table funcref (elem $host $grow $touch))
            (func (export "own") (result i32) (memory.grow (i32.const 1)))
            (func $instead (result i32) (return_call $grow))
            {})"#,
        accesses.concat()
    )
}

/// The host. It grows the memory of the caller, lets the caller grow it, or grows it and fails.
fn host() -> Result<(Store<()>, Linker<()>), Error> {
    fn grow(mut caller: Caller<'_, ()>) -> Result<i32, Error> {
        let memory = caller
            .get_export("memory")
            .and_then(Extern::into_memory)
            .expect("every caller exports it");
        memory.grow(&mut caller, 1).map(|pages| pages as i32)
    }
    let (mut store, mut linker) = world(());
    linker.func_wrap("host", "grow", grow)?;
    linker.func_wrap("host", "again", |mut caller: Caller<'_, ()>| {
        let own = caller.get_export("own").and_then(Extern::into_func);
        let own = own
            .expect("the guest exports it")
            .typed::<(), i32>(&caller)?;
        own.call(&mut caller, ())
    })?;
    linker.func_wrap("host", "fail", |caller: Caller<'_, ()>| {
        grow(caller).and_then(|_| Err::<i32, _>(Error::new("the host fails")))
    })?;
    for (name, text) in [("library", LIBRARY), ("apart", APART)] {
        let made = instance(&mut store, &linker, text);
        linker.instance(&store, name, made)?;
    }
    Ok((store, linker))
}

#[test]
fn an_access_sees_the_length_that_the_memory_has() -> Result<(), Error> {
    for (what, event, pages) in EVENTS {
        for width in [8, 32, 64] {
            let last = pages * PAGE - width / 8;
            for (at, fits) in [
                (PAGE - width / 8, true),
                (PAGE - width / 8 + 1, pages > 1),
                (PAGE, pages > 1),
                (last, true),
                (last + 1, false),
                (pages * PAGE, false),
                (2 * PAGE, false),
                (-1, false),
            ] {
                let (mut store, linker) = host()?;
                let guest = instance(&mut store, &linker, &guest(event));
                let run = guest.get_typed_func::<i32, i32>(&store, &width.to_string())?;
                let outcome = run.call(&mut store, at);
                let place = format!("{what}: {width} bits at {at}");
                match outcome {
                    Ok(same) => assert!(fits && same == 1, "{place} could be accessed"),
                    Err(error) => {
                        assert_eq!(error.as_trap(), Some(Trap::MemoryOutOfBounds), "{place}");
                        assert!(!fits, "{place}: {error}");
                    }
                }
            }
        }
    }
    Ok(())
}

#[test]
fn the_next_call_sees_what_a_failing_host_grew() -> Result<(), Error> {
    let (mut store, linker) = host()?;
    let text = r#"(module
        (import "host" "fail" (func $fail (result i32)))
        (memory (export "memory") 1)
        (func (export "fail") (result i32) (call $fail))
        (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0))))"#;
    let guest = instance(&mut store, &linker, text);
    let peek = guest.get_typed_func::<i32, i32>(&store, "peek")?;
    let fail = guest.get_typed_func::<(), i32>(&store, "fail")?;
    for pages in 1..4 {
        assert_eq!(peek.call(&mut store, pages * PAGE - 1)?, 0);
        let error = peek
            .call(&mut store, pages * PAGE)
            .expect_err("it ends there");
        assert_eq!(error.as_trap(), Some(Trap::MemoryOutOfBounds));
        let error = fail.call(&mut store, ()).expect_err("the host fails");
        assert!(error.to_string().contains("the host fails"), "{error}");
    }
    Ok(())
}
