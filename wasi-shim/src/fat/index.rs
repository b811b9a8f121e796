//! `Index`: where the names of the directories that were used last stand, so that a name is found, or found missing, without reading them.
//!
//! The driver reads a directory from its start for every name. Here one reading gives a table of hashes: of each long name and each short
//! alias, with the case folded as the driver folds it. A hash that is in the table is only a hint, which the driver checks; a hash that is
//! not there proves that the name is missing. So the table must never lack a name.
//!
//! Invariant X1: a directory in the index has every name that stands on the disk, and each of its `holes`, and all from `end` on, is free.
//! `create.rs` and `changes.rs` keep it; every other change of names goes through `names_change_in` in `names.rs`, which forgets the directory.

use alloc::vec::Vec;

use hadris_fat_raw::{ShortEntry, fold_unicode, short_name};
use hadris_fs::{CodePage, Name, NodeId};
use hashbrown::HashTable;

/// Bytes in a directory entry.
pub(super) const ENTRY: usize = 32;

/// How many hashes all directories in the index have together, at most: about 600 KB.
pub(super) const MAX_HASHES: usize = 40_000;

/// How many directories are in the index, at most: as many as a path that is used often is deep.
const MAX_DIRS: usize = 16;

/// The directories that were used last, the latest at the end.
#[derive(Default)]
pub(super) struct Index {
    dirs: Vec<(NodeId, Directory)>,
    /// The driver has marked the volume as in use, and no sync has taken that back.
    pub(super) marked: bool,
}

/// How the volume compares letters.
pub(super) enum Fold {
    /// As FAT does.
    Fat,
    /// By a table of exFAT: each small letter with its capital, in order.
    #[cfg_attr(
        not(feature = "exfat"),
        expect(dead_code, reason = "no volume has a table")
    )]
    Table(Vec<(u16, u16)>),
}

/// A piece of a directory: clusters in a row.
pub(super) struct Run {
    /// The directory's entry that it starts with.
    pub(super) first: u32,
    /// Where that stands, in bytes from the start of the volume.
    pub(super) offset: u64,
}

/// What is known about one directory.
pub(super) struct Directory {
    pub(super) runs: Vec<Run>,
    /// How many entries fit in its clusters.
    pub(super) slots: u32,
    /// How many entries fit in one of them.
    pub(super) per_cluster: u32,
    /// The first entry that was never used.
    pub(super) end: u32,
    /// Entries that were used and are free: first and number, in order.
    pub(super) holes: Vec<(u32, u32)>,
    /// Hashes of names, each with the first entry that belongs to the name.
    pub(super) names: HashTable<(u32, u32)>,
}

/// Clusters of a directory that follow one another in its chain.
#[derive(Clone, Copy)]
pub(super) struct Window {
    /// Where the first one stands, in bytes from the start of the volume.
    pub(super) offset: u64,
    /// How many bytes they have.
    pub(super) len: u64,
    /// They follow one another on the disk, too.
    pub(super) in_a_row: bool,
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

    pub(super) fn insert(&mut self, dir: NodeId, directory: Directory) {
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
    pub(super) fn candidate(&self, hash: u32) -> Option<u32> {
        let found = self.names.find(spread(hash), |(other, _)| *other == hash);
        found.map(|(_, slot)| *slot)
    }

    /// The first entry of the one name that has this hash; `None` if several have.
    pub(super) fn only_candidate(&self, hash: u32) -> Option<u32> {
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

    pub(super) fn remove(&mut self, hash: u32, slot: u32) -> bool {
        let found = self
            .names
            .find_entry(spread(hash), |entry| *entry == (hash, slot));
        found.map(|entry| entry.remove()).is_ok()
    }

    /// Takes as many free entries in a row; `None` if the directory must grow.
    pub(super) fn take(&mut self, count: u32) -> Option<u32> {
        let first = self.room(count)?;
        self.claim(first, count).then_some(first)
    }

    /// The first of as many free entries in a row.
    pub(super) fn room(&self, count: u32) -> Option<u32> {
        match self.holes.iter().find(|(_, len)| *len >= count) {
            Some((first, _)) => Some(*first),
            None => {
                let end = self.end.checked_add(count);
                end.filter(|end| *end <= self.slots).map(|_| self.end)
            }
        }
    }

    /// Notes that free entries are used now. False if some of them are not free.
    pub(super) fn claim(&mut self, first: u32, count: u32) -> bool {
        let Some(behind) = first.checked_add(count) else {
            return false;
        };
        if first >= self.end {
            if first > self.end {
                self.free(self.end, first - self.end);
            }
            self.end = behind;
            return behind <= self.slots;
        }
        let at = self.holes.partition_point(|(hole, _)| *hole <= first);
        let Some(at) = at.checked_sub(1) else {
            return false;
        };
        let (hole, len) = self.holes[at];
        // A hole at the end goes on in what was never used.
        let until = match hole + len == self.end {
            true => self.slots,
            false => hole + len,
        };
        if behind > until {
            return false;
        }
        self.holes.remove(at);
        if behind < hole + len {
            self.holes.insert(at, (behind, hole + len - behind));
        }
        if hole < first {
            self.holes.insert(at, (hole, first - hole));
        }
        self.end = self.end.max(behind);
        true
    }

    /// The clusters that hold these entries.
    pub(super) fn window(&self, first: u32, count: u32) -> Option<Window> {
        let start = first - first % self.per_cluster;
        let end = first.checked_add(count)?;
        let end = end.next_multiple_of(self.per_cluster).min(self.slots);
        let offset = self.offset(start)?;
        let len = u64::from(end.checked_sub(start)?) * ENTRY as u64;
        let in_a_row = self.offset(end - 1)? == offset + len - ENTRY as u64;
        Some(Window {
            offset,
            len,
            in_a_row,
        })
    }

    /// The entry that stands at this place.
    pub(super) fn slot_at(&self, offset: u64) -> Option<u32> {
        let ends = self.runs.iter().skip(1).map(|run| run.first);
        let ends = ends.chain(core::iter::once(self.slots));
        self.runs.iter().zip(ends).find_map(|(run, end)| {
            let within = u32::try_from(offset.checked_sub(run.offset)? / ENTRY as u64).ok()?;
            Some(run.first + within).filter(|_| within < end - run.first)
        })
    }

    /// Gives entries back.
    pub(super) fn free(&mut self, first: u32, count: u32) {
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

impl Fold {
    /// The hash of a name that the index can decide on; the driver has rules of its own for others.
    pub(super) fn hash_of(&self, name: &str) -> Option<u32> {
        let ordinary = short_name::is_valid_long_name(name)
            && !name.ends_with(['.', ' '])
            && Name::new(name).check().is_ok()
            && name.encode_utf16().count() <= hadris_fat_raw::lfn::MAX_UNITS;
        ordinary.then(|| self.hash(name.encode_utf16()))
    }

    /// FNV-1a over the letters without their case.
    pub(super) fn hash(&self, units: impl Iterator<Item = u16>) -> u32 {
        units.fold(0x811c_9dc5, |sum, unit| {
            (sum ^ u32::from(self.letter(unit))).wrapping_mul(0x0100_0193)
        })
    }

    /// The capital letter for a letter.
    pub(super) fn letter(&self, unit: u16) -> u16 {
        match self {
            Fold::Fat => fold_unicode(unit),
            Fold::Table(changes) => match changes.binary_search_by_key(&unit, |(from, _)| *from) {
                Ok(at) => changes[at].1,
                Err(_) => unit,
            },
        }
    }
}

/// The hash of a short name of FAT as it is shown.
pub(super) fn short_hash(entry: &ShortEntry, code_page: &dyn CodePage) -> u32 {
    let mut shown = [0; short_name::DISPLAY_MAX];
    let decode = |byte| code_page.decode(byte);
    let len = short_name::display(&entry.name(), entry.nt_case(), decode, &mut shown);
    let text = core::str::from_utf8(&shown[..len]).unwrap_or_default();
    Fold::Fat.hash(text.encode_utf16())
}

/// The table wants hashes whose upper bits differ, too.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
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
            per_cluster: 16,
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
    fn entries_are_claimed_anywhere() {
        let mut directory = directory(32);
        assert!(directory.claim(4, 6));
        assert_eq!((directory.end, &directory.holes[..]), (10, &[(0, 4)][..]));
        assert!(!directory.claim(3, 2));
        assert!(directory.claim(1, 2));
        assert_eq!(directory.holes, [(0, 1), (3, 1)]);
        // The end moves with a hole that goes on behind it.
        directory.free(8, 2);
        assert!(directory.claim(9, 5));
        assert_eq!(directory.end, 14);
        assert_eq!(directory.holes, [(0, 1), (3, 1), (8, 1)]);
        assert!(!directory.claim(30, 3));
    }

    #[test]
    fn windows_are_whole_clusters() {
        let directory = directory(40);
        let window = directory
            .window(3, 5)
            .expect("it lies in the first cluster");
        assert_eq!(
            (window.offset, window.len, window.in_a_row),
            (4096, 512, true)
        );
        let window = directory.window(14, 5).expect("it lies in two clusters");
        assert_eq!(
            (window.offset, window.len, window.in_a_row),
            (4096, 1024, false)
        );
        let window = directory.window(30, 5).expect("it lies in the last two");
        assert_eq!(
            (window.offset, window.len, window.in_a_row),
            (512, 768, true)
        );
    }

    #[test]
    fn entries_stand_in_pieces() {
        let directory = directory(32);
        assert_eq!(directory.slot_at(4096 + 15 * 32), Some(15));
        assert_eq!(directory.slot_at(512 + 32), Some(17));
        assert_eq!(directory.slot_at(512 + 16 * 32), None);
        assert_eq!(directory.offset(0), Some(4096));
        assert_eq!(directory.offset(15), Some(4096 + 15 * 32));
        assert_eq!(directory.offset(16), Some(512));
        assert_eq!(directory.offset(32), None);
    }

    #[test]
    fn names_are_hashed_without_case() {
        let hash_of = |name: &str| Fold::Fat.hash_of(name);
        assert_eq!(
            hash_of("Größe.txt"),
            hash_of("GRÖSSE.TXT".replace("SS", "ß").as_str())
        );
        let table = Fold::Table(Vec::from([(u16::from(b'a'), u16::from(b'A'))]));
        assert_eq!(table.hash_of("ab"), table.hash_of("Ab"));
        assert_ne!(table.hash_of("ab"), table.hash_of("aB"));
        assert_ne!(hash_of("a"), hash_of("b"));
        for odd in ["", ".", "a.", "a ", "a/b", "a?"] {
            assert_eq!(hash_of(odd), None, "{odd}");
        }
    }
}
