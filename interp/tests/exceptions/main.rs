//! Exceptions: where they are caught, what handlers see, how they pass the host, and that they are freed.

mod handlers;
mod host;
mod limits;
mod old;
mod references;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use interp::{
    Caller, Config, Engine, Error, ExnRef, Extern, ExternType, Func, FuncType, Global, GlobalType,
    Instance, Linker, Module, ResumableCall, Store, StoreLimits, StoreLimitsBuilder, StorePart,
    Table, Tag, TagType, ThrownException, Trap, Val, ValType,
};

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

fn thrown(error: &Error) -> &ThrownException {
    error
        .downcast_ref()
        .unwrap_or_else(|| panic!("it is no exception: {error}"))
}
