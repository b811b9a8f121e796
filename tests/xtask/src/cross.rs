//! `no_std` builds of the interpreter and the shim for bare machines.
//!
//! A target that rustup has installed is used as it is. Else Debian's `rustc-web` builds `core` and `alloc` from its
//! sources (it lies in /usr/bin and is called by its full path: it never takes the place of rustup's compiler). Else
//! rustup is asked to add the target.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::install;
use crate::layout::Layout;
use crate::process::{self, stdout_of};
use crate::tally::Tally;

/// The bare machines the interpreter is built for.
const TRIPLES: [&str; 4] = [
    "riscv64gc-unknown-none-elf",
    "aarch64-unknown-none",
    "armv7a-none-eabihf",
    "riscv32imac-unknown-none-elf",
];

/// Debian's Rust with sources of the standard library.
const DEBIAN_RUST: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// 64-bit RISC-V.
pub(crate) fn riscv64(layout: &Layout) -> Result<Tally> {
    build(layout, TRIPLES[0])
}

/// 64-bit ARM.
pub(crate) fn aarch64(layout: &Layout) -> Result<Tally> {
    build(layout, TRIPLES[1])
}

/// 32-bit ARM with hardware floating point.
pub(crate) fn armv7(layout: &Layout) -> Result<Tally> {
    build(layout, TRIPLES[2])
}

/// 32-bit RISC-V without floating point: no back end but its own arithmetic.
pub(crate) fn riscv32(layout: &Layout) -> Result<Tally> {
    build(layout, TRIPLES[3])
}

/// Installs a toolchain for every triple.
pub(crate) fn toolchains() -> Result<()> {
    TRIPLES
        .iter()
        .try_for_each(|triple| cargo_for(triple).map(|_| ()))
}

/// Builds the libraries without `std`, in the release profile: the one where tail calls are chosen.
fn build(layout: &Layout, triple: &str) -> Result<Tally> {
    let mut command = cargo_for(triple)?;
    command.current_dir(&layout.root).args([
        "--release",
        "--no-default-features",
        "-p",
        "interp",
        "-p",
        "wasi-shim",
    ]);
    process::run(command.arg("--target-dir").arg(layout.bare(triple)))?;
    Ok(Tally::pass())
}

/// A `cargo build --target` command that works on this machine.
fn cargo_for(triple: &str) -> Result<Command> {
    if rustup_has(triple) {
        return Ok(rustup_cargo(triple));
    }
    if !debian_rust_installed() && install::debian_has(DEBIAN_RUST[0]) {
        install::debian(&DEBIAN_RUST).with_context(|| format!("or: rustup target add {triple}"))?;
    }
    if debian_rust_installed() {
        return Ok(debian_cargo(triple));
    }
    process::run(Command::new("rustup").args(["target", "add", triple]))?;
    Ok(rustup_cargo(triple))
}

fn rustup_has(triple: &str) -> bool {
    let installed = stdout_of(Command::new("rustup").args(["target", "list", "--installed"]));
    installed.is_some_and(|list| list.lines().any(|line| line == triple))
}

fn rustup_cargo(triple: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--target", triple]);
    command
}

fn debian_rust_installed() -> bool {
    let sources = stdout_of(Command::new("/usr/bin/rustc").args(["--print", "sysroot"]));
    let library =
        sources.map(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock"));
    library.is_some_and(|library| library.exists()) && Path::new("/usr/bin/cargo").exists()
}

fn debian_cargo(triple: &str) -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command.args(["build", "-Zbuild-std=core,alloc", "--target", triple]);
    command
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}
