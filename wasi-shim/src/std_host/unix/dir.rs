//! `Dir`: a directory of a Unix system, and operations on its names.
//!
//! Every operation uses a single name relative to the open directory, and never follows a link. Opening uses `openat2` with
//! `RESOLVE_BENEATH` and `RESOLVE_NO_SYMLINKS` if it exists, and otherwise `O_NOFOLLOW`. All other calls act on the name
//! itself.

use std::os::fd::OwnedFd;
use std::path::Path;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rustix::fs::{self as os, AtFlags, Mode, OFlags};
use rustix::io::{Errno as OsErrno, retry_on_intr};

use super::super::nodes::Found;
use super::errno::from_os;
use super::file::File;
use super::status::{kind_of, stat_of, timespec};
use super::stream::FdStream;
use crate::errno::Errno;
use crate::fs::{Access, SetTime};
use crate::stream::Stream;
use crate::types::{FileType, Stat};

/// The flag for directories that are only passed: the system opens them as a place, if it can.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PLACE: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PLACE: OFlags = OFlags::RDONLY;

/// An open directory.
pub(crate) struct Dir(OwnedFd);

impl Dir {
    /// Opens a directory by a path of the host. Links in it are followed.
    pub(crate) fn open(path: &Path) -> std::io::Result<Dir> {
        let flags = PLACE | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Dir(os::open(path, flags, Mode::empty())?))
    }

    /// Opens a directory in this one.
    pub(crate) fn open_dir(&self, name: &str) -> Result<Dir, Errno> {
        self.open_in(name, PLACE | OFlags::DIRECTORY, Mode::empty())
            .map(Dir)
    }

    /// Walks down several directories with one call of `openat2` instead of two calls for each name. The system performs
    /// the checks of the walk: no name leads up or out, and none is a link. Without `openat2`, the walk proceeds name by
    /// name.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(crate) fn descend(&self, names: &[&str]) -> Option<Dir> {
        use os::ResolveFlags as Resolve;
        let flags = PLACE | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let confined = Resolve::BENEATH | Resolve::NO_SYMLINKS;
        let opened =
            retry_on_intr(|| os::openat2(&self.0, names.join("/"), flags, Mode::empty(), confined));
        opened.ok().map(Dir)
    }

    /// This system has no such call.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(crate) fn descend(&self, _names: &[&str]) -> Option<Dir> {
        None
    }

    /// Opens a regular file.
    pub(crate) fn open_file(&self, name: &str, access: Access) -> Result<File, Errno> {
        self.open_in(name, flags_of(access), Mode::empty())
            .map(File::new)
    }

    /// Opens a pipe, a device or a terminal. With `nonblock`, the open does not wait for the other end of a pipe.
    pub(crate) fn open_stream(
        &self,
        name: &str,
        access: Access,
        nonblock: bool,
    ) -> Result<Box<dyn Stream>, Errno> {
        let mut flags = flags_of(access);
        flags.set(OFlags::NONBLOCK, nonblock);
        let fd = self.open_in(name, flags, Mode::empty())?;
        if nonblock {
            // Only the open must not wait. The shim checks before it reads.
            os::fcntl_setfl(&fd, OFlags::empty()).map_err(from_os)?;
        }
        Ok(Box::new(FdStream::new(fd)))
    }

    /// Creates a file that does not exist yet, open for reading and writing.
    pub(crate) fn create_file(&self, name: &str) -> Result<File, Errno> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        self.open_in(name, flags, Mode::from_raw_mode(0o666))
            .map(File::new)
    }

    /// Creates a directory.
    pub(crate) fn create_dir(&self, name: &str) -> Result<(), Errno> {
        os::mkdirat(&self.0, name, Mode::from_raw_mode(0o777)).map_err(from_os)
    }

    /// Removes a name, except that of a directory.
    pub(crate) fn unlink(&self, name: &str) -> Result<(), Errno> {
        match os::unlinkat(&self.0, name, AtFlags::empty()) {
            // POSIX allows this error for a directory, and macOS returns it.
            Err(OsErrno::PERM) if self.stat_name(name)?.kind == FileType::Directory => {
                Err(Errno::IsDir)
            }
            result => result.map_err(from_os),
        }
    }

    /// Removes an empty directory.
    pub(crate) fn remove_dir(&self, name: &str) -> Result<(), Errno> {
        match os::unlinkat(&self.0, name, AtFlags::REMOVEDIR) {
            Err(OsErrno::EXIST) => Err(Errno::NotEmpty),
            result => result.map_err(from_os),
        }
    }

    /// Renames, and replaces an existing target.
    pub(crate) fn rename(&self, name: &str, to: &Dir, to_name: &str) -> Result<(), Errno> {
        match os::renameat(&self.0, name, &to.0, to_name) {
            Err(OsErrno::EXIST) => Err(Errno::NotEmpty),
            result => result.map_err(from_os),
        }
    }

    /// Gives a file a second name.
    pub(crate) fn link(&self, name: &str, to: &Dir, to_name: &str) -> Result<(), Errno> {
        os::linkat(&self.0, name, &to.0, to_name, AtFlags::empty()).map_err(from_os)
    }

    /// Creates a symbolic link.
    pub(crate) fn symlink(&self, target: &str, name: &str) -> Result<(), Errno> {
        os::symlinkat(target, &self.0, name).map_err(from_os)
    }

    /// The target of a symbolic link.
    pub(crate) fn read_link(&self, name: &str) -> Result<String, Errno> {
        let target = os::readlinkat(&self.0, name, Vec::new()).map_err(from_os)?;
        target.into_string().map_err(|_| Errno::IlSeq)
    }

    /// All entries of the directory, except the dot entries and names that are not UTF-8.
    pub(crate) fn entries(&self) -> Result<Vec<Found>, Errno> {
        let mut entries = Vec::new();
        for entry in os::Dir::new(self.readable()?).map_err(from_os)? {
            let entry = entry.map_err(from_os)?;
            let Ok(name) = entry.file_name().to_str() else {
                continue;
            };
            if name == "." || name == ".." {
                continue;
            }
            let kind = match entry.file_type() {
                // Some file systems store the kind in the file only.
                os::FileType::Unknown => self
                    .stat_name(name)
                    .map_or(FileType::Unknown, |stat| stat.kind),
                kind => kind_of(kind),
            };
            entries.push(Found {
                name: name.to_string(),
                ino: entry.ino(),
                kind,
            });
        }
        Ok(entries)
    }

    /// The status of the directory.
    pub(crate) fn stat(&self) -> Result<Stat, Errno> {
        os::fstat(&self.0)
            .map(|stat| stat_of(&stat))
            .map_err(from_os)
    }

    /// The status of a name. A link is not followed.
    pub(crate) fn stat_name(&self, name: &str) -> Result<Stat, Errno> {
        os::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)
            .map(|stat| stat_of(&stat))
            .map_err(from_os)
    }

    /// Sets the directory's own times.
    pub(crate) fn set_times(&self, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        os::utimensat(&self.0, ".", &timespec(atim, mtim), AtFlags::empty()).map_err(from_os)
    }

    /// Sets the times of a name. A link is not followed.
    pub(crate) fn set_times_of(
        &self,
        name: &str,
        atim: SetTime,
        mtim: SetTime,
    ) -> Result<(), Errno> {
        let times = timespec(atim, mtim);
        os::utimensat(&self.0, name, &times, AtFlags::SYMLINK_NOFOLLOW).map_err(from_os)
    }

    /// Returns when the names are on the medium.
    pub(crate) fn sync(&self) -> Result<(), Errno> {
        os::fsync(self.readable()?).map_err(from_os)
    }

    /// Opens a name. Never follows a link.
    fn open_in(&self, name: &str, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            use os::ResolveFlags as Resolve;
            let confined = Resolve::BENEATH | Resolve::NO_SYMLINKS;
            match retry_on_intr(|| os::openat2(&self.0, name, flags, mode, confined)) {
                // An old kernel, or a container that supports only the old call.
                Err(OsErrno::NOSYS | OsErrno::PERM) => {}
                result => return result.map_err(from_os),
            }
        }
        retry_on_intr(|| os::openat(&self.0, name, flags, mode)).map_err(from_os)
    }

    /// The directory, which may be open as a place only, opened for reading.
    fn readable(&self) -> Result<OwnedFd, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        os::openat(&self.0, ".", flags, Mode::empty()).map_err(from_os)
    }
}

/// The flags for opening an existing file.
fn flags_of(access: Access) -> OFlags {
    let direction = match (access.read, access.write) {
        (_, false) => OFlags::RDONLY,
        (false, true) => OFlags::WRONLY,
        (true, true) => OFlags::RDWR,
    };
    direction | OFlags::NOCTTY
}
