//! `Index`: where the names of the directories that were used last stand, so that a name is found, or found missing, without reading them.
//!
//! The driver reads a directory from its start for every name. Here one reading gives a table of hashes: of each long name and each short
//! alias, with the case folded as the driver folds it. A hash that is in the table is only a hint, which the driver checks; a hash that is
//! not there proves that the name is missing. So the table must never lack a name.
//!
//! Invariant X1: a directory in the index has every name that stands on the disk, and each of its `holes`, and all from `end` on, is free.
//! `create` and the removal of a file keep it; every other change of names goes through [`FatFs::names_change`], which empties the index.
//!
//! FAT only: on exFAT the driver compares hashes itself.

use alloc::vec::Vec;

use hadris_fat_raw::lfn::Assembler;
use hadris_fat_raw::{LongEntry, ShortEntry, Slot, fold_unicode, short_name};
use hadris_fs::{CodePage, DirCursor, Extent, Name, NodeId};
use hashbrown::HashTable;

use super::FatFs;
use super::device::SECTOR;
use super::volume::{Volume, errno};
use crate::errno::Errno;

/// Bytes in a directory entry.
pub(super) const ENTRY: usize = 32;

/// How many entries a directory can have (FAT specification, 6).
const MAX_SLOTS: u64 = 65_536;

/// How many hashes all directories in the index have together, at most: about 600 KB.
const MAX_HASHES: usize = 40_000;

/// How many directories are in the index, at most: as many as a path that is used often is deep.
const MAX_DIRS: usize = 16;

/// How many sectors are read at once.
const CHUNK: usize = 8;

/// The directories that were used last, the latest at the end.
#[derive(Default)]
pub(super) struct Index {
    dirs: Vec<(NodeId, Directory)>,
    /// The driver has marked the volume as in use, and no sync has taken that back.
    pub(super) marked: bool,
    /// How many directory entries were read for the index: what it costs.
    pub(super) read: u64,
}

/// A piece of a directory: clusters in a row.
struct Run {
    /// The directory's entry that it starts with.
    first: u32,
    /// Where that stands, in bytes from the start of the volume.
    offset: u64,
}

/// What is known about one directory.
pub(super) struct Directory {
    runs: Vec<Run>,
    /// How many entries fit in its clusters.
    slots: u32,
    /// The first entry that was never used.
    end: u32,
    /// Entries that were used and are free: first and number, in order.
    holes: Vec<(u32, u32)>,
    /// Hashes of names, each with the first entry that belongs to the name.
    names: HashTable<(u32, u32)>,
}

/// The entries of one name.
pub(super) struct Listed {
    first: u32,
    count: u32,
    hashes: [u32; 2],
}

impl Index {
    pub(super) fn clear(&mut self) {
        self.dirs.clear();
    }

    pub(super) fn get(&mut self, dir: NodeId) -> Option<&mut Directory> {
        let at = self.dirs.iter().position(|(id, _)| *id == dir)?;
        // The latest stands at the end.
        self.dirs[at..].rotate_left(1);
        self.dirs.last_mut().map(|(_, directory)| directory)
    }

    /// Forgets a directory.
    pub(super) fn forget(&mut self, dir: NodeId) {
        self.dirs.retain(|(id, _)| *id != dir);
    }

    fn insert(&mut self, dir: NodeId, directory: Directory) {
        self.forget(dir);
        self.dirs.push((dir, directory));
        let hashes = |dirs: &[(NodeId, Directory)]| -> usize {
            dirs.iter()
                .map(|(_, directory)| directory.names.len())
                .sum()
        };
        while self.dirs.len() > MAX_DIRS || hashes(&self.dirs) > MAX_HASHES {
            self.dirs.remove(0);
        }
    }
}

impl Directory {
    /// The first entries of what may have a name of this hash.
    fn candidate(&self, hash: u32) -> Option<u32> {
        let found = self.names.find(spread(hash), |(other, _)| *other == hash);
        found.map(|(_, slot)| *slot)
    }

    /// The first entry of the one name that has this hash; `None` if several have.
    fn only_candidate(&self, hash: u32) -> Option<u32> {
        let mut found = self
            .names
            .iter_hash(spread(hash))
            .filter(|(other, _)| *other == hash);
        match (found.next(), found.next()) {
            (Some((_, slot)), None) => Some(*slot),
            _ => None,
        }
    }

    pub(super) fn has(&self, hash: u32) -> bool {
        self.candidate(hash).is_some()
    }

    pub(super) fn add(&mut self, hash: u32, slot: u32) {
        self.names
            .insert_unique(spread(hash), (hash, slot), |(hash, _)| spread(*hash));
    }

    fn remove(&mut self, hash: u32, slot: u32) -> bool {
        let found = self
            .names
            .find_entry(spread(hash), |entry| *entry == (hash, slot));
        found.map(|entry| entry.remove()).is_ok()
    }

    /// Takes as many free entries in a row; `None` if the directory must grow.
    pub(super) fn take(&mut self, count: u32) -> Option<u32> {
        if let Some(at) = self.holes.iter().position(|(_, len)| *len >= count) {
            let (first, len) = self.holes[at];
            match len - count {
                0 => drop(self.holes.remove(at)),
                left => self.holes[at] = (first + count, left),
            }
            return Some(first);
        }
        let first = self.end;
        let end = first.checked_add(count).filter(|end| *end <= self.slots)?;
        self.end = end;
        Some(first)
    }

    /// Gives entries back.
    fn free(&mut self, first: u32, count: u32) {
        let at = self.holes.partition_point(|(hole, _)| *hole < first);
        self.holes.insert(at, (first, count));
        if let Some(&(next, len)) = self.holes.get(at + 1)
            && first + count == next
        {
            self.holes[at].1 += len;
            self.holes.remove(at + 1);
        }
        if at > 0 {
            let (before, len) = self.holes[at - 1];
            if before + len == first {
                self.holes[at - 1].1 += self.holes[at].1;
                self.holes.remove(at);
            }
        }
    }

    /// Where an entry stands, in bytes from the start of the volume.
    pub(super) fn offset(&self, slot: u32) -> Option<u64> {
        if slot >= self.slots {
            return None;
        }
        let at = self.runs.partition_point(|run| run.first <= slot);
        let run = self.runs.get(at.checked_sub(1)?)?;
        Some(run.offset + u64::from(slot - run.first) * ENTRY as u64)
    }

    /// Whether nothing from this entry on was ever used.
    pub(super) fn is_end(&self, slot: u32) -> bool {
        slot >= self.end
    }

    /// How many entries its clusters have.
    pub(super) fn slots(&self) -> u32 {
        self.slots
    }
}

impl FatFs {
    /// The driver, for an operation that changes the names in directories: nothing is known of them afterwards.
    pub(super) fn names_change(
        &mut self,
    ) -> &mut dyn hadris_fs::sync::FileSystem<DeviceError = Errno> {
        self.index.clear();
        self.volume.driver()
    }

    /// The driver, for an operation that changes the names in one directory.
    pub(super) fn names_change_in(
        &mut self,
        dir: NodeId,
    ) -> &mut dyn hadris_fs::sync::FileSystem<DeviceError = Errno> {
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
        let Volume::Fat(driver) = &mut self.volume else {
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
                self.index.read += 1;
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
        let Volume::Fat(driver) = &self.volume else {
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

/// The hash of a name that the index can decide on; the driver has rules of its own for others.
pub(super) fn hash_of(name: &str) -> Option<u32> {
    let ordinary = short_name::is_valid_long_name(name)
        && !name.ends_with(['.', ' '])
        && Name::new(name).check().is_ok()
        && name.encode_utf16().count() <= hadris_fat_raw::lfn::MAX_UNITS;
    ordinary.then(|| hash(name.encode_utf16()))
}

/// FNV-1a over the letters without their case.
fn hash(units: impl Iterator<Item = u16>) -> u32 {
    units.fold(0x811c_9dc5, |sum, unit| {
        (sum ^ u32::from(fold_unicode(unit))).wrapping_mul(0x0100_0193)
    })
}

/// The hash of a short name as it is shown.
pub(super) fn short_hash(entry: &ShortEntry, code_page: &dyn CodePage) -> u32 {
    let mut shown = [0; short_name::DISPLAY_MAX];
    let decode = |byte| code_page.decode(byte);
    let len = short_name::display(&entry.name(), entry.nt_case(), decode, &mut shown);
    let text = core::str::from_utf8(&shown[..len]).unwrap_or_default();
    hash(text.encode_utf16())
}

/// The table wants hashes whose upper bits differ, too.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A part of a long name as it stands on the disk.
pub(super) fn long_entry(sequence: u8, checksum: u8, units: &[u16; 13]) -> [u8; ENTRY] {
    LongEntry::new(sequence, checksum, units).encode()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(slots: u32) -> Directory {
        Directory {
            runs: Vec::from([
                Run {
                    first: 0,
                    offset: 4096,
                },
                Run {
                    first: 16,
                    offset: 512,
                },
            ]),
            slots,
            end: 0,
            holes: Vec::new(),
            names: HashTable::new(),
        }
    }

    #[test]
    fn entries_are_taken_and_given_back() {
        let mut directory = directory(32);
        assert_eq!(directory.take(10), Some(0));
        assert_eq!(directory.take(10), Some(10));
        assert_eq!(directory.take(13), None);
        directory.free(3, 2);
        directory.free(8, 4);
        directory.free(5, 3);
        assert_eq!(directory.holes, [(3, 9)]);
        assert_eq!(directory.take(9), Some(3));
        assert_eq!(directory.take(12), Some(20));
        assert_eq!(directory.take(1), None);
    }

    #[test]
    fn entries_stand_in_pieces() {
        let directory = directory(32);
        assert_eq!(directory.offset(0), Some(4096));
        assert_eq!(directory.offset(15), Some(4096 + 15 * 32));
        assert_eq!(directory.offset(16), Some(512));
        assert_eq!(directory.offset(32), None);
    }

    #[test]
    fn names_are_hashed_without_case() {
        assert_eq!(
            hash_of("Größe.txt"),
            hash_of("GRÖSSE.TXT".replace("SS", "ß").as_str())
        );
        assert_ne!(hash_of("a"), hash_of("b"));
        for odd in ["", ".", "a.", "a ", "a/b", "a?"] {
            assert_eq!(hash_of(odd), None, "{odd}");
        }
    }
}
