//! Exit statuses, and printing that ignores errors.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};

use crate::progress;

/// The command failed.
pub(crate) const FAILED: i32 = 1;
/// The status after SIGHUP, as a shell counts it: 128 + SIGHUP.
const HUNG_UP: i32 = 129;
/// The status after Ctrl-C, as a shell counts it: 128 + SIGINT.
const INTERRUPTED: i32 = 130;
/// The status after SIGQUIT, as a shell counts it: 128 + SIGQUIT.
pub(crate) const QUIT: i32 = 131;
/// The status after a trap, as a shell counts an abort: 128 + SIGABRT. wasmtime uses the same one.
pub(crate) const TRAPPED: i32 = 134;
/// The status after SIGTERM, as a shell counts it: 128 + SIGTERM.
const TERMINATED: i32 = 143;

/// The outcome of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// The command succeeded.
    Done,
    /// The guest ended by itself with this status.
    Guest(i32),
    /// The guest trapped, or reached a limit.
    Trapped,
    /// Ctrl-C.
    Interrupted,
    /// SIGQUIT.
    Quit,
    /// SIGTERM.
    Terminated,
    /// SIGHUP.
    HungUp,
}

impl Outcome {
    /// The exit status of the process.
    pub(crate) fn status(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::Guest(status) => status,
            Self::Trapped => TRAPPED,
            Self::Interrupted => INTERRUPTED,
            Self::Quit => QUIT,
            Self::Terminated => TERMINATED,
            Self::HungUp => HUNG_UP,
        }
    }
}

/// Prints lines to standard error. Ignores errors, because there is no other place to report them.
pub(crate) fn tell(text: impl Display) {
    progress::erase();
    let _ = writeln!(io::stderr(), "{}", harmless(&text.to_string()));
}

/// Makes text safe for a terminal. Names come from untrusted modules, which must not move the cursor or set the title of
/// the window. Control characters except line breaks and tabs are escaped.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let harmful = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
    if !text.contains(harmful) {
        return text.into();
    }
    let mut spelled = String::new();
    for char in text.chars() {
        if harmful(char) {
            spelled.extend(char.escape_default());
        } else {
            spelled.push(char);
        }
    }
    spelled.into()
}

/// Prints to standard output. If the reader has closed it, that is no error.
pub(crate) fn print(text: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(harmless("a\tb\n\u{fc}"), "a\tb\n\u{fc}");
        assert_eq!(
            harmless("\u{1b}]0;title\u{7}\r\u{9b}31m"),
            r"\u{1b}]0;title\u{7}\r\u{9b}31m"
        );
    }
}
