//! The index in use: reading a directory into it, finding by it, and keeping it right.

use alloc::vec::Vec;

use hadris_fat_raw::Slot;
use hadris_fat_raw::lfn::Assembler;
use hadris_fs::sync::FileSystem;
use hadris_fs::{DirCursor, Extent, NodeId};
use hashbrown::HashTable;

use super::FatFs;
use super::device::SECTOR;
use super::index::{Directory, ENTRY, MAX_HASHES, Run, hash, hash_of, short_hash};
use super::volume::errno;
use crate::errno::Errno;

/// How many entries a directory can have (FAT specification, 6).
const MAX_SLOTS: u64 = 65_536;

/// How many sectors are read at once.
const CHUNK: usize = 8;

/// The entries of one name.
pub(super) struct Listed {
    first: u32,
    count: u32,
    hashes: [u32; 2],
}

impl FatFs {
    /// The driver, for an operation that changes the names in directories: nothing is known of them afterwards.
    pub(super) fn names_change(&mut self) -> &mut dyn FileSystem<DeviceError = Errno> {
        self.index.clear();
        self.volume.driver()
    }

    /// The driver, for an operation that changes the names in one directory.
    pub(super) fn names_change_in(
        &mut self,
        dir: NodeId,
    ) -> &mut dyn FileSystem<DeviceError = Errno> {
        self.index.forget(dir);
        self.volume.driver()
    }

    /// Looks for a name by the index. False proves that it is missing; true lets the driver find it at once, if it is there.
    pub(super) fn may_be_there(&mut self, dir: NodeId, name: &str) -> Result<bool, Errno> {
        let Some(hash) = hash_of(name) else {
            return Ok(true);
        };
        let Some(directory) = self.indexed(dir)? else {
            return Ok(true);
        };
        let Some(slot) = directory.candidate(hash) else {
            return Ok(false);
        };
        // The driver remembers the entry that it listed last, and looks there first.
        let cursor = DirCursor::from_raw(u64::from(slot));
        let listed = self.volume.driver().readdir(dir, cursor);
        listed.map_err(|error| errno(&error))?;
        Ok(true)
    }

    /// What is known about a directory, which is read if it has to be. `None` on exFAT, and for directories that are too large.
    pub(super) fn indexed(&mut self, dir: NodeId) -> Result<Option<&mut Directory>, Errno> {
        if self.index.get(dir).is_none() {
            let Some(directory) = self.read_names(dir)? else {
                return Ok(None);
            };
            self.index.insert(dir, directory);
        }
        Ok(self.index.get(dir))
    }

    /// Where a directory's entries stand: the pieces, and how many entries they have.
    fn pieces(&mut self, dir: NodeId) -> Result<Option<(Vec<Run>, u32)>, Errno> {
        let (mut runs, mut slots) = (Vec::new(), 0_u64);
        let Ok(driver) = self.volume.fat() else {
            return Ok(None);
        };
        loop {
            let mut found = [Extent::new(0, 0); 16];
            let at = slots * ENTRY as u64;
            let count = driver.extents(dir, at, &mut found);
            let count = count.map_err(|error| errno(&error))?.min(found.len());
            for run in &found[..count] {
                runs.push(Run {
                    // Below MAX_SLOTS, as is checked here for the run before.
                    first: slots as u32,
                    offset: run.offset(),
                });
                slots += run.len() / ENTRY as u64;
                if run.file_offset() + run.len() != slots * ENTRY as u64 || slots > MAX_SLOTS {
                    return Ok(None);
                }
            }
            if count == 0 {
                return Ok(Some((runs, slots as u32)));
            }
        }
    }

    fn read_names(&mut self, dir: NodeId) -> Result<Option<Directory>, Errno> {
        let Some((runs, slots)) = self.pieces(dir)? else {
            return Ok(None);
        };
        let code_page = self.volume.fat()?.code_page();
        let mut directory = Directory {
            runs,
            slots,
            end: slots,
            holes: Vec::new(),
            names: HashTable::new(),
        };
        let mut buf = alloc::vec![0; CHUNK * SECTOR];
        let (mut long, mut start, mut slot) = (Assembler::new(), 0, 0);
        while slot < slots {
            let at = directory.offset(slot).ok_or(Errno::Io)?;
            // Up to the end of the piece.
            let piece = directory.runs.partition_point(|run| run.first <= slot);
            let end = directory.runs.get(piece).map_or(slots, |run| run.first);
            let len = buf.len().min((end - slot) as usize * ENTRY);
            self.disk.read(at / SECTOR as u64, &mut buf[..len])?;
            for raw in buf[..len].as_chunks::<ENTRY>().0 {
                match Slot::parse(raw) {
                    Slot::End => {
                        directory.end = slot;
                        return Ok(Some(directory));
                    }
                    Slot::Free => {
                        long.reset();
                        directory.free(slot, 1);
                    }
                    Slot::Long(part) => {
                        if part.sequence() & 0x40 != 0 {
                            start = slot;
                        }
                        long.push(&part);
                    }
                    Slot::Short(entry) if entry.is_visible() => {
                        let units = long.finish(entry.lfn_checksum());
                        let first = if units.is_some() { start } else { slot };
                        if let Some(units) = units.filter(|units| !units.is_empty()) {
                            directory.add(hash(units.iter().copied()), first);
                        }
                        directory.add(short_hash(&entry, code_page), first);
                    }
                    Slot::Short(_) => long.reset(),
                }
                slot += 1;
            }
            if directory.names.len() > MAX_HASHES {
                return Ok(None);
            }
        }
        Ok(Some(directory))
    }

    /// The entries of a file that will be removed, if the index knows the directory; to be handed to [`unlisted`](Self::unlisted).
    pub(super) fn listed(&mut self, dir: NodeId, name: &str) -> Result<Option<Listed>, Errno> {
        let Ok(driver) = self.volume.fat() else {
            return Ok(None);
        };
        let code_page = driver.code_page();
        let Some(directory) = self.index.get(dir) else {
            return Ok(None);
        };
        let Some(wanted) = hash_of(name) else {
            return Ok(None);
        };
        // Of two names with one hash, the wrong one would be taken out.
        let Some(first) = directory.only_candidate(wanted) else {
            return Ok(None);
        };
        let (mut long, mut hashes) = (Assembler::new(), [0; 2]);
        for slot in first..directory.slots() {
            let at = directory.offset(slot).ok_or(Errno::Io)?;
            match Slot::parse(&self.disk.read_within(at)?) {
                Slot::Long(part) => long.push(&part),
                Slot::Short(entry) if entry.is_visible() => {
                    hashes[0] = short_hash(&entry, code_page);
                    hashes[1] = match long.finish(entry.lfn_checksum()) {
                        Some(units) => hash(units.iter().copied()),
                        None => hashes[0],
                    };
                    let count = slot - first + 1;
                    return Ok(hashes.contains(&wanted).then_some(Listed {
                        first,
                        count,
                        hashes,
                    }));
                }
                _ => break,
            }
        }
        Ok(None)
    }

    /// Notes that a file was removed, or was perhaps removed.
    pub(super) fn unlisted(&mut self, dir: NodeId, listed: Option<Listed>, removed: bool) {
        let known = match (listed, self.index.get(dir)) {
            (Some(listed), Some(directory)) if removed => {
                let [short, long] = listed.hashes;
                let mut known = directory.remove(short, listed.first);
                if long != short {
                    known &= directory.remove(long, listed.first);
                }
                directory.free(listed.first, listed.count);
                known
            }
            _ => false,
        };
        if !known {
            self.index.forget(dir);
        }
    }

    /// Notes that a directory has more clusters than before.
    pub(super) fn grown(&mut self, dir: NodeId) -> Result<(), Errno> {
        let pieces = self.pieces(dir)?;
        match (pieces, self.index.get(dir)) {
            (Some((runs, slots)), Some(directory)) => {
                (directory.runs, directory.slots) = (runs, slots);
            }
            _ => self.index.forget(dir),
        }
        Ok(())
    }
}
