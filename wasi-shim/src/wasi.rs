//! `Wasi`: everything that belongs to one guest, from its arguments to its open descriptors.
//!
//! The 46 calls are methods of this type; they stand by family in `calls`. Here is what they share: the state, and the few
//! steps that most of them begin or end with.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::calls::Exit;
use crate::errno::Errno;
use crate::fd::{Descriptor, Descriptors, Object};
use crate::host::{Clock, Poller, Random};
use crate::mounts::{FsId, Mounts, Place};
use crate::path::{self, Last, Target};
use crate::preopen;
use crate::trace::Tracer;
use crate::types::Rights;

/// How many paths outside of every granted directory are remembered.
const MAX_OUTSIDE: usize = 16;

/// The state of one guest.
pub struct Wasi {
    /// The arguments, each without its NUL byte.
    pub(crate) args: Vec<String>,
    /// The environment, as `NAME=value` without the NUL byte.
    pub(crate) env: Vec<String>,
    pub(crate) mounts: Mounts,
    pub(crate) fds: Descriptors,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) random: Box<dyn Random>,
    pub(crate) poller: Box<dyn Poller>,
    /// The invented directories, if there are any.
    pub(crate) namespace: Option<FsId>,
    /// Those of them that the guest has open from the start, with their absolute paths.
    pub(crate) invented: Vec<(Place, String)>,
    /// Paths that the guest looked for there.
    pub(crate) outside: Vec<String>,
    /// A standard stream whose reader has gone ends the guest.
    pub(crate) broken_pipe_ends: bool,
    /// A call has ended the guest, though it returned an error.
    pub(crate) ended: Option<Exit>,
    /// Tells about every call, if they were bound with tracing.
    pub(crate) tracer: Option<Tracer>,
}

impl Wasi {
    /// The paths that the guest tried to reach outside of everything that it was given, as it named them, from the root of what it sees.
    /// The first sixteen different ones, oldest first.
    pub fn outside(&self) -> &[String] {
        &self.outside
    }

    /// The arguments that the guest receives, its own name first.
    pub fn args(&self) -> &[String] {
        &self.args
    }

    /// The environment that the guest receives, as `NAME=value`.
    pub fn env(&self) -> &[String] {
        &self.env
    }

    /// The directory that a path call starts from, if the descriptor has the right for that call.
    pub(crate) fn directory(&self, fd: u32, right: Rights) -> Result<Place, Errno> {
        let descriptor = self.fds.get(fd)?;
        descriptor.need(right)?;
        match descriptor.object {
            Object::Directory { place } => Ok(place),
            _ => Err(Errno::NotDir),
        }
    }

    /// Walks a path, and remembers it if it leads out of everything that was granted.
    pub(crate) fn walk(&mut self, dir: Place, path: &str, last: Last) -> Result<Target, Errno> {
        let target = path::walk(&mut self.mounts, dir, path, last);
        if self.namespace == Some(dir.fs) {
            let ends = match &target {
                Ok(Target::Name {
                    dir, found: None, ..
                }) => last != Last::Leave && Some(dir.fs) == self.namespace,
                Ok(_) => false,
                Err(errno) => *errno == Errno::NoEnt,
            };
            if ends {
                self.remember_outside(dir, path);
            }
        }
        target
    }

    pub(crate) fn remember_outside(&mut self, dir: Place, path: &str) {
        let above = self
            .invented
            .iter()
            .find(|(place, _)| *place == dir)
            .map_or("", |(_, above)| above);
        let path = preopen::clean(&alloc::format!("{above}/{path}"));
        if self.outside.len() < MAX_OUTSIDE && !self.outside.contains(&path) {
            self.outside.push(path);
        }
    }

    /// Walks a path, does something with where it leads, and gives the references back.
    pub(crate) fn with_target<R>(
        &mut self,
        dir: Place,
        path: &str,
        last: Last,
        act: impl FnOnce(&mut Wasi, &Target) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        let target = self.walk(dir, path, last)?;
        let result = act(self, &target);
        target.release(&mut self.mounts);
        result
    }

    /// Closes what a descriptor stood for.
    pub(crate) fn close(&mut self, descriptor: Descriptor) {
        match descriptor.object {
            Object::File { place, .. } | Object::Directory { place } => self.close_place(place),
            Object::Stream { stream, place } => {
                // The stream goes first: it may use what the place keeps open.
                drop(stream);
                if let Some(place) = place {
                    self.close_place(place);
                }
            }
            Object::Listener(listener) => drop(listener),
        }
    }

    fn close_place(&mut self, place: Place) {
        self.mounts.fs(place.fs).close(place.node);
        self.mounts.forget(place);
    }

    /// Numbers a new descriptor; if there is no number left it is closed again. Errors: `EMFILE`.
    pub(crate) fn install(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        self.fds.insert(descriptor).map_err(|descriptor| {
            self.close(*descriptor);
            Errno::MFile
        })
    }
}

/// What is still open when the guest ends is closed, so that data reach the medium.
impl Drop for Wasi {
    fn drop(&mut self) {
        for descriptor in self.fds.drain() {
            self.close(descriptor);
        }
    }
}
