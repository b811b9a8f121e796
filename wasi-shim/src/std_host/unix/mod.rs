//! The part of the desktop host for Unix: descriptors and system calls.
//!
//! | file | |
//! |---|---|
//! | `dir` | [`Dir`]: operations on names in an open directory |
//! | `file` | [`File`]: an open file |
//! | `status` | kinds, statuses and times in the guest's form |
//! | `stream` | [`FdStream`]: standard streams, pipes, devices, connections |
//! | `wake` | ends a wait from another thread |
//! | `clock` | [`StdClock`] |
//! | `errno` | maps the system's errors to WASI's |

mod clock;
mod dir;
mod errno;
mod file;
mod status;
mod stream;
mod wake;

use alloc::string::String;
use std::path::Path;

pub use clock::StdClock;

pub(super) use dir::Dir;
pub(super) use errno::from_os;
pub(super) use file::File;
pub(super) use status::stat;
pub(super) use stream::{FdStream as Connection, standard_streams};
pub(super) use wake::{Alarm, Bell, pair};

/// Returns whether a file can have this name. On Unix, it always can.
pub(super) fn allows(_name: &str) -> bool {
    true
}

/// The guest's form of an absolute path without links: the path itself. Returns `None` if it is not UTF-8.
pub(super) fn guest_path(real: &Path) -> Option<String> {
    real.to_str().map(String::from)
}
