//! Deadlines by an engine's clock, and call hooks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use interp::{
    CallHook, Caller, Error, Extern, Func, Linker, Store, Trap, TypedFunc, UpdateDeadline,
};

use crate::{instance, world};

const TEXT: &str = r#"(module
    (import "host" "work" (func $work))
    (func (export "spin") (loop $again (br $again)))
    (func (export "work") (call $work) (call $work))
    (func (export "nothing"))
    (func (export "trap") unreachable))"#;

fn func<T>(store: &mut Store<T>, linker: &Linker<T>, name: &str) -> TypedFunc<(), ()> {
    let instance = instance(store, linker, TEXT);
    instance
        .get_typed_func(&*store, name)
        .expect("it is exported")
}

/// Advances the clock of a store's engine until `work` has returned.
fn ticking<T: Send>(store: &mut Store<T>, work: impl FnOnce(&mut Store<T>)) {
    let (engine, done) = (store.engine().clone(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_millis(1));
                engine.increment_epoch();
            }
        });
        work(store);
        done.store(true, Ordering::Release);
    });
}

#[test]
fn a_deadline_stops_what_runs_and_stays_until_another_is_set() {
    let (mut store, mut linker) = world(());
    linker.func_wrap("host", "work", || ()).expect("it is free");
    let spin = func(&mut store, &linker, "spin");
    let nothing = func(&mut store, &linker, "nothing");
    let host = Func::wrap(&mut store, || ());
    store.engine().increment_epoch();
    nothing.call(&mut store, ()).expect("there is no deadline");
    store.set_epoch_deadline(3);
    ticking(&mut store, |store| {
        for _ in 0..2 {
            let error = spin.call(&mut *store, ()).expect_err("its time is over");
            assert_eq!(error.as_trap(), Some(Trap::Interrupt));
        }
    });
    assert!(store.engine().current_epoch() >= 4);
    assert!(nothing.call(&mut store, ()).is_err());
    assert!(host.call(&mut store, &[], &mut []).is_err());
    store.set_epoch_deadline(1);
    nothing.call(&mut store, ()).expect("it is not reached yet");
    store.engine().increment_epoch();
    assert!(nothing.call(&mut store, ()).is_err());
    store.set_epoch_deadline(u64::MAX);
    nothing.call(&mut store, ()).expect("it is never reached");
}

#[test]
fn a_callback_moves_the_deadline_or_stops_the_program() {
    let (mut store, mut linker) = world(0_u32);
    linker.func_wrap("host", "work", || ()).expect("it is free");
    store.epoch_deadline_callback(|reached| {
        *reached += 1;
        match *reached {
            0..5 => Ok(UpdateDeadline::Continue(2)),
            5 => Err(Error::new("five times")),
            _ => Ok(UpdateDeadline::Interrupt),
        }
    });
    let spin = func(&mut store, &linker, "spin");
    store.set_epoch_deadline(1);
    ticking(&mut store, |store| {
        let error = spin.call(&mut *store, ()).expect_err("it is stopped");
        assert!(error.to_string().starts_with("five times"), "{error}");
        assert_eq!(*store.data(), 5);
        let error = spin.call(&mut *store, ()).expect_err("it is stopped");
        assert_eq!(error.as_trap(), Some(Trap::Interrupt));
        store.epoch_deadline_trap();
        let error = spin.call(&mut *store, ()).expect_err("it is stopped");
        assert_eq!(error.as_trap(), Some(Trap::Interrupt));
        assert_eq!(*store.data(), 6);
    });
}

#[test]
fn a_deadline_is_looked_at_when_a_host_function_returns() {
    let (mut store, mut linker) = world(0_u32);
    linker
        .func_wrap("host", "work", |mut caller: Caller<'_, u32>| {
            caller.engine().increment_epoch();
            *caller.data_mut() += 1;
        })
        .expect("it is free");
    let work = func(&mut store, &linker, "work");
    store.set_epoch_deadline(1);
    let error = work.call(&mut store, ()).expect_err("it is stopped");
    assert_eq!(error.as_trap(), Some(Trap::Interrupt));
    assert_eq!(*store.data(), 1, "the second call was not made");
    assert_eq!(error.backtrace().map(|trace| trace.frames().len()), Some(1));
}

/// The transitions that a hook has seen, and the point at which it fails.
#[derive(Default)]
struct Seen {
    changes: String,
    fail_at: Option<CallHook>,
}

fn hooked() -> (Store<Seen>, Linker<Seen>) {
    let (mut store, mut linker) = world(Seen::default());
    linker
        .func_wrap("host", "work", |mut caller: Caller<'_, Seen>| {
            caller.data_mut().changes.push('w');
            let nothing = caller.get_export("nothing").and_then(Extern::into_func);
            nothing
                .expect("it is exported")
                .call(&mut caller, &[], &mut [])
        })
        .expect("it is free");
    store.call_hook(|mut store, change| {
        let seen = store.data_mut();
        seen.changes.push(match change {
            CallHook::CallingWasm => '<',
            CallHook::ReturningFromWasm => '>',
            CallHook::CallingHost => '[',
            CallHook::ReturningFromHost => ']',
        });
        match seen.fail_at == Some(change) {
            true => Err(Error::new("the hook fails")),
            false => Ok(()),
        }
    });
    (store, linker)
}

#[test]
fn a_hook_sees_each_change() {
    let (mut store, linker) = hooked();
    let work = func(&mut store, &linker, "work");
    let trap = func(&mut store, &linker, "trap");
    work.call(&mut store, ()).expect("it runs");
    assert_eq!(store.data().changes, "<[w<>][w<>]>");
    store.data_mut().changes.clear();
    let error = trap.call(&mut store, ()).expect_err("it traps");
    assert_eq!(error.as_trap(), Some(Trap::UnreachableCodeReached));
    let host = Func::wrap(&mut store, || ());
    host.call(&mut store, &[], &mut []).expect("it runs");
    trap.func()
        .call_resumable(&mut store, &[], &mut [])
        .expect_err("it traps");
    assert_eq!(store.data().changes, "<><>");
}

#[test]
fn a_hook_that_fails_stops_the_call() {
    for (at, expected) in [
        (CallHook::CallingWasm, "<"),
        (CallHook::CallingHost, "<[>"),
        (CallHook::ReturningFromHost, "<[w<>]>"),
        (CallHook::ReturningFromWasm, "<[w<>]>"),
    ] {
        let (mut store, linker) = hooked();
        let work = func(&mut store, &linker, "work");
        store.data_mut().fail_at = Some(at);
        let error = work.call(&mut store, ()).expect_err("the hook stops it");
        assert!(error.to_string().starts_with("the hook fails"), "{error}");
        assert_eq!(store.data().changes, expected, "{at:?}");
        store.data_mut().fail_at = None;
        work.call(&mut store, ()).expect("the store is whole");
    }
}

/// A hook receives the store, and may call programs itself.
#[test]
fn a_hook_may_use_the_store() {
    let (mut store, mut linker) = world(0_u32);
    linker.func_wrap("host", "work", || ()).expect("it is free");
    let work = func(&mut store, &linker, "work");
    let nothing = func(&mut store, &linker, "nothing");
    store.call_hook(move |mut store, _| {
        *store.data_mut() += 1;
        nothing.call(&mut store, ())
    });
    work.call(&mut store, ()).expect("it runs");
    assert_eq!(*store.data(), 6);
}
