//! Fuel, interrupts, many regions and tags, and builds without exceptions; the cost of a throw.

use super::*;

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
