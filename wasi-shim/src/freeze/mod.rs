//! The state of a guest as bytes: [`Wasi::freeze`] and [`Wasi::thaw`].
//!
//! The bytes are a `State` (`state.rs`) in the encoding of `postcard`. They contain what the guest sees, and nothing of the host: descriptors by
//! the paths of the guest, with offsets and flags; arguments and environment; the contents of RAM disks; how far the monotonic clock was.
//!
//! A guest thaws in a world that was built for it anew, from the same grants. A descriptor with which it began is taken from that world
//! by its number (a directory by its name, if it has another number there), and one that it has opened is opened again by its path.

mod state;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::errno::Errno;
use crate::fd::{Descriptor, Object, Origin};
use crate::fs::Access;
use crate::outside::Start;
use crate::path::Last;
use crate::stream::{Readiness, Stream};
use crate::types::{ClockId, FdFlags, FileType, Rights, Stat, Whence};
use crate::wasi::Wasi;
use state::{Made, Open, State};

/// Why a guest was not thawed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ThawError {
    /// The bytes are no state of a guest.
    Damaged,
    /// The world lacks something that the guest had. The text names it.
    World(String),
}

impl fmt::Display for ThawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("the state is damaged: the part of WASI cannot be read"),
            Self::World(what) => f.write_str(what),
        }
    }
}

impl core::error::Error for ThawError {}

impl Wasi {
    /// Returns the state of the guest. Nothing is changed.
    ///
    /// # Errors
    /// Names what cannot be kept: a descriptor of a file that has no name any more, or another one than that by which it was opened.
    pub fn freeze(&mut self) -> Result<Vec<u8>, String> {
        let state = State {
            args: self.args.clone(),
            env: self.env.clone(),
            monotonic: self.monotonic().ok(),
            given_up: self.given_up,
            gone: self.fds.gone().to_vec(),
            descriptors: self.opened()?,
            systems: (self.mounts.systems().iter_mut())
                .map(|fs| fs.contents())
                .collect(),
        };
        postcard::to_allocvec(&state)
            .map_err(|_| String::from("the state does not fit into memory"))
    }

    /// All descriptors.
    fn opened(&mut self) -> Result<Vec<Open>, String> {
        let numbers: Vec<u32> = self.fds.all().map(|(fd, _)| fd).collect();
        numbers.into_iter().map(|fd| self.describe(fd)).collect()
    }

    fn describe(&mut self, fd: u32) -> Result<Open, String> {
        let closed = |errno: Errno| format!("descriptor {fd}: {errno}");
        let descriptor = self.fds.get_mut(fd).map_err(closed)?;
        let (rights, flags) = (descriptor.rights, descriptor.flags);
        let inheriting = descriptor.inheriting;
        let origin = descriptor.origin.clone();
        let (place, offset) = match &mut descriptor.object {
            Object::File { place, offset, .. } => (Some(*place), Some(*offset)),
            Object::Directory { place } => (Some(*place), None),
            // Only a redirected file has an offset.
            Object::Stream { stream, place } => (*place, stream.seek(0, Whence::Cur).ok()),
            Object::Listener(_) => (None, None),
        };
        let is_socket = descriptor.object.kind() == FileType::SocketStream;
        let preopen = descriptor.preopen.clone();
        let made = match origin {
            Origin::Initial(number) => Made::Initial(number, preopen),
            Origin::Path { from, path } => {
                let stat = place.map(|place| self.mounts.stat(place));
                let now = self.stat_again(from, &path);
                match (stat, now) {
                    (Some(Ok(stat)), Some(Ok(now))) if is_same(&stat, &now) => {
                        Made::Path(from, path)
                    }
                    _ => {
                        let path = path.escape_debug();
                        return Err(format!(
                            "descriptor {fd} is open on `{path}`, which was removed, replaced or renamed since"
                        ));
                    }
                }
            }
            Origin::Lost if is_socket => Made::Connection,
            Origin::Lost => {
                return Err(format!("descriptor {fd} is open on a file without a name"));
            }
        };
        Ok(Open {
            fd,
            made,
            offset,
            flags: flags.0,
            rights: rights.0,
            inheriting: inheriting.0,
        })
    }

    /// The descriptor with which the guest began under the number `from`, as the start of a path.
    fn start_from(&mut self, from: u32) -> Option<Start> {
        let mut all = self.fds.all();
        all.find_map(|(fd, descriptor)| match descriptor.object {
            Object::Directory { place } if descriptor.origin == Origin::Initial(from) => {
                let is_dot = descriptor.preopen.as_deref() == Some(".");
                Some(Start { fd, place, is_dot })
            }
            _ => None,
        })
    }

    /// The status of what a path leads to now. `None` if the directory was closed.
    fn stat_again(&mut self, from: u32, path: &str) -> Option<Result<Stat, Errno>> {
        let start = self.start_from(from)?;
        Some(self.with_target(start, path, Last::Follow, |wasi, target| {
            wasi.mounts.stat(target.existing()?.place)
        }))
    }

    /// Gives a guest that was built anew, and has not run, the state that [`freeze`](Self::freeze) has returned. Returns a line for each
    /// file that is gone: its descriptor stays open, but every call on it fails with `EBADF`.
    ///
    /// Connections are closed: the guest sees that the other side has reset them.
    ///
    /// # Errors
    /// [`ThawError`]. The guest must not run then.
    pub fn thaw(&mut self, state: &[u8]) -> Result<Vec<String>, ThawError> {
        let mut state: State = postcard::from_bytes(state).map_err(|_| ThawError::Damaged)?;
        if state
            .args
            .iter()
            .chain(&state.env)
            .any(|text| text.contains(&0))
        {
            return Err(ThawError::Damaged);
        }
        self.renumber(&mut state.descriptors);
        self.restore_systems(&state.systems)?;
        let mut told = Vec::new();
        let mut made = Vec::new();
        for open in &state.descriptors {
            if let Made::Path(from, path) = &open.made {
                let again = self.open_path(open, *from, path);
                if let Err(errno) = &again {
                    let path = path.escape_debug();
                    told.push(format!(
                        "descriptor {}: `{path}` cannot be opened again: {errno}",
                        open.fd
                    ));
                }
                made.push((open.fd, again.ok()));
            }
        }
        let mut initial = self.fds.drain();
        for open in &state.descriptors {
            let descriptor = match &open.made {
                Made::Path(..) => continue,
                Made::Initial(number, name) => take(&mut initial, *number, name.as_deref())?,
                Made::Connection => Descriptor::new(
                    Object::Stream {
                        stream: Box::new(Reset),
                        place: None,
                    },
                    (true, true),
                    FdFlags::default(),
                ),
            };
            made.push((open.fd, Some(descriptor)));
        }
        for descriptor in initial {
            self.close(descriptor);
        }
        made.extend(state.gone.iter().map(|fd| (*fd, None)));
        self.install_all(made, &state.descriptors)?;
        self.args = state.args;
        self.env = state.env;
        self.given_up = state.given_up;
        if let (Some(then), Ok(now)) = (state.monotonic, self.clock.now(ClockId::Monotonic)) {
            self.monotonic_shift = then.wrapping_sub(now);
        }
        Ok(told)
    }

    /// Gives the directories with which the guest began the numbers that directories of the same names have in this world.
    fn renumber(&mut self, opens: &mut [Open]) {
        let all = self.fds.all();
        let here: Vec<(u32, String)> = all
            .filter_map(|(fd, descriptor)| Some((fd, descriptor.preopen.clone()?)))
            .collect();
        let mut numbers: Vec<(u32, u32)> = Vec::new();
        for open in &*opens {
            let Made::Initial(number, Some(name)) = &open.made else {
                continue;
            };
            let named = || here.iter().filter(|(_, other)| other == name);
            let same = named().find(|(fd, _)| fd == number);
            if let Some((fd, _)) = same.or_else(|| named().next()) {
                numbers.push((*number, *fd));
            }
        }
        for open in opens {
            if let Made::Initial(number, Some(_)) | Made::Path(number, _) = &mut open.made
                && let Some((_, fd)) = numbers.iter().find(|(old, _)| old == number)
            {
                *number = *fd;
            }
        }
    }

    fn restore_systems(&mut self, contents: &[Option<Vec<u8>>]) -> Result<(), ThawError> {
        let systems = self.mounts.systems();
        // Without contents, it does not matter which systems the directories of the program are in.
        if systems.len() != contents.len() && contents.iter().any(Option::is_some) {
            return Err(ThawError::World(format!(
                "the program had {} file systems, and here are {}: grant the same directories",
                contents.len(),
                systems.len()
            )));
        }
        for (fs, contents) in systems.iter_mut().zip(contents) {
            let Some(contents) = contents else { continue };
            fs.set_contents(contents).map_err(|errno| {
                ThawError::World(format!(
                    "the contents of a RAM disk cannot be restored: {errno}"
                ))
            })?;
        }
        Ok(())
    }

    fn open_path(&mut self, open: &Open, from: u32, path: &str) -> Result<Descriptor, Errno> {
        let start = self.start_from(from).ok_or(Errno::BadF)?;
        let rights = Rights(open.rights);
        let access = Access {
            read: rights.contains(Rights::FD_READ),
            // A directory has none of them.
            write: rights.contains(Rights::FD_WRITE),
        };
        let mut descriptor = self.open_again(start, path, access, FdFlags(open.flags))?;
        descriptor.origin = Origin::Path {
            from,
            path: path.into(),
        };
        Ok(descriptor)
    }

    /// Gives all descriptors their numbers, offsets and rights.
    fn install_all(
        &mut self,
        made: Vec<(u32, Option<Descriptor>)>,
        opens: &[Open],
    ) -> Result<(), ThawError> {
        let mut made = made.into_iter();
        while let Some((fd, mut descriptor)) = made.next() {
            let open = opens.iter().find(|open| open.fd == fd);
            if let (Some(open), Some(descriptor)) = (open, &mut descriptor) {
                set_up(descriptor, open);
            }
            // A state that anybody wrote can name a number twice.
            let is_taken = self.fds.get(fd).is_ok() || self.fds.gone().contains(&fd);
            let placed = match is_taken {
                true => Err(descriptor),
                false => self.fds.place(fd, descriptor),
            };
            if let Err(rest) = placed {
                let rest = rest.into_iter().chain(made.filter_map(|(_, rest)| rest));
                rest.for_each(|descriptor| self.close(descriptor));
                let what = format!("descriptor {fd} is beyond the limit of open descriptors");
                return Err(match is_taken {
                    true => ThawError::Damaged,
                    false => ThawError::World(what),
                });
            }
        }
        Ok(())
    }
}

/// Sets the offset and the flags of a descriptor. A guest can only have given rights away.
fn set_up(descriptor: &mut Descriptor, open: &Open) {
    descriptor.flags = FdFlags(open.flags).and(FdFlags::ALL);
    descriptor.rights = descriptor.rights.and(Rights(open.rights));
    descriptor.inheriting = descriptor.inheriting.and(Rights(open.inheriting));
    let Some(saved) = open.offset else { return };
    match &mut descriptor.object {
        Object::File { offset, .. } => *offset = saved,
        // Input goes on where it was read. What is written to goes on where it is.
        Object::Stream { stream, .. } if descriptor.rights.contains(Rights::FD_READ) => {
            let _ = stream.seek(saved.cast_signed(), Whence::Set);
        }
        _ => {}
    }
}

/// Takes the descriptor with which the guest began under this number.
fn take(
    initial: &mut Vec<Descriptor>,
    number: u32,
    name: Option<&str>,
) -> Result<Descriptor, ThawError> {
    let same = |descriptor: &Descriptor| {
        descriptor.origin == Origin::Initial(number) && descriptor.preopen.as_deref() == name
    };
    match initial.iter().position(same) {
        Some(at) => Ok(initial.swap_remove(at)),
        None => Err(ThawError::World(match name {
            Some(name) => format!(
                "the program had the directory {} as descriptor {number}: grant the same directories",
                name.escape_debug()
            ),
            None => format!(
                "the program had a socket or stream as descriptor {number}: open the same ones"
            ),
        })),
    }
}

/// Returns whether both are of one file.
fn is_same(stat: &Stat, other: &Stat) -> bool {
    (stat.dev, stat.ino) == (other.dev, other.ino)
}

/// A connection that did not outlive its process.
struct Reset;

impl Stream for Reset {
    fn kind(&self) -> FileType {
        FileType::SocketStream
    }

    fn read(&mut self, _buf: &mut [u8]) -> Result<usize, Errno> {
        Err(Errno::ConnReset)
    }

    fn write(&mut self, _data: &[u8], _nonblock: bool) -> Result<usize, Errno> {
        Err(Errno::ConnReset)
    }

    fn ready(&mut self) -> Result<Readiness, Errno> {
        Ok(Readiness {
            readable: true,
            writable: true,
            hangup: true,
            ..Readiness::default()
        })
    }

    fn peek(&mut self, _buf: &mut [u8]) -> Result<usize, Errno> {
        Err(Errno::ConnReset)
    }
}
