//! The Go program that is kept in the repository, so that the README's first command needs no Go: what lies there must be
//! byte for byte what its source builds.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::go;
use crate::layout::Layout;
use crate::process;
use crate::tally::Tally;

/// The folder of the program: `main.go` and `main.wasm`.
const FOLDER: &str = "tests/guests/filecopy";

/// Builds the program anew and compares.
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

/// Builds the program into the repository.
pub(crate) fn rebuild(layout: &Layout) -> Result<()> {
    build(layout, &kept(layout))
}

fn kept(layout: &Layout) -> PathBuf {
    layout.root.join(FOLDER).join("main.wasm")
}

/// Without paths and without the state of version control, the output depends on the source and the release of Go alone.
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
