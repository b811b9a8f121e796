//! The desktop host: files, streams, sockets, clocks and randomness of the system.
//!
//! This folder contains the common part of all systems. The parts that differ are in the folder of each system, under the
//! same names: a directory and its names (`Dir`), an open file (`File`), a connection, the standard streams, the clocks,
//! the end of a wait, and the mapping of errors.
//!
//! | file | |
//! |---|---|
//! | `builder` | methods of [`WasiBuilder`] for this process and this system |
//! | `fs` | [`StdFs`], the file system: nodes are names below open directories |
//! | `nodes` | the table of those nodes |
//! | `net` | [`StdListener`]: a listening TCP socket |
//! | `poller` | [`StdPoller`], which sleeps in `poll(2)`, and its [`Waker`] |
//! | `random` | [`StdRandom`] |
//! | `unix/` | Linux, macOS and others |
//! | `windows/` | Windows |
//!
//! [`builder`] combines them, and [`Directories`] grants directories to a guest.

mod builder;
mod fs;
mod net;
mod nodes;
mod poller;
mod random;
#[cfg(unix)]
#[path = "unix/mod.rs"]
mod system;
#[cfg(windows)]
#[path = "windows/mod.rs"]
mod system;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::Path;

pub(crate) use builder::{System, begin};
pub use fs::StdFs;
pub use net::StdListener;
pub use poller::{StdPoller, Waker};
pub use random::StdRandom;
pub use system::StdClock;

use crate::builder::WasiBuilder;
use crate::errno::Errno;
use crate::fs::Node;
use crate::mounts::Place;
use crate::preopen::{Grant, components};
use crate::types::FileId;
use crate::wrap::ReadOnly;

/// Begins a guest on this system: with its clocks and randomness, the process's standard streams, and its current
/// directory. The waker ends the guest's waits from any thread.
pub fn builder() -> (WasiBuilder, Waker) {
    let (mut builder, waker) = begin();
    builder.inherit_stdio().inherit_cwd();
    (builder, waker)
}

/// Directories of this system to grant to a guest.
#[derive(Default)]
pub struct Directories {
    writable: StdFs,
    read_only: StdFs,
    /// Each directory, and whether it is read-only.
    grants: Vec<(Grant, Node, bool)>,
}

impl Directories {
    /// Adds a directory under the name `guest`, or without one under its absolute path.
    ///
    /// Errors: it is no directory, it cannot be opened, or the path is needed as its name and is not UTF-8.
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

    /// The read-only directories that are not protected, because the guest can also reach them through a writable
    /// directory, with that directory. A guest that starts in the writable one can change them, as `os.RemoveAll` in Go
    /// does. Both are names in the guest.
    pub fn unprotected(&self) -> impl Iterator<Item = (&str, &str)> {
        let of = |wanted: bool| {
            let grants = self.grants.iter();
            grants.filter_map(move |(grant, _, read_only)| (*read_only == wanted).then_some(grant))
        };
        of(true).filter_map(move |inner| {
            let around = of(false).find(|outer| lies_within(inner, outer))?;
            Some((inner.guest.as_str(), around.guest.as_str()))
        })
    }

    /// Grants all of them to the guest, in the order in which they were added.
    pub fn give(self, builder: &mut WasiBuilder) {
        let writable = builder.file_system(Box::new(self.writable));
        let read_only = builder.file_system(Box::new(ReadOnly(self.read_only)));
        for (grant, node, protected) in self.grants {
            let fs = if protected { read_only } else { writable };
            builder.dir(grant, Place { fs, node });
        }
    }
}

/// Returns whether one directory is inside of another, or the same, both on the host and in the guest.
fn lies_within(inner: &Grant, outer: &Grant) -> bool {
    let way = |inner, outer| {
        let (inner, outer) = (components(inner), components(outer));
        Some(inner.strip_prefix(outer.as_slice())?.join("/"))
    };
    let (Some(inner_host), Some(outer_host)) = (&inner.host, &outer.host) else {
        return false;
    };
    let on_host = way(inner_host, outer_host);
    on_host.is_some() && on_host == way(&inner.guest, &outer.guest)
}

/// Returns the identity of an open file, for [`WasiBuilder::in_use`].
///
/// # Errors
/// Fails if the system does not provide it.
pub fn file_id(file: &std::fs::File) -> Result<FileId, Errno> {
    system::stat(file)?.id().ok_or(Errno::NotSup)
}

/// The guest's form of an absolute path of the host without links: see [`guest_path`].
pub fn real_path(path: &Path) -> std::io::Result<String> {
    guest_path(&path.canonicalize()?).ok_or_else(|| {
        std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "the path is not UTF-8, as WASI requires",
        )
    })
}

/// The guest's form of an absolute path of the host: the same path, but on Windows `/C:/Users` for `C:\Users` and
/// `/UNC/server/share` for `\\server\share`. Returns `None` if it is not UTF-8.
pub fn guest_path(path: &Path) -> Option<String> {
    system::guest_path(path)
}
