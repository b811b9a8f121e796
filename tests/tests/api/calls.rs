//! Calls in both directions.

use interp::{Caller, Error, ExternRef, Func, FuncType, Trap, Val, ValType};

use crate::{instance, world};

#[test]
fn values_of_all_types_pass_in_both_directions() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    linker.func_wrap("host", "swap", |a: i32, b: u64, c: f32, d: f64| {
        (d, c, b, a)
    })?;
    let text = r#"(module
        (import "host" "swap" (func $swap (param i32 i64 f32 f64) (result f64 f32 i64 i32)))
        (func (export "run") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
            local.get 0 local.get 1 local.get 2 local.get 3 call $swap))"#;
    let instance = instance(&mut store, &linker, text);
    let run =
        instance.get_typed_func::<(i32, i64, f32, f64), (f64, f32, i64, i32)>(&store, "run")?;
    let results = run.call(&mut store, (-1, i64::MIN, -0.5, 1e300))?;
    assert_eq!(results, (1e300, -0.5, i64::MIN, -1));
    Ok(())
}

#[test]
fn sixteen_parameters_and_a_caller() -> Result<(), Error> {
    let (mut store, mut linker) = world(0_i32);
    #[rustfmt::skip]
    linker.func_wrap("host", "sum", |mut caller: Caller<'_, i32>,
        a: i32, b: i32, c: i32, d: i32, e: i32, f: i32, g: i32, h: i32,
        i: i32, j: i32, k: i32, l: i32, m: i32, n: i32, o: i32, p: i32| {
        let digits = [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
        *caller.data_mut() = digits.iter().fold(0, |sum, digit| sum * 3 + digit);
    })?;
    let params = "i32 ".repeat(16);
    let args: String = (0..16)
        .map(|index| format!("i32.const {} ", index % 3))
        .collect();
    let text = format!(
        r#"(module (import "host" "sum" (func $sum (param {params})))
            (func (export "run") {args} call $sum))"#
    );
    let instance = instance(&mut store, &linker, &text);
    instance
        .get_typed_func::<(), ()>(&store, "run")?
        .call(&mut store, ())?;
    assert_eq!(
        *store.data(),
        (0..16).fold(0, |sum, index| sum * 3 + index % 3)
    );
    Ok(())
}

/// Wasm and host call each other in turn, and every level keeps its own locals. The inner calls need so much stack that it
/// moves.
#[test]
fn calls_nest_and_the_stack_may_move() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    linker.func_wrap("host", "down", |mut caller: Caller<'_, ()>, n: i64| {
        let run = caller.get_export("run").and_then(interp::Extern::into_func);
        let run = run.ok_or_else(|| Error::new("the caller exports `run`"))?;
        let run = run.typed::<i64, i64>(&caller)?;
        run.call(&mut caller, n)
    })?;
    let text = r#"(module
        (import "host" "down" (func $down (param i64) (result i64)))
        (func $deep (param i64) (result i64)
            (if (result i64) (i64.eqz (local.get 0))
                (then (i64.const 0))
                (else (i64.add (i64.const 1) (call $deep (i64.sub (local.get 0) (i64.const 1)))))))
        (func (export "run") (param i64) (result i64) (local $keep i64)
            (local.set $keep (i64.mul (local.get 0) (i64.const 1000)))
            (if (i64.ne (local.get 0) (i64.const 0))
                (then (drop (call $deep (i64.const 3000)))
                      (local.set 0 (call $down (i64.sub (local.get 0) (i64.const 1))))))
            (i64.add (local.get 0) (local.get $keep))))"#;
    let instance = instance(&mut store, &linker, text);
    let run = instance.get_typed_func::<i64, i64>(&store, "run")?;
    let expected: i64 = (0..=50).map(|n| n * 1000).sum();
    assert_eq!(run.call(&mut store, 50)?, expected);
    Ok(())
}

#[test]
fn endless_nesting_through_the_host_is_a_stack_overflow() -> Result<(), Error> {
    let (mut store, mut linker) = world(0_u32);
    linker.func_wrap("host", "again", |mut caller: Caller<'_, u32>| {
        *caller.data_mut() += 1;
        let run = caller.get_export("run").and_then(interp::Extern::into_func);
        run.ok_or_else(|| Error::new("the caller exports `run`"))?
            .call(&mut caller, &[], &mut [])
    })?;
    let text =
        r#"(module (import "host" "again" (func $again)) (func (export "run") call $again))"#;
    let instance = instance(&mut store, &linker, text);
    let run = instance.get_typed_func::<(), ()>(&store, "run")?;
    for _ in 0..2 {
        let error = run
            .call(&mut store, ())
            .expect_err("it never ends by itself");
        assert_eq!(error.as_trap(), Some(Trap::StackOverflow));
    }
    assert_eq!(*store.data(), 2 * 200, "each time 200 levels were there");
    Ok(())
}

#[test]
fn references_to_functions_and_host_values() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let twice = Func::wrap(&mut store, |x: i32| x * 2);
    linker.define("host", "twice", twice)?;
    let text = r#"(module
        (import "host" "twice" (func (param i32) (result i32)))
        (table (export "table") 2 funcref)
        (type $unary (func (param i32) (result i32)))
        (func $thrice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
        (elem declare func $thrice)
        (func (export "thrice") (result funcref) ref.func $thrice)
        (func (export "same") (param externref) (result externref) local.get 0)
        (func (export "call") (param i32 funcref) (result i32)
            (table.set 0 (i32.const 1) (local.get 1))
            (call_indirect (type $unary) (local.get 0) (i32.const 1))))"#;
    let instance = instance(&mut store, &linker, text);
    let call = instance.get_typed_func::<(i32, Option<Func>), i32>(&store, "call")?;
    assert_eq!(call.call(&mut store, (7, Some(twice)))?, 14);
    let thrice = instance.get_typed_func::<(), Option<Func>>(&store, "thrice")?;
    let thrice = thrice.call(&mut store, ())?;
    assert_eq!(call.call(&mut store, (7, thrice))?, 21);
    let error = call
        .call(&mut store, (7, None))
        .expect_err("null cannot be called");
    assert_eq!(error.as_trap(), Some(Trap::IndirectCallToNull));

    let same = instance.get_typed_func::<Option<ExternRef>, Option<ExternRef>>(&store, "same")?;
    let reference = ExternRef::new(&mut store, String::from("of the host's"));
    let back = same
        .call(&mut store, Some(reference))?
        .expect("it is not null");
    let value = back.data(&store).expect("it is a value of the host");
    assert_eq!(
        value.downcast_ref::<String>().map(String::as_str),
        Some("of the host's")
    );
    assert!(same.call(&mut store, None)?.is_none());
    Ok(())
}

#[test]
fn calls_with_wrong_types_are_refused_and_do_no_harm() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let ty = FuncType::new([ValType::I32], [ValType::I64]);
    linker.func_new("host", "wrong", ty, |_, _, results| {
        results[0] = Val::I32(1);
        Ok(())
    })?;
    let text = r#"(module
        (import "host" "wrong" (func $wrong (param i32) (result i64)))
        (func (export "run") (result i64) (call $wrong (i32.const 0)))
        (func (export "id") (param i64) (result i64) local.get 0))"#;
    let instance = instance(&mut store, &linker, text);
    let id = instance.get_func(&store, "id").expect("it is exported");
    let mut one = [Val::I32(0)];
    for wrong in [&[][..], &[Val::I32(1)], &[Val::I64(1), Val::I64(1)]] {
        let error = id
            .call(&mut store, wrong, &mut one)
            .expect_err("the arguments are wrong");
        assert!(error.to_string().contains("(i64) -> (i64)"), "{error}");
    }
    assert!(id.call(&mut store, &[Val::I64(1)], &mut []).is_err());
    let error = instance
        .get_typed_func::<i32, i64>(&store, "id")
        .expect_err("the type is wrong");
    assert!(error.to_string().contains("not (i32) -> (i64)"), "{error}");
    let run = instance.get_typed_func::<(), i64>(&store, "run")?;
    let error = run
        .call(&mut store, ())
        .expect_err("the host's result is wrong");
    assert!(error.to_string().contains("value of type i32"), "{error}");
    id.call(&mut store, &[Val::I64(9)], &mut one)?;
    assert_eq!(one[0].i64(), Some(9));
    Ok(())
}
