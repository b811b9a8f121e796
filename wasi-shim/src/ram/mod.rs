//! `RamFs`: a tree of files in memory, initially empty or read from a tar archive.
//!
//! It is `/tmp` on a board, and `--ram` mounts it on a desktop. It supports everything that preview 1 can express: names
//! that differ only in case, hard and symbolic links, times in nanoseconds, holes, and open files without a name. A limit
//! in bytes bounds its memory. Beyond the limit, operations fail with `ENOSPC` and change nothing.
//!
//! # Map
//! - `mod.rs`: [`RamFs`], the tree and its [`FileSystem`] operations. Start here.
//! - `inode.rs`: nodes: files, directories and links, with their times and counts.
//! - `dir.rs`: the entries of a directory, found by name and listed in the order of their creation.
//! - `pages.rs`: a file's content, in pages, without holes.
//! - `budget.rs`: the limit in bytes.
//! - `tar.rs`, `export.rs`: import from an archive, and export to one.
//!
//! # Times
//! Reading a file does not change its access time, as on a disk that is mounted with `noatime`.

mod archive_error;
mod budget;
mod dir;
mod export;
mod inode;
mod pages;
mod tar;
mod tar_header;

#[cfg(feature = "freeze")]
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
#[cfg(feature = "freeze")]
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::fs::{self, Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
use crate::types::{FileType, Stat};
use crate::wall_clock::WallClock;

use budget::Budget;
use dir::Directory;
use inode::{Body, Inode};
use pages::Pages;

pub use archive_error::{ArchiveError, ArchiveProblem};

/// The root's node. Numbers count up from here and are never reused, so that a stale one is detected.
const ROOT: Node = Node(1);

/// A file system in memory.
pub struct RamFs {
    /// A tree and no hash table: a hash table doubles, and then takes three times what the budget counts.
    inodes: BTreeMap<Node, Inode>,
    /// The number of the next node.
    next: u64,
    budget: Budget,
    clock: WallClock,
}

impl RamFs {
    /// Creates an empty tree with at most `limit` bytes: file pages of 4 KiB, names, and 256 bytes for each file and
    /// directory.
    pub fn new(limit: u64, clock: WallClock) -> RamFs {
        let now = clock();
        let root = Inode::new(Body::Directory(Directory::new(ROOT)), now);
        RamFs {
            inodes: BTreeMap::from_iter([(ROOT, root)]),
            next: ROOT.0 + 1,
            budget: Budget::new(limit),
            clock,
        }
    }

    /// Lets the tree grow only while `room` bytes of memory are left, for a machine whose memory can become short. Beyond
    /// that, operations fail with `ENOSPC`, as beyond the limit.
    pub fn set_room(&mut self, room: fn() -> u64) {
        self.budget.set_room(room);
    }

    /// The root directory.
    pub fn root(&self) -> Node {
        ROOT
    }

    /// The number of bytes that are taken from the limit.
    pub fn used(&self) -> u64 {
        self.budget.used()
    }

    /// The limit in bytes.
    pub fn limit(&self) -> u64 {
        self.budget.limit()
    }

    fn inode(&self, node: Node) -> Result<&Inode, Errno> {
        self.inodes.get(&node).ok_or(Errno::NoEnt)
    }

    fn inode_mut(&mut self, node: Node) -> Result<&mut Inode, Errno> {
        self.inodes.get_mut(&node).ok_or(Errno::NoEnt)
    }

    fn dir(&self, node: Node) -> Result<&Directory, Errno> {
        match &self.inode(node)?.body {
            Body::Directory(directory) => Ok(directory),
            _ => Err(Errno::NotDir),
        }
    }

    fn dir_mut(&mut self, node: Node) -> Result<&mut Directory, Errno> {
        match &mut self.inode_mut(node)?.body {
            Body::Directory(directory) => Ok(directory),
            _ => Err(Errno::NotDir),
        }
    }

    fn pages(&self, node: Node) -> Result<&Pages, Errno> {
        match &self.inode(node)?.body {
            Body::File(pages) => Ok(pages),
            Body::Directory(_) => Err(Errno::IsDir),
            Body::Link(_) => Err(Errno::Inval),
        }
    }

    /// Changes a file's content and sets its times, whether the change succeeds or not.
    fn change<T>(
        &mut self,
        node: Node,
        change: impl FnOnce(&mut Pages, &mut Budget) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        let now = (self.clock)();
        let inode = self.inodes.get_mut(&node).ok_or(Errno::NoEnt)?;
        let Body::File(pages) = &mut inode.body else {
            return Err(Errno::IsDir);
        };
        let result = change(pages, &mut self.budget);
        inode.mtim = now;
        inode.ctim = now;
        result
    }

    /// Checks that a name can be created in a directory: the directory itself still has a name.
    fn writable_dir(&self, dir: Node, name: &str) -> Result<(), Errno> {
        let directory = self.dir(dir)?;
        if self.inode(dir)?.links == 0 {
            return Err(Errno::NoEnt);
        }
        match directory.get(name) {
            Some(_) => Err(Errno::Exist),
            None => Ok(()),
        }
    }

    /// Creates a node and gives it its first name.
    fn make(&mut self, dir: Node, name: &str, body: Body) -> Result<Node, Errno> {
        self.writable_dir(dir, name)?;
        self.budget.take(body.cost() + Budget::entry(name))?;
        let now = (self.clock)();
        let node = Node(self.next);
        self.next += 1;
        self.inodes.insert(node, Inode::new(body, now));
        self.enter(dir, name, node)?;
        Ok(node)
    }

    /// Adds a name whose cost was taken already, and sets the directory's times.
    fn enter(&mut self, dir: Node, name: &str, node: Node) -> Result<(), Errno> {
        let now = (self.clock)();
        let is_dir = self.inode(node)?.is_dir();
        let parent = self.inode_mut(dir)?;
        parent.links += u64::from(is_dir);
        parent.mtim = now;
        parent.ctim = now;
        self.dir_mut(dir)?.insert(name, node);
        if let Body::Directory(directory) = &mut self.inode_mut(node)?.body {
            directory.parent = dir;
        }
        Ok(())
    }

    /// Removes a name and sets the directory's times. The node's count of links does not change.
    fn leave(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        let now = (self.clock)();
        let node = self.dir_mut(dir)?.remove(name).ok_or(Errno::NoEnt)?;
        let is_dir = self.inode(node)?.is_dir();
        let parent = self.inode_mut(dir)?;
        parent.links -= u64::from(is_dir);
        parent.mtim = now;
        parent.ctim = now;
        Ok(node)
    }

    /// Decrements the count of names, and drops the node if nothing refers to it.
    fn unlinked(&mut self, node: Node) -> Result<(), Errno> {
        let now = (self.clock)();
        let inode = self.inode_mut(node)?;
        // A directory counts its own dot entry as a second link. Both are removed together.
        inode.links = if inode.is_dir() { 0 } else { inode.links - 1 };
        inode.ctim = now;
        self.drop_if_unused(node);
        Ok(())
    }

    fn drop_if_unused(&mut self, node: Node) {
        let unused = |inode: &Inode| inode.links == 0 && inode.opens == 0;
        if self.inodes.get(&node).is_some_and(unused)
            && let Some(inode) = self.inodes.remove(&node)
        {
            self.budget.give(inode.body.cost());
        }
    }

    /// Returns whether `dir` is `ancestor` or is below it.
    fn is_within(&self, mut dir: Node, ancestor: Node) -> Result<bool, Errno> {
        while dir != ancestor {
            if dir == ROOT {
                return Ok(false);
            }
            dir = self.dir(dir)?.parent;
        }
        Ok(true)
    }

    /// Checks that `source` may replace `target`.
    fn may_replace(&self, source: Node, target: Node) -> Result<(), Errno> {
        match (self.inode(source)?.is_dir(), &self.inode(target)?.body) {
            (true, Body::Directory(directory)) if !directory.is_empty() => Err(Errno::NotEmpty),
            (true, Body::Directory(_)) => Ok(()),
            (true, _) => Err(Errno::NotDir),
            (false, Body::Directory(_)) => Err(Errno::IsDir),
            (false, _) => Ok(()),
        }
    }
}

impl FileSystem for RamFs {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        let node = self.dir(dir)?.get(name).ok_or(Errno::NoEnt)?;
        let kind = self.inode(node)?.kind();
        Ok(Entry { node, kind })
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        self.make(dir, name, Body::File(Pages::new()))
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.make(dir, name, Body::Directory(Directory::new(dir)))
            .map(drop)
    }

    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        self.make(dir, name, Body::Link(target.into())).map(drop)
    }

    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let node = self.lookup(dir, name)?.node;
        self.writable_dir(to_dir, to_name)?;
        if self.inode(node)?.is_dir() {
            return Err(Errno::Perm);
        }
        self.budget.take(Budget::entry(to_name))?;
        let now = (self.clock)();
        let inode = self.inode_mut(node)?;
        inode.links += 1;
        inode.ctim = now;
        self.enter(to_dir, to_name, node)
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        if self.lookup(dir, name)?.kind == FileType::Directory {
            return Err(Errno::IsDir);
        }
        let node = self.leave(dir, name)?;
        self.budget.give(Budget::entry(name));
        self.unlinked(node)
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let node = self.lookup(dir, name)?.node;
        if !self.dir(node)?.is_empty() {
            return Err(Errno::NotEmpty);
        }
        self.leave(dir, name)?;
        self.budget.give(Budget::entry(name));
        self.unlinked(node)
    }

    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let source = self.lookup(dir, name)?.node;
        let target = self.dir(to_dir)?.get(to_name);
        if target == Some(source) {
            return Ok(());
        }
        if self.inode(to_dir)?.links == 0 {
            return Err(Errno::NoEnt);
        }
        if self.inode(source)?.is_dir() && self.is_within(to_dir, source)? {
            return Err(Errno::Inval);
        }
        match target {
            Some(target) => self.may_replace(source, target)?,
            // Taken before the old name is released: a rename in a full tree may fail, but only before it changes anything.
            None => self.budget.take(Budget::entry(to_name))?,
        }
        self.leave(dir, name)?;
        self.budget.give(Budget::entry(name));
        if let Some(target) = target {
            self.replace(to_dir, to_name, source)?;
            self.unlinked(target)?;
        } else {
            self.enter(to_dir, to_name, source)?;
        }
        let now = (self.clock)();
        self.inode_mut(source)?.ctim = now;
        Ok(())
    }

    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        match &self.inode(link)?.body {
            Body::Link(target) => Ok(target.clone()),
            _ => Err(Errno::Inval),
        }
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        let entries = self.dir(dir)?.behind(cookie);
        let entries = entries.map(|(next, name, node)| {
            Ok(DirEntry {
                name,
                ino: node.0,
                kind: self.inode(node)?.kind(),
                next,
            })
        });
        fs::emit_all(entries, emit)
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        Ok(self.inode(node)?.stat(node))
    }

    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        let now = (self.clock)();
        let inode = self.inode_mut(node)?;
        for (time, set) in [(&mut inode.atim, atim), (&mut inode.mtim, mtim)] {
            match set {
                SetTime::Keep => {}
                SetTime::Now => *time = now,
                SetTime::At(at) => *time = at,
            }
        }
        inode.ctim = now;
        Ok(())
    }

    fn open(&mut self, node: Node, access: Access, _nonblock: bool) -> Result<Opened, Errno> {
        let inode = self.inode_mut(node)?;
        match inode.body {
            Body::Link(_) => return Err(Errno::Loop),
            Body::Directory(_) if access.write => return Err(Errno::IsDir),
            _ => inode.opens += 1,
        }
        Ok(Opened::Node)
    }

    fn close(&mut self, node: Node) {
        if let Ok(inode) = self.inode_mut(node) {
            inode.opens = inode.opens.saturating_sub(1);
            self.drop_if_unused(node);
        }
    }

    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        Ok(self.pages(file)?.read(pos, buf))
    }

    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.change(file, |pages, budget| pages.write(pos, data, budget))
    }

    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        self.change(file, |pages, budget| pages.set_len(len, budget))
    }

    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        self.change(file, |pages, budget| pages.allocate(pos, len, budget))
    }

    #[cfg(feature = "freeze")]
    fn contents(&mut self) -> Option<Vec<u8>> {
        let mut archive = Vec::new();
        self.export_tar(&mut |bytes| archive.extend_from_slice(bytes));
        Some(archive)
    }

    #[cfg(feature = "freeze")]
    fn set_contents(&mut self, contents: &[u8]) -> Result<(), Errno> {
        let clock = core::mem::replace(&mut self.clock, Box::new(|| 0));
        let budget = self.budget.emptied();
        *self = RamFs {
            budget,
            ..RamFs::new(0, clock)
        };
        self.unpack_tar(ROOT, contents)
            .map_err(|error| match error.problem {
                ArchiveProblem::Refused(errno) => errno,
                _ => Errno::IlSeq,
            })
    }
}

impl RamFs {
    /// Changes the target of an existing name. The entry keeps its position in the directory.
    fn replace(&mut self, dir: Node, name: &str, node: Node) -> Result<(), Errno> {
        let now = (self.clock)();
        // A directory can only replace a directory, so the number of the parent's subdirectories does not change.
        self.dir_mut(dir)?.replace(name, node);
        let parent = self.inode_mut(dir)?;
        parent.mtim = now;
        parent.ctim = now;
        if let Body::Directory(directory) = &mut self.inode_mut(node)?.body {
            directory.parent = dir;
        }
        Ok(())
    }
}
