//! The external tools for boards: emulators, the device tree compiler, programs that read FAT volumes.
//!
//! A missing tool is installed as root on Debian and Ubuntu. Otherwise the error contains the command that installs it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use board_card::table::Entry;

use crate::process::stdout_of;
use crate::{cross, install, toolchain};

/// The boot firmware of RISC-V machines, which QEMU loads. In some releases it is in a separate package.
const OPENSBI: &str = "/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin";

/// Installs the tools for running this board, except its kernel.
pub(super) fn for_running(entry: &Entry) -> Result<()> {
    if let Some(program) = entry.qemu.first() {
        emulator(program)?;
    }
    if entry.device_tree.is_some() {
        device_tree_compiler()?;
    }
    Ok(())
}

/// Installs all tools for building and testing these boards.
pub(super) fn all(entries: &[&Entry]) -> Result<()> {
    for entry in entries {
        for_running(entry)?;
        cross::cargo_for(&entry.target, "build")?;
        toolchain::linker(&entry.target)?;
    }
    fat()
}

/// The emulator of this name.
pub(super) fn emulator(program: &str) -> Result<()> {
    if !runs(program) {
        let package = package_of(program);
        let mut installed = install::debian(&[package]);
        // A `qemu-utils` of another release conflicts with the emulators; the minus sign removes it. Packages are removed
        // only on a machine of the gate, which is discarded afterwards. There a variable allows it.
        if installed.is_err() && install::is_root() {
            installed = match may_remove() {
                true => install::debian(&[package, "qemu-utils-"]),
                false => installed.context(format!(
                    "the installed qemu-utils may be of another release; to replace it: apt-get install {package} qemu-utils-"
                )),
            };
        }
        installed.with_context(|| format!("{program} is missing"))?;
    }
    if program.contains("riscv") && !Path::new(OPENSBI).exists() && install::debian_has("opensbi") {
        install::debian(&["opensbi"]).context("the firmware of RISC-V machines is missing")?;
    }
    Ok(())
}

/// The package of an emulator. Newer releases have a separate one for RISC-V.
fn package_of(program: &str) -> &'static str {
    match program.contains("riscv") {
        true if install::debian_has("qemu-system-riscv") => "qemu-system-riscv",
        true => "qemu-system-misc",
        false => "qemu-system-arm",
    }
}

/// Returns whether this machine was created by a service for the tests.
fn may_remove() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

/// Debian's U-Boot for an emulator's machine: the option that loads it, and the file.
pub(super) fn u_boot(program: &str) -> Result<(&'static str, &'static str)> {
    let (option, file) = match program {
        "qemu-system-riscv64" => ("-kernel", "/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf"),
        "qemu-system-aarch64" => ("-bios", "/usr/lib/u-boot/qemu_arm64/u-boot.bin"),
        _ => ("-bios", "/usr/lib/u-boot/qemu_arm/u-boot.bin"),
    };
    if !Path::new(file).exists() {
        install::debian(&["u-boot-qemu"]).context("U-Boot is missing")?;
    }
    Ok((option, file))
}

/// `dtc`.
pub(super) fn device_tree_compiler() -> Result<()> {
    if runs("dtc") {
        return Ok(());
    }
    install::debian(&["device-tree-compiler"]).context("dtc is missing")
}

/// `fsck.fat` and mtools.
pub(super) fn fat() -> Result<()> {
    if stdout_of(Command::new("mcopy").arg("-V")).is_some()
        && Path::new("/usr/sbin/fsck.fat").exists()
    {
        return Ok(());
    }
    install::debian(&["dosfstools", "mtools"]).context("fsck.fat or mcopy is missing")
}

fn runs(program: &str) -> bool {
    stdout_of(Command::new(program).arg("--version")).is_some()
}
