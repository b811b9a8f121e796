//! The desktop host: files, streams, sockets, clocks and randomness of a Unix system.
//!
//! | file | |
//! |---|---|
//! | `fs` | [`StdFs`], the file system: nodes are names below open directories |
//! | `nodes` | the table of those nodes |
//! | `status` | kinds, statuses and times as the guest sees them |
//! | `stream` | [`FdStream`]: standard streams, pipes, devices, connections |
//! | `net` | [`StdListener`]: a listening TCP socket |
//! | `poller` | [`StdPoller`], which sleeps in `poll(2)`, and its [`Waker`] |
//! | `time` | [`StdClock`], [`StdRandom`] |
//! | `errno` | the one place where the system's errors become WASI's |
//!
//! [`builder`] puts them together, and [`Directories`] gives a guest directories.

mod errno;
mod fs;
mod net;
mod nodes;
mod poller;
mod status;
mod stream;
mod time;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::Path;

pub use fs::StdFs;
pub use net::StdListener;
pub use poller::{StdPoller, Waker};
pub use stream::FdStream;
pub use time::{StdClock, StdRandom};

use crate::builder::WasiBuilder;
use crate::fs::Node;
use crate::mounts::Place;
use crate::preopen::Grant;
use crate::wrap::ReadOnly;

/// Begins a guest on this system: its clocks and randomness, the process's standard streams, and its current directory. The waker
/// makes the guest stop waiting, from any thread.
pub fn builder() -> (WasiBuilder, Waker) {
    let (poller, waker) = StdPoller::new();
    let mut builder = WasiBuilder::new(Box::new(StdClock), Box::new(StdRandom), Box::new(poller));
    let [stdin, stdout, stderr] = FdStream::standard();
    builder.stdin(stdin).stdout(stdout).stderr(stderr);
    if let Some(cwd) = std::env::current_dir()
        .ok()
        .and_then(|path| real_path(&path).ok())
    {
        builder.cwd(&cwd);
    }
    (builder, waker)
}

/// Directories of this system that a guest is to be given.
#[derive(Default)]
pub struct Directories {
    writable: StdFs,
    read_only: StdFs,
    /// Each directory, and whether it is read-only.
    grants: Vec<(Grant, Node, bool)>,
}

impl Directories {
    /// Adds a directory: under the name `guest`, or without one under its absolute path.
    ///
    /// Errors: it is no directory, cannot be opened, or the path is to be its name and is not UTF-8.
    pub fn add(
        &mut self,
        host: &Path,
        guest: Option<&str>,
        read_only: bool,
    ) -> std::io::Result<()> {
        let fs = if read_only {
            &mut self.read_only
        } else {
            &mut self.writable
        };
        let node = fs.open_dir(host)?;
        let real = real_path(host);
        let (guest, host) = match guest {
            Some(guest) => (guest.to_string(), real.ok()),
            None => {
                let real = real?;
                (real.clone(), Some(real))
            }
        };
        self.grants.push((Grant { guest, host }, node, read_only));
        Ok(())
    }

    /// Gives all of them to the guest, in the order in which they were added.
    pub fn give(self, builder: &mut WasiBuilder) {
        let writable = builder.file_system(Box::new(self.writable));
        let read_only = builder.file_system(Box::new(ReadOnly(self.read_only)));
        for (grant, node, protected) in self.grants {
            let fs = if protected { read_only } else { writable };
            builder.dir(grant, Place { fs, node });
        }
    }
}

/// An absolute path without links, as text.
pub fn real_path(path: &Path) -> std::io::Result<String> {
    let real = path.canonicalize()?;
    let text = real.to_str().ok_or_else(|| {
        std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "the path is not UTF-8, as WASI requires",
        )
    })?;
    Ok(text.to_string())
}
