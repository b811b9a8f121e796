//! Probes: the embedder is called before chosen ops, and programs do not notice.

use std::collections::BTreeSet;

use interp::inspect::decode::Decoded;
use interp::{Caller, Config, Engine, Error, Instance, Linker, Module, Store, Trap, Val};

/// Programs with all kinds of calls, branches and pauses; `m1` imports from `m0`. The last module exports `run`.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("recursion", &[include_str!("freeze/recursion.wat")]),
    ("contents", &[include_str!("freeze/contents.wat")]),
    (
        "instances",
        &[
            include_str!("freeze/callee.wat"),
            include_str!("freeze/caller.wat"),
        ],
    ),
    #[cfg(all(feature = "simd", feature = "exceptions"))]
    ("proposals", &[include_str!("freeze/proposals.wat")]),
];

/// Fuel of each run.
const FUEL: u64 = 1 << 40;

/// What the host hears and sees.
#[derive(Debug, Default)]
struct Host {
    said: Vec<i32>,
    /// The function and the granule of each op at which it was called.
    seen: Vec<(u32, usize)>,
}

fn engine() -> Engine {
    Engine::new(Config::new().consume_fuel(true))
}

/// Instantiates the modules of a program.
fn instantiate(store: &mut Store<Host>, modules: &[&str]) -> Instance {
    let engine = store.engine().clone();
    store.set_fuel(FUEL).expect("fuel is metered");
    let mut linker = Linker::new(&engine);
    let say = |mut caller: Caller<'_, Host>, what: i32| {
        caller.data_mut().said.push(what);
        what + 1
    };
    linker.func_wrap("host", "say", say).expect("it is new");
    let mut last = None;
    for (index, text) in modules.iter().enumerate() {
        let bytes = wat::parse_str(text).expect("the text is a module");
        let module = Module::new(&engine, bytes).expect("the module is valid");
        let instance = linker
            .instantiate(&mut *store, &module)
            .expect("it is linked");
        for export in instance.exports(&*store) {
            linker
                .define(&format!("m{index}"), &export.name, export.value)
                .expect("it is new");
        }
        last = Some(instance);
    }
    last.expect("there is a module")
}

/// Runs `run`. Its result and the fuel that it takes.
fn run(store: &mut Store<Host>, instance: Instance) -> (u64, u64) {
    let func = instance.get_func(&*store, "run").expect("it is exported");
    let mut results = [Val::I64(0)];
    func.call(&mut *store, &[], &mut results).expect("it ends");
    let fuel = FUEL - store.get_fuel().expect("fuel is metered");
    let result = results[0].i64().expect("the result is an i64");
    (result.cast_unsigned(), fuel)
}

/// A store whose watcher notes where it is called.
fn watched(engine: &Engine) -> Store<Host> {
    let mut store = Store::new(engine, Host::default());
    store.enable_probes(|mut at| {
        let place = (at.defined_func(), at.granule());
        at.store().data_mut().seen.push(place);
        Ok(())
    });
    store
}

/// A store with an instance of one module.
fn watched_module(text: &str) -> (Store<Host>, Instance) {
    let mut store = watched(&engine());
    let instance = instantiate(&mut store, &[text]);
    (store, instance)
}

#[test]
fn a_program_with_a_probe_at_every_op_does_not_notice() {
    for (name, modules) in PROGRAMS {
        let mut plain = Store::new(&engine(), Host::default());
        let instance = instantiate(&mut plain, modules);
        let expected = run(&mut plain, instance);

        let mut store = watched(&engine());
        let instance = instantiate(&mut store, modules);
        store.probes().add(None, |_| true);
        assert_eq!(run(&mut store, instance), expected, "{name}");
        let host = store.into_data();
        assert_eq!(host.said, plain.into_data().said, "{name}");
        let ops: BTreeSet<_> = host.seen.iter().collect();
        assert!(ops.len() > 20, "{name}: {} ops ran", ops.len());
    }
}

#[test]
fn a_store_with_probes_that_are_not_set_runs_as_ever() {
    for (name, modules) in PROGRAMS {
        let mut plain = Store::new(&engine(), Host::default());
        let instance = instantiate(&mut plain, modules);
        let expected = run(&mut plain, instance);

        let mut store = watched(&engine());
        let instance = instantiate(&mut store, modules);
        let some = store.probes().add(None, Decoded::is_call);
        store.probes().remove(some);
        assert!(store.probes().is_empty());
        assert_eq!(run(&mut store, instance), expected, "{name}");
        assert_eq!(store.data().seen, [], "{name}");
    }
}

/// Counts down from its parameter.
const COUNTDOWN: &str = r#"(module
    (func $down (param i32) (result i32)
      (loop $again
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $again (local.get 0)))
      (local.get 0))
    (func (export "run") (result i64)
      (i64.extend_i32_u (i32.add (call $down (i32.const 5)) (call $down (i32.const 2))))))"#;

#[test]
fn a_probe_is_called_before_its_op_each_time() {
    let (mut store, instance) = watched_module(COUNTDOWN);
    let down = instance.debug_func(&store, 0).expect("it exists");
    store.probes().add(Some(&[down]), Decoded::is_branch);
    run(&mut store, instance);
    assert_eq!(store.data().seen.len(), 7);
    let places: BTreeSet<_> = store.data().seen.iter().collect();
    assert_eq!(places.len(), 1, "there is one branch");
}

#[test]
fn an_op_that_two_want_is_reported_once_and_as_long_as_one_wants_it() {
    let (mut store, instance) = watched_module(COUNTDOWN);
    let calls = store.probes().add(None, Decoded::is_call);
    let same = store.probes().add(None, Decoded::is_call);
    run(&mut store, instance);
    assert_eq!(store.data().seen.len(), 2);
    for (removed, expected) in [(calls, 4), (same, 4)] {
        store.probes().remove(removed);
        run(&mut store, instance);
        assert_eq!(store.data().seen.len(), expected);
    }
}

#[test]
fn a_watcher_can_set_and_remove_probes() {
    let mut store = Store::new(&engine(), Host::default());
    store.enable_probes(|mut at| {
        let place = (at.defined_func(), at.granule());
        at.store().data_mut().seen.push(place);
        // The op that it stands at is among those that lose theirs.
        at.probes().clear();
        at.probes().add(None, |op| op.def().name == "return");
        Ok(())
    });
    let instance = instantiate(&mut store, &[COUNTDOWN]);
    store.probes().add(None, Decoded::is_call);
    run(&mut store, instance);
    let funcs: Vec<_> = store.data().seen.iter().map(|(func, _)| *func).collect();
    assert_eq!(funcs, [1, 0, 0, 1], "a call, then the returns");
}

/// A store whose watcher removes each probe that it is called for.
fn watched_once(text: &str) -> (Store<Host>, Instance) {
    let mut store = Store::new(&engine(), Host::default());
    store.enable_probes(|mut at| {
        let place = (at.defined_func(), at.granule());
        at.store().data_mut().seen.push(place);
        at.remove();
        Ok(())
    });
    let instance = instantiate(&mut store, &[text]);
    (store, instance)
}

#[test]
fn a_watcher_that_removes_its_probe_sees_each_op_once() {
    let mut plain = Store::new(&engine(), Host::default());
    let instance = instantiate(&mut plain, &[COUNTDOWN]);
    let expected = run(&mut plain, instance);

    let (mut store, instance) = watched_once(COUNTDOWN);
    store.probes().add(None, |_| true);
    assert_eq!(run(&mut store, instance), expected);
    let seen = store.data().seen.len();
    let ops: BTreeSet<_> = store.data().seen.iter().collect();
    assert_eq!(ops.len(), seen);
    assert!(seen > 5, "{seen} ops ran");
    assert_eq!(run(&mut store, instance).0, expected.0);
    assert_eq!(store.data().seen.len(), seen);
}

#[test]
fn a_removed_probe_stays_away_when_others_are_removed_and_comes_back_with_a_new_one() {
    let (mut store, instance) = watched_once(COUNTDOWN);
    store.probes().add(None, Decoded::is_branch);
    let calls = store.probes().add(None, Decoded::is_call);
    run(&mut store, instance);
    assert_eq!(store.data().seen.len(), 3, "two calls and a branch");
    assert!(store.probes().is_empty());
    // The probes of what is left are set again, but not where they were removed.
    store.probes().remove(calls);
    assert!(store.probes().is_empty());
    run(&mut store, instance);
    assert_eq!(store.data().seen.len(), 3);

    // A new one is reported there, and when it goes, the old one does not take its place.
    let new = store.probes().add(None, Decoded::is_branch);
    assert_eq!(store.probes().len(), 1);
    store.probes().remove(new);
    assert!(store.probes().is_empty());
    store.probes().add(None, Decoded::is_branch);
    run(&mut store, instance);
    assert_eq!(store.data().seen.len(), 4);
    // Nothing is remembered of what was cleared.
    store.probes().clear();
    store.probes().add(None, Decoded::is_branch);
    assert_eq!(store.probes().len(), 1);
}

#[test]
fn other_stores_of_the_module_do_not_see_a_probe() {
    let engine = engine();
    let bytes = wat::parse_str(COUNTDOWN).expect("the text is a module");
    let module = Module::new(&engine, bytes).expect("it is valid");
    let linker = Linker::new(&engine);
    let mut first = Store::new(&engine, Host::default());
    first.enable_probes(|mut at| {
        at.store().data_mut().said.push(0);
        Ok(())
    });
    first.set_fuel(FUEL).expect("fuel is metered");
    let watched = linker
        .instantiate(&mut first, &module)
        .expect("it is linked");
    first.probes().add(None, |_| true);
    run(&mut first, watched);
    let calls = first.data().said.len();
    assert!(calls > 10);

    // Also from the module that the instance names.
    for module in [module, watched.module(&first)] {
        let mut second = Store::new(&engine, Host::default());
        second.set_fuel(FUEL).expect("fuel is metered");
        let instance = linker
            .instantiate(&mut second, &module)
            .expect("it is linked");
        run(&mut second, instance);
    }
    assert_eq!(first.data().said.len(), calls);
}

#[test]
fn a_call_that_grows_the_stack_is_reported_once() {
    const DEPTH: usize = 20_000;
    let text = r#"(module
        (func $deep (param i32) (result i32)
          (if (result i32) (local.get 0)
            (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))
            (else (i32.const 0))))
        (func (export "run") (result i64) (i64.extend_i32_u (call $deep (i32.const 20000)))))"#;
    let (mut store, instance) = watched_module(text);
    store.probes().add(None, Decoded::is_call);
    assert_eq!(run(&mut store, instance).0, DEPTH as u64);
    assert_eq!(store.data().seen.len(), DEPTH + 1);
}

#[test]
fn a_watcher_reads_slots_accumulators_and_memory() {
    let text = r#"(module (memory (export "memory") 1)
        (func (export "run") (result i64) (local i64)
          (i64.store (i32.const 16) (i64.const 77))
          (local.set 0 (i64.load (i32.const 16)))
          (i64.store (i32.const 24) (i64.add (local.get 0) (i64.const 1)))
          (i64.load (i32.const 24))))"#;
    let mut store = Store::new(&engine(), Host::default());
    store.enable_probes(|mut at| {
        let memory = at
            .instance()
            .get_memory(&at, "memory")
            .expect("it is exported");
        let value = i32::from(memory.data(at.store())[24]);
        let highest = at.slots().iter().filter(|slot| **slot == 77).count() as i32;
        let wasm = at.module_offset().expect("it has a position");
        let ops = at.ops();
        let op = ops.iter().find(|op| op.at == at.granule());
        assert!(op.is_some_and(|op| op.def().name == "i64.load"));
        assert_eq!(at.backtrace().frames().len(), 1);
        let place = (at.defined_func(), wasm);
        let said = [value, highest, at.acc() as i32];
        let mut store = at.store();
        store.data_mut().seen.push(place);
        store.data_mut().said.extend(said);
        Ok(())
    });
    let instance = instantiate(&mut store, &[text]);
    store.probes().add(None, |op| op.def().name == "i64.load");
    assert_eq!(run(&mut store, instance).0, 78);
    let host = store.into_data();
    assert_eq!(host.seen.len(), 2);
    assert!(host.seen[0].1 < host.seen[1].1, "{:?}", host.seen);
    assert_eq!((host.said[0], host.said[3], host.said[4]), (0, 78, 1));
}

#[test]
fn a_watcher_can_stop_the_program() {
    let mut store = Store::new(&engine(), Host::default());
    store.enable_probes(|_| Err(Error::new("stopped at a probe")));
    let instance = instantiate(&mut store, &[COUNTDOWN]);
    store.probes().add(None, Decoded::is_branch);
    let func = instance.get_func(&store, "run").expect("it is exported");
    let error = func
        .call(&mut store, &[], &mut [Val::I64(0)])
        .expect_err("it is stopped");
    assert!(error.to_string().contains("stopped at a probe"), "{error}");
    let frames = error.backtrace().expect("it has one").frames().len();
    assert_eq!(frames, 2);
    // The store stays usable.
    store.enable_probes(|_| Ok(()));
    assert_eq!(run(&mut store, instance).0, 0);
}

#[test]
fn a_watcher_that_panics_panics_in_the_call() {
    let mut store = Store::new(&engine(), Host::default());
    store.enable_probes(|_| panic!("of the watcher"));
    let instance = instantiate(&mut store, &[COUNTDOWN]);
    store.probes().add(None, Decoded::is_branch);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run(&mut store, instance);
    }));
    assert!(caught.is_err());
    store.probes().clear();
    assert_eq!(run(&mut store, instance).0, 0);
}

#[test]
fn a_watcher_can_call_the_program() {
    let text = r#"(module
        (func (export "help") (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
        (func (export "run") (result i64) (local i64)
          (loop $again
            (local.set 0 (i64.add (local.get 0) (i64.const 2)))
            (br_if $again (i64.lt_u (local.get 0) (i64.const 10))))
          (local.get 0)))"#;
    let mut store = Store::new(&engine(), Host::default());
    store.enable_probes(|mut at| {
        let help = at.instance().get_typed_func::<i64, i64>(&at, "help")?;
        let value = help.call(&mut at, 41)?;
        at.store().data_mut().said.push(value as i32);
        Ok(())
    });
    let instance = instantiate(&mut store, &[text]);
    // Also in `help`, where it is not called.
    store.probes().add(None, |_| true);
    assert_eq!(run(&mut store, instance).0, 10);
    let said = store.into_data().said;
    assert!(
        said.len() > 5 && said.iter().all(|said| *said == 42),
        "{said:?}"
    );
}

#[test]
fn a_trap_behind_a_probe_has_its_place() {
    let text = r#"(module (func (export "run") (result i64) (local i32)
        (i64.extend_i32_u (i32.div_u (i32.const 1) (local.get 0)))))"#;
    let place = |probes: bool| {
        let (mut store, instance) = watched_module(text);
        if probes {
            store.probes().add(None, |_| true);
        }
        let func = instance.get_func(&store, "run").expect("it is exported");
        let error = func
            .call(&mut store, &[], &mut [Val::I64(0)])
            .expect_err("it traps");
        assert_eq!(error.as_trap(), Some(Trap::IntegerDivisionByZero));
        error.backtrace().expect("it has one").frames()[0].module_offset()
    };
    assert_eq!(place(true), place(false));
    assert!(place(true).is_some());
}

#[cfg(feature = "lowered-modules")]
#[test]
fn a_module_in_lowered_form_can_have_probes() {
    for (name, modules) in PROGRAMS {
        let [text] = modules else { continue };
        let engine = engine();
        let bytes = wat::parse_str(text).expect("the text is a module");
        let module = Module::new(&engine, bytes).expect("it is valid");
        // References in slots are refused, and one of the programs has them.
        let Ok(bytes) = module.serialize() else {
            continue;
        };
        let leaked: &'static [u8] = bytes.leak();
        let module = Module::deserialize(&engine, leaked).expect("it was written");
        let mut linker = Linker::new(&engine);
        let say = |mut caller: Caller<'_, Host>, what: i32| {
            caller.data_mut().said.push(what);
            what + 1
        };
        linker.func_wrap("host", "say", say).expect("it is new");
        let mut outcomes = Vec::new();
        for probes in [false, true] {
            let mut store = watched(&engine);
            store.set_fuel(FUEL).expect("fuel is metered");
            let instance = linker
                .instantiate(&mut store, &module)
                .expect("it is linked");
            if probes {
                store.probes().add(None, |_| true);
            }
            let outcome = run(&mut store, instance);
            assert_eq!(store.data().seen.is_empty(), !probes, "{name}");
            outcomes.push((outcome, store.into_data().said));
        }
        assert_eq!(outcomes[0], outcomes[1], "{name}");
    }
}

/// A module in lowered form whose code somebody has written probes into runs into an error, with and without probes of the store's own.
#[cfg(feature = "lowered-modules")]
#[test]
fn a_probe_that_nobody_has_set_is_an_error() {
    use interp::dispatch::granule;
    use interp::ops::{number, probe::Probe};

    let probe = granule(number::<Probe>()).to_ne_bytes();
    // Functions are verified when they are called.
    let engine = Engine::new(
        Config::new()
            .consume_fuel(true)
            .validation(interp::Validation::Lazy),
    );
    let bytes = wat::parse_str(COUNTDOWN).expect("the text is a module");
    let module = Module::new(&engine, bytes).expect("it is valid");
    let written = module.serialize().expect("it has no references");
    let (mut met, mut refused) = (0, 0);
    for at in (0..written.len() - 1).step_by(2) {
        let mut changed = written.clone();
        changed[at..at + 2].copy_from_slice(&probe);
        for probes in [false, true] {
            let Ok(module) = Module::deserialize(&engine, changed.clone()) else {
                continue;
            };
            let mut store = watched(&engine);
            if probes {
                store.probes().add(None, |_| true);
            }
            // It may loop for ever.
            store.set_fuel(1000).expect("fuel is metered");
            let linker = Linker::new(&engine);
            let Ok(instance) = linker.instantiate(&mut store, &module) else {
                continue;
            };
            let Some(func) = instance.get_func(&store, "run") else {
                continue;
            };
            if let Err(error) = func.call(&mut store, &[], &mut [Val::I64(0)]) {
                met += u32::from(
                    error
                        .to_string()
                        .contains("has a probe that nobody has set"),
                );
                refused += u32::from(error.as_module_error().is_some());
            }
        }
    }
    // The operands of the op that was there are seldom ops, so that most code is refused when it is verified.
    assert!(
        met + refused >= 8,
        "{met} probes were met, {refused} modules refused"
    );
}
