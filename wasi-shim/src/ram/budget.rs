//! The limit of a RAM disk in bytes, and what counts against it.
//!
//! Every allocation that a guest can cause is paid for before it is made and given back when it is dropped, so that a guest
//! which creates empty files for ever meets `ENOSPC` as one does that writes for ever.

use super::inode::Body;
use super::pages::PAGE;
use crate::errno::Errno;

/// What a file, directory or link costs beside its content: its record, and its place in the table.
const INODE: u64 = 256;

/// What a name costs beside its bytes: its place in the two indices of a directory.
const ENTRY: u64 = 96;

/// A number of bytes that can be taken and given back.
pub(super) struct Budget {
    limit: u64,
    used: u64,
    /// The most that was ever taken. The allocator has that much memory for good.
    peak: u64,
    /// How much more there is for a larger peak.
    room: fn() -> u64,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Budget {
        Budget {
            limit,
            used: 0,
            peak: 0,
            room: || u64::MAX,
        }
    }

    pub(super) fn set_room(&mut self, room: fn() -> u64) {
        self.room = room;
    }

    pub(super) fn used(&self) -> u64 {
        self.used
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Takes `bytes`, all or none.
    pub(super) fn take(&mut self, bytes: u64) -> Result<(), Errno> {
        let used = self.used.checked_add(bytes).ok_or(Errno::NoSpc)?;
        if used > self.limit {
            return Err(Errno::NoSpc);
        }
        if used > self.peak {
            if used - self.peak > (self.room)() {
                return Err(Errno::NoSpc);
            }
            self.peak = used;
        }
        self.used = used;
        Ok(())
    }

    /// Gives `bytes` back that were taken.
    pub(super) fn give(&mut self, bytes: u64) {
        self.used -= bytes;
    }

    /// What a node costs now, without its names.
    pub(super) fn inode(body: &Body) -> u64 {
        INODE
            + match body {
                Body::File(pages) => pages.count() * PAGE as u64,
                Body::Directory(_) => 0,
                Body::Link(target) => target.len() as u64,
            }
    }

    /// What a name costs.
    pub(super) fn entry(name: &str) -> u64 {
        ENTRY + name.len() as u64
    }
}
