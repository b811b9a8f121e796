//! Calls that stop and continue later: at the end of fuel, and at a failure of a host function.

use interp::{
    Caller, Config, Engine, Error, Extern, Func, Instance, Linker, Memory, MemoryType,
    ResumableCall, Store, Trap, Val,
};

use wasi_shim::in_memory::Captured;
use wasi_shim::{Wasi, WasiBuilder, bind};

use crate::{instance, module};

/// Contains every state that a suspension can interrupt: floats in accumulators, recursion, calls in tail position, through
/// a table, of another instance and of the host, and a growing memory.
const PROGRAM: &str = r#"(module
    (import "host" "ask" (func $ask (param i32) (result i32)))
    (import "host" "wide" (func $wide (param f64) (result i64 f64 i32)))
    (import "other" "half" (func $half (param f64) (result f64)))
    (memory (export "memory") 1 9)
    (global $count (mut i64) (i64.const 0))
    (type $unary (func (param f64) (result f64)))
    (table funcref (elem $square $third $half))
    (func $square (param f64) (result f64) (f64.mul (local.get 0) (local.get 0)))
    (func $third (param f64) (result f64) (f64.div (local.get 0) (f64.const 3)))
    (func $even (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
        (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
    (func $odd (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
        (return_call $even (i32.sub (local.get 0) (i32.const 1))))
    (func $fib (param i32) (result i64)
        (global.set $count (i64.add (global.get $count) (i64.const 1)))
        (if (result i64) (i32.lt_u (local.get 0) (i32.const 2))
            (then (i64.extend_i32_u (local.get 0)))
            (else (i64.add
                (call $fib (i32.sub (local.get 0) (i32.const 1)))
                (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
    (func (export "run") (param $turns i32) (result f64 i64 i32)
        (local $sum f64) (local $bits i64) (local $turn i32) (local $f f32)
        (loop $again
            (local.set $sum (f64.add (local.get $sum)
                (call_indirect (type $unary)
                    (f64.add (f64.convert_i32_u (local.get $turn)) (f64.const 0.5))
                    (i32.rem_u (local.get $turn) (i32.const 3)))))
            (local.set $f (f32.add (f32.demote_f64 (local.get $sum)) (local.get $f)))
            (local.set $bits (i64.xor (i64.rotl (local.get $bits) (i64.const 7)) (call $fib (i32.rem_u (local.get $turn) (i32.const 7)))))
            (drop (memory.grow (i32.const 1)))
            (i64.store (i32.mul (local.get $turn) (i32.const 8)) (local.get $bits))
            (call $wide (local.get $sum))
            (local.set $turn (i32.add (local.get $turn)))
            (local.set $sum (f64.add (local.get $sum)))
            (local.set $bits (i64.add (local.get $bits)))
            (local.set $bits (i64.add (local.get $bits) (i64.extend_i32_u (call $ask (local.get $turn)))))
            (local.set $bits (i64.add (local.get $bits) (i64.extend_i32_u (call $even (local.get $turn)))))
            (br_if $again (i32.lt_u (local.get $turn) (local.get $turns))))
        (f64.add (local.get $sum) (f64.promote_f32 (local.get $f)))
        (i64.add (local.get $bits) (global.get $count))
        (i32.add (memory.size) (i32.load (i32.const 16)))))"#;

const OTHER: &str = r#"(module (global $calls (mut i32) (i32.const 0)) (memory 1)
    (func $step (param f64) (result f64) (f64.mul (local.get 0) (f64.const 0.5)))
    (func (export "half") (param f64) (result f64)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.store (i32.const 0) (global.get $calls))
        (f64.add (call $step (local.get 0)) (f64.convert_i32_u (i32.load (i32.const 0))))))"#;

const TURNS: i32 = 11;

/// A new store with the program in it.
struct World {
    store: Store<()>,
    linker: Linker<()>,
    run: Func,
}

impl World {
    fn new() -> Self {
        let engine = Engine::new(Config::new().consume_fuel(true));
        let (mut store, mut linker) = (Store::new(&engine, ()), Linker::new(&engine));
        store.set_fuel(1 << 30).expect("it is metered");
        linker.func_wrap("host", "ask", answer).expect("it is free");
        linker.func_wrap("host", "wide", three).expect("it is free");
        let other = instance(&mut store, &linker, OTHER);
        linker
            .instance(&mut store, "other", other)
            .expect("it is free");
        let instance = instance(&mut store, &linker, PROGRAM);
        let run = instance.get_func(&store, "run").expect("it is exported");
        Self { store, linker, run }
    }

    /// The results and the fuel of a run without a suspension.
    fn plainly() -> (Vec<u64>, u64) {
        let mut world = Self::new();
        let mut results = zeros();
        world
            .run
            .call(&mut world.store, &[Val::I32(TURNS)], &mut results)
            .expect("it runs");
        let left = world.store.get_fuel().expect("it is metered");
        (bits(&results), (1 << 30) - left)
    }

    fn begin(&mut self, results: &mut [Val]) -> ResumableCall {
        self.run
            .call_resumable(&mut self.store, &[Val::I32(TURNS)], results)
            .expect("it is suspended")
    }

    /// Changes of the store by other calls while one is suspended: functions, memories and the stack move.
    fn disturb(&mut self, call: bool) {
        let text = r#"(module (memory 1) (func $f (export "deep") (param i32) (result i32)
            (if (result i32) (local.get 0)
                (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))
                (else (i32.const 0)))))"#;
        let deep = instance(&mut self.store, &self.linker, text);
        Memory::new(&mut self.store, MemoryType::new(1, None)).expect("there is room");
        if call {
            let fuel = self.store.get_fuel().expect("it is metered");
            self.store.set_fuel(10_000).expect("it is metered");
            let deep = deep
                .get_typed_func::<i32, i32>(&self.store, "deep")
                .expect("it is exported");
            assert_eq!(deep.call(&mut self.store, 3000).expect("it runs"), 3000);
            self.store.set_fuel(fuel).expect("it is metered");
        }
    }
}

fn answer(of: i32) -> i32 {
    of * 3 + 1
}

fn three(of: f64) -> (i64, f64, i32) {
    (of as i64, of / 7.0, 1)
}

fn zeros() -> [Val; 3] {
    [Val::F64(0), Val::I64(0), Val::I32(0)]
}

fn bits(results: &[Val]) -> Vec<u64> {
    results
        .iter()
        .map(|value| match value {
            Val::I32(value) => u64::from(value.cast_unsigned()),
            Val::I64(value) => value.cast_unsigned(),
            Val::F32(bits) => u64::from(*bits),
            Val::F64(bits) => *bits,
            _ => unreachable!("these are numbers"),
        })
        .collect()
}

/// Resumes a call from any kind of suspension, with `slice` units of fuel.
fn go_on(
    world: &mut World,
    call: ResumableCall,
    slice: u64,
    results: &mut [Val],
) -> Result<ResumableCall, Error> {
    match call {
        ResumableCall::Finished => Ok(call),
        ResumableCall::OutOfFuel(call) => {
            assert_eq!(world.store.get_fuel()?, 0);
            world.store.set_fuel(slice)?;
            call.resume(&mut world.store, results)
        }
        ResumableCall::HostTrap(call) => {
            assert_eq!(call.host_error().to_string(), "wait");
            let ty = call.host_func().ty(&world.store);
            let supplied = supplied(ty.results().len());
            call.resume(&mut world.store, &supplied, results)
        }
    }
}

thread_local! {
    /// The arguments of the host function that failed. It has no other way to pass them on.
    static ASKED: std::cell::Cell<(i32, f64)> = const { std::cell::Cell::new((0, 0.0)) };
}

/// The results of the host function that has failed.
fn supplied(len: usize) -> Vec<Val> {
    let (asked, wide) = ASKED.get();
    match len {
        1 => vec![answer(asked).into()],
        _ => {
            let (a, b, c) = three(wide);
            vec![a.into(), b.into(), c.into()]
        }
    }
}

/// A store whose host functions record their arguments, and fail.
fn waiting() -> World {
    let mut world = World::new();
    let mut linker = world.linker.clone();
    linker.allow_shadowing(true);
    linker
        .func_wrap("host", "ask", |of: i32| -> Result<i32, Error> {
            ASKED.set((of, ASKED.get().1));
            Err(Error::new("wait"))
        })
        .expect("shadowing is allowed");
    linker
        .func_wrap(
            "host",
            "wide",
            |of: f64| -> Result<(i64, f64, i32), Error> {
                ASKED.set((ASKED.get().0, of));
                Err(Error::new("wait"))
            },
        )
        .expect("shadowing is allowed");
    let instance = instance(&mut world.store, &linker, PROGRAM);
    world.run = instance
        .get_func(&world.store, "run")
        .expect("it is exported");
    world.linker = linker;
    world
}

#[test]
fn suspended_at_each_unit_of_fuel_it_computes_the_same() -> Result<(), Error> {
    let (expected, need) = World::plainly();
    for slice in [1, 2, 3, 5, 64] {
        for failing in [false, true] {
            let mut world = match failing {
                true => waiting(),
                false => World::new(),
            };
            let mut results = zeros();
            world.store.set_fuel(slice)?;
            let mut call = world.begin(&mut results);
            let mut granted = slice;
            let mut turn = 0;
            while !matches!(call, ResumableCall::Finished) {
                turn += 1;
                if turn < 100 {
                    world.disturb(turn % 10 == 0);
                }
                if matches!(call, ResumableCall::OutOfFuel(_)) {
                    granted += slice;
                }
                call = go_on(&mut world, call, slice, &mut results)?;
            }
            assert_eq!(bits(&results), expected, "{slice} {failing}");
            let used = granted - world.store.get_fuel()?;
            assert_eq!(used, need, "{slice} {failing}");
        }
    }
    Ok(())
}

#[test]
fn suspended_calls_go_on_in_any_order() -> Result<(), Error> {
    let (expected, _) = World::plainly();
    let mut world = waiting();
    let linker = world.linker.clone();
    let text = r#"(module (import "host" "ask" (func $ask (param i32) (result i32)))
        (func $f (export "sum") (param i32 i32) (result i32)
            (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
            (i32.add (i32.mul (local.get 1) (call $ask (local.get 0)))
                (call $f (i32.sub (local.get 0) (i32.const 1)) (local.get 1)))))"#;
    let sum = instance(&mut world.store, &linker, text)
        .get_func(&world.store, "sum")
        .expect("it is exported");
    let mut calls = Vec::new();
    for factor in 1..=5 {
        let params = [Val::I32(20), Val::I32(factor)];
        let mut results = [Val::I32(0)];
        let call = sum.call_resumable(&mut world.store, &params, &mut results)?;
        calls.push((factor, 20, call));
    }
    let mut results = zeros();
    let mut long = world.begin(&mut results);
    let asked = ASKED.get();
    let mut ended = 0;
    while !calls.is_empty() {
        // Each call in its turn. One is dropped.
        let (factor, at, call) = calls.remove(0);
        if factor == 3 && at == 10 {
            drop(call);
            continue;
        }
        let ResumableCall::HostTrap(call) = call else {
            panic!("there is fuel enough");
        };
        let mut sum = [Val::I32(0)];
        match call.resume(&mut world.store, &[Val::I32(at)], &mut sum)? {
            ResumableCall::Finished => {
                assert_eq!(sum[0].i32(), Some(factor * 210));
                ended += 1;
            }
            call => calls.push((factor, at - 1, call)),
        }
    }
    assert_eq!(ended, 4);
    ASKED.set(asked);
    while !matches!(long, ResumableCall::Finished) {
        long = go_on(&mut world, long, 1 << 20, &mut results)?;
    }
    assert_eq!(bits(&results), expected);
    Ok(())
}

#[test]
fn a_call_of_another_store_and_wrong_results_are_refused() -> Result<(), Error> {
    for wrong in 0..4 {
        let (mut here, mut there) = (waiting(), waiting());
        let mut results = zeros();
        let ResumableCall::HostTrap(call) = there.begin(&mut results) else {
            panic!("the host waits");
        };
        let fits = supplied(3);
        let outcome = match wrong {
            0 => call.resume(&mut here.store, &fits, &mut results),
            1 => call.resume(&mut there.store, &fits[..2], &mut results),
            2 => call.resume(&mut there.store, &[fits[1], fits[0], fits[2]], &mut results),
            _ => call.resume(&mut there.store, &fits, &mut []),
        };
        let error = outcome.expect_err("it does not fit").to_string();
        assert_eq!(error.contains("another store"), wrong == 0, "{error}");
        // Both stores are usable.
        there.disturb(true);
        here.disturb(true);
    }
    let (mut here, mut there) = (World::new(), World::new());
    there.store.set_fuel(3)?;
    let ResumableCall::OutOfFuel(call) = there.begin(&mut zeros()) else {
        panic!("there is no fuel");
    };
    let error = call.resume(&mut here.store, &mut zeros());
    assert!(error.is_err_and(|error| error.to_string().contains("another store")));
    Ok(())
}

/// A call inside of a host function fails. The host function decides whether the outer call is suspended.
#[test]
fn calls_nest_and_only_resumable_ones_are_suspended() -> Result<(), Error> {
    let engine = Engine::new(Config::new().consume_fuel(true));
    let (mut store, mut linker) = (Store::new(&engine, None), Linker::new(&engine));
    linker.func_wrap(
        "host",
        "plain",
        |mut caller: Caller<'_, Option<ResumableCall>>| {
            let inner = exported(&caller, "inner");
            let mut results = [Val::I32(0)];
            let error = inner
                .call(&mut caller, &[], &mut results)
                .expect_err("there is no fuel");
            assert_eq!(error.as_trap(), Some(Trap::OutOfFuel));
            Err::<i32, _>(error)
        },
    )?;
    linker.func_wrap(
        "host",
        "resumable",
        |mut caller: Caller<'_, Option<ResumableCall>>| {
            let inner = exported(&caller, "inner");
            let mut results = [Val::I32(0)];
            caller.set_fuel(5)?;
            let call = inner.call_resumable(&mut caller, &[], &mut results)?;
            assert!(matches!(call, ResumableCall::OutOfFuel(_)));
            *caller.data_mut() = Some(call);
            caller.set_fuel(1000)?;
            Ok::<i32, Error>(7)
        },
    )?;
    let text = r#"(module
        (import "host" "plain" (func $plain (result i32)))
        (import "host" "resumable" (func $resumable (result i32)))
        (func (export "plain") (result i32) (i32.add (call $plain) (i32.const 100)))
        (func (export "resumable") (result i32) (i32.add (call $resumable) (i32.const 100)))
        (func (export "trap") unreachable)
        (func (export "inner") (result i32) (local i32)
            (loop $again (br_if $again (i32.lt_u
                (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 50))))
            (local.get 0)))"#;
    let instance = instance(&mut store, &linker, text);
    let func = |store: &Store<_>, name| instance.get_func(store, name).expect("exported");
    let mut results = [Val::I32(0)];

    store.set_fuel(10)?;
    let plain = func(&store, "plain");
    let ResumableCall::HostTrap(call) = plain.call_resumable(&mut store, &[], &mut results)? else {
        panic!("the host function has failed, not the fuel of this call");
    };
    assert_eq!(call.host_error().as_trap(), Some(Trap::OutOfFuel));
    store.set_fuel(10)?;
    let call = call.resume(&mut store, &[Val::I32(1)], &mut results)?;
    assert!(matches!(call, ResumableCall::Finished));
    assert_eq!(results[0].i32(), Some(101));

    // The call was suspended inside of a host function, and is resumed outside of it.
    func(&store, "resumable").call(&mut store, &[], &mut results)?;
    assert_eq!(results[0].i32(), Some(107));
    let inner = store.data_mut().take().expect("the host function left it");
    let ResumableCall::OutOfFuel(inner) = inner else {
        panic!("it waits for fuel");
    };
    store.set_fuel(1000)?;
    let inner = inner.resume(&mut store, &mut results)?;
    assert!(matches!(inner, ResumableCall::Finished));
    assert_eq!(results[0].i32(), Some(50));

    // Any other trap ends the call, and so does an interrupt.
    let trap = func(&store, "trap");
    let error = trap.call_resumable(&mut store, &[], &mut []);
    let error = error.expect_err("it traps");
    assert_eq!(error.as_trap(), Some(Trap::UnreachableCodeReached));
    assert_eq!(error.backtrace().map(|trace| trace.frames().len()), Some(1));
    store.interrupt_handle().interrupt();
    let error = trap.call_resumable(&mut store, &[], &mut []);
    assert_eq!(error.expect_err("it is").as_trap(), Some(Trap::Interrupt));
    Ok(())
}

fn exported<T>(caller: &Caller<'_, T>, name: &str) -> Func {
    let func = caller.get_export(name).and_then(Extern::into_func);
    func.expect("it is exported")
}

/// Suspended calls can be kept by another thread, and outlive their store.
#[test]
fn a_suspended_call_may_outlive_its_store() {
    fn is_sent<V: Send + Sync>(_: &V) {}
    let mut world = World::new();
    world.store.set_fuel(40).expect("it is metered");
    let call = world.begin(&mut zeros());
    is_sent(&call);
    drop(world);
    drop(call);
    let engine = Engine::default();
    let module = module(&engine, "(module)");
    let mut store = Store::new(&engine, ());
    Instance::instantiate(&mut store, &module, &[]).expect("it is empty");
}

/// A Go program, which its runtime interrupts, runs in slices of fuel. Its output and its end are the same as without
/// slices.
#[test]
fn a_go_program_runs_in_slices() -> Result<(), Box<dyn std::error::Error>> {
    let path = tests::tools::repository().join("tests/guests/filecopy/main.wasm");
    let engine = Engine::new(Config::new().consume_fuel(true));
    let module = interp::Module::new(&engine, std::fs::read(path)?)?;
    let run = |slice: u64| -> Result<_, Box<dyn std::error::Error>> {
        let output = Captured::new(1 << 20);
        let mut builder = WasiBuilder::new();
        builder.arg("filecopy").stderr(Box::new(output.clone()));
        let mut store = Store::new(&engine, builder.build()?);
        let mut linker = Linker::new(&engine);
        bind::add_to_linker(&mut linker, |wasi: &mut Wasi| wasi)?;
        let instance = linker.instantiate(&mut store, &module)?;
        let start = instance.get_func(&store, "_start").ok_or("no _start")?;
        store.set_fuel(slice)?;
        let mut slices = 1;
        let mut call = start.call_resumable(&mut store, &[], &mut [])?;
        while let ResumableCall::OutOfFuel(waits) = call {
            slices += 1;
            store.set_fuel(slice)?;
            call = waits.resume(&mut store, &mut [])?;
        }
        let ResumableCall::HostTrap(exit) = call else {
            return Err("it ends by `proc_exit`".into());
        };
        Ok((exit.host_error().i32_exit_status(), output.take(), slices))
    };
    let (status, text, slices) = run(1 << 40)?;
    assert_eq!((status, slices), (Some(2), 1));
    assert_eq!(text, b"usage: filecopy FROM TO\n");
    for slice in [1, 97] {
        let (status, text, slices) = run(slice)?;
        assert_eq!(
            (status, &text[..]),
            (Some(2), &b"usage: filecopy FROM TO\n"[..])
        );
        assert!(slices > 20, "{slices}");
    }
    Ok(())
}
