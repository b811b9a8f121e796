//! The table of nodes of the desktop's file system.
//!
//! A node is a name in an open directory. Its object is opened when it is needed: a directory when something below it is
//! looked up, and a file when the guest opens it. So a status takes one system call, and a name that is only passed takes
//! no descriptor. Open objects stay open, whatever happens to their names.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use hashbrown::HashMap;

use super::system::{Dir, File};
use crate::errno::Errno;
use crate::fs::{Access, Node};
use crate::types::FileType;

/// The maximum number of bytes that the listings of all open directories take. A guest can open a directory many times and read it
/// through each descriptor, and its limit of memory does not count them.
const MOST_LISTED: usize = 64 << 20;

/// A node.
pub(super) struct Slot {
    /// The directory that the name is in; `None` for the root.
    pub(super) parent: Option<Arc<Dir>>,
    pub(super) name: String,
    pub(super) kind: FileType,
    /// The references that the shim holds.
    refs: u32,
    /// The number of opens.
    pub(super) opens: u32,
    /// The directory itself, after its first use. Lookups of its names keep it open.
    pub(super) dir: Option<Arc<Dir>>,
    /// The file itself, while it is open, or since its creation.
    pub(super) file: Option<OpenFile>,
    /// The entries of the directory, while it is being read.
    listing: Option<Listing>,
}

/// An open file.
pub(super) struct OpenFile {
    pub(super) file: File,
    pub(super) access: Access,
}

/// The entries of a directory when it was read from the start. Cookies stay valid when the directory changes: each name
/// keeps its number while it exists, and new names have higher numbers.
#[derive(Default)]
pub(super) struct Listing {
    entries: Vec<Listed>,
    next: u64,
}

/// A name in a listing.
pub(super) struct Listed {
    pub(super) cookie: u64,
    pub(super) found: Found,
}

/// A name in a directory.
pub(super) struct Found {
    pub(super) name: String,
    pub(super) ino: u64,
    pub(super) kind: FileType,
}

impl Listing {
    /// The listing after the directory was read again.
    pub(super) fn renew(self, found: Vec<Found>) -> Listing {
        let mut known: HashMap<String, u64> = self
            .entries
            .into_iter()
            .map(|entry| (entry.found.name, entry.cookie))
            .collect();
        let mut next = self.next;
        let mut entries: Vec<Listed> = found
            .into_iter()
            .map(|found| {
                let cookie = known.remove(&found.name).unwrap_or_else(|| {
                    next += 1;
                    next
                });
                Listed { cookie, found }
            })
            .collect();
        entries.sort_by_key(|entry| entry.cookie);
        Listing { entries, next }
    }

    /// The memory that it takes, in bytes.
    fn size(&self) -> usize {
        let names: usize = self
            .entries
            .iter()
            .map(|entry| entry.found.name.capacity())
            .sum();
        names + self.entries.capacity() * size_of::<Listed>()
    }

    /// The entries after a cookie.
    pub(super) fn behind(&self, cookie: u64) -> &[Listed] {
        let start = self.entries.partition_point(|entry| entry.cookie <= cookie);
        &self.entries[start..]
    }
}

impl Slot {
    /// A preopened directory without a name.
    pub(super) fn opened(dir: Dir) -> Slot {
        let mut slot = Slot::new(None, "", FileType::Directory);
        slot.dir = Some(Arc::new(dir));
        slot
    }

    pub(super) fn new(parent: Option<Arc<Dir>>, name: &str, kind: FileType) -> Slot {
        Slot {
            parent,
            name: String::from(name),
            kind,
            refs: 1,
            opens: 0,
            dir: None,
            file: None,
            listing: None,
        }
    }
}

/// The table.
#[derive(Default)]
pub(super) struct Nodes {
    slots: Vec<Option<Slot>>,
    free: Vec<usize>,
    /// The memory that all listings take, in bytes.
    listed: usize,
}

impl Nodes {
    pub(super) fn insert(&mut self, slot: Slot) -> Node {
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.slots[index] = Some(slot);
        Node(index as u64)
    }

    pub(super) fn get(&mut self, node: Node) -> Result<&mut Slot, Errno> {
        let slot = usize::try_from(node.0)
            .ok()
            .and_then(|index| self.slots.get_mut(index));
        slot.and_then(Option::as_mut).ok_or(Errno::BadF)
    }

    pub(super) fn retain(&mut self, node: Node) {
        if let Ok(slot) = self.get(node) {
            slot.refs += 1;
        }
    }

    /// The listing of a directory. `None` if it has not been read, or if its listing was dropped since.
    pub(super) fn listing(&mut self, dir: Node) -> Result<Option<&Listing>, Errno> {
        Ok(self.get(dir)?.listing.as_ref())
    }

    /// Keeps what was found in a directory as its listing. If all listings take too much memory then, the others are dropped. A guest
    /// that goes on in one of them makes the directory be read again, and sees names twice or not at all only if it has changed.
    pub(super) fn list(&mut self, dir: Node, found: Vec<Found>) -> Result<(), Errno> {
        let old = self.unlist(dir)?.unwrap_or_default();
        let listing = old.renew(found);
        let size = listing.size();
        if self.listed.saturating_add(size) > MOST_LISTED {
            for slot in self.slots.iter_mut().flatten() {
                slot.listing = None;
            }
            self.listed = 0;
        }
        self.listed = self.listed.saturating_add(size);
        self.get(dir)?.listing = Some(listing);
        Ok(())
    }

    /// Drops the listing of a directory, and returns it.
    pub(super) fn unlist(&mut self, dir: Node) -> Result<Option<Listing>, Errno> {
        let listing = self.get(dir)?.listing.take();
        let size = listing.as_ref().map_or(0, Listing::size);
        self.listed = self.listed.saturating_sub(size);
        Ok(listing)
    }

    pub(super) fn forget(&mut self, node: Node) {
        if let Ok(slot) = self.get(node) {
            slot.refs -= 1;
            if slot.refs == 0 {
                // Closing it has dropped its listing. If it was never opened, it is dropped here.
                let _ = self.unlist(node);
                let index = node.0 as usize;
                self.slots[index] = None;
                self.free.push(index);
            }
        }
    }
}
