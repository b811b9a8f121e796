//! The steps of `cargo xtask test`, one row each. They run in this order, the cheap ones first.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::layout::Layout;
use crate::tally::Tally;
use crate::{asm, board, cargo, cross, filecopy, fuzz, gostd, superinstructions};

/// One named part of the test run.
pub(crate) struct Step {
    /// The name for running this step alone.
    name: &'static str,
    /// A short description of the check.
    about: &'static str,
    /// Runs the step. An error means that the step could not do its work. It counts as one failure.
    run: fn(&Layout) -> Result<Tally>,
}

/// Every step there is.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "the code is formatted",
        run: cargo::fmt,
    },
    Step {
        name: "clippy",
        about: "no lint speaks up, on either back end of optimised builds",
        run: cargo::clippy,
    },
    Step {
        name: "doc",
        about: "the documentation builds without a warning",
        run: cargo::doc,
    },
    Step {
        name: "package",
        about: "every package can be published",
        run: cargo::package,
    },
    Step {
        name: "loop",
        about: "unit tests, ops and a sample of programs with debug assertions, dispatch by a loop",
        run: cargo::loop_,
    },
    Step {
        name: "superinstructions",
        about: "the list of superinstructions is what the profiles give",
        run: superinstructions::check,
    },
    Step {
        name: "filecopy",
        about: "the Go program in the repository is what its source builds",
        run: filecopy::check,
    },
    Step {
        name: "tail",
        about: "all tests, dispatch by tail calls",
        run: cargo::tail,
    },
    Step {
        name: "switch",
        about: "tests of what runs ops, dispatch by a switch",
        run: cargo::switch,
    },
    Step {
        name: "wasm32",
        about: "the interpreter as a WebAssembly module, run by itself",
        run: cross::wasm32,
    },
    Step {
        name: "riscv64",
        about: "no_std check for riscv64gc-unknown-none-elf",
        run: cross::riscv64,
    },
    Step {
        name: "aarch64",
        about: "no_std check for aarch64-unknown-none",
        run: cross::aarch64,
    },
    Step {
        name: "armv7",
        about: "no_std check for armv7a-none-eabihf",
        run: cross::armv7,
    },
    Step {
        name: "riscv32",
        about: "no_std check for riscv32imac-unknown-none-elf",
        run: cross::riscv32,
    },
    Step {
        name: "fuzz",
        about: "modules, paths, volumes, archives and settings that change themselves",
        run: fuzz::step,
    },
    Step {
        name: "asm",
        about: "every op's handler leaves by a jump",
        run: asm::check,
    },
    Step {
        name: "gostd",
        about: "tests of Go's standard library",
        run: gostd::quick,
    },
    Step {
        name: "boards",
        about: "kernels in QEMU: files, failures, console, power cuts",
        run: board::step,
    },
];

/// Prints the names and descriptions of the steps.
pub(crate) fn list() {
    for step in STEPS {
        println!("{:10} {}", step.name, step.about);
    }
}

/// Runs the steps with these names, or all steps without names. Returns whether everything passed.
pub(crate) fn run(layout: &Layout, names: &[String]) -> Result<bool> {
    if let Some(unknown) = names
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != **name))
    {
        bail!("there is no step {unknown}; `cargo xtask test --list` prints them");
    }
    let chosen = STEPS
        .iter()
        .filter(|step| names.is_empty() || names.iter().any(|name| name == step.name));
    let outcomes = chosen.map(|step| timed(step, layout)).collect::<Vec<_>>();
    Ok(summary(outcomes))
}

/// Runs one step and turns an error into a counted failure.
fn timed<'s>(step: &'s Step, layout: &Layout) -> (&'s Step, Tally, Duration) {
    println!("\n== {}: {}", step.name, step.about);
    let start = Instant::now();
    let tally = (step.run)(layout).unwrap_or_else(|error| {
        println!("error: {error:#}");
        Tally {
            failed: vec![format!("{error:#}")],
            ..Tally::default()
        }
    });
    (step, tally, start.elapsed())
}

/// Prints the table of steps, then every skip, the messages and the names of the failures, and the totals as the last line.
fn summary(outcomes: Vec<(&Step, Tally, Duration)>) -> bool {
    println!(
        "\n{:10} {:>8} {:>8} {:>8} {:>9}",
        "step", "passed", "failed", "skipped", "time"
    );
    let mut total = Tally::default();
    for (step, tally, time) in outcomes {
        println!(
            "{:10} {:8} {:8} {:8} {:7.1} s",
            step.name,
            tally.passed,
            tally.failed.len(),
            tally.skipped.len(),
            time.as_secs_f64()
        );
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
    }
    total.print()
}
