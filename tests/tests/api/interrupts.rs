//! Interrupts. Each one stops one call: the running one, or the next one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use interp::{Caller, Error, Extern, Func, Trap, TypedFunc};

use crate::{instance, world};

const SHORT: &str = r#"(module
    (import "host" "press" (func $press))
    (import "host" "call" (func $call))
    (func (export "nothing"))
    (func (export "press") (call $press))
    (func (export "nested") (call $call))
    (func (export "spin") (loop $again (br $again))))"#;

/// A host function that calls the program's `nothing`.
fn call_nothing<T: 'static>(mut caller: Caller<'_, T>) -> Result<(), Error> {
    let nothing = caller.get_export("nothing").and_then(Extern::into_func);
    nothing
        .expect("it is exported")
        .call(&mut caller, &[], &mut [])
}

fn is_interrupt(outcome: &Result<(), Error>) -> bool {
    match outcome {
        Ok(()) => false,
        Err(error) => {
            assert_eq!(error.as_trap(), Some(Trap::Interrupt), "{error}");
            true
        }
    }
}

#[test]
fn a_pending_interrupt_stops_the_next_call_at_its_entry() -> Result<(), Error> {
    let (mut store, mut linker) = world(0_u32);
    let handle = store.interrupt_handle();
    let press = handle.clone();
    linker.func_wrap("host", "press", move |mut caller: Caller<'_, u32>| {
        *caller.data_mut() += 1;
        press.interrupt();
    })?;
    linker.func_wrap("host", "call", call_nothing::<u32>)?;
    let instance = instance(&mut store, &linker, SHORT);
    let func = |name| instance.get_typed_func::<(), ()>(&store, name);
    let (nothing, press, nested) = (func("nothing")?, func("press")?, func("nested")?);
    let host = Func::wrap(&mut store, || ());
    let host: TypedFunc<(), ()> = host.typed(&store)?;
    // Each call is stopped at its entry: a short function, a host function, one that interrupts itself, one with a nested
    // call.
    for next in [nothing, host, press, nested] {
        handle.interrupt();
        handle.interrupt();
        assert!(is_interrupt(&next.call(&mut store, ())));
        assert!(!is_interrupt(&nothing.call(&mut store, ())));
    }
    assert_eq!(*store.data(), 0, "nothing of a stopped call has run");
    // An interrupt during a host function stops the running call, and no other.
    assert!(is_interrupt(&press.call(&mut store, ())));
    assert!(!is_interrupt(&nested.call(&mut store, ())));
    // The interrupt was taken back.
    assert!(!handle.clear());
    handle.interrupt();
    assert!(handle.clear() && !handle.clear());
    nothing.call(&mut store, ())
}

/// Another thread interrupts at any moment, while short calls, calls of host functions and endless calls follow each other.
/// The number of stopped calls equals the number of interrupts.
#[test]
fn each_interrupt_stops_exactly_one_call() -> Result<(), Error> {
    const ROUNDS: u32 = 200;
    let (mut store, mut linker) = world(());
    linker.func_wrap("host", "press", || ())?;
    linker.func_wrap("host", "call", call_nothing::<()>)?;
    let instance = instance(&mut store, &linker, SHORT);
    let func = |name| instance.get_typed_func::<(), ()>(&store, name);
    let calls = [func("nothing")?, func("press")?, func("nested")?];
    let spin = func("spin")?;
    let handle = store.interrupt_handle();
    let stopped = Arc::new(AtomicU32::new(0));
    let done = Arc::new(AtomicBool::new(false));
    let interrupter = std::thread::spawn({
        let (stopped, done) = (stopped.clone(), done.clone());
        move || {
            for round in 0..ROUNDS {
                handle.interrupt();
                while stopped.load(Ordering::Acquire) <= round {
                    std::thread::yield_now();
                }
            }
            done.store(true, Ordering::Release);
            // An interrupt that came too late would be pending now.
            handle.clear()
        }
    });
    let mut turn = 0_usize;
    while !done.load(Ordering::Acquire) {
        turn += 1;
        let last = stopped.load(Ordering::Acquire) >= ROUNDS;
        let call = match turn % 64 {
            0 if !last => spin,
            turn => calls[turn % 3],
        };
        if is_interrupt(&call.call(&mut store, ())) {
            stopped.fetch_add(1, Ordering::Release);
        }
    }
    assert_eq!(stopped.load(Ordering::Acquire), ROUNDS);
    let pending = interrupter.join().expect("the other thread ended");
    assert!(!pending);
    calls[0].call(&mut store, ())
}
