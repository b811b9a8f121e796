//! `FileSystem`: the boundary between the shim and the storage of files.
//!
//! A file system handles integer nodes and single names. It never sees a path, `.` or `..`, a descriptor, an offset that
//! moves, or a right: `path` resolves paths, and `fd` keeps descriptors with their offsets, access modes and append modes.
//! So the trait is small. A host is safe because it handles *only* names relative to a directory: no name can lead out.
//!
//! # Names
//! Every `name` is valid UTF-8, 1 to 255 bytes long, and contains neither `/` nor NUL. It is never `.` or `..`. A file
//! system may forbid more names (FAT does), and fails with `EINVAL` then. Names in a directory that are not valid UTF-8 are
//! omitted.
//!
//! # Nodes and references
//! A node is a number that the file system returns from [`lookup`](FileSystem::lookup) and [`create`](FileSystem::create).
//! Each of these calls, and each [`retain`](FileSystem::retain), gives the caller one reference.
//! [`forget`](FileSystem::forget) returns one. A node is valid while a reference to it exists; its number may be reused
//! after that. A file system whose nodes have no cost need not implement `retain` and `forget`. Two lookups of one file may
//! or may not return the same node: to find out whether two files are the same, callers compare `dev` and `ino` of
//! [`stat`](FileSystem::stat).
//!
//! While a node is *open* (more [`open`](FileSystem::open)s than [`close`](FileSystem::close)s), all its operations keep
//! working after its name is removed, replaced or renamed: data can be read and written, and `stat` succeeds. Operations on
//! a node that is only referenced may fail with `ENOENT` after its name is removed.
//!
//! # Errors
//! Each method lists the errors that callers rely on. Any other [`Errno`] may occur with its usual meaning (`EIO`,
//! `ENOSPC`, `ENOMEM`). The defaults of optional operations fail with `ENOTSUP`.

use alloc::boxed::Box;
use alloc::string::String;
#[cfg(feature = "freeze")]
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::stream::Stream;
use crate::types::{FileType, Stat};

/// A file, directory or link inside one file system.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Node(pub u64);

/// The target of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The node, with one reference that belongs to the caller.
    pub node: Node,
    /// Its kind. A symbolic link is reported as itself, never followed.
    pub kind: FileType,
}

/// The access for which a node is opened. For a directory, neither.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// `read_at` will be called.
    pub read: bool,
    /// `write_at`, `append` and `set_len` will be called.
    pub write: bool,
}

/// The way in which an opened node is read and written.
pub enum Opened {
    /// By `read_at`, `write_at` and `append`; a directory by `read_dir`.
    Node,
    /// As a stream without offsets: a pipe, a terminal, a device.
    Stream(Box<dyn Stream>),
}

/// A time to be set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SetTime {
    /// Keep the old time.
    #[default]
    Keep,
    /// Set the current time.
    Now,
    /// Set this number of nanoseconds since 1970-01-01 UTC, a signed number in two's complement as in [`Stat`]. A file
    /// system may round it to its resolution.
    At(u64),
}

/// One entry of a directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DirEntry<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its serial number, as in `stat`.
    pub ino: u64,
    /// Its kind.
    pub kind: FileType,
    /// The cookie of the position after this entry.
    pub next: u64,
}

/// A store of files and directories. The module documentation lists the guarantees of both sides.
///
/// `dir` is always a directory's node, or the method fails with `ENOTDIR`. `file` is always an open regular file.
pub trait FileSystem: Send {
    // ---- names ----

    /// Finds `name` in `dir`.
    ///
    /// Errors: `ENOENT` if there is none, `ENOTDIR`, `EACCES`, `ENAMETOOLONG`.
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno>;

    /// Walks down several directories in one step, for a system that can do this faster than name by name. Returns the last
    /// directory with a reference. Returns `None` if the file system does not implement it, or if any name is no plain
    /// directory (a link, a file, missing); the caller then walks name by name.
    fn descend(&mut self, dir: Node, names: &[&str]) -> Option<Node> {
        let _ = (dir, names);
        None
    }

    /// Adds a reference to a node.
    fn retain(&mut self, node: Node) {
        let _ = node;
    }

    /// Returns a reference to a node.
    fn forget(&mut self, node: Node) {
        let _ = node;
    }

    /// Creates an empty regular file. The operation is atomic: of two callers, one gets `EEXIST`.
    ///
    /// Errors: `EEXIST` for any existing target of the name, including a dangling link; `EROFS`, `ENOSPC`, `EINVAL` for a
    /// name that this file system forbids.
    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        let _ = (dir, name);
        Err(Errno::RoFs)
    }

    /// Creates an empty directory. Errors: those of [`create`](FileSystem::create).
    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let _ = (dir, name);
        Err(Errno::RoFs)
    }

    /// Removes a name, except that of a directory. The data remain while the file is open or has other names.
    ///
    /// Errors: `ENOENT`; `EISDIR` for a directory.
    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let _ = (dir, name);
        Err(Errno::RoFs)
    }

    /// Removes an empty directory.
    ///
    /// Errors: `ENOENT`; `ENOTDIR` for other kinds; `ENOTEMPTY`.
    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let _ = (dir, name);
        Err(Errno::RoFs)
    }

    /// Moves `dir`/`name` to `to_dir`/`to_name` in one step, and replaces an existing target. If both names are of the same
    /// file, nothing happens.
    ///
    /// Errors: `ENOENT`; `EISDIR` (a file onto a directory), `ENOTDIR` (a directory onto a file), `ENOTEMPTY` (onto a
    /// directory that is not empty), `EINVAL` (a directory into itself), `EXDEV` (between devices).
    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let _ = (dir, name, to_dir, to_name);
        Err(Errno::RoFs)
    }

    /// Gives the file `dir`/`name` a second name. A symbolic link itself is linked, not its target.
    ///
    /// Errors: `ENOENT`, `EEXIST`, `EPERM` for a directory, `EXDEV`, `EMLINK`.
    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let _ = (dir, name, to_dir, to_name);
        Err(Errno::NotSup)
    }

    /// Creates a symbolic link with the text `target`. Any text is allowed; only `path` interprets it.
    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        let _ = (target, dir, name);
        Err(Errno::NotSup)
    }

    /// Returns the target of a symbolic link.
    ///
    /// Errors: `EINVAL` if the node is no symbolic link; `EILSEQ` if the target is not UTF-8.
    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        let _ = link;
        Err(Errno::Inval)
    }

    /// Passes the entries of `dir` after `cookie` to `emit`, one after the other, until it returns `false` or there are no
    /// more. Cookie 0 is the start. All others come from [`DirEntry::next`], and stay valid while the directory is open.
    /// The dot entries are omitted; the shim adds them. An entry that exists during the whole listing is emitted exactly
    /// once, whatever is created and removed meanwhile.
    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno>;

    // ---- nodes ----

    /// Returns the status of a node.
    fn stat(&mut self, node: Node) -> Result<Stat, Errno>;

    /// Sets the times of a node, each independently. For a symbolic link, sets those of the link itself.
    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        let _ = (node, atim, mtim);
        Err(Errno::NotSup)
    }

    // ---- open files ----

    /// Opens a file or directory. Each open of a node is closed once. The shim, not the file system, checks that a
    /// descriptor reads or writes only with the right access.
    ///
    /// With `nonblock`, opening a pipe does not wait for the other end.
    ///
    /// Errors: `EACCES`; `EROFS` and `EISDIR` for `access.write`; `ELOOP` for a symbolic link.
    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        let _ = (node, access, nonblock);
        Ok(Opened::Node)
    }

    /// Ends one [`open`](FileSystem::open). The caller keeps its reference to the node. After the last close of a file
    /// without a name, its space is free.
    fn close(&mut self, node: Node) {
        let _ = node;
    }

    /// Reads into `buf` from byte `pos` on. Returns the number of bytes: fewer than requested only at the end of the file,
    /// and 0 after it.
    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno>;

    /// Writes `data` from byte `pos` on. Returns the number of bytes written, at least 1 if `data` is not empty. A gap
    /// between the old end and `pos` reads as zeros.
    ///
    /// Errors: `ENOSPC` and `EFBIG` only if no byte could be written.
    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        let _ = (file, pos, data);
        Err(Errno::RoFs)
    }

    /// Writes `data` at the current end of the file. Returns the number of bytes written, and the new end.
    fn append(&mut self, file: Node, data: &[u8]) -> Result<(usize, u64), Errno> {
        let end = self.stat(file)?.size;
        let written = self.write_at(file, end, data)?;
        Ok((written, end + written as u64))
    }

    /// Truncates the file to `len` bytes, or extends it with zeros.
    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        let _ = (file, len);
        Err(Errno::RoFs)
    }

    /// Reserves space for bytes `pos..pos + len`, and extends the file to at least that length. Existing data do not
    /// change.
    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        let _ = (file, pos, len);
        Err(Errno::NotSup)
    }

    /// Returns when the node's data, and without `data_only` its metadata, are on the medium.
    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        let _ = (node, data_only);
        Ok(())
    }

    // ---- the whole ----

    /// The contents, for a file system that exists in this process only. Others keep them elsewhere.
    #[cfg(feature = "freeze")]
    fn contents(&mut self) -> Option<Vec<u8>> {
        None
    }

    /// Replaces the contents by those that [`contents`](FileSystem::contents) has returned. Only the root is referenced.
    ///
    /// Errors: `EILSEQ` if they are damaged, `ENOSPC`.
    #[cfg(feature = "freeze")]
    fn set_contents(&mut self, contents: &[u8]) -> Result<(), Errno> {
        let _ = contents;
        Err(Errno::NotSup)
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
