//! How a run ends: the exit statuses; and printing that cannot fail.

use std::fmt::Display;
use std::io::{self, Write};

/// wasi-interp could not do what it was asked for.
pub(crate) const FAILED: i32 = 1;
/// Stopped by Ctrl-C, as a shell counts it: 128 + SIGINT.
pub(crate) const INTERRUPTED: i32 = 130;
/// A trap, as a shell counts an abort: 128 + SIGABRT. wasmtime uses the same.
const TRAPPED: i32 = 134;

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
    /// The exit status of the process.
    pub(crate) fn status(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::Guest(status) => status,
            Self::Trapped => TRAPPED,
            Self::Interrupted => INTERRUPTED,
        }
    }
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
