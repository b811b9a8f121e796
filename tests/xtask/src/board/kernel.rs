//! Builds a board's kernel with the right compiler and flags.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use board_card::flat::flat;
use board_card::table::Entry;
use clap::Args;

use super::progress;
use crate::layout::Layout;
use crate::{cross, toolchain};

/// The options of a small kernel, besides its features: an interpreter that is optimised for size.
const SMALL: [&str; 2] = [
    "--config",
    "profile.board.package.wasi-interp-core.opt-level=\"z\"",
];

/// A function with several callers is inlined only if that makes the callers smaller.
const INLINE_LESS: &str = "-Cllvm-args=-inline-threshold=0";

/// With this code model, a kernel for 64-bit ARM computes an address in one instruction instead of two. All addresses must
/// be within 1 MiB.
const TINY: &str = "-Ccode-model=tiny";

/// The selected size of a kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct Size {
    /// A kernel of two thirds of the size, on which programs take half as long again.
    #[arg(long)]
    pub(super) small: bool,
    /// A kernel for programs in lowered form. A program in WebAssembly is compiled for it here (`wasi-interp compile --for BOARD`).
    #[arg(long)]
    pub(super) lowered: bool,
    /// A kernel that thaws frozen programs, and can write the state of its program (`hibernate` in wasi.toml).
    #[arg(long)]
    pub(super) hibernate: bool,
}

impl Size {
    /// The maximum size of a kernel in bytes, a little above the largest one (boards/README.md). If you must raise it, give
    /// the reason in DECISIONS.md.
    pub(super) fn limit(self) -> usize {
        match (self.small, self.hibernate) {
            (false, false) => 1_271_300,
            (true, false) => 885_300,
            // States need both what lowers functions and what decodes ops.
            (false, true) => 1_560_000,
            (true, true) => 1_200_000,
        }
    }

    /// The same for programs in lowered form.
    pub(super) fn lowered(self) -> Self {
        Self {
            lowered: true,
            ..self
        }
    }

    /// The features of the kernel, besides those that every kernel has.
    fn features(self) -> Vec<&'static str> {
        let mut features = Vec::new();
        if !self.small {
            features.extend(["superinstructions", "panic-messages"]);
        }
        features.push(match self.lowered {
            true => "lowered-modules",
            false => "lowering",
        });
        if self.hibernate {
            features.push("hibernate");
        }
        if self.hibernate && !self.lowered {
            features.push("canonical-nans");
        }
        features
    }

    /// What tells it from kernels of other sizes, in the names of files.
    pub(super) fn name(self) -> String {
        let size = if self.small { "small" } else { "full" };
        let lowered = if self.lowered { "-lowered" } else { "" };
        let hibernate = if self.hibernate { "-hibernate" } else { "" };
        format!("{size}{lowered}{hibernate}")
    }
}

/// Builds the kernel and returns the path of its ELF file.
pub(super) fn build(layout: &Layout, board: &str, entry: &Entry, size: Size) -> Result<PathBuf> {
    build_together(layout, &[board], entry, size)?;
    Ok(path(layout, board, size))
}

/// Builds the kernel with the handlers of one program, and returns the path of its ELF file. `handlers` is the list of them.
pub(super) fn build_for(
    layout: &Layout,
    board: &str,
    entry: &Entry,
    size: Size,
    handlers: &Path,
) -> Result<PathBuf> {
    let name = format!("{}-for-program", size.name());
    let to = layout.target.join("boards/kernels").join(name).join(board);
    build_to(layout, board, entry, size, Some(handlers), &to)?;
    Ok(to)
}

/// Builds the kernels of boards with the same processor. `entry` is one of these boards.
pub(super) fn build_together(
    layout: &Layout,
    boards: &[&str],
    entry: &Entry,
    size: Size,
) -> Result<()> {
    if !size.small {
        run(command(layout, "build", boards, entry, size)?, boards)?;
        return boards
            .iter()
            .try_for_each(|board| set_aside(layout, board, entry, &path(layout, board, size)));
    }
    // Only the flags of the last compilation differ, so all others are shared. Cargo supports that for one binary at a time.
    boards.iter().try_for_each(|board| {
        build_to(layout, board, entry, size, None, &path(layout, board, size))
    })
}

/// Builds a kernel, perhaps with the listed handlers only, and copies its ELF file to `to`.
fn build_to(
    layout: &Layout,
    board: &str,
    entry: &Entry,
    size: Size,
    handlers: Option<&Path>,
    to: &Path,
) -> Result<()> {
    let mut command = match size.small {
        true => {
            let mut command = command(layout, "rustc", &[board], entry, size)?;
            command.args(SMALL).args(["--", INLINE_LESS]);
            if entry.target.starts_with("aarch64") {
                command.arg(TINY);
            }
            command
        }
        false => command(layout, "build", &[board], entry, size)?,
    };
    if let Some(handlers) = handlers {
        command.env("WASI_INTERP_HANDLERS", handlers);
    }
    run(command, &[board])?;
    set_aside(layout, board, entry, to)
}

/// Copies the ELF file of a kernel that was just built. Cargo uses the same name for kernels of all sizes.
fn set_aside(layout: &Layout, board: &str, entry: &Entry, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let built = layout.kernels().join(&entry.target).join("board");
    std::fs::copy(built.join(board), to)
        .with_context(|| format!("cannot write {}", to.display()))?;
    Ok(())
}

fn command(
    layout: &Layout,
    subcommand: &str,
    boards: &[&str],
    entry: &Entry,
    size: Size,
) -> Result<Command> {
    let mut command = cross::cargo_for(&entry.target, subcommand)?;
    toolchain::linker(&entry.target)?;
    command
        .current_dir(&layout.root)
        .env("RUSTFLAGS", flags(entry)?.join(" "))
        .args(["--profile", "board", "--package", "wasi-interp-boards"])
        .args(["--no-default-features", "--features"])
        .arg(size.features().join(","))
        .args(boards.iter().flat_map(|board| ["--bin", board]))
        .arg("--target-dir")
        .arg(layout.kernels());
    Ok(command)
}

fn run(mut command: Command, boards: &[&str]) -> Result<()> {
    progress::run(&mut command)
        .with_context(|| format!("cannot build the kernel of {}", boards.join(", ")))
}

/// The path of the kernel's ELF file.
pub(super) fn path(layout: &Layout, board: &str, size: Size) -> PathBuf {
    let kernels = layout.target.join("boards/kernels");
    kernels.join(size.name()).join(board)
}

/// Writes the flat image of a kernel beside its ELF file, for boot loaders. Returns its path.
pub(super) fn write_flat(kernel: &Path, entry: &Entry) -> Result<PathBuf> {
    let path = kernel.with_file_name(format!(
        "{}.img",
        kernel.file_name().unwrap_or_default().display()
    ));
    let elf = std::fs::read(kernel).with_context(|| format!("cannot read {}", kernel.display()))?;
    let image = flat(elf, entry.load_address).map_err(anyhow::Error::msg)?;
    std::fs::write(&path, image).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The number of bytes of a kernel in memory and on a card, without zero-initialised memory.
pub(super) fn weight(kernel: &Path, entry: &Entry) -> Result<usize> {
    let elf = std::fs::read(kernel).with_context(|| format!("cannot read {}", kernel.display()))?;
    let image = flat(elf, entry.load_address).map_err(anyhow::Error::msg)?;
    Ok(image.len())
}

/// The flags of the table, and those that depend on this machine.
fn flags(entry: &Entry) -> Result<Vec<String>> {
    let mut flags = entry.rustflags.clone();
    // A panic names its place by the crate, not by the folders of this machine.
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let registries = home
        .context("there is no home folder")?
        .join("registry/src");
    for registry in registries.read_dir().into_iter().flatten() {
        let folder = registry?.path().display().to_string();
        // Cargo treats a space as the end of a flag.
        if !folder.contains(' ') {
            flags.push(format!("--remap-path-prefix={folder}/="));
        }
    }
    Ok(flags)
}
