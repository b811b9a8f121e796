//! Building a board's kernel: the right compiler, flags, and a folder for each processor.

use std::path::PathBuf;

use anyhow::{Context, Result};
use boards::table::Entry;

use crate::layout::Layout;
use crate::{cross, process};

/// Builds the kernel and returns the path of its ELF file.
pub(super) fn build(layout: &Layout, board: &str, entry: &Entry) -> Result<PathBuf> {
    build_together(layout, &[board], entry)?;
    Ok(path(layout, board, entry))
}

/// Builds the kernels of boards with the same processor, of which `entry` is one: they are linked side by side.
pub(super) fn build_together(layout: &Layout, boards: &[&str], entry: &Entry) -> Result<()> {
    let mut command = cross::cargo_for(&entry.target, "build")?;
    command
        .current_dir(&layout.root)
        .env("RUSTFLAGS", flags(entry))
        .args(["--profile", "board", "--package", "boards"])
        .args(boards.iter().flat_map(|board| ["--bin", board]))
        .arg("--target-dir")
        .arg(folder(layout, entry));
    process::run(&mut command)
        .with_context(|| format!("cannot build the kernel of {}", boards.join(", ")))
}

/// Where the kernel's ELF file lies when it is built.
pub(super) fn path(layout: &Layout, board: &str, entry: &Entry) -> PathBuf {
    let folder = folder(layout, entry).join(&entry.target);
    folder.join("board").join(board)
}

/// Cargo's target directory for the processor.
fn folder(layout: &Layout, entry: &Entry) -> PathBuf {
    layout.target.join("boards").join(&entry.target)
}

/// The linker is LLVM's by its plain name where Debian's compiler is used, and comes with rustup otherwise.
fn flags(entry: &Entry) -> String {
    let mut flags = entry.rustflags.clone();
    if !cross::rustup_has(&entry.target) {
        flags.extend(["-Clinker=ld.lld", "-Clinker-flavor=ld.lld"].map(str::to_owned));
    }
    flags.join(" ")
}
