//! From bytes to code: decoding a module, validating it, lowering all of its functions, instantiating it.
//!
//! The rate of decoding is relative to all bytes of the module, and those of validating and lowering to the bytes of
//! function bodies, in MB/s.
#![forbid(unsafe_code)]

use bench::{GO_PROGRAM, code_bytes};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use interp::compile::Lowerer;
use interp::compile::module::ModuleInfo;
use interp::{Config, Engine, Linker, Module, Store, Validation};

fn main() {
    divan::main();
}

fn decoded(validation: Validation) -> ModuleInfo {
    ModuleInfo::new(GO_PROGRAM.into(), validation).expect("the Go toolchain makes valid modules")
}

/// The walk over the sections, without the bodies of functions.
#[divan::bench]
fn decode(bencher: Bencher) {
    bencher
        .counter(BytesCount::of_slice(GO_PROGRAM))
        .bench(|| decoded(Validation::Lazy));
}

/// Decoding with all bodies validated.
#[divan::bench(sample_count = 20)]
fn decode_and_validate(bencher: Bencher) {
    bencher
        .counter(BytesCount::new(code_bytes(&decoded(Validation::Lazy))))
        .bench(|| decoded(Validation::Eager));
}

/// Lowering all functions, with validation before or on the way.
#[divan::bench(args = [Validation::Eager, Validation::Lazy], sample_count = 20)]
fn lower_all(bencher: Bencher, validation: Validation) {
    let module = decoded(validation);
    bencher
        .counter(BytesCount::new(code_bytes(&module)))
        .with_inputs(Lowerer::default)
        .bench_values(|mut lowerer| {
            for func in 0..module.defined_funcs() {
                let lowered = lowerer.lower(&module, func);
                black_box(lowered.expect("the Go toolchain makes valid modules").code);
            }
        });
}

/// Everything before the first instruction: decoding, linking, memory, data segments.
#[divan::bench]
fn start(bencher: Bencher) {
    let engine = Engine::new(Config::new().validation(Validation::Lazy));
    bencher.counter(BytesCount::of_slice(GO_PROGRAM)).bench(|| {
        let module = Module::new(&engine, GO_PROGRAM).expect("a valid module");
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        linker
            .define_unknown_imports_as_traps(&module)
            .expect("nothing is defined yet");
        linker
            .instantiate(&mut store, &module)
            .expect("there is memory for a small program");
        store
    });
}
