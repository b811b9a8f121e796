//! Calls inside of host functions: which of them is suspended.

use interp::{
    Caller, Config, Engine, Error, Extern, Func, Linker, ResumableCall, Store, Trap, Val,
};

use crate::instance;

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
