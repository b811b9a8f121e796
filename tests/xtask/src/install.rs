//! Installs tools from package registries: Debian packages with apt (as root), and all others from PyPI in `target/tools`. Two steps of
//! the tests may need the same tool at the same time, so each installation holds a lock.
//!
//! Only Debian packages change the system outside of the target directory. Without root, the error contains the command to
//! type.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use anyhow::{Context, Result, bail};

use crate::layout::Layout;
use crate::process::{self, stdout_of};
use crate::{cross, go};

/// The C compiler of the tests. zig's `cc` includes wasi-libc.
const ZIG: &str = "0.17.1";
/// The judge of modules from registries, and a peer of programs with objects.
pub(crate) const PYPI_WASMTIME: &str = "50.0.1";

/// Installs every tool that a step of the tests may use.
pub(crate) fn everything(layout: &Layout) -> Result<()> {
    go::toolchain(layout, go::CURRENT)?;
    go::toolchain(layout, go::OLD)?;
    zig(layout)?;
    cross::toolchains()
}

/// The path of the `zig` program. Installs it if it is missing.
pub(crate) fn zig(layout: &Layout) -> Result<PathBuf> {
    Ok(pypi(layout, "ziglang", ZIG)?.join("ziglang/zig"))
}

/// A package of PyPI in a folder of its own. Installs it if it is missing.
pub(crate) fn pypi(layout: &Layout, package: &str, version: &str) -> Result<PathBuf> {
    let folder = layout.tools().join(format!("{package}-{version}"));
    let _alone = alone()?;
    if folder.exists() {
        return Ok(folder);
    }
    if stdout_of(python().arg("--version")).is_none() {
        debian_alone(&["python3-pip"])?;
    }
    let half = folder.with_extension("partial");
    if half.exists() {
        std::fs::remove_dir_all(&half)
            .with_context(|| format!("cannot remove {}", half.display()))?;
    }
    let requirement = format!("{package}=={version}");
    process::run(
        python()
            .args(["install", "--quiet", "--no-deps", "--target"])
            .arg(&half)
            .arg(&requirement),
    )
    .with_context(|| format!("cannot install {requirement} from PyPI"))?;
    std::fs::rename(&half, &folder)?;
    Ok(folder)
}

/// A program of crates.io in a folder of its own, with no more features than it needs. Builds it if it is missing.
pub(crate) fn crates_io(layout: &Layout, package: &str, version: &str) -> Result<PathBuf> {
    let folder = layout.tools().join(format!("{package}-{version}"));
    let _alone = alone()?;
    if folder.exists() {
        return Ok(folder);
    }
    let half = folder.with_extension("partial");
    process::run(
        Command::new("cargo")
            .args(["install", "--quiet", "--locked", "--no-default-features"])
            .args(["--version", version, package, "--root"])
            .arg(&half),
    )
    .with_context(|| format!("cannot install {package} {version} from crates.io"))?;
    std::fs::rename(&half, &folder)?;
    Ok(folder)
}

/// A package of npm in a folder of its own, without the scripts that it would run. Installs it if it is missing.
pub(crate) fn npm(layout: &Layout, package: &str, version: &str) -> Result<PathBuf> {
    let name = package.trim_start_matches('@').replace('/', "-");
    let folder = layout.tools().join(format!("{name}-{version}"));
    let _alone = alone()?;
    if folder.exists() {
        return Ok(folder);
    }
    let half = folder.with_extension("partial");
    std::fs::create_dir_all(&half)?;
    process::run(
        Command::new("npm")
            .args(["install", "--silent", "--no-save", "--ignore-scripts"])
            .args(["--no-audit", "--no-fund", "--prefix"])
            .arg(&half)
            .arg(format!("{package}@{version}")),
    )
    .with_context(|| format!("cannot install {package} from npm"))?;
    std::fs::rename(&half, &folder)?;
    Ok(folder)
}

/// `pip`, run by Python, which also finds it in virtual environments.
fn python() -> Command {
    let mut command = Command::new("python3");
    command.args(["-m", "pip", "--disable-pip-version-check", "--no-input"]);
    command
}

/// Waits until no other process of xtask installs anything. The lock is released when the result is dropped. It is the lock of the
/// manifest, which is always there.
fn alone() -> Result<File> {
    let manifest = File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))?;
    manifest
        .lock()
        .context("cannot lock the manifest of xtask")?;
    Ok(manifest)
}

/// Installs Debian or Ubuntu packages as root. Otherwise fails with the command that installs them.
pub(crate) fn debian(packages: &[&str]) -> Result<()> {
    let _alone = alone()?;
    debian_alone(packages)
}

/// The same for a caller that holds the lock.
fn debian_alone(packages: &[&str]) -> Result<()> {
    let command = format!("apt-get install -y {}", packages.join(" "));
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!(
            "packages are missing, and this is neither Debian nor Ubuntu; what is wanted there: {command}"
        );
    }
    if !is_root() {
        bail!("packages are missing; please run: sudo {command}");
    }
    update();
    let mut install = apt();
    install.args(["install", "-y", "--no-install-recommends"]);
    if !packages.iter().any(|package| package.ends_with('-')) {
        // Conflicting packages stay. Without this option, apt would remove them.
        install.arg("--no-remove");
    }
    process::run(install.args(packages))
}

/// Whether apt knows a package by this name.
pub(crate) fn debian_has(package: &str) -> bool {
    debian_version(package).is_some()
}

/// The version of a package that apt would install. A fresh system has no lists or old ones, so root downloads them first.
pub(crate) fn debian_version(package: &str) -> Option<String> {
    if Path::new("/usr/bin/apt-get").exists() && is_root() {
        let _alone = alone().ok()?;
        update();
    }
    let shown = stdout_of(Command::new("apt-cache").args(["show", "--no-all-versions", package]))?;
    let version = shown
        .lines()
        .find_map(|line| line.strip_prefix("Version: "))?;
    Some(version.to_owned())
}

/// Downloads apt's lists, once.
fn update() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        // One unreachable source is no reason to stop. If a package is missing, its installation fails with a message.
        if let Err(error) = process::run(apt().arg("update")) {
            println!("{error:#}");
        }
    });
}

/// Whether we may install Debian packages.
pub(crate) fn is_root() -> bool {
    stdout_of(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// `apt-get` without questions. It waits for its lock.
fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-qq", "-o", "DPkg::Lock::Timeout=900"])
        .args(["-o", "Acquire::Retries=3"]);
    command
}
