//! Several instances, and their imports from each other.

use interp::{
    Error, Extern, Func, Global, GlobalType, Instance, Table, TableType, Trap, Val, ValType,
};

use crate::{instance, module, world};

const LIBRARY: &str = r#"(module
    (memory (export "memory") 1)
    (table (export "table") 4 funcref)
    (global $calls (export "calls") (mut i32) (i32.const 0))
    (func $name (export "double") (param i32) (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.store (i32.const 16) (local.get 0))
        (i32.mul (local.get 0) (i32.const 2)))
    (func (export "boom") (param i32) (result i32)
        (i32.div_u (i32.const 1) (local.get 0)))
    (elem (i32.const 0) $name))"#;

const PROGRAM: &str = r#"(module
    (import "library" "memory" (memory 1))
    (import "library" "table" (table 4 funcref))
    (import "library" "calls" (global $calls (mut i32)))
    (import "library" "double" (func $double (param i32) (result i32)))
    (import "library" "boom" (func $boom (param i32) (result i32)))
    (type $unary (func (param i32) (result i32)))
    (memory $own 2)
    (func $local (param i32) (result i32) (i32.add (local.get 0) (i32.const 100)))
    (elem (i32.const 1) $local)
    (func (export "run") (param i32) (result i32)
        (local $keep i32)
        (local.set $keep (i32.const 1000000))
        (i32.add (local.get $keep)
            (i32.add (call $double (local.get 0))
                (i32.add (call_indirect (type $unary) (i32.const 3) (i32.const 0))
                    (i32.add (call_indirect (type $unary) (i32.const 5) (i32.const 1))
                        (i32.load (i32.const 16)))))))
    (func (export "calls") (result i32) (global.get $calls))
    (func $outer (export "boom") (param i32) (result i32)
        (i32.add (i32.const 1) (call $boom (local.get 0))))
    (func (export "tail") (param i32) (result i32)
        (return_call $double (local.get 0))))"#;

#[test]
fn instances_share_functions_memories_tables_and_globals() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let library = instance(&mut store, &linker, LIBRARY);
    linker.instance(&store, "library", library)?;
    let program = instance(&mut store, &linker, PROGRAM);
    let run = program.get_typed_func::<i32, i32>(&store, "run")?;
    // double(4), double(3) through the table, local(5). The memory contains 3 afterwards.
    assert_eq!(run.call(&mut store, 4)?, 1_000_000 + 8 + 6 + 105 + 3);
    let calls = library.get_global(&store, "calls").expect("it is exported");
    assert_eq!(calls.get(&store).i32(), Some(2));
    calls.set(&mut store, Val::I32(40))?;
    assert_eq!(
        program
            .get_typed_func::<(), i32>(&store, "calls")?
            .call(&mut store, ())?,
        40
    );
    assert_eq!(
        program
            .get_typed_func::<i32, i32>(&store, "tail")?
            .call(&mut store, 6)?,
        12
    );
    // The function that the program has put into the library's table can be called from there.
    let table = library.get_table(&store, "table").expect("it is exported");
    let Some(Val::FuncRef(Some(local))) = table.get(&store, 1) else {
        panic!("the program has set element 1");
    };
    assert_eq!(local.typed::<i32, i32>(&store)?.call(&mut store, 1)?, 101);
    Ok(())
}

#[test]
fn a_trap_in_another_instance_leaves_both_usable() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let library = instance(&mut store, &linker, LIBRARY);
    linker.instance(&store, "library", library)?;
    let program = instance(&mut store, &linker, PROGRAM);
    let boom = program.get_typed_func::<i32, i32>(&store, "boom")?;
    let error = boom.call(&mut store, 0).expect_err("it divides by zero");
    assert_eq!(error.as_trap(), Some(Trap::IntegerDivisionByZero));
    let functions: Vec<u32> = error
        .backtrace()
        .expect("it says where")
        .frames()
        .iter()
        .map(interp::FrameSymbol::func_index)
        .collect();
    // `boom` is function 1 of the library, `$outer` function 5 of the program.
    assert_eq!(functions, [1, 5], "{error}");
    assert_eq!(boom.call(&mut store, 1)?, 2);
    let run = program.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 0)?, 1_000_114);
    Ok(())
}

#[test]
fn what_is_missing_or_wrong_is_named() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let program = module(store.engine(), PROGRAM);
    let error = linker
        .instantiate(&mut store, &program)
        .expect_err("nothing is defined");
    let said = error.to_string();
    assert!(
        said.contains("unknown import") && said.contains("`library.memory`"),
        "{said}"
    );
    let library = instance(&mut store, &linker, LIBRARY);
    linker.instance(&store, "library", library)?;
    linker.allow_shadowing(true);
    linker.func_wrap("library", "double", |x: f64| x)?;
    let error = linker
        .instantiate(&mut store, &program)
        .expect_err("a type is wrong");
    let said = error.to_string();
    assert!(
        said.contains("incompatible import type for `library.double`"),
        "{said}"
    );
    assert!(
        said.contains("(i32) -> (i32)") && said.contains("(f64) -> (f64)"),
        "{said}"
    );
    linker.allow_shadowing(false);
    let error = linker
        .func_wrap("library", "double", || {})
        .expect_err("the name is taken");
    assert!(
        error
            .to_string()
            .contains("`library.double` is defined already"),
        "{error}"
    );
    linker.alias_module("library", "other")?;
    assert!(linker.get(&mut store, "other", "memory").is_some());
    assert!(linker.alias_module("nothing", "other").is_err());
    Ok(())
}

#[test]
fn unknown_functions_can_be_left_to_fail_when_called() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let text = r#"(module (import "env" "absent" (func $absent (param i32)))
        (func (export "ok")) (func (export "run") (call $absent (i32.const 1))))"#;
    let module = module(store.engine(), text);
    linker.define_unknown_imports_as_traps(&module)?;
    let instance = linker.instantiate(&mut store, &module)?;
    instance
        .get_typed_func::<(), ()>(&store, "ok")?
        .call(&mut store, ())?;
    let run = instance.get_typed_func::<(), ()>(&store, "run")?;
    let error = run.call(&mut store, ()).expect_err("it is not there");
    assert!(error.to_string().contains("`env.absent`"), "{error}");
    Ok(())
}

#[test]
fn entities_made_by_the_host() -> Result<(), Error> {
    let (mut store, linker) = world(());
    let constant = GlobalType {
        content: ValType::I64,
        mutable: false,
    };
    let global = Global::new(&mut store, constant, Val::I64(5))?;
    assert!(global.set(&mut store, Val::I64(6)).is_err());
    assert!(Global::new(&mut store, constant, Val::I32(5)).is_err());
    let ty = TableType::new(ValType::FuncRef, 1, Some(3));
    let table = Table::new(&mut store, ty, Val::FuncRef(None))?;
    let func = Func::wrap(&mut store, || 42);
    assert_eq!(table.grow(&mut store, 2, Val::FuncRef(Some(func)))?, 1);
    assert!(table.grow(&mut store, 1, Val::FuncRef(None)).is_err());
    assert!(table.set(&mut store, 3, Val::FuncRef(None)).is_err());
    assert!(table.set(&mut store, 0, Val::ExternRef(None)).is_err());
    let text = r#"(module (import "" "table" (table 3 funcref)) (import "" "global" (global i64))
        (func (export "run") (result i32 i64)
            (call_indirect (result i32) (i32.const 2)) global.get 0))"#;
    let module = module(linker.engine(), text);
    let imports: [Extern; 2] = [table.into(), global.into()];
    let instance = Instance::instantiate(&mut store, &module, &imports)?;
    let run = instance.get_typed_func::<(), (i32, i64)>(&store, "run")?;
    assert_eq!(run.call(&mut store, ())?, (42, 5));
    assert!(Instance::instantiate(&mut store, &module, &imports[..1]).is_err());
    let (mut other, _) = world(());
    let module = crate::module(other.engine(), text);
    let error = Instance::instantiate(&mut other, &module, &imports);
    let error = error.expect_err("the imports are of another store");
    assert!(error.to_string().contains("another store"), "{error}");
    Ok(())
}

#[test]
fn the_start_function_runs_and_its_trap_is_reported() -> Result<(), Error> {
    let (mut store, mut linker) = world(0_u32);
    linker.func_wrap("host", "started", |mut caller: interp::Caller<'_, u32>| {
        *caller.data_mut() += 1;
    })?;
    instance(
        &mut store,
        &linker,
        r#"(module (import "host" "started" (func $f)) (start $f))"#,
    );
    assert_eq!(*store.data(), 1);
    let traps = module(store.engine(), "(module (func $f unreachable) (start $f))");
    let error = linker
        .instantiate(&mut store, &traps)
        .expect_err("it traps");
    assert_eq!(error.as_trap(), Some(Trap::UnreachableCodeReached));
    Ok(())
}
