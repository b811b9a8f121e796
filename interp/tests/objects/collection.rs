//! What stays and what is freed: each place where a reference can be, cycles, long lists, and how much memory garbage takes.

use interp::{AnyRef, Caller, Func, FuncType, I31, StorePart, Val, ValType};

use super::*;

/// Binary trees, built and counted again and again: nearly all objects are garbage soon.
const TREES: &str = r#"(module
    (type $tree (struct (field $left (ref null $tree)) (field $right (ref null $tree))))
    (func $build (param $depth i32) (result (ref null $tree))
        (if (result (ref null $tree)) (i32.eqz (local.get $depth))
            (then (struct.new_default $tree))
            (else (struct.new $tree
                (call $build (i32.sub (local.get $depth) (i32.const 1)))
                (call $build (i32.sub (local.get $depth) (i32.const 1)))))))
    (func $count (param $tree (ref null $tree)) (result i32)
        (if (result i32) (ref.is_null (local.get $tree))
            (then (i32.const 0))
            (else (i32.add (i32.const 1) (i32.add
                (call $count (struct.get $tree $left (local.get $tree)))
                (call $count (struct.get $tree $right (local.get $tree))))))))
    (func (export "run") (param $rounds i32) (result i32) (local $sum i32)
        (loop $next
            (local.set $sum (i32.add (local.get $sum) (call $count (call $build (i32.const 9)))))
            (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
            (br_if $next (local.get $rounds)))
        (local.get $sum)))"#;

#[test]
fn millions_of_short_lived_objects_take_bounded_memory() -> Outcome {
    let (mut store, instance) = instance(TREES)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    // A tree has 2¹⁰ - 1 nodes; ten million objects in builds that are fast enough.
    let rounds = if cfg!(debug_assertions) { 500 } else { 10_000 };
    assert_eq!(run.call(&mut store, rounds)?, rounds * 1023);
    let bytes = store.bytes(StorePart::Objects);
    assert!(bytes < 2 << 20, "{bytes} bytes for a tree that takes 40 KB");
    store.gc();
    assert_eq!(store.bytes(StorePart::Objects), 0);
    Ok(())
}

#[test]
fn cycles_are_freed() -> Outcome {
    let text = r#"(module
        (type $node (struct (field (mut (ref null $node))) (field i64)))
        (func (export "run") (param $count i32) (result i32) (local $one (ref null $node)) (local $other (ref null $node))
            (loop $next
                (local.set $one (struct.new $node (ref.null $node) (i64.const 1)))
                (local.set $other (struct.new $node (local.get $one) (i64.const 2)))
                (struct.set $node 0 (local.get $one) (local.get $other))
                (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                (br_if $next (local.get $count)))
            (i32.wrap_i64 (i64.add
                (struct.get $node 1 (local.get $one))
                (struct.get $node 1 (struct.get $node 0 (struct.get $node 0 (local.get $other))))))))"#;
    let (mut store, instance) = instance(text)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 100_000)?, 3);
    assert!(store.bytes(StorePart::Objects) < 2 << 20);
    store.gc();
    assert_eq!(store.bytes(StorePart::Objects), 0);
    Ok(())
}

#[test]
fn a_long_list_takes_no_native_stack() -> Outcome {
    let text = r#"(module
        (type $list (struct (field (ref null $list)) (field i32)))
        (global $list (mut (ref null $list)) (ref.null $list))
        (func (export "grow") (param $count i32)
            (loop $next
                (global.set $list (struct.new $list (global.get $list) (local.get $count)))
                (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                (br_if $next (local.get $count))))
        (func (export "sum") (result i64) (local $sum i64) (local $at (ref null $list))
            (local.set $at (global.get $list))
            (block $end (loop $next
                (br_if $end (ref.is_null (local.get $at)))
                (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (struct.get $list 1 (local.get $at)))))
                (local.set $at (struct.get $list 0 (local.get $at)))
                (br $next)))
            (local.get $sum))
        (func (export "cut") (global.set $list (ref.null $list))))"#;
    let (mut store, instance) = instance(text)?;
    let grow = instance.get_typed_func::<i32, ()>(&store, "grow")?;
    let sum = instance.get_typed_func::<(), i64>(&store, "sum")?;
    let len = 300_000;
    grow.call(&mut store, len)?;
    store.gc();
    assert_eq!(
        sum.call(&mut store, ())?,
        i64::from(len) * i64::from(len + 1) / 2
    );
    let cut = instance.get_typed_func::<(), ()>(&store, "cut")?;
    cut.call(&mut store, ())?;
    store.gc();
    assert_eq!(store.bytes(StorePart::Objects), 0);
    Ok(())
}

/// In each of these, an object is referred to from one place alone when the host frees what it can.
#[test]
fn a_reference_in_any_place_keeps_its_object() -> Outcome {
    let head = r#"(module
        (import "host" "gc" (func $gc))
        (type $box (struct (field i32)))
        (type $boxes (array (mut (ref null $box))))
        (type $holder (struct (field (mut (ref null $box))) (field v128) (field (mut anyref))))
        (type $f (func (param (ref null $box)) (result i32)))
        (tag $tag (param (ref null $box)))
        (global $global (mut (ref null $box)) (ref.null $box))
        (global $constant (ref $box) (struct.new $box (i32.const 7)))
        (global $extern (mut externref) (ref.null extern))
        (table $table 2 (ref null $box))
        (table $filled 3 (ref $box) (struct.new $box (i32.const 7)))
        (elem $elem (ref $box) (item (struct.new $box (i32.const 7))))
        (elem declare func $kept)
        (func $new (result (ref $box)) (struct.new $box (i32.const 7)))
        (func $open (param (ref null $box)) (result i32) (struct.get $box 0 (local.get 0)))
        (func $kept (param (ref null $box)) (result i32) (call $gc) (call $open (local.get 0)))
        (func $garbage (local $count i32)
            (loop $next
                (drop (struct.new $box (i32.const -1)))
                (br_if $next (i32.lt_u (local.tee $count (i32.add (local.get $count) (i32.const 1))) (i32.const 20000)))))
        (func (export "run") (param i32) (result i32) "#;
    let places = [
        ("a parameter", "(call $kept (call $new))"),
        ("a call by reference", "(call_ref $f (call $new) (ref.func $kept))"),
        (
            "the operand stack",
            "(call $new) (call $garbage) (call $gc) (call $open)",
        ),
        (
            "an operand below a call's",
            "(i32.add (call $open (block (result (ref $box)) (call $new) (call $garbage))) (i32.const 0))",
        ),
        (
            "a local",
            "(local $l (ref null $box)) (local.set $l (call $new)) (call $gc) (call $garbage) (call $open (local.get $l))",
        ),
        (
            "a global",
            "(global.set $global (call $new)) (call $gc) (call $garbage) (call $open (global.get $global))",
        ),
        ("a constant", "(call $gc) (call $garbage) (call $open (global.get $constant))"),
        (
            "a global as a value of the host",
            "(global.set $extern (extern.convert_any (call $new))) (call $gc) (call $garbage)
             (call $open (ref.cast (ref $box) (any.convert_extern (global.get $extern))))",
        ),
        (
            "a table",
            "(table.set $table (i32.const 1) (call $new)) (call $gc) (call $garbage)
             (call $open (table.get $table (i32.const 1)))",
        ),
        (
            "a table's initial value",
            "(call $gc) (call $garbage) (call $open (table.get $filled (i32.const 2)))",
        ),
        (
            "an element segment",
            "(call $gc) (call $garbage) (table.init $filled $elem (i32.const 0) (i32.const 0) (i32.const 1))
             (call $open (table.get $filled (i32.const 0)))",
        ),
        (
            "a field",
            "(local $h (ref null $holder)) (local.set $h (struct.new $holder (call $new) (v128.const i64x2 1 2) (ref.null any)))
             (call $gc) (call $garbage) (call $open (struct.get $holder 0 (local.get $h)))",
        ),
        (
            "a field behind a vector",
            "(local $h (ref null $holder)) (local.set $h (struct.new_default $holder))
             (struct.set $holder 2 (local.get $h) (call $new))
             (call $gc) (call $garbage) (call $open (ref.cast (ref $box) (struct.get $holder 2 (local.get $h))))",
        ),
        (
            "an array",
            "(local $a (ref null $boxes)) (local.set $a (array.new $boxes (call $new) (i32.const 100)))
             (call $gc) (call $garbage) (call $open (array.get $boxes (local.get $a) (i32.const 99)))",
        ),
        (
            "an array of given elements",
            "(local $a (ref null $boxes)) (local.set $a (array.new_fixed $boxes 3 (ref.null $box) (call $new) (ref.null $box)))
             (call $gc) (call $garbage) (call $open (array.get $boxes (local.get $a) (i32.const 1)))",
        ),
        (
            "an array of a segment's elements",
            "(local $a (ref null $boxes)) (local.set $a (array.new_elem $boxes $elem (i32.const 0) (i32.const 1))) (elem.drop $elem)
             (call $gc) (call $garbage) (call $open (array.get $boxes (local.get $a) (i32.const 0)))",
        ),
        (
            "a thrown exception",
            "(block $caught (result (ref null $box)) (try_table (catch $tag $caught) (throw $tag (call $new))) (unreachable))
             (call $garbage) (call $gc) (call $open)",
        ),
        (
            "an exception with a reference",
            "(local $e exnref)
             (block $caught (result (ref null $box) exnref)
                (try_table (catch_ref $tag $caught) (throw $tag (call $new))) (unreachable))
             (local.set $e) (drop) (call $gc) (call $garbage)
             (block $again (result (ref null $box)) (try_table (catch $tag $again) (throw_ref (local.get $e))) (unreachable))
             (call $open)",
        ),
    ];
    for (place, code) in places {
        let (mut store, instance) = with_gc(&format!("{head}{code}))"))?;
        let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
        assert_eq!(run.call(&mut store, 0)?, 7, "{place}");
        // The same when the heap was in use already.
        assert_eq!(
            run.call(&mut store, 0).ok(),
            Some(7).filter(|_| place != "an array of a segment's elements"),
            "{place}"
        );
    }
    Ok(())
}

#[test]
fn what_a_suspended_call_refers_to_stays() -> Outcome {
    let text = r#"(module
        (import "host" "gc" (func $gc))
        (type $box (struct (field i32)))
        (func (export "run") (param i32) (result i32) (local $l (ref null $box)) (local $count i32)
            (local.set $l (struct.new $box (i32.const 7)))
            (loop $next
                (br_if $next (i32.lt_u (local.tee $count (i32.add (local.get $count) (i32.const 1))) (i32.const 20000))))
            (struct.get $box 0 (local.get $l))))"#;
    let (mut store, instance) = with_gc(text)?;
    let run = instance
        .get_func(&store, "run")
        .ok_or(Error::new("no function"))?;
    store.set_fuel(1000)?;
    let mut results = [Val::I32(0)];
    let mut call = run.call_resumable(&mut store, &[Val::I32(0)], &mut results)?;
    let mut stops = 0;
    while let interp::ResumableCall::OutOfFuel(suspended) = call {
        stops += 1;
        store.gc();
        store.set_fuel(1000)?;
        call = suspended.resume(&mut store, &mut results)?;
    }
    assert!(stops > 3);
    assert_eq!(results, [Val::I32(7)]);
    Ok(())
}

#[test]
fn what_the_host_has_stays_until_its_function_returns() -> Outcome {
    let text = r#"(module
        (import "host" "look" (func $look (param anyref) (result anyref)))
        (type $box (struct (field i32)))
        (func (export "run") (param i32) (result i32)
            (struct.get $box 0 (ref.cast (ref $box) (call $look (struct.new $box (local.get 0)))))))"#;
    let engine = Engine::default();
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, None::<AnyRef>);
    let any = ValType::reference(interp::RefType::new(true, interp::HeapType::Any));
    let look = Func::new(
        &mut store,
        FuncType::new([any], [any]),
        |mut caller: Caller<'_, Option<AnyRef>>, params, results| {
            let object = params[0].any_ref().ok_or(Error::new("null"))?;
            if let Some(before) = caller.data() {
                // That function has returned, and the object is gone or another one.
                assert!(*before != object);
            }
            caller.gc();
            let reference = object.as_struct(&caller).ok_or(Error::new("no struct"))?;
            assert_eq!(reference.fields(&mut caller)?.len(), 1);
            *caller.data_mut() = Some(object);
            results[0] = params[0];
            Ok(())
        },
    );
    let instance = Instance::instantiate(&mut store, &module, &[look.into()])?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    for number in 0..3 {
        assert_eq!(run.call(&mut store, number)?, number);
        store.gc();
        let stale = store.data().ok_or(Error::new("no object"))?;
        assert!(stale.as_struct(&store).is_none() && stale.ty(&store).is_err());
    }
    assert_eq!(store.bytes(StorePart::Objects), 0);
    // Outside of host functions, references are valid as long as the store.
    let one = AnyRef::from_i31(&store, I31::wrapping_u32(5));
    assert_eq!(one.as_i31().map(I31::get_i32), Some(5));
    Ok(())
}
