//! How a run ends: the exit statuses, and the one place that prints to standard error and leaves.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// wasi-interp could not do what it was asked for.
const FAILED: u8 = 1;
/// Stopped by Ctrl-C, as a shell counts it: 128 + SIGINT.
pub(crate) const INTERRUPTED: u8 = 130;
/// A trap, as a shell counts an abort: 128 + SIGABRT. wasmtime uses the same.
const TRAPPED: u8 = 134;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// It did what it was asked for.
    Done,
    /// The guest ended by itself with this status.
    Guest(i32),
    /// The guest trapped, or reached a limit.
    Trapped,
    /// Ctrl-C.
    Interrupted,
}

impl Outcome {
    /// Leaves the process. The system cuts a guest's status to what it knows: Unix keeps the low eight bits.
    pub(crate) fn leave(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Guest(status) => std::process::exit(status),
            Self::Trapped => ExitCode::from(TRAPPED),
            Self::Interrupted => ExitCode::from(INTERRUPTED),
        }
    }
}

/// Reports an error of our own.
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    tell(format_args!("wasi-interp: {error:#}"));
    ExitCode::from(FAILED)
}

/// Prints lines to standard error. There is nobody to tell if that fails.
pub(crate) fn tell(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints to standard output. A reader that has seen enough and left is no error.
pub(crate) fn print(text: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
