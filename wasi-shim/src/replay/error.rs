//! [`LogError`]: why a log cannot be written, read or followed.

use alloc::string::String;
use core::fmt;

use super::RELEASE;

/// Why a log cannot be written, read or followed. Its text is one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogError {
    /// The log could not be written.
    Write(String),
    /// The log could not be read.
    Read(String),
    /// The file is no log, or one of another format.
    NoLog,
    /// The release that has written it.
    OtherRelease(String),
    /// It ends at this offset, without a record of the end.
    Cut(u64),
    /// What is wrong, in the chunk at this offset.
    Damaged(u64, &'static str),
    /// The fuel consumed so far, and what is different.
    Differs(u64, String),
    /// The recorded run was stopped here, from outside.
    Stopped,
    /// The log has no record of this call yet: the recorded guest has not made it.
    Ahead,
    /// The replayed guest's output could not be written.
    Output(String),
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(error) => write!(f, "the log cannot be written: {error}"),
            Self::Read(error) => write!(f, "the log cannot be read: {error}"),
            Self::NoLog => {
                f.write_str("this is not a log of a recorded run in the format of this release")
            }
            Self::OtherRelease(release) => write!(
                f,
                "the log was written by release {}; this is wasi-interp {RELEASE}, and only the same release replays it",
                release.escape_debug()
            ),
            Self::Cut(offset) => write!(
                f,
                "the log ends at offset {offset:#x} without the end of the run: it was cut off, or the recording was killed"
            ),
            Self::Damaged(offset, what) => {
                write!(f, "the log is damaged: {what} (at offset {offset:#x})")
            }
            Self::Differs(fuel, what) => write!(
                f,
                "the run differs from the recorded one at {fuel} units of fuel: {what}"
            ),
            Self::Stopped => f.write_str("the recorded run was stopped here"),
            Self::Ahead => f.write_str("the recorded run has not come further"),
            Self::Output(error) => write!(f, "the guest's output cannot be written: {error}"),
        }
    }
}

impl core::error::Error for LogError {}
