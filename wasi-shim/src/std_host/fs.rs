//! `StdFs`: directories of the system and their contents as a file system.
//!
//! The shim's path walk is the sandbox, and the system confines file access a second time. Every operation uses a single
//! name relative to an open directory ([`Dir`]), and never follows a link. If another process moves a directory away or
//! replaces it by a link between two steps, this leads nowhere: the open directory stays the same, and the link is refused.

use std::path::Path;

use alloc::string::String;
use alloc::sync::Arc;

use super::nodes::{Nodes, OpenFile, Slot};
use super::system::{self, Dir, File};
use crate::errno::Errno;
use crate::fs::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
use crate::types::{FileType, Stat};

/// Directories of the system and their contents.
#[derive(Default)]
pub struct StdFs {
    nodes: Nodes,
}

impl StdFs {
    /// Opens a directory and returns its node with a reference. Links in its path are followed. Directories of one `StdFs`
    /// are one file system for the guest: files can be renamed between them if the system allows it.
    ///
    /// Errors: it does not exist, is no directory, or cannot be searched.
    pub fn open_dir(&mut self, path: &Path) -> std::io::Result<Node> {
        Ok(self.nodes.insert(Slot::opened(Dir::open(path)?)))
    }

    /// An open directory.
    fn dir(&mut self, node: Node) -> Result<Arc<Dir>, Errno> {
        let slot = self.nodes.get(node)?;
        if let Some(dir) = &slot.dir {
            return Ok(dir.clone());
        }
        let (Some(parent), FileType::Directory) = (&slot.parent, slot.kind) else {
            return Err(Errno::NotDir);
        };
        let dir = Arc::new(parent.open_dir(&slot.name)?);
        slot.dir = Some(dir.clone());
        Ok(dir)
    }

    /// An open file.
    fn file(&mut self, node: Node) -> Result<&mut File, Errno> {
        let slot = self.nodes.get(node)?;
        match (&mut slot.file, slot.kind) {
            (Some(open), _) => Ok(&mut open.file),
            (None, FileType::Directory) => Err(Errno::IsDir),
            (None, _) => Err(Errno::BadF),
        }
    }

    /// The directory and the name of a node that is not open.
    fn name(&mut self, node: Node) -> Result<(Arc<Dir>, String), Errno> {
        let slot = self.nodes.get(node)?;
        let parent = slot.parent.clone().ok_or(Errno::Busy)?;
        Ok((parent, slot.name.clone()))
    }
}

/// Rejects names that are not single, so that a mistake elsewhere does not become an escape.
fn single(name: &str) -> Result<&str, Errno> {
    let bad = name.is_empty() || name == "." || name == ".." || name.contains(['/', '\0']);
    if bad { Err(Errno::Inval) } else { Ok(name) }
}

/// Checks the name of an existing file.
fn known(name: &str) -> Result<&str, Errno> {
    let allowed = system::allows(single(name)?);
    if allowed { Ok(name) } else { Err(Errno::NoEnt) }
}

/// Checks the name of a new file.
fn fresh(name: &str) -> Result<&str, Errno> {
    let allowed = system::allows(single(name)?);
    if allowed { Ok(name) } else { Err(Errno::Inval) }
}

impl FileSystem for StdFs {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        let parent = self.dir(dir)?;
        let kind = parent.stat_name(known(name)?)?.kind;
        let node = self.nodes.insert(Slot::new(Some(parent), name, kind));
        Ok(Entry { node, kind })
    }

    fn descend(&mut self, dir: Node, names: &[&str]) -> Option<Node> {
        let base = self.dir(dir).ok()?;
        if names.iter().any(|name| known(name).is_err()) {
            return None;
        }
        // The name of such a node is never needed, because it is only used for lookups.
        Some(self.nodes.insert(Slot::opened(base.descend(names)?)))
    }

    fn retain(&mut self, node: Node) {
        self.nodes.retain(node);
    }

    fn forget(&mut self, node: Node) {
        self.nodes.forget(node);
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        let parent = self.dir(dir)?;
        let file = parent.create_file(fresh(name)?)?;
        let mut slot = Slot::new(Some(parent), name, FileType::RegularFile);
        let access = Access {
            read: true,
            write: true,
        };
        slot.file = Some(OpenFile { file, access });
        Ok(self.nodes.insert(slot))
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.dir(dir)?.create_dir(fresh(name)?)
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.dir(dir)?.unlink(known(name)?)
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.dir(dir)?.remove_dir(known(name)?)
    }

    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let (dir, to_dir) = (self.dir(dir)?, self.dir(to_dir)?);
        dir.rename(known(name)?, &to_dir, fresh(to_name)?)
    }

    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        let (dir, to_dir) = (self.dir(dir)?, self.dir(to_dir)?);
        dir.link(known(name)?, &to_dir, fresh(to_name)?)
    }

    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        self.dir(dir)?.symlink(target, fresh(name)?)
    }

    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        if self.nodes.get(link)?.kind != FileType::SymbolicLink {
            return Err(Errno::Inval);
        }
        let (dir, name) = self.name(link)?;
        dir.read_link(&name)
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        let open = self.dir(dir)?;
        if cookie == 0 || self.nodes.listing(dir)?.is_none() {
            self.nodes.list(dir, open.entries()?)?;
        }
        let listing = self.nodes.listing(dir)?;
        let entries = listing.map_or(&[][..], |listing| listing.behind(cookie));
        for entry in entries {
            let next = entry.cookie;
            if !emit(DirEntry {
                name: &entry.found.name,
                ino: entry.found.ino,
                kind: entry.found.kind,
                next,
            }) {
                break;
            }
        }
        Ok(())
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        let slot = self.nodes.get(node)?;
        match (&slot.file, &slot.dir) {
            (Some(open), _) => open.file.stat(),
            (None, Some(dir)) => dir.stat(),
            (None, None) => {
                let parent = slot.parent.as_ref().ok_or(Errno::BadF)?;
                parent.stat_name(&slot.name)
            }
        }
    }

    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        let slot = self.nodes.get(node)?;
        match (&slot.file, &slot.dir) {
            (Some(open), _) => open.file.set_times(atim, mtim),
            (None, Some(dir)) => dir.set_times(atim, mtim),
            (None, None) => {
                let (dir, name) = self.name(node)?;
                dir.set_times_of(&name, atim, mtim)
            }
        }
    }

    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        let slot = self.nodes.get(node)?;
        let kind = slot.kind;
        if kind == FileType::SymbolicLink {
            return Err(Errno::Loop);
        }
        if kind == FileType::Directory {
            if access.write {
                return Err(Errno::IsDir);
            }
            self.dir(node)?;
        } else {
            let known = slot.file.as_ref().map(|open| open.access);
            let enough =
                known.is_some_and(|known| known.read >= access.read && known.write >= access.write);
            if !enough {
                let known = known.unwrap_or_default();
                let access = Access {
                    read: access.read || known.read,
                    write: access.write || known.write,
                };
                let parent = slot.parent.as_ref().ok_or(Errno::BadF)?;
                if kind != FileType::RegularFile {
                    let stream = parent.open_stream(&slot.name, access, nonblock)?;
                    slot.opens += 1;
                    return Ok(Opened::Stream(stream));
                }
                let file = parent.open_file(&slot.name, access)?;
                slot.file = Some(OpenFile { file, access });
            }
        }
        self.nodes.get(node)?.opens += 1;
        Ok(Opened::Node)
    }

    fn close(&mut self, node: Node) {
        if let Ok(slot) = self.nodes.get(node) {
            slot.opens = slot.opens.saturating_sub(1);
            if slot.opens == 0 {
                slot.file = None;
                // The node exists.
                let _ = self.nodes.unlist(node);
            }
        }
    }

    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.file(file)?.read_at(pos, buf)
    }

    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.file(file)?.write_at(pos, data)
    }

    fn append(&mut self, file: Node, data: &[u8]) -> Result<(usize, u64), Errno> {
        self.file(file)?.append(data)
    }

    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        self.file(file)?.set_len(len)
    }

    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        self.file(file)?.allocate(pos, len)
    }

    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        if self.nodes.get(node)?.kind == FileType::Directory {
            return self.dir(node)?.sync();
        }
        self.file(node)?.sync(data_only)
    }
}
