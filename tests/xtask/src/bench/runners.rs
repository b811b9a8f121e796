//! The runners: wasi-interp with different back ends, and other runtimes. Those on crates.io are installed in the target
//! directory. The others are used if they are on PATH.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Options;
use super::programs::Program;
use crate::cargo;
use crate::install;
use crate::layout::Layout;
use crate::process::{self, stdout_of};

/// The runner that is compared with the others.
pub(super) const OURS: &str = "wasi-interp";
/// The runner to which ratios refer.
pub(super) const BASE: &str = "wasmi";

/// All runners, in the order of the report's columns.
pub(super) const NAMES: [&str; 10] = [
    OURS,
    "wasi-interp-switch",
    BASE,
    "sf-nano",
    "wasm3",
    "iwasm",
    "toywasm",
    "wazero",
    "pulley",
    "wasmtime",
];

const WASMI: &str = "2.0.0";
/// Without this feature, wasmi refuses programs with vectors.
const WASMI_FEATURES: [&str; 2] = ["--features", "simd"];
const WASMTIME: &str = "48.0.8";
/// The features that are needed to run modules. They build in minutes; all of wasmtime takes an hour.
const WASMTIME_FEATURES: [&str; 3] = [
    "--no-default-features",
    "--features",
    "run,compile,pulley,cache",
];
/// Runners that compile a program before they run it.
const SLOW: [&str; 2] = ["pulley", "wasmtime"];

/// The kind of a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A build of wasi-interp.
    Ours,
    /// Another interpreter.
    Peer,
    /// A compiler, for comparison.
    Compiler,
}

/// A runner that is ready to run.
#[derive(Clone, Debug)]
pub(super) struct Runner {
    /// Its name in the report.
    pub(super) name: String,
    /// Its version, as it reports it.
    pub(super) version: String,
    /// Its kind.
    pub(super) kind: Kind,
    /// The program and its arguments before the module.
    words: Vec<OsString>,
    /// How modules are compiled ahead of time, if the runner uses such.
    compiled: Option<Compiled>,
}

/// How a runner compiles modules ahead of time.
#[derive(Clone, Debug)]
struct Compiled {
    /// The folder of the results.
    folder: PathBuf,
    /// The command before the module.
    words: Vec<OsString>,
    /// The option of the output. Without it, the output follows the module.
    output: Option<&'static str>,
}

/// The available runners, and the reasons why others are missing.
pub(super) struct Found {
    /// In the order of [`NAMES`].
    pub(super) runners: Vec<Runner>,
    /// Names and reasons.
    pub(super) missing: Vec<(String, String)>,
}

impl Runner {
    fn new(name: &str, kind: Kind, program: &Path, arguments: &[&str], version: String) -> Runner {
        let words = std::iter::once(program.as_os_str().to_owned())
            .chain(arguments.iter().map(OsString::from));
        Runner {
            name: name.to_owned(),
            version,
            kind,
            words: words.collect(),
            compiled: None,
        }
    }

    /// Returns the command that runs a program. Compiles the program first, if this runner needs that.
    pub(super) fn words(&self, program: &Program) -> Result<Vec<OsString>> {
        let mut words = self.words.clone();
        words.push(match &self.compiled {
            None => program.wasm.clone().into(),
            Some(compiled) => compiled.module(program)?.into(),
        });
        Ok(words)
    }
}

/// Parses `NAME=PATH` of `--also`.
pub(super) fn named_path(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if Path::new(path).exists() => Ok((name.to_owned(), path.into())),
        Some((_, path)) => Err(format!("{path} does not exist")),
        None => Err("expected NAME=PATH".to_owned()),
    }
}

/// Builds, installs and finds the selected runners.
pub(super) fn find(layout: &Layout, options: &Options) -> Result<Found> {
    if let Some(unknown) = options
        .runner
        .iter()
        .find(|name| !NAMES.contains(&name.as_str()))
    {
        bail!("no runner is called {unknown}; --list names them");
    }
    let mut found = Found {
        runners: Vec::new(),
        missing: Vec::new(),
    };
    for name in NAMES {
        if !options.runner.is_empty() && !options.runner.iter().any(|wanted| wanted == name) {
            continue;
        }
        if SLOW.contains(&name) && options.quick && options.runner.is_empty() {
            let reason = "compiles each program first: not with --quick, unless --runner names it";
            found.missing.push((name.to_owned(), reason.to_owned()));
            continue;
        }
        let found_one = if options.proposals && SLOW.contains(&name) {
            pypi_wasmtime(layout, name).map(Some)
        } else {
            one(layout, name)
        };
        match found_one {
            Ok(Some(runner)) => found.runners.push(runner),
            Ok(None) => found
                .missing
                .push((name.to_owned(), "not on PATH".to_owned())),
            // Without wasi-interp there is nothing to measure. Any other runner may be missing.
            Err(error) if name == OURS => return Err(error),
            Err(error) => found.missing.push((name.to_owned(), format!("{error:#}"))),
        }
    }
    for (name, path) in &options.also {
        found
            .runners
            .push(Runner::new(name, Kind::Ours, path, &[], version(path)));
    }
    Ok(found)
}

/// Finds one runner. Returns `None` if it must be on PATH and is not.
fn one(layout: &Layout, name: &str) -> Result<Option<Runner>> {
    let ready = |kind, path: &Path, arguments: &[&str]| {
        Ok(Some(Runner::new(
            name,
            kind,
            path,
            arguments,
            version(path),
        )))
    };
    // 8 MiB of stack: Go programs need more than the default of these two.
    let on_path = |kind, arguments: &[&str]| match which(name) {
        Some(path) => ready(kind, &path, arguments),
        None => Ok(None),
    };
    match name {
        OURS => ready(Kind::Ours, &ours(layout, "tail", &[])?, &[]),
        "wasi-interp-switch" => ready(Kind::Ours, &ours(layout, "switch", &cargo::SWITCH)?, &[]),
        BASE => {
            let path = installed(layout, "wasmi", "wasmi_cli", WASMI, &WASMI_FEATURES)?;
            ready(Kind::Peer, &path, &["run"])
        }
        "sf-nano" => sf_nano(layout).map(Some),
        "wasm3" => on_path(Kind::Peer, &["--stack-size", "8388608"]),
        "iwasm" => on_path(Kind::Peer, &["--stack-size=8388608"]),
        "toywasm" => on_path(Kind::Peer, &["--wasi"]),
        "wazero" => on_path(Kind::Peer, &["run", "-interpreter"]),
        _ => {
            let path = installed(
                layout,
                "wasmtime",
                "wasmtime-cli",
                WASMTIME,
                &WASMTIME_FEATURES,
            )?;
            if name == "wasmtime" {
                return ready(Kind::Compiler, &path, &["run", "-C", "cache=n"]);
            }
            let mut runner = Runner::new(
                name,
                Kind::Peer,
                &path,
                &["run", "--allow-precompiled", "--target", "pulley64"],
                format!("{}, compiled ahead of time", version(&path)),
            );
            runner.compiled = Some(Compiled {
                folder: layout.target.join("bench/pulley"),
                words: [path.as_os_str().to_owned()]
                    .into_iter()
                    .chain(["compile", "--target", "pulley64"].map(OsString::from))
                    .collect(),
                output: Some("-o"),
            });
            Ok(Some(runner))
        }
    }
}

/// Builds wasi-interp. Each set of features has its own target directory, so that switching does not rebuild.
pub(super) fn ours(layout: &Layout, back_end: &str, features: &[&str]) -> Result<PathBuf> {
    let target = layout.target.join("bench").join(back_end);
    process::run(
        cargo::cargo(layout)
            .args(["build", "--quiet", "--release", "--package", "wasi-interp"])
            .args(features)
            .arg("--target-dir")
            .arg(&target),
    )?;
    Ok(target.join("release").join(OURS))
}

/// A program of crates.io in exactly this version: from PATH, or installed in the target directory with these options.
fn installed(
    layout: &Layout,
    program: &str,
    package: &str,
    wanted: &str,
    options: &[&str],
) -> Result<PathBuf> {
    if let Some(path) = which(program)
        && version(&path).split(' ').any(|word| word == wanted)
    {
        return Ok(path);
    }
    let mut name = format!("{package}-{wanted}");
    if options.contains(&"simd") {
        // Earlier installations have no vectors.
        name += "-simd";
    }
    let folder = layout.tools().join(name);
    let path = folder.join("bin").join(program);
    if !path.exists() {
        process::run(
            cargo::cargo(layout)
                .args([
                    "install",
                    "--quiet",
                    "--locked",
                    package,
                    "--version",
                    wanted,
                ])
                .args(options)
                .arg("--root")
                .arg(&folder)
                .arg("--target-dir")
                .arg(layout.target.join("bench").join(package)),
        )?;
    }
    Ok(path)
}

/// Silverfir-nano's interpreter, in the small program `bench/runners/sf-nano`.
fn sf_nano(layout: &Layout) -> Result<Runner> {
    let manifest = layout.root.join("bench/runners/sf-nano/Cargo.toml");
    let target = layout.target.join("bench/sf-nano");
    process::run(
        cargo::cargo(layout)
            .args([
                "build",
                "--quiet",
                "--release",
                "--locked",
                "--manifest-path",
            ])
            .arg(&manifest)
            .arg("--target-dir")
            .arg(&target),
    )?;
    let text = std::fs::read_to_string(&manifest)?;
    let version = text
        .lines()
        .find_map(|line| line.strip_prefix("sf-nano-core = { version = \"="))
        .and_then(|rest| rest.split('"').next())
        .context("bench/runners/sf-nano names no version of sf-nano-core")?;
    let path = target.join("release/sf-nano-runner");
    let version = format!("sf-nano-core {version}, its interpreter");
    Ok(Runner::new("sf-nano", Kind::Peer, &path, &[], version))
}

/// wasmtime from PyPI, which has garbage collection and needs no compiler of Rust: `pulley` or `wasmtime`.
fn pypi_wasmtime(layout: &Layout, name: &str) -> Result<Runner> {
    let package = install::pypi(layout, "wasmtime", install::PYPI_WASMTIME)?;
    let script = layout.root.join("bench/runners/wasmtime.py");
    let pulley = name == "pulley";
    let words = |task: &str| -> Vec<OsString> {
        let target = if pulley { "pulley64" } else { "host" };
        let (script, package) = (script.clone().into(), package.clone().into());
        vec![
            "python3".into(),
            script,
            package,
            task.into(),
            target.into(),
        ]
    };
    let version = format!("wasmtime {} from PyPI, in Python", install::PYPI_WASMTIME);
    Ok(Runner {
        name: name.to_owned(),
        version: if pulley {
            version + ", compiled ahead of time"
        } else {
            version
        },
        kind: if pulley { Kind::Peer } else { Kind::Compiler },
        words: words("run"),
        compiled: pulley.then(|| Compiled {
            folder: layout.target.join("bench/pulley-pypi"),
            words: words("compile"),
            output: None,
        }),
    })
}

impl Compiled {
    /// Compiles a program, unless the compiled module is up to date.
    fn module(&self, program: &Program) -> Result<PathBuf> {
        let output = self
            .folder
            .join(program.group.set.folder())
            .join(program.group.language.name())
            .join(&program.name)
            .with_extension("cwasm");
        let built = program.wasm.metadata()?.modified()?;
        let fresh = output
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|compiled| compiled > built);
        if !fresh {
            if let Some(folder) = output.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let (program_word, words) = self.words.split_first().context("an empty command")?;
            let mut command = Command::new(program_word);
            command.args(words);
            match self.output {
                Some(option) => command.arg(option).arg(&output).arg(&program.wasm),
                None => command.arg(&program.wasm).arg(&output),
            };
            process::run(&mut command)?;
        }
        Ok(output)
    }
}

/// A program on PATH.
fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The first line of the output of `--version`, or of `version`.
fn version(program: &Path) -> String {
    ["--version", "version"]
        .iter()
        .find_map(|ask| stdout_of(Command::new(program).arg(ask)))
        .and_then(|text| text.lines().next().map(str::to_owned))
        .unwrap_or_else(|| "unknown version".to_owned())
}
