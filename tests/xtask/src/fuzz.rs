//! Fuzzing: builds `tests/fuzz` so that the compiler counts edges, and starts it.
//!
//! Stable Rust takes the flags for LLVM's coverage pass. They must not reach build scripts, so the host's triple is named. The dev
//! profile has debug assertions, which check the machine's invariants at every op. AddressSanitizer is an unstable flag, which
//! `RUSTC_BOOTSTRAP` allows.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::layout::Layout;
use crate::process::{self, stdout_of};
use crate::tally::Tally;

/// The flags of the compiler that count edges.
const COUNTED: [&str; 3] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=3",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
];

/// Targets, and how many inputs of each the gate tries: some seconds. The same ones each time, since the seed is.
const TARGETS: [(&str, u32); 10] = [
    ("lower", 10_000),
    ("compare", 100),
    ("lowered", 5_000),
    ("states", 5_000),
    ("world", 10_000),
    ("replayed", 10_000),
    ("paths", 5_000),
    ("fat", 1_000),
    ("tar", 4_000),
    ("settings", 40_000),
];

/// What `cargo xtask fuzz` is told.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What is fuzzed: all targets if none is named.
    target: Vec<String>,
    /// How long each target is fuzzed.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// From which all random numbers follow.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Add inputs that reach something new to the corpora.
    #[arg(long)]
    grow: bool,
    /// Build with AddressSanitizer: slower, and it finds wrong accesses to memory at once.
    #[arg(long)]
    asan: bool,
}

/// The step: each target for some seconds.
pub(crate) fn step(layout: &Layout) -> Result<Tally> {
    let program = build(layout, false)?;
    let mut tally = Tally::default();
    for (target, runs) in TARGETS {
        let mut command = Command::new(&program);
        match process::run(command.args([target, "--runs", &runs.to_string()])) {
            Ok(()) => tally.passed += 1,
            Err(error) => tally.failed.push(format!("{target}: {error:#}")),
        }
    }
    Ok(tally)
}

/// The command: one target or all of them, as long as one likes.
pub(crate) fn run(layout: &Layout, options: &Options) -> Result<()> {
    let names = TARGETS.map(|(name, _)| name);
    if let Some(unknown) = options
        .target
        .iter()
        .find(|name| !names.contains(&&***name))
    {
        bail!(
            "there is no target {unknown}; there are {}",
            names.join(", ")
        );
    }
    let program = build(layout, options.asan)?;
    let (seconds, seed) = (options.seconds.to_string(), options.seed.to_string());
    for target in names {
        if !options.target.is_empty() && !options.target.iter().any(|name| name == target) {
            continue;
        }
        let mut command = Command::new(&program);
        command.args([target, "--seconds", &seconds, "--seed", &seed]);
        if options.grow {
            command.arg("--grow");
        }
        // A mounted volume leaves a few bytes behind, on purpose.
        process::run(command.env("ASAN_OPTIONS", "detect_leaks=0"))?;
    }
    Ok(())
}

/// Builds the fuzzer.
fn build(layout: &Layout, asan: bool) -> Result<PathBuf> {
    let host = stdout_of(Command::new("rustc").arg("-vV"))
        .and_then(|text| Some(text.split_once("host: ")?.1.lines().next()?.to_owned()))
        .context("rustc -vV names no host")?;
    let mut flags = COUNTED.to_vec();
    let mut command = cargo::cargo(layout);
    if asan {
        flags.push("-Zsanitizer=address");
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    let target = layout.target.join(if asan { "fuzz-asan" } else { "fuzz" });
    command
        .args(["build", "--quiet", "--package=fuzz", "--target", &host])
        .arg("--target-dir")
        .arg(&target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
        .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")
        .env("CARGO_INCREMENTAL", "0");
    process::run(&mut command)?;
    Ok(target.join(host).join("debug/fuzz"))
}
