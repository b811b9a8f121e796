//! A board in QEMU.
//!
//! Firmware prints text before the kernel starts (OpenSBI's banner). This text is not the program's output, and is withheld
//! up to the line that `firmware_ends` of the table names.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use board_card::table::Entry;

use super::tools;
use crate::layout::Layout;
use crate::process;

/// A machine in an emulator.
pub(super) struct Machine<'t> {
    /// Its row in the table.
    pub(super) entry: &'t Entry,
    /// The kernel's ELF file.
    pub(super) kernel: PathBuf,
    /// The disk or card.
    pub(super) image: PathBuf,
    /// The size of RAM, if it differs from the table's.
    pub(super) memory: Option<String>,
    /// Whether its clock counts instructions, one nanosecond for each, instead of time.
    pub(super) counts: bool,
    /// The content of its flash.
    pub(super) flash: Option<PathBuf>,
    /// Arguments that replace the table's devices (`-device …`).
    pub(super) devices: Option<Vec<String>>,
    /// Additional arguments of the emulator.
    pub(super) more: Vec<String>,
    /// Whether it boots U-Boot, which loads the kernel from the card.
    pub(super) u_boot: bool,
}

impl<'t> Machine<'t> {
    /// Creates a machine with the table's settings.
    pub(super) fn new(entry: &'t Entry, kernel: PathBuf, image: PathBuf) -> Self {
        Self {
            entry,
            kernel,
            image,
            memory: None,
            counts: false,
            flash: None,
            devices: None,
            more: Vec::new(),
            u_boot: false,
        }
    }

    /// Runs it on this terminal. Returns its status.
    pub(super) fn run_interactively(&self, layout: &Layout) -> Result<u8> {
        let mut child = self.start(layout, Stdio::inherit())?;
        let mut output = child.stdout.take().context("stdout was not piped")?;
        copy_from_kernel(
            self.entry.firmware_ends.as_deref(),
            &mut output,
            &mut std::io::stdout(),
        )?;
        status(child)
    }

    /// Starts QEMU with the console on its standard input and output.
    pub(super) fn start(&self, layout: &Layout, stdin: Stdio) -> Result<Child> {
        let mut command = self.command(layout)?;
        command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .env("QEMU_AUDIO_DRV", "none");
        let program = command.get_program().to_owned();
        command
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))
    }

    fn command(&self, layout: &Layout) -> Result<Command> {
        let device_tree = match &self.entry.device_tree {
            Some(source) => compile_device_tree(layout, source)?,
            None => PathBuf::new(),
        };
        let memory = self.memory.as_deref().unwrap_or(&self.entry.memory);
        let fill = |word: &String| {
            word.replace("{kernel}", &self.kernel.display().to_string())
                .replace("{image}", &self.image.display().to_string())
                .replace("{device_tree}", &device_tree.display().to_string())
                .replace("{memory}", memory)
        };
        let mut arguments = self.entry.qemu.clone();
        if let Some(devices) = &self.devices {
            arguments = without_devices(arguments);
            arguments.extend_from_slice(devices);
        }
        if self.u_boot {
            arguments = with_u_boot(arguments)?;
        }
        let mut words = arguments.iter().map(fill);
        let program = words.next().context("the table names no emulator")?;
        tools::emulator(&program)?;
        let mut command = Command::new(program);
        command.args(words).args(&self.more);
        if let Some(flash) = &self.flash {
            let flash = flash.display().to_string();
            let words = self.entry.qemu_flash.iter();
            command.args(words.map(|word| word.replace("{flash}", &flash)));
        }
        if self.counts {
            command.args(["-icount", "shift=0"]);
        }
        Ok(command)
    }
}

/// The table's arguments without `-device X`.
fn without_devices(arguments: Vec<String>) -> Vec<String> {
    let mut words = arguments.into_iter();
    let mut left = Vec::new();
    while let Some(word) = words.next() {
        if word == "-device" {
            words.next();
        } else {
            left.push(word);
        }
    }
    left
}

/// Replaces the kernel by U-Boot in the table's arguments. With OpenSBI, U-Boot is the kernel; otherwise it is the
/// machine's firmware.
fn with_u_boot(mut arguments: Vec<String>) -> Result<Vec<String>> {
    let (option, file) = tools::u_boot(&arguments[0])?;
    let at = arguments.iter().position(|word| word == "{kernel}");
    let at = at.context("the table names no kernel")?;
    arguments[at - 1] = option.to_owned();
    arguments[at] = file.to_owned();
    Ok(arguments)
}

/// Returns the status of the emulator. Fails if a signal ended it.
pub(super) fn status(mut child: Child) -> Result<u8> {
    let status = child.wait()?;
    match status.code().map(u8::try_from) {
        Some(Ok(code)) => Ok(code),
        _ => bail!("QEMU ended with {status}"),
    }
}

/// Copies the kernel's output as it arrives. Omits the firmware's output before it.
fn copy_from_kernel(
    firmware_ends: Option<&str>,
    from: &mut impl Read,
    to: &mut impl Write,
) -> Result<()> {
    let mut held = Vec::new();
    let mut waiting = firmware_ends.is_some();
    let mut buf = [0; 4096];
    loop {
        let count = from.read(&mut buf)?;
        if count == 0 {
            // If the firmware did not reach its end, its output explains why.
            to.write_all(&held)?;
            return Ok(());
        }
        held.extend_from_slice(&buf[..count]);
        if waiting {
            match after_firmware(firmware_ends, &held) {
                Some(start) => drop(held.drain(..start)),
                None => continue,
            }
            waiting = false;
        }
        to.write_all(&held)?;
        to.flush()?;
        held.clear();
    }
}

/// Returns the start of the kernel's output: after the line that begins with `firmware_ends`.
pub(super) fn after_firmware(firmware_ends: Option<&str>, output: &[u8]) -> Option<usize> {
    let Some(marker) = firmware_ends else {
        return Some(0);
    };
    let at = output
        .windows(marker.len())
        .position(|window| window == marker.as_bytes())?;
    let line = output[at..].iter().position(|byte| *byte == b'\n')?;
    Some(at + line + 1)
}

/// Compiles a device tree with `dtc`.
fn compile_device_tree(layout: &Layout, source: &str) -> Result<PathBuf> {
    let source = layout.root.join("boards").join(source);
    let name = source.file_stem().context("a device tree has a name")?;
    let compiled = layout
        .target
        .join("boards")
        .join(name)
        .with_extension("dtb");
    tools::device_tree_compiler()?;
    process::run(&mut dtc(&source, &compiled))?;
    Ok(compiled)
}

fn dtc(source: &Path, compiled: &Path) -> Command {
    let mut command = Command::new("dtc");
    command
        .args(["-q", "-O", "dtb", "-o"])
        .arg(compiled)
        .arg(source);
    command
}

#[cfg(test)]
mod tests {
    use super::{after_firmware, copy_from_kernel, without_devices};

    #[test]
    fn firmware_is_left_out() {
        let output = b"banner\nBoot HART MEDELEG : 1\r\nhello\n";
        assert_eq!(after_firmware(Some("Boot HART"), output), Some(30));
        assert_eq!(after_firmware(Some("missing"), output), None);
        assert_eq!(after_firmware(None, output), Some(0));
        let mut copied = Vec::new();
        copy_from_kernel(Some("Boot HART"), &mut &output[..], &mut copied).expect("memory");
        assert_eq!(copied, b"hello\n");
    }

    #[test]
    fn devices_are_left_out() {
        let words = ["qemu", "-device", "a,b=c", "-m", "1G", "-device", "d"];
        let left = without_devices(words.map(String::from).to_vec());
        assert_eq!(left, ["qemu", "-m", "1G"]);
    }

    #[test]
    fn firmware_that_never_ends_is_shown() {
        let mut copied = Vec::new();
        copy_from_kernel(Some("never"), &mut &b"no kernel"[..], &mut copied).expect("memory");
        assert_eq!(copied, b"no kernel");
    }
}
