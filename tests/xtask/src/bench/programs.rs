//! The programs: one folder each in `bench/programs/go` and `bench/programs/c`, built to WebAssembly.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};

use super::packages;
use crate::layout::Layout;
use crate::{go, install, process};

/// The program whose start is measured. It does nothing else.
pub(super) const HELLO: &str = "hello";

/// The programs of `--quick`.
pub(super) const QUICK: [&str; 9] = [
    HELLO, "channels", "json", "nbody", "sort", "coremark", "lua", "matmul", "qsort",
];

/// The language of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Compiled by the stock Go toolchain.
    Go,
    /// Compiled by LLVM.
    C,
}

impl Language {
    /// Its name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Language::Go => "Go",
            Language::C => "C",
        }
    }
}

/// One program.
#[derive(Clone, Debug)]
pub(super) struct Program {
    /// The name of its folder.
    pub(super) name: String,
    /// Its language.
    pub(super) language: Language,
    /// The folder of its sources.
    folder: PathBuf,
    /// The path of its module when it is built.
    pub(super) wasm: PathBuf,
}

/// All programs, Go first, by name.
pub(super) fn all(layout: &Layout) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for (language, group, main) in [
        (Language::Go, "go", "main.go"),
        (Language::C, "c", "main.c"),
    ] {
        let group_folder = layout.root.join("bench/programs").join(group);
        let built = layout.target.join("bench/programs").join(group);
        let entries = group_folder
            .read_dir()
            .with_context(|| format!("cannot read {}", group_folder.display()))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.path().join(main).exists() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        programs.extend(names.into_iter().map(|name| Program {
            language,
            folder: group_folder.join(&name),
            wasm: built.join(&name).with_extension("wasm"),
            name,
        }));
    }
    Ok(programs)
}

/// Builds the programs that are older than their sources.
pub(super) fn build(layout: &Layout, programs: &[Program]) -> Result<()> {
    for program in programs {
        if is_fresh(program)? {
            continue;
        }
        if let Some(folder) = program.wasm.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut command = match program.language {
            Language::Go => go(layout, program)?,
            Language::C => c(layout, program)?,
        };
        process::run(&mut command).with_context(|| format!("cannot build {}", program.name))?;
    }
    Ok(())
}

fn go(layout: &Layout, program: &Program) -> Result<Command> {
    let mut command = go::toolchain(layout, go::CURRENT)?.command(&program.folder);
    command
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .env("GOWASM", "")
        .args(["build", "-trimpath", "-buildvcs=false", "-o"])
        .arg(&program.wasm)
        .arg(".");
    Ok(command)
}

fn c(layout: &Layout, program: &Program) -> Result<Command> {
    let mut command = Command::new(install::zig(layout)?);
    command
        .args(["cc", "-target", "wasm32-wasi", "-O2", "-s", "-w", "-I"])
        .arg(program.folder.join(".."));
    if let Some(include) = packages::include(layout, &program.name)? {
        command.arg("-I").arg(include);
    }
    command
        .arg("-o")
        .arg(&program.wasm)
        .arg(program.folder.join("main.c"));
    Ok(command)
}

/// Returns whether the module is newer than all files of the program and than the shared files.
fn is_fresh(program: &Program) -> Result<bool> {
    let Ok(built) = program.wasm.metadata() else {
        return Ok(false);
    };
    let shared = match program.language {
        Language::Go => "../work/work.go",
        Language::C => "../work.h",
    };
    let mut newest = modified(&program.folder.join(shared))?;
    for entry in program.folder.read_dir()? {
        newest = newest.max(modified(&entry?.path())?);
    }
    Ok(built.modified()? > newest)
}

fn modified(path: &Path) -> Result<SystemTime> {
    let metadata = path
        .metadata()
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(metadata.modified()?)
}
