//! The embedder's API: the behaviour that programs with the interpreter inside rely on.
//!
//! Each file tests one subject that an embedder depends on.

mod atomics;
mod bulk;
mod calls;
mod changed;
mod deadlines;
mod depth;
mod faults;
mod growth;
mod handles;
mod interrupts;
mod limits;
mod linking;
mod linking_once;
mod loading;
mod memory64;
mod panics;
mod sending;
mod stopping;
mod suspend;
mod tables;

use interp::{Engine, Instance, Linker, Module, Store};

/// A module from text.
fn module(engine: &Engine, text: &str) -> Module {
    let bytes = wat::parse_str(text).expect("the text is a module");
    Module::new(engine, bytes).expect("the module is valid")
}

/// An instance of a module that imports only definitions of `linker`.
fn instance<T>(store: &mut Store<T>, linker: &Linker<T>, text: &str) -> Instance {
    let module = module(linker.engine(), text);
    linker
        .instantiate(store, &module)
        .expect("the module can be instantiated")
}

/// A store with `data`, and an empty linker.
fn world<T>(data: T) -> (Store<T>, Linker<T>) {
    let engine = Engine::default();
    (Store::new(&engine, data), Linker::new(&engine))
}
