//! Small functions that would take much time or memory to lower. They are refused with a message, or lowered within bounds.
//!
//! Memory is the peak of this program's allocations. Time is compared with that of validation alone. It is processor time, because other
//! programs may run at the same time.

mod allocated;
mod bodies;

use std::time::Duration;

use interp::{
    Config, Engine, Error, Linker, Module, ModuleErrorKind, Store, StoreLimitsBuilder, StorePart,
    Trap, Validation,
};

use bodies::{Bomb, bombs};
use rustix::time::{ClockId, clock_gettime};

/// Shorter times are not compared.
const SHORT: Duration = Duration::from_millis(700);
/// Bytes that may be allocated for each byte of a body, and additionally.
const BYTES_PER_BYTE: usize = 450;
const BYTES: usize = 24 << 20;

fn engine(validation: Validation) -> Engine {
    Engine::new(Config::new().validation(validation))
}

/// The processor time of this thread so far.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.try_into().expect("it is not negative")
}

/// The time of validating a module, and the error.
fn validated(bytes: &[u8]) -> (Duration, Option<Error>) {
    let engine = engine(Validation::Eager);
    let begun = now();
    let error = Module::new(&engine, bytes.to_vec()).err();
    (now() - begun, error)
}

/// Lowers the exported function `f`. The function returns at once.
fn lowered(module: &Module) -> Result<(), Error> {
    let mut store = Store::new(module.engine(), ());
    let instance = Linker::new(module.engine()).instantiate(&mut store, module)?;
    let func = instance.get_typed_func::<i32, ()>(&store, "f")?;
    func.call(&mut store, 1)
}

fn is_refused(error: &Error) -> bool {
    let kind = error.as_module_error().map(interp::ModuleError::kind);
    kind == Some(ModuleErrorKind::Unsupported)
}

#[test]
fn time_and_memory_are_bounded() {
    let _alone = allocated::alone();
    for Bomb {
        name,
        bytes,
        refused,
    } in bombs()
    {
        let (validation, error) = validated(&bytes);
        if let Some(error) = error {
            assert!(is_refused(&error), "{name}: {error}");
        }
        for mode in [Validation::Lazy, Validation::Eager] {
            let before = allocated::restart();
            let begun = now();
            let outcome = Module::new(&engine(mode), bytes.clone()).and_then(|module| {
                lowered(&module)?;
                Ok(module.code_size())
            });
            let (took, peak) = (now() - begun, allocated::peak() - before);
            println!(
                "{name}, {mode:?}: {took:?} after {validation:?}, {} MiB, {outcome:?}",
                peak >> 20
            );
            match outcome {
                Ok(_) => assert!(!refused, "{name}, {mode:?}: it is not refused"),
                Err(error) => assert!(is_refused(&error), "{name}, {mode:?}: {error}"),
            }
            let most = BYTES + BYTES_PER_BYTE * bytes.len();
            assert!(
                peak < most,
                "{name}, {mode:?}: {peak} bytes for {} of wasm",
                bytes.len()
            );
            let most = SHORT + 3 * validation;
            assert!(
                took < most,
                "{name}, {mode:?}: {took:?}, and {validation:?} to validate it"
            );
        }
    }
}

/// A limit on the store's bytes holds while one function is lowered: no more memory is allocated for it and its code than the limit
/// allows, besides the work space that is kept from function to function.
#[test]
fn a_limit_on_code_holds_while_a_function_is_lowered() -> Result<(), Error> {
    const LIMIT: usize = 4 << 20;
    const WORK_SPACE: usize = 16 << 20;
    let _alone = allocated::alone();
    let bytes = bodies::long(7_000_000);
    for mode in [Validation::Lazy, Validation::Eager] {
        let module = Module::new(&engine(mode), bytes.clone())?;
        for limited in [true, false] {
            let limits =
                StoreLimitsBuilder::new().total_size(if limited { LIMIT } else { 1 << 30 });
            let mut store = Store::new(module.engine(), limits.build());
            store.limiter(|limits| limits);
            let instance = Linker::new(module.engine()).instantiate(&mut store, &module)?;
            let func = instance.get_typed_func::<i32, ()>(&store, "f")?;
            let before = allocated::restart();
            let outcome = func.call(&mut store, 1);
            let peak = allocated::peak() - before;
            println!("{mode:?}, limited: {limited}: {} KiB", peak >> 10);
            assert_eq!(peak < LIMIT + WORK_SPACE, limited, "{peak} bytes");
            assert_eq!(module.code_size() > LIMIT, !limited);
            if limited {
                let error = outcome.expect_err("it is too long").to_string();
                assert!(
                    error.contains("a limit forbids more lowered code"),
                    "{error}"
                );
                assert_eq!(store.bytes(StorePart::Code), 0);
            } else {
                outcome?;
            }
        }
    }
    Ok(())
}

#[test]
fn an_interrupt_stops_lowering() -> Result<(), Error> {
    let _alone = allocated::alone();
    let module = Module::new(&engine(Validation::Lazy), bodies::long(4_000_000))?;
    let mut store = Store::new(module.engine(), 0);
    let instance = Linker::new(module.engine()).instantiate(&mut store, &module)?;
    let func = instance.get_typed_func::<i32, ()>(&store, "f")?;
    // The routine is called at least once for each 16 KiB. It stops the program at the hundredth call.
    store.interrupt_routine(|asked| {
        *asked += 1;
        match *asked {
            100 => Err(Error::new("that is enough")),
            _ => Ok(()),
        }
    });
    let error = func.call(&mut store, 1).expect_err("it is stopped");
    assert_eq!(error.lowered_func(), Some(0));
    assert!(
        error
            .to_string()
            .contains("that is enough, while function 0 was lowered"),
        "{error}"
    );
    func.call(&mut store, 1)?;
    Ok(())
}

#[test]
fn an_interrupt_from_a_thread_stops_lowering() -> Result<(), Error> {
    let _alone = allocated::alone();
    let module = Module::new(&engine(Validation::Lazy), bodies::long(4_000_000))?;
    let mut store = Store::new(module.engine(), ());
    let instance = Linker::new(module.engine()).instantiate(&mut store, &module)?;
    let func = instance.get_typed_func::<i32, ()>(&store, "f")?;
    store.interrupt_handle().interrupt();
    let error = func.call(&mut store, 1).expect_err("it is interrupted");
    assert_eq!(error.as_trap(), Some(Trap::Interrupt));
    func.call(&mut store, 1)
}

#[test]
fn a_hundred_thousand_segments_are_dropped_at_once() -> Result<(), Error> {
    let _alone = allocated::alone();
    for bytes in [bodies::data_drops(100_000), bodies::elem_drops(100_000)] {
        let module = Module::new(&engine(Validation::Lazy), bytes)?;
        let begun = now();
        lowered(&module)?;
        let took = now() - begun;
        assert!(took < Duration::from_secs(4), "{took:?}");
    }
    Ok(())
}
