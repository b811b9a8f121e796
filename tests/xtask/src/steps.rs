//! The steps of `cargo xtask test`, one row each. [`lanes`] runs all of them, two at a time, in about this order: cheap ones first, those
//! that wait much in the middle, and last those that use all processors when nothing else is left.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::layout::Layout;
use crate::tally::Tally;
use crate::{
    asm, board, cargo, cross, filecopy, fuzz, gostd, install, lanes, process, superinstructions,
};

/// One named part of the test run.
pub(crate) struct Step {
    /// The name for running this step alone.
    pub(crate) name: &'static str,
    /// A short description of the check.
    pub(crate) about: &'static str,
    /// The folder below cargo's target directory in which the step builds, unless it is its own. Steps with the same folder never
    /// run at the same time.
    pub(crate) folder: Option<&'static str>,
    /// Only by hand: it runs if it is named.
    pub(crate) by_hand: bool,
    /// Runs the step. An error means that the step could not do its work. It counts as one failure.
    run: fn(&Layout) -> Result<Tally>,
}

/// The result of a step.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// What passed, failed and was skipped.
    pub(crate) tally: Tally,
    /// The time from its start to its end.
    pub(crate) time: Duration,
    /// The processor time of all its processes. On two processors it can be twice the time.
    pub(crate) processor_time: Duration,
}

/// Every step there is.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "tools",
        about: "the tools are installed that the other steps need",
        folder: None,
        by_hand: false,
        run: tools,
    },
    Step {
        name: "fmt",
        about: "the code is formatted",
        folder: None,
        by_hand: false,
        run: cargo::fmt,
    },
    Step {
        name: "clippy",
        about: "no lint speaks up, on either back end of optimised builds",
        folder: Some("quick"),
        by_hand: false,
        run: cargo::clippy,
    },
    Step {
        name: "doc",
        about: "the documentation builds without a warning",
        folder: Some("quick"),
        by_hand: false,
        run: cargo::doc,
    },
    Step {
        name: "package",
        about: "every package can be published",
        folder: None,
        by_hand: false,
        run: cargo::package,
    },
    Step {
        name: "superinstructions",
        about: "the list of superinstructions is what the profiles give",
        folder: None,
        by_hand: false,
        run: superinstructions::check,
    },
    Step {
        name: "filecopy",
        about: "the Go program in the repository is what its source builds",
        folder: None,
        by_hand: false,
        run: filecopy::check,
    },
    Step {
        name: "tail",
        about: "all tests, dispatch by tail calls",
        folder: Some("quick"),
        by_hand: false,
        run: cargo::tail,
    },
    Step {
        name: "boards",
        about: "kernels for three processors in QEMU: files, failures, console, power cuts",
        folder: Some("boards"),
        by_hand: false,
        run: board::step,
    },
    Step {
        name: "wasm32",
        about: "the interpreter as a WebAssembly module, run by itself",
        folder: Some("quick"),
        by_hand: false,
        run: cross::wasm32,
    },
    Step {
        name: "switch",
        about: "tests of ops and a sample of programs, dispatch by a switch",
        folder: Some("quick"),
        by_hand: false,
        run: cargo::switch,
    },
    Step {
        name: "gostd",
        about: "tests of Go's standard library",
        folder: None,
        by_hand: false,
        run: gostd::quick,
    },
    Step {
        name: "loop",
        about: "unit tests, ops and a sample of programs with debug assertions, dispatch by a loop",
        folder: Some("debug"),
        by_hand: false,
        run: cargo::loop_,
    },
    Step {
        name: "riscv32",
        about: "no_std check for riscv32imac-unknown-none-elf",
        // With the kernels it shares what build scripts and macros need.
        folder: Some("boards"),
        by_hand: false,
        run: cross::riscv32,
    },
    Step {
        name: "fuzz",
        about: "modules, paths, volumes, archives and settings that change themselves",
        folder: Some("fuzz"),
        by_hand: false,
        run: fuzz::step,
    },
    Step {
        name: "asm",
        about: "every op's handler leaves by a jump",
        folder: Some("bare"),
        by_hand: false,
        run: asm::check,
    },
    Step {
        name: "asm-all",
        about: "by hand: the same for 64-bit ARM and RISC-V, with vectors, exceptions and atomics",
        folder: Some("bare"),
        by_hand: true,
        run: asm::others,
    },
    Step {
        name: "switch-all",
        about: "by hand: all tests of what runs ops, dispatch by a switch",
        folder: Some("quick"),
        by_hand: true,
        run: cargo::switch_all,
    },
];

/// Installs the tools, while the first steps need none. If one is missing, the step that needs it fails.
fn tools(layout: &Layout) -> Result<Tally> {
    for installed in [install::everything(layout), board::install()] {
        if let Err(error) = installed {
            println!("{error:#}");
        }
    }
    Ok(Tally::default())
}

/// What `cargo xtask test` is told.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Names of steps, as `--list` prints them.
    steps: Vec<String>,
    /// List the steps and do nothing.
    #[arg(long)]
    list: bool,
    /// Write the outcome of the one step to this file, for the process that has started this one.
    #[arg(long, hide = true)]
    outcome: Option<PathBuf>,
}

/// Runs the steps with these names, or all of them. Returns whether everything passed. A single step writes its output as it arises.
pub(crate) fn run(layout: &Layout, options: &Options) -> Result<bool> {
    if options.list {
        list();
        return Ok(true);
    }
    let steps = chosen(&options.steps)?;
    if let Some(path) = &options.outcome {
        let step = steps.first().context("no step is named")?;
        let text = serde_json::to_string(&timed(step, layout))?;
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(true);
    }
    let start = Instant::now();
    let outcomes = match *steps {
        [step] => vec![(step, timed(step, layout))],
        _ => lanes::run(layout, steps)?,
    };
    Ok(summary(outcomes, start.elapsed()))
}

/// Prints the names and descriptions of the steps.
fn list() {
    for step in STEPS {
        println!("{:17} {}", step.name, step.about);
    }
}

/// The steps with these names, or without names all that are not for a run by hand, in the order of the table.
fn chosen(names: &[String]) -> Result<Vec<&'static Step>> {
    let is_step = |name: &&String| STEPS.iter().any(|step| step.name == **name);
    if let Some(unknown) = names.iter().find(|name| !is_step(name)) {
        bail!("there is no step {unknown}; `cargo xtask test --list` prints them");
    }
    let is_chosen = |step: &&Step| match names {
        [] => !step.by_hand,
        names => names.iter().any(|name| name == step.name),
    };
    Ok(STEPS.iter().filter(is_chosen).collect())
}

/// Runs one step and turns an error into a counted failure.
fn timed(step: &Step, layout: &Layout) -> Outcome {
    println!("\n== {}: {}", step.name, step.about);
    let (start, before) = (Instant::now(), process::processor_time());
    let tally = (step.run)(layout).unwrap_or_else(|error| {
        println!("error: {error:#}");
        Tally::failure(format!("{error:#}"))
    });
    Outcome {
        tally,
        time: start.elapsed(),
        processor_time: process::processor_time().saturating_sub(before),
    }
}

/// Prints the table of steps, then every skip, the messages and the names of the failures, and the totals as the last line.
fn summary(outcomes: Vec<(&Step, Outcome)>, time: Duration) -> bool {
    println!(
        "\n{:17} {:>8} {:>8} {:>8} {:>9} {:>16}",
        "step", "passed", "failed", "skipped", "time", "processor time"
    );
    let row = |name: &str, tally: &Tally, time: Duration, processor_time: Duration| {
        println!(
            "{name:17} {:8} {:8} {:8} {:7.1} s {:14.1} s",
            tally.passed,
            tally.failed.len(),
            tally.skipped.len(),
            time.as_secs_f64(),
            processor_time.as_secs_f64()
        );
    };
    let (mut total, mut processor_time) = (Tally::default(), Duration::ZERO);
    for (step, outcome) in outcomes {
        let tally = outcome.tally;
        row(step.name, &tally, outcome.time, outcome.processor_time);
        let prefixed = |name: &String| format!("{}: {name}", step.name);
        total += Tally {
            passed: tally.passed,
            failed: tally.failed.iter().map(prefixed).collect(),
            skipped: tally
                .skipped
                .iter()
                .map(|(name, reason)| (prefixed(name), reason.clone()))
                .collect(),
            said: tally.said,
        };
        processor_time += outcome.processor_time;
    }
    row("all", &total, time, processor_time);
    total.print()
}
