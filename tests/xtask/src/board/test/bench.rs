//! A machine under test: its kernel, the guest program, and the results of a run.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use board_card::table::Entry;
use board_card::{self as card, Contents};

use crate::board::kernel::Size;
use crate::board::lowered;
use crate::board::machine::{Machine, after_firmware};
use crate::layout::Layout;
use crate::{go, install, process};

/// The time limit of a run. A run takes seconds on an idle host, and less than this on a loaded one.
const LONGEST: Duration = Duration::from_secs(900);

/// How the kernel's warning begins.
const NO_RANDOM: &str = "kernel: WARN: no random number generator";

/// The data of the scenarios.
pub(super) struct Bench<'t> {
    layout: &'t Layout,
    /// The board's row in the table.
    pub(super) entry: &'t Entry,
    /// Its kernel.
    pub(super) kernel: PathBuf,
    /// The Go program `tests/guests/board`.
    pub(super) guest: PathBuf,
    /// A folder for this board's files.
    pub(super) folder: PathBuf,
    /// The number of power cuts in their test.
    pub(super) power_cuts: usize,
    /// Whether every variant is tested, instead of a sample.
    pub(super) all: bool,
    /// `wasi-interp` on this host.
    desktop: &'t Path,
    /// The size of the kernel, if it runs programs in lowered form.
    lowered: Option<Size>,
}

/// The results of a run.
pub(super) struct Outcome {
    /// The output of the kernel and the program, with `\n` at the ends of lines.
    pub(super) console: String,
    /// The exit status of QEMU.
    pub(super) status: Option<i32>,
}

impl<'t> Bench<'t> {
    /// Builds the guest. The kernel must be built already. `name` is the name of the folder for its files.
    pub(super) fn new(
        layout: &'t Layout,
        desktop: &'t Path,
        name: &str,
        entry: &'t Entry,
        kernel: PathBuf,
        (power_cuts, all): (usize, bool),
    ) -> Result<Bench<'t>> {
        let folder = layout.target.join("boards").join("test").join(name);
        std::fs::create_dir_all(&folder)?;
        let guest = go_guest(layout, &folder, "board")?;
        Ok(Bench {
            layout,
            entry,
            kernel,
            guest,
            folder,
            power_cuts,
            all,
            desktop,
            lowered: None,
        })
    }

    /// The same with programs in lowered form, for a kernel of this size.
    pub(super) fn with_lowered(self, size: Size) -> Self {
        Self {
            lowered: Some(size),
            ..self
        }
    }

    /// The size of the kernel, which runs programs in lowered form.
    pub(super) fn size(&self) -> Result<Size> {
        self.lowered
            .context("the kernel runs no programs in lowered form")
    }

    /// Compiles a program for a kernel of this size. Returns the path of its lowered form.
    pub(super) fn compiled(&self, program: &Path, board: &str, size: Size) -> Result<PathBuf> {
        let name = program.file_name().unwrap_or_default();
        let output = self.folder.join(name).with_extension("lwasm");
        lowered::compile(self.desktop, board, size, program, &output)?;
        Ok(output)
    }

    /// A card with the guest program and these arguments.
    pub(super) fn card(&self, args: &[&str], size: Option<&str>) -> Result<PathBuf> {
        let contents = Contents {
            program: self.guest.clone(),
            size: size.map(str::to_owned),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            ..Contents::default()
        };
        self.write_card(&contents)
    }

    /// A card with a program and a `wasi.toml` with this text.
    pub(super) fn card_with_settings(&self, program: &Path, text: &str) -> Result<PathBuf> {
        let settings = self.folder.join("wasi.toml");
        std::fs::write(&settings, text)?;
        let contents = Contents {
            program: program.to_owned(),
            files: vec![settings],
            ..Contents::default()
        };
        self.write_card(&contents)
    }

    /// A card with the repository's program that copies a file, and a file to copy.
    pub(super) fn card_with_copy(&self, text: &Path, args: &[&str]) -> Result<PathBuf> {
        self.write_card(&Contents {
            program: self.layout.root.join("tests/guests/filecopy/main.wasm"),
            files: vec![text.to_owned()],
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            ..Contents::default()
        })
    }

    /// The Go program `tests/guests/NAME`.
    pub(super) fn go_guest(&self, name: &str) -> Result<PathBuf> {
        go_guest(self.layout, &self.folder, name)
    }

    /// An empty folder.
    pub(super) fn fresh_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir(&folder)?;
        Ok(folder)
    }

    /// `wasi-interp` on this host.
    pub(super) fn desktop_command(&self) -> Command {
        Command::new(self.desktop)
    }

    /// The C program `tests/guests/hog`.
    pub(super) fn c_guest(&self) -> Result<PathBuf> {
        let wasm = self.folder.join("hog.wasm");
        let zig = install::zig(self.layout)?;
        let source = self.layout.root.join("tests/guests/hog/main.c");
        let mut build = Command::new(zig);
        build
            .args([
                "cc",
                "-target",
                "wasm32-wasi",
                "-O2",
                "-Wall",
                "-Werror",
                // Otherwise its memory would begin with 16 MiB of stack, and would not fit into the smallest machine.
                "-Wl,-z,stack-size=65536",
                "-o",
            ])
            .arg(&wasm)
            .arg(source)
            .env("ZIG_GLOBAL_CACHE_DIR", self.layout.target.join("zig-cache"))
            .env("ZIG_LOCAL_CACHE_DIR", self.layout.target.join("zig-cache"));
        process::run(&mut build)?;
        Ok(wasm)
    }

    /// A card that U-Boot boots without further commands.
    pub(super) fn card_for_u_boot(&self, args: &[&str]) -> Result<PathBuf> {
        self.write_card(&Contents {
            program: self.guest.clone(),
            u_boot: true,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            ..Contents::default()
        })
    }

    /// A card with these contents. The program is compiled if the kernel runs lowered ones.
    pub(super) fn write_card(&self, contents: &Contents) -> Result<PathBuf> {
        let Some(size) = self.lowered else {
            return self.write_card_with(contents);
        };
        self.write_card_with(&Contents {
            program: self.compiled(&contents.program, &self.entry.name, size)?,
            ..contents.clone()
        })
    }

    /// A card with these contents as they are.
    pub(super) fn write_card_with(&self, contents: &Contents) -> Result<PathBuf> {
        let image = self.folder.join("card.img");
        card::write(
            Some(self.entry),
            Some(&self.kernel),
            contents,
            &image,
            &card::no_validation,
            &mut |_, _| {},
        )?;
        Ok(image)
    }

    /// Boots from a card and waits for the end.
    pub(super) fn boot(&self, card: &Path) -> Result<Outcome> {
        self.boot_with(None, card)
    }

    /// Does the same with this size of memory.
    pub(super) fn boot_with(&self, memory: Option<&str>, card: &Path) -> Result<Outcome> {
        let machine = Machine {
            memory: memory.map(str::to_owned),
            ..self.machine(card)
        };
        self.boot_machine(&machine)
    }

    /// The machine with a card, as the table has it.
    pub(super) fn machine(&self, card: &Path) -> Machine<'t> {
        Machine::new(self.entry, self.kernel.clone(), card.to_owned())
    }

    /// Boots a machine and waits for the end.
    pub(super) fn boot_machine(&self, machine: &Machine<'_>) -> Result<Outcome> {
        let mut session = self.start_machine(machine)?;
        session.close_input();
        session.finish()
    }

    /// Boots from a card and opens a session with the console.
    pub(super) fn start(&self, card: &Path) -> Result<Session> {
        self.start_machine(&self.machine(card))
    }

    /// Boots a machine and opens a session with the console.
    pub(super) fn start_machine(&self, machine: &Machine<'_>) -> Result<Session> {
        let mut child = machine.start(self.layout, Stdio::piped())?;
        let mut output = child.stdout.take().context("stdout was not piped")?;
        let (sender, received) = channel();
        thread::spawn(move || {
            let mut buf = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut buf) {
                if sender.send(buf[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Session {
            input: child.stdin.take(),
            child,
            received,
            console: Vec::new(),
            firmware_ends: match machine.u_boot {
                // Its last line before it starts the kernel.
                true => Some("Starting kernel".to_owned()),
                false => self.entry.firmware_ends.clone(),
            },
            started: Instant::now(),
        })
    }

    /// Runs the same program under `wasi-interp` on this host, with an empty folder as its root. Returns its output and
    /// that folder.
    pub(super) fn on_desktop(&self, args: &[&str]) -> Result<(String, PathBuf)> {
        let root = self.fresh_folder("desktop")?;
        let output = Command::new(self.desktop)
            .arg("--dir")
            .arg(format!("{}::/", root.display()))
            .arg(&self.guest)
            .args(args)
            .output()
            .context("cannot start wasi-interp")?;
        ensure!(
            output.status.success(),
            "wasi-interp ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        Ok((String::from_utf8(output.stdout)?, root))
    }

    /// Mounts a card under `wasi-interp` on this host, with the kernel's file system. The program checks that these files
    /// are whole.
    pub(super) fn verify_on_desktop(&self, card: &Path, files: usize) -> Result<()> {
        let mut command = Command::new(self.desktop);
        command.arg("--fat").arg(format!("{}::/", card.display()));
        command
            .arg(&self.guest)
            .args(["verify", &files.to_string()]);
        let output = process::capture(&mut command)?;
        let printed = String::from_utf8_lossy(&output.stdout);
        ensure!(
            output.status.success() && printed.contains("whole:"),
            "after a power cut: {printed}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }
}

/// Builds a Go program of `tests/guests` into a folder.
fn go_guest(layout: &Layout, folder: &Path, name: &str) -> Result<PathBuf> {
    let guest = folder.join(name).with_extension("wasm");
    let source = layout.root.join("tests/guests").join(name);
    let mut build = go::toolchain(layout, go::CURRENT)?.command(&source);
    build.env("GOOS", "wasip1").env("GOARCH", "wasm");
    process::run(
        build
            .args(["build", "-trimpath", "-o"])
            .arg(&guest)
            .arg("."),
    )?;
    Ok(guest)
}

/// A running machine. It is switched off when this is dropped.
pub(super) struct Session {
    child: Child,
    input: Option<std::process::ChildStdin>,
    received: Receiver<Vec<u8>>,
    console: Vec<u8>,
    firmware_ends: Option<String>,
    started: Instant,
}

impl Session {
    /// Types something.
    pub(super) fn send(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        let input = self.input.as_mut().context("the input is closed")?;
        input.write_all(text.as_ref())?;
        Ok(input.flush()?)
    }

    fn close_input(&mut self) {
        self.input = None;
    }

    /// The kernel's output so far.
    pub(super) fn console(&self) -> String {
        let start = after_firmware(self.firmware_ends.as_deref(), &self.console);
        let output = &self.console[start.unwrap_or(self.console.len())..];
        let output = String::from_utf8_lossy(output).replace('\r', "");
        // The warning of a board without a random number generator, before the program starts.
        let lines = output.split_inclusive('\n');
        lines.filter(|line| !line.starts_with(NO_RANDOM)).collect()
    }

    /// All bytes since the firmware's last line.
    pub(super) fn bytes(&self) -> &[u8] {
        let start = after_firmware(self.firmware_ends.as_deref(), &self.console);
        &self.console[start.unwrap_or(self.console.len())..]
    }

    /// Waits until this number of bytes has arrived since the firmware's last line.
    pub(super) fn wait_for_bytes(&mut self, count: usize) -> Result<()> {
        while self.bytes().len() < count {
            ensure!(
                self.receive()?,
                "only {} bytes of {count} came",
                self.bytes().len()
            );
        }
        Ok(())
    }

    /// Waits until the console shows `text` `times` times.
    pub(super) fn wait_for(&mut self, text: &str, times: usize) -> Result<()> {
        while self.console().matches(text).count() < times {
            if !self.receive()? {
                bail!(
                    "{text:?} never came; the console shows {:?}",
                    self.console()
                );
            }
        }
        Ok(())
    }

    /// Receives output of the machine. Returns false at its end.
    fn receive(&mut self) -> Result<bool> {
        let left = LONGEST.saturating_sub(self.started.elapsed());
        match self.received.recv_timeout(left) {
            Ok(bytes) => self.console.extend(bytes),
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
            Err(RecvTimeoutError::Timeout) => {
                bail!(
                    "no end after {LONGEST:?}; the console shows {:?}",
                    self.console()
                )
            }
        }
        Ok(true)
    }

    /// Waits for the end.
    pub(super) fn finish(mut self) -> Result<Outcome> {
        while self.receive()? {}
        Ok(Outcome {
            status: self.child.wait()?.code(),
            console: self.console(),
        })
    }

    /// Stops the machine while `look` examines its work. Returns the output up to that moment, and the result of `look`.
    #[cfg(unix)]
    pub(super) fn hold<T>(&mut self, look: impl FnOnce() -> Result<T>) -> Result<(String, T)> {
        use nix::sys::signal::{Signal, kill};
        use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
        use nix::unistd::Pid;
        let machine = Pid::from_raw(self.child.id().try_into()?);
        kill(machine, Signal::SIGSTOP)?;
        // All its threads are stopped when this returns.
        let state = waitpid(machine, Some(WaitPidFlag::WUNTRACED))?;
        ensure!(
            matches!(state, WaitStatus::Stopped(..)),
            "the machine ended: {state:?}; the console shows {:?}",
            self.console()
        );
        while let Ok(bytes) = self.received.try_recv() {
            self.console.extend(bytes);
        }
        let seen = look();
        kill(machine, Signal::SIGCONT)?;
        Ok((self.console(), seen?))
    }

    /// The same on systems where processes cannot be stopped.
    #[cfg(not(unix))]
    pub(super) fn hold<T>(&mut self, _look: impl FnOnce() -> Result<T>) -> Result<(String, T)> {
        bail!("machines can only be held still on Unix")
    }

    /// Cuts the power.
    pub(super) fn cut(mut self) -> Result<String> {
        self.child.kill()?;
        self.child.wait()?;
        while let Ok(bytes) = self.received.recv() {
            self.console.extend(bytes);
        }
        Ok(self.console())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Either it has ended already, or this ends it. Errors do not matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
