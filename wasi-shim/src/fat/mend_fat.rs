//! Mending what a power cut leaves on a FAT volume: clusters that nobody has, parts of names without a file, clusters behind the end of a file,
//! copies of the file allocation table that differ, a wrong number of free clusters, and the mark that says "not unmounted".
//!
//! The whole tree is read first, and nothing is written unless all of it makes sense. A volume with any other fault (two files with one
//! cluster, a chain that leads nowhere, an entry that makes no sense) is left as it is: only `fsck.fat` with a person beside it can know
//! what belongs to whom. Each write leaves a volume that can be mended again, so that the power may fail here, too.
//!
//! Cost: one reading of all directories and of the file allocation table, and memory of one bit for each cluster. It is done only after a
//! mount that finds the mark, or on FAT12, which has no mark and at most 4,084 clusters.

use alloc::format;
use alloc::vec::Vec;

use hadris_fat::{FatKind, Geometry};

use super::device::SECTOR;
use super::disk::Disk;
use super::mended::{MAX_CHANGES, MAX_CLUSTERS, Mended, Refusal};
use crate::errno::Errno;

/// Bytes of a file allocation table that are looked at together: whole sectors, and whole entries of each kind.
const CHUNK: usize = 3 * SECTOR;

/// What is found while the tree is read, which is done in `survey_fat.rs`.
pub(super) struct Mender {
    pub(super) disk: Disk,
    pub(super) geometry: Geometry,
    /// One bit for each cluster that a file or directory has.
    pub(super) used: Vec<u64>,
    /// Directories that were not read yet, by first cluster.
    pub(super) dirs: Vec<u32>,
    /// Entries to be marked free, by their place.
    pub(super) orphans: Vec<u64>,
    /// Entries of files without content that have a cluster, by their place.
    pub(super) emptied: Vec<u64>,
    /// Last clusters of files whose chain goes on.
    pub(super) ends: Vec<u32>,
    /// The sector of the allocation table that was read last.
    pub(super) sector: Option<(u64, [u8; SECTOR])>,
}

impl Mender {
    pub(super) fn new(disk: Disk, geometry: Geometry) -> Mender {
        Mender {
            disk,
            geometry,
            used: Vec::new(),
            dirs: Vec::new(),
            orphans: Vec::new(),
            emptied: Vec::new(),
            ends: Vec::new(),
            sector: None,
        }
    }

    /// Where the boot sector has the mark that Linux sets.
    fn mark_at(&self) -> u64 {
        match self.geometry.kind() {
            FatKind::Fat32 => 0x41,
            _ => 0x25,
        }
    }

    pub(super) fn is_marked_by_others(&self) -> Result<bool, Errno> {
        let [mark] = self.disk.read_within(self.mark_at())?;
        Ok(mark & 1 != 0)
    }

    pub(super) fn mend(&mut self) -> Result<Mended, Refusal> {
        let clusters = self.geometry.max_cluster();
        if clusters > MAX_CLUSTERS {
            return Err(Refusal::Fault(format!(
                "{clusters} clusters are too many to be checked here"
            )));
        }
        self.used = alloc::vec![0; clusters as usize / 64 + 1];
        self.read_tree()?;
        if self.orphans.len() + self.emptied.len() + self.ends.len() > MAX_CHANGES {
            return Err(Refusal::Fault("it has thousands of faults".into()));
        }
        let mut mended = Mended {
            names: self.orphans.len(),
            cut: self.emptied.len() + self.ends.len(),
            ..Mended::default()
        };
        for at in core::mem::take(&mut self.orphans) {
            self.disk.write_within(at, &[0xe5])?;
        }
        for at in core::mem::take(&mut self.emptied) {
            self.disk.write_within(at + 20, &[0; 2])?;
            self.disk.write_within(at + 26, &[0; 2])?;
        }
        for cluster in core::mem::take(&mut self.ends) {
            self.write_table(cluster, self.geometry.kind().end_of_chain())?;
        }
        self.sweep(&mut mended)?;
        self.mark_clean()?;
        Ok(mended)
    }

    /// Changes an entry in each copy of the table.
    fn write_table(&mut self, cluster: u32, value: u32) -> Result<(), Errno> {
        let kind = self.geometry.kind();
        let len = CHUNK as u64;
        let offset = kind.entry_offset(u64::from(cluster));
        let (start, within) = (offset / len * len, (offset % len) as usize);
        for table in self.tables() {
            let mut chunk = self.chunk(table, start)?;
            let before = chunk.clone();
            kind.encode(u64::from(cluster), value, &mut chunk[within..]);
            self.write_changes(table + start, &before, &chunk)?;
        }
        Ok(())
    }

    /// Where the copies of the table start, the one that counts first.
    fn tables(&self) -> impl Iterator<Item = u64> + use<> {
        let geometry = self.geometry;
        (0..geometry.copies()).map(move |step| geometry.fat_copy(geometry.active_fat() ^ step))
    }

    /// A piece of a table; less at its end.
    fn chunk(&self, table: u64, start: u64) -> Result<Vec<u8>, Errno> {
        let len = (self.geometry.fat_size() - start).min(CHUNK as u64) as usize;
        let mut chunk = alloc::vec![0; len];
        self.disk
            .read((table + start) / SECTOR as u64, &mut chunk)?;
        Ok(chunk)
    }

    /// Writes the sectors that differ, and returns how many they are.
    fn write_changes(&mut self, at: u64, before: &[u8], after: &[u8]) -> Result<usize, Errno> {
        let pairs = before.chunks(SECTOR).zip(after.chunks(SECTOR)).enumerate();
        let mut changed = 0;
        for (index, (_, after)) in pairs.filter(|(_, (before, after))| before != after) {
            self.disk.write(at / SECTOR as u64 + index as u64, after)?;
            changed += 1;
        }
        self.sector = None;
        Ok(changed)
    }

    /// Frees what nobody has, makes all tables equal, and writes down what is free.
    fn sweep(&mut self, mended: &mut Mended) -> Result<(), Errno> {
        let (kind, last) = (self.geometry.kind(), self.geometry.max_cluster());
        let per_chunk = (CHUNK as u64 * 8 / kind.entry_bits()) as u32;
        let mut free = 0_u32;
        let mut start = 0;
        for first in (0..=last).step_by(per_chunk as usize) {
            let mut tables = self.tables();
            let Some(active) = tables.next() else {
                return Err(Errno::Io);
            };
            let before = self.chunk(active, start)?;
            let mut after = before.clone();
            for cluster in first.max(2)..(first + per_chunk).min(last + 1) {
                let within = (kind.entry_offset(u64::from(cluster)) - start) as usize;
                let Some(stored) = after.get_mut(within..within + kind.entry_len()) else {
                    return Err(Errno::Io);
                };
                let value = kind.decode(u64::from(cluster), stored) & kind.mask();
                let used = self.used[cluster as usize / 64] & 1 << (cluster % 64) != 0;
                if !used && value != 0 && !kind.is_bad(value) {
                    kind.encode(u64::from(cluster), 0, stored);
                    mended.lost += 1;
                }
                free += u32::from(!used && !kind.is_bad(value));
            }
            self.write_changes(active + start, &before, &after)?;
            for table in tables {
                let other = self.chunk(table, start)?;
                let differed = other.chunks(SECTOR).zip(before.chunks(SECTOR));
                mended.tables += differed.filter(|(one, other)| one != other).count();
                self.write_changes(table + start, &other, &after)?;
            }
            start += CHUNK as u64;
        }
        if let Some(sector) = self.geometry.fs_info_sector() {
            let at = u64::from(sector) * u64::from(self.geometry.sector_size());
            if self.disk.read_within::<4>(at + 484)? == *b"rrAa" {
                self.disk.write_within(at + 488, &free.to_le_bytes())?;
            }
        }
        Ok(())
    }

    /// Marks the volume as unmounted, when all else is on the medium.
    fn mark_clean(&mut self) -> Result<(), Errno> {
        self.disk.flush()?;
        let kind = self.geometry.kind();
        if kind.clean_bit() != 0 {
            // Entry 1 with all bits set is the end of a chain on a volume without faults.
            self.write_table(1, kind.mask())?;
        }
        let [mark] = self.disk.read_within(self.mark_at())?;
        if mark & 1 != 0 {
            self.disk.write_within(self.mark_at(), &[mark & !1])?;
        }
        self.disk.flush()
    }
}
