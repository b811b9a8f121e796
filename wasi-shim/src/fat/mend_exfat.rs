//! Mending what a power cut leaves on an exFAT volume: clusters that nobody has, names whose checksum is wrong or of which a part is missing,
//! clusters behind the end of a file, and the mark that says "not unmounted".
//!
//! As on FAT (`mend.rs`), the whole tree is read first (`survey_exfat.rs`), and nothing is written unless all of it makes sense. A set of entries
//! whose checksum alone is wrong was changed in one sector and not yet in the next one: it is complete, and gets its checksum. A set of which
//! entries are missing was being made or removed: what is left of it is taken out of use.

use alloc::vec::Vec;

use hadris_fat_raw::exfat::{self, Geometry};

use super::device::SECTOR;
use super::disk::Disk;
use super::index::Fold;
use super::mended::{MAX_CHANGES, MAX_CLUSTERS, Mended, Refusal};
use crate::errno::Errno;

/// Where the boot sector has the flags of the volume, and how much of it is in use in percent (exFAT specification, 3.1).
const FLAGS: u64 = 106;
const PERCENT: u64 = 112;

/// What is found while the tree is read.
pub(super) struct ExFatMender {
    pub(super) disk: Disk,
    pub(super) geometry: Geometry,
    pub(super) fold: Fold,
    /// One bit for each cluster that a file or directory has.
    pub(super) used: Vec<u64>,
    /// Directories that were not read yet.
    pub(super) dirs: Vec<Allocation>,
    /// The clusters of the bitmap, in order.
    pub(super) bitmap: Vec<u32>,
    /// Entries to be taken out of use, by their place.
    pub(super) orphans: Vec<u64>,
    /// Two bytes that change, by their place: checksums.
    pub(super) checksums: Vec<(u64, [u8; 2])>,
    /// Last clusters of files whose chain goes on.
    pub(super) ends: Vec<u32>,
}

/// Where the content of a file or directory is.
#[derive(Clone, Copy)]
pub(super) struct Allocation {
    pub(super) first: u32,
    pub(super) len: u64,
    /// The clusters follow one another, and have no chain.
    pub(super) in_a_row: bool,
}

impl ExFatMender {
    pub(super) fn new(disk: Disk, geometry: Geometry, fold: Fold) -> ExFatMender {
        ExFatMender {
            disk,
            geometry,
            fold,
            used: Vec::new(),
            dirs: Vec::new(),
            bitmap: Vec::new(),
            orphans: Vec::new(),
            checksums: Vec::new(),
            ends: Vec::new(),
        }
    }

    pub(super) fn mend(&mut self) -> Result<Mended, Refusal> {
        let last = self.geometry.max_cluster();
        if last > MAX_CLUSTERS {
            let fault = alloc::format!("{last} clusters are too many to be checked here");
            return Err(Refusal::Fault(fault));
        }
        if self.geometry.mirror_fat().is_some() {
            return Err(Refusal::Fault("it has two allocation tables".into()));
        }
        self.used = alloc::vec![0; last as usize / 64 + 1];
        self.read_tree()?;
        if self.orphans.len() + self.checksums.len() + self.ends.len() > MAX_CHANGES {
            return Err(Refusal::Fault("it has thousands of faults".into()));
        }
        let mut mended = Mended {
            names: self.orphans.len(),
            checksums: self.checksums.len(),
            cut: self.ends.len(),
            ..Mended::default()
        };
        for at in core::mem::take(&mut self.orphans) {
            let [kind] = self.disk.read_within(at)?;
            self.disk.write_within(at, &[kind & !exfat::IN_USE])?;
        }
        for (at, checksum) in core::mem::take(&mut self.checksums) {
            self.disk.write_within(at, &checksum)?;
        }
        for cluster in core::mem::take(&mut self.ends) {
            let at = self.geometry.fat_start() + 4 * u64::from(cluster);
            self.disk.write_within(at, &exfat::FAT_END.to_le_bytes())?;
        }
        self.sweep(&mut mended)?;
        self.mark_clean()?;
        Ok(mended)
    }

    pub(super) fn is_used(&self, cluster: u32) -> bool {
        let word = self.used.get(cluster as usize / 64);
        word.is_some_and(|word| word & 1 << (cluster % 64) != 0)
    }

    /// Makes the bitmap hold what was found: a bit for each cluster, from cluster 2 on.
    fn sweep(&mut self, mended: &mut Mended) -> Result<(), Errno> {
        let mut cluster = exfat::FIRST_CLUSTER;
        let mut in_use = 0_u64;
        let last = self.geometry.max_cluster();
        for piece in core::mem::take(&mut self.bitmap) {
            let start = self.geometry.cluster_offset(piece).ok_or(Errno::Io)?;
            for at in (start..start + self.geometry.cluster_size()).step_by(SECTOR) {
                if cluster > last {
                    break;
                }
                let mut sector = [0; SECTOR];
                self.disk.read(at / SECTOR as u64, &mut sector)?;
                let before = sector;
                for byte in &mut sector {
                    for bit in 0..8 {
                        if cluster > last {
                            break;
                        }
                        let (mask, used) = (1 << bit, self.is_used(cluster));
                        let marked = *byte & mask != 0;
                        let keep = used || marked && self.is_bad(cluster)?;
                        if keep != marked {
                            *byte ^= mask;
                            mended.lost += 1;
                        }
                        in_use += u64::from(keep);
                        cluster += 1;
                    }
                }
                if sector != before {
                    self.disk.write(at / SECTOR as u64, &sector)?;
                }
            }
        }
        let clusters = u64::from(self.geometry.cluster_count()).max(1);
        // At most 100.
        let percent = (in_use * 100 / clusters) as u8;
        self.disk.write_within(PERCENT, &[percent])
    }

    /// Whether a cluster is marked as bad, so that its bit may be set although nobody has it.
    fn is_bad(&self, cluster: u32) -> Result<bool, Errno> {
        let at = self.geometry.fat_start() + 4 * u64::from(cluster);
        Ok(self.disk.read_within(at)? == exfat::FAT_BAD.to_le_bytes())
    }

    /// Marks the volume as unmounted, when all else is on the medium.
    fn mark_clean(&mut self) -> Result<(), Errno> {
        self.disk.flush()?;
        let flags = u16::from_le_bytes(self.disk.read_within(FLAGS)?);
        let clean = flags & !exfat::VOLUME_DIRTY;
        self.disk.write_within(FLAGS, &clean.to_le_bytes())?;
        self.disk.flush()
    }
}
