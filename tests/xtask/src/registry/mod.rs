//! `cargo xtask registry`: runs WASI modules that PyPI and npm ship, here and in wasmtime.
//!
//! `tests/registry/modules.toml` lists the modules with real work for each. Both runs start in a folder with the same
//! files and must end with the same status, the same standard output and the same files. wasmtime is PyPI's package, which
//! `tests/registry/judge.py` calls.

mod command;
mod package;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;

use crate::layout::Layout;
use crate::process::{capture, processor_time};
use crate::tally::Tally;
use crate::{cargo, copy, install};

/// Switches of proposals. The table names those without which a module is refused.
const PROPOSALS: [&str; 8] = [
    "simd",
    "exceptions",
    "function-references",
    "gc",
    "memory64",
    "threads",
    "custom-page-sizes",
    "wide-arithmetic",
];

/// Options of `cargo xtask registry`.
#[derive(Args)]
pub(crate) struct Options {
    /// Only these modules, names of tests/registry/modules.toml. One that reads the file of another needs that one, too.
    modules: Vec<String>,
    /// Runs this wasi-interp instead of building one.
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
}

/// The file `modules.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Modules {
    module: Vec<Module>,
    skipped: Vec<Skipped>,
}

/// A module and its work.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Module {
    name: String,
    package: String,
    wasm: String,
    #[serde(default)]
    dirs: Vec<String>,
    args: Vec<String>,
    #[serde(default)]
    exits: i32,
    starts: Option<String>,
}

/// A package whose module cannot be compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Skipped {
    package: String,
    reason: String,
}

/// The end of a run.
struct Run {
    status: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
    files: BTreeMap<PathBuf, Vec<u8>>,
    time: Duration,
}

/// Runs the modules, prints a table, and returns the counts.
pub(crate) fn run(layout: &Layout, options: &Options) -> Result<Tally> {
    let folder = layout.root.join("tests/registry");
    let list: Modules = toml::from_str(&std::fs::read_to_string(folder.join("modules.toml"))?)
        .context("modules.toml")?;
    let known = |name: &String| list.module.iter().any(|module| module.name == *name);
    if let Some(unknown) = options.modules.iter().find(|name| !known(name)) {
        bail!("no module is called {unknown}; tests/registry/modules.toml names them");
    }
    let ours = match &options.program {
        Some(path) => path.clone(),
        None => cargo::programs(layout)?.join("wasi-interp"),
    };
    let scratch = layout.target.join("registry");
    let worlds = Worlds {
        judge: folder.join("judge.py"),
        wasmtime: install::pypi(layout, "wasmtime", install::PYPI_WASMTIME)?,
        ours,
        here: fresh(&folder, &scratch.join("here"))?,
        there: fresh(&folder, &scratch.join("wasmtime"))?,
        temporary: scratch.join("tmp"),
        scratch,
    };
    let mut tally = Tally::default();
    for skipped in &list.skipped {
        let (package, reason) = (skipped.package.clone(), skipped.reason.clone());
        tally.skipped.push((package, reason));
    }
    println!(
        "| module | package | MiB | needs | result | CPU s here | CPU s of wasmtime, compiling included |"
    );
    println!("|---|---|---|---|---|---|---|");
    for module in &list.module {
        if options.modules.is_empty() || options.modules.contains(&module.name) {
            tally += worlds
                .compare(layout, module)
                .unwrap_or_else(|error| Tally::failure(format!("{}: {error:#}", module.name)));
        }
    }
    Ok(tally)
}

/// How the runs differ, if they do, or how both failed.
fn difference(module: &Module, mine: &Run, judged: &Run) -> Option<String> {
    if judged.status != Some(module.exits) {
        return Some(format!("wasmtime: status {:?}", judged.status));
    }
    if mine.status != judged.status {
        return Some(format!("status {:?}", mine.status));
    }
    if mine.stdout != judged.stdout {
        return Some("other standard output".to_owned());
    }
    let names = mine.files.keys().chain(judged.files.keys());
    let other = names
        .into_iter()
        .find(|name| mine.files.get(*name) != judged.files.get(*name));
    other.map(|name| format!("other file {}", name.display()))
}

/// A copy of the inputs.
fn fresh(folder: &Path, work: &Path) -> Result<PathBuf> {
    if work.exists() {
        std::fs::remove_dir_all(work)?;
    }
    copy::tree(&folder.join("inputs"), work)?;
    Ok(work.to_owned())
}

/// The programs, and the folders in which they run modules.
struct Worlds {
    ours: PathBuf,
    judge: PathBuf,
    /// The folder of Python's package.
    wasmtime: PathBuf,
    here: PathBuf,
    there: PathBuf,
    /// `/tmp` of all runs.
    temporary: PathBuf,
    /// For modules that are made of others.
    scratch: PathBuf,
}

impl Worlds {
    /// Runs a module in both, and prints a row of the table.
    fn compare(&self, layout: &Layout, module: &Module) -> Result<Tally> {
        let package = package::installed(layout, &module.package)?;
        let mut wasm = package.join(&module.wasm);
        let bytes = std::fs::read(&wasm).with_context(|| wasm.display().to_string())?;
        if let Some(function) = &module.starts {
            wasm = self
                .scratch
                .join(wasm.file_name().context("a module is a file")?);
            std::fs::write(&wasm, command::from_library(&bytes, function)?)?;
        }
        let grants = |folder: &Path| -> Vec<String> {
            let own = format!("{}::.", folder.display());
            let temporary = format!("{}::/tmp", self.temporary.display());
            let dirs = module.dirs.iter();
            let dirs = dirs.map(|dir| format!("{}/{dir}", package.display()));
            let all = [own, temporary].into_iter().chain(dirs);
            all.flat_map(|dir| ["--dir".to_owned(), dir]).collect()
        };
        let mine = self.here(&grants(&self.here), &wasm, &module.args)?;
        let judged = self.there(&grants(&self.there), &wasm, &module.args)?;
        let differs = difference(module, &mine, &judged);
        println!(
            "| {} | {} | {:.1} | {} | {} | {:.2} | {:.2} |",
            module.name,
            module.package,
            bytes.len() as f64 / f64::from(1 << 20),
            self.needs(&wasm)?,
            differs.as_deref().unwrap_or("agrees"),
            mine.time.as_secs_f64(),
            judged.time.as_secs_f64(),
        );
        let Some(how) = differs else {
            return Ok(Tally::pass());
        };
        let mut tally = Tally::failure(format!("{}: {how}", module.name));
        tally.said.extend(mine.stderr.lines().map(str::to_owned));
        tally.said.push("-- wasmtime:".to_owned());
        tally.said.extend(judged.stderr.lines().map(str::to_owned));
        Ok(tally)
    }

    fn here(&self, grants: &[String], wasm: &Path, args: &[String]) -> Result<Run> {
        let mut command = Command::new(&self.ours);
        command.args(grants).arg(wasm).args(args);
        self.run(&mut command, &self.here)
    }

    fn there(&self, grants: &[String], wasm: &Path, args: &[String]) -> Result<Run> {
        let mut command = Command::new("python3");
        command.env("PYTHONPATH", &self.wasmtime).arg(&self.judge);
        command.args(grants).arg(wasm).args(args);
        self.run(&mut command, &self.there)
    }

    /// Runs a command to its end, in a folder and with an empty `/tmp`.
    fn run(&self, command: &mut Command, folder: &Path) -> Result<Run> {
        if self.temporary.exists() {
            std::fs::remove_dir_all(&self.temporary)?;
        }
        std::fs::create_dir_all(&self.temporary)?;
        let before = processor_time();
        let output = capture(command.current_dir(folder).stdin(Stdio::null()))?;
        let mut files = BTreeMap::new();
        read(folder, &mut files)?;
        Ok(Run {
            status: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            files: files
                .into_iter()
                .filter_map(|(path, bytes)| {
                    Some((path.strip_prefix(folder).ok()?.to_owned(), bytes))
                })
                .collect(),
            time: processor_time().saturating_sub(before),
        })
    }

    /// The proposals without which the whole module is not valid.
    fn needs(&self, wasm: &Path) -> Result<String> {
        let mut needed = Vec::new();
        for proposal in PROPOSALS {
            // One unit of fuel: a module that is valid traps soon, with another status.
            let mut command = Command::new(&self.ours);
            command.args(["--eager", "--fuel=1", "-W"]);
            let output = capture(command.arg(format!("{proposal}=n")).arg(wasm))?;
            let messages = String::from_utf8_lossy(&output.stderr);
            if output.status.code() == Some(1) && messages.contains("turned off") {
                needed.push(proposal);
            }
        }
        Ok(needed.join(", "))
    }
}

/// Reads all files below a folder.
fn read(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(&path, files)?;
        } else {
            let bytes = std::fs::read(&path)?;
            files.insert(path, bytes);
        }
    }
    Ok(())
}
