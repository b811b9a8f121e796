//! Frozen stores: a program that was frozen anywhere goes on elsewhere as if nothing had happened.

mod damaged;
mod refused;
mod round_trip;

use interp::{
    Caller, Config, Engine, Error, Linker, Module, ResumableCall, ResumableSuspended, Store, Val,
};

/// A program: its modules, which import from each other by their place (`m0`, `m1` …). The last one exports `run`.
struct Program {
    name: &'static str,
    modules: &'static [&'static str],
}

/// Programs with all that a state can contain.
const PROGRAMS: &[Program] = &[
    Program {
        name: "recursion",
        modules: &[include_str!("recursion.wat")],
    },
    Program {
        name: "contents",
        modules: &[include_str!("contents.wat")],
    },
    Program {
        name: "instances",
        modules: &[include_str!("callee.wat"), include_str!("caller.wat")],
    },
    #[cfg(all(feature = "simd", feature = "exceptions"))]
    Program {
        name: "proposals",
        modules: &[include_str!("proposals.wat")],
    },
];

/// The host's data: what programs have said, and whether the host function fails.
#[derive(Debug, Default)]
struct Host {
    said: Vec<i32>,
    /// The host function fails at calls with these numbers.
    fails_at: Option<usize>,
    calls: usize,
}

fn engine() -> Engine {
    Engine::new(Config::new().consume_fuel(true))
}

/// A store with the instances of a program.
fn store(program: &Program) -> (Store<Host>, interp::Instance) {
    prepared(program, |_| {})
}

/// The same in a store that is prepared first.
fn prepared(
    program: &Program,
    prepare: impl FnOnce(&mut Store<Host>),
) -> (Store<Host>, interp::Instance) {
    let engine = engine();
    let mut store = Store::new(&engine, Host::default());
    prepare(&mut store);
    store.set_fuel(u64::MAX).expect("fuel is metered");
    let mut linker = Linker::new(&engine);
    linker
        .func_wrap(
            "host",
            "say",
            |mut caller: Caller<'_, Host>, what: i32| -> Result<i32, Error> {
                let host = caller.data_mut();
                host.calls += 1;
                if host.fails_at == Some(host.calls) {
                    return Err(Error::new("the host does not listen"));
                }
                host.said.push(what);
                Ok(what + 1)
            },
        )
        .expect("it is new");
    let mut last = None;
    for (index, text) in program.modules.iter().enumerate() {
        let bytes = wat::parse_str(text).expect("the text is a module");
        let module = Module::new(&engine, bytes).expect("the module is valid");
        let instance = linker
            .instantiate(&mut store, &module)
            .expect("it is linked");
        let name = format!("m{index}");
        for export in instance.exports(&store) {
            linker
                .define(&name, &export.name, export.value)
                .expect("it is new");
        }
        last = Some(instance);
    }
    (store, last.expect("there is a module"))
}

/// Begins the program with `fuel`.
fn begin(
    store: &mut Store<Host>,
    instance: interp::Instance,
    fuel: u64,
) -> Result<ResumableCall, Error> {
    let run = instance.get_func(&*store, "run").expect("it is exported");
    store.set_fuel(fuel)?;
    run.call_resumable(&mut *store, &[], &mut [Val::I64(0)])
}

/// What the program says and returns in the end, and the fuel that it takes.
fn whole(program: &Program) -> (Vec<i32>, u64, u64) {
    const FUEL: u64 = 1 << 40;
    let (mut store, instance) = store(program);
    let run = instance.get_func(&store, "run").expect("it is exported");
    let mut results = [Val::I64(0)];
    store.set_fuel(FUEL).expect("fuel is metered");
    run.call(&mut store, &[], &mut results)
        .expect("the program ends");
    let fuel = FUEL - store.get_fuel().expect("fuel is metered");
    let result = results[0].i64().expect("the result is an i64");
    (store.into_data().said, result.cast_unsigned(), fuel)
}

/// Continues to the end. What the program says, and its result.
fn finish(store: &mut Store<Host>, call: ResumableSuspended) -> (Vec<i32>, u64) {
    store.set_fuel(u64::MAX).expect("fuel is metered");
    let mut results = [Val::I64(0)];
    let end = call.resume(&mut *store, &mut results).expect("it goes on");
    assert!(matches!(end, ResumableCall::Finished), "{end:?}");
    let result = results[0].i64().expect("the result is an i64");
    (
        core::mem::take(&mut store.data_mut().said),
        result.cast_unsigned(),
    )
}

/// The state of a store.
fn frozen(store: &mut Store<Host>, call: &ResumableSuspended) -> Vec<u8> {
    let mut bytes = Vec::new();
    store.freeze(call, &mut bytes).expect("it can be frozen");
    bytes
}
