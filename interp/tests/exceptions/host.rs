//! Exceptions that leave a program or pass the host: their names and backtraces, calls that are suspended, tags and tables of the host.

use super::*;

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
        assert!(store.bytes(StorePart::Objects) < 200 << 10);
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
    assert!(store.bytes(StorePart::Objects) < 200 << 10);
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
