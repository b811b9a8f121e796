//! `Wasi`: the state of one guest, from its arguments to its open descriptors.
//!
//! The 46 calls are methods of this type, by family in `calls`. This file contains the parts that they share: the state,
//! and the first and last steps of most calls.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};

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
use crate::types::{ClockId, FileId, Rights, Stat};

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
    /// The paths that the guest looked for outside of its grants.
    pub(crate) outside: Outside,
    /// The root from which the devices are found as `dev/null` and so on, if the guest has them.
    pub(crate) devices: Option<Place>,
    /// Files that the guest may not open for writing, because the host has mapped them.
    pub(crate) in_use: Vec<FileId>,
    /// Whether a standard stream without a reader ends the guest.
    pub(crate) broken_pipe_ends: bool,
    /// Set if a call has ended the guest, although it returned an error.
    pub(crate) ended: Option<Exit>,
    /// What is added to the monotonic clock of the host, so that the guest's goes on where it was frozen.
    pub(crate) monotonic_shift: u64,
    /// When the wait began that was given up last, on the guest's monotonic clock. The call is made again.
    pub(crate) given_up: Option<u64>,
    /// Whether the guest is being suspended: a wait that ends for it is given up.
    pub(crate) suspending: Arc<AtomicBool>,
    /// Writes the log of the guest, if the calls were bound with a recorder.
    #[cfg(feature = "replay")]
    pub(crate) recorder: Option<crate::replay::Recorder>,
    /// Writes a line for every call, if the calls were bound with tracing.
    pub(crate) tracer: Option<Tracer>,
}

/// The error of a host function whose wait was given up because the guest is being suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a wait was given up, because the program is being suspended")
    }
}

impl core::error::Error for GivenUp {}

impl Wasi {
    /// The paths outside of all grants that the guest looked for, as absolute paths of the guest. The first sixteen
    /// different ones, oldest first.
    pub fn outside(&self) -> &[String] {
        self.outside.certain()
    }

    /// The paths that were not found in the directory named `.` and may have been meant as absolute, because wasi-libc does
    /// not distinguish the two. Also the first sixteen, each with a `/` at the front.
    pub fn perhaps_outside(&self) -> &[String] {
        self.outside.perhaps()
    }

    /// The guest's arguments, its own name first.
    pub fn args(&self) -> &[Vec<u8>] {
        &self.args
    }

    /// The guest's environment, as `NAME=value`.
    pub fn env(&self) -> &[Vec<u8>] {
        &self.env
    }

    /// Returns the end of the guest, if the last call has ended it although it returned an error: see
    /// [`end_on_broken_pipe`](crate::WasiBuilder::end_on_broken_pipe). Callers that do not use `bind` check this after each
    /// error.
    pub fn take_end(&mut self) -> Option<Exit> {
        self.ended.take()
    }

    /// Returns a switch by which another thread says that the guest is being suspended. While it is on, a call that fails with `EINTR` because
    /// its wait was ended does not return to the guest: its host function fails with [`GivenUp`], and is called again when the guest
    /// goes on ([`ResumableHostTrap::into_suspended`](interp::ResumableHostTrap::into_suspended)).
    #[must_use]
    pub fn suspender(&self) -> Arc<AtomicBool> {
        self.suspending.clone()
    }

    /// Whether the guest is being suspended.
    pub(crate) fn is_suspending(&self) -> bool {
        self.suspending.load(Ordering::SeqCst)
    }

    /// Returns the time of the guest's monotonic clock, in nanoseconds.
    ///
    /// # Errors
    /// Those of the host's clock.
    pub fn monotonic(&mut self) -> Result<u64, Errno> {
        let now = self.clock.now(ClockId::Monotonic)?;
        Ok(now.wrapping_add(self.monotonic_shift))
    }

    /// The start of a call's path, if the descriptor has the right for that call.
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

    /// Redirects a path that may be one of a device. wasi-libc looks for `/dev/null` in the directory named `.`. If that
    /// has no entry `dev`, the path is looked up from the root. With `alone` this also applies to `/dev` itself, so that a
    /// call that would create it fails.
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

    /// Walks a path, calls the operation with the target, and returns the references. A path that was not found because it
    /// is outside of all grants is recorded.
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
        // The place where the last absolute link led.
        let mut led = None;
        let mut absolute = |path: &str| {
            let way = absolute::resolve(fds, start, path);
            led.clone_from(&way);
            way
        };
        let walked = path::walk_with(&mut self.mounts, start.place, path, last, &mut absolute);
        let result = walked.and_then(|target| {
            let result = act(self, &target);
            target.release(&mut self.mounts);
            result
        });
        if let Err(Errno::NoEnt) = result {
            let (start, path) = match &led {
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

    /// Returns whether the first name of a path exists.
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

    /// Fails with `ETXTBSY` for a file that the host has mapped.
    pub(crate) fn check_in_use(&self, stat: &Stat) -> Result<(), Errno> {
        let in_use = stat.id().is_some_and(|id| self.in_use.contains(&id));
        if in_use { Err(Errno::TxtBsy) } else { Ok(()) }
    }

    /// Closes the object of a descriptor.
    pub(crate) fn close(&mut self, descriptor: Descriptor) {
        match descriptor.object {
            Object::File { place, .. } | Object::Directory { place } => self.close_place(place),
            Object::Stream { stream, place } => {
                // The stream is dropped first, because it may use the open node of the place.
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

    /// Assigns a number to a new descriptor. If no number is free, closes it. Errors: `EMFILE`.
    pub(crate) fn install(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        self.fds.insert(descriptor).map_err(|descriptor| {
            self.close(*descriptor);
            Errno::MFile
        })
    }
}

/// At the end of the guest, all open objects are closed, so that data reach the medium.
impl Drop for Wasi {
    fn drop(&mut self) {
        for descriptor in self.fds.drain() {
            self.close(descriptor);
        }
    }
}
