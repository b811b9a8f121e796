//! Runs cargo and shows its progress: a line every few seconds. Omits warnings about intended flags. Also shows the progress of images.
//!
//! The first build of a kernel takes minutes, and longer on a busy machine. Cargo prints a line when it begins a package,
//! and nothing until the next one.

use std::io::{BufRead, BufReader, IsTerminal};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::shown;

/// The maximum time without output.
const SILENCE: Duration = Duration::from_secs(5);

/// The warning about a processor feature that the compiler does not know, or considers unstable. `boards.toml` sets these
/// features on purpose.
const FEATURE_WARNINGS: [&str; 2] = [
    "warning: unstable feature specified for `-Ctarget-feature`",
    "warning: unknown and unstable feature specified for `-Ctarget-feature`",
];

/// Runs cargo to its end. Fails unless it exits with 0.
pub(super) fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", shown(command));
    let failed = format!("cannot start {}", shown(command));
    let mut child = command.stderr(Stdio::piped()).spawn().context(failed)?;
    let stderr = child.stderr.take().context("stderr was not piped")?;
    let (sender, lines) = channel();
    thread::spawn(move || {
        let mut stderr = BufReader::new(stderr);
        let mut line = Vec::new();
        while let Ok(1..) = stderr.read_until(b'\n', &mut line) {
            let text = String::from_utf8_lossy(&line);
            if sender.send(text.trim_end().to_owned()).is_err() {
                break;
            }
            line.clear();
        }
    });
    let mut filter = Filter::default();
    let start = Instant::now();
    loop {
        match lines.recv_timeout(SILENCE) {
            Ok(line) => {
                if filter.shows(&line) {
                    eprintln!("{line}");
                }
            }
            Err(RecvTimeoutError::Timeout) => eprintln!("{}", filter.progress(start.elapsed())),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Returns what shows the written part of an image as a percentage, on a terminal. The line is removed when the image is complete.
pub(super) fn of_image() -> impl FnMut(u64, u64) {
    let is_terminal = std::io::stderr().is_terminal();
    let mut percent = 0;
    move |done, all| {
        let now = done * 100 / all.max(1);
        if now != percent && is_terminal {
            percent = now;
            let ending = if percent == 100 { "\r\x1b[K" } else { "" };
            eprint!("\rwriting the image: {percent} %\x1b[K{ending}");
        }
    }
}

/// Selects the lines of cargo's output that are shown, and tracks its progress.
#[derive(Default)]
struct Filter {
    /// The package that was begun last, and the number of begun packages.
    last: String,
    begun: usize,
    /// Whether the lines up to the next empty one belong to an omitted warning.
    in_warning: bool,
}

impl Filter {
    fn shows(&mut self, line: &str) -> bool {
        if self.in_warning {
            self.in_warning = !line.is_empty();
            return false;
        }
        if FEATURE_WARNINGS.iter().any(|start| line.starts_with(start)) {
            self.in_warning = true;
            return false;
        }
        if let Some(package) = line.trim_start().strip_prefix("Compiling ") {
            package
                .split(' ')
                .next()
                .unwrap_or(package)
                .clone_into(&mut self.last);
            self.begun += 1;
        }
        // This line counts the omitted warnings, too. Other warnings are shown where they occur.
        !(line.starts_with("warning: `") && line.contains("generated"))
    }

    fn progress(&self, elapsed: Duration) -> String {
        let seconds = elapsed.as_secs();
        let time = format!("{}:{:02} min", seconds / 60, seconds % 60);
        match (self.begun, self.last.as_str()) {
            (0, _) => format!("    … {time}: cargo looks what is to be done"),
            (_, "wasi-interp-boards") => {
                format!("    … {time}: compiling boards and linking the kernel, the last step")
            }
            (begun, last) => format!("    … {time}: compiling {last}, package {begun}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Filter;

    #[test]
    fn warnings_about_flags_are_left_out_and_others_are_not() {
        let output = "   Compiling a v1.0.0\n\
             warning: unstable feature specified for `-Ctarget-feature`: `relax`\n  |\n  = note: this feature\n\n\
             warning: unused variable: `x`\n --> a.rs:1:1\n\n\
             warning: `a` (lib) generated 2 warnings (1 duplicate)\n   Compiling b v1.0.0 (/b)\n";
        let mut filter = Filter::default();
        let shown: Vec<_> = output.lines().filter(|line| filter.shows(line)).collect();
        assert_eq!(
            shown,
            [
                "   Compiling a v1.0.0",
                "warning: unused variable: `x`",
                " --> a.rs:1:1",
                "",
                "   Compiling b v1.0.0 (/b)"
            ]
        );
        let progress = filter.progress(Duration::from_secs(125));
        assert_eq!(progress, "    … 2:05 min: compiling b, package 2");
    }
}
