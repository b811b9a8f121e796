//! `Recent`: the sectors that were used last, in front of the read-ahead.
//!
//! To make a file, the driver and the index use a sector of a directory, one of the allocation table and one of the file by turns. The
//! read-ahead has two windows, and drops a window that is written. Without this table, each of the three would be read again and again.
//!
//! Invariant S1: what stands here is what the device has. Every write goes to the device first, and then here if it succeeded.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::device::SECTOR;

/// How many sectors are kept: 24 KiB.
const MAX: usize = 48;

/// Sectors by number, the latest at the end.
#[derive(Default)]
pub(super) struct Recent {
    sectors: Vec<(u64, Box<[u8; SECTOR]>)>,
}

impl Recent {
    /// Reads one sector, if it is here.
    pub(super) fn read(&mut self, sector: u64, buf: &mut [u8]) -> bool {
        let Some(at) = self.sectors.iter().rposition(|(kept, _)| *kept == sector) else {
            return false;
        };
        buf.copy_from_slice(&self.sectors[at].1[..]);
        self.sectors[at..].rotate_left(1);
        true
    }

    /// Whether a sector is here.
    pub(super) fn has(&self, sector: u64) -> bool {
        self.sectors.iter().any(|(kept, _)| *kept == sector)
    }

    /// Keeps a sector that was read or written.
    pub(super) fn keep(&mut self, sector: u64, data: &[u8]) {
        let Ok(data) = <&[u8; SECTOR]>::try_from(data) else {
            return;
        };
        if let Some(at) = self.sectors.iter().rposition(|(kept, _)| *kept == sector) {
            self.sectors[at].1.copy_from_slice(data);
            self.sectors[at..].rotate_left(1);
        } else if self.sectors.len() < MAX {
            self.sectors.push((sector, Box::new(*data)));
        } else {
            self.sectors[0].0 = sector;
            self.sectors[0].1.copy_from_slice(data);
            self.sectors.rotate_left(1);
        }
    }

    /// Forgets `count` sectors that are about to be written.
    pub(super) fn forget(&mut self, first: u64, count: u64) {
        self.sectors
            .retain(|(kept, _)| !(first..first + count).contains(kept));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_sectors_are_kept() {
        let mut recent = Recent::default();
        for sector in 0..=MAX as u64 {
            recent.keep(sector, &[sector as u8; SECTOR]);
        }
        let mut buf = [0; SECTOR];
        assert!(!recent.read(0, &mut buf));
        assert!(recent.read(1, &mut buf));
        assert_eq!(buf, [1; SECTOR]);
        recent.keep(1, &[9; SECTOR]);
        recent.forget(2, 3);
        assert!(recent.read(1, &mut buf) && buf == [9; SECTOR]);
        assert!(!recent.read(4, &mut buf));
        assert!(recent.read(5, &mut buf));
    }
}
