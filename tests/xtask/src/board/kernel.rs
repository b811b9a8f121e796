//! Building a board's kernel: the right compiler, flags, and a folder for each processor.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use boards::flat::flat;
use boards::table::Entry;
use clap::Args;

use super::progress;
use crate::layout::Layout;
use crate::{cross, toolchain};

/// What makes a kernel small: the interpreter without superinstructions and built for size, no texts of panics.
const SMALL: [&str; 3] = [
    "--no-default-features",
    "--config",
    "profile.board.package.wasi-interp-core.opt-level=\"z\"",
];

/// What is called from several places becomes part of its callers only where that makes them smaller.
const INLINE_LESS: &str = "-Cllvm-args=-inline-threshold=0";

/// Lets a kernel for 64-bit ARM compute addresses in one instruction, not two. Nothing may be more than 1 MiB apart.
const TINY: &str = "-Ccode-model=tiny";

/// Which kernel is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct Size {
    /// A kernel of two thirds of the size, on which programs take half as long again.
    #[arg(long)]
    pub(super) small: bool,
}

impl Size {
    /// What no kernel may weigh, in bytes. It lies a little above the heaviest (boards/README.md): who makes it larger
    /// shall know, and say why in DECISIONS.md.
    pub(super) fn limit(self) -> usize {
        if self.small { 860_000 } else { 1_240_000 }
    }
}

/// Builds the kernel and returns the path of its ELF file.
pub(super) fn build(layout: &Layout, board: &str, entry: &Entry, size: Size) -> Result<PathBuf> {
    build_together(layout, &[board], entry, size)?;
    Ok(path(layout, board, size))
}

/// Builds the kernels of boards with the same processor, of which `entry` is one: they are linked side by side.
pub(super) fn build_together(
    layout: &Layout,
    boards: &[&str],
    entry: &Entry,
    size: Size,
) -> Result<()> {
    if size.small {
        // Only the last compilation differs in its flags, so all others are shared. Cargo does that for one binary at a time.
        for board in boards {
            let mut command = command(layout, "rustc", &[board], entry)?;
            command.args(SMALL).args(["--", INLINE_LESS]);
            if entry.target.starts_with("aarch64") {
                command.arg(TINY);
            }
            run(command, boards)?;
        }
    } else {
        run(command(layout, "build", boards, entry)?, boards)?;
    }
    // Cargo has one name for kernels of both sizes.
    let built = folder(layout, entry).join(&entry.target).join("board");
    for board in boards {
        let path = path(layout, board, size);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::copy(built.join(board), &path)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn command(layout: &Layout, subcommand: &str, boards: &[&str], entry: &Entry) -> Result<Command> {
    let mut command = cross::cargo_for(&entry.target, subcommand)?;
    toolchain::linker(&entry.target)?;
    command
        .current_dir(&layout.root)
        .env("RUSTFLAGS", flags(entry)?.join(" "))
        .args(["--profile", "board", "--package", "wasi-interp-boards"])
        .args(boards.iter().flat_map(|board| ["--bin", board]))
        .arg("--target-dir")
        .arg(folder(layout, entry));
    Ok(command)
}

fn run(mut command: Command, boards: &[&str]) -> Result<()> {
    progress::run(&mut command)
        .with_context(|| format!("cannot build the kernel of {}", boards.join(", ")))
}

/// Where the kernel's ELF file lies when it is built.
pub(super) fn path(layout: &Layout, board: &str, size: Size) -> PathBuf {
    let name = if size.small { "small" } else { "full" };
    layout.target.join("boards/kernels").join(name).join(board)
}

/// Writes the flat image of a kernel beside its ELF file, as boot loaders load it. Returns its path.
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

/// How many bytes a kernel takes in memory and on a card, without what is zero at the start.
pub(super) fn weight(kernel: &Path, entry: &Entry) -> Result<usize> {
    let elf = std::fs::read(kernel).with_context(|| format!("cannot read {}", kernel.display()))?;
    let image = flat(elf, entry.load_address).map_err(anyhow::Error::msg)?;
    Ok(image.len())
}

/// Cargo's target directory for the processor.
fn folder(layout: &Layout, entry: &Entry) -> PathBuf {
    layout.target.join("boards").join(&entry.target)
}

/// The table's flags, and those that depend on this machine.
fn flags(entry: &Entry) -> Result<Vec<String>> {
    let mut flags = entry.rustflags.clone();
    // What a panic says of its place names the crate, not this machine's folders.
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let registries = home
        .context("there is no home folder")?
        .join("registry/src");
    for registry in registries.read_dir().into_iter().flatten() {
        let folder = registry?.path().display().to_string();
        // Cargo takes a space for the end of a flag.
        if !folder.contains(' ') {
            flags.push(format!("--remap-path-prefix={folder}/="));
        }
    }
    Ok(flags)
}
