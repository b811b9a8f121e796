//! Limits on memories, tables, instances and the stack, and the sources of memories.

use std::sync::Arc;

use interp::{
    Caller, Config, Engine, Error, FixedRegion, Linker, Memory, MemoryType, Store, StoreLimits,
    StoreLimitsBuilder, StorePart, Table, TableType, Trap, Val, ValType,
};

use crate::{instance, module, world};

const GROW: &str = r#"(module
    (memory (export "memory") 1 100)
    (table 1 100 funcref)
    (func (export "memory.grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "memory.size") (result i32) memory.size)
    (func (export "table.grow") (param i32) (result i32)
        (table.grow (ref.null func) (local.get 0)))
    (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1))))"#;

fn limited(limits: StoreLimits) -> (Store<StoreLimits>, Linker<StoreLimits>) {
    let (mut store, linker) = world(limits);
    store.limiter(|limits| limits);
    (store, linker)
}

#[test]
fn a_limit_makes_growing_fail() -> Result<(), Error> {
    let limits = StoreLimitsBuilder::new()
        .memory_size(3 << 16)
        .table_elements(5);
    let (mut store, linker) = limited(limits.build());
    let instance = instance(&mut store, &linker, GROW);
    let memory = instance.get_typed_func::<i32, i32>(&store, "memory.grow")?;
    let table = instance.get_typed_func::<i32, i32>(&store, "table.grow")?;
    assert_eq!(memory.call(&mut store, 2)?, 1);
    assert_eq!(memory.call(&mut store, 1)?, -1);
    assert_eq!(memory.call(&mut store, 0)?, 3);
    assert_eq!(table.call(&mut store, 4)?, 1);
    assert_eq!(table.call(&mut store, 1)?, -1);
    Ok(())
}

#[test]
fn a_limit_may_stop_the_program() -> Result<(), Error> {
    let limits = StoreLimitsBuilder::new().memory_size(3 << 16);
    let (mut store, linker) = limited(limits.trap_on_grow_failure(true).build());
    let instance = instance(&mut store, &linker, GROW);
    let memory = instance.get_typed_func::<i32, i32>(&store, "memory.grow")?;
    let error = memory.call(&mut store, 3).expect_err("the limit stops it");
    assert!(error.to_string().contains("the limit is 196608"), "{error}");
    Ok(())
}

#[test]
fn instances_memories_and_tables_are_counted() -> Result<(), Error> {
    let limits = StoreLimitsBuilder::new().instances(1).tables(1).memories(2);
    let (mut store, linker) = limited(limits.build());
    instance(&mut store, &linker, GROW);
    let another = module(store.engine(), "(module)");
    let error = linker
        .instantiate(&mut store, &another)
        .expect_err("it is one too many");
    assert!(
        error.to_string().contains("more than 1 instances"),
        "{error}"
    );
    Memory::new(&mut store, MemoryType::new(1, None))?;
    assert!(Memory::new(&mut store, MemoryType::new(1, None)).is_err());
    Ok(())
}

/// A memory keeps its bytes when either side grows it, and each side sees the writes of the other.
fn grows_for_both_sides(config: &Config) -> Result<(), Error> {
    let engine = Engine::new(config);
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "grow", |mut caller: Caller<'_, ()>| {
        let memory = caller
            .get_export("memory")
            .and_then(interp::Extern::into_memory);
        let memory = memory.ok_or_else(|| Error::new("the caller exports its memory"))?;
        let pages = memory.grow(&mut caller, 2)?;
        memory.data_mut(&mut caller)[5 << 16] = 77;
        Ok::<_, Error>(pages)
    })?;
    let text = r#"(module
        (import "host" "grow" (func $grow (result i64)))
        (memory (export "memory") 1 10)
        (func (export "run") (result i32)
            (i32.store8 (i32.const 0) (i32.const 11))
            (drop (memory.grow (i32.const 3)))
            (i32.store8 (i32.const 0x30000) (i32.const 22))
            (if (i64.ne (call $grow) (i64.const 4)) (then unreachable))
            (i32.load8_u (i32.const 0x50000))))"#;
    let instance = instance(&mut store, &linker, text);
    let memory = instance
        .get_memory(&store, "memory")
        .expect("it is exported");
    memory.write(&mut store, 1, b"host")?;
    let run = instance.get_typed_func::<(), i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, ())?, 77);
    assert_eq!(memory.size(&store), 6);
    let mut start = [0; 5];
    memory.read(&store, 0, &mut start)?;
    assert_eq!(&start, b"\x0bhost");
    assert_eq!(memory.data(&store)[0x30000], 22);
    assert!(memory.read(&store, 6 << 16, &mut [0]).is_err());
    assert!(memory.write(&mut store, usize::MAX, &[0]).is_err());
    assert!(memory.grow(&mut store, 5).is_err());
    Ok(())
}

#[test]
fn memories_grow_wherever_they_come_from() -> Result<(), Error> {
    grows_for_both_sides(&Config::new())?;
    grows_for_both_sides(Config::new().memory_reallocated())?;
    let region = Box::leak(vec![0xee; 6 << 16].into_boxed_slice());
    grows_for_both_sides(Config::new().memory_creator(Arc::new(FixedRegion::new(region))))
}

const RECURSE: &str = r#"(module
    (func $deep (export "run") (param i32) (result i32)
        (if (result i32) (local.get 0)
            (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))
            (else (i32.const 0)))))"#;

#[test]
fn a_million_nested_calls_and_then_too_many() -> Result<(), Error> {
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, RECURSE);
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 1_000_000)?, 1_000_000);
    let error = run
        .call(&mut store, i32::MAX)
        .expect_err("no stack is that deep");
    assert_eq!(error.as_trap(), Some(Trap::StackOverflow));
    let trace = error.backtrace().expect("it says where");
    assert!(!trace.is_complete() && !trace.frames().is_empty());
    assert_eq!(run.call(&mut store, 10)?, 10);
    Ok(())
}

#[test]
fn the_stack_is_as_large_as_it_was_set() -> Result<(), Error> {
    let engine = Engine::new(Config::new().max_stack_bytes(64 << 10));
    let (mut store, linker) = (Store::new(&engine, ()), Linker::new(&engine));
    let instance = instance(&mut store, &linker, RECURSE);
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    assert_eq!(run.call(&mut store, 500)?, 500);
    let error = run
        .call(&mut store, 8 << 10)
        .expect_err("a call takes more than a slot");
    assert_eq!(error.as_trap(), Some(Trap::StackOverflow));
    Ok(())
}

/// Modules that take many bytes in different ways, with a part of the error message.
fn greedy() -> Vec<(&'static str, String, &'static str)> {
    let many = |count: usize, text: &str| text.repeat(count);
    vec![
        (
            "the minimum of one memory",
            "(memory 17)".to_owned(),
            "another memory",
        ),
        ("many memories", many(17, "(memory 1)"), "another memory"),
        (
            "the minimum of one table",
            "(table 200000 funcref)".to_owned(),
            "another table",
        ),
        (
            "many tables",
            many(20, "(table 10000 funcref)"),
            "another table",
        ),
        (
            "a memory beside tables of the host's references",
            format!("(memory 10) {}", many(6, "(table 10000 externref)")),
            "another memory",
        ),
        (
            "a long element segment",
            format!("(func $f) (elem func {})", many(140_000, "$f ")),
            "another instance",
        ),
        (
            "many globals",
            many(30_000, "(global i32 (i32.const 0))"),
            "another instance",
        ),
        ("many functions", many(40_000, "(func)"), "another instance"),
    ]
}

#[test]
fn the_sum_of_all_parts_is_limited() -> Result<(), Error> {
    for (name, text, says) in greedy() {
        let (mut store, linker) = limited(StoreLimitsBuilder::new().total_size(1 << 20).build());
        let module = module(store.engine(), &format!("(module {text})"));
        let error = linker
            .instantiate(&mut store, &module)
            .expect_err("it is too much");
        assert!(error.to_string().contains(says), "{name}: {error}");
        // Each of them fits into eight times as much.
        let (mut store, linker) = limited(StoreLimitsBuilder::new().total_size(8 << 20).build());
        let module = crate::module(store.engine(), &format!("(module {text})"));
        linker.instantiate(&mut store, &module)?;
    }
    Ok(())
}

#[test]
fn what_grows_is_counted_whoever_makes_it_grow() -> Result<(), Error> {
    let (mut store, linker) = limited(StoreLimitsBuilder::new().total_size(10 << 16).build());
    let first = instance(&mut store, &linker, GROW);
    let second = instance(&mut store, &linker, GROW);
    let grow = |store: &mut Store<StoreLimits>, instance: interp::Instance, pages: i32| {
        let memory = instance.get_typed_func::<i32, i32>(&*store, "memory.grow")?;
        memory.call(store, pages)
    };
    // Two of ten pages are taken, and parts of a third one for the instances.
    assert_eq!(grow(&mut store, first, 4)?, 1);
    assert_eq!(grow(&mut store, second, 4)?, -1);
    assert_eq!(grow(&mut store, second, 3)?, 1);
    assert_eq!(grow(&mut store, first, 1)?, -1);
    assert_eq!(store.bytes(StorePart::Memories), 9 << 16);
    // A table's element has 8 bytes. Tables and memories of the host are counted as well.
    let table = first.get_typed_func::<i32, i32>(&store, "table.grow")?;
    assert_eq!(table.call(&mut store, 99)?, 1);
    assert_eq!(store.bytes(StorePart::Tables), 101 * 8);
    let ty = |min| TableType::new(ValType::FuncRef, min, None);
    assert!(Table::new(&mut store, ty(8192), Val::FuncRef(None)).is_err());
    let own = Table::new(&mut store, ty(1000), Val::FuncRef(None))?;
    assert!(own.grow(&mut store, 8192, Val::FuncRef(None)).is_err());
    own.grow(&mut store, 1000, Val::FuncRef(None))?;
    assert!(Memory::new(&mut store, MemoryType::new(1, None)).is_err());
    assert_eq!(store.bytes(StorePart::Tables), 2101 * 8);
    // The code of the functions that were called.
    let code = store.bytes(StorePart::Code);
    assert!((8..1000).contains(&code), "{code}");
    Ok(())
}

#[test]
fn code_is_counted_when_it_is_lowered() -> Result<(), Error> {
    let sum = "(local.set 0 (i32.mul (local.get 0) (i32.const 77777)))".repeat(1000);
    let text =
        format!(r#"(module (func (export "small")) (func (export "large") (local i32) {sum}))"#);
    let (mut store, linker) = limited(StoreLimitsBuilder::new().total_size(5000).build());
    let instance = instance(&mut store, &linker, &text);
    let small = instance.get_typed_func::<(), ()>(&store, "small")?;
    let large = instance.get_typed_func::<(), ()>(&store, "large")?;
    small.call(&mut store, ())?;
    for _ in 0..2 {
        let error = large.call(&mut store, ()).expect_err("it is too long");
        assert!(error.to_string().contains("lowered code"), "{error}");
    }
    small.call(&mut store, ())?;
    *store.data_mut() = StoreLimitsBuilder::new().total_size(1 << 20).build();
    large.call(&mut store, ())?;
    assert!(store.bytes(StorePart::Code) > 5000);
    // The code is not counted for another store that uses it.
    let mut other = Store::new(store.engine(), StoreLimitsBuilder::new().build());
    let again = linker.instantiate(&mut other, &instance.module(&store))?;
    again
        .get_typed_func::<(), ()>(&other, "large")?
        .call(&mut other, ())?;
    assert_eq!(other.bytes(StorePart::Code), 0);
    Ok(())
}

#[test]
fn dropped_element_segments_are_given_back() -> Result<(), Error> {
    let elements = "$f ".repeat(1000);
    let text = format!(
        r#"(module (func $f) (elem $passive func {elements}) (table 1000 funcref) (elem (i32.const 0) {elements})
            (func (export "drop") (elem.drop $passive)))"#
    );
    let (mut store, linker) = limited(StoreLimitsBuilder::new().build());
    let instance = instance(&mut store, &linker, &text);
    let before = store.bytes(StorePart::Instances);
    assert!((8000..16_000).contains(&before), "{before}");
    let drop = instance.get_typed_func::<(), ()>(&store, "drop")?;
    drop.call(&mut store, ())?;
    drop.call(&mut store, ())?;
    assert_eq!(before - store.bytes(StorePart::Instances), 8000);
    Ok(())
}
