//! Runs a WASI program in the interpreter of Silverfir-nano: `sf-nano-runner PROGRAM.wasm [ARGUMENT]…`.
//!
//! The program gets its arguments and the standard streams, but no directory and no environment. The benchmark's programs
//! need no more.
#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::process::ExitCode;

use sf_nano_core::wasi::{WasiContextBuilder, wasi_imports};
use sf_nano_core::{Config, Engine, Instance};

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the program to its end, and returns its exit code.
fn run() -> Result<u8, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let path = arguments
        .first()
        .ok_or("usage: sf-nano-runner PROGRAM.wasm [ARGUMENT]…")?;
    let module = std::fs::read(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let context = WasiContextBuilder::new().args(&arguments).build();
    // The package is built with one engine: its interpreter.
    let engine = Engine::new(Config::new()).expect("the settings that it comes with are valid");
    let mut instance = Instance::new(&engine, &module, &wasi_imports(context))?;
    match instance.invoke("_start", &[]) {
        Ok(_) => Ok(0),
        Err(error) => match error.exit_code() {
            Some(code) => Ok(u8::try_from(code)?),
            None => Err(error.into()),
        },
    }
}
