//! A file's content in memory, in pages of 4 KiB. Pages that were never written do not exist.
//!
//! Invariant P1: every byte of a page at or after the end of the file is zero. `write` preserves this, and `set_len` clears
//! the rest of the last page when it truncates. So the new part of a file that grows again reads as zeros.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use super::budget::{Budget, PAGE};
use crate::errno::Errno;

/// The maximum length of a file, because relative offsets of preview 1 are signed.
const MAX_LEN: u64 = i64::MAX as u64;

/// The content of one file.
pub(super) struct Pages {
    len: u64,
    pages: BTreeMap<u64, Box<[u8]>>,
}

impl Pages {
    pub(super) fn new() -> Pages {
        Pages {
            len: 0,
            pages: BTreeMap::new(),
        }
    }

    /// Length of the file in bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The number of pages.
    pub(super) fn count(&self) -> u64 {
        self.pages.len() as u64
    }

    /// Reads from `pos` on. Returns fewer bytes than requested only at the end.
    pub(super) fn read(&self, pos: u64, buf: &mut [u8]) -> usize {
        let rest = self.len.saturating_sub(pos);
        let count = usize::try_from(rest).map_or(buf.len(), |rest| rest.min(buf.len()));
        for (index, offset, range) in pieces(pos, count) {
            let part = &mut buf[range];
            match self.pages.get(&index) {
                Some(page) => part.copy_from_slice(&page[offset..offset + part.len()]),
                None => part.fill(0),
            }
        }
        count
    }

    /// Writes from `pos` on, as far as the budget has pages.
    pub(super) fn write(
        &mut self,
        pos: u64,
        data: &[u8],
        budget: &mut Budget,
    ) -> Result<usize, Errno> {
        let room = MAX_LEN.saturating_sub(pos);
        let count = usize::try_from(room).map_or(data.len(), |room| room.min(data.len()));
        if count == 0 && !data.is_empty() {
            return Err(Errno::FBig);
        }
        let mut written = 0;
        for (index, offset, range) in pieces(pos, count) {
            let part = &data[range];
            match self.page(index, budget) {
                Ok(page) => page[offset..offset + part.len()].copy_from_slice(part),
                Err(errno) if written == 0 => return Err(errno),
                Err(_) => break,
            }
            written += part.len();
            self.len = self.len.max(pos + written as u64);
        }
        Ok(written)
    }

    /// Truncates or extends the file. The new part reads as zeros.
    pub(super) fn set_len(&mut self, len: u64, budget: &mut Budget) -> Result<(), Errno> {
        if len > MAX_LEN {
            return Err(Errno::FBig);
        }
        if len < self.len {
            let cut = self.pages.split_off(&len.div_ceil(PAGE as u64));
            budget.give(cut.len() as u64 * Budget::PAGE);
            if let Some(page) = self.pages.get_mut(&(len / PAGE as u64)) {
                page[(len % PAGE as u64) as usize..].fill(0);
            }
        }
        self.len = len;
        Ok(())
    }

    /// Allocates all missing pages of the range, all or none, and extends the file to its end.
    pub(super) fn allocate(
        &mut self,
        pos: u64,
        len: u64,
        budget: &mut Budget,
    ) -> Result<(), Errno> {
        let end = pos
            .checked_add(len)
            .filter(|end| *end <= MAX_LEN)
            .ok_or(Errno::FBig)?;
        let wanted = pos / PAGE as u64..end.div_ceil(PAGE as u64);
        let missing = wanted.end - wanted.start - self.pages.range(wanted.clone()).count() as u64;
        // Checked first, so that a request that is too large does not fill the memory before it fails.
        let bytes = missing.checked_mul(Budget::PAGE).ok_or(Errno::NoSpc)?;
        budget.take(bytes)?;
        budget.give(bytes);
        for index in wanted {
            self.page(index, budget)?;
        }
        self.len = self.len.max(end);
        Ok(())
    }

    /// The page with this number. It is created with zeros if it does not exist.
    fn page(&mut self, index: u64, budget: &mut Budget) -> Result<&mut [u8], Errno> {
        match self.pages.entry(index) {
            Entry::Occupied(page) => Ok(page.into_mut()),
            Entry::Vacant(hole) => {
                budget.take(Budget::PAGE)?;
                let mut page = Vec::new();
                if page.try_reserve_exact(PAGE).is_err() {
                    budget.give(Budget::PAGE);
                    return Err(Errno::NoSpc);
                }
                page.resize(PAGE, 0);
                Ok(hole.insert(page.into_boxed_slice()))
            }
        }
    }
}

/// Splits `count` bytes from `pos` on at page borders: page number, offset in the page, range in the caller's buffer.
fn pieces(pos: u64, count: usize) -> impl Iterator<Item = (u64, usize, core::ops::Range<usize>)> {
    let mut done = 0;
    core::iter::from_fn(move || {
        let at = pos + done as u64;
        let offset = (at % PAGE as u64) as usize;
        let len = (PAGE - offset).min(count - done);
        let range = done..done + len;
        done += len;
        (len > 0).then_some((at / PAGE as u64, offset, range))
    })
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

    use super::*;

    fn content(pages: &Pages) -> Vec<u8> {
        let mut buf = alloc::vec![0xee; pages.len() as usize + 1];
        let count = pages.read(0, &mut buf);
        buf.truncate(count);
        buf
    }

    #[test]
    fn a_cut_file_grows_again_with_zeros() {
        let mut budget = Budget::new(1 << 20);
        let mut pages = Pages::new();
        pages.write(0, &[7; 5000], &mut budget).unwrap();
        pages.set_len(10, &mut budget).unwrap();
        pages.set_len(6000, &mut budget).unwrap();
        let mut expected = alloc::vec![0; 6000];
        expected[..10].fill(7);
        assert_eq!(content(&pages), expected);
        assert_eq!(budget.used(), Budget::PAGE);
    }

    #[test]
    fn holes_cost_nothing_and_read_as_zeros() {
        let mut budget = Budget::new(3 * Budget::PAGE);
        let mut pages = Pages::new();
        pages.write(1 << 40, b"end", &mut budget).unwrap();
        assert_eq!(pages.len(), (1 << 40) + 3);
        assert_eq!(budget.used(), Budget::PAGE);
        let mut buf = [1; 8];
        assert_eq!(pages.read((1 << 40) - 5, &mut buf), 8);
        assert_eq!(&buf, b"\0\0\0\0\0end");
    }

    #[test]
    fn where_memory_is_short_only_pages_that_were_there_before_are_given_out() {
        static ROOM: AtomicU64 = AtomicU64::new(2 * Budget::PAGE);
        let mut budget = Budget::new(1 << 20);
        budget.set_room(|| ROOM.load(Relaxed));
        let mut pages = Pages::new();
        assert_eq!(pages.write(0, &[1; PAGE], &mut budget), Ok(PAGE));
        ROOM.store(Budget::PAGE - 1, Relaxed);
        assert_eq!(
            pages.write(PAGE as u64, &[1], &mut budget),
            Err(Errno::NoSpc)
        );
        pages.set_len(0, &mut budget).unwrap();
        assert_eq!(pages.write(0, &[1; 2 * PAGE], &mut budget), Ok(PAGE));
    }

    #[test]
    fn a_full_budget_cuts_a_write_short_and_then_refuses() {
        let mut budget = Budget::new(2 * Budget::PAGE);
        let mut pages = Pages::new();
        assert_eq!(pages.write(100, &[1; 9000], &mut budget), Ok(8192 - 100));
        assert_eq!(pages.write(8192, &[1], &mut budget), Err(Errno::NoSpc));
        assert_eq!(pages.len(), 8192);
        assert_eq!(pages.allocate(0, 1 << 50, &mut budget), Err(Errno::NoSpc));
        assert_eq!(pages.allocate(0, u64::MAX, &mut budget), Err(Errno::FBig));
        assert_eq!(pages.write(u64::MAX, &[1], &mut budget), Err(Errno::FBig));
        assert_eq!(pages.len(), 8192);
        pages.set_len(0, &mut budget).unwrap();
        assert_eq!(budget.used(), 0);
    }
}
