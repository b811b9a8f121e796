//! The file of the journal in the hidden directory: making it, and writing and reading its record.

use hadris_fs::{Extent, Name, NodeId, SetAttr};

use super::FatFs;
use super::device::SECTOR;
use super::driver_error::errno;
use super::hidden;
use super::journal::{self, Record};
use super::nodes::ROOT;
use crate::errno::Errno;

/// The journal's name in the hidden directory.
const JOURNAL: &str = "JOURNAL";

/// How many sectors the journal has.
const SECTORS: usize = journal::SIZE / SECTOR;

/// What is known about the file.
#[derive(Default)]
pub(super) struct JournalFile {
    /// Its sectors, once it is there.
    sectors: Option<[u64; SECTORS]>,
    /// A rename has begun and not ended: the file holds a record.
    pub(super) pending: bool,
}

impl JournalFile {
    /// Forgets where the file stands, before it is removed.
    pub(super) fn forget(&mut self) {
        self.sectors = None;
    }
}

impl FatFs {
    /// Makes sure that there is a journal. Errors: `ENOSPC`.
    pub(super) fn prepare_journal(&mut self) -> Result<(), Errno> {
        if self.journal.sectors.is_some() {
            return Ok(());
        }
        let hidden = self.hidden_dir()?;
        let made = self.make_journal(hidden);
        self.unpin(hidden);
        made
    }

    fn make_journal(&mut self, hidden: NodeId) -> Result<(), Errno> {
        let id = match self.find_in(hidden, JOURNAL) {
            Err(Errno::NoEnt) => {
                let driver = self.names_change_in(hidden);
                let made = driver.create(hidden, Name::new(JOURNAL), &SetAttr::new());
                made.map_err(|error| errno(&error))?
            }
            found => found?,
        };
        let driver = self.volume.driver();
        let written = driver
            .write(id, 0, &[0; journal::SIZE])
            .and_then(|_| driver.close(id));
        let located = written.map_err(|error| errno(&error));
        let located = located.and_then(|()| self.locate_journal(id));
        self.unpin(id);
        self.journal.sectors = Some(located?);
        Ok(())
    }

    /// Where the sectors of the journal are.
    fn locate_journal(&mut self, id: NodeId) -> Result<[u64; SECTORS], Errno> {
        let mut sectors = [0; SECTORS];
        for (index, sector) in sectors.iter_mut().enumerate() {
            let offset = (index * SECTOR) as u64;
            let mut runs = [Extent::new(0, 0)];
            let found = self.volume.extents(id, offset, &mut runs)?;
            let [run] = runs;
            let within = offset.wrapping_sub(run.file_offset());
            if found == 0 || within >= run.len() {
                return Err(Errno::Io);
            }
            *sector = (run.offset() + within) / SECTOR as u64;
        }
        Ok(sectors)
    }

    /// Says what will be done. One device write, where the journal's sectors stand in a row.
    pub(super) fn write_journal(&mut self, record: &Record) -> Result<(), Errno> {
        let sectors = self.journal.sectors.ok_or(Errno::Io)?;
        let bytes = record.encode()?;
        self.journal.pending = true;
        if sectors.windows(2).all(|pair| pair[0] + 1 == pair[1]) {
            return self.disk.write(sectors[0], &bytes);
        }
        for (sector, data) in sectors.into_iter().zip(bytes.chunks_exact(SECTOR)) {
            self.disk.write(sector, data)?;
        }
        Ok(())
    }

    /// Says that it is done.
    pub(super) fn wipe_journal(&mut self) -> Result<(), Errno> {
        if self.journal.pending
            && let Some(sectors) = self.journal.sectors
        {
            self.disk.write(sectors[0], &[0; SECTOR])?;
            self.journal.pending = false;
        }
        Ok(())
    }

    /// What the journal says, of this mount or the last one.
    pub(super) fn read_journal(&mut self) -> Result<Option<Record>, Errno> {
        if self.journal.sectors.is_none() {
            let root = self.nodes.get(ROOT)?.id;
            let hidden = match self.find_in(root, hidden::NAME) {
                Err(Errno::NoEnt) => return Ok(None),
                found => found?,
            };
            let found = self.find_in(hidden, JOURNAL);
            self.unpin(hidden);
            let id = match found {
                Err(Errno::NoEnt) => return Ok(None),
                found => found?,
            };
            let located = self.locate_journal(id);
            self.unpin(id);
            let Ok(sectors) = located else {
                // The power failed before the journal was whole; nothing was ever written in it.
                return Ok(None);
            };
            self.journal.sectors = Some(sectors);
        }
        let Some(sectors) = self.journal.sectors else {
            return Ok(None);
        };
        let mut bytes = alloc::vec![0; journal::SIZE];
        for (sector, buf) in sectors.into_iter().zip(bytes.chunks_exact_mut(SECTOR)) {
            self.disk.read(sector, buf)?;
        }
        let record = Record::decode(&bytes);
        self.journal.pending = record.is_some();
        Ok(record)
    }
}
