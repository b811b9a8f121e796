//! `compile`: writes a module in lowered form.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use interp::ops::Features;
use interp::{Config, Engine, Flavour, Validation};

use crate::args::CompileArgs;
#[cfg(feature = "freeze")]
use crate::args::RunArgs;
use crate::exit::Outcome;
#[cfg(feature = "freeze")]
use crate::run;
use crate::{aside, load, progress, refuse};

/// Lowers all functions of a module and writes them to a file. The file is written beside its place and renamed, so a failure leaves
/// an existing one as it is.
///
/// # Errors
/// Fails if the module is invalid, if it cannot be verified in lowered form, or if the file cannot be written.
pub(crate) fn compile(options: &CompileArgs) -> Result<Outcome> {
    #[cfg(feature = "freeze")]
    if options.started {
        return started(options);
    }
    let flavour = match &options.board {
        Some(board) => of_board(board)?,
        None => Flavour::HERE,
    };
    let mut config = Config::new();
    config.validation(Validation::Lazy);
    #[cfg(feature = "canonical-nans")]
    config.canonical_nans(options.canonical_nans);
    progress::show(&mut config, &options.module, 0);
    let engine = Engine::new(&config);
    let (module, _) = load::module(&engine, &options.module)?;
    let handlers = match &options.handlers {
        Some(path) => module.handlers_for(flavour).map(|list| Some((path, list))),
        None => Ok(None),
    };
    let lowered = handlers.and_then(|handlers| {
        let bytes = match options.strip {
            true => module.serialize_stripped_for(flavour)?,
            false => module.serialize_for(flavour)?,
        };
        Ok((bytes, handlers))
    });
    let (bytes, handlers) = match lowered {
        Ok(written) => written,
        Err(error) => {
            let name = load::name(&options.module);
            match error.as_module_error() {
                Some(error) => bail!("{name}: {}", refuse::told(error)),
                None => bail!("{name}: {error}"),
            }
        }
    };
    write(&options.output, &bytes)?;
    if let Some((path, list)) = handlers {
        write(path, &list)?;
    }
    Ok(Outcome::Done)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let output = aside::Output::prepare(path, aside::Readers::All);
    output
        .and_then(|output| output.replace(|file| file.write_all(bytes)))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Runs the program until it calls a function, and writes its state.
#[cfg(feature = "freeze")]
fn started(options: &CompileArgs) -> Result<Outcome> {
    let at = options.at.as_deref().unwrap_or("main.main");
    let run = RunArgs::until(at, &options.output, &options.module, &options.args)?;
    match run::freeze(&run)? {
        (_, true) => Ok(Outcome::Done),
        (Outcome::Guest(_), false) => bail!("the program has ended before it called `{at}`"),
        (outcome, false) => Ok(outcome),
    }
}

/// The flavour of the kernel of a board, or of its small kernel if `:small` follows the name.
fn of_board(text: &str) -> Result<Flavour> {
    let (name, size) = text.split_once(':').unwrap_or((text, "full"));
    let table = board_card::table::table();
    let Some(board) = table.get(name) else {
        let names: Vec<_> = table.keys().map(String::as_str).collect();
        bail!(
            "--for {text}: there is no board {name}; the boards are {}",
            names.join(", ")
        );
    };
    let superinstructions = match size {
        "full" => true,
        "small" => false,
        _ => bail!("--for {text}: write {name}, or {name}:small for its small kernel"),
    };
    Ok(Flavour::of(
        &board.target,
        Features::NONE,
        superinstructions,
    ))
}
