//! The desktop host's lower half on Windows: handles by cap-std and the standard library, sockets by Winsock's calls of the same names as
//! elsewhere.
//!
//! | file | |
//! |---|---|
//! | `dir` | [`Dir`]: everything that is done to a name in an open directory |
//! | `file` | [`File`]: an open file |
//! | `names` | which names there can be, and how paths look to the guest |
//! | `status` | kinds, statuses and times as the guest sees them |
//! | `input`, `output` | the standard streams |
//! | `redirected` | a standard stream that is a file |
//! | `socket` | [`Connection`]: an accepted connection |
//! | `wake` | what ends a wait from another thread |
//! | `clock` | [`StdClock`] |
//! | `errno` | the one place where the system's errors become WASI's |
//!
//! What is otherwise than on Unix, because the system is:
//! - Names are those that Windows allows, and `a` and `A` are one; all others are `EINVAL` for whoever creates them.
//! - A directory that is open, or has something open in it, cannot be renamed or removed: `EBUSY` or `EACCES`.
//! - A directory is renamed over an empty one by removing that one first.
//! - Symbolic links can be made by those to whom the system grants it, and only relative ones: else `EPERM`.
//! - A status change has no time of its own: it is the time of the last write.
//! - Standard output and error are always ready for writing, and writing to a full pipe waits.

mod clock;
mod dir;
mod errno;
mod file;
mod input;
mod names;
mod output;
mod redirected;
mod socket;
mod status;
mod wake;

use alloc::boxed::Box;
use std::io::{self, IsTerminal};
use std::os::windows::io::{AsHandle, BorrowedHandle};

pub use clock::StdClock;

pub(super) use dir::Dir;
pub(super) use errno::from_os;
pub(super) use file::File;
pub(super) use names::{allows, guest_path};
pub(super) use socket::Connection;
pub(super) use status::stat;
pub(super) use wake::{Alarm, Bell, pair};

use super::poller::Waker;
use crate::stream::{Null, Stream};
use input::Input;
use output::Output;
use redirected::Redirected;

/// The process's standard streams. One that is closed is empty. The waker is for a thread that waits for input.
pub(super) fn standard_streams(waker: &Waker) -> [Box<dyn Stream>; 3] {
    let (stdin, stdout, stderr) = (io::stdin(), io::stdout(), io::stderr());
    let (to_console, to_screen) = (stdout.is_terminal(), stderr.is_terminal());
    [
        stream(stdin.as_handle(), |_| {
            Box::new(Input::new(stdin.is_terminal(), waker.clone()))
        }),
        stream(stdout.as_handle(), |handle| match to_console {
            true => Box::new(Output::console(io::stdout())),
            false => Box::new(Output::pipe(handle)),
        }),
        stream(stderr.as_handle(), |handle| match to_screen {
            true => Box::new(Output::console(io::stderr())),
            false => Box::new(Output::pipe(handle)),
        }),
    ]
}

/// A file that the stream was redirected to, or what `other` makes of it.
fn stream(
    handle: BorrowedHandle<'_>,
    other: impl FnOnce(std::fs::File) -> Box<dyn Stream>,
) -> Box<dyn Stream> {
    let Ok(handle) = handle.try_clone_to_owned() else {
        return Box::new(Null);
    };
    let file = std::fs::File::from(handle);
    match file.metadata() {
        Ok(metadata) if metadata.is_file() => Box::new(Redirected(file)),
        _ => other(file),
    }
}
