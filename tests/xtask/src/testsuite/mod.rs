//! `cargo xtask wasi-testsuite DIR`: the public test suite of WASI preview 1, on each of the shim's hosts.
//!
//! The suite (<https://github.com/WebAssembly/wasi-testsuite>) is not part of this repository. Its branch
//! `prod/testsuite-base` contains built programs. `DIR` is a copy of its folder `tests`, or of any folder in it. Every
//! `*.wasm` in a folder `wasm32-wasip1` runs in a fresh copy of the directory that its `.json` file names:
//!
//! * `std`: the directory as it is;
//! * `fat`: a FAT32 image with the same files;
//! * `ram`: a tar archive of them, unpacked into a RAM disk.
//!
//! Programs that a host cannot pass are listed in [`known`] with the reason. They run nevertheless, so that the list stays
//! right.

mod known;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use board_card::image::{self, Image};
use serde::Deserialize;

use crate::layout::Layout;
use crate::process::capture;
use crate::tally::Tally;
use crate::{cargo, copy};

/// The file system of a guest's root directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Host {
    /// A directory of this system.
    Std,
    /// A FAT volume.
    Fat,
    /// A RAM disk.
    Ram,
}

impl Host {
    fn name(self) -> &'static str {
        match self {
            Host::Std => "std",
            Host::Fat => "fat",
            Host::Ram => "ram",
        }
    }
}

/// The contents of the `.json` file beside a program: how it is started, and its expected results.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Specification {
    args: Vec<String>,
    env: BTreeMap<String, String>,
    /// The directory that the guest sees as its root, relative to the program.
    root: Option<PathBuf>,
    exit_code: i32,
    stdout: Option<String>,
    stderr: Option<String>,
}

/// Runs all programs in a folder on these hosts, and prints a row for each host.
pub(crate) fn run(layout: &Layout, folder: &Path, hosts: &[Host]) -> Result<Tally> {
    let mut programs = Vec::new();
    find(folder, &mut programs)?;
    programs.sort();
    if programs.is_empty() {
        bail!(
            "no program for preview 1 below {}: give a copy of the suite's folder `tests` from its branch prod/testsuite-base",
            folder.display()
        );
    }
    let interpreter = cargo::programs(layout)?.join("wasi-interp");
    let scratch = layout.target.join("wasi-testsuite");
    let mut total = Tally::default();
    for &host in hosts {
        let mut tally = Tally::default();
        for program in &programs {
            judge(&mut tally, host, program, &interpreter, &scratch)?;
        }
        println!(
            "{:4} {} passed, {} failed, {} cannot",
            host.name(),
            tally.passed,
            tally.failed.len(),
            tally.skipped.len()
        );
        total += tally;
    }
    Ok(total)
}

/// The programs for preview 1 below a folder.
fn find(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let about = || format!("cannot read {}", folder.display());
    for entry in std::fs::read_dir(folder).with_context(about)? {
        let path = entry.with_context(about)?.path();
        if path.is_dir() {
            find(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
            && path.parent().and_then(Path::file_name) == Some("wasm32-wasip1".as_ref())
        {
            found.push(path);
        }
    }
    Ok(())
}

/// Runs one program on one host, and compares the result with the list of known failures.
fn judge(
    tally: &mut Tally,
    host: Host,
    program: &Path,
    interpreter: &Path,
    scratch: &Path,
) -> Result<()> {
    let stem = program.file_stem().unwrap_or_default().to_string_lossy();
    let name = format!("{} {stem}", host.name());
    let outcome = start(host, program, interpreter, scratch)?;
    match (outcome, known::reason(host, &stem)) {
        (Ok(()), None) => tally.passed += 1,
        (Ok(()), Some(_)) => tally
            .failed
            .push(format!("{name}: passes, but is listed as impossible")),
        (Err(_), Some(reason)) => tally.skipped.push((name, reason.to_owned())),
        (Err(what), None) => {
            println!("{name}: {what}");
            tally.failed.push(name);
        }
    }
    Ok(())
}

/// Runs one program. `Ok(Err)` contains the difference from the expected results.
fn start(
    host: Host,
    program: &Path,
    interpreter: &Path,
    scratch: &Path,
) -> Result<Result<(), String>> {
    let path = program.with_extension("json");
    let specification = if path.exists() {
        let text = std::fs::read_to_string(&path)?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} is not understood", path.display()))?
    } else {
        Specification::default()
    };
    let mut command = Command::new(interpreter);
    for (name, value) in &specification.env {
        command.arg("--env").arg(format!("{name}={value}"));
    }
    if let Some(root) = &specification.root {
        let root = program.with_file_name(root);
        // Without this variable, the suite also accepts the errors of other systems.
        command.args(["--env", "ERRNO_MODE_UNIX=1"]);
        command.args(mount(host, &root, scratch)?);
    }
    command.args(["--timeout", "60s"]);
    command.arg(program).args(&specification.args);
    // The suite's own runner uses such a pipe, to which nothing is written.
    let output = capture(command.stdin(Stdio::piped()))?;
    Ok(check(&specification, &output))
}

/// Creates a fresh copy of a directory. Returns the option that grants it to the guest as its root.
fn mount(host: Host, root: &Path, scratch: &Path) -> Result<[String; 2]> {
    if scratch.exists() {
        std::fs::remove_dir_all(scratch)?;
    }
    std::fs::create_dir_all(scratch)?;
    let (option, copy) = match host {
        Host::Std => {
            let copy = scratch.join("root");
            copy::tree(root, &copy)?;
            ("--dir", copy)
        }
        Host::Fat => {
            let copy = scratch.join("root.img");
            let mut volume = Image::new();
            volume.copy("", root)?;
            volume.write(&copy, image::SMALLEST, |_, _| {})?;
            ("--fat", copy)
        }
        Host::Ram => {
            let copy = scratch.join("root.tar");
            let mut tar = Command::new("tar");
            let archive = File::create(&copy)?;
            let status = tar.arg("-C").arg(root).args(["-c", "."]).stdout(archive);
            let status = status.status().context("cannot start tar")?;
            if !status.success() {
                bail!("tar ended with {status}");
            }
            ("--ram", copy)
        }
    };
    Ok([option.to_owned(), format!("{}::/", copy.display())])
}

/// Compares the results of a program with the expected ones.
fn check(specification: &Specification, output: &std::process::Output) -> Result<(), String> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() != Some(specification.exit_code) {
        let said = stderr.split("wasm backtrace:").next().unwrap_or_default();
        return Err(format!("{}\n{said}", output.status));
    }
    for (what, found, expected) in [
        ("stdout", &output.stdout, &specification.stdout),
        ("stderr", &output.stderr, &specification.stderr),
    ] {
        if expected
            .as_ref()
            .is_some_and(|expected| expected.as_bytes() != found)
        {
            return Err(format!("{what} is {:?}", String::from_utf8_lossy(found)));
        }
    }
    Ok(())
}
