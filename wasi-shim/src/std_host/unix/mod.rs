//! The desktop host's lower half on Unix: descriptors, by the system's own calls.
//!
//! | file | |
//! |---|---|
//! | `dir` | [`Dir`]: everything that is done to a name in an open directory |
//! | `file` | [`File`]: an open file |
//! | `status` | kinds, statuses and times as the guest sees them |
//! | `stream` | [`FdStream`]: standard streams, pipes, devices, connections |
//! | `wake` | what ends a wait from another thread |
//! | `clock` | [`StdClock`] |
//! | `errno` | the one place where the system's errors become WASI's |

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

/// Whether a file can have this name: any file can have any.
pub(super) fn allows(_name: &str) -> bool {
    true
}

/// What the guest calls an absolute path without links: what the system calls it. `None` if it is not UTF-8.
pub(super) fn guest_path(real: &Path) -> Option<String> {
    real.to_str().map(String::from)
}
