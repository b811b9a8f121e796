//! `StdFs`: directories of the system, and what is below them, as a file system.
//!
//! The shim's path walk is the sandbox; here the system is made to confine a second time. Everything is done by a single
//! name relative to an open directory, and nothing ever follows a link: opening uses `openat2` with `RESOLVE_BENEATH` and
//! `RESOLVE_NO_SYMLINKS` where there is one, else `O_NOFOLLOW`, and all other calls act on the name itself. A directory that another process moves away, or
//! replaces by a link between two steps, leads nowhere: the first stays what it was opened as, the second is refused.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use rustix::fs::{self as os, AtFlags, Mode, OFlags};
use rustix::io::{Errno as OsErrno, retry_on_intr};

use super::errno::from_os;
use super::nodes::{Listing, Nodes, OpenFile, Slot};
use super::status::{kind_of, stat_name, stat_of, timespec};
use super::stream::FdStream;
use crate::errno::Errno;
use crate::fs::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
use crate::types::{FileType, Stat};

/// How directories are opened on the way: as a mere place, where the system can do that.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PLACE: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PLACE: OFlags = OFlags::RDONLY;

/// Directories of the system, and what is below them.
#[derive(Default)]
pub struct StdFs {
    nodes: Nodes,
}

impl StdFs {
    /// Opens a directory and returns the node for it, with a reference. Links in its own path are followed. Directories of one `StdFs` are
    /// one file system to the guest: files can be renamed from one to the other if the system lets them.
    ///
    /// Errors: there is none, it is something else, or may not be searched.
    pub fn open_dir(&mut self, path: &Path) -> std::io::Result<Node> {
        let flags = PLACE | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let dir = os::open(path, flags, Mode::empty())?;
        let mut slot = Slot::new(None, "", FileType::Directory);
        slot.dir = Some(Rc::new(dir));
        Ok(self.nodes.insert(slot))
    }

    /// An open directory to act in.
    fn dir(&mut self, node: Node) -> Result<Rc<OwnedFd>, Errno> {
        let slot = self.nodes.get(node)?;
        if let Some(dir) = &slot.dir {
            return Ok(dir.clone());
        }
        let (Some(parent), FileType::Directory) = (&slot.parent, slot.kind) else {
            return Err(Errno::NotDir);
        };
        let dir = Rc::new(open_in(
            parent,
            &slot.name,
            PLACE | OFlags::DIRECTORY,
            Mode::empty(),
        )?);
        slot.dir = Some(dir.clone());
        Ok(dir)
    }

    /// An open file.
    fn file(&mut self, node: Node) -> Result<&mut OpenFile, Errno> {
        let slot = self.nodes.get(node)?;
        match (&mut slot.file, slot.kind) {
            (Some(file), _) => Ok(file),
            (None, FileType::Directory) => Err(Errno::IsDir),
            (None, _) => Err(Errno::BadF),
        }
    }

    /// The file with each write going where the caller says, or to the end.
    fn writable(&mut self, node: Node, append: bool) -> Result<&OwnedFd, Errno> {
        let file = self.file(node)?;
        if file.append != append {
            let flags = if append {
                OFlags::APPEND
            } else {
                OFlags::empty()
            };
            os::fcntl_setfl(&file.fd, flags).map_err(from_os)?;
            file.append = append;
        }
        Ok(&file.fd)
    }

    /// The directory and the name of a node that is not open.
    fn name(&mut self, node: Node) -> Result<(Rc<OwnedFd>, String), Errno> {
        let slot = self.nodes.get(node)?;
        let parent = slot.parent.clone().ok_or(Errno::Busy)?;
        Ok((parent, slot.name.clone()))
    }
}

/// Refuses what is no single name, lest a slip elsewhere become a way out.
fn single(name: &str) -> Result<&str, Errno> {
    let bad = name.is_empty() || name == "." || name == ".." || name.contains(['/', '\0']);
    if bad { Err(Errno::Inval) } else { Ok(name) }
}

/// Opens a name in a directory, and never what a link points to.
fn open_in(dir: &impl AsFd, name: &str, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use os::ResolveFlags as Resolve;
        let confined = Resolve::BENEATH | Resolve::NO_SYMLINKS;
        match retry_on_intr(|| os::openat2(dir, name, flags, mode, confined)) {
            // An old kernel, or a container that knows only the old call.
            Err(OsErrno::NOSYS | OsErrno::PERM) => {}
            result => return result.map_err(from_os),
        }
    }
    retry_on_intr(|| os::openat(dir, name, flags, mode)).map_err(from_os)
}

/// A directory that is open as a place only, open for reading.
fn readable(dir: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    os::openat(dir, ".", flags, Mode::empty()).map_err(from_os)
}

/// Everything in a directory but the dot entries and names that are not UTF-8.
fn read_all(dir: BorrowedFd<'_>) -> Result<Vec<(String, u64, FileType)>, Errno> {
    let mut found = Vec::new();
    for entry in os::Dir::new(readable(dir)?).map_err(from_os)? {
        let entry = entry.map_err(from_os)?;
        let Ok(name) = entry.file_name().to_str() else {
            continue;
        };
        if name == "." || name == ".." {
            continue;
        }
        let kind = match entry.file_type() {
            // Some file systems keep the kind with the file only.
            os::FileType::Unknown => {
                stat_name(&dir, name).map_or(FileType::Unknown, |stat| stat.kind)
            }
            kind => kind_of(kind),
        };
        found.push((name.to_string(), entry.ino(), kind));
    }
    Ok(found)
}

impl FileSystem for StdFs {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        let parent = self.dir(dir)?;
        let kind = stat_name(&parent, single(name)?)?.kind;
        let node = self.nodes.insert(Slot::new(Some(parent), name, kind));
        Ok(Entry { node, kind })
    }

    /// One call of `openat2` instead of two calls for each name. The system checks what the walk would: that nothing leads up
    /// or out, and that nothing is a link. Where there is no `openat2` the walk goes name by name.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn descend(&mut self, dir: Node, names: &[&str]) -> Option<Node> {
        use os::ResolveFlags as Resolve;
        let base = self.dir(dir).ok()?;
        if names.iter().any(|name| single(name).is_err()) {
            return None;
        }
        let flags = PLACE | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let confined = Resolve::BENEATH | Resolve::NO_SYMLINKS;
        let opened =
            retry_on_intr(|| os::openat2(&base, names.join("/"), flags, Mode::empty(), confined));
        // Nobody asks such a node for its own name: it serves to look others up in.
        let mut slot = Slot::new(None, "", FileType::Directory);
        slot.dir = Some(Rc::new(opened.ok()?));
        Some(self.nodes.insert(slot))
    }

    fn retain(&mut self, node: Node) {
        self.nodes.retain(node);
    }

    fn forget(&mut self, node: Node) {
        self.nodes.forget(node);
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        let parent = self.dir(dir)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        let fd = open_in(&parent, single(name)?, flags, Mode::from_raw_mode(0o666))?;
        let mut slot = Slot::new(Some(parent), name, FileType::RegularFile);
        slot.file = Some(OpenFile {
            fd,
            access: Access {
                read: true,
                write: true,
            },
            append: false,
        });
        Ok(self.nodes.insert(slot))
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        os::mkdirat(self.dir(dir)?, single(name)?, Mode::from_raw_mode(0o777)).map_err(from_os)
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let dir = self.dir(dir)?;
        match os::unlinkat(&dir, single(name)?, AtFlags::empty()) {
            // What POSIX allows for a directory, and macOS answers.
            Err(OsErrno::PERM) if stat_name(&dir, name)?.kind == FileType::Directory => {
                Err(Errno::IsDir)
            }
            result => result.map_err(from_os),
        }
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        match os::unlinkat(self.dir(dir)?, single(name)?, AtFlags::REMOVEDIR) {
            Err(OsErrno::EXIST) => Err(Errno::NotEmpty),
            result => result.map_err(from_os),
        }
    }

    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let (dir, to_dir) = (self.dir(dir)?, self.dir(to_dir)?);
        match os::renameat(dir, single(name)?, to_dir, single(to_name)?) {
            Err(OsErrno::EXIST) => Err(Errno::NotEmpty),
            result => result.map_err(from_os),
        }
    }

    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let (dir, to_dir) = (self.dir(dir)?, self.dir(to_dir)?);
        os::linkat(
            dir,
            single(name)?,
            to_dir,
            single(to_name)?,
            AtFlags::empty(),
        )
        .map_err(from_os)
    }

    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        os::symlinkat(target, self.dir(dir)?, single(name)?).map_err(from_os)
    }

    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        if self.nodes.get(link)?.kind != FileType::SymbolicLink {
            return Err(Errno::Inval);
        }
        let (dir, name) = self.name(link)?;
        let target = os::readlinkat(dir, name, Vec::new()).map_err(from_os)?;
        target.into_string().map_err(|_| Errno::IlSeq)
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        let fd = self.dir(dir)?;
        let slot = self.nodes.get(dir)?;
        if cookie == 0 || slot.listing.is_none() {
            let found = read_all(fd.as_fd())?;
            slot.listing = Some(slot.listing.take().unwrap_or_default().renew(found));
        }
        let entries = slot
            .listing
            .as_ref()
            .map_or(&[][..], |listing: &Listing| listing.behind(cookie));
        for entry in entries {
            let next = entry.cookie;
            if !emit(DirEntry {
                name: &entry.name,
                ino: entry.ino,
                kind: entry.kind,
                next,
            }) {
                break;
            }
        }
        Ok(())
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        let slot = self.nodes.get(node)?;
        let open = match (&slot.file, &slot.dir) {
            (Some(file), _) => Some(os::fstat(&file.fd)),
            (None, Some(dir)) => Some(os::fstat(dir)),
            (None, None) => None,
        };
        match open {
            Some(stat) => stat.map(|stat| stat_of(&stat)).map_err(from_os),
            None => {
                let parent = slot.parent.as_ref().ok_or(Errno::BadF)?;
                stat_name(parent, &slot.name)
            }
        }
    }

    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        let times = os::Timestamps {
            last_access: timespec(atim)?,
            last_modification: timespec(mtim)?,
        };
        let slot = self.nodes.get(node)?;
        match (&slot.file, &slot.dir) {
            (Some(file), _) => os::futimens(&file.fd, &times).map_err(from_os),
            (None, Some(dir)) => os::utimensat(dir, ".", &times, AtFlags::empty()).map_err(from_os),
            (None, None) => {
                let (dir, name) = self.name(node)?;
                os::utimensat(dir, name, &times, AtFlags::SYMLINK_NOFOLLOW).map_err(from_os)
            }
        }
    }

    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        let slot = self.nodes.get(node)?;
        match slot.kind {
            FileType::Directory => {
                if access.write {
                    return Err(Errno::IsDir);
                }
                self.dir(node)?;
                self.nodes.get(node)?.opens += 1;
                return Ok(Opened::Node);
            }
            FileType::SymbolicLink => return Err(Errno::Loop),
            _ => {}
        }
        let known = slot
            .file
            .as_ref()
            .map(|file| file.access)
            .unwrap_or_default();
        let enough =
            known.read >= access.read && known.write >= access.write && slot.file.is_some();
        if !enough {
            let access = Access {
                read: access.read || known.read,
                write: access.write || known.write,
            };
            let mut flags = match (access.read, access.write) {
                (_, false) => OFlags::RDONLY,
                (false, true) => OFlags::WRONLY,
                (true, true) => OFlags::RDWR,
            } | OFlags::NOCTTY;
            flags.set(OFlags::NONBLOCK, nonblock && !slot.kind.is_file());
            let parent = slot.parent.as_ref().ok_or(Errno::BadF)?;
            let fd = open_in(parent, &slot.name, flags, Mode::empty())?;
            if !slot.kind.is_file() {
                slot.opens += 1;
                if nonblock {
                    // Only the opening was not to wait: the shim asks before it reads.
                    os::fcntl_setfl(&fd, OFlags::empty()).map_err(from_os)?;
                }
                return Ok(Opened::Stream(Box::new(FdStream::new(fd))));
            }
            slot.file = Some(OpenFile {
                fd,
                access,
                append: false,
            });
        }
        slot.opens += 1;
        Ok(Opened::Node)
    }

    fn close(&mut self, node: Node) {
        if let Ok(slot) = self.nodes.get(node) {
            slot.opens = slot.opens.saturating_sub(1);
            if slot.opens == 0 {
                slot.file = None;
                slot.listing = None;
            }
        }
    }

    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        let file = self.file(file)?;
        retry_on_intr(|| rustix::io::pread(&file.fd, &mut *buf, pos)).map_err(from_os)
    }

    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        let fd = self.writable(file, false)?;
        retry_on_intr(|| rustix::io::pwrite(fd, data, pos)).map_err(from_os)
    }

    fn append(&mut self, file: Node, data: &[u8]) -> Result<(usize, u64), Errno> {
        let fd = self.writable(file, true)?;
        if data.is_empty() {
            return Ok((
                0,
                os::fstat(fd)
                    .map(|stat| stat_of(&stat).size)
                    .map_err(from_os)?,
            ));
        }
        let written = retry_on_intr(|| rustix::io::write(fd, data)).map_err(from_os)?;
        Ok((written, os::tell(fd).map_err(from_os)?))
    }

    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        let file = self.file(file)?;
        retry_on_intr(|| os::ftruncate(&file.fd, len)).map_err(from_os)
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        let file = self.file(file)?;
        retry_on_intr(|| os::fallocate(&file.fd, os::FallocateFlags::empty(), pos, len))
            .map_err(from_os)
    }

    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        let slot = self.nodes.get(node)?;
        if slot.kind == FileType::Directory {
            let dir = self.dir(node)?;
            return readable(dir.as_fd()).and_then(|dir| os::fsync(dir).map_err(from_os));
        }
        let file = self.file(node)?;
        let result = if data_only {
            sync_data(file.fd.as_fd())
        } else {
            os::fsync(&file.fd)
        };
        result.map_err(from_os)
    }
}

/// Brings a file's bytes to the disk, but not its times.
#[cfg(not(target_vendor = "apple"))]
fn sync_data(file: BorrowedFd<'_>) -> rustix::io::Result<()> {
    os::fdatasync(file)
}

/// The same where there is no call that leaves anything out.
#[cfg(target_vendor = "apple")]
fn sync_data(file: BorrowedFd<'_>) -> rustix::io::Result<()> {
    os::fsync(file)
}
