//! References to exceptions as values, and when exceptions are freed.

use super::*;

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
    assert!(store.bytes(StorePart::Objects) < 1 << 20);
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
    assert_eq!(store.bytes(StorePart::Objects), 0);
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
    assert_eq!(error.as_trap(), Some(Trap::HeapFull));
    assert!(store.bytes(StorePart::Objects) <= 1 << 20);
    // What is garbage is freed before the limit is reached.
    for _ in 0..100 {
        assert_eq!(run.call(&mut store, 1000)?, 0);
    }
    Ok(())
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
