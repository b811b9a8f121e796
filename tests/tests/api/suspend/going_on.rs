//! A call that was suspended computes the same as one that was not: after each unit of fuel, in any order, in a Go program.

use interp::{Config, Engine, Error, Linker, ResumableCall, Store, Val};

use wasi_shim::in_memory::Captured;
use wasi_shim::{Wasi, WasiBuilder, bind};

use super::{ASKED, World, bits, go_on, waiting, zeros};
use crate::instance;

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
        // Each in its turn; one is given up.
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
