//! Imports that are found once for many instances, the definitions of a linker, and its stubs for missing imports.

use std::thread;

use interp::{Caller, Engine, Error, Extern, Func, InstancePre, Linker, Store, Val};

use crate::{module, world};

const COUNTS: &str = r#"(module
    (import "host" "add" (func $add (param i32)))
    (func $start (call $add (i32.const 1)))
    (start $start)
    (func (export "add") (param i32) (call $add (local.get 0))))"#;

fn adding(engine: &Engine) -> Result<Linker<i32>, Error> {
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "add", |mut caller: Caller<'_, i32>, value: i32| {
        *caller.data_mut() += value;
    })?;
    Ok(linker)
}

#[test]
fn one_module_with_its_imports_serves_many_stores_and_threads() -> Result<(), Error> {
    let engine = Engine::default();
    let mut linker = adding(&engine)?;
    let ready: InstancePre<i32> = linker.instantiate_pre(&module(&engine, COUNTS))?;
    // Later changes of the linker have no effect.
    linker.allow_shadowing(true);
    linker.func_wrap("host", "add", |_: i32| ())?;
    let run = |ready: &InstancePre<i32>, engine: &Engine| -> Result<i32, Error> {
        let mut store = Store::new(engine, 0);
        for _ in 0..10 {
            let instance = ready.instantiate(&mut store)?;
            let add = instance.get_typed_func::<i32, ()>(&store, "add")?;
            add.call(&mut store, 100)?;
        }
        Ok(*store.data())
    };
    assert_eq!(run(&ready, &engine)?, 1010);
    let other = ready.clone();
    let (engine, there) = (engine.clone(), thread::spawn(move || run(&other, &engine)));
    assert_eq!(there.join().expect("it does not panic")?, 1010);
    assert_eq!(ready.module().exports().count(), 1);
    assert_eq!(run(&ready, ready.module().engine())?, 1010);
    drop(engine);
    Ok(())
}

#[test]
fn each_fault_of_an_import_is_found_at_its_time() -> Result<(), Error> {
    let engine = Engine::default();
    let (counts, linker) = (module(&engine, COUNTS), adding(&engine)?);
    let message = |outcome: Result<_, Error>| outcome.map(drop).expect_err("it fails").to_string();
    // At the lookup of the imports.
    let none: Linker<i32> = Linker::new(&engine);
    assert!(
        message(none.instantiate_pre(&counts))
            .contains("unknown import: the module wants `host.add`")
    );
    let mut wrong: Linker<i32> = Linker::new(&engine);
    wrong.func_wrap("host", "add", |_: i64| ())?;
    assert!(
        message(wrong.instantiate_pre(&counts)).contains("incompatible import type for `host.add`")
    );
    // At the instantiation in a store.
    let ready = linker.instantiate_pre(&counts)?;
    let mut elsewhere = Store::new(&Engine::default(), 0);
    let refused = ready.instantiate(&mut elsewhere).map(drop);
    assert!(
        refused
            .expect_err("it fails")
            .to_string()
            .contains("another engine")
    );
    let (mut one, mut two) = (Store::new(&engine, 0), Store::new(&engine, 0));
    let mut bound: Linker<i32> = Linker::new(&engine);
    bound.define("host", "add", Func::wrap(&mut one, |_: i32| ()))?;
    let ready = bound.instantiate_pre(&counts)?;
    ready.instantiate(&mut one)?;
    let refused = ready.instantiate(&mut two).map(drop);
    assert!(
        refused
            .expect_err("it fails")
            .to_string()
            .contains("belongs to another store")
    );
    let mut wrong: Linker<i32> = Linker::new(&engine);
    wrong.define("host", "add", Func::wrap(&mut one, |_: i64| ()))?;
    let refused = wrong
        .instantiate_pre(&counts)?
        .instantiate(&mut one)
        .map(drop);
    assert!(
        refused
            .expect_err("it fails")
            .to_string()
            .contains("incompatible import type")
    );
    Ok(())
}

const WANTS_ALL: &str = r#"(module
    (import "host" "func" (func $func (param i64) (result i32 i64 f32 f64 funcref externref)))
    (import "host" "global" (global (mut f64)))
    (import "host" "null" (global funcref))
    (import "host" "table" (table 3 7 externref))
    (import "host" "memory" (memory 2 5))
    (func (export "run") (result i32 i64 f32 f64 funcref externref) (call $func (i64.const 9))))"#;

#[test]
fn missing_imports_become_zeros_of_their_kind() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let wants = module(linker.engine(), WANTS_ALL);
    linker.func_wrap("host", "other", || ())?;
    linker.define_unknown_imports_as_default_values(&mut store, &wants)?;
    let all: Vec<_> = linker
        .iter(&mut store)
        .map(|(module, name, item)| (module, name, item.ty(&store).to_string()))
        .collect();
    assert_eq!(
        all,
        [
            (
                "host",
                "func",
                "func (i64) -> (i32, i64, f32, f64, funcref, externref)"
            ),
            ("host", "global", "global mut f64"),
            ("host", "memory", "memory of 2..=5 pages"),
            ("host", "null", "global funcref"),
            ("host", "other", "func () -> ()"),
            ("host", "table", "table externref of 3..=7"),
        ]
        .map(|(module, name, ty)| (module, name, String::from(ty)))
    );
    let instance = linker.instantiate(&mut store, &wants)?;
    let run = instance.get_func(&store, "run").expect("it is exported");
    let mut results = [Val::I32(1); 6];
    run.call(&mut store, &[], &mut results)?;
    let zeros = [
        Val::I32(0),
        Val::I64(0),
        Val::F32(0),
        Val::F64(0),
        Val::FuncRef(None),
        Val::ExternRef(None),
    ];
    assert_eq!(results, zeros);
    // All imports are defined now.
    linker.define_unknown_imports_as_traps(&wants)?;
    assert_eq!(linker.iter(&mut store).count(), 6);
    Ok(())
}

#[test]
fn missing_functions_become_errors_that_name_them() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let refused = linker.define_unknown_imports_as_traps(&module(linker.engine(), WANTS_ALL));
    let refused = refused.expect_err("only functions can fail when they are called");
    assert!(refused.to_string().contains("`host.global`"));
    let counts = module(
        linker.engine(),
        r#"(module (import "host" "gone" (func $gone)) (func (export "run") (call $gone)))"#,
    );
    linker.define_unknown_imports_as_traps(&counts)?;
    let instance = linker.instantiate(&mut store, &counts)?;
    let run = instance.get_typed_func::<(), ()>(&store, "run")?;
    let error = run.call(&mut store, ()).expect_err("it is a stub");
    assert!(
        error
            .to_string()
            .contains("`host.gone`, which is not defined")
    );
    Ok(())
}

#[test]
fn names_lead_to_the_same_function_each_time() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    linker.func_wrap("host", "one", || 1)?;
    linker.func_wrap("host", "two", || 2)?;
    let func = |store: &mut Store<()>, linker: &Linker<()>, name| {
        linker.get(store, "host", name).and_then(Extern::into_func)
    };
    // Closures without captures have no address of their own, but are different functions.
    let (one, two) = (
        func(&mut store, &linker, "one"),
        func(&mut store, &linker, "two"),
    );
    assert!(one.is_some() && one != two);
    assert_eq!(func(&mut store, &linker, "one"), one);
    let mut called = [Val::I32(0)];
    two.expect("it is defined")
        .call(&mut store, &[], &mut called)?;
    assert_eq!(called, [Val::I32(2)]);
    Ok(())
}
