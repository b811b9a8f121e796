//! `Wasi`: everything that belongs to one guest, from its arguments to its open descriptors.
//!
//! The 46 calls are methods of this type; they stand by family in `calls`. Here is what they share: the state, and the few
//! steps that most of them begin or end with.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use crate::absolute;
use crate::calls::Exit;
use crate::devices;
use crate::errno::Errno;
use crate::fd::{Descriptor, Descriptors, Object};
use crate::host::{Clock, Poller, Random};
use crate::mounts::{Mounts, Place};
use crate::outside::{Outside, Start};
use crate::path::{self, Last, Target};
use crate::preopen;
use crate::trace::Tracer;
use crate::types::{FileId, Rights, Stat};

/// The state of one guest.
pub struct Wasi {
    /// The arguments, each without its NUL byte.
    pub(crate) args: Vec<Vec<u8>>,
    /// The environment, as `NAME=value` without the NUL byte.
    pub(crate) env: Vec<Vec<u8>>,
    pub(crate) mounts: Mounts,
    pub(crate) fds: Descriptors,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) random: Box<dyn Random>,
    pub(crate) poller: Box<dyn Poller>,
    /// What the guest looked for outside of what it was given.
    pub(crate) outside: Outside,
    /// The root from which the devices are found as `dev/null` and so on, if the guest has them.
    pub(crate) devices: Option<Place>,
    /// Files that the guest may not open for writing: the host has them mapped.
    pub(crate) in_use: Vec<FileId>,
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
        self.outside.certain()
    }

    /// The paths that were not found in the directory named `.` and may have been meant to be absolute, for wasi-libc does not tell the
    /// two apart. Also the first sixteen, each with a `/` in front.
    pub fn perhaps_outside(&self) -> &[String] {
        self.outside.perhaps()
    }

    /// The arguments that the guest receives, its own name first.
    pub fn args(&self) -> &[Vec<u8>] {
        &self.args
    }

    /// The environment that the guest receives, as `NAME=value`.
    pub fn env(&self) -> &[Vec<u8>] {
        &self.env
    }

    /// The end of the guest, if the last call has ended it although it returned an error: see
    /// [`end_on_broken_pipe`](crate::WasiBuilder::end_on_broken_pipe). Who makes the calls without `bind` asks after each error.
    pub fn take_end(&mut self) -> Option<Exit> {
        self.ended.take()
    }

    /// Where the path of a call starts, if the descriptor has the right for that call.
    pub(crate) fn start(&self, fd: u32, right: Rights) -> Result<Start, Errno> {
        let descriptor = self.fds.get(fd)?;
        descriptor.need(right)?;
        match descriptor.object {
            Object::Directory { place } => Ok(Start {
                fd,
                place,
                is_dot: descriptor.preopen.as_deref() == Some("."),
            }),
            _ => Err(Errno::NotDir),
        }
    }

    /// Where a path starts that may be one of a device: wasi-libc looks for `/dev/null` in the directory named `.`, and if that holds nothing
    /// named `dev`, it is looked up from the root. With `alone` this is so for `/dev` itself, too: a call that could create it says no.
    pub(crate) fn or_devices(&mut self, start: Start, path: &str, alone: bool) -> Start {
        let Some(root) = self
            .devices
            .filter(|_| start.is_dot && devices::leads_here(path, alone))
        else {
            return start;
        };
        if self.begins_with_a_name(start.place, path) {
            return start;
        }
        let (place, is_dot) = (root, false);
        Start {
            place,
            is_dot,
            ..start
        }
    }

    /// Walks a path, does something with where it leads, and gives the references back. What was not found because it lies outside of
    /// everything that was granted is remembered.
    pub(crate) fn with_target<R>(
        &mut self,
        start: Start,
        path: &str,
        last: Last,
        act: impl FnOnce(&mut Wasi, &Target) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        let start = match last {
            Last::Leave => start,
            Last::Follow | Last::NoFollow => self.or_devices(start, path, false),
        };
        let fds = &self.fds;
        // Where the last absolute link led.
        let led = RefCell::new(None);
        let absolute = |path: &str| {
            let way = absolute::resolve(fds, start, path);
            led.borrow_mut().clone_from(&way);
            way
        };
        let walked = path::walk_with(&mut self.mounts, start.place, path, last, &absolute);
        let result = walked.and_then(|target| {
            let result = act(self, &target);
            target.release(&mut self.mounts);
            result
        });
        if let Err(Errno::NoEnt) = result {
            let linked = led.into_inner();
            let (start, path) = match &linked {
                Some((place, rest)) => {
                    let (place, is_dot) = (*place, false);
                    let start = Start {
                        place,
                        is_dot,
                        ..start
                    };
                    (start, rest.as_str())
                }
                None => (start, path),
            };
            if self.outside.cares(start) {
                let alone = start.is_dot && !self.begins_with_a_name(start.place, path);
                self.outside.note(start, path, alone);
            }
        }
        result
    }

    /// Whether the first name of a path is there.
    fn begins_with_a_name(&mut self, dir: Place, path: &str) -> bool {
        let mut names = preopen::components(path).into_iter();
        let found = names.next().map(|name| self.mounts.lookup(dir, name));
        match found {
            Some(Ok(found)) => {
                self.mounts.forget(found.place);
                true
            }
            Some(Err(_)) => false,
            None => true,
        }
    }

    /// Refuses to change a file that the host has mapped. Errors: `ETXTBSY`.
    pub(crate) fn check_in_use(&self, stat: &Stat) -> Result<(), Errno> {
        let in_use = stat.id().is_some_and(|id| self.in_use.contains(&id));
        if in_use { Err(Errno::TxtBsy) } else { Ok(()) }
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
