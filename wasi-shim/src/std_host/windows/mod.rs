//! The part of the desktop host for Windows: handles from cap-std and the standard library, and sockets with Winsock's
//! calls of the same names as on other systems.
//!
//! | file | |
//! |---|---|
//! | `dir` | [`Dir`]: operations on names in an open directory |
//! | `file` | [`File`]: an open file |
//! | `names` | valid names, and the guest's form of paths |
//! | `status` | kinds, statuses and times in the guest's form |
//! | `input`, `output` | the standard streams |
//! | `redirected` | a standard stream that is a file |
//! | `socket` | [`Connection`]: an accepted connection |
//! | `wake` | ends a wait from another thread |
//! | `clock` | [`StdClock`] |
//! | `errno` | maps the system's errors to WASI's |
//!
//! Differences from Unix that are caused by the system:
//! - Names must be valid on Windows, and `a` and `A` are one name. The creation of other names fails with `EINVAL`.
//! - A directory that is open, or contains an open object, cannot be renamed or removed: `EBUSY` or `EACCES`.
//! - A rename over an empty directory removes that directory first.
//! - Symbolic links can be created only with the system's permission, and only relative ones; otherwise `EPERM`.
//! - The time of a status change does not exist. It is the time of the last write.
//! - Standard output and error are always ready for writing, and a write to a full pipe waits.

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

/// The process's standard streams. A closed one is empty. The waker is for a thread that waits for input.
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

/// A stream for the file to which it was redirected, or the result of `other`.
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
