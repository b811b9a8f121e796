//! Which handler catches, and what it sees.

use super::*;

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
