//! `FileSystem`: the boundary between the shim and whatever stores files.
//!
//! A file system sees integer nodes and single names. It never sees a path, `.` or `..`, a descriptor, an offset that moves or
//! a right: paths are resolved in `path`, and descriptors with their offsets, access mode and append mode live in `fd`. What
//! is left is small enough to write for a disk driver in an afternoon, and that it is *only* names relative to a directory is what
//! makes a host safe: there is nothing in it that could lead out.
//!
//! # Names
//! Every `name` is valid UTF-8, 1 to 255 bytes long, and contains neither `/` nor NUL; it is never `.` or `..`. A file system
//! may forbid more (FAT does) and answers `EINVAL` then. Names that a directory holds but that are not valid UTF-8 are left out.
//!
//! # Nodes and references
//! A node is a number that the file system hands out in [`lookup`](FileSystem::lookup) and [`create`](FileSystem::create). Each
//! of these calls, and each [`retain`](FileSystem::retain), gives the caller one reference; [`forget`](FileSystem::forget)
//! returns one. A node is valid as long as somebody holds a reference to it, and its number may be used anew after that. A file system
//! whose nodes cost nothing leaves `retain` and `forget` alone. Whether two lookups of one file give the same node is
//! its own choice: who wants to know whether two files are the same compares `dev` and `ino` of [`stat`](FileSystem::stat).
//!
//! While a node is *open* (more [`open`](FileSystem::open)s than [`close`](FileSystem::close)s) everything about it works on when its
//! name is removed, replaced or renamed: its data are read and written, `stat` answers. A node that is only referenced may
//! answer `ENOENT` once its name is gone.
//!
//! # Errors
//! Each method names the errors that callers rely on; any other [`Errno`] may occur with its usual meaning (`EIO`, `ENOSPC`, `ENOMEM`).
//! Operations that not every file system has default to `ENOTSUP`.

use alloc::boxed::Box;
use alloc::string::String;

use crate::errno::Errno;
use crate::stream::Stream;
use crate::types::{FileType, Stat};

/// A file, directory or link inside one file system.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Node(pub u64);

/// What a name leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The node, with one reference that belongs to the caller.
    pub node: Node,
    /// What it is. A symbolic link is reported as itself, never followed.
    pub kind: FileType,
}

/// What a node is opened for. Of a directory, neither.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// `read_at` will be called.
    pub read: bool,
    /// `write_at`, `append` and `set_len` will be called.
    pub write: bool,
}

/// How an opened node is read and written.
pub enum Opened {
    /// By `read_at`, `write_at` and `append`; or, of a directory, by `read_dir`.
    Node,
    /// As a stream without offsets: a pipe, a terminal, a device.
    Stream(Box<dyn Stream>),
}

/// A time to be set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SetTime {
    /// Leave it as it is.
    #[default]
    Keep,
    /// Set it to the present.
    Now,
    /// Set it to so many nanoseconds since 1970-01-01 UTC, a signed number in two's complement, as [`Stat`] has them. A file system may
    /// round to what it can store.
    At(u64),
}

/// One entry of a directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DirEntry<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its serial number, as `stat` gives it.
    pub ino: u64,
    /// What it is.
    pub kind: FileType,
    /// The cookie that continues behind this entry.
    pub next: u64,
}

/// A store of files and directories; the module documentation tells what it may rely on and what it promises.
///
/// `dir` is always a directory's node, or the method fails with `ENOTDIR`; `file` is always an open regular file.
pub trait FileSystem: Send {
    // ---- names ----

    /// Finds `name` in `dir`.
    ///
    /// Errors: `ENOENT` if there is none, `ENOTDIR`, `EACCES`, `ENAMETOOLONG`.
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno>;

    /// Goes down several directories in one step, for a system that can do that faster than name by name, and returns the last one
    /// with a reference. `None` if the file system does not care, or anything on the way is not a plain directory: a link, a file,
    /// nothing; the caller then goes name by name and finds out.
    fn descend(&mut self, dir: Node, names: &[&str]) -> Option<Node> {
        let _ = (dir, names);
        None
    }

    /// Takes one more reference to a node.
    fn retain(&mut self, node: Node) {
        let _ = node;
    }

    /// Gives one reference to a node back.
    fn forget(&mut self, node: Node) {
        let _ = node;
    }

    /// Creates an empty regular file. Atomic: of two callers one gets `EEXIST`.
    ///
    /// Errors: `EEXIST` whatever the name leads to, a dangling link too; `EROFS`, `ENOSPC`, `EINVAL` for a name that this file system forbids.
    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        let _ = (dir, name);
        Err(Errno::RoFs)
    }

    /// Creates an empty directory. Errors as [`create`](FileSystem::create).
    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let _ = (dir, name);
        Err(Errno::RoFs)
    }

    /// Removes a name that is no directory. The data live on while the file is open or has other names.
    ///
    /// Errors: `ENOENT`; `EISDIR` for a directory.
    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let _ = (dir, name);
        Err(Errno::RoFs)
    }

    /// Removes an empty directory.
    ///
    /// Errors: `ENOENT`; `ENOTDIR` for anything else; `ENOTEMPTY`.
    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let _ = (dir, name);
        Err(Errno::RoFs)
    }

    /// Moves `dir`/`name` to `to_dir`/`to_name` in one step, and replaces what is there. Both names of the same file: nothing happens.
    ///
    /// Errors: `ENOENT`; `EISDIR` (a file onto a directory), `ENOTDIR` (a directory onto a file), `ENOTEMPTY` (onto a full
    /// directory), `EINVAL` (a directory into itself), `EXDEV` (between devices).
    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let _ = (dir, name, to_dir, to_name);
        Err(Errno::RoFs)
    }

    /// Gives the file `dir`/`name` a second name. A symbolic link is linked itself, not followed.
    ///
    /// Errors: `ENOENT`, `EEXIST`, `EPERM` for a directory, `EXDEV`, `EMLINK`.
    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let _ = (dir, name, to_dir, to_name);
        Err(Errno::NotSup)
    }

    /// Creates a symbolic link that holds `target`. The target is any text; it is interpreted in `path` alone.
    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        let _ = (target, dir, name);
        Err(Errno::NotSup)
    }

    /// The target of a symbolic link.
    ///
    /// Errors: `EINVAL` if the node is no symbolic link; `EILSEQ` if the target is not UTF-8.
    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        let _ = link;
        Err(Errno::Inval)
    }

    /// Passes the entries of `dir` behind `cookie` to `emit`, one after the other, until it returns `false` or there are no more.
    /// 0 is the cookie of the start; all others come from [`DirEntry::next`] and stay good while the directory is open. The dot
    /// entries are left out: the shim adds them. An entry that is there all the time while a caller goes through the directory is
    /// emitted exactly once, whatever is created and removed meanwhile.
    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno>;

    // ---- nodes ----

    /// What is known about a node.
    fn stat(&mut self, node: Node) -> Result<Stat, Errno>;

    /// Sets the times of a node, each on its own. A symbolic link's own times are set, not its target's.
    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        let _ = (node, atim, mtim);
        Err(Errno::NotSup)
    }

    // ---- open files ----

    /// Opens a file or directory. Several opens of one node are each closed once; the shim, not the file system, checks
    /// that a descriptor reads or writes only what its own access allows.
    ///
    /// With `nonblock`, opening a pipe does not wait for the other end.
    ///
    /// Errors: `EACCES`; `EROFS` and `EISDIR` for `access.write`; `ELOOP` for a symbolic link.
    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        let _ = (node, access, nonblock);
        Ok(Opened::Node)
    }

    /// Ends one [`open`](FileSystem::open). The reference to the node stays with the caller. When the last open of a
    /// file without a name ends, its space is free again.
    fn close(&mut self, node: Node) {
        let _ = node;
    }

    /// Reads into `buf` from byte `pos` on, and returns how much: fewer bytes only at the end of the file, 0 behind it.
    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno>;

    /// Writes `data` from byte `pos` on, and returns how much was written, at least 1 if `data` is not empty. A gap
    /// between the old end and `pos` reads as zeros.
    ///
    /// Errors: `ENOSPC` and `EFBIG` only if not a single byte could be written.
    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        let _ = (file, pos, data);
        Err(Errno::RoFs)
    }

    /// Writes `data` at the end of the file, wherever that is by now, and returns how much was written and where the end is then.
    fn append(&mut self, file: Node, data: &[u8]) -> Result<(usize, u64), Errno> {
        let end = self.stat(file)?.size;
        let written = self.write_at(file, end, data)?;
        Ok((written, end + written as u64))
    }

    /// Cuts the file to `len` bytes, or extends it with zeros.
    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        let _ = (file, len);
        Err(Errno::RoFs)
    }

    /// Makes sure that there is space for bytes `pos..pos + len` and that the file is at least that long. What is there is not changed.
    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        let _ = (file, pos, len);
        Err(Errno::NotSup)
    }

    /// Returns when the node's data, and without `data_only` its metadata, are on the medium.
    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        let _ = (node, data_only);
        Ok(())
    }
}

/// Passes entries to the `emit` of [`FileSystem::read_dir`] until it has enough.
pub(crate) fn emit_all<'a>(
    entries: impl Iterator<Item = Result<DirEntry<'a>, Errno>>,
    emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
) -> Result<(), Errno> {
    for entry in entries {
        if !emit(entry?) {
            break;
        }
    }
    Ok(())
}

/// Why a name cannot be created in a directory that never changes: `EEXIST` if it is there, as POSIX wants it, and `refusal` if it is new.
pub(crate) fn refuse_new(fs: &mut dyn FileSystem, dir: Node, name: &str, refusal: Errno) -> Errno {
    match fs.lookup(dir, name) {
        Ok(found) => {
            fs.forget(found.node);
            Errno::Exist
        }
        Err(Errno::NoEnt) => refusal,
        Err(errno) => errno,
    }
}
