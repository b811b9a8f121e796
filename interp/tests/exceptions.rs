//! Exceptions: where they are caught, what handlers see, how they pass the host, and that they are freed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use interp::{
    Caller, Config, Engine, Error, ExnRef, Extern, ExternType, Func, FuncType, Global, GlobalType,
    Instance, Linker, Module, ResumableCall, Store, StoreLimits, StoreLimitsBuilder, StorePart,
    Table, Tag, TagType, ThrownException, Trap, Val, ValType,
};

type Outcome<T = ()> = Result<T, Error>;

fn module(engine: &Engine, text: &str) -> Outcome<Module> {
    Module::new(engine, wat::parse_str(text).map_err(Error::host)?)
}

/// The only instance of a module without imports.
fn instance(text: &str) -> Outcome<(Store<()>, Instance)> {
    let engine = Engine::default();
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, ());
    let instance = Instance::instantiate(&mut store, &module, &[])?;
    Ok((store, instance))
}

/// Calls `run` of a module without imports.
fn run(text: &str, argument: i32) -> Outcome<i32> {
    let (mut store, instance) = instance(text)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    run.call(&mut store, argument)
}

fn thrown(error: &Error) -> &ThrownException {
    error
        .downcast_ref()
        .unwrap_or_else(|| panic!("it is no exception: {error}"))
}

#[test]
fn the_innermost_handler_of_the_tag_catches() -> Outcome {
    let text = r#"(module
        (tag $a (param i32)) (tag $b (param i32 i64)) (tag $c)
        (func $throw (param i32)
            (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $a (i32.const 10))))
            (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $b (i32.const 20) (i64.const 5))))
            (if (i32.eq (local.get 0) (i32.const 3)) (then (throw $c))))
        (func $inner (param i32) (result i32)
            (block $a (result i32)
                (try_table (catch $a $a) (call $throw (local.get 0)))
                (return (i32.const 1)))
            (i32.add (i32.const 100)))
        (func $middle (param i32) (result i32)
            (call $inner (local.get 0)))
        (func (export "run") (param i32) (result i32)
            (block $all
                (block $b (result i32 i64)
                    (try_table (result i32) (catch $b $b) (catch_all $all)
                        (i32.add (i32.const 1000) (call $middle (local.get 0))))
                    (return))
                (return (i32.add (i32.wrap_i64))))
            (i32.const -1)))"#;
    for (argument, result) in [(0, 1001), (1, 1110), (2, 25), (3, -1)] {
        assert_eq!(run(text, argument)?, result, "{argument}");
    }
    Ok(())
}

#[test]
fn a_handler_sees_the_locals_of_the_call_that_threw() -> Outcome {
    // Locals that are set by folded instructions, before and in the region, and one that is never set before the handler.
    let text = r#"(module
        (tag $t (param i32))
        (func $throw (param i32) (throw $t (local.get 0)))
        (func (export "run") (param $n i32) (result i32) (local $sum i32) (local $unset i32) (local $late i32)
            (local.set $sum (i32.add (local.get $n) (i32.const 1)))
            (i32.add
                (local.get $sum)
                (block $h (result i32)
                    (try_table (catch $t $h)
                        (local.set $sum (i32.mul (local.get $sum) (i32.const 10)))
                        (if (i32.gt_s (local.get $n) (i32.const 5))
                            (then
                                (local.set $sum (i32.add (local.get $sum) (i32.const 3)))
                                (call $throw (i32.shl (local.get $sum) (i32.const 1)))))
                        (local.set $late (i32.const 1000))
                        (call $throw (local.get $n)))
                    (unreachable)))
            (i32.add (local.get $sum))
            (i32.add (local.get $unset))
            (i32.add (local.get $late))))"#;
    assert_eq!(run(text, 2)?, 3 + 2 + 30 + 1000);
    assert_eq!(run(text, 6)?, 7 + 146 + 73);
    Ok(())
}

#[test]
fn values_below_a_handler_stay() -> Outcome {
    let text = r#"(module
        (tag $t (param i32 i64))
        (func $throw (param i32) (throw $t (local.get 0) (i64.const 7)))
        (func (export "run") (param i32) (result i32) (local i32)
            (local.set 1 (i32.const 40))
            (local.get 0)
            (i32.const 1000)
            (i32.add (local.get 0) (local.get 1))
            (local.get 1)
            (block $h (result i32 i64)
                (try_table (catch $t $h)
                    (local.set 1 (i32.const 50))
                    (local.set 0 (i32.const 60))
                    (call $throw (i32.const 3)))
                (unreachable))
            (drop)
            (i32.add) (i32.add) (i32.add) (i32.add)
            (i32.add (local.get 1))
            (i32.add (local.get 0))))"#;
    assert_eq!(run(text, 2)?, 2 + 1000 + 42 + 40 + 3 + 50 + 60);
    Ok(())
}

#[test]
fn a_handler_may_be_a_loop_or_the_function() -> Outcome {
    let text = r#"(module
        (tag $again (param i32)) (tag $done (param i32))
        (func $step (param i32)
            (if (i32.ge_s (local.get 0) (i32.const 1000)) (then (throw $done (local.get 0))))
            (throw $again (i32.mul (local.get 0) (i32.const 2))))
        (func (export "run") (param i32) (result i32)
            (local.get 0)
            (loop $next (param i32) (result i32)
                (local.set 0)
                (try_table (catch $again $next) (catch $done 1)
                    (call $step (local.get 0)))
                (i32.const -1))
            (i32.add (i32.const 7))))"#;
    assert_eq!(run(text, 3)?, 1536);
    Ok(())
}

#[test]
fn the_edges_of_a_region_are_exact() -> Outcome {
    // The calls before and behind the region are folded with branches, and are not protected.
    let text = r#"(module
        (tag $t)
        (func $throw_if (param i32) (result i32)
            (if (local.get 0) (then (throw $t))) (i32.const 0))
        (func $body (param i32) (result i32)
            (block $h
                (br_if $h (f64.eq (f64.const 1) (f64.convert_i32_s (call $throw_if (i32.eq (local.get 0) (i32.const 1))))))
                (try_table (catch $t $h)
                    (br_if 0 (i32.eqz (f64.eq (f64.const 0) (f64.convert_i32_s (call $throw_if (i32.eq (local.get 0) (i32.const 2)))))))
                    (drop (call $throw_if (i32.eq (local.get 0) (i32.const 3)))))
                (br_if $h (f64.eq (f64.const 1) (f64.convert_i32_s (call $throw_if (i32.eq (local.get 0) (i32.const 4))))))
                (return (i32.const 0)))
            (i32.const 1))
        (func (export "run") (param i32) (result i32)
            (block $h
                (try_table (result i32) (catch $t $h) (call $body (local.get 0)))
                (return))
            (i32.const 2)))"#;
    for (argument, result) in [(0, 0), (1, 2), (2, 1), (3, 1), (4, 2)] {
        assert_eq!(run(text, argument)?, result, "{argument}");
    }
    Ok(())
}

#[test]
fn a_tail_call_has_no_handler_in_its_function() -> Outcome {
    let engine = Engine::default();
    let text = r#"(module
        (import "host" "fail" (func $fail (param i32) (result i32)))
        (import "other" "throw" (func $foreign (param i32) (result i32)))
        (import "host" "t" (tag $t (param i32)))
        (type $f (func (param i32) (result i32)))
        (table funcref (elem $own $fail $foreign))
        (func $own (param i32) (result i32) (throw $t (local.get 0)))
        (func $tail (param i32) (result i32)
            (block $h (result i32)
                (try_table (catch $t $h)
                    (if (i32.eq (local.get 0) (i32.const 0)) (then (return_call $own (local.get 0))))
                    (if (i32.eq (local.get 0) (i32.const 1)) (then (return_call $fail (local.get 0))))
                    (if (i32.eq (local.get 0) (i32.const 2)) (then (return_call $foreign (local.get 0))))
                    (return_call_indirect (type $f) (local.get 0)
                        (i32.sub (local.get 0) (i32.const 3))))
                (unreachable))
            (i32.const 1000)
            (i32.add))
        (func (export "run") (param i32) (result i32)
            (block $h (result i32)
                (try_table (result i32) (catch $t $h) (call $tail (local.get 0)))
                (return))
            (i32.add (i32.const 10))))"#;
    let other = r#"(module (import "host" "t" (tag $t (param i32)))
        (func (export "throw") (param i32) (result i32) (throw $t (local.get 0))))"#;
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let tag = Tag::new(&mut store, TagType::new(FuncType::new([ValType::I32], [])))?;
    linker.define("host", "t", tag)?;
    linker.func_wrap(
        "host",
        "fail",
        move |mut caller: Caller<'_, ()>, value: i32| -> Result<i32, Error> {
            Err(ExnRef::new(&mut caller, tag, &[Val::I32(value)])?.throw(&mut caller))
        },
    )?;
    let other = linker.instantiate(&mut store, &module(&engine, other)?)?;
    linker.instance(&store, "other", other)?;
    let instance = linker.instantiate(&mut store, &module(&engine, text)?)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    for argument in 0..6 {
        assert_eq!(run.call(&mut store, argument)?, argument + 10);
    }
    Ok(())
}

#[test]
fn an_uncaught_exception_is_named_and_has_the_backtrace_of_its_throw() -> Outcome {
    let text = r#"(module
        (tag $disk_full (param i32 f64)) (tag (export "exported")) (tag)
        (func $deep (param i32)
            (if (i32.eq (local.get 0) (i32.const 0)) (then (throw $disk_full (i32.const 3) (f64.const 0.5))))
            (if (i32.eq (local.get 0) (i32.const 1)) (then (throw 1)))
            (throw 2))
        (func (export "run") (param i32) (result i32) (call $deep (local.get 0)) (i32.const 0)))"#;
    let (mut store, instance) = instance(text)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    for (argument, name) in ["tag `disk_full`", "tag `exported`", "tag 2"]
        .iter()
        .enumerate()
    {
        let error = run
            .call(&mut store, argument as i32)
            .expect_err("it throws");
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("uncaught exception: {name}\n")),
            "{text}"
        );
        let trace = error.backtrace().expect("it has one");
        let funcs: Vec<_> = trace
            .frames()
            .iter()
            .map(|frame| frame.func_index())
            .collect();
        assert_eq!(funcs, [0, 1]);
        assert_eq!(error.as_trap(), None);
        if argument == 0 {
            let exception = thrown(&error).exception();
            let values = exception.values(&mut store)?;
            assert_eq!(values, [Val::I32(3), Val::from(0.5)]);
        }
    }
    Ok(())
}

/// A program that calls the host, which calls it again.
fn nested(action: &'static str) -> Outcome<(Store<u32>, Instance, Tag)> {
    let text = r#"(module
        (import "host" "call" (func $host (param i32)))
        (import "host" "tag" (tag $t (param i32)))
        (export "tag" (tag $t))
        (func (export "back") (param i32) (throw $t (i32.add (local.get 0) (i32.const 1))))
        (func $middle (param i32) (call $host (local.get 0)))
        (func (export "run") (param i32) (result i32)
            (block $h (result i32)
                (try_table (catch $t $h) (call $middle (local.get 0)))
                (i32.const -1))))"#;
    let engine = Engine::default();
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, 0);
    let mut linker = Linker::new(&engine);
    let tag = Tag::new(&mut store, TagType::new(FuncType::new([ValType::I32], [])))?;
    linker.define("host", "tag", tag)?;
    linker.func_wrap(
        "host",
        "call",
        move |mut caller: Caller<'_, u32>, value: i32| -> Result<(), Error> {
            let back = caller.get_export("back").and_then(Extern::into_func);
            let back = back.expect("it is exported").typed::<i32, ()>(&caller)?;
            let error = back.call(&mut caller, value).expect_err("it throws");
            *caller.data_mut() += 1;
            match action {
                "pass on" => Err(error),
                "catch" => Ok(()),
                "another" => {
                    let values = thrown(&error).exception().values(&mut caller)?;
                    let value = values[0].i32().expect("a number");
                    let exception = ExnRef::new(&mut caller, tag, &[Val::I32(value + 100)])?;
                    Err(exception.throw(&mut caller))
                }
                _ => Err(Trap::UnreachableCodeReached.into()),
            }
        },
    )?;
    let instance = linker.instantiate(&mut store, &module)?;
    Ok((store, instance, tag))
}

#[test]
fn exceptions_pass_the_host_in_both_directions() -> Outcome {
    for (action, result) in [("pass on", 6), ("catch", -1), ("another", 106)] {
        let (mut store, instance, tag) = nested(action)?;
        assert_eq!(instance.get_tag(&store, "tag"), Some(tag));
        let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
        for _ in 0..1000 {
            assert_eq!(run.call(&mut store, 5)?, result, "{action}");
        }
        assert_eq!(*store.data(), 1000);
        // Those that the host created stay until a collection, those of errors that are gone, too.
        assert!(store.bytes(StorePart::Exceptions) < 200 << 10);
    }
    let (mut store, instance, _) = nested("trap")?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    let error = run.call(&mut store, 5).expect_err("it traps");
    assert_eq!(error.as_trap(), Some(Trap::UnreachableCodeReached));
    Ok(())
}

#[test]
fn traps_and_errors_of_the_host_are_not_caught() -> Outcome {
    let engine = Engine::default();
    let text = r#"(module
        (import "host" "fail" (func $fail))
        (func (export "run") (param i32) (result i32)
            (block $h
                (try_table (catch_all $h)
                    (if (local.get 0) (then (call $fail)) (else (unreachable)))))
            (i32.const 1)))"#;
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, ());
    let fail = Func::wrap(&mut store, || -> Result<(), Error> {
        Err(Error::new("disk full"))
    });
    let instance = Instance::instantiate(&mut store, &module, &[fail.into()])?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    let trap = run.call(&mut store, 0).expect_err("it traps");
    assert_eq!(trap.as_trap(), Some(Trap::UnreachableCodeReached));
    let failure = run.call(&mut store, 1).expect_err("the host fails");
    assert!(failure.to_string().starts_with("disk full"));
    Ok(())
}

/// Two instances of a module with a tag, and one that uses the tags of both.
#[test]
fn tags_have_an_identity() -> Outcome {
    let engine = Engine::default();
    let defines = module(
        &engine,
        r#"(module (tag $t (export "t") (param i32))
            (func (export "throw") (param i32) (throw $t (local.get 0)))
            (func (export "catch") (param $f funcref) (result i32) (i32.const 0)))"#,
    )?;
    let uses = module(
        &engine,
        r#"(module
            (import "a" "t" (tag $a (param i32))) (import "b" "t" (tag $b (param i32)))
            (import "a" "throw" (func $throw_a (param i32))) (import "b" "throw" (func $throw_b (param i32)))
            (func (export "run") (param i32) (result i32)
                (block $in_b (result i32)
                    (block $in_a (result i32)
                        (try_table (catch $a $in_a) (catch $b $in_b)
                            (if (local.get 0) (then (call $throw_b (i32.const 2))) (else (call $throw_a (i32.const 1)))))
                        (unreachable))
                    (return))
                (i32.add (i32.const 10))))"#,
    )?;
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    for name in ["a", "b"] {
        let instance = linker.instantiate(&mut store, &defines)?;
        linker.instance(&store, name, instance)?;
    }
    let instance = linker.instantiate(&mut store, &uses)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 0)?, 1);
    assert_eq!(run.call(&mut store, 1)?, 12);
    let types: Vec<_> = uses.imports().map(|import| import.ty.to_string()).collect();
    assert_eq!(types[0], "tag (i32)");
    assert!(matches!(
        uses.imports().next().map(|import| import.ty),
        Some(ExternType::Tag(_))
    ));
    // A tag of another type is refused.
    let wrong = Tag::new(&mut store, TagType::new(FuncType::new([], [])))?;
    let mut linker = Linker::new(&engine);
    linker.define("a", "t", wrong)?;
    let one = module(&engine, r#"(module (import "a" "t" (tag (param i32))))"#)?;
    let error = linker
        .instantiate(&mut store, &one)
        .expect_err("it does not fit");
    assert!(
        error.to_string().contains("incompatible import type"),
        "{error}"
    );
    assert!(Tag::new(&mut store, TagType::new(FuncType::new([], [ValType::I32]))).is_err());
    Ok(())
}

#[test]
fn references_are_values() -> Outcome {
    let text = r#"(module
        (tag $t (param i32))
        (global $g (export "global") (mut exnref) (ref.null exn))
        (table $table (export "table") 4 exnref)
        (func $catch (param i32) (result exnref) (local $e exnref)
            (block $h (result i32 exnref)
                (try_table (catch_ref $t $h) (throw $t (local.get 0)))
                (unreachable))
            (local.set $e)
            (drop)
            (local.get $e))
        (func $value (export "value") (param $e exnref) (result i32)
            (block $h (result i32)
                (try_table (catch $t $h) (throw_ref (local.get $e)))
                (unreachable)))
        (func (export "run") (param i32) (result i32) (local $e exnref)
            (local.set $e (call $catch (local.get 0)))
            (if (ref.is_null (local.get $e)) (then (unreachable)))
            (if (i32.eqz (ref.is_null (global.get $g))) (then (unreachable)))
            (global.set $g (local.get $e))
            (table.set $table (i32.const 1) (select (result exnref) (local.get $e) (ref.null exn) (local.get 0)))
            (table.fill $table (i32.const 2) (call $catch (i32.const 50)) (i32.const 2))
            (drop (table.grow $table (call $catch (i32.const 1000)) (i32.const 1)))
            (i32.add (call $value (global.get $g)) (call $value (table.get $table (i32.const 1))))
            (i32.add (call $value (table.get $table (i32.const 3))))
            (i32.add (call $value (table.get $table (i32.const 4))))))"#;
    let (mut store, instance) = instance(text)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 7)?, 7 + 7 + 50 + 1000);
    // The host sees the same references.
    let global = instance
        .get_global(&store, "global")
        .expect("it is exported");
    let table = instance.get_table(&store, "table").expect("it is exported");
    let value = global.get(&store);
    assert_eq!(value.ty(), ValType::ExnRef);
    assert_eq!(table.get(&store, 1), Some(value));
    assert_eq!(table.get(&store, 0), Some(Val::ExnRef(None)));
    assert_ne!(table.get(&store, 2), Some(value));
    let Val::ExnRef(Some(exception)) = value else {
        panic!("it is not null");
    };
    assert_eq!(exception.values(&mut store)?, [Val::I32(7)]);
    let own = Global::new(
        &mut store,
        GlobalType {
            content: ValType::ExnRef,
            mutable: true,
        },
        value,
    )?;
    own.set(&mut store, Val::ExnRef(None))?;
    table.set(&mut store, 0, value)?;
    let func = instance.get_func(&store, "value").expect("it is exported");
    let mut results = [Val::I32(0)];
    let element = table.get(&store, 0).expect("an element");
    func.call(&mut store, &[element], &mut results)?;
    assert_eq!(results, [Val::I32(7)]);
    let error = func.call(&mut store, &[Val::ExnRef(None)], &mut results);
    assert_eq!(
        error.expect_err("it is null").as_trap(),
        Some(Trap::NullReference)
    );
    // A reference is of one store.
    let mut other = Store::new(store.engine(), ());
    assert!(exception.tag(&other).is_err() && exception.values(&mut other).is_err());
    assert!(
        Global::new(
            &mut other,
            GlobalType {
                content: ValType::ExnRef,
                mutable: false
            },
            value
        )
        .is_err()
    );
    Ok(())
}

/// Throws and catches with a reference, again and again, and keeps the last ten references in a table.
const LOOP: &str = r#"(module
    (tag $t (param i32 exnref))
    (table $kept (export "kept") 10 exnref)
    (func (export "run") (param $n i32) (result i32) (local $e exnref) (local $i i32)
        (loop $next
            (block $h (result i32 exnref exnref)
                (try_table (catch_ref $t $h)
                    (throw $t (local.get $i) (table.get $kept (i32.rem_u (local.get $i) (i32.const 10)))))
                (unreachable))
            (local.set $e) (drop) (drop)
            (if (i32.rem_u (local.get $i) (i32.const 1000))
                (then (table.set $kept (i32.rem_u (local.get $i) (i32.const 10)) (local.get $e)))
                (else (table.fill $kept (i32.const 0) (ref.null exn) (i32.const 10))))
            (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
        (local.get $i)))"#;

#[test]
fn a_million_exceptions_take_little_memory() -> Outcome {
    let count = if cfg!(debug_assertions) {
        20_000
    } else {
        1_000_000
    };
    let (mut store, instance) = instance(LOOP)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, count)?, count);
    assert!(store.bytes(StorePart::Exceptions) < 1 << 20);
    // The chain of the last round is whole.
    let kept = instance.get_table(&store, "kept").expect("it is exported");
    let mut next = kept.get(&store, 9).expect("an element");
    let mut length = 0;
    while let Val::ExnRef(Some(exception)) = next {
        let values = exception.values(&mut store)?;
        assert_eq!(values[0].i32(), Some(count - 1 - 10 * length));
        next = values[1];
        length += 1;
    }
    assert_eq!(length, 100);
    Ok(())
}

#[test]
fn exceptions_that_are_never_referred_to_take_no_memory() -> Outcome {
    let text = r#"(module
        (tag $t (param i32))
        (func $throw (param i32) (throw $t (local.get 0)))
        (func (export "run") (param $n i32) (result i32)
            (loop $next
                (block $h (result i32)
                    (try_table (catch $t $h) (call $throw (local.get $n)))
                    (unreachable))
                (br_if $next (local.tee $n (i32.sub (i32.const 1)))))
            (local.get $n)))"#;
    let (mut store, instance) = instance(text)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 10_000)?, 0);
    assert_eq!(store.bytes(StorePart::Exceptions), 0);
    Ok(())
}

#[test]
fn a_limit_of_memory_holds_for_exceptions() -> Outcome {
    let engine = Engine::default();
    // A chain of exceptions, all of which are referred to.
    let text = r#"(module
        (tag $t (param exnref))
        (func (export "run") (param $n i32) (result i32) (local $e exnref)
            (loop $next
                (block $h (result exnref exnref)
                    (try_table (catch_ref $t $h) (throw $t (local.get $e)))
                    (unreachable))
                (local.set $e) (drop)
                (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $n)))"#;
    let module = module(&engine, text)?;
    let limits = StoreLimitsBuilder::new().total_size(1 << 20).build();
    let mut store = Store::new(&engine, limits);
    store.limiter(|limits: &mut StoreLimits| limits);
    let instance = Instance::instantiate(&mut store, &module, &[])?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 1000)?, 0);
    let error = run.call(&mut store, 100_000).expect_err("there is no room");
    assert!(error.to_string().contains("exceptions"), "{error}");
    assert!(store.bytes(StorePart::Exceptions) <= 1 << 20);
    // What is garbage is freed before the limit is reached.
    for _ in 0..100 {
        assert_eq!(run.call(&mut store, 1000)?, 0);
    }
    Ok(())
}

#[test]
fn references_that_a_host_function_received_end_with_it() -> Outcome {
    let engine = Engine::default();
    let text = r#"(module
        (import "host" "see" (func $see (param exnref)))
        (tag $t (param i32))
        (func (export "run") (param i32)
            (block $h (result i32 exnref)
                (try_table (catch_ref $t $h) (throw $t (local.get 0)))
                (unreachable))
            (call $see) (drop)))"#;
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, None);
    let ty = FuncType::new([ValType::ExnRef], []);
    let see = Func::new(
        &mut store,
        ty,
        |mut caller: Caller<'_, Option<ExnRef>>, args, _| {
            let Val::ExnRef(Some(exception)) = args[0] else {
                panic!("it is not null");
            };
            assert_eq!(exception.values(&mut caller)?.len(), 1);
            caller.data_mut().get_or_insert(exception);
            Ok(())
        },
    );
    let instance = Instance::instantiate(&mut store, &module, &[see.into()])?;
    let run = instance.get_typed_func::<i32, ()>(&store, "run")?;
    for number in 0..5000 {
        run.call(&mut store, number)?;
    }
    assert!(store.bytes(StorePart::Exceptions) < 200 << 10);
    let first = store.data().expect("it was seen");
    assert!(first.values(&mut store).is_err(), "it is no longer valid");
    assert!(
        first
            .throw(&mut store)
            .downcast_ref::<ThrownException>()
            .is_none()
    );
    Ok(())
}

#[test]
fn suspended_calls_keep_their_exceptions() -> Outcome {
    let engine = Engine::new(Config::new().consume_fuel(true));
    let text = r#"(module
        (import "host" "ask" (func $ask (result i32)))
        (tag $t (export "t") (param i32))
        (func $throw (param i32) (throw $t (local.get 0)))
        (func $catch (param i32) (result exnref) (local $e exnref)
            (block $h (result i32 exnref)
                (try_table (catch_ref $t $h) (call $throw (local.get 0)))
                (unreachable))
            (local.set $e) (drop) (local.get $e))
        (func (export "run") (param i32) (result i32) (local $e exnref)
            (local.set $e (call $catch (local.get 0)))
            (block $h (result i32)
                (try_table (catch $t $h)
                    (drop (call $ask))
                    (throw_ref (local.get $e)))
                (unreachable)))
        (func (export "garbage") (param $n i32)
            (loop $next
                (drop (call $catch (local.get $n)))
                (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))"#;
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, ());
    store.set_fuel(1 << 40)?;
    let tag = Arc::new(AtomicU32::new(0));
    let counted = tag.clone();
    let ask = Func::wrap(&mut store, move || -> Result<i32, Error> {
        counted.fetch_add(1, Ordering::Relaxed);
        Err(Error::new("not yet"))
    });
    let instance = Instance::instantiate(&mut store, &module, &[ask.into()])?;
    let run = instance.get_func(&store, "run").expect("it is exported");
    let garbage = instance.get_typed_func::<i32, ()>(&store, "garbage")?;
    let mut results = [Val::I32(0)];
    let mut waiting = Vec::new();
    for number in 0..10 {
        let call = run.call_resumable(&mut store, &[Val::I32(number)], &mut results)?;
        let ResumableCall::HostTrap(call) = call else {
            panic!("the host function suspends it");
        };
        waiting.push(call);
    }
    garbage.call(&mut store, 5000)?;
    for (number, call) in waiting.into_iter().enumerate() {
        garbage.call(&mut store, 1000)?;
        let call = call.resume(&mut store, &[Val::I32(0)], &mut results)?;
        assert!(matches!(call, ResumableCall::Finished));
        assert_eq!(results[0].i32(), Some(number as i32));
    }
    assert_eq!(tag.load(Ordering::Relaxed), 10);
    Ok(())
}

#[test]
fn a_resumable_call_goes_on_after_an_exception_of_the_host() -> Outcome {
    let (mut store, instance, _) = nested("pass on")?;
    let run = instance.get_func(&store, "run").expect("it is exported");
    let mut results = [Val::I32(0)];
    let call = run.call_resumable(&mut store, &[Val::I32(1)], &mut results)?;
    assert!(matches!(call, ResumableCall::Finished));
    assert_eq!(results[0].i32(), Some(2));
    Ok(())
}

#[test]
fn a_throw_costs_fuel_and_can_be_interrupted() -> Outcome {
    let text = r#"(module
        (tag $t)
        (func $deep (param i32)
            (if (i32.eqz (local.get 0)) (then (throw $t)))
            (call $deep (i32.sub (local.get 0) (i32.const 1))))
        (func (export "deep") (param i32) (result i32)
            (block $h (try_table (catch $t $h) (call $deep (local.get 0))))
            (i32.const 3))
        (func (export "forever") (result i32)
            (loop $again (try_table (catch $t $again) (throw $t)))
            (i32.const 0)))"#;
    let engine = Engine::new(Config::new().consume_fuel(true));
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, ());
    let instance = Instance::instantiate(&mut store, &module, &[])?;
    let deep = instance.get_typed_func::<i32, i32>(&store, "deep")?;
    let spent = |store: &mut Store<()>, depth| -> Outcome<u64> {
        store.set_fuel(1 << 30)?;
        deep.call(&mut *store, depth)?;
        Ok((1 << 30) - store.get_fuel()?)
    };
    // Each level has a call, and a frame that is searched.
    let more = spent(&mut store, 50_000)? - spent(&mut store, 10_000)?;
    assert_eq!(more, 2 * 40_000);
    store.set_fuel(1000)?;
    let forever = instance.get_typed_func::<(), i32>(&store, "forever")?;
    let error = forever.call(&mut store, ()).expect_err("the fuel ends");
    assert_eq!(error.as_trap(), Some(Trap::OutOfFuel));
    store.set_fuel(1 << 40)?;
    store.interrupt_handle().interrupt();
    let error = forever.call(&mut store, ()).expect_err("it is interrupted");
    assert_eq!(error.as_trap(), Some(Trap::Interrupt));
    Ok(())
}

#[test]
fn exceptions_can_be_turned_off() {
    let engine = Engine::new(Config::new().wasm_exceptions(false));
    for text in [
        "(module (tag))",
        "(module (func (throw_ref (ref.null exn))))",
        "(module (func (param exnref)))",
    ] {
        let error = module(&engine, text).expect_err("it is refused");
        assert!(error.to_string().contains("exceptions"), "{error}");
    }
}

#[test]
fn tables_of_exceptions_are_made_by_the_host() -> Outcome {
    let mut store = Store::<()>::default();
    let tag = Tag::new(&mut store, TagType::new(FuncType::new([ValType::I64], [])))?;
    assert_eq!(tag.ty(&store).ty().params(), [ValType::I64]);
    let exception = ExnRef::new(&mut store, tag, &[Val::I64(1 << 40)])?;
    assert!(ExnRef::new(&mut store, tag, &[Val::I32(1)]).is_err());
    assert!(ExnRef::new(&mut store, tag, &[]).is_err());
    let ty = interp::TableType::new(ValType::ExnRef, 3, None);
    let table = Table::new(&mut store, ty, Val::ExnRef(Some(exception)))?;
    assert_eq!(table.get(&store, 2), Some(Val::ExnRef(Some(exception))));
    assert!(table.set(&mut store, 0, Val::ExternRef(None)).is_err());
    Ok(())
}

/// The body of a function with `depth` nested regions, of which only the outermost one catches `$b`.
fn nested_regions(depth: usize) -> String {
    let inner = "try_table (catch $a 0)\n".repeat(depth);
    let ends = "end\n".repeat(depth);
    format!(
        "(module (tag $a) (tag $b)
            (func (export \"run\") (param i32) (result i32)
                block try_table (catch $b 0) {inner} throw $b {ends} end unreachable end i32.const 5))"
    )
}

#[test]
fn regions_may_be_nested_deeply() -> Outcome {
    assert_eq!(run(&nested_regions(20_000), 0)?, 5);
    Ok(())
}

#[test]
fn a_module_may_have_many_tags() -> Outcome {
    let tags = "(tag)".repeat(100_000);
    let text = format!(
        "(module {tags} (tag $last (param i32)) (func (export \"run\") (param i32) (result i32)
            (block $h (result i32)
                (try_table (catch $last $h) (throw $last (local.get 0)))
                (unreachable))))"
    );
    assert_eq!(run(&text, 4)?, 4);
    Ok(())
}

/// Each clause of two bytes is validated against a thousand values.
#[test]
fn clauses_with_many_values_are_too_much_work() {
    let params = "i32 ".repeat(1000);
    let clauses = "(catch $t 0)".repeat(9_000);
    let text = format!(
        "(module (tag $t (param {params})) (func (result {params})
            try_table (result {params}) {clauses} unreachable end))"
    );
    let error = module(&Engine::default(), &text).expect_err("it is refused");
    assert!(error.to_string().contains("too much work"), "{error}");
}

#[cfg(feature = "simd")]
#[test]
fn a_vector_is_a_value_of_an_exception() -> Outcome {
    let text = r#"(module
        (tag $t (param i32 v128 i32))
        (func $throw (param i32)
            (throw $t (local.get 0) (i32x4.splat (i32.const 3)) (i32.const 40)))
        (func (export "run") (param i32) (result i32) (local $e exnref)
            (block $h (result i32 v128 i32 exnref)
                (try_table (catch_ref $t $h) (call $throw (local.get 0)))
                (unreachable))
            (local.set $e)
            (drop) (drop) (drop)
            (block $again (result i32 v128 i32)
                (try_table (catch $t $again) (throw_ref (local.get $e)))
                (unreachable))
            (local.set 0)
            (i32x4.extract_lane 2)
            (i32.add)
            (i32.add (local.get 0))))"#;
    assert_eq!(run(text, 100)?, 143);
    Ok(())
}

/// For callgrind, which counts instructions: `TURNS` turns of a loop whose call throws (`THROWS=1`) or returns. See CONTRIBUTING.md.
#[test]
#[ignore = "measures what a throw costs, by hand"]
fn throws_for_callgrind() -> Outcome {
    let number = |name| std::env::var(name).map_or(0, |text| text.parse().expect("a number"));
    let text = r#"(module
        (tag $t)
        (func $throw (param i32) (if (local.get 0) (then (throw $t))))
        (func (export "run") (param $n i32) (param $throws i32)
            (loop $next
                (block $h (try_table (catch $t $h) (call $throw (local.get $throws))))
                (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))"#;
    let (mut store, instance) = instance(text)?;
    let run = instance.get_typed_func::<(i32, i32), ()>(&store, "run")?;
    run.call(&mut store, (number("TURNS"), number("THROWS")))
}

/// The proposal's old form.
mod old {
    use super::{Outcome, run};

    #[test]
    fn a_catch_receives_the_values_and_rethrow_throws_them_again() -> Outcome {
        let text = r#"(module
            (tag $a (param i32)) (tag $b (param i64 i32)) (tag $c)
            (func $throw (param i32)
                (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $a (i32.const 10))))
                (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $b (i64.const 5) (i32.const 20))))
                (if (i32.eq (local.get 0) (i32.const 3)) (then (throw $c))))
            (func $inner (param i32) (result i32) (local $seen i32)
                try (result i32)
                    local.get 0
                    call $throw
                    i32.const 1
                catch $a
                    i32.const 100
                    i32.add
                catch_all
                    i32.const 7
                    local.set $seen
                    block
                        local.get 0
                        i32.const 3
                        i32.eq
                        br_if 0
                        rethrow 1
                    end
                    local.get $seen
                end)
            (func (export "run") (param i32) (result i32)
                try (result i32)
                    local.get 0
                    call $inner
                    i32.const 1000
                    i32.add
                catch $b
                    i32.const 1
                    i32.add
                    local.set 0
                    i32.wrap_i64
                    local.get 0
                    i32.add
                end))"#;
        for (argument, result) in [(0, 1001), (1, 1110), (2, 26), (3, 1007)] {
            assert_eq!(run(text, argument)?, result, "{argument}");
        }
        Ok(())
    }

    #[test]
    fn delegate_passes_over_the_handlers_between() -> Outcome {
        let text = r#"(module
            (tag $t (param i32))
            (func (export "run") (param i32) (result i32)
                try $outer (result i32)
                    try $middle (result i32)
                        block $plain (result i32)
                            try (result i32)
                                (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $t (i32.const 5))))
                                i32.const 0
                            delegate $outer
                            drop
                            (if (i32.eq (local.get 0) (i32.const 4)) (then (throw $t (i32.const 8))))
                            try (result i32)
                                (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $t (i32.const 6))))
                                i32.const 1
                            delegate $plain
                            drop
                            try
                                (if (i32.eq (local.get 0) (i32.const 3)) (then (throw $t (i32.const 7))))
                            end
                            i32.const 9
                        end
                    catch $t
                        i32.const 200
                        i32.add
                    end
                catch $t
                    i32.const 100
                    i32.add
                catch_all
                    i32.const -1
                end))"#;
        for (argument, result) in [(0, 9), (1, 105), (2, 206), (3, 207), (4, 208)] {
            assert_eq!(run(text, argument)?, result, "{argument}");
        }
        Ok(())
    }

    #[test]
    fn delegate_to_the_function_leaves_it() -> Outcome {
        let text = r#"(module
            (tag $t (param i32))
            (func $leaves (param i32) (result i32)
                try (result i32)
                    try (result i32)
                        (throw $t (local.get 0))
                    delegate 1
                catch_all
                    i32.const -1
                end)
            (func (export "run") (param i32) (result i32)
                try (result i32)
                    local.get 0
                    call $leaves
                catch $t
                    i32.const 1
                    i32.add
                end))"#;
        assert_eq!(run(text, 4)?, 5);
        Ok(())
    }

    #[test]
    fn handlers_may_throw_and_nest() -> Outcome {
        // The handler is not protected by its own `try`. A nested `catch` has an exception of its own.
        let text = r#"(module
            (tag $t (param i32)) (tag $u (param i32))
            (func $throw (param i32) (throw $t (local.get 0)))
            (func (export "run") (param i32) (result i32) (local $kept i32)
                try (result i32)
                    try (result i32)
                        local.get 0
                        call $throw
                        unreachable
                    catch $t
                        local.set $kept
                        try
                            (throw $u (i32.const 50))
                        catch $u
                            local.get $kept
                            i32.add
                            local.set $kept
                            (br_if 0 (i32.gt_s (local.get 0) (i32.const 5)))
                            rethrow 1
                        end
                        (throw $u (local.get $kept))
                    end
                catch $t
                    i32.const 1000
                    i32.add
                catch $u
                    i32.const 2000
                    i32.add
                end
                local.get $kept
                i32.add))"#;
        assert_eq!(run(text, 3)?, 1000 + 3 + 53);
        assert_eq!(run(text, 8)?, 2000 + 58 + 58);
        Ok(())
    }

    #[test]
    fn dead_code_and_empty_bodies_are_fine() -> Outcome {
        let text = r#"(module
            (tag $t)
            (func (export "run") (param i32) (result i32)
                block
                    br 0
                    try
                        try catch $t rethrow 0 catch_all end
                    delegate 0
                    try unreachable catch_all end
                end
                try catch $t catch_all end
                try delegate 0
                try
                    try throw $t end
                catch $t
                end
                try (result i32)
                    i32.const 4
                catch_all
                    i32.const 4
                end
                drop
                i32.const 3
                return
                try unreachable delegate 0))"#;
        assert_eq!(run(text, 0)?, 3);
        Ok(())
    }
}
