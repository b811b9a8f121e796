//! Atomic instructions and shared memories, with one thread.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use interp::{Config, Engine, Error, Memory, MemoryType, Module, Store, Trap};

use crate::{instance, module, world};

const WAIT: &str = r#"(module
    (memory (export "memory") 1 1 shared)
    (memory $own 1 1)
    (func (export "wait") (param i32 i32 i64) (result i32)
        (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
    (func (export "wait in own") (param i32 i32 i64) (result i32)
        (memory.atomic.wait32 $own (local.get 0) (local.get 1) (local.get 2)))
    (func (export "notify") (param i32 i32) (result i32)
        (memory.atomic.notify (local.get 0) (local.get 1))))"#;

#[test]
fn a_wait_ends_with_its_timeout() -> Result<(), Error> {
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, WAIT);
    let wait = instance.get_typed_func::<(i32, i32, i64), i32>(&store, "wait")?;
    let begin = Instant::now();
    assert_eq!(
        wait.call(&mut store, (8, 1, 1 << 60))?,
        1,
        "not as expected"
    );
    assert_eq!(wait.call(&mut store, (8, 0, 30_000_000))?, 2, "timed out");
    let taken = begin.elapsed();
    assert!(taken >= Duration::from_millis(30), "{taken:?}");
    let failures = [
        ((8, 0, -1), Trap::AtomicWaitForever),
        ((6, 0, 1), Trap::HeapMisaligned),
        ((65_536, 0, 1), Trap::MemoryOutOfBounds),
    ];
    for (arguments, trap) in failures {
        let error = wait.call(&mut store, arguments).expect_err("it traps");
        assert_eq!(error.as_trap(), Some(trap), "{arguments:?}");
    }
    let own = instance.get_typed_func::<(i32, i32, i64), i32>(&store, "wait in own")?;
    let error = own.call(&mut store, (8, 1, 0)).expect_err("it traps");
    assert_eq!(error.as_trap(), Some(Trap::AtomicWaitNonSharedMemory));
    let notify = instance.get_typed_func::<(i32, i32), i32>(&store, "notify")?;
    assert_eq!(notify.call(&mut store, (8, 100))?, 0, "nobody waits");
    assert!(notify.call(&mut store, (9, 1)).is_err());
    Ok(())
}

#[test]
fn the_embedder_can_wait_in_its_own_way() -> Result<(), Error> {
    let (mut store, linker) = world(Vec::new());
    store.on_atomic_wait(|waited: &mut Vec<Duration>, time| {
        waited.push(time);
        if waited.len() > 1 {
            return Err(Error::new("no more"));
        }
        Ok(())
    });
    let instance = instance(&mut store, &linker, WAIT);
    let wait = instance.get_typed_func::<(i32, i32, i64), i32>(&store, "wait")?;
    assert_eq!(wait.call(&mut store, (0, 0, i64::MAX))?, 2);
    let error = wait
        .call(&mut store, (0, 0, 5))
        .expect_err("the hook fails");
    assert!(error.to_string().contains("no more"), "{error}");
    let times = [i64::MAX as u64, 5].map(Duration::from_nanos);
    assert_eq!(*store.data(), times);
    Ok(())
}

#[test]
fn an_interrupt_ends_a_wait() -> Result<(), Error> {
    let (mut store, linker) = world(());
    let instance = instance(&mut store, &linker, WAIT);
    let wait = instance.get_typed_func::<(i32, i32, i64), i32>(&store, "wait")?;
    let handle = store.interrupt_handle();
    let begin = Instant::now();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        handle.interrupt();
    });
    let error = wait
        .call(&mut store, (0, 0, 600_000_000_000))
        .expect_err("it is interrupted");
    assert_eq!(error.as_trap(), Some(Trap::Interrupt));
    assert!(begin.elapsed() < Duration::from_secs(60));
    thread.join().expect("the thread ends");
    Ok(())
}

/// Each read-modify-write instruction in each width, with operands in locals and as results of other instructions.
#[test]
fn every_operation_returns_the_old_number_and_stores_the_new_one() -> Result<(), Error> {
    /// What an operation makes of the old number, the operand, and the expected number.
    type Operation = (&'static str, fn(u64, u64, u64) -> u64);
    const OPERATIONS: [Operation; 7] = [
        ("add", |old, by, _| old.wrapping_add(by)),
        ("sub", |old, by, _| old.wrapping_sub(by)),
        ("and", |old, by, _| old & by),
        ("or", |old, by, _| old | by),
        ("xor", |old, by, _| old ^ by),
        ("xchg", |_, by, _| by),
        (
            "cmpxchg",
            |old, by, expected| if old == expected { by } else { old },
        ),
    ];
    let (mut store, linker) = world(());
    let mut checked = 0;
    for (bits, suffix) in [
        (32, ""),
        (64, ""),
        (32, "8"),
        (32, "16"),
        (64, "8"),
        (64, "16"),
        (64, "32"),
    ] {
        for (name, operation) in OPERATIONS {
            let width: u32 = suffix.parse().unwrap_or(bits);
            let end = if suffix.is_empty() { "" } else { "_u" };
            let ty = format!("i{bits}");
            let expected = if name == "cmpxchg" {
                "(local.get 2)"
            } else {
                ""
            };
            let nested = if name == "cmpxchg" {
                format!("({ty}.add (local.get 2) ({ty}.const 0))")
            } else {
                String::new()
            };
            let instruction = format!("{ty}.atomic.rmw{suffix}.{name}{end} offset=8");
            let text = format!(
                r#"(module (memory (export "memory") 1 1 shared)
                (func (export "locals") (param i32 {ty} {ty}) (result {ty})
                    ({instruction} (local.get 0) {expected} (local.get 1)))
                (func (export "results") (param i32 {ty} {ty}) (result {ty})
                    ({ty}.const 5)
                    ({instruction} (i32.add (local.get 0) (i32.const 0)) {nested}
                        ({ty}.add (local.get 1) ({ty}.const 0)))
                    ({ty}.add)
                    ({ty}.sub ({ty}.const 5))))"#
            );
            let instance = instance(&mut store, &linker, &text);
            let memory = instance.get_memory(&store, "memory").expect("exported");
            let mask = u64::MAX >> (64 - width);
            for func in ["locals", "results"] {
                for (old, by, expected) in [
                    (0x1122_3344_5566_7788, 0x0f1e_2d3c_4b5a_6978, 0x7788),
                    (u64::MAX, 1, mask),
                    (0, u64::MAX, 0),
                ] {
                    memory.write(&mut store, 16, &u64::to_le_bytes(old))?;
                    let func = instance.get_func(&store, func).expect("exported");
                    let value = |number: u64| match bits {
                        32 => interp::Val::I32(number as i32),
                        _ => interp::Val::I64(number as i64),
                    };
                    let mut results = [value(0)];
                    let arguments = [interp::Val::I32(8), value(by), value(expected)];
                    func.call(&mut store, &arguments, &mut results)?;
                    let read = old & mask;
                    assert_eq!(results[0], value(read), "{instruction}");
                    let number = |number: u64| number & (u64::MAX >> (64 - bits));
                    let new = operation(read, number(by), number(expected)) & mask;
                    let mut bytes = [0; 8];
                    memory.read(&store, 16, &mut bytes)?;
                    assert_eq!(
                        u64::from_le_bytes(bytes),
                        old & !mask | new,
                        "{instruction}"
                    );
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, 7 * 7 * 2 * 3);
    Ok(())
}

#[test]
fn shared_and_own_memories_are_different_types() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let ty = MemoryType {
        is_shared: true,
        ..MemoryType::new(1, Some(2))
    };
    let shared = Memory::new(&mut store, ty)?;
    assert!(shared.ty(&store).is_shared);
    let own = Memory::new(&mut store, MemoryType::new(1, Some(2)))?;
    linker.define("host", "shared", shared)?;
    linker.define("host", "own", own)?;
    for (name, ty, links) in [
        ("shared", "1 2 shared", true),
        ("own", "1 2 shared", false),
        ("shared", "1 2", false),
        ("own", "1 2", true),
    ] {
        let text = format!(r#"(module (import "host" "{name}" (memory {ty})))"#);
        let module = module(linker.engine(), &text);
        let linked = linker.instantiate(&mut store, &module);
        assert_eq!(linked.is_ok(), links, "{name} as {ty}");
    }
    Ok(())
}

#[test]
fn atomics_can_be_turned_off() {
    let engine = Engine::new(Config::new().wasm_threads(false));
    for text in [
        "(memory 1 1 shared)",
        "(memory 1) (func (drop (i32.atomic.load (i32.const 0))))",
    ] {
        let bytes = wat::parse_str(format!("(module {text})")).expect("the text is a module");
        let error = Module::new(&engine, bytes).expect_err("it is turned off");
        assert!(error.to_string().contains("turned off"), "{error}");
    }
}

#[test]
fn the_hook_of_one_store_is_its_own() -> Result<(), Error> {
    let seen = Arc::new(Mutex::new(0));
    let engine = Engine::default();
    let mut first = Store::new(&engine, ());
    let counter = Arc::clone(&seen);
    first.on_atomic_wait(move |(), _| {
        *counter.lock().expect("no panic") += 1;
        Ok(())
    });
    let mut second = Store::new(&engine, ());
    let linker = interp::Linker::new(&engine);
    for store in [&mut first, &mut second] {
        let instance = instance(store, &linker, WAIT);
        let wait = instance.get_typed_func::<(i32, i32, i64), i32>(&*store, "wait")?;
        assert_eq!(wait.call(store, (0, 0, 1))?, 2);
    }
    assert_eq!(*seen.lock().expect("no panic"), 1);
    Ok(())
}
