//! Building a board's kernel: the right compiler, flags, and a folder for each processor.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use boards::table::Entry;
use object::{Object as _, ObjectSegment as _};

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

/// The kernel as firmware wants it: the bytes from its load address on, without headers.
pub(super) fn flat(kernel: &Path, entry: &Entry) -> Result<Vec<u8>> {
    let elf = std::fs::read(kernel).with_context(|| format!("cannot read {}", kernel.display()))?;
    let object = object::File::parse(&*elf)
        .with_context(|| format!("{} is no ELF file", kernel.display()))?;
    let mut flat = Vec::new();
    for segment in object.segments() {
        // The linker may put the ELF header into the page below the kernel.
        let below = entry.load_address.saturating_sub(segment.address());
        let data = segment.data()?;
        let data = data.get(usize::try_from(below)?..).unwrap_or_default();
        let start = segment.address().saturating_sub(entry.load_address);
        let start = usize::try_from(start)?;
        if !data.is_empty() {
            flat.resize(flat.len().max(start + data.len()), 0);
            flat[start..start + data.len()].copy_from_slice(data);
        }
    }
    Ok(flat)
}
