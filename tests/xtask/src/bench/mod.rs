//! `cargo xtask bench`: runs every program of `bench/programs` under every runner, in turn. Compares the outputs, and
//! measures CPU time and memory as reported by the operating system.
//!
//! One round runs each program once under each runner, so that other load on the machine affects all of them alike. The
//! result is the minimum of all rounds, printed beside the median.
//!
//! Reading order: [`programs`] (what is run), [`runners`] (under what), [`measure`] (one run), [`rounds`] (all runs),
//! [`figures`] (ratios and means), [`report`] (the page), [`callgrind`] (counts instead of times).

pub(crate) mod callgrind;
mod figures;
mod machine;
mod measure;
mod packages;
mod processors;
mod programs;
mod report;
mod rounds;
mod runners;
mod sums;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::layout::Layout;
pub(crate) use measure::{Command as MeasureCommand, child as measure_child};
use programs::Program;

/// Options of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// A few programs of each language and one round: half a minute.
    #[arg(long)]
    quick: bool,
    /// The programs with vectors and objects, in place of the others. Their page is a section of its own.
    #[arg(long)]
    proposals: bool,
    /// Only the programs with this name; can be given several times.
    #[arg(long, value_name = "PROGRAM")]
    only: Vec<String>,
    /// Only this runner, built or installed if need be; can be given several times.
    #[arg(long, value_name = "RUNNER")]
    runner: Vec<String>,
    /// Another build of wasi-interp as one more runner.
    #[arg(long, value_name = "NAME=PATH", value_parser = runners::named_path)]
    also: Vec<(String, PathBuf)>,
    /// How often each program runs under each runner [default: 5, or 1 with --quick].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// Count instructions of wasi-interp under valgrind in place of measuring times.
    #[arg(long)]
    callgrind: bool,
    /// Run the held-back programs natively, and write what they print to bench/held-back/sums.txt.
    #[arg(long)]
    native: bool,
    /// List programs and runners, and do nothing.
    #[arg(long)]
    list: bool,
}

impl Options {
    /// Returns whether this run differs from the one that writes the page in the repository.
    fn is_partial(&self) -> bool {
        self.quick || !self.only.is_empty() || !self.runner.is_empty() || !self.also.is_empty()
    }

    fn wants(&self, program: &Program) -> bool {
        if self.only.is_empty() {
            program.group.set.is_of_proposals() == self.proposals
                && (!self.quick || programs::QUICK.contains(&program.name.as_str()))
        } else {
            self.only.contains(&program.name)
                && (program.group.set.is_of_proposals() || !self.proposals)
        }
    }
}

/// Builds the Go programs and returns the paths of their modules.
pub(crate) fn go_programs(layout: &Layout) -> Result<Vec<PathBuf>> {
    let mut programs = programs::all(layout)?;
    programs.retain(|program| program.group == programs::GROUPS[0]);
    programs::build(layout, &programs)?;
    Ok(programs.into_iter().map(|program| program.wasm).collect())
}

/// A program that is counted.
pub(crate) struct Counted {
    /// Its language and name: `go json`.
    pub(crate) name: String,
    /// Where its module lies.
    pub(crate) wasm: PathBuf,
    /// Whether it is of the held-back set.
    pub(crate) held_back: bool,
}

/// Builds the programs of the first set and those held back.
pub(crate) fn programs_of_both_sets(layout: &Layout) -> Result<Vec<Counted>> {
    let mut programs = programs::all(layout)?;
    programs.retain(|program| {
        matches!(
            program.group.set,
            programs::Set::First | programs::Set::HeldBack
        )
    });
    programs::build(layout, &programs)?;
    let counted = programs.into_iter().map(|program| Counted {
        name: format!(
            "{} {}",
            program.group.language.name().to_lowercase(),
            program.name
        ),
        wasm: program.wasm,
        held_back: program.group.set == programs::Set::HeldBack,
    });
    Ok(counted.collect())
}

/// Runs the benchmark. Returns `false` if a program failed, or if outputs differ, under a runner of this repository.
pub(crate) fn run(layout: &Layout, options: &Options) -> Result<bool> {
    let mut chosen = programs::all(layout)?;
    if let Some(unknown) = options
        .only
        .iter()
        .find(|name| chosen.iter().all(|program| program.name != **name))
    {
        bail!("no program is called {unknown}; --list names them");
    }
    if options.list {
        for program in &chosen {
            println!("{:12} {}", program.group.name(), program.name);
        }
        println!("runners: {}", runners::NAMES.join(", "));
        return Ok(true);
    }
    if options.native {
        return sums::renew(layout, &chosen).map(|()| true);
    }
    chosen.retain(|program| options.wants(program));
    programs::build(layout, &chosen)?;
    if options.callgrind {
        return callgrind::run(layout, &chosen).map(|()| true);
    }
    let found = runners::find(layout, options)?;
    for (name, reason) in &found.missing {
        println!("skipped: {name}: {reason}");
    }
    let count = options.rounds.unwrap_or(if options.quick { 1 } else { 5 });
    let table = rounds::run(&found.runners, &chosen, count)?;
    let section = report::page(&machine::describe(layout)?, &found, &table);

    let path = if options.is_partial() {
        println!("\n{section}");
        layout.target.join("bench/RESULTS.md")
    } else {
        layout.root.join("bench/RESULTS.md")
    };
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let mut name = machine::processor();
    if options.proposals {
        name += ", vectors and objects";
    }
    let file = processors::insert(&before, &name, &section);
    std::fs::write(&path, file).with_context(|| format!("cannot write {}", path.display()))?;
    println!("written: {}", path.display());
    Ok(table.ours_succeeded())
}
