//! Modules that ask for too much, and modules that use what is turned off.

use std::fmt::Write;

use interp::Trap;

use super::*;

#[test]
fn an_array_that_is_too_large_traps_before_it_is_made() -> Outcome {
    // Of 16 bytes each, they are more than any host has.
    let text = r#"(module
        (type $wide (array (mut v128))) (type $bytes (array (mut i8))) (type $refs (array (mut anyref)))
        (data $data "abc")
        (elem $elem anyref (ref.null any))
        (func (export "run") (param i32) (result i32)
            (block $e (block $d (block $c (block $b (block $a
                (br_table $a $b $c $d $e (local.get 0)))
                (return (array.len (array.new_default $wide (i32.const -1)))))
                (return (array.len (array.new $wide (v128.const i64x2 0 0) (i32.const -1)))))
                (return (array.len (array.new_data $bytes $data (i32.const 2) (i32.const 2)))))
                (return (array.len (array.new_elem $refs $elem (i32.const 1) (i32.const 1)))))
            (array.len (array.new_data $bytes $data (i32.const -1) (i32.const -1)))))"#;
    let engine = Engine::default();
    let module = module(&engine, text)?;
    let limits = interp::StoreLimitsBuilder::new().heap_size(1 << 30).build();
    let mut store = Store::new(&engine, limits);
    store.limiter(|limits: &mut interp::StoreLimits| limits);
    let instance = Instance::instantiate(&mut store, &module, &[])?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    for (way, trap) in [
        Trap::HeapFull,
        Trap::HeapFull,
        Trap::MemoryOutOfBounds,
        Trap::TableOutOfBounds,
        Trap::MemoryOutOfBounds,
    ]
    .into_iter()
    .enumerate()
    {
        let error = run.call(&mut store, way as i32).expect_err("it traps");
        assert_eq!(error.as_trap(), Some(trap), "{way}");
    }
    Ok(())
}

#[test]
fn a_large_array_costs_fuel() -> Outcome {
    let text = r#"(module (type $a (array (mut i64)))
        (func (export "run") (param i32) (result i32)
            (array.len (array.new_default $a (local.get 0)))))"#;
    let engine = Engine::new(Config::new().consume_fuel(true));
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, ());
    store.set_fuel(1000)?;
    let instance = Instance::instantiate(&mut store, &module, &[])?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 64 << 10)?, 64 << 10);
    // A unit for each 1,024 bytes.
    assert_eq!(1000 - store.get_fuel()?, 512);
    let error = run
        .call(&mut store, 64 << 10)
        .expect_err("too little is left");
    assert_eq!(error.as_trap(), Some(Trap::OutOfFuel));
    Ok(())
}

#[test]
fn types_may_be_many_and_nested() -> Outcome {
    // The longest chain of supertypes.
    let mut chain = String::from("(type $t0 (sub (struct)))");
    for number in 1..=63 {
        write!(chain, "(type $t{number} (sub $t{} (struct)))", number - 1).map_err(Error::host)?;
    }
    let text = format!(
        r#"(module {chain}
            (func (export "run") (param i32) (result i32)
                (i32.add (ref.test (ref $t0) (struct.new $t63)) (ref.test (ref $t63) (struct.new $t62)))))"#
    );
    assert_eq!(run(&text, 0)?, 1);
    // A large group, each of whose members refers to the next one.
    let count = 5000;
    let mut group = String::new();
    for number in 0..count {
        write!(
            group,
            "(type $t{number} (struct (field (ref null $t{}))))",
            (number + 1) % count
        )
        .map_err(Error::host)?;
    }
    let text = format!(
        r#"(module (rec {group})
            (func (export "run") (param i32) (result i32)
                (ref.test (ref $t1) (struct.new_default $t1))))"#
    );
    for _ in 0..3 {
        assert_eq!(run(&text, 0)?, 1);
    }
    // Types that refer to each other in a line, over many groups.
    let mut line = String::from("(type $t0 (struct))");
    for number in 1..50_000 {
        write!(
            line,
            "(type $t{number} (struct (field (ref null $t{}))))",
            number - 1
        )
        .map_err(Error::host)?;
    }
    let text = format!(
        r#"(module {line} (func (export "run") (param i32) (result i32) (ref.is_null (struct.get $t49999 0 (struct.new_default $t49999)))))"#
    );
    assert_eq!(run(&text, 0)?, 1);
    Ok(())
}

#[test]
fn large_structures_and_arrays_of_many_operands() -> Outcome {
    let count = 10_000;
    let fields = "(field i32)".repeat(count);
    let values = "(local.get 0)".repeat(count);
    let text = format!(
        r#"(module (type $s (struct {fields})) (type $a (array i32))
            (func (export "run") (param i32) (result i32)
                (i32.add
                    (struct.get $s 9999 (struct.new $s {values}))
                    (array.get $a (array.new_fixed $a {count} {values}) (i32.const 9999)))))"#
    );
    assert_eq!(run(&text, 21)?, 42);
    Ok(())
}

#[test]
fn what_is_turned_off_is_refused_by_name() {
    let off = |set: fn(&mut Config) -> &mut Config| {
        let mut config = Config::new();
        set(&mut config);
        Engine::new(&config)
    };
    for (engine, name, texts) in [
        (
            off(|config| config.wasm_gc(false)),
            "garbage-collected types",
            [
                "(module (type (struct)))",
                "(module (rec (type (func)) (type (func))))",
                "(module (func (drop (ref.i31 (i32.const 1)))))",
            ],
        ),
        (
            off(|config| config.wasm_gc(false).wasm_function_references(false)),
            "typed function references",
            [
                "(module (type $f (func)) (func (param (ref $f)) (call_ref $f (local.get 0))))",
                "(module (func (param (ref func))))",
                "(module (func (drop (ref.as_non_null (ref.null func)))))",
            ],
        ),
    ] {
        for text in texts {
            let error = module(&engine, text)
                .expect_err("it is refused")
                .to_string();
            assert!(
                error.contains(name) && error.contains("turned off"),
                "{text}: {error}"
            );
        }
    }
}
