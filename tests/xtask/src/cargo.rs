//! Steps that run cargo: formatting, lints, documentation, and the tests on the three dispatch back ends.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::layout::Layout;
use crate::libtest::Report;
use crate::process;
use crate::tally::Tally;
use crate::{go, install};

/// The feature that makes optimised builds of the interpreter dispatch by a switch where they could use tail calls. Cargo takes it
/// only where its package is named.
pub(crate) const SWITCH: [&str; 3] = [
    "--package=wasi-interp-core",
    "--features",
    "wasi-interp-core/loop-dispatch",
];

/// The code is formatted.
pub(crate) fn fmt(layout: &Layout) -> Result<Tally> {
    process::run(cargo(layout).args(["fmt", "--all", "--check"]))
        .context("run `cargo fmt --all`")?;
    Ok(Tally::pass())
}

/// Clippy is silent, on both back ends, with vectors and without, and where no function is lowered.
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
    // Nothing else differs: the tests have no code for one back end. Neither do vectors, so one pass checks the switch and what kernels
    // have, which is the interpreter without vectors.
    let engine = [
        "clippy",
        "--quiet",
        "--profile=quick",
        "--lib",
        "--no-default-features",
        "--features=std,superinstructions",
    ];
    process::run(cargo(layout).args(engine).args(SWITCH).args(deny))?;
    // What kernels have that run programs in lowered form only: other code than with `lowering`.
    let lowered = [
        "clippy",
        "--quiet",
        "--profile=quick",
        "--lib",
        "--no-default-features",
        "--features=superinstructions,lowered-modules",
        "--package=wasi-interp-core",
    ];
    process::run(cargo(layout).args(lowered).args(deny))?;
    Ok(Tally {
        passed: 3,
        ..Tally::default()
    })
}

/// The documentation builds without a warning.
pub(crate) fn doc(layout: &Layout) -> Result<Tally> {
    let mut doc = cargo(layout);
    process::run(doc.env("RUSTDOCFLAGS", "-Dwarnings").args([
        "doc",
        "--quiet",
        // The step `clippy` has compiled the dependencies in this profile.
        "--profile=quick",
        "--workspace",
        "--no-deps",
    ]))?;
    Ok(Tally::pass())
}

/// Packs every package that can be published. The other steps compile the same files, so what was packed is not compiled again:
/// that takes two minutes and a half. `cargo publish --workspace --dry-run` does it.
pub(crate) fn package(layout: &Layout) -> Result<Tally> {
    process::run(cargo(layout).args([
        "publish",
        "--workspace",
        "--dry-run",
        "--no-verify",
        "--allow-dirty",
        "--quiet",
    ]))?;
    Ok(Tally::pass())
}

/// Tests in the dev profile, which dispatches by the loop. Debug assertions check the machine's invariants at every op. All unit tests
/// and all tests of single ops run; of the rest [`SAMPLE`], since this back end is slow.
pub(crate) fn loop_(layout: &Layout) -> Result<Tally> {
    // Always the same packages: others would need the interpreter with other features, which is another build.
    let packages = [
        "wasi-interp-core",
        "wasi-interp-shim",
        "wasi-interp",
        "wasi-interp-go-tables",
        "wasi-interp-boards",
        "wasi-interp-card",
        "wasi-interp-board-settings",
        "tests",
    ]
    .map(|name| ["--package", name]);
    let in_dev = |subcommand: &str| {
        let mut command = cargo(layout);
        // Nobody debugs these builds, and none is made twice.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0");
        command.env("CARGO_INCREMENTAL", "0");
        command.arg(subcommand).args(packages.as_flattened());
        command
    };
    let mut tally = test(in_dev("test").args(["--lib", "--bins"]).args(OPS))?;
    // A test among the targets, so that cargo chooses the features that tests have, and compiles no dependency again.
    process::run(in_dev("build").args(["--quiet", "--bin=wasi-interp", "--test=oracle"]))?;
    let mut command = in_dev("test");
    command.env("WASI_INTERP", layout.target.join("debug/wasi-interp"));
    command.env("WASI_INTERP_GO", go::toolchain(layout, go::CURRENT)?.goroot);
    command.env("WASI_INTERP_SEEDS", "60");
    command.env("WASI_INTERP_GO_SEEDS", "200");
    command.arg("--no-fail-fast");
    for (program, _) in SAMPLE {
        command.args(["--test", program]);
    }
    let names = SAMPLE.iter().flat_map(|(_, names)| *names);
    let sample = test(command.args(["--", "--exact"]).args(names.clone()))?;
    let (ran, wanted) = (sample.passed + sample.failed.len(), names.count());
    tally += sample;
    if ran != wanted {
        tally.failed.push(format!(
            "{ran} tests of the sample have run, of {wanted}: see SAMPLE in cargo.rs"
        ));
    }
    Ok(tally)
}

/// The tests of single ops, and of what else assertions look at: their results, the native stack that they take, their distances, and vectors.
const OPS: [&str; 10] = [
    "--test",
    "freeze",
    "--test",
    "oracle",
    "--test",
    "native_stack",
    "--test",
    "far",
    "--test",
    "vector",
];

/// What runs in the dev profile besides: programs of tests, and the names of tests in them.
const SAMPLE: [(&str, &[&str]); 3] = [
    (
        "differential",
        &[
            "random_modules_do_the_same_in_wasmi",
            "random_modules_with_proposals_do_the_same_in_wasmi",
            "functions_shaped_like_gos_do_the_same_in_wasmi",
        ],
    ),
    ("spec", &["a_sample", "vectors", "relaxed_vectors"]),
    GUESTS,
];

/// A sample of Go programs.
const GUESTS: (&str, &[&str]) = (
    "guests",
    &[
        "files", "tree", "links", "channels", "maps", "compress", "json", "regexp", "text",
        "template", "hashes", "formats",
    ],
);

/// Lets the test `differential` run the interpreter that is the WebAssembly module `module`.
pub(crate) fn wasm32(layout: &Layout, module: &Path) -> Result<Tally> {
    let test_of_wasm32 = ["wasm32::", "--include-ignored"];
    test(
        cargo(layout)
            .env("WASI_INTERP_WASM32", module)
            // As the step `tail`, so that nothing is compiled again.
            .args(["test", "--profile=quick", "--workspace"])
            .args(["--test=differential", "--"])
            .args(test_of_wasm32),
    )
}

/// All tests with optimisation, against the programs as they ship, where the machine dispatches by tail calls.
pub(crate) fn tail(layout: &Layout) -> Result<Tally> {
    let programs = programs(layout)?;
    optimised(layout, &programs, &["--workspace"], &[])
}

/// Tests where the machine dispatches by a switch, with optimisation: those of ops, modules and the library, and a sample of programs.
/// The kernels for 32-bit ARM, which run in QEMU, have the switch, too.
pub(crate) fn switch(layout: &Layout) -> Result<Tally> {
    let (names, programs) = switch_programs(layout)?;
    let names: Vec<_> = names
        .iter()
        .filter(|name| SWITCHED.contains(&name.as_str()))
        .collect();
    ensure!(
        names.len() == SWITCHED.len(),
        "SWITCHED in cargo.rs names a test that is not there"
    );
    let chosen = names.iter().flat_map(|name| ["--test", name.as_str()]);
    let mut tally = optimised(layout, &programs, &switched(chosen), &[])?;
    let (program, sample) = GUESTS;
    let exact = [&["--exact"][..], sample].concat();
    tally += optimised(layout, &programs, &switched(["--test", program]), &exact)?;
    Ok(tally)
}

/// All tests that run ops, with optimisation, where the machine dispatches by a switch. Unit tests would compile the switch once more,
/// which takes minutes; the other two back ends run them.
pub(crate) fn switch_all(layout: &Layout) -> Result<Tally> {
    let (names, programs) = switch_programs(layout)?;
    let chosen = names.iter().flat_map(|name| ["--test", name.as_str()]);
    optimised(layout, &programs, &switched(chosen), &[])
}

/// Builds the programs with the switch and sets them aside. Also returns the names of all tests that depend on how ops run.
fn switch_programs(layout: &Layout) -> Result<(Vec<String>, PathBuf)> {
    let mut names = Vec::new();
    for package in RUN_OPS {
        names.extend(integration_tests(&layout.root.join(package).join("tests"))?);
    }
    names.retain(|name| !THE_SAME_ON_ALL.contains(&name.as_str()));
    let mut build = cargo(layout);
    build
        .args(["build", "--quiet", "--profile=quick"])
        .args(PROGRAMS.iter().flat_map(|name| ["--bin", name]))
        // A test among the targets, so that cargo chooses the features that tests have.
        .args(switched(["--test", "oracle"]));
    process::run(&mut build)?;
    Ok((names, set_aside(layout, "quick", "switch")?))
}

/// The arguments of cargo for targets with the switch. With the whole workspace, the features of dependencies are those of the step
/// `tail`, so they are not compiled again.
fn switched<'a>(targets: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut arguments = [&["--workspace"][..], &SWITCH].concat();
    arguments.extend(targets);
    arguments
}

/// The tests of the step `switch`.
const SWITCHED: [&str; 10] = [
    "api",
    "bombs",
    "differential",
    "exceptions",
    "far",
    "known",
    "listings",
    "oracle",
    "spec",
    "vector",
];

/// The packages whose tests run ops.
const RUN_OPS: [&str; 2] = ["interp", "tests"];

/// Tests of these packages that do not depend on how ops are dispatched: documents, sources, the command line, files and descriptors.
/// The step `tail` runs them.
const THE_SAME_ON_ALL: [&str; 17] = [
    "add_op",
    "architecture",
    "command_line",
    "devices",
    "go_command",
    "grants",
    "hosts",
    "image",
    "layers",
    "network",
    "ram",
    "readme",
    "reference",
    "refusals",
    "story",
    "trace",
    "tutorial",
];

/// The names of the integration tests in a folder `tests`: files, and folders with a `main.rs`.
fn integration_tests(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        let is_test =
            path.join("main.rs").exists() || path.extension().is_some_and(|end| end == "rs");
        if let Some(stem) = path.file_stem().filter(|_| is_test) {
            names.push(stem.to_str().context("a test has a plain name")?.to_owned());
        }
    }
    Ok(names)
}

/// Runs the tests that `chosen` names against the programs in a folder, with more arguments for the test harness.
fn optimised(
    layout: &Layout,
    programs: &Path,
    chosen: &[&str],
    of_harness: &[&str],
) -> Result<Tally> {
    let mut command = cargo(layout);
    command
        .args(["test", "--profile=quick", "--no-fail-fast"])
        .args(chosen);
    command.env("WASI_INTERP", programs.join("wasi-interp"));
    command.env("WASI_INTERP_GO", go::toolchain(layout, go::CURRENT)?.goroot);
    command.env("WASI_INTERP_GO_OLD", go::toolchain(layout, go::OLD)?.goroot);
    command.env("WASI_INTERP_ZIG", install::zig(layout)?);
    // Tests print the cases that they skip.
    test(command.args(["--", "--show-output"]).args(of_harness))
}

/// Builds the command-line programs for tests. Returns the path of `wasi-interp`.
pub(crate) fn desktop(layout: &Layout) -> Result<PathBuf> {
    let build = [
        "build",
        "--quiet",
        "--profile=quick",
        "--package=wasi-interp",
        "--bins",
    ];
    process::run(cargo(layout).args(build))?;
    Ok(layout.target.join("quick/wasi-interp"))
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
        // A running program cannot be overwritten, only replaced. Two steps may do so at the same time.
        let fresh = folder.join(format!("{name}.{}", std::process::id()));
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
