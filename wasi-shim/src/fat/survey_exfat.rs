//! Reading the whole tree of an exFAT volume before it is mended: which clusters are used, and what a power cut left.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hadris_fat_raw::exfat;

use super::exfat::{cluster_of, for_each_sector, length_of, next};
use super::index::ENTRY;
use super::mend_exfat::{Allocation, ExFatMender};
use super::mended::Refusal;
use crate::errno::Errno;

/// An entry and its place.
type Placed = (u64, [u8; ENTRY]);

/// The attribute of a directory, in the first byte of the attributes.
const DIRECTORY: u8 = 0x10;

fn fault<T>(what: &str) -> Result<T, Refusal> {
    Err(Refusal::Fault(what.into()))
}

impl ExFatMender {
    pub(super) fn read_tree(&mut self) -> Result<(), Refusal> {
        let root = Allocation {
            first: self.geometry.root(),
            len: u64::MAX,
            in_a_row: false,
        };
        self.claim(root, "the root", None)?;
        self.read_directory(root, true)?;
        if self.bitmap.is_empty() {
            return fault("it has no allocation bitmap");
        }
        while let Some(dir) = self.dirs.pop() {
            self.read_directory(dir, false)?;
        }
        Ok(())
    }

    /// Reads a directory whose clusters were claimed when its name was read.
    fn read_directory(&mut self, dir: Allocation, is_root: bool) -> Result<(), Refusal> {
        let (disk, geometry) = (self.disk.clone(), self.geometry);
        let wanted = dir.len.div_ceil(geometry.cluster_size());
        let (mut cluster, mut count) = (Some(dir.first), 0);
        let mut set = Vec::new();
        while let Some(at) = cluster.filter(|_| count < wanted) {
            let mut ended = Ok(false);
            for_each_sector(&disk, &geometry, at, &mut |at, sector| {
                for (index, raw) in sector.as_chunks::<ENTRY>().0.iter().enumerate() {
                    let taken = match raw[0] {
                        exfat::ENTRY_END => Ok(true),
                        _ => self
                            .take_entry((at + (index * ENTRY) as u64, *raw), &mut set, is_root)
                            .map(|()| false),
                    };
                    if !matches!(taken, Ok(false)) {
                        ended = taken;
                        return false;
                    }
                }
                true
            })?;
            if ended? {
                break;
            }
            count += 1;
            cluster = match dir.in_a_row {
                true => Some(at + 1),
                false if count < wanted => next(&disk, &geometry, at)?,
                false => None,
            };
        }
        self.take_set(&set)
    }

    /// Takes an entry; `set` holds the entries of the file that is being read.
    fn take_entry(
        &mut self,
        (place, raw): Placed,
        set: &mut Vec<Placed>,
        is_root: bool,
    ) -> Result<(), Refusal> {
        let used = raw[0] & exfat::IN_USE != 0;
        let is_part = used && raw[0] & exfat::CATEGORY_SECONDARY != 0;
        if let Some((_, file)) = set.first() {
            let wanted = 1 + usize::from(file[1]);
            if is_part && set.len() < wanted {
                set.push((place, raw));
                return Ok(());
            }
            let whole = core::mem::take(set);
            self.take_set(&whole)?;
        }
        let allocation = || Allocation {
            first: cluster_of(&raw),
            len: length_of(&raw),
            in_a_row: false,
        };
        match raw[0] {
            _ if !used => {}
            exfat::ENTRY_FILE => set.push((place, raw)),
            // What belongs to a file that was not made yet, or is gone.
            _ if is_part => self.orphans.push(place),
            exfat::ENTRY_BITMAP if is_root => {
                if !self.bitmap.is_empty() {
                    return fault("it has two allocation bitmaps");
                }
                if length_of(&raw) < u64::from(self.geometry.cluster_count().div_ceil(8)) {
                    return fault("its allocation bitmap is too short");
                }
                let mut clusters = Vec::new();
                self.claim(allocation(), "the allocation bitmap", Some(&mut clusters))?;
                self.bitmap = clusters;
            }
            exfat::ENTRY_UPCASE if is_root => {
                self.claim(allocation(), "the table of letters", None)?;
            }
            exfat::ENTRY_LABEL | exfat::ENTRY_GUID | exfat::ENTRY_PADDING if is_root => {}
            kind => {
                return fault(&format!(
                    "an entry at byte {place:#x} is of the unknown kind {kind:#x}"
                ));
            }
        }
        Ok(())
    }

    /// Takes a file or directory: its first entry, and those that follow it and may be its own.
    fn take_set(&mut self, set: &[Placed]) -> Result<(), Refusal> {
        if set.is_empty() {
            return Ok(());
        }
        let raw: Vec<[u8; ENTRY]> = set.iter().map(|(_, raw)| *raw).collect();
        let Some(units) = complete(&raw) else {
            self.orphans.extend(set.iter().map(|(place, _)| *place));
            return Ok(());
        };
        let name = String::from_utf16_lossy(&units);
        let upper: Vec<u16> = units.iter().map(|unit| self.fold.letter(*unit)).collect();
        if exfat::name_hash(&upper).to_le_bytes() != raw[1][4..6] {
            return fault(&format!("{name}: the hash of its name is wrong"));
        }
        let checksum = exfat::set_checksum(&raw).to_le_bytes();
        if checksum != raw[0][2..4] {
            self.checksums.push((set[0].0 + 2, checksum));
        }
        let [a, b, c, d, e, f, g, h] = raw[1][8..16] else {
            return Err(Refusal::Device(Errno::Io));
        };
        if u64::from_le_bytes([a, b, c, d, e, f, g, h]) > length_of(&raw[1]) {
            return fault(&format!("{name}: it has more valid bytes than bytes"));
        }
        let content = allocation(&raw[1]);
        self.claim(content, &name, None)?;
        if raw[0][4] & DIRECTORY != 0 && content.first != 0 {
            self.dirs.push(content);
        }
        for other in &raw[2..] {
            if other[0] == exfat::ENTRY_VENDOR_ALLOCATION {
                self.claim(allocation(other), &name, None)?;
            }
        }
        Ok(())
    }

    /// Notes the clusters of an allocation as used, and lists them if that is wanted.
    fn claim(
        &mut self,
        content: Allocation,
        name: &str,
        mut list: Option<&mut Vec<u32>>,
    ) -> Result<(), Refusal> {
        let size = self.geometry.cluster_size();
        let wanted = content.len.div_ceil(size);
        let ends = content.len != u64::MAX;
        if content.first == 0 && content.len == 0 {
            return Ok(());
        }
        if wanted == 0 || !self.geometry.is_cluster(content.first) {
            return fault(&format!("{name}: its clusters lead nowhere"));
        }
        if ends && wanted > u64::from(self.geometry.cluster_count()) {
            return fault(&format!("{name}: it is longer than the volume"));
        }
        let (mut count, mut at) = (0_u64, content.first);
        loop {
            if self.is_used(at) {
                return fault(&format!(
                    "{name}: it shares a cluster with another file, or with itself"
                ));
            }
            self.used[at as usize / 64] |= 1 << (at % 64);
            if let Some(list) = &mut list {
                list.push(at);
            }
            count += 1;
            let is_last = count == wanted;
            let following = match (content.in_a_row, is_last) {
                (true, true) => None,
                (true, false) => Some(at + 1).filter(|at| self.geometry.is_cluster(*at)),
                (false, _) => match next(&self.disk, &self.geometry, at) {
                    // What is behind the end does not matter.
                    Err(Errno::Io) if is_last => Some(at),
                    following => following?,
                },
            };
            match following {
                Some(_) if is_last => {
                    self.ends.push(at);
                    return Ok(());
                }
                Some(following) => at = following,
                None if is_last || !ends => return Ok(()),
                None => {
                    return fault(&format!(
                        "{name}: it has fewer clusters than its length wants"
                    ));
                }
            }
        }
    }
}

/// The letters of a name, if the entries are all there (exFAT specification, 7.4 to 7.7).
fn complete(set: &[[u8; ENTRY]]) -> Option<Vec<u16>> {
    let [file, stream, others @ ..] = set else {
        return None;
    };
    let len = usize::from(stream[3]);
    let names = len.div_ceil(exfat::NAME_UNITS_PER_ENTRY);
    let whole = usize::from(file[1]) == set.len() - 1
        && set.len() <= exfat::MAX_SET
        && stream[0] == exfat::ENTRY_STREAM
        && names > 0
        && names <= others.len();
    if !whole {
        return None;
    }
    let (names, others) = others.split_at(names);
    // What may follow a name is optional by its kind.
    let optional = exfat::CATEGORY_SECONDARY | exfat::IMPORTANCE_BENIGN;
    if names.iter().any(|raw| raw[0] != exfat::ENTRY_NAME)
        || others.iter().any(|raw| raw[0] & optional != optional)
    {
        return None;
    }
    let units = names.iter().flat_map(|raw| raw[2..].as_chunks().0.iter());
    Some(
        units
            .map(|unit| u16::from_le_bytes(*unit))
            .take(len)
            .collect(),
    )
}

/// The allocation that a stream, or a vendor's entry, names.
fn allocation(raw: &[u8; ENTRY]) -> Allocation {
    Allocation {
        first: cluster_of(raw),
        len: length_of(raw),
        in_a_row: raw[1] & exfat::NO_FAT_CHAIN != 0,
    }
}
