//! `WriteBuffer`: small writes to one file, gathered until they fill sectors.
//!
//! A program that appends line by line would otherwise rewrite the same sector for each. What is gathered lies within clusters that the
//! file has already, so that putting it on the disk needs no space and cannot fail for want of it: `ENOSPC` is always told to the
//! write that caused it.

use alloc::vec::Vec;

use super::device::SECTOR;

/// How many bytes are gathered at most.
pub(super) const CAPACITY: usize = 4096;

/// Bytes that wait to be written from one position on, without a gap.
#[derive(Default)]
pub(super) struct WriteBuffer {
    pos: u64,
    data: Vec<u8>,
}

impl WriteBuffer {
    /// Where the gathered bytes start, and the bytes.
    pub(super) fn get(&self) -> (u64, &[u8]) {
        (self.pos, &self.data)
    }

    /// Where the gathered bytes end; 0 if there are none.
    pub(super) fn end(&self) -> u64 {
        match self.data.len() {
            0 => 0,
            len => self.pos + len as u64,
        }
    }

    /// Takes a write in if it continues what is here, or overwrites a part of it, and there is room.
    pub(super) fn take(&mut self, pos: u64, data: &[u8]) -> bool {
        if self.data.is_empty() {
            self.pos = pos;
        }
        if pos < self.pos || pos > self.pos + self.data.len() as u64 {
            return false;
        }
        // Less than CAPACITY, because `data` is no longer than that.
        let start = (pos - self.pos) as usize;
        let end = start + data.len();
        if end > CAPACITY {
            return false;
        }
        let overlap = (self.data.len() - start).min(data.len());
        self.data[start..start + overlap].copy_from_slice(&data[..overlap]);
        self.data.extend_from_slice(&data[overlap..]);
        true
    }

    /// How many of the gathered bytes end at a sector's border: writing these alone leaves no sector to be written twice.
    pub(super) fn whole_sectors(&self) -> usize {
        let end = self.end();
        let rest = (end % SECTOR as u64) as usize;
        self.data.len().saturating_sub(rest)
    }

    /// Forgets the first `count` bytes.
    pub(super) fn drop_front(&mut self, count: usize) {
        self.data.drain(..count);
        self.pos += count as u64;
    }

    pub(super) fn clear(&mut self) {
        self.data.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_that_touch_are_gathered() {
        let mut tail = WriteBuffer::default();
        assert!(tail.take(100, b"hello"));
        assert!(tail.take(105, b" world"));
        assert!(tail.take(104, b"O!"));
        assert!(!tail.take(112, b"gap"));
        assert!(!tail.take(99, b"before"));
        assert_eq!(tail.get(), (100, &b"hellO!world"[..]));
        assert_eq!(tail.end(), 111);
        assert!(!tail.take(111, &[0; CAPACITY]));
        assert!(tail.take(111, &[1; 1000]));
        assert_eq!(tail.whole_sectors(), 1024 - 100);
        tail.drop_front(924);
        assert_eq!((tail.get().0, tail.end()), (1024, 1111));
    }
}
