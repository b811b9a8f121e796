//! The programs: one folder each in `bench/programs/go`, `bench/programs/c` and so on, built to WebAssembly.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};

use super::packages;
use super::sums::Sums;
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
    /// Text of WebAssembly.
    Wat,
}

impl Language {
    /// Its name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Language::Go => "Go",
            Language::C => "C",
            Language::Wat => "Wat",
        }
    }
}

/// Which set a program belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// `bench/programs`: superinstructions are chosen from their profiles.
    First,
    /// `bench/held-back`: no profile is taken of them, so their figures show how far the choice holds for other programs.
    HeldBack,
    /// `bench/vectors`, built with vectors of 128 bits. No profile is taken of them.
    Vectors,
    /// The same sources, built without vectors.
    Scalars,
    /// `bench/objects`: programs whose objects are garbage collected. No profile is taken of them.
    Objects,
}

impl Set {
    /// Its folder below `bench`.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Set::First => "programs",
            Set::HeldBack => "held-back",
            Set::Vectors | Set::Scalars => "vectors",
            Set::Objects => "objects",
        }
    }

    /// Whether its programs show what proposals bring. They have a page of their own.
    pub(super) fn is_of_proposals(self) -> bool {
        match self {
            Set::First | Set::HeldBack => false,
            Set::Vectors | Set::Scalars | Set::Objects => true,
        }
    }

    /// What follows the name of a folder in the name of the program: two sets are built from the same folders.
    fn suffix(self) -> &'static str {
        match self {
            Set::First | Set::HeldBack | Set::Objects => "",
            Set::Vectors => "-simd",
            Set::Scalars => "-scalar",
        }
    }
}

/// Programs whose figures are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Their language.
    pub(super) language: Language,
    /// Their set.
    pub(super) set: Set,
}

impl Group {
    /// Its name for people.
    pub(super) fn name(self) -> String {
        match self.set {
            Set::First => self.language.name().to_owned(),
            Set::HeldBack => format!("{} held back", self.language.name()),
            Set::Vectors => format!("{} with SIMD", self.language.name()),
            Set::Scalars => format!("{} without SIMD", self.language.name()),
            Set::Objects => format!("{} with objects", self.language.name()),
        }
    }
}

/// All groups, in the order of the report.
pub(super) const GROUPS: [Group; 7] = [
    Group {
        language: Language::Go,
        set: Set::First,
    },
    Group {
        language: Language::Go,
        set: Set::HeldBack,
    },
    Group {
        language: Language::C,
        set: Set::First,
    },
    Group {
        language: Language::C,
        set: Set::HeldBack,
    },
    WITH_SIMD,
    WITHOUT_SIMD,
    Group {
        language: Language::Wat,
        set: Set::Objects,
    },
];

/// Programs that compute with vectors.
pub(super) const WITH_SIMD: Group = Group {
    language: Language::C,
    set: Set::Vectors,
};
/// The same programs without vectors, in the same order.
pub(super) const WITHOUT_SIMD: Group = Group {
    language: Language::C,
    set: Set::Scalars,
};

/// One program.
#[derive(Clone, Debug)]
pub(super) struct Program {
    /// The name of its folder, and how it is built if there are several ways.
    pub(super) name: String,
    /// Its language and its set.
    pub(super) group: Group,
    /// The folder of its sources.
    pub(super) folder: PathBuf,
    /// Its expected output, if that is known.
    pub(super) expected: Option<String>,
    /// The path of its module when it is built.
    pub(super) wasm: PathBuf,
}

/// All programs, group by group, by name.
pub(super) fn all(layout: &Layout) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for group in GROUPS {
        let (language, main) = match group.language {
            Language::Go => ("go", "main.go"),
            Language::C => ("c", "main.c"),
            Language::Wat => ("wat", "main.wat"),
        };
        let folder = Path::new("bench").join(group.set.folder()).join(language);
        let group_folder = layout.root.join(&folder);
        let built = layout.target.join(&folder);
        let sums = match group.set {
            Set::First | Set::Vectors | Set::Scalars | Set::Objects => Sums::default(),
            Set::HeldBack => Sums::read(layout)?,
        };
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
        programs.extend(names.into_iter().map(|folder| {
            let name = folder.clone() + group.set.suffix();
            Program {
                group,
                folder: group_folder.join(folder),
                expected: sums.expected(group.language, &name),
                wasm: built.join(&name).with_extension("wasm"),
                name,
            }
        }));
    }
    Ok(programs)
}

/// Builds the programs that are older than their sources.
pub(super) fn build(layout: &Layout, programs: &[Program]) -> Result<()> {
    for program in programs {
        if is_fresh(layout, program)? {
            continue;
        }
        if let Some(folder) = program.wasm.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut command = match program.group.language {
            Language::Go => go(layout, program)?,
            Language::C => c(layout, program)?,
            Language::Wat => {
                wat(layout, program).with_context(|| format!("cannot build {}", program.name))?;
                continue;
            }
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
        .arg(layout.root.join("bench/programs/c"));
    if program.group.set == Set::Vectors {
        command.arg("-msimd128");
    }
    if let Some(include) = packages::include(layout, &program.name)? {
        command.arg("-I").arg(include);
    }
    command
        .arg("-o")
        .arg(&program.wasm)
        .arg(program.folder.join("main.c"));
    Ok(command)
}

/// Assembles a module of the shared fields and those of the program.
fn wat(layout: &Layout, program: &Program) -> Result<()> {
    let shared = std::fs::read_to_string(shared(layout, program.group.language))?;
    let own = std::fs::read_to_string(program.folder.join("main.wat"))?;
    let module = wat::parse_str(format!("(module\n{shared}\n{own}\n)"))?;
    std::fs::write(&program.wasm, module)?;
    Ok(())
}

/// The file that all programs of a language contain.
fn shared(layout: &Layout, language: Language) -> PathBuf {
    layout.root.join("bench").join(match language {
        Language::Go => "programs/go/work/work.go",
        Language::C => "programs/c/work.h",
        Language::Wat => "objects/wat/work.wat",
    })
}

/// Returns whether the module is newer than all files of the program and than the shared file.
fn is_fresh(layout: &Layout, program: &Program) -> Result<bool> {
    let Ok(built) = program.wasm.metadata() else {
        return Ok(false);
    };
    let mut newest = modified(&shared(layout, program.group.language))?;
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
