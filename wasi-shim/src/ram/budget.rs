//! The limit of a RAM disk in bytes.
//!
//! Every allocation that a guest can cause is counted before it is made, and released when it is dropped. So a guest that
//! creates empty files forever gets `ENOSPC`, like one that writes forever.

use crate::errno::Errno;

/// Bytes in a page of a file.
pub(super) const PAGE: usize = 4096;

/// The cost of a file, directory or link without its content: its record, and its entry in the table. Trees can be half
/// empty.
pub(super) const INODE: u64 = 352;

/// The cost of a file's table of pages, and of a directory's two indices.
pub(super) const PAGES: u64 = 320;
pub(super) const INDICES: u64 = 736;

/// The cost of a page without its bytes.
const PAGE_ENTRY: u64 = 96;

/// The cost of a name without its bytes: its entries in the two indices of a directory.
const ENTRY: u64 = 224;

/// A number of bytes that can be taken and released.
pub(super) struct Budget {
    limit: u64,
    used: u64,
    /// The maximum so far. The allocator never returns that memory.
    peak: u64,
    /// The memory that is left for a higher maximum.
    room: fn() -> u64,
}

impl Budget {
    /// The cost of a page.
    pub(super) const PAGE: u64 = PAGE as u64 + PAGE_ENTRY;

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

    /// The same limits, of which nothing is used.
    #[cfg(feature = "freeze")]
    pub(super) fn emptied(&self) -> Budget {
        Budget {
            room: self.room,
            ..Budget::new(self.limit)
        }
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Takes `bytes`: all or none.
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

    /// Releases `bytes`.
    pub(super) fn give(&mut self, bytes: u64) {
        self.used -= bytes;
    }

    /// The cost of a name.
    pub(super) fn entry(name: &str) -> u64 {
        ENTRY + name.len() as u64
    }
}
