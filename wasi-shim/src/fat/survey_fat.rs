//! Reading the whole tree before it is mended: which clusters are used, and what a power cut left.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hadris_fat::RootLocation;
use hadris_fat_raw::{LongEntry, ShortEntry, Slot};

use super::device::SECTOR;
use super::index::ENTRY;
use super::mend_fat::Mender;
use super::mended::Refusal;
use crate::errno::Errno;

/// The parts of a long name that were read, before its short entry.
#[derive(Default)]
struct Parts {
    places: Vec<u64>,
    /// The number of the part that comes next; 0 for the short entry.
    next: u8,
    checksum: u8,
    broken: bool,
}

impl Mender {
    pub(super) fn read_tree(&mut self) -> Result<(), Refusal> {
        match self.geometry.root() {
            RootLocation::Fixed { start, size } => {
                let mut parts = Parts::default();
                self.read_entries(start, size, &mut parts)?;
                self.orphans.append(&mut parts.places);
            }
            RootLocation::Cluster(first) => {
                self.follow(first, None, "the root")?;
                self.dirs.push(first);
            }
        }
        while let Some(first) = self.dirs.pop() {
            let (mut cluster, mut parts) = (Some(first), Parts::default());
            while let Some(number) = cluster {
                let at = self.geometry.cluster_offset(number).ok_or(Errno::Io)?;
                let size = u64::from(self.geometry.cluster_size());
                if !self.read_entries(at, size, &mut parts)? {
                    break;
                }
                // The chain was followed to its end before.
                cluster = Some(self.entry(number)?)
                    .filter(|next| !self.geometry.kind().is_end_of_chain(*next));
            }
            self.orphans.append(&mut parts.places);
        }
        Ok(())
    }

    /// Reads entries in a row. False if they end here.
    fn read_entries(&mut self, start: u64, size: u64, parts: &mut Parts) -> Result<bool, Refusal> {
        let mut sector = [0; SECTOR];
        for at in (start..start + size).step_by(SECTOR) {
            self.disk.read(at / SECTOR as u64, &mut sector)?;
            for (index, raw) in sector.as_chunks::<ENTRY>().0.iter().enumerate() {
                let place = at + (index * ENTRY) as u64;
                match Slot::parse(raw) {
                    Slot::End => return Ok(false),
                    Slot::Free => self.orphans.append(&mut parts.places),
                    Slot::Long(part) => self.take_part(&part, place, parts),
                    Slot::Short(entry) => {
                        let whole = parts.next == 0
                            && !parts.broken
                            && parts.checksum == entry.lfn_checksum();
                        if whole {
                            parts.places.clear();
                        }
                        self.orphans.append(&mut parts.places);
                        self.take_entry(&entry, place)?;
                    }
                }
            }
        }
        Ok(true)
    }

    fn take_part(&mut self, part: &LongEntry, place: u64, parts: &mut Parts) {
        let number = part.sequence() & 0x3f;
        if part.sequence() & 0x40 != 0 {
            self.orphans.append(&mut parts.places);
            parts.broken = number == 0;
            parts.checksum = part.checksum();
        } else if parts.places.is_empty()
            || number != parts.next
            || part.checksum() != parts.checksum
        {
            parts.broken = true;
        }
        parts.next = number.saturating_sub(1);
        parts.places.push(place);
    }

    fn take_entry(&mut self, entry: &ShortEntry, place: u64) -> Result<(), Refusal> {
        let name = entry.name();
        if entry.is_label() || name[0] == b'.' {
            return Ok(());
        }
        let shown = String::from_utf8_lossy(&name).into_owned();
        let sensible = entry.attributes() & 0xc0 == 0
            && name[0] != b' '
            && name.iter().skip(1).all(|byte| *byte >= 0x20)
            && (name[0] >= 0x20 || name[0] == 5);
        if !sensible {
            return Err(Refusal::Fault(format!(
                "an entry at byte {place:#x} makes no sense"
            )));
        }
        let first = entry.first_cluster(self.geometry.kind());
        if entry.is_dir() {
            self.follow(first, None, &shown)?;
            self.dirs.push(first);
            return Ok(());
        }
        match (entry.size(), first) {
            (0, 0) => Ok(()),
            (0, _) => {
                self.emptied.push(place);
                Ok(())
            }
            (size, _) => {
                let wanted = size.div_ceil(self.geometry.cluster_size());
                self.follow(first, Some(wanted), &shown)
            }
        }
    }

    /// Notes the clusters of a chain as used: all of them, or as many as are wanted.
    fn follow(&mut self, first: u32, wanted: Option<u32>, name: &str) -> Result<(), Refusal> {
        let fault = |what: &str| Err(Refusal::Fault(format!("{name}: {what}")));
        let (mut cluster, mut count) = (first, 0);
        loop {
            if cluster < 2 || cluster > self.geometry.max_cluster() {
                return fault("its clusters lead nowhere");
            }
            let (word, bit) = (cluster as usize / 64, 1_u64 << (cluster % 64));
            if self.used[word] & bit != 0 {
                return fault("it shares a cluster with another file, or with itself");
            }
            self.used[word] |= bit;
            count += 1;
            let next = self.entry(cluster)?;
            let end = self.geometry.kind().is_end_of_chain(next);
            match wanted {
                Some(wanted) if count == wanted => {
                    if !end {
                        self.ends.push(cluster);
                    }
                    return Ok(());
                }
                Some(_) if end => return fault("it has fewer clusters than its length wants"),
                _ if end => return Ok(()),
                _ => cluster = next,
            }
        }
    }

    /// An entry of the allocation table.
    fn entry(&mut self, cluster: u32) -> Result<u32, Errno> {
        let kind = self.geometry.kind();
        let table = self.geometry.fat_copy(self.geometry.active_fat());
        let at = table + kind.entry_offset(u64::from(cluster));
        let mut bytes = [0; 4];
        for (place, byte) in (at..).zip(&mut bytes[..kind.entry_len()]) {
            let number = place / SECTOR as u64;
            if self.sector.as_ref().is_none_or(|(kept, _)| *kept != number) {
                let mut sector = [0; SECTOR];
                self.disk.read(number, &mut sector)?;
                self.sector = Some((number, sector));
            }
            if let Some((_, sector)) = &self.sector {
                *byte = sector[(place % SECTOR as u64) as usize];
            }
        }
        Ok(kind.decode(u64::from(cluster), &bytes) & kind.mask())
    }
}
