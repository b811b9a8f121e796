//! `Protected`: a file system in whose root some files can be read but not changed, such as those that a board boots from.
//!
//! Which they are is decided by their names, whatever the case of the letters. They can neither be written, cut, renamed, replaced nor
//! removed, and a name that is missing cannot be taken. A folder with such a name is protected with all that is in it. Whatever would
//! change one of them fails with `EACCES`, as natively with a file that belongs to somebody else.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use hashbrown::HashSet;

use crate::errno::Errno;
use crate::fs::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
use crate::types::Stat;

/// A file system with files that cannot be changed.
pub struct Protected<F> {
    inner: F,
    root: Node,
    is_protected: fn(&str) -> bool,
    /// Each has a reference, so that it is found again under the same number, also by another name.
    nodes: HashSet<Node>,
}

impl<F: FileSystem> Protected<F> {
    /// Protects what `is_protected` says of names in the directory `root`.
    ///
    /// # Errors
    /// The root cannot be listed.
    pub fn new(
        inner: F,
        root: Node,
        is_protected: fn(&str) -> bool,
    ) -> Result<Protected<F>, Errno> {
        let mut protected = Protected {
            inner,
            root,
            is_protected,
            nodes: HashSet::new(),
        };
        let mut names: Vec<String> = Vec::new();
        protected.inner.read_dir(root, 0, &mut |entry| {
            if is_protected(entry.name) {
                names.push(entry.name.to_string());
            }
            true
        })?;
        for name in names {
            let found = protected.inner.lookup(root, &name)?;
            protected.nodes.insert(found.node);
        }
        Ok(protected)
    }

    /// Whether a node must not be changed.
    fn has(&self, node: Node) -> bool {
        self.nodes.contains(&node)
    }

    /// Refuses a change of a file or directory.
    fn refuse(&self, node: Node) -> Result<(), Errno> {
        match self.has(node) {
            true => Err(Errno::Acces),
            false => Ok(()),
        }
    }

    /// Refuses to take a name away. Errors: what the search for it says.
    fn refuse_old(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse(dir)?;
        let found = self.inner.lookup(dir, name)?;
        let refused = self.refuse(found.node);
        self.inner.forget(found.node);
        refused
    }

    /// Refuses to give a name to something: a reserved one, and with `replaces` that of a protected file. Without, a name that is there is
    /// left to the operation, which fails.
    fn refuse_new(&mut self, dir: Node, name: &str, replaces: bool) -> Result<(), Errno> {
        self.refuse(dir)?;
        match self.refuse_old(dir, name) {
            Err(Errno::Acces) if !replaces => Ok(()),
            Err(Errno::NoEnt) if dir == self.root && (self.is_protected)(name) => Err(Errno::Acces),
            Err(Errno::Acces) => Err(Errno::Acces),
            // The operation meets any other error itself.
            _ => Ok(()),
        }
    }
}

impl<F: FileSystem> FileSystem for Protected<F> {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        let found = self.inner.lookup(dir, name)?;
        if self.has(dir) && self.nodes.insert(found.node) {
            self.inner.retain(found.node);
        }
        Ok(found)
    }

    fn retain(&mut self, node: Node) {
        self.inner.retain(node);
    }

    fn forget(&mut self, node: Node) {
        self.inner.forget(node);
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        self.refuse_new(dir, name, false)?;
        self.inner.create(dir, name)
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_new(dir, name, false)?;
        self.inner.mkdir(dir, name)
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_old(dir, name)?;
        self.inner.unlink(dir, name)
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_old(dir, name)?;
        self.inner.rmdir(dir, name)
    }

    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.refuse_old(dir, name)?;
        self.refuse_new(to_dir, to_name, true)?;
        self.inner.rename(dir, name, to_dir, to_name)
    }

    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.refuse_old(dir, name)?;
        self.refuse_new(to_dir, to_name, false)?;
        self.inner.link(dir, name, to_dir, to_name)
    }

    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_new(dir, name, false)?;
        self.inner.symlink(target, dir, name)
    }

    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        self.inner.readlink(link)
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        self.inner.read_dir(dir, cookie, emit)
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        self.inner.stat(node)
    }

    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        self.refuse(node)?;
        self.inner.set_times(node, atim, mtim)
    }

    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        if access.write {
            self.refuse(node)?;
        }
        self.inner.open(node, access, nonblock)
    }

    fn close(&mut self, node: Node) {
        self.inner.close(node);
    }

    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.inner.read_at(file, pos, buf)
    }

    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.refuse(file)?;
        self.inner.write_at(file, pos, data)
    }

    fn append(&mut self, file: Node, data: &[u8]) -> Result<(usize, u64), Errno> {
        self.refuse(file)?;
        self.inner.append(file, data)
    }

    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        self.refuse(file)?;
        self.inner.set_len(file, len)
    }

    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        self.refuse(file)?;
        self.inner.allocate(file, pos, len)
    }

    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        self.inner.sync(node, data_only)
    }
}
