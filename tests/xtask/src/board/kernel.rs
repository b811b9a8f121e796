//! Building a board's kernel: the right compiler, flags, and a folder for each processor.

use std::path::PathBuf;

use anyhow::{Context, Result};
use boards::table::Entry;

use crate::layout::Layout;
use crate::{cross, process};

/// Lets the linker shorten calls on RISC-V: a kernel is 6 % smaller.
const RELAX: &str = "-Ctarget-feature=+relax";

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
        .env("RUSTFLAGS", flags(entry)?.join(" "))
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

/// The table's flags, and those that depend on this machine.
fn flags(entry: &Entry) -> Result<Vec<String>> {
    let mut flags = entry.rustflags.clone();
    if !cross::rustup_has(&entry.target) && !cross::has_rust_lld() {
        // Debian's plain `ld.lld` is older than the compiler: it does not know how to shorten calls.
        flags.retain(|flag| flag != RELAX);
        flags.extend(
            [
                "-Clinker=ld.lld",
                "-Clinker-flavor=ld.lld",
                "-Clink-arg=--no-relax",
            ]
            .map(str::to_owned),
        );
    }
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
