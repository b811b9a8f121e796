//! `wasi-interp`: runs WebAssembly programs on the desktop.
//!
//! # Reading order
//! [`args`] (the command line), [`run`] (a run from module to exit status), [`refuse`] (why a file is refused), [`exit`] (statuses).
#![deny(unsafe_code)]

mod args;
mod exit;
mod module_file;
mod pages;
mod refuse;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use args::{Cli, Command, RunArgs};
use exit::Outcome;
use module_file::ModuleBytes;

fn main() -> ExitCode {
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match perform(cli) {
        Ok(outcome) => outcome.leave(),
        Err(error) => exit::fail(&error),
    }
}

/// Does what the command line says.
fn perform(cli: Cli) -> Result<Outcome> {
    match cli.command {
        None => run(&cli.run),
        Some(Command::Run(options)) => run(&options),
        Some(Command::Validate { module }) => check(&module),
        Some(Command::Completions { shell }) => pages::completions(shell).map(|()| Outcome::Done),
        Some(Command::Man) => pages::man().map(|()| Outcome::Done),
    }
}

fn run(options: &RunArgs) -> Result<Outcome> {
    check(&options.module())
}

fn check(path: &Path) -> Result<Outcome> {
    let bytes = ModuleBytes::open(path)?;
    if let Some(words) = refuse::not_a_module(&bytes) {
        bail!("{} {words}", path.display());
    }
    Ok(Outcome::Done)
}
