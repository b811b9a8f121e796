//! C sources from published packages. Cargo downloads the packages that `bench/sources` names, and the programs are built
//! from these files. The repository contains none of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::layout::Layout;
use crate::process::stdout_of;

/// Programs, their package, and the folder in it with the sources.
const PACKAGES: [(&str, &str, &str); 2] = [
    ("lua", "lua-src", "lua-5.4.9"),
    ("sqlite", "libsqlite3-sys", "sqlite3"),
];

/// The folder of the sources that a program includes, if it is built from a package.
pub(super) fn include(layout: &Layout, program: &str) -> Result<Option<PathBuf>> {
    let Some((_, package, folder)) = PACKAGES.iter().find(|(name, ..)| *name == program) else {
        return Ok(None);
    };
    let mut metadata = cargo::cargo(layout);
    metadata
        .args(["metadata", "--format-version", "1", "--locked"])
        .arg("--manifest-path")
        .arg(layout.root.join("bench/sources/Cargo.toml"));
    let text =
        stdout_of(&mut metadata).context("cargo cannot fetch the packages of bench/sources")?;
    let metadata: serde_json::Value = serde_json::from_str(&text)?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|found| found["name"] == *package)
        .and_then(|found| found["manifest_path"].as_str())
        .with_context(|| format!("bench/sources does not name {package}"))?;
    let sources = Path::new(manifest).with_file_name(folder);
    if !sources.exists() {
        bail!("{package} has no folder {folder}: {}", sources.display());
    }
    Ok(Some(sources))
}
