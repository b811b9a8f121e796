//! The ways to stop a program: fuel, interrupts, errors of the host, its own exit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use interp::{Caller, Config, Engine, Error, Linker, Store, Trap, Validation};

use crate::{instance, world};

/// Counts down from its argument, with a call in each turn.
const COUNT: &str = r#"(module
    (func $call)
    (func (export "run") (param i32)
        (loop $again
            (call $call)
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#;

/// Runs for ever.
const FOREVER: &str = r#"(module (func (export "run") (loop $again (br $again))))"#;

fn metered(validation: Validation) -> Config {
    let mut config = Config::new();
    config.consume_fuel(true).validation(validation);
    config
}

/// Fuel that a run of `COUNT` consumes.
fn consumed(store: &mut Store<()>, linker: &Linker<()>, turns: i32) -> Result<u64, Error> {
    let instance = instance(store, linker, COUNT);
    let run = instance.get_typed_func::<i32, ()>(&*store, "run")?;
    let before = store.get_fuel()?;
    run.call(&mut *store, turns)?;
    Ok(before - store.get_fuel()?)
}

#[test]
fn fuel_is_one_unit_for_each_call_and_backward_branch() -> Result<(), Error> {
    for validation in [Validation::Eager, Validation::Lazy] {
        let engine = Engine::new(&metered(validation));
        let (mut store, linker) = (Store::new(&engine, ()), Linker::new(&engine));
        store.set_fuel(10_000_000)?;
        for turns in [1_i32, 2, 100, 200_000] {
            // A call in each turn, and a branch between two turns.
            let expected = u64::from(turns.unsigned_abs()) * 2 - 1;
            assert_eq!(
                consumed(&mut store, &linker, turns)?,
                expected,
                "{turns} turns"
            );
        }
    }
    Ok(())
}

#[test]
fn exactly_enough_fuel_is_enough() -> Result<(), Error> {
    let engine = Engine::new(&metered(Validation::Eager));
    let (mut store, linker) = (Store::new(&engine, ()), Linker::new(&engine));
    let instance = instance(&mut store, &linker, COUNT);
    let run = instance.get_typed_func::<i32, ()>(&store, "run")?;
    for turns in [1_i32, 1000, 100_000] {
        let need = u64::from(turns.unsigned_abs()) * 2 - 1;
        store.set_fuel(need)?;
        run.call(&mut store, turns)?;
        assert_eq!(store.get_fuel()?, 0);
        store.set_fuel(need - 1)?;
        let error = run.call(&mut store, turns).expect_err("a unit is missing");
        assert_eq!(error.as_trap(), Some(Trap::OutOfFuel));
        assert_eq!(store.get_fuel()?, 0);
    }
    Ok(())
}

/// Loops with a call in each turn: of the host, of a function in another instance, of one of three functions through the
/// table, and of a function in tail position.
const CALLS: &str = r#"(module
    (import "host" "look" (func $look))
    (import "other" "other" (func $other))
    (type $plain (func))
    (table funcref (elem $look $other $own))
    (func $own)
    (func (export "look") (param i32)
        (loop $again (call $look) (call $count (local.get 0)) (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "other") (param i32)
        (loop $again (call $other) (call $count (local.get 0)) (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "indirect") (param i32)
        (loop $again
            (call_indirect (type $plain) (i32.rem_u (local.get 0) (i32.const 3)))
            (call $count (local.get 0))
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func $count (param i32))
    (func $last (return_call $other))
    (func (export "tail") (param i32)
        (loop $again (call $last) (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#;

#[test]
fn a_call_costs_the_same_whoever_the_callee_is() -> Result<(), Error> {
    let engine = Engine::new(&metered(Validation::Eager));
    let (mut store, mut linker) = (Store::new(&engine, 0_u64), Linker::new(&engine));
    // The host reads the remaining fuel in the middle of a run.
    linker.func_wrap("host", "look", |mut caller: Caller<'_, u64>| {
        *caller.data_mut() = caller.get_fuel().expect("fuel is metered");
    })?;
    let other = instance(&mut store, &linker, r#"(module (func (export "other")))"#);
    linker.instance(&mut store, "other", other)?;
    let calls = instance(&mut store, &linker, CALLS);
    for (name, turns) in [
        ("look", 1),
        ("look", 70_000),
        ("other", 9),
        ("indirect", 600),
        ("tail", 5),
    ] {
        let run = calls.get_typed_func::<u32, ()>(&store, name)?;
        let need = u64::from(turns) * 3 - 1;
        store.set_fuel(need)?;
        run.call(&mut store, turns)?;
        assert_eq!(store.get_fuel()?, 0, "{turns} turns of {name}");
        // With one unit less, the run does not finish. With more fuel, it runs again.
        store.set_fuel(need - 1)?;
        let error = run.call(&mut store, turns).expect_err("a unit is missing");
        assert_eq!(error.as_trap(), Some(Trap::OutOfFuel), "{error}");
        assert_eq!(store.get_fuel()?, 0);
        store.set_fuel(2 * need)?;
        run.call(&mut store, turns)?;
        assert_eq!(store.get_fuel()?, need);
    }
    // The last look was at the last call of the table's first function, turn 3 of 600. The remaining units were its own,
    // those of the turn's other call and branch, and those of two more turns.
    let run = calls.get_typed_func::<u32, ()>(&store, "indirect")?;
    store.set_fuel(1799 + 100)?;
    run.call(&mut store, 600)?;
    assert_eq!(*store.data(), 100 + 9 - 1);
    Ok(())
}

#[test]
fn a_host_function_can_refill() -> Result<(), Error> {
    let engine = Engine::new(&metered(Validation::Eager));
    let (mut store, mut linker) = (Store::new(&engine, ()), Linker::new(&engine));
    linker.func_wrap("host", "refill", |mut caller: Caller<'_, ()>| {
        caller.set_fuel(10)
    })?;
    let text = r#"(module (import "host" "refill" (func $refill)) (func $call)
        (func (export "run") (param i32)
            (loop $again
                (call $refill)
                (call $call)
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#;
    let instance = instance(&mut store, &linker, text);
    let run = instance.get_typed_func::<i32, ()>(&store, "run")?;
    store.set_fuel(1)?;
    run.call(&mut store, 1000)?;
    // Of the last ten units: the call of the host, which is consumed when it has returned, and the other call.
    assert_eq!(store.get_fuel()?, 8);
    Ok(())
}

#[test]
fn without_metering_there_is_no_fuel_to_set() {
    let (mut store, _) = world(());
    assert!(store.set_fuel(1).is_err() && store.get_fuel().is_err());
}

#[test]
fn another_thread_interrupts_and_the_store_lives_on() -> Result<(), Error> {
    let (mut store, linker) = world(());
    let forever = instance(&mut store, &linker, FOREVER);
    let count = instance(&mut store, &linker, COUNT);
    let handle = store.interrupt_handle();
    let interrupter = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        handle.interrupt();
    });
    let run = forever.get_typed_func::<(), ()>(&store, "run")?;
    let error = run.call(&mut store, ()).expect_err("it was interrupted");
    assert_eq!(error.as_trap(), Some(Trap::Interrupt));
    interrupter.join().expect("the other thread ended");
    let run = count.get_typed_func::<i32, ()>(&store, "run")?;
    run.call(&mut store, 300_000)
}

#[test]
fn a_program_in_a_host_function_stops_when_that_returns() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    let handle = store.interrupt_handle();
    linker.func_wrap("host", "press", move || handle.interrupt())?;
    let text = r#"(module (import "host" "press" (func $press))
        (func (export "run") (call $press) (unreachable)))"#;
    let instance = instance(&mut store, &linker, text);
    let run = instance.get_typed_func::<(), ()>(&store, "run")?;
    let error = run.call(&mut store, ()).expect_err("it was interrupted");
    assert_eq!(error.as_trap(), Some(Trap::Interrupt), "{error}");
    let frames = error.backtrace().expect("it says where").frames();
    assert_eq!(frames.len(), 1);
    Ok(())
}

#[test]
fn a_routine_is_asked_from_time_to_time() -> Result<(), Error> {
    let (mut store, linker) = world(0_u32);
    store.interrupt_routine(|asked| {
        *asked += 1;
        match asked {
            1..=9 => Ok(()),
            _ => Err(Error::new("asked ten times")),
        }
    });
    let forever = instance(&mut store, &linker, FOREVER);
    let run = forever.get_typed_func::<(), ()>(&store, "run")?;
    let error = run
        .call(&mut store, ())
        .expect_err("the routine stopped it");
    assert!(error.to_string().starts_with("asked ten times"), "{error}");
    assert_eq!(*store.data(), 10);
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Broken(u32);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "broken {}", self.0)
    }
}

impl std::error::Error for Broken {}

#[test]
fn errors_of_the_host_arrive_as_they_are() -> Result<(), Error> {
    let (mut store, mut linker) = world(());
    linker.func_wrap("host", "fail", |code: u32| -> Result<(), Error> {
        match code {
            0..100 => Err(Error::i32_exit(code.cast_signed())),
            _ => Err(Error::host(Broken(code))),
        }
    })?;
    let text = r#"(module (import "host" "fail" (func $fail (param i32)))
        (func $middle (param i32) (call $fail (local.get 0)))
        (func (export "run") (param i32) (call $middle (local.get 0)) unreachable))"#;
    let instance = instance(&mut store, &linker, text);
    let run = instance.get_typed_func::<u32, ()>(&store, "run")?;
    let error = run.call(&mut store, 3).expect_err("the program exits");
    assert_eq!(error.i32_exit_status(), Some(3));
    assert!(error.backtrace().is_none(), "an exit is no fault");
    let error = run.call(&mut store, 300).expect_err("the host fails");
    assert_eq!(error.downcast_ref(), Some(&Broken(300)));
    let frames = error.backtrace().expect("it says where").frames();
    assert_eq!(frames.len(), 2, "{error}");
    assert_eq!(error.downcast::<Broken>().ok(), Some(Broken(300)));
    Ok(())
}

#[test]
fn stores_and_modules_can_be_used_from_other_threads() -> Result<(), Error> {
    let engine = Engine::default();
    let module = crate::module(&engine, COUNT);
    let ready = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (engine, module, ready) = (engine.clone(), module.clone(), ready.clone());
            std::thread::spawn(move || -> Result<Store<u32>, Error> {
                while !ready.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
                let mut store = Store::new(&engine, 7);
                let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
                let run = instance.get_typed_func::<i32, ()>(&store, "run")?;
                run.call(&mut store, 1000)?;
                Ok(store)
            })
        })
        .collect();
    ready.store(true, Ordering::Relaxed);
    for thread in threads {
        let store = thread.join().expect("the thread ended")?;
        assert_eq!(store.into_data(), 7);
    }
    Ok(())
}
