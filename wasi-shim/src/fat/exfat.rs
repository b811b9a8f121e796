//! What is read of an exFAT volume beside the driver: its chains of clusters, its table of capital letters, and the names in a directory.

use alloc::vec::Vec;

use hadris_fat_raw::exfat::{self, Geometry, UpcaseDecoder};

use super::device::SECTOR;
use super::disk::Disk;
use super::index::{Directory, ENTRY, Fold};
use crate::errno::Errno;

/// Bytes of a table that maps every letter without compression.
const MAX_TABLE: u64 = 128 << 10;

/// The cluster that follows in a chain, from the file allocation table (exFAT specification, 4.1); `None` at its end.
///
/// Errors: `EIO` if the chain leads nowhere.
pub(super) fn next(disk: &Disk, geometry: &Geometry, cluster: u32) -> Result<Option<u32>, Errno> {
    let at = geometry.fat_start() + 4 * u64::from(cluster);
    match u32::from_le_bytes(disk.read_within(at)?) {
        exfat::FAT_END => Ok(None),
        next if geometry.is_cluster(next) => Ok(Some(next)),
        _ => Err(Errno::Io),
    }
}

/// Reads the table by which the volume compares names.
pub(super) fn read_fold(disk: &Disk, geometry: &Geometry) -> Result<Fold, Errno> {
    let (first, len) = find_table(disk, geometry)?.ok_or(Errno::Io)?;
    if len > MAX_TABLE {
        return Err(Errno::Io);
    }
    let mut changes = Vec::new();
    let mut decoder = UpcaseDecoder::default();
    let (mut cluster, mut left) = (Some(first), len as usize / 2);
    while let Some(at) = cluster.filter(|_| left > 0) {
        for_each_sector(disk, geometry, at, &mut |_, sector| {
            for unit in sector.as_chunks().0.iter().take(left) {
                decoder.feed(u16::from_le_bytes(*unit), &mut |code, upper, _| {
                    if code != u32::from(upper) {
                        // A table has at most 65,536 entries.
                        changes.push((code as u16, upper));
                    }
                });
            }
            left = left.saturating_sub(SECTOR / 2);
            left > 0
        })?;
        cluster = next(disk, geometry, at)?;
    }
    Ok(Fold::Table(changes))
}

/// Where the table starts and how many bytes it has, from the root directory (exFAT specification, 7.2).
fn find_table(disk: &Disk, geometry: &Geometry) -> Result<Option<(u32, u64)>, Errno> {
    let (mut cluster, mut found) = (Some(geometry.root()), None);
    for _ in 0..geometry.cluster_count() {
        let Some(at) = cluster.filter(|_| found.is_none()) else {
            break;
        };
        let mut goes_on = true;
        for_each_sector(disk, geometry, at, &mut |_, sector| {
            for raw in sector.as_chunks::<ENTRY>().0 {
                match raw[0] {
                    exfat::ENTRY_END => goes_on = false,
                    exfat::ENTRY_UPCASE => found = Some((cluster_of(raw), length_of(raw))),
                    _ => continue,
                }
                return false;
            }
            true
        })?;
        cluster = match goes_on {
            true => next(disk, geometry, at)?,
            false => None,
        };
    }
    Ok(found.filter(|(first, _)| geometry.is_cluster(*first)))
}

/// The first cluster that an entry names.
pub(super) fn cluster_of(raw: &[u8; ENTRY]) -> u32 {
    u32::from_le_bytes([raw[20], raw[21], raw[22], raw[23]])
}

/// The length in bytes that an entry names.
pub(super) fn length_of(raw: &[u8; ENTRY]) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = *raw;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// Reads the sectors of a cluster in order until `take` returns false. It gets the place of a sector in bytes from the start of the volume.
pub(super) fn for_each_sector(
    disk: &Disk,
    geometry: &Geometry,
    cluster: u32,
    take: &mut dyn FnMut(u64, &[u8; SECTOR]) -> bool,
) -> Result<(), Errno> {
    let start = geometry.cluster_offset(cluster).ok_or(Errno::Io)?;
    let mut sector = [0; SECTOR];
    for at in (start..start + geometry.cluster_size()).step_by(SECTOR) {
        disk.read(at / SECTOR as u64, &mut sector)?;
        if !take(at, &sector) {
            break;
        }
    }
    Ok(())
}

/// Puts the entries of a directory into the index, one after the other.
#[derive(Default)]
pub(super) struct Names {
    /// The entry of the file whose name is being read.
    file: Option<u32>,
    /// How many letters the name has, and those that were read.
    wanted: usize,
    units: Vec<u16>,
}

impl Names {
    /// Takes the entry that stands at `slot`. False if the directory ends before it.
    pub(super) fn take(
        &mut self,
        raw: &[u8; ENTRY],
        slot: u32,
        fold: &Fold,
        directory: &mut Directory,
    ) -> bool {
        match raw[0] {
            exfat::ENTRY_END => {
                directory.end = slot;
                return false;
            }
            free if free & exfat::IN_USE == 0 => {
                self.file = None;
                directory.free(slot, 1);
            }
            exfat::ENTRY_FILE => {
                self.file = Some(slot);
                self.wanted = 0;
                self.units.clear();
            }
            exfat::ENTRY_STREAM => self.wanted = usize::from(raw[3]),
            exfat::ENTRY_NAME => {
                let units = raw[2..].as_chunks().0.iter();
                let missing = self.wanted.saturating_sub(self.units.len());
                self.units
                    .extend(units.take(missing).map(|unit| u16::from_le_bytes(*unit)));
                if missing > 0
                    && self.units.len() == self.wanted
                    && let Some(file) = self.file.take()
                {
                    directory.add(fold.hash(self.units.iter().copied()), file);
                }
            }
            _ => {}
        }
        true
    }
}
