//! Handles of another store, and types that no module can have. Every call that returns a `Result` fails with an error.

use std::panic::{AssertUnwindSafe, catch_unwind};

use interp::{
    Error, ExternRef, Func, FuncType, Global, GlobalType, Instance, Linker, Memory, MemoryType,
    Store, Table, TableType, Val, ValType,
};

use crate::{instance, module, world};

const ALL: &str = r#"(module
    (memory (export "memory") 1)
    (table (export "table") 2 10 funcref)
    (global (export "global") (mut funcref) (ref.null func))
    (func (export "func") (param funcref) (result i32) (ref.is_null (local.get 0))))"#;

/// A store with one item of each kind.
struct World {
    store: Store<()>,
    linker: Linker<()>,
    instance: Instance,
    func: Func,
    memory: Memory,
    table: Table,
    global: Global,
}

impl World {
    fn new(linker: Linker<()>) -> Self {
        let mut store = Store::new(linker.engine(), ());
        let instance = instance(&mut store, &linker, ALL);
        Self {
            func: instance.get_func(&store, "func").expect("exported"),
            memory: instance.get_memory(&store, "memory").expect("exported"),
            table: instance.get_table(&store, "table").expect("exported"),
            global: instance.get_global(&store, "global").expect("exported"),
            store,
            linker,
            instance,
        }
    }
}

/// An operation on a store with handles of another one.
type Misuse = fn(&mut World, &World) -> Result<(), Error>;

const MISUSES: &[(&str, Misuse)] = &[
    ("Func::call", |here, there| {
        let mut results = [Val::I32(0)];
        let null = [Val::FuncRef(None)];
        there.func.call(&mut here.store, &null, &mut results)
    }),
    ("Func::call with an argument", |here, there| {
        let mut results = [Val::I32(0)];
        let func = [Val::FuncRef(Some(there.func))];
        here.func.call(&mut here.store, &func, &mut results)
    }),
    ("Func::typed", |here, there| {
        there
            .func
            .typed::<Option<Func>, i32>(&here.store)
            .map(|_| ())
    }),
    ("TypedFunc::call", |here, there| {
        let typed = there.func.typed::<Option<Func>, i32>(&there.store)?;
        typed.call(&mut here.store, None).map(|_| ())
    }),
    ("TypedFunc::call with an argument", |here, there| {
        let typed = here.func.typed::<Option<Func>, i32>(&here.store)?;
        typed.call(&mut here.store, Some(there.func)).map(|_| ())
    }),
    ("Instance::get_typed_func", |here, there| {
        there
            .instance
            .get_typed_func::<Option<Func>, i32>(&here.store, "func")
            .map(|_| ())
    }),
    ("Memory::read", |here, there| {
        Ok(there.memory.read(&here.store, 0, &mut [0])?)
    }),
    ("Memory::write", |here, there| {
        Ok(there.memory.write(&mut here.store, 0, &[0])?)
    }),
    ("Memory::grow", |here, there| {
        there.memory.grow(&mut here.store, 1).map(|_| ())
    }),
    ("Table::new with an element", |here, there| {
        let ty = there.table.ty(&there.store);
        Table::new(&mut here.store, ty, Val::FuncRef(Some(there.func))).map(|_| ())
    }),
    ("Table::set", |here, there| {
        there.table.set(&mut here.store, 0, Val::FuncRef(None))
    }),
    ("Table::set with an element", |here, there| {
        let func = Val::FuncRef(Some(there.func));
        here.table.set(&mut here.store, 0, func)
    }),
    ("Table::grow", |here, there| {
        let grown = there.table.grow(&mut here.store, 1, Val::FuncRef(None));
        grown.map(|_| ())
    }),
    ("Table::grow with an element", |here, there| {
        let func = Val::FuncRef(Some(there.func));
        here.table.grow(&mut here.store, 1, func).map(|_| ())
    }),
    ("Global::new with a value", |here, there| {
        let ty = there.global.ty(&there.store);
        Global::new(&mut here.store, ty, Val::FuncRef(Some(there.func))).map(|_| ())
    }),
    ("Global::set", |here, there| {
        there.global.set(&mut here.store, Val::FuncRef(None))
    }),
    ("Global::set with a value", |here, there| {
        let func = Val::FuncRef(Some(there.func));
        here.global.set(&mut here.store, func)
    }),
    ("Instance::instantiate", |here, there| {
        for (import, item) in [
            (
                r#"(import "a" "b" (func (param funcref) (result i32)))"#,
                there.func.into(),
            ),
            (r#"(import "a" "b" (memory 1))"#, there.memory.into()),
            (r#"(import "a" "b" (table 1 funcref))"#, there.table.into()),
            (
                r#"(import "a" "b" (global (mut funcref)))"#,
                there.global.into(),
            ),
        ] {
            let module = module(here.linker.engine(), &format!("(module {import})"));
            let made = Instance::instantiate(&mut here.store, &module, &[item]);
            assert!(made.is_err(), "{import}");
            here.linker.allow_shadowing(true).define("a", "b", item)?;
            let made = here.linker.instantiate(&mut here.store, &module);
            assert!(made.is_err(), "{import}");
            made?;
        }
        Ok(())
    }),
    ("Linker::instance", |here, there| {
        let mut linker = here.linker.clone();
        linker
            .instance(&here.store, "there", there.instance)
            .map(|_| ())
    }),
    ("a result of Func::wrap", |here, there| {
        let func = there.func;
        let func = Func::wrap(&mut here.store, move || Some(func));
        func.call(&mut here.store, &[], &mut [Val::FuncRef(None)])
    }),
    ("a result of Func::new", |here, there| {
        let func = Val::FuncRef(Some(there.func));
        let ty = FuncType::new([], [ValType::FuncRef]);
        let func = Func::new(&mut here.store, ty, move |_, _, results| {
            results[0] = func;
            Ok(())
        });
        func.call(&mut here.store, &[], &mut [Val::FuncRef(None)])
    }),
    ("an externref", |here, there| {
        // The other store is only borrowed, so a store that is created here serves the same purpose.
        let mut other = Store::new(there.linker.engine(), ());
        let value = Val::ExternRef(Some(ExternRef::new(&mut other, 1_u8)));
        let ty = GlobalType {
            content: ValType::ExternRef,
            mutable: true,
        };
        Global::new(&mut here.store, ty, value).map(|_| ())
    }),
];

#[test]
fn a_handle_of_another_store_is_an_error() {
    for (name, misuse) in MISUSES {
        let linker = world(()).1;
        let (mut here, there) = (World::new(linker.clone()), World::new(linker));
        let outcome = catch_unwind(AssertUnwindSafe(|| misuse(&mut here, &there)));
        let error = outcome
            .unwrap_or_else(|_| panic!("{name} panics"))
            .expect_err(name);
        let says = error.to_string();
        assert!(says.contains("another store"), "{name}: {says}");
        // The store stays usable.
        let mut results = [Val::I32(7)];
        here.func
            .call(&mut here.store, &[Val::FuncRef(None)], &mut results)
            .expect("nothing else has happened");
        assert_eq!(results[0].i32(), Some(1));
    }
}

/// A frame's header counts parameters in 16 bits. More parameters must never reach the machine.
#[test]
fn functions_with_too_many_parameters_are_refused() {
    let (mut store, mut linker) = world(());
    for (params, results) in [(1001, 0), (0, 1001), (65_536, 0), (70_000, 1)] {
        let types = |count| std::iter::repeat_n(ValType::I32, count);
        let ty = FuncType::new(types(params), types(results));
        let defined = linker.func_new("host", "wide", ty.clone(), |_, _, _| Ok(()));
        let says = defined.expect_err("it is too wide").to_string();
        assert!(says.contains("1000"), "{says}");
        let made = catch_unwind(AssertUnwindSafe(|| {
            Func::new(&mut store, ty, |_, _, _| Ok(()))
        }));
        assert!(made.is_err(), "documented as a panic");
    }
    let types = || std::iter::repeat_n(ValType::I64, 1000);
    let func = Func::new(
        &mut store,
        FuncType::new(types(), types()),
        |_, from, to| {
            to.copy_from_slice(from);
            Ok(())
        },
    );
    let params: Vec<_> = (0..1000).map(Val::I64).collect();
    let mut results = vec![Val::I64(0); 1000];
    func.call(&mut store, &params, &mut results)
        .expect("1000 are allowed");
    assert_eq!(results[999].i64(), Some(999));
}

#[test]
fn tables_hold_references_only() {
    let (mut store, _) = world(());
    let ty = TableType::new(ValType::I64, 1, None);
    let made = Table::new(&mut store, ty, Val::I64(12345));
    assert!(made.is_err_and(|error| error.to_string().contains("i64")));
    let memory = Memory::new(&mut store, MemoryType::new(2, Some(1)));
    assert!(memory.is_err(), "it is larger than it may be");
}
