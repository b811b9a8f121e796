//! `wasi-interp`: runs WebAssembly programs on the desktop.
//!
//! # Reading order
//! [`args`] (the command line), [`run`] (a run from module to exit status), [`refuse`] (why a file is refused),
//! [`mod@exit`] (exit statuses).
#![deny(unsafe_code)]

mod args;
#[cfg(any(feature = "lowered-modules", feature = "freeze", feature = "probes"))]
mod aside;
mod command_docs;
#[cfg(feature = "lowered-modules")]
mod compile;
#[cfg(feature = "probes")]
mod coverage;
#[cfg(feature = "debug")]
mod dap;
#[cfg(feature = "debug")]
mod debugger;
mod descriptors;
#[cfg(feature = "dwarf")]
mod dwarf;
mod entry;
mod exit;
#[cfg(feature = "freeze")]
mod freeze;
mod go;
mod growth;
mod image;
mod imports;
mod invoke;
mod list;
mod load;
mod logging;
mod module_file;
mod mounts;
mod outside;
#[cfg(feature = "probes")]
mod places;
#[cfg(feature = "observe")]
mod profile;
#[cfg(feature = "profile")]
mod profiling;
mod progress;
#[cfg(feature = "replay")]
mod record;
mod refuse;
#[cfg(feature = "replay")]
mod replay;
mod report;
mod resident;
mod run;
mod size;
#[cfg(feature = "debug")]
mod source;
mod stop;
mod symbols;
#[cfg(feature = "text")]
mod text;
#[cfg(feature = "probes")]
mod tracing;
#[cfg(unix)]
mod truncation;
#[cfg(feature = "debug")]
mod variables;
mod world;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::exit;

use anyhow::{Result, bail};
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
        Err(error) if error.use_stderr() && options_of().is_some() => {
            let variable = options_of().unwrap_or_default();
            let said = error.render().to_string();
            let said = said.lines().next().unwrap_or_default();
            exit::tell(format_args!(
                "go_wasip1_wasm_exec: the variable {variable} holds what wasi-interp cannot read: {}; `wasi-interp --help` lists its options",
                said.trim_start_matches("error: ")
            ));
            error.exit_code()
        }
        Err(error) => {
            // Help and the version are "errors", too, and are printed to standard output. If the reader has closed it, that
            // is no error.
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

/// Returns the name of the variable with options, if `go_wasip1_wasm_exec` has passed it.
fn options_of() -> Option<String> {
    let word = std::env::args_os().nth(2)?;
    let variable = word.to_str()?.strip_prefix("--options-of=")?;
    Some(variable.to_owned())
}

/// Returns a word of that variable that would be taken for the module. The module follows `--`.
fn stray_word(options: &RunArgs) -> Option<(String, PathBuf)> {
    let variable = options_of()?;
    let module = std::env::args_os().skip_while(|word| word != "--").nth(1)?;
    let taken = options.module();
    (taken.as_os_str() != module).then_some((variable, taken))
}

/// Executes the command line.
fn perform(cli: Cli) -> Result<Outcome> {
    match cli.command {
        None => start(&cli.run),
        Some(Command::Run(options)) => start(&options),
        #[cfg(feature = "replay")]
        Some(Command::Replay(options)) => replay::replay(&options),
        #[cfg(feature = "debug")]
        Some(Command::Debug(options)) => {
            logging::start(options.run.verbose);
            match options.dap {
                true => dap::serve(*options),
                false => debugger::debug(&options),
            }
        }
        Some(Command::Validate { module }) => validate(&module),
        Some(Command::List { func, module }) => list::list(&module, func.as_deref()),
        #[cfg(feature = "lowered-modules")]
        Some(Command::Compile(options)) => compile::compile(&options),
        #[cfg(feature = "freeze")]
        Some(Command::Thaw(options)) => freeze::thaw(&options),
        Some(Command::Size { modules }) => size::size(&modules),
        Some(Command::Image(options)) => image::write(&options),
        Some(Command::Completions { shell }) => command_docs::completions(shell),
        Some(Command::Man) => command_docs::man(),
    }
}

fn start(options: &RunArgs) -> Result<Outcome> {
    if let Some((variable, word)) = stray_word(options) {
        bail!(
            "the variable {variable} holds `{}`, which is no option",
            word.display()
        );
    }
    logging::start(options.verbose);
    #[cfg(feature = "observe")]
    return profile::around(
        options.profile_ops,
        options.profile_chains.as_deref(),
        || run::run(options),
    );
    #[cfg(not(feature = "observe"))]
    run::run(options)
}

/// Validates every function of a module.
fn validate(path: &Path) -> Result<Outcome> {
    let mut config = Config::new();
    config.validation(Validation::Eager);
    progress::show(&mut config, path, 0);
    let engine = Engine::new(&config);
    load::module(&engine, path)?;
    Ok(Outcome::Done)
}
