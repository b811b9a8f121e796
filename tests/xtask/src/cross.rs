//! Checks of the interpreter and the shim without `std` for bare machines, and checks for other systems.

use std::process::Command;

use anyhow::Result;

use crate::layout::Layout;
use crate::tally::Tally;
use crate::{cargo, process, toolchain};

/// 64-bit RISC-V.
pub(crate) const RISCV64: &str = "riscv64gc-unknown-none-elf";
/// 64-bit ARM.
pub(crate) const AARCH64: &str = "aarch64-unknown-none";
/// 32-bit ARM with hardware floating point.
const ARMV7: &str = "armv7a-none-eabihf";
/// 32-bit RISC-V without floating point.
pub(crate) const RISCV32: &str = "riscv32imac-unknown-none-elf";

/// Systems that are not tested. A check needs neither a linker nor the system's libraries.
const SYSTEMS: [&str; 2] = ["x86_64-apple-darwin", "x86_64-pc-windows-msvc"];
/// The packages that compile there.
const PORTABLE: [&str; 3] = ["wasi-interp-core", "wasi-interp-shim", "wasi-interp"];

/// The parts of the standard library that bare machines have, and those that systems have.
const BARE: &str = "core,alloc";
const WITH_STD: &str = "std,panic_abort";

/// WebAssembly, for which the interpreter is compiled to be run by itself.
const WASM32: &str = "wasm32-unknown-unknown";

/// The step for WebAssembly: builds the interpreter as a module, and lets the differential test run it.
pub(crate) fn wasm32(layout: &Layout) -> Result<Tally> {
    toolchain::linker(WASM32)?;
    let target = layout.bare(WASM32);
    let mut command = cargo_for(WASM32, "build")?;
    command
        .current_dir(&layout.root)
        .args(["--profile=quick", "--package", "wasm32-interp"])
        .arg("--target-dir")
        .arg(&target)
        // Exceptions would be instructions that the interpreter does not have.
        .env("CARGO_PROFILE_QUICK_PANIC", "abort")
        .env("CARGO_PROFILE_QUICK_OPT_LEVEL", "1");
    process::run(&mut command)?;
    let module = target.join(WASM32).join("quick/wasm32_interp.wasm");
    cargo::wasm32(layout, &module)
}

/// The step for 32-bit RISC-V, for which there is no board: checks the libraries without `std`, as optimised builds have them, which
/// dispatch by tail calls. The step `asm` generates code for this processor. Kernels contain the same libraries for the others.
pub(crate) fn riscv32(layout: &Layout) -> Result<Tally> {
    let mut command = cargo_for(RISCV32, "check")?;
    command.current_dir(&layout.root).args([
        "--profile=board",
        "--no-default-features",
        "-p",
        "wasi-interp-core",
        "-p",
        "wasi-interp-shim",
        "--features",
        "wasi-interp-core/lowering,wasi-interp-core/superinstructions,wasi-interp-shim/bind,wasi-interp-shim/fat,wasi-interp-shim/exfat,wasi-interp-shim/ram",
    ]);
    process::run(command.arg("--target-dir").arg(layout.kernels()))?;
    Ok(Tally::pass())
}

/// Installs a toolchain for every triple.
pub(crate) fn toolchains() -> Result<()> {
    [RISCV64, AARCH64, ARMV7, RISCV32, WASM32]
        .iter()
        .try_for_each(|triple| cargo_for(triple, "build").map(|_| ()))
}

/// Checks that the portable packages compile for other systems.
pub(crate) fn systems(layout: &Layout) -> Result<Tally> {
    for triple in SYSTEMS {
        println!("\n== {triple}: {}", PORTABLE.join(", "));
        let mut command = toolchain::cargo(triple, "check", WITH_STD)?;
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

/// A `cargo SUBCOMMAND --target` command that works on this machine.
pub(crate) fn cargo_for(triple: &str, subcommand: &str) -> Result<Command> {
    toolchain::cargo(triple, subcommand, BARE)
}
