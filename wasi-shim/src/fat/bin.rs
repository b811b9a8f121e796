//! The bin: a hidden directory in the root for files that are open and have no name any more, and for the journal.
//!
//! FAT cannot keep a file that no directory names. One that is unlinked or replaced while it is open moves to the bin under a
//! number, and is removed by the last close. What a power cut leaves there is removed at the next mount. The bin itself is made when it is first
//! needed and removed when the volume is unmounted.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hadris_fs::{Attributes, DirCursor, Extent, Name, NodeId, SetAttr};

use super::FatFs;
use super::device::SECTOR;
use super::journal::{self, Kind, Record};
use super::nodes::ROOT;
use super::swap::Move;
use super::view::{self, View};
use super::volume::errno;
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::FileType;

/// The bin's name in the root. Guests neither see it nor can use the name.
const NAME: &str = "WASI-BIN.$$$";

/// The journal's name in the bin.
const JOURNAL: &str = "JOURNAL";

/// How many sectors the journal has.
const SECTORS: usize = journal::SIZE / SECTOR;

/// What is known about the bin.
#[derive(Default)]
pub(super) struct Bin {
    /// The number of the next file.
    next: u64,
    /// The sectors of the journal, once it is there.
    journal: Option<[u64; SECTORS]>,
    /// The journal holds a record.
    pending: bool,
}

impl Bin {
    /// Whether this name is the bin's.
    pub(super) fn hides(dir: Node, name: &str) -> bool {
        dir == ROOT && name.eq_ignore_ascii_case(NAME)
    }

    /// A number for one more file.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A file's name in the bin: short, so that it takes one directory entry.
    pub(super) fn name(number: u64) -> String {
        format!("{number:08X}")
    }

    /// Whether a rename has begun and not ended.
    pub(super) fn is_pending(&self) -> bool {
        self.pending
    }
}

impl FatFs {
    /// The bin's id, pinned; it is made if it is not there.
    pub(super) fn bin(&mut self) -> Result<NodeId, Errno> {
        let root = self.nodes.get(ROOT)?.id;
        match self.find_in(root, NAME) {
            Err(Errno::NoEnt) => {}
            found => return found,
        }
        let hidden = SetAttr::new().with_attributes(Attributes::HIDDEN | Attributes::SYSTEM);
        let made = self
            .names_change_in(root)
            .mkdir(root, Name::new(NAME), &hidden);
        made.map_err(|error| errno(&error))
    }

    /// Removes what a name leads to, file or empty directory. A file that is open moves to the bin.
    pub(super) fn dispose(&mut self, dir: Node, name: &str, id: NodeId) -> Result<(), Errno> {
        let parent = self.dir(dir)?;
        let held = self.nodes.by_id(id);
        let is_dir = self.kind_of(id)? == FileType::Directory;
        // The pin of the search; the nodes' own are all that may be left.
        self.unpin(id);
        if let Some(node) = held
            && !is_dir
            && self.nodes.get(node)?.opens > 0
        {
            return self.move_to_bin(parent, name, node);
        }
        let last = match held {
            Some(node) => Some((node, self.last_stat(node)?)),
            None => None,
        };
        let kind = match is_dir {
            true => FileType::Directory,
            false => FileType::RegularFile,
        };
        self.erase(parent, name, kind)?;
        if let Some((node, last)) = last {
            self.retire(node, last);
        }
        Ok(())
    }

    /// Moves a file that is open to the bin.
    pub(super) fn move_to_bin(&mut self, dir: NodeId, name: &str, node: Node) -> Result<(), Errno> {
        let bin = self.bin()?;
        let number = self.bin.number();
        let plan = Move {
            from: dir,
            name,
            to: bin,
            to_name: &Bin::name(number),
            kind: Kind::Bin,
        };
        let moved = self.move_entry(plan, node, None);
        self.unpin(bin);
        moved?;
        self.nodes.get_mut(node)?.in_bin = Some(number);
        Ok(())
    }

    /// Removes a file from the bin that nobody has open any more.
    pub(super) fn remove_from_bin(&mut self, node: Node, number: u64) -> Result<(), Errno> {
        self.begin_write()?;
        let last = self.last_stat(node)?;
        let bin = self.bin()?;
        let name = Bin::name(number);
        let removed = self.names_change_in(bin).unlink(bin, Name::new(&name));
        self.unpin(bin);
        self.retire(node, last);
        removed.map_err(|error| errno(&error))
    }

    /// Removes the bin with all that is in it and not open.
    pub(super) fn empty_bin(&mut self) -> Result<(), Errno> {
        self.drop_view();
        // Nothing may be made in the bin any more.
        self.view = View::Failed;
        let emptied = self.remove_bin();
        self.view = View::None;
        emptied
    }

    fn remove_bin(&mut self) -> Result<(), Errno> {
        let root = self.nodes.get(ROOT)?.id;
        let bin = match self.find_in(root, NAME) {
            Err(Errno::NoEnt) => return Ok(()),
            found => found?,
        };
        self.bin.journal = None;
        let result = self.empty(bin);
        self.unpin(bin);
        if result? {
            self.erase(root, NAME, FileType::Directory)?;
        }
        Ok(())
    }

    /// Removes the files in the bin that are not open. True if none is left.
    fn empty(&mut self, bin: NodeId) -> Result<bool, Errno> {
        let mut names: Vec<Vec<u8>> = Vec::new();
        let mut cursor = DirCursor::START;
        let (mut all, mut has_view) = (true, false);
        loop {
            let entry = self.volume.driver().readdir(bin, cursor);
            let Some(entry) = entry.map_err(|error| errno(&error))? else {
                break;
            };
            cursor = entry.next_cursor();
            if entry.file_type().is_dir() && entry.name().as_bytes() == view::NAME.as_bytes() {
                has_view = true;
            } else if entry.file_type().is_dir() || self.nodes.by_id(entry.node()).is_some() {
                all = false;
            } else {
                names.push(entry.name().as_bytes().into());
            }
        }
        for name in names {
            let removed = self.names_change_in(bin).unlink(bin, Name::new(&name));
            removed.map_err(|error| errno(&error))?;
        }
        if has_view {
            let driver = self.names_change_in(bin);
            let removed = driver.rmdir(bin, Name::new(view::NAME));
            removed.map_err(|error| errno(&error))?;
        }
        Ok(all)
    }

    // ---- the journal ----

    /// Makes sure that there is a journal. Errors: `ENOSPC`.
    pub(super) fn prepare_journal(&mut self) -> Result<(), Errno> {
        if self.bin.journal.is_some() {
            return Ok(());
        }
        let bin = self.bin()?;
        let made = self.make_journal(bin);
        self.unpin(bin);
        made
    }

    fn make_journal(&mut self, bin: NodeId) -> Result<(), Errno> {
        let id = match self.find_in(bin, JOURNAL) {
            Err(Errno::NoEnt) => {
                let driver = self.names_change_in(bin);
                let made = driver.create(bin, Name::new(JOURNAL), &SetAttr::new());
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
        self.bin.journal = Some(located?);
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
        let sectors = self.bin.journal.ok_or(Errno::Io)?;
        let bytes = record.encode()?;
        self.bin.pending = true;
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
        if self.bin.pending
            && let Some(sectors) = self.bin.journal
        {
            self.disk.write(sectors[0], &[0; SECTOR])?;
            self.bin.pending = false;
        }
        Ok(())
    }

    /// What the journal says, of this mount or the last one.
    pub(super) fn read_journal(&mut self) -> Result<Option<Record>, Errno> {
        if self.bin.journal.is_none() {
            let root = self.nodes.get(ROOT)?.id;
            let bin = match self.find_in(root, NAME) {
                Err(Errno::NoEnt) => return Ok(None),
                found => found?,
            };
            let found = self.find_in(bin, JOURNAL);
            self.unpin(bin);
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
            self.bin.journal = Some(sectors);
        }
        let Some(sectors) = self.bin.journal else {
            return Ok(None);
        };
        let mut bytes = alloc::vec![0; journal::SIZE];
        for (sector, buf) in sectors.into_iter().zip(bytes.chunks_exact_mut(SECTOR)) {
            self.disk.read(sector, buf)?;
        }
        let record = Record::decode(&bytes);
        self.bin.pending = record.is_some();
        Ok(record)
    }
}
