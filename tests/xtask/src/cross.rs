//! `no_std` builds of the interpreter and the shim for bare machines; and whether other systems' compilers take the rest.
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

/// 64-bit RISC-V.
pub(crate) const RISCV64: &str = "riscv64gc-unknown-none-elf";
/// 64-bit ARM.
pub(crate) const AARCH64: &str = "aarch64-unknown-none";
/// 32-bit ARM with hardware floating point.
const ARMV7: &str = "armv7a-none-eabihf";
/// 32-bit RISC-V without floating point.
const RISCV32: &str = "riscv32imac-unknown-none-elf";

/// Systems that are not tested. A check needs neither a linker nor the system's libraries.
const SYSTEMS: [&str; 2] = ["x86_64-apple-darwin", "x86_64-pc-windows-msvc"];
/// What compiles there.
const PORTABLE: [&str; 3] = ["interp", "wasi-shim", "host-cli"];

/// The parts of the standard library that bare machines have, and those that systems have.
const BARE: &str = "core,alloc";
const WITH_STD: &str = "std,panic_abort";

/// The linker of Debian's Rust.
const RUST_LLD: &str = "/usr/bin/rust-lld";

/// Debian's Rust with sources of the standard library.
const DEBIAN_RUST: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// The step for 64-bit RISC-V.
pub(crate) fn riscv64(layout: &Layout) -> Result<Tally> {
    build(layout, RISCV64)
}

/// The step for 64-bit ARM.
pub(crate) fn aarch64(layout: &Layout) -> Result<Tally> {
    build(layout, AARCH64)
}

/// The step for 32-bit ARM.
pub(crate) fn armv7(layout: &Layout) -> Result<Tally> {
    build(layout, ARMV7)
}

/// The step for 32-bit RISC-V.
pub(crate) fn riscv32(layout: &Layout) -> Result<Tally> {
    build(layout, RISCV32)
}

/// Installs a toolchain for every triple.
pub(crate) fn toolchains() -> Result<()> {
    [RISCV64, AARCH64, ARMV7, RISCV32]
        .iter()
        .try_for_each(|triple| cargo_for(triple, "build").map(|_| ()))
}

/// Checks that what should compile for other systems does.
pub(crate) fn systems(layout: &Layout) -> Result<Tally> {
    for triple in SYSTEMS {
        println!("\n== {triple}: {}", PORTABLE.join(", "));
        let mut command = cargo_with(triple, "check", WITH_STD)?;
        command.current_dir(&layout.root);
        for package in PORTABLE {
            command.args(["--package", package]);
        }
        process::run(command.arg("--target-dir").arg(layout.bare(triple)))?;
    }
    Ok(Tally {
        passed: SYSTEMS.len(),
        ..Tally::default()
    })
}

/// Builds the libraries without `std`, with optimisation: the way in which tail calls are chosen.
fn build(layout: &Layout, triple: &str) -> Result<Tally> {
    let mut command = cargo_for(triple, "build")?;
    command.current_dir(&layout.root).args([
        "--profile=quick",
        "--no-default-features",
        "-p",
        "interp",
        "-p",
        "wasi-shim",
        "--features",
        "interp/superinstructions,wasi-shim/fat,wasi-shim/exfat,wasi-shim/ram",
    ]);
    process::run(command.arg("--target-dir").arg(layout.bare(triple)))?;
    Ok(Tally::pass())
}

/// A `cargo SUBCOMMAND --target` command that works on this machine.
pub(crate) fn cargo_for(triple: &str, subcommand: &str) -> Result<Command> {
    cargo_with(triple, subcommand, BARE)
}

/// The same, for a target that has these parts of the standard library.
fn cargo_with(triple: &str, subcommand: &str, library: &str) -> Result<Command> {
    if rustup_has(triple) {
        return Ok(rustup_cargo(triple, subcommand));
    }
    if !debian_rust_installed() && install::debian_has(DEBIAN_RUST[0]) {
        install::debian(&DEBIAN_RUST).with_context(|| format!("or: rustup target add {triple}"))?;
    }
    if debian_rust_installed() {
        return Ok(debian_cargo(triple, subcommand, library));
    }
    process::run(Command::new("rustup").args(["target", "add", triple]))?;
    Ok(rustup_cargo(triple, subcommand))
}

/// Whether rustup has this target installed.
pub(crate) fn rustup_has(triple: &str) -> bool {
    let installed = stdout_of(Command::new("rustup").args(["target", "list", "--installed"]));
    installed.is_some_and(|list| list.lines().any(|line| line == triple))
}

/// Whether Debian's compiler has the linker that it was built with. It lies in two packages: one with the name that the
/// compiler calls, and one with the program, named as the program is: `lld-22`, for example. They are installed if they can be.
pub(crate) fn has_rust_lld() -> bool {
    let runs = || stdout_of(Command::new(RUST_LLD).args(["-flavor", "gnu", "--version"])).is_some();
    let install =
        |package: &str| install::debian_has(package) && install::debian(&[package]).is_ok();
    if runs() || (std::fs::read_link(RUST_LLD).is_err() && !install("rust-web-llvm")) {
        return runs();
    }
    let program = std::fs::read_link(RUST_LLD).unwrap_or_default();
    let package = program.file_name().and_then(|name| name.to_str());
    package.is_some_and(install) && runs()
}

fn rustup_cargo(triple: &str, subcommand: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args([subcommand, "--target", triple]);
    command
}

fn debian_rust_installed() -> bool {
    let sources = stdout_of(Command::new("/usr/bin/rustc").args(["--print", "sysroot"]));
    let library =
        sources.map(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock"));
    library.is_some_and(|library| library.exists()) && Path::new("/usr/bin/cargo").exists()
}

fn debian_cargo(triple: &str, subcommand: &str, library: &str) -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command
        .arg(subcommand)
        .arg(format!("-Zbuild-std={library}"))
        .args(["--target", triple]);
    command
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}
