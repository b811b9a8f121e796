//! A disk that keeps what is written to it apart from what was there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Shared;
use wasi_shim::Errno;
use wasi_shim::fat::{BlockDevice, SECTOR};

/// Sectors by number.
pub(crate) type Sectors = BTreeMap<u64, Vec<u8>>;

/// A disk that is read through a few changed sectors; writes change those alone. Clones share the changes.
#[derive(Clone)]
pub(crate) struct Overlay {
    base: Arc<Vec<u8>>,
    sectors: u64,
    pub(crate) changed: Shared<Sectors>,
    pub(crate) meter: Arc<Meter>,
}

/// What a disk is asked, and when it fails.
#[derive(Default)]
pub(crate) struct Meter {
    pub(crate) reads: Shared<u64>,
    pub(crate) writes: Shared<u64>,
    /// How many sectors were read.
    pub(crate) sectors: Shared<u64>,
    /// After so many requests each one fails; 0 for never.
    pub(crate) limit: Shared<u64>,
    /// This request fails, and no other.
    pub(crate) fails: Shared<u64>,
}

impl Meter {
    pub(crate) fn requests(&self) -> u64 {
        self.reads.get() + self.writes.get()
    }

    fn count(&self, counter: &Shared<u64>) -> Result<(), Errno> {
        counter.set(counter.get() + 1);
        let now = self.requests();
        let over = self.limit.get() != 0 && now > self.limit.get();
        if over || now == self.fails.get() {
            return Err(Errno::Io);
        }
        Ok(())
    }
}

impl Overlay {
    pub(crate) fn new(base: Arc<Vec<u8>>, changed: Sectors) -> Overlay {
        let sectors = (base.len() / SECTOR) as u64;
        Overlay {
            base,
            sectors,
            changed: Shared::new(changed),
            meter: Arc::default(),
        }
    }

    /// A disk of zeros that takes no memory.
    pub(crate) fn sparse(bytes: u64) -> Overlay {
        Overlay {
            sectors: bytes / SECTOR as u64,
            ..Overlay::new(Arc::default(), Sectors::new())
        }
    }
}

impl BlockDevice for Overlay {
    fn sectors(&self) -> u64 {
        self.sectors
    }

    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
        self.meter.count(&self.meter.reads)?;
        let sectors = (buf.len() / SECTOR) as u64;
        self.meter.sectors.set(self.meter.sectors.get() + sectors);
        for (index, part) in buf.chunks_exact_mut(SECTOR).enumerate() {
            let sector = sector + index as u64;
            assert!(sector < self.sectors, "a read outside of the disk");
            let start = sector as usize * SECTOR;
            match self.changed.borrow().get(&sector) {
                Some(data) => part.copy_from_slice(data),
                None => match self.base.get(start..start + SECTOR) {
                    Some(data) => part.copy_from_slice(data),
                    None => part.fill(0),
                },
            }
        }
        Ok(())
    }

    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        self.meter.count(&self.meter.writes)?;
        for (index, part) in data.chunks_exact(SECTOR).enumerate() {
            let sector = sector + index as u64;
            assert!(sector < self.sectors, "a write outside of the disk");
            // Zeros over zeros cost nothing, so that a sparse disk stays sparse.
            let inside = (sector as usize * SECTOR) < self.base.len();
            if !inside && part.iter().all(|byte| *byte == 0) {
                self.changed.borrow_mut().remove(&sector);
            } else {
                self.changed.borrow_mut().insert(sector, part.to_vec());
            }
        }
        Ok(())
    }
}
