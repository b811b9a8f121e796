//! File systems around file systems: [`ReadOnly`], [`Faulty`] and [`Traced`], and [`Around`] for wrappers of your own.
//!
//! The behaviour of a file system is changed by wrapping it, not by flags inside of it. Each wrapper here adds one
//! behaviour and passes all calls on, so wrappers can be combined in any order and over any host.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
#[cfg(feature = "freeze")]
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::fs::{self, Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
use crate::types::Stat;

/// A read-only file system: every change fails with `EROFS`.
pub struct ReadOnly<F>(pub F);

impl<F: FileSystem> FileSystem for ReadOnly<F> {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        self.0.lookup(dir, name)
    }

    fn descend(&mut self, dir: Node, names: &[&str]) -> Option<Node> {
        self.0.descend(dir, names)
    }

    fn retain(&mut self, node: Node) {
        self.0.retain(node);
    }

    fn forget(&mut self, node: Node) {
        self.0.forget(node);
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        self.refuse_new(dir, name).map(|()| dir)
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_new(dir, name)
    }

    fn link(&mut self, _dir: Node, _name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.refuse_new(to_dir, to_name)
    }

    fn symlink(&mut self, _target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_new(dir, name)
    }

    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        self.0.readlink(link)
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        self.0.read_dir(dir, cookie, emit)
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        self.0.stat(node)
    }

    fn set_times(&mut self, _node: Node, _atim: SetTime, _mtim: SetTime) -> Result<(), Errno> {
        Err(Errno::RoFs)
    }

    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        if access.write {
            Err(Errno::RoFs)
        } else {
            self.0.open(node, access, nonblock)
        }
    }

    fn close(&mut self, node: Node) {
        self.0.close(node);
    }

    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.0.read_at(file, pos, buf)
    }

    fn allocate(&mut self, _file: Node, _pos: u64, _len: u64) -> Result<(), Errno> {
        Err(Errno::RoFs)
    }

    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        self.0.sync(node, data_only)
    }

    #[cfg(feature = "freeze")]
    fn contents(&mut self) -> Option<Vec<u8>> {
        self.0.contents()
    }

    #[cfg(feature = "freeze")]
    fn set_contents(&mut self, contents: &[u8]) -> Result<(), Errno> {
        self.0.set_contents(contents)
    }
}

impl<F: FileSystem> ReadOnly<F> {
    /// Fails, because a name would be created.
    fn refuse_new(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        Err(fs::refuse_new(&mut self.0, dir, name, Errno::RoFs))
    }
}

/// A file system around another one. The implementor defines the code around each operation. This module forwards the
/// operations to the inner file system.
pub trait Around: Send {
    /// The inner file system.
    type Inner: FileSystem + ?Sized;

    /// Runs an operation on the inner file system, or fails instead of it. `name` is the name of the operation.
    fn around<R>(
        &mut self,
        name: &str,
        run: impl FnOnce(&mut Self::Inner) -> Result<R, Errno>,
    ) -> Result<R, Errno>;

    /// Runs an operation that cannot fail: a reference is taken or returned, a file is closed.
    fn around_release(&mut self, run: impl FnOnce(&mut Self::Inner));
}

/// A file system that fails on purpose: the n-th operation fails, and on request all later ones.
///
/// Returning references and closing cannot fail, and are not counted.
pub struct Faulty<F> {
    inner: F,
    /// The number of operations before the failure; `None` after it.
    left: Option<u64>,
    errno: Errno,
    lasting: bool,
}

impl<F: FileSystem> Faulty<F> {
    /// Lets `good` operations pass, and fails the next one with `errno`. With `lasting`, all later ones fail, too.
    pub fn new(inner: F, good: u64, errno: Errno, lasting: bool) -> Faulty<F> {
        Faulty {
            inner,
            left: Some(good),
            errno,
            lasting,
        }
    }

    /// Returns whether the failure has happened.
    pub fn has_failed(&self) -> bool {
        self.left.is_none()
    }
}

impl<F: FileSystem> Around for Faulty<F> {
    type Inner = F;

    fn around<R>(
        &mut self,
        _name: &str,
        run: impl FnOnce(&mut F) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        match self.left {
            Some(0) => {
                self.left = None;
                return Err(self.errno);
            }
            Some(left) => self.left = Some(left - 1),
            None if self.lasting => return Err(self.errno),
            None => {}
        }
        run(&mut self.inner)
    }

    fn around_release(&mut self, run: impl FnOnce(&mut F)) {
        run(&mut self.inner);
    }
}

/// A file system that reports each operation in a line.
pub struct Traced<F> {
    inner: F,
    tell: Box<dyn FnMut(&str) + Send>,
}

impl<F: FileSystem> Traced<F> {
    /// Passes a line such as `lookup: ok` or `create: ENOSPC` to `tell` after each operation.
    pub fn new(inner: F, tell: Box<dyn FnMut(&str) + Send>) -> Traced<F> {
        Traced { inner, tell }
    }
}

impl<F: FileSystem> Around for Traced<F> {
    type Inner = F;

    fn around<R>(
        &mut self,
        name: &str,
        run: impl FnOnce(&mut F) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        let result = run(&mut self.inner);
        match &result {
            Ok(_) => (self.tell)(&format!("{name}: ok")),
            Err(errno) => (self.tell)(&format!("{name}: {}", errno.name())),
        }
        result
    }

    fn around_release(&mut self, run: impl FnOnce(&mut F)) {
        run(&mut self.inner);
    }
}

impl<A: Around> FileSystem for A {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        self.around("lookup", |fs| fs.lookup(dir, name))
    }

    fn retain(&mut self, node: Node) {
        self.around_release(|fs| fs.retain(node));
    }

    fn forget(&mut self, node: Node) {
        self.around_release(|fs| fs.forget(node));
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        self.around("create", |fs| fs.create(dir, name))
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.around("mkdir", |fs| fs.mkdir(dir, name))
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.around("unlink", |fs| fs.unlink(dir, name))
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.around("rmdir", |fs| fs.rmdir(dir, name))
    }

    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.around("rename", |fs| fs.rename(dir, name, to_dir, to_name))
    }

    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.around("link", |fs| fs.link(dir, name, to_dir, to_name))
    }

    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        self.around("symlink", |fs| fs.symlink(target, dir, name))
    }

    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        self.around("readlink", |fs| fs.readlink(link))
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        self.around("read_dir", |fs| fs.read_dir(dir, cookie, emit))
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        self.around("stat", |fs| fs.stat(node))
    }

    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        self.around("set_times", |fs| fs.set_times(node, atim, mtim))
    }

    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        self.around("open", |fs| fs.open(node, access, nonblock))
    }

    fn close(&mut self, node: Node) {
        self.around_release(|fs| fs.close(node));
    }

    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.around("read_at", |fs| fs.read_at(file, pos, buf))
    }

    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.around("write_at", |fs| fs.write_at(file, pos, data))
    }

    fn append(&mut self, file: Node, data: &[u8]) -> Result<(usize, u64), Errno> {
        self.around("append", |fs| fs.append(file, data))
    }

    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        self.around("set_len", |fs| fs.set_len(file, len))
    }

    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        self.around("allocate", |fs| fs.allocate(file, pos, len))
    }

    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        self.around("sync", |fs| fs.sync(node, data_only))
    }

    #[cfg(feature = "freeze")]
    fn contents(&mut self) -> Option<Vec<u8>> {
        let contents = self.around("contents", |fs| Ok(fs.contents()));
        contents.ok().flatten()
    }

    #[cfg(feature = "freeze")]
    fn set_contents(&mut self, contents: &[u8]) -> Result<(), Errno> {
        self.around("set_contents", |fs| fs.set_contents(contents))
    }
}
