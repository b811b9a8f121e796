//! The index in use: reading a directory into it, finding by it, and noting what changed.

use alloc::vec::Vec;

use hadris_fat_raw::lfn::Assembler;
use hadris_fat_raw::{Slot, short_name};
use hadris_fs::sync::FileSystem;
use hadris_fs::{CodePage, DirCursor, Extent, Name, NodeId};
use hashbrown::HashTable;

use super::FatFs;
use super::device::SECTOR;
use super::driver_error::errno;
#[cfg(feature = "exfat")]
use super::exfat;
use super::index::{Directory, ENTRY, Fold, MAX_HASHES, Run, short_hash};
use super::view::{LARGE, View};
use super::volume::Volume;
use crate::errno::Errno;

/// How many entries a directory can have (FAT specification, 6), or can have here to be indexed: on exFAT, a name has three at least.
const MAX_SLOTS: u64 = 65_536;
#[cfg(feature = "exfat")]
const MAX_SLOTS_EXFAT: u64 = 3 * MAX_HASHES as u64;

/// How many entries exFAT needs for the longest name.
const MAX_SET: u32 = 19;

/// In how many runs the entries of one name can lie at most, with clusters of one sector.
const MAX_RUNS: usize = 4;

/// How many sectors are read at once.
const CHUNK: usize = 8;

/// The entries of one name.
pub(super) struct Listed {
    pub(super) first: u32,
    pub(super) count: u32,
    hashes: [u32; 2],
}

impl FatFs {
    /// The hash by which the index knows a name, if it can decide on it.
    pub(super) fn hash_of(&self, name: &str) -> Option<u32> {
        self.fold.as_ref()?.hash_of(name)
    }

    /// The driver, for an operation that changes the names in one directory: nothing is known of it afterwards.
    pub(super) fn names_change_in(
        &mut self,
        dir: NodeId,
    ) -> &mut dyn FileSystem<DeviceError = Errno> {
        self.index.forget(dir);
        self.volume.driver()
    }

    /// Looks for a name by the index. False proves that it is missing.
    pub(super) fn may_be_there(&mut self, dir: NodeId, name: &str) -> Result<bool, Errno> {
        let Some(hash) = self.hash_of(name) else {
            return Ok(true);
        };
        let directory = self.indexed(dir)?;
        Ok(directory.is_none_or(|directory| directory.has(hash)))
    }

    /// Lets the driver of FAT find a name at once: it remembers the entry that it listed last, and looks there first.
    pub(super) fn list_first(&mut self, dir: NodeId, name: &str) -> Result<(), Errno> {
        let slot = self.hash_of(name).and_then(|hash| {
            let directory = self.index.get(dir)?;
            directory.candidate(hash)
        });
        if let (Volume::Fat(driver), Some(slot)) = (&mut self.volume, slot) {
            let cursor = DirCursor::from_raw(u64::from(slot));
            let listed = driver.readdir(dir, cursor);
            listed.map_err(|error| errno(&error))?;
        }
        Ok(())
    }

    /// Finds a name in a large directory. `None` if the driver must look for it in the whole directory.
    pub(super) fn find_in_view(&mut self, dir: NodeId, name: &str) -> Option<NodeId> {
        if !matches!(self.view, View::Ready { .. }) {
            return None;
        }
        let hash = self.hash_of(name)?;
        let directory = self.index.get(dir)?;
        if directory.names.len() <= LARGE {
            return None;
        }
        let first = directory.only_candidate(hash)?;
        let count = MAX_SET.min(directory.slots() - first);
        let window = directory.window(first, count)?;
        let found = self.in_view(&[window], |fs, ids| {
            fs.volume.driver().lookup(ids[0], Name::new(name)).ok()
        });
        found.flatten()
    }

    /// What is known about a directory, which is read if it has to be. `None` for directories that are too large.
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
        let max = match self.volume {
            Volume::Fat(_) => MAX_SLOTS,
            #[cfg(feature = "exfat")]
            Volume::ExFat(_) => MAX_SLOTS_EXFAT,
        };
        loop {
            let mut found = [Extent::new(0, 0); 16];
            let at = slots * ENTRY as u64;
            let count = self.volume.extents(dir, at, &mut found)?;
            for run in &found[..count] {
                runs.push(Run {
                    // Below `max`, as is checked here for the run before.
                    first: slots as u32,
                    offset: run.offset(),
                });
                slots += run.len() / ENTRY as u64;
                if run.file_offset() + run.len() != slots * ENTRY as u64 || slots > max {
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
        if self.fold.is_none() {
            return Ok(None);
        }
        let directory = Directory {
            runs,
            slots,
            per_cluster: (self.volume.cluster_size() / ENTRY as u64) as u32,
            end: slots,
            holes: Vec::new(),
            names: HashTable::new(),
        };
        if let Ok(driver) = self.volume.fat() {
            let code_page = driver.code_page();
            let mut names = FatNames::default();
            return self.read_entries(directory, |_, raw, slot, directory| {
                names.take(raw, slot, code_page, directory)
            });
        }
        #[cfg(feature = "exfat")]
        {
            let mut names = exfat::Names::default();
            self.read_entries(directory, |fold, raw, slot, directory| {
                names.take(raw, slot, fold, directory)
            })
        }
        #[cfg(not(feature = "exfat"))]
        Ok(None)
    }

    /// Reads all entries of a directory, until `take` returns false.
    fn read_entries(
        &mut self,
        mut directory: Directory,
        mut take: impl FnMut(&Fold, &[u8; ENTRY], u32, &mut Directory) -> bool,
    ) -> Result<Option<Directory>, Errno> {
        let Some(fold) = &self.fold else {
            return Ok(None);
        };
        let mut buf = alloc::vec![0; CHUNK * SECTOR];
        let (mut slot, slots) = (0, directory.slots);
        while slot < slots {
            let at = directory.offset(slot).ok_or(Errno::Io)?;
            // Up to the end of the piece.
            let piece = directory.runs.partition_point(|run| run.first <= slot);
            let end = directory.runs.get(piece).map_or(slots, |run| run.first);
            let len = buf.len().min((end - slot) as usize * ENTRY);
            self.disk.read(at / SECTOR as u64, &mut buf[..len])?;
            for raw in buf[..len].as_chunks::<ENTRY>().0 {
                if !take(fold, raw, slot, &mut directory) {
                    return Ok(Some(directory));
                }
                slot += 1;
            }
            if directory.names.len() > MAX_HASHES {
                return Ok(None);
            }
        }
        Ok(Some(directory))
    }

    /// The entries of a name that will be removed, if the index knows the directory; to be handed to [`unlisted`](Self::unlisted).
    pub(super) fn listed(&mut self, dir: NodeId, name: &str) -> Result<Option<Listed>, Errno> {
        let Some(wanted) = self.hash_of(name) else {
            return Ok(None);
        };
        let Some(directory) = self.index.get(dir) else {
            return Ok(None);
        };
        // Of two names with one hash, the wrong one would be taken out.
        let Some(first) = directory.only_candidate(wanted) else {
            return Ok(None);
        };
        let Ok(driver) = self.volume.fat() else {
            // The first entry of exFAT's names counts the others.
            let at = directory.offset(first).ok_or(Errno::Io)?;
            let [_, others] = self.disk.read_within(at)?;
            let count = 1 + u32::from(others);
            return Ok((count <= MAX_SET).then_some(Listed {
                first,
                count,
                hashes: [wanted; 2],
            }));
        };
        let code_page = driver.code_page();
        let (mut long, mut hashes) = (Assembler::new(), [0; 2]);
        for slot in first..directory.slots() {
            let at = directory.offset(slot).ok_or(Errno::Io)?;
            match Slot::parse(&self.disk.read_within(at)?) {
                Slot::Long(part) => long.push(&part),
                Slot::Short(entry) if entry.is_visible() => {
                    hashes[0] = short_hash(&entry, code_page);
                    hashes[1] = match long.finish(entry.lfn_checksum()) {
                        Some(units) => Fold::Fat.hash(units.iter().copied()),
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

    /// Where the entries of an id stand on exFAT, in bytes from the start of the volume.
    pub(super) fn places_of(&mut self, id: NodeId) -> Result<Vec<u64>, Errno> {
        let mut runs = [Extent::new(0, 0); MAX_RUNS];
        let found = self.volume.records(id, &mut runs)?;
        let entries = |run: &Extent| (run.offset()..run.end()).step_by(ENTRY);
        Ok(runs[..found].iter().flat_map(entries).collect())
    }

    /// Notes that the driver has made a file or directory.
    pub(super) fn note_made(&mut self, dir: NodeId, name: &str, id: NodeId) {
        if self.index.get(dir).is_none() {
            return;
        }
        if !self.try_note_made(dir, name, id).unwrap_or(false) {
            self.index.forget(dir);
        }
    }

    /// False if the index does not know where the entries stand.
    fn try_note_made(&mut self, dir: NodeId, name: &str, id: NodeId) -> Result<bool, Errno> {
        let Some(hash) = self.hash_of(name) else {
            return Ok(false);
        };
        // The driver of FAT chooses a short name, too, unless the name is one.
        let is_fat = self.volume.fat().is_ok();
        if is_fat && !(name.is_ascii() && short_name::case_bits(name).is_some()) {
            return Ok(false);
        }
        let places = self.places_of(id)?;
        // At most MAX_SET.
        let (at, count) = (*places.first().ok_or(Errno::Io)?, places.len() as u32);
        let known = |fs: &mut FatFs| fs.index.get(dir)?.slot_at(at);
        let mut first = known(self);
        let last = places
            .last()
            .and_then(|at| self.index.get(dir)?.slot_at(*at));
        if first.is_none() || last.is_none() {
            self.grown(dir)?;
            first = known(self);
        }
        let Some(first) = first.filter(|_| !is_fat || count == 1) else {
            return Ok(false);
        };
        if is_fat && self.is_long_name(dir, first.checked_sub(1))? {
            return Ok(false);
        }
        let Some(directory) = self.index.get(dir) else {
            return Ok(false);
        };
        if !directory.claim(first, count) {
            return Ok(false);
        }
        directory.add(hash, first);
        Ok(true)
    }

    /// Whether an entry of a directory of FAT is a part of a long name.
    fn is_long_name(&mut self, dir: NodeId, slot: Option<u32>) -> Result<bool, Errno> {
        let place = |fs: &mut FatFs| fs.index.get(dir)?.offset(slot?);
        Ok(match place(self) {
            Some(at) => matches!(Slot::parse(&self.disk.read_within(at)?), Slot::Long(_)),
            None => false,
        })
    }

    /// Notes that a name was removed, or was perhaps removed.
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

/// Puts the entries of a directory of FAT into the index, one after the other.
#[derive(Default)]
struct FatNames {
    long: Assembler,
    /// The first part of the long name that is being read.
    start: u32,
}

impl FatNames {
    /// Takes the entry that stands at `slot`. False if the directory ends before it.
    fn take(
        &mut self,
        raw: &[u8; ENTRY],
        slot: u32,
        code_page: &dyn CodePage,
        directory: &mut Directory,
    ) -> bool {
        match Slot::parse(raw) {
            Slot::End => {
                directory.end = slot;
                return false;
            }
            Slot::Free => {
                self.long.reset();
                directory.free(slot, 1);
            }
            Slot::Long(part) => {
                if part.sequence() & 0x40 != 0 {
                    self.start = slot;
                }
                self.long.push(&part);
            }
            Slot::Short(entry) if entry.is_visible() => {
                let units = self.long.finish(entry.lfn_checksum());
                let first = if units.is_some() { self.start } else { slot };
                if let Some(units) = units.filter(|units| !units.is_empty()) {
                    directory.add(Fold::Fat.hash(units.iter().copied()), first);
                }
                directory.add(short_hash(&entry, code_page), first);
            }
            Slot::Short(_) => self.long.reset(),
        }
        true
    }
}
