//! Runs a program to its end with a time limit, and collects its results.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use assert_cmd::Command;

use crate::tools;

/// The time limit of a guest. It is far above the need of any guest, so a run that reaches it hangs.
const LIMIT: Duration = Duration::from_secs(180);

/// The results of a run.
#[derive(PartialEq, Eq, Debug)]
pub struct Run {
    /// Its exit status; `None` if a signal or the time limit ended it.
    pub status: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Run {
    /// Runs a command to its end. Bytes that are not UTF-8 are replaced by hexadecimal escapes.
    pub fn of(command: &mut Command) -> Run {
        let output = command
            .timeout(LIMIT)
            .output()
            .expect("the program can be started");
        Run {
            status: output.status.code(),
            stdout: escaped(&output.stdout),
            stderr: escaped(&output.stderr),
        }
    }

    /// Checks the exit status. If it differs, the test fails and shows the output.
    #[track_caller]
    pub fn ends_with(self, status: i32) -> Run {
        assert_eq!(
            self.status,
            Some(status),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Checks that standard error contains each of these words, in small or capital letters.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Run {
        for word in words {
            assert!(
                self.stderr.to_lowercase().contains(&word.to_lowercase()),
                "{word:?} is not in:\n{}",
                self.stderr
            );
        }
        self
    }
}

/// Reads a running program's standard output, one line for each call.
pub fn lines(child: &mut Child) -> impl FnMut() -> String + use<> {
    let stdout = child.stdout.take().expect("stdout is piped");
    let mut lines = BufReader::new(stdout).lines();
    move || {
        let line = lines.next().expect("the program goes on");
        line.expect("the program writes text")
    }
}

/// `wasi-interp` in a folder, with an empty environment.
pub fn wasi_interp(folder: &Path) -> Command {
    clean(tools::programs().join("wasi-interp"), folder)
}

/// A program in a folder, with an empty environment.
pub fn clean(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().current_dir(folder);
    command
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}
