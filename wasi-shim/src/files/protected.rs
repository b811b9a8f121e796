//! `Protected`: a file system with files in its root that can be read but not changed, such as the boot files of a board.
//!
//! The files are selected by their names, ignoring the case of letters. They cannot be written, truncated, renamed,
//! replaced or removed, and missing files with such names cannot be created. A folder with such a name is protected with
//! all its contents. Operations that would change one of them fail with `EACCES`, as they do natively for a file of another
//! user.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use hashbrown::HashSet;

use crate::errno::Errno;
use crate::fs::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
use crate::types::Stat;

/// A file system with protected files.
pub struct Protected<F> {
    inner: F,
    root: Node,
    is_protected: fn(&str) -> bool,
    /// The protected nodes. Each has a reference, so that it keeps its number, also under another name.
    nodes: HashSet<Node>,
}

impl<F: FileSystem> Protected<F> {
    /// Protects the names in the directory `root` for which `is_protected` returns true.
    ///
    /// # Errors
    /// Fails if the root cannot be listed.
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

    /// Returns whether a node is protected.
    fn has(&self, node: Node) -> bool {
        self.nodes.contains(&node)
    }

    /// Fails if the change of a file or directory is not allowed.
    fn refuse(&self, node: Node) -> Result<(), Errno> {
        match self.has(node) {
            true => Err(Errno::Acces),
            false => Ok(()),
        }
    }

    /// Fails if a name may not be removed. Errors: those of its lookup.
    fn refuse_old(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse(dir)?;
        let found = self.inner.lookup(dir, name)?;
        let refused = self.refuse(found.node);
        self.inner.forget(found.node);
        refused
    }

    /// Fails if a name may not be created: a reserved one, and with `replaces` that of a protected file. Without
    /// `replaces`, an existing name is left to the operation, which fails.
    fn refuse_new(&mut self, dir: Node, name: &str, replaces: bool) -> Result<(), Errno> {
        self.refuse(dir)?;
        match self.refuse_old(dir, name) {
            Err(Errno::Acces) if !replaces => Ok(()),
            Err(Errno::NoEnt) if dir == self.root && (self.is_protected)(name) => Err(Errno::Acces),
            Err(Errno::Acces) => Err(Errno::Acces),
            // The operation itself reports other errors.
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

    #[cfg(feature = "freeze")]
    fn contents(&mut self) -> Option<Vec<u8>> {
        self.inner.contents()
    }

    #[cfg(feature = "freeze")]
    fn set_contents(&mut self, contents: &[u8]) -> Result<(), Errno> {
        self.inner.set_contents(contents)
    }
}
