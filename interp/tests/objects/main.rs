//! Structures, arrays and typed references: which objects stay, what limits them, what types are equal, and how the host uses them.

mod collection;
mod host;
mod hostile;
mod types;

use interp::{Config, Engine, Error, Instance, Linker, Module, Store};

type Outcome<T = ()> = Result<T, Error>;

fn module(engine: &Engine, text: &str) -> Outcome<Module> {
    Module::new(engine, wat::parse_str(text).map_err(Error::host)?)
}

/// The only instance of a module without imports.
fn instance(text: &str) -> Outcome<(Store<()>, Instance)> {
    let engine = Engine::default();
    let module = module(&engine, text)?;
    let mut store = Store::new(&engine, ());
    let instance = Instance::instantiate(&mut store, &module, &[])?;
    Ok((store, instance))
}

/// Calls `run` of a module without imports.
fn run(text: &str, argument: i32) -> Outcome<i32> {
    let (mut store, instance) = instance(text)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    run.call(&mut store, argument)
}

/// An instance of a module that may import `host.gc`, which frees all that nobody refers to.
fn with_gc(text: &str) -> Outcome<(Store<()>, Instance)> {
    let engine = Engine::new(Config::new().consume_fuel(true));
    let mut store = Store::new(&engine, ());
    store.set_fuel(u64::MAX)?;
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "gc", |mut caller: interp::Caller<'_, ()>| {
        caller.gc()
    })?;
    let module = module(&engine, text)?;
    let instance = linker.instantiate(&mut store, &module)?;
    Ok((store, instance))
}
