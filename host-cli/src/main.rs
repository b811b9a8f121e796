//! `wasi-interp`: runs WebAssembly programs on the desktop.
//!
//! # Reading order
//! [`args`] (the command line), [`run`] (a run from module to exit status), [`refuse`] (why a file is refused), [`mod@exit`] (statuses).
#![deny(unsafe_code)]

mod args;
mod descriptors;
mod ending;
mod entry;
mod exit;
mod go;
mod growth;
mod image;
mod invoke;
mod journal;
mod list;
mod load;
mod module_file;
mod mounts;
mod outside;
mod pages;
#[cfg(feature = "observe")]
mod profile;
mod refuse;
mod resident;
mod run;
mod stop;
#[cfg(unix)]
mod truncation;
mod world;

use std::io::ErrorKind;
use std::path::Path;
use std::process::exit;

use anyhow::Result;
use interp::{Config, Engine, Validation};

use args::{Cli, Command, RunArgs};
use exit::Outcome;

fn main() -> ! {
    let status = match Cli::read(std::env::args_os()) {
        Ok(cli) => match perform(cli) {
            Ok(outcome) => outcome.status(),
            Err(error) => {
                exit::tell(format_args!("wasi-interp: {error:#}"));
                exit::FAILED
            }
        },
        Err(error) => {
            // Help and the version are "errors", too, and go to standard output. A reader that has left has seen enough.
            match error.print() {
                Err(failed) if failed.kind() != ErrorKind::BrokenPipe => {
                    exit::tell(format_args!("wasi-interp: cannot print: {failed}"));
                    exit::FAILED
                }
                _ => error.exit_code(),
            }
        }
    };
    exit(status)
}

/// Does what the command line says.
fn perform(cli: Cli) -> Result<Outcome> {
    match cli.command {
        None => start(&cli.run),
        Some(Command::Run(options)) => start(&options),
        Some(Command::Validate { module }) => validate(&module),
        Some(Command::List { func, module }) => list::list(&module, func.as_deref()),
        Some(Command::Image(options)) => image::write(&options),
        Some(Command::Completions { shell }) => pages::completions(shell),
        Some(Command::Man) => pages::man(),
    }
}

fn start(options: &RunArgs) -> Result<Outcome> {
    journal::start(options.verbose);
    #[cfg(feature = "observe")]
    return profile::around(options.profile_ops, || run::run(options));
    #[cfg(not(feature = "observe"))]
    run::run(options)
}

/// Checks every function of a module.
fn validate(path: &Path) -> Result<Outcome> {
    let engine = Engine::new(Config::new().validation(Validation::Eager));
    load::module(&engine, path)?;
    Ok(Outcome::Done)
}
