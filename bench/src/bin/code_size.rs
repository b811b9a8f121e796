//! The size of bytecode. `cargo run --release -p bench --bin code_size -- PROGRAM.wasm…` runs WASI programs without
//! arguments and directories. It prints the bytes of bytecode for each byte of WebAssembly code: for all functions, and for
//! those that ran. The programs' own output comes first.
#![forbid(unsafe_code)]

use std::error::Error;
use std::path::Path;

use bench::code_bytes;
use interp::compile::Lowerer;
use interp::compile::module::ModuleInfo;
use interp::{Config, Engine, Linker, Module, Store, Validation};
use wasi_shim::{Wasi, bind, std_host};

fn main() -> Result<(), Box<dyn Error>> {
    let mut lines = Vec::new();
    for path in std::env::args_os().skip(1) {
        let path = Path::new(&path);
        let bytes = std::fs::read(path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let engine = Engine::new(Config::new().validation(Validation::Lazy));
        let module = Module::new(&engine, bytes)?;
        let wasm = code_bytes(module.info());
        let eager = lower_all(module.info())?;
        run(&module)?;
        let per_byte = |code: usize| code as f64 / wasm as f64;
        lines.push(format!(
            "{:16} {wasm:>10} {:>9.2} {:>9.2}",
            path.file_stem().unwrap_or_default().display(),
            per_byte(eager),
            per_byte(module.code_size()),
        ));
    }
    println!(
        "{:16} {:>10} {:>9} {:>9}",
        "program", "code bytes", "eager", "lazy"
    );
    for line in lines {
        println!("{line}");
    }
    Ok(())
}

/// The bytes of bytecode of all functions.
fn lower_all(module: &ModuleInfo) -> Result<usize, Box<dyn Error>> {
    let mut lowerer = Lowerer::default();
    let mut bytes = 0;
    for func in 0..module.defined_funcs() {
        bytes += size_of_val(lowerer.lower(module, func)?.code);
    }
    Ok(bytes)
}

/// Runs a program to its end, which lowers the functions that it calls.
fn run(module: &Module) -> Result<(), Box<dyn Error>> {
    let (mut builder, _) = std_host::builder();
    builder.arg("program");
    let mut store: Store<Wasi> = Store::new(module.engine(), builder.build()?);
    let mut linker = Linker::new(module.engine());
    bind::add_to_linker(&mut linker, |wasi: &mut Wasi| wasi)?;
    let instance = linker.instantiate(&mut store, module)?;
    let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
    match start.call(&mut store, ()) {
        Err(error) if error.i32_exit_status() != Some(0) => Err(error.into()),
        _ => Ok(()),
    }
}
