//! `fuzz TARGET [--runs N] [--seconds N] [--seed N] [--grow] [FILE…]`: searches, or runs the files given.
//!
//! `cargo xtask fuzz` builds it so that the compiler counts edges, and starts it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use fuzz::search::{Plan, corpus, search};
use fuzz::{TARGETS, coverage};

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fuzz: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<(), String> {
    let mut arguments = arguments.into_iter();
    let name = arguments.next().unwrap_or_default();
    let target = TARGETS.iter().find(|target| target.name == name);
    let names = TARGETS.map(|target| target.name).join(", ");
    let target = target.ok_or_else(|| format!("name a target: {names}"))?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(&name);
    let mut plan = Plan {
        runs: u64::MAX,
        time: Duration::MAX,
        seed: 0,
        folder: std::env::temp_dir().join("wasi-interp-fuzz").join(&name),
        grow: None,
    };
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let text = arguments.next().unwrap_or_default();
            text.parse::<u64>()
                .map_err(|_| format!("{argument} needs a number, not {text:?}"))
        };
        match argument.as_str() {
            "--runs" => plan.runs = number()?,
            "--seconds" => plan.time = Duration::from_secs(number()?),
            "--seed" => plan.seed = number()?,
            "--grow" => plan.grow = Some(folder.clone()),
            file => files.push(file.into()),
        }
    }
    if !files.is_empty() {
        for file in files {
            let input =
                std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            (target.run)(&input);
            println!("{}: passed", file.display());
        }
        return Ok(());
    }
    if !coverage::is_counted() {
        eprintln!(
            "fuzz: this build does not count edges, so the search is blind: use cargo xtask fuzz"
        );
    }
    let inputs = corpus(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let outcome = search(target, inputs, &plan).map_err(|error| error.to_string())?;
    println!(
        "{name}: {} inputs tried, {} kept, {} edges reached",
        outcome.runs, outcome.kept, outcome.edges
    );
    match outcome.failed {
        None => Ok(()),
        Some(path) => Err(format!("{name}: {} makes it fail", path.display())),
    }
}
