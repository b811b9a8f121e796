//! Steps that run cargo: formatting, lints, documentation, and the tests on both dispatch back ends.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::layout::Layout;
use crate::libtest::Report;
use crate::process;
use crate::tally::Tally;
use crate::{go, install};

/// The feature that makes the interpreter dispatch by a loop, around a `match`, where it could use tail calls.
const LOOP: [&str; 2] = ["--features", "wasi-interp-core/loop-dispatch"];

/// The code is formatted.
pub(crate) fn fmt(layout: &Layout) -> Result<Tally> {
    process::run(cargo(layout).args(["fmt", "--all", "--check"]))
        .context("run `cargo fmt --all`")?;
    Ok(Tally::pass())
}

/// Clippy is silent, on both back ends.
pub(crate) fn clippy(layout: &Layout) -> Result<Tally> {
    // The dev profile never dispatches by tail calls.
    let clippy = [
        "clippy",
        "--quiet",
        "--profile=quick",
        "--workspace",
        "--all-targets",
    ];
    let deny = ["--", "--deny", "warnings"];
    process::run(cargo(layout).args(clippy).args(deny))?;
    // No other package differs.
    let engine = [
        "clippy",
        "--quiet",
        "--profile=quick",
        "--package=wasi-interp-core",
        "--all-targets",
    ];
    process::run(cargo(layout).args(engine).args(LOOP).args(deny))?;
    Ok(Tally {
        passed: 2,
        ..Tally::default()
    })
}

/// The documentation builds without a warning.
pub(crate) fn doc(layout: &Layout) -> Result<Tally> {
    let mut doc = cargo(layout);
    process::run(doc.env("RUSTDOCFLAGS", "-Dwarnings").args([
        "doc",
        "--quiet",
        "--workspace",
        "--no-deps",
    ]))?;
    Ok(Tally::pass())
}

/// Packs every package that can be published, and compiles it from what was packed and nothing else.
pub(crate) fn package(layout: &Layout) -> Result<Tally> {
    let mut publish = cargo(layout);
    // It is compiled in the dev profile, but not to be run.
    publish.env("CARGO_PROFILE_DEV_DEBUG", "0");
    publish.env("CARGO_INCREMENTAL", "0");
    process::run(publish.args([
        "publish",
        "--workspace",
        "--dry-run",
        "--allow-dirty",
        "--quiet",
    ]))?;
    Ok(Tally::pass())
}

/// Unit tests in the dev profile: debug assertions check the machine's invariants.
pub(crate) fn debug(layout: &Layout) -> Result<Tally> {
    let packages = [
        "wasi-interp-core",
        "wasi-interp-shim",
        "wasi-interp",
        "wasi-interp-go-tables",
        "wasi-interp-boards",
        "wasi-interp-card",
        "wasi-interp-board-settings",
    ]
    .map(|name| ["--package", name]);
    test(
        cargo(layout)
            .args(["test", "--lib", "--bins"])
            .args(packages.as_flattened()),
    )
}

/// All tests with optimisation, against the programs as they ship, where the machine dispatches by tail calls.
pub(crate) fn tail(layout: &Layout) -> Result<Tally> {
    let programs = programs(layout)?;
    optimised(layout, &programs, &["--workspace"])
}

/// Tests of the packages that run ops, with optimisation and the loop around a `match`.
pub(crate) fn loop_(layout: &Layout) -> Result<Tally> {
    // Programs as tests are built share their compilation.
    let build = [
        "build",
        "--quiet",
        "--profile=quick",
        "--package=wasi-interp",
        "--bins",
    ];
    process::run(cargo(layout).args(build).args(LOOP))?;
    let programs = set_aside(layout, "quick", "loop")?;
    let packages = ["--package=wasi-interp-core", "--package=tests"];
    optimised(layout, &programs, &[packages, LOOP].concat())
}

/// Runs the tests that `chosen` names against the programs in a folder.
fn optimised(layout: &Layout, programs: &Path, chosen: &[&str]) -> Result<Tally> {
    let mut command = cargo(layout);
    command
        .args(["test", "--profile=quick", "--no-fail-fast"])
        .args(chosen);
    command.env("WASI_INTERP", programs.join("wasi-interp"));
    command.env("WASI_INTERP_GO", go::toolchain(layout, go::CURRENT)?.goroot);
    command.env("WASI_INTERP_GO_OLD", go::toolchain(layout, go::OLD)?.goroot);
    command.env("WASI_INTERP_ZIG", install::zig(layout)?);
    // Tests print the cases that they skip.
    test(command.args(["--", "--show-output"]))
}

/// Builds the command-line programs as they ship, and sets them aside.
pub(crate) fn programs(layout: &Layout) -> Result<PathBuf> {
    let build = [
        "build",
        "--quiet",
        "--release",
        "--package=wasi-interp",
        "--bins",
    ];
    process::run(cargo(layout).args(build))?;
    set_aside(layout, "release", "tail")
}

/// Copies the command-line programs of a profile into a folder that no later build touches.
fn set_aside(layout: &Layout, profile: &str, back_end: &str) -> Result<PathBuf> {
    let folder = layout.target.join("back-ends").join(back_end);
    std::fs::create_dir_all(&folder)?;
    for name in PROGRAMS {
        let about = || format!("cannot set {name} aside");
        // A running program cannot be overwritten, only replaced.
        let fresh = folder.join(format!("{name}.new"));
        std::fs::copy(layout.target.join(profile).join(name), &fresh).with_context(about)?;
        std::fs::rename(&fresh, folder.join(name)).with_context(about)?;
    }
    Ok(folder)
}

/// The programs that tests start.
const PROGRAMS: [&str; 2] = ["wasi-interp", "go_wasip1_wasm_exec"];

/// Runs `cargo test` and counts the results.
fn test(command: &mut Command) -> Result<Tally> {
    let mut report = Report::default();
    let success = process::lines(command, |line| {
        if report.line(line) {
            println!("{line}");
        }
    })?;
    let mut tally = report.tally;
    if !success && tally.failed.is_empty() {
        tally
            .failed
            .push("cargo test did not run to its end".to_owned());
    }
    Ok(tally)
}

/// The cargo that runs this program, in the root of the repository.
pub(crate) fn cargo(layout: &Layout) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(&layout.root);
    command
}
