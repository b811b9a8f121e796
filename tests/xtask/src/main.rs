//! Developer automation: `cargo xtask …`.
//!
//! `cargo xtask test` is the gate: it installs the tools that it needs and runs all of [`steps::STEPS`]. To add a check,
//! write a function that returns a [`tally::Tally`], and add one row to that table.
//!
//! Reading order: [`steps`] (the steps), [`lanes`] (two at a time), [`cargo`] and [`cross`] (Rust), [`go`] and [`install`] (the tools), [`process`]
//! (how programs are started), [`layout`] (folders).
#![forbid(unsafe_code)]

mod asm;
mod bench;
mod board;
mod book;
mod cargo;
mod copy;
mod cross;
mod filecopy;
mod fuzz;
mod go;
mod gostd;
mod gostd_sets;
mod install;
mod lanes;
mod layout;
mod libtest;
mod process;
mod registry;
mod steps;
mod superinstructions;
mod tally;
mod testsuite;
mod toolchain;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use layout::Layout;

/// Builds, tests and measures wasi-interp.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run all checks and tests, or only the steps named.
    Test(steps::Options),
    /// Build kernels for bare boards, write images for them, boot them in QEMU.
    #[command(subcommand)]
    Board(board::Task),
    /// Install the tools that the tests use, without running anything.
    Install,
    /// Search for input that makes a part of wasi-interp fail, guided by coverage.
    Fuzz(fuzz::Options),
    /// Run tests of Go's standard library under wasi-interp: a quick set, or the packages named (`std`: all).
    Gostd {
        /// Packages, as `go test` takes them: `os`, `encoding/...`, `std`; or `light`: all whose tests take less than three seconds.
        packages: Vec<String>,
    },
    /// Run the public test suite of WASI preview 1, which is not in this repository, on each kind of file system.
    WasiTestsuite {
        /// A copy of the suite's folder `tests`, with the programs built: its branch prod/testsuite-base.
        folder: PathBuf,
        /// Only on these.
        #[arg(long, value_enum, default_values = ["std", "fat", "ram"], value_delimiter = ',')]
        on: Vec<testsuite::Host>,
    },
    /// Run modules that PyPI and npm ship, here and in wasmtime, and compare what they write.
    Registry(registry::Options),
    /// Check that macOS and Windows compile what they should: minutes, and no part of `test`.
    Systems,
    /// Measure wasi-interp and its peers on the programs of `bench/`, and write bench/RESULTS.md.
    Bench(bench::Options),
    /// Run a program and tell what it took: how `bench` starts each run.
    #[command(hide = true)]
    Measure(bench::MeasureCommand),
    /// Count which ops the benchmark's Go programs run most: the list that `test asm` looks at.
    Hottest,
    /// Choose the superinstructions from the counts in bench/profiles, and write them to interp/src/ops/superinstruction.
    Superinstructions(superinstructions::Options),
    /// Rebuild the Go program that is kept in the repository.
    Filecopy,
    /// Build the book about interpreters, interp/book, as web pages in target/book.
    Book,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one task. Returns the exit status: 1 if the task finished and something failed.
fn run(task: Task) -> Result<u8> {
    let layout = Layout::find()?;
    match task {
        Task::Test(options) => steps::run(&layout, &options).map(status),
        Task::Board(task) => board::run(&layout, task),
        Task::Install => install::everything(&layout).map(|()| 0),
        Task::Gostd { packages } => {
            gostd::run(&layout, &packages).map(|tally| status(tally.print()))
        }
        Task::WasiTestsuite { folder, on } => {
            testsuite::run(&layout, &folder, &on).map(|tally| status(tally.print()))
        }
        Task::Registry(options) => {
            registry::run(&layout, &options).map(|tally| status(tally.print()))
        }
        Task::Systems => cross::systems(&layout).map(|tally| status(tally.print())),
        Task::Bench(options) => bench::run(&layout, &options).map(status),
        Task::Measure(command) => bench::measure_child(&command).map(|()| 0),
        Task::Fuzz(options) => fuzz::run(&layout, &options).map(|()| 0),
        Task::Hottest => asm::renew(&layout).map(|()| 0),
        Task::Superinstructions(options) => superinstructions::run(&layout, &options).map(|()| 0),
        Task::Book => {
            println!("{}", book::build(&layout)?.display());
            Ok(0)
        }
        Task::Filecopy => filecopy::rebuild(&layout).map(|()| 0),
    }
}

fn status(passed: bool) -> u8 {
    u8::from(!passed)
}
