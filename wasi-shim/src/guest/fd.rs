//! Descriptors: the open objects of a guest, and the table that numbers them.
//!
//! Preview 1 cannot duplicate a descriptor, so a descriptor and its open-file description are one record: the object, the
//! offset, the access mode, the flags and the rights. The table assigns the lowest free number, as in POSIX, up to a limit.
//!
//! # Rights
//! The rights of a descriptor follow from the kind of its object and, for reading and writing, from its access mode. The
//! shim reports exactly these: wasi-libc derives the access mode and `isatty` from them. `path_open` masks requested rights
//! that do not apply, and never refuses them. Only `fd_fdstat_set_rights` reduces rights. An operation without its right
//! fails with `ENOTCAPABLE`, except that reading and writing fail with `EBADF` and setting the size with `EINVAL`, as with
//! a wrong access mode.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::mounts::Place;
use crate::stream::{Listener, Stream};
use crate::types::{FdFlags, FileType, Rights};

/// An open object.
pub enum Object {
    /// A regular file, or a device whose file system itself reads and writes it.
    File {
        /// Its place.
        place: Place,
        /// Its kind.
        kind: FileType,
        /// The position of the next `fd_read` or `fd_write`.
        offset: u64,
    },
    /// A directory.
    Directory {
        /// Its place.
        place: Place,
    },
    /// A stream: stdio, a connection, or a pipe or device with a name.
    Stream {
        /// The stream.
        stream: Box<dyn Stream>,
        /// The place of its name, if it has one.
        place: Option<Place>,
    },
    /// A socket that waits for connections.
    Listener(Box<dyn Listener>),
}

impl Object {
    /// The kind that is reported to the guest.
    pub fn kind(&self) -> FileType {
        match self {
            Object::File { kind, .. } => *kind,
            Object::Directory { .. } => FileType::Directory,
            Object::Stream { stream, .. } => stream.kind(),
            Object::Listener(_) => FileType::SocketStream,
        }
    }
}

/// An open descriptor.
pub struct Descriptor {
    /// The object.
    pub object: Object,
    /// Its flags.
    pub flags: FdFlags,
    /// Its rights.
    pub rights: Rights,
    /// The rights of descriptors that are opened through it.
    pub inheriting: Rights,
    /// Its name, if it is preopened.
    pub preopen: Option<String>,
    /// How it came to be.
    #[cfg(feature = "freeze")]
    pub(crate) origin: Origin,
    /// The standard stream that the guest found here when it started.
    #[cfg(feature = "replay")]
    pub(crate) standard: Option<crate::replay::Standard>,
}

/// How a descriptor came to be, so that it can be made again.
#[cfg(feature = "freeze")]
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Origin {
    /// The guest began with it, under this number.
    Initial(u32),
    /// It was opened by a path from a directory with which the guest began.
    Path {
        /// The number of that directory.
        from: u32,
        path: String,
    },
    /// It cannot be made again.
    #[default]
    Lost,
}

/// All rights of a file that can be read and written.
const FILE_RIGHTS: Rights = Rights(
    Rights::FD_DATASYNC.0
        | Rights::FD_READ.0
        | Rights::FD_SEEK.0
        | Rights::FD_FDSTAT_SET_FLAGS.0
        | Rights::FD_SYNC.0
        | Rights::FD_TELL.0
        | Rights::FD_WRITE.0
        | Rights::FD_ADVISE.0
        | Rights::FD_ALLOCATE.0
        | Rights::FD_FILESTAT_GET.0
        | Rights::FD_FILESTAT_SET_SIZE.0
        | Rights::FD_FILESTAT_SET_TIMES.0
        | Rights::POLL_FD_READWRITE.0,
);

/// All rights of a directory.
const DIRECTORY_RIGHTS: Rights = Rights(
    Rights::FD_DATASYNC.0
        | Rights::FD_FDSTAT_SET_FLAGS.0
        | Rights::FD_SYNC.0
        | Rights::PATH_CREATE_DIRECTORY.0
        | Rights::PATH_CREATE_FILE.0
        | Rights::PATH_LINK_SOURCE.0
        | Rights::PATH_LINK_TARGET.0
        | Rights::PATH_OPEN.0
        | Rights::FD_READDIR.0
        | Rights::PATH_READLINK.0
        | Rights::PATH_RENAME_SOURCE.0
        | Rights::PATH_RENAME_TARGET.0
        | Rights::PATH_FILESTAT_GET.0
        | Rights::PATH_FILESTAT_SET_SIZE.0
        | Rights::PATH_FILESTAT_SET_TIMES.0
        | Rights::FD_FILESTAT_GET.0
        | Rights::FD_FILESTAT_SET_TIMES.0
        | Rights::PATH_SYMLINK.0
        | Rights::PATH_REMOVE_DIRECTORY.0
        | Rights::PATH_UNLINK_FILE.0,
);

/// All rights of a stream. Seeking is missing: C programs recognise a terminal by its kind and the lack of this right.
const STREAM_RIGHTS: Rights = Rights(
    Rights::FD_DATASYNC.0
        | Rights::FD_READ.0
        | Rights::FD_FDSTAT_SET_FLAGS.0
        | Rights::FD_SYNC.0
        | Rights::FD_WRITE.0
        | Rights::FD_FILESTAT_GET.0
        | Rights::FD_FILESTAT_SET_SIZE.0
        | Rights::FD_FILESTAT_SET_TIMES.0
        | Rights::POLL_FD_READWRITE.0,
);

/// All rights of a character device that is no terminal, such as `/dev/null`.
const DEVICE_RIGHTS: Rights = Rights(STREAM_RIGHTS.0 | Rights::FD_SEEK.0 | Rights::FD_TELL.0);

/// All rights of a listening socket.
const LISTENER_RIGHTS: Rights = Rights(
    Rights::FD_FDSTAT_SET_FLAGS.0
        | Rights::FD_FILESTAT_GET.0
        | Rights::POLL_FD_READWRITE.0
        | Rights::SOCK_ACCEPT.0
        | Rights::SOCK_SHUTDOWN.0,
);

/// The rights that need write access.
const WRITE_RIGHTS: Rights =
    Rights(Rights::FD_WRITE.0 | Rights::FD_ALLOCATE.0 | Rights::FD_FILESTAT_SET_SIZE.0);

impl Descriptor {
    /// Creates a descriptor. `access` is whether the object can be read, and whether it can be written.
    pub fn new(object: Object, (read, write): (bool, bool), flags: FdFlags) -> Descriptor {
        let kind = object.kind();
        let mut rights = match &object {
            Object::File { .. } => FILE_RIGHTS,
            Object::Directory { .. } => DIRECTORY_RIGHTS,
            Object::Listener(_) => LISTENER_RIGHTS,
            Object::Stream { stream, .. } => match kind {
                FileType::RegularFile | FileType::BlockDevice => FILE_RIGHTS,
                FileType::SocketStream | FileType::SocketDgram => {
                    STREAM_RIGHTS.or(Rights::SOCK_SHUTDOWN)
                }
                FileType::CharacterDevice if !stream.is_terminal() => DEVICE_RIGHTS,
                // A shell can redirect a directory, whose errors are those of an object with positions.
                FileType::Directory => DEVICE_RIGHTS,
                _ => STREAM_RIGHTS,
            },
        };
        if !read {
            rights = rights.without(Rights::FD_READ);
        }
        if !write {
            rights = rights.without(WRITE_RIGHTS);
        }
        let inheriting = match &object {
            Object::Directory { .. } => FILE_RIGHTS.or(DIRECTORY_RIGHTS),
            Object::Listener(_) => STREAM_RIGHTS.or(Rights::SOCK_SHUTDOWN),
            _ => Rights(0),
        };
        Descriptor {
            object,
            flags,
            rights,
            inheriting,
            preopen: None,
            #[cfg(feature = "freeze")]
            origin: Origin::Lost,
            #[cfg(feature = "replay")]
            standard: None,
        }
    }

    /// Fails unless the descriptor has a right.
    pub fn need(&self, right: Rights) -> Result<(), Errno> {
        if self.rights.contains(right) {
            return Ok(());
        }
        Err(match &self.object {
            // Only `ftruncate` has this error for an object that is not open for writing.
            _ if right == Rights::FD_FILESTAT_SET_SIZE => Errno::Inval,
            Object::Directory { .. } if right == Rights::FD_READ => Errno::IsDir,
            Object::Directory { .. } if DIRECTORY_RIGHTS.contains(right) => Errno::NotCapable,
            Object::Directory { .. } => Errno::BadF,
            _ if DIRECTORY_RIGHTS.without(FILE_RIGHTS).contains(right) => Errno::NotDir,
            _ if right == Rights::FD_READ || WRITE_RIGHTS.contains(right) => Errno::BadF,
            _ => Errno::NotCapable,
        })
    }

    /// Returns whether a read or write fails with `EAGAIN` if it would have to wait.
    pub fn nonblock(&self) -> bool {
        self.flags.contains(FdFlags::NONBLOCK)
    }
}

/// The table of a guest's descriptors.
pub struct Descriptors {
    slots: Vec<Option<Descriptor>>,
    /// Numbers without a descriptor that are not given again: their files were gone when the guest was thawed.
    #[cfg(feature = "freeze")]
    gone: Vec<u32>,
    /// All numbers below this one are in use.
    lowest: usize,
    limit: usize,
}

impl Descriptors {
    /// The default limit of open descriptors.
    pub const DEFAULT_LIMIT: usize = 1 << 16;

    /// Creates an empty table for at most `limit` descriptors.
    pub fn new(limit: usize) -> Descriptors {
        Descriptors {
            slots: Vec::new(),
            #[cfg(feature = "freeze")]
            gone: Vec::new(),
            lowest: 0,
            limit,
        }
    }

    /// Assigns the lowest free number. If the table is full, returns the descriptor, which the caller must close; the error
    /// is then `EMFILE`.
    pub fn insert(&mut self, descriptor: Descriptor) -> Result<u32, Box<Descriptor>> {
        let free = (self.lowest..self.slots.len()).find(|index| self.is_free(*index));
        let index = free.unwrap_or(self.slots.len());
        if index >= self.limit {
            return Err(Box::new(descriptor));
        }
        if index == self.slots.len() {
            self.slots.push(None);
        }
        self.slots[index] = Some(descriptor);
        self.lowest = index + 1;
        // A table of 2^32 descriptors does not fit into memory.
        u32::try_from(index).map_err(|_| Box::new(self.take(index)))
    }

    fn is_free(&self, index: usize) -> bool {
        #[cfg(feature = "freeze")]
        if self.gone.iter().any(|gone| *gone as usize == index) {
            return false;
        }
        self.slots[index].is_none()
    }

    fn take(&mut self, index: usize) -> Descriptor {
        self.lowest = self.lowest.min(index);
        self.slots[index]
            .take()
            .expect("the caller has just seen it")
    }

    /// An open descriptor. Errors: `EBADF`.
    pub fn get(&self, fd: u32) -> Result<&Descriptor, Errno> {
        let slot = usize::try_from(fd)
            .ok()
            .and_then(|index| self.slots.get(index));
        slot.and_then(Option::as_ref).ok_or(Errno::BadF)
    }

    /// An open descriptor, mutable. Errors: `EBADF`.
    pub fn get_mut(&mut self, fd: u32) -> Result<&mut Descriptor, Errno> {
        let slot = usize::try_from(fd)
            .ok()
            .and_then(|index| self.slots.get_mut(index));
        slot.and_then(Option::as_mut).ok_or(Errno::BadF)
    }

    /// Removes a descriptor from the table. The caller closes it. Errors: `EBADF`.
    pub fn remove(&mut self, fd: u32) -> Result<Descriptor, Errno> {
        self.get(fd)?;
        Ok(self.take(fd as usize))
    }

    /// Moves `from` to `to`; both are open. Returns the old descriptor of `to`, or `None` if they are the same. Errors:
    /// `EBADF`.
    pub fn renumber(&mut self, from: u32, to: u32) -> Result<Option<Descriptor>, Errno> {
        self.get(from)?;
        self.get(to)?;
        if from == to {
            return Ok(None);
        }
        let moved = self.take(from as usize);
        Ok(self.slots[to as usize].replace(moved))
    }

    /// The preopened directories that are still open, with their names.
    pub fn preopens(&self) -> impl Iterator<Item = (&str, &Descriptor)> {
        let open = self.slots.iter().flatten();
        open.filter_map(|descriptor| Some((descriptor.preopen.as_deref()?, descriptor)))
    }

    /// The preopened directory with this name.
    pub fn preopen(&self, name: &str) -> Option<&Descriptor> {
        let mut known = self.preopens().filter(|(known, _)| *known == name);
        known.next().map(|(_, descriptor)| descriptor)
    }

    /// All open descriptors with their numbers.
    #[cfg(feature = "freeze")]
    pub(crate) fn all(&mut self) -> impl Iterator<Item = (u32, &mut Descriptor)> {
        let slots = (0..).zip(&mut self.slots);
        slots.filter_map(|(fd, slot)| Some((fd, slot.as_mut()?)))
    }

    /// The numbers whose files were gone when the guest was thawed.
    #[cfg(feature = "freeze")]
    pub(crate) fn gone(&self) -> &[u32] {
        &self.gone
    }

    /// Gives number `fd`, which is free, to a descriptor, or without one to a file that is gone. If the number is beyond the limit, returns the
    /// descriptor, which the caller must close.
    #[cfg(feature = "freeze")]
    pub(crate) fn place(
        &mut self,
        fd: u32,
        descriptor: Option<Descriptor>,
    ) -> Result<(), Option<Descriptor>> {
        let index = fd as usize;
        if index >= self.limit {
            return Err(descriptor);
        }
        if index >= self.slots.len() {
            self.slots.resize_with(index + 1, || None);
        }
        if descriptor.is_none() {
            self.gone.push(fd);
        }
        self.slots[index] = descriptor;
        self.lowest = 0;
        Ok(())
    }

    /// Frees the number of a file that is gone. Returns whether it was one.
    #[cfg(feature = "freeze")]
    pub(crate) fn forget_gone(&mut self, fd: u32) -> bool {
        let found = self.gone.iter().position(|gone| *gone == fd);
        if let Some(at) = found {
            self.gone.swap_remove(at);
            self.lowest = self.lowest.min(fd as usize);
        }
        found.is_some()
    }

    /// Empties the table at the end of a guest.
    pub fn drain(&mut self) -> Vec<Descriptor> {
        self.lowest = 0;
        self.slots.drain(..).flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Null;

    fn stream() -> Descriptor {
        Descriptor::new(
            Object::Stream {
                stream: Box::new(Null),
                place: None,
            },
            (true, false),
            FdFlags::default(),
        )
    }

    fn insert(table: &mut Descriptors) -> Option<u32> {
        table.insert(stream()).ok()
    }

    #[test]
    fn the_lowest_free_number_is_given_up_to_the_limit() {
        let mut table = Descriptors::new(4);
        assert_eq!(
            (0..5).map(|_| insert(&mut table)).collect::<Vec<_>>(),
            [Some(0), Some(1), Some(2), Some(3), None]
        );
        table.remove(2).unwrap();
        table.remove(1).unwrap();
        assert_eq!(table.remove(1).err(), Some(Errno::BadF));
        assert_eq!(
            [insert(&mut table), insert(&mut table), insert(&mut table)],
            [Some(1), Some(2), None]
        );
    }

    #[test]
    fn renumber_replaces_and_frees() {
        let mut table = Descriptors::new(8);
        for _ in 0..4 {
            insert(&mut table);
        }
        table.get_mut(3).unwrap().flags = FdFlags::APPEND;
        assert!(table.renumber(3, 1).unwrap().is_some());
        assert_eq!(table.get(1).unwrap().flags, FdFlags::APPEND);
        assert_eq!(table.get(3).err(), Some(Errno::BadF));
        assert!(table.renumber(1, 1).unwrap().is_none());
        assert_eq!(table.renumber(1, 7).err(), Some(Errno::BadF));
        assert_eq!(table.renumber(1, u32::MAX).err(), Some(Errno::BadF));
        assert_eq!(insert(&mut table), Some(3));
    }

    #[test]
    fn rights_follow_from_kind_and_access() {
        let reader = stream();
        assert_eq!(reader.need(Rights::FD_READ), Ok(()));
        assert_eq!(reader.need(Rights::FD_WRITE), Err(Errno::BadF));
        assert_eq!(reader.need(Rights::FD_FILESTAT_SET_SIZE), Err(Errno::Inval));
        assert!(reader.rights.contains(Rights::FD_SEEK), "no terminal");
        let place = Place {
            fs: crate::mounts::FsId(0),
            node: crate::fs::Node(1),
        };
        let directory = Descriptor::new(
            Object::Directory { place },
            (false, false),
            FdFlags::default(),
        );
        assert_eq!(directory.need(Rights::FD_READ), Err(Errno::IsDir));
        assert_eq!(directory.need(Rights::FD_SEEK), Err(Errno::BadF));
        assert_eq!(reader.need(Rights::PATH_OPEN), Err(Errno::NotDir));
    }
}
