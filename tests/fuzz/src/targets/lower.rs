//! Modules: decoding, validation, lowering of every function, listings, and running what is exported, with little of everything.

use interp::inspect::Lister;
use interp::{
    Config, Engine, Extern, Instance, Module, Store, StoreLimits, StoreLimitsBuilder, Val,
    Validation,
};

use super::Target;

pub(super) const TARGET: Target = Target {
    name: "lower",
    run,
    words: &[
        b"\0asm\x01\0\0\0",
        // Sections, blocks, branches, calls, bulk operations.
        &[1, 4, 1, 0x60, 0, 0],
        &[3, 2, 1, 0],
        &[5, 3, 1, 0, 1],
        &[7, 5, 1, 1, b'f', 0, 0],
        &[10, 4, 1, 2, 0, 0x0b],
        &[0x02, 0x40],
        &[0x03, 0x40],
        &[0x04, 0x7f],
        &[0x0b],
        &[0x0c, 0],
        &[0x0d, 0],
        &[0x0e, 1, 0, 0],
        &[0x10, 0],
        &[0x11, 0, 0],
        &[0x20, 0],
        &[0x21, 0],
        &[0x41, 1],
        &[0x42, 1],
        &[0x6a],
        &[0x45],
        &[0xfc, 10, 0, 0],
        &[0xfc, 11, 0],
        // Vectors: types of functions and locals, constants, loads, sums, shuffles, lanes.
        &[1, 6, 1, 0x60, 1, 0x7b, 1, 0x7b],
        &[1, 2, 0x7b],
        &[
            0xfd, 12, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        ],
        &[0xfd, 0, 4, 0],
        &[0xfd, 11, 4, 0],
        &[0xfd, 0x6e],
        &[
            0xfd, 13, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        ],
        &[0xfd, 0x15, 3],
        &[0xfd, 0x57, 3, 0, 1],
        &[0xfd, 0x85, 2],
    ],
    longest: 4096,
};

fn run(input: &[u8]) {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .max_stack_bytes(1 << 16)
        .memory_reallocated();
    let lazy = Engine::new(config.clone().validation(Validation::Lazy));
    let eager = Engine::new(&config);
    let module = Module::new(&eager, input.to_vec());
    // What is valid is decoded lazily, too.
    let other = Module::new(&lazy, input.to_vec());
    let Ok(module) = module else {
        return;
    };
    assert!(other.is_ok(), "it is valid");
    let info = module.info();
    let mut lister = Lister::new(info);
    let defined = info.funcs().len() as u32 - info.imported_funcs();
    for func in 0..defined {
        // Some valid functions are too large.
        let _ = lister.list(func);
    }
    call_exports(&eager, &module);
}

/// Instantiates a module without imports, with little memory and fuel, and calls its functions.
pub(super) fn call_exports(engine: &Engine, module: &Module) {
    let limits = StoreLimitsBuilder::new().total_size(4 << 20).build();
    let mut store: Store<StoreLimits> = Store::new(engine, limits);
    store.limiter(|limits| limits);
    store.set_fuel(10_000).expect("it is metered");
    let Ok(instance) = Instance::instantiate(&mut store, module, &[]) else {
        return;
    };
    for export in instance.exports(&store) {
        if let Extern::Func(func) = export.value {
            let ty = func.ty(&store);
            let params: Vec<Val> = ty.params().iter().copied().map(Val::default_for).collect();
            let mut results: Vec<Val> =
                ty.results().iter().copied().map(Val::default_for).collect();
            let _ = func.call(&mut store, &params, &mut results);
        }
    }
}
