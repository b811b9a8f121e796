//! A minimal embedding: runs a WASI program with the directories of `--dir=…` and the variables of `--env=…`. `--trace`
//! prints each of its calls.
//!
//! ```text
//! cargo run --release -p wasi-interp-shim --example run -- --trace --dir=. main.wasm argument …
//! ```

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use interp::{Engine, Linker, Module, Store};
use wasi_shim::std_host::{self, Directories};
use wasi_shim::trace::{Format, Tracer};
use wasi_shim::{Wasi, bind};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (mut builder, _waker) = std_host::builder();
    let mut directories = Directories::default();
    let mut trace = false;
    let mut args = std::env::args().skip(1).peekable();
    while let Some(option) = args.next_if(|arg| arg.starts_with("--")) {
        if let Some(dir) = option.strip_prefix("--dir=") {
            let (host, guest) = dir
                .split_once("::")
                .map_or((dir, None), |(host, guest)| (host, Some(guest)));
            directories.add(Path::new(host), guest, false)?;
        } else if let Some((name, value)) = option
            .strip_prefix("--env=")
            .and_then(|env| env.split_once('='))
        {
            builder.env(name, value);
        } else {
            trace |= option == "--trace";
        }
    }
    directories.give(&mut builder);
    let file = args
        .peek()
        .cloned()
        .ok_or("which program? Give a .wasm file")?;
    args.for_each(|arg| {
        builder.arg(&arg);
    });
    let mut wasi = builder.build()?;
    if trace {
        wasi.set_tracer(Tracer::new(
            Format::Text,
            &[],
            Box::new(|line| eprintln!("{line}")),
        ));
    }

    let engine = Engine::default();
    let module = Module::new(&engine, std::fs::read(file)?)?;
    let mut linker: Linker<Wasi> = Linker::new(&engine);
    if trace {
        bind::add_traced_to_linker(&mut linker, |wasi| wasi)?;
    } else {
        bind::add_to_linker(&mut linker, |wasi| wasi)?;
    }
    let mut store = Store::new(&engine, wasi);
    let instance = linker.instantiate(&mut store, &module)?;
    let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
    let ended = start.call(&mut store, ());
    for path in store.data().outside() {
        eprintln!("note: {path} lies outside of every directory that was given");
    }
    match ended {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => match error.i32_exit_status() {
            Some(status) => Ok(ExitCode::from(u8::try_from(status & 0xff)?)),
            None => Err(error.into()),
        },
    }
}
