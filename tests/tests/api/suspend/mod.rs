//! Calls that stop and go on later: where fuel ends, and where a host function fails.
//!
//! Here is a program that can be stopped in the middle of everything, and the [`World`] in which it runs.

mod going_on;
mod nesting;
mod wrong;

use interp::{Config, Engine, Error, Func, Linker, Memory, MemoryType, ResumableCall, Store, Val};

use crate::instance;

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

/// A fresh world with the program in it.
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

    /// The results without a suspension, and the fuel of that.
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
        ResumableCall::Suspended(call) => call.resume(&mut world.store, results),
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
