//! The Go program that the repository contains in built form, so that the README's first command needs no Go. It must be
//! equal, byte for byte, to a build of its source.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::go;
use crate::layout::Layout;
use crate::process;
use crate::tally::Tally;

/// The folder of the program: `main.go` and `main.wasm`.
const FOLDER: &str = "tests/guests/filecopy";

/// Builds the program again and compares it.
pub(crate) fn check(layout: &Layout) -> Result<Tally> {
    let fresh = layout.target.join("filecopy.wasm");
    build(layout, &fresh)?;
    let kept = kept(layout);
    let same = std::fs::read(&kept).with_context(|| format!("cannot read {}", kept.display()))?
        == std::fs::read(&fresh)?;
    if !same {
        bail!(
            "{} differs from {}; `cargo xtask filecopy` renews it",
            kept.display(),
            fresh.display()
        );
    }
    Ok(Tally::pass())
}

/// Builds the program in the repository.
pub(crate) fn rebuild(layout: &Layout) -> Result<()> {
    build(layout, &kept(layout))
}

fn kept(layout: &Layout) -> PathBuf {
    layout.root.join(FOLDER).join("main.wasm")
}

/// Builds the program. Without paths and without the state of version control, the output depends only on the source and
/// the Go release.
fn build(layout: &Layout, output: &Path) -> Result<()> {
    let go = go::toolchain(layout, go::CURRENT)?;
    let mut command = go.command(&layout.root.join(FOLDER));
    command
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .env("GOWASM", "");
    process::run(
        command
            .args(["build", "-trimpath", "-buildvcs=false", "-o"])
            .arg(output)
            .arg("."),
    )
}
