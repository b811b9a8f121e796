//! More clusters for a large directory of exFAT.
//!
//! The driver would read the whole directory before it adds a cluster. It cannot be asked for clusters alone, but for a file of zeros in the hidden directory:
//! ```text
//! 1  a file in the hidden directory gets clusters of zeros
//! 2  its entries are taken out of use: nobody has the clusters
//! 3  the directory's last cluster points to the first of them
//! 4  the directory's own entries get the new length
//! 5  the driver forgets the directory and finds it again
//! ```
//! A power cut leaves clusters that nobody has, or clusters behind the directory's end, at worst.

use alloc::string::String;
use alloc::vec::Vec;

use hadris_fat_raw::exfat;
use hadris_fs::{Name, NodeId, SetAttr};

use super::FatFs;
use super::device::SECTOR;
use super::driver_error::errno;
use super::exfat::length_of;
use super::index::ENTRY;
use super::nodes::ROOT;
use super::volume::Volume;
use crate::errno::Errno;
use crate::fs::Node;

/// The name of the file of zeros in the hidden directory.
const ZEROS: &str = "ZEROS";

/// How many bytes a directory grows by at once, if a cluster is not more.
const MAX_GROWTH: u64 = 8192;

/// The entry set of a directory.
struct OwnSet {
    places: Vec<u64>,
    raw: Vec<[u8; ENTRY]>,
}

impl FatFs {
    /// Adds clusters to a directory that is in the index. False if the driver must do it, as in the hidden directory itself.
    pub(super) fn extend(&mut self, dir: NodeId) -> Result<bool, Errno> {
        let hidden = self.hidden_dir()?;
        if hidden == dir {
            self.unpin(hidden);
            return Ok(false);
        }
        let extended = self.extend_from(hidden, dir);
        self.unpin(hidden);
        extended
    }

    /// The steps, with the hidden directory.
    fn extend_from(&mut self, hidden: NodeId, dir: NodeId) -> Result<bool, Errno> {
        let own = match dir == self.nodes.get(ROOT)?.id {
            true => None,
            false => match self.own_set(dir)? {
                None => return Ok(false),
                own => own,
            },
        };
        let Some(first) = self.clusters_of_zeros(hidden, dir)? else {
            return Ok(false);
        };
        self.link(dir, first)?;
        if let Some(mut own) = own {
            let len = self.index.get(dir).map_or(0, |directory| directory.slots());
            let added = self.growth(len).ok_or(Errno::Io)?;
            self.lengthen(&mut own, added)?;
            self.forget_entries();
            self.find_directory_again(dir, &own)?;
        }
        self.forget_entries();
        self.grown(dir)?;
        Ok(true)
    }

    /// By how many bytes a directory of so many entries grows.
    fn growth(&self, slots: u32) -> Option<u64> {
        let size = self.volume.cluster_size();
        let clusters = u64::from(slots) * ENTRY as u64 / size;
        Some((clusters / 4).clamp(1, (MAX_GROWTH / size).max(1)) * size)
    }

    /// The entries of a directory. `None` if its clusters are not in a chain, or a single write could not change its length.
    fn own_set(&mut self, dir: NodeId) -> Result<Option<OwnSet>, Errno> {
        let places = self.places_of(dir)?;
        let (Some(first), Some(second)) = (places.first(), places.get(1)) else {
            return Ok(None);
        };
        if first / SECTOR as u64 != second / SECTOR as u64 {
            return Ok(None);
        }
        let mut raw = Vec::with_capacity(places.len());
        for at in &places {
            raw.push(self.disk.read_within::<ENTRY>(*at)?);
        }
        let chained = raw[1][1] & exfat::NO_FAT_CHAIN == 0;
        Ok(chained.then_some(OwnSet { places, raw }))
    }

    /// Steps 1 and 2. Returns the first cluster; `None` if there is no space.
    fn clusters_of_zeros(&mut self, hidden: NodeId, dir: NodeId) -> Result<Option<u32>, Errno> {
        let slots = self.index.get(dir).map_or(0, |directory| directory.slots());
        let len = self.growth(slots).ok_or(Errno::Io)?;
        let zeros = alloc::vec![0; usize::try_from(len).map_err(|_| Errno::NoMem)?];
        let driver = self.names_change_in(hidden);
        let Ok(file) = driver.create(hidden, Name::new(ZEROS), &SetAttr::new()) else {
            return Ok(None);
        };
        let filled = driver.write(file, 0, &zeros).and_then(|written| {
            driver.close(file)?;
            Ok(written)
        });
        let places = self.places_of(file);
        self.unpin(file);
        let whole = matches!(filled, Ok(written) if written == zeros.len());
        let stream = *places
            .as_ref()
            .ok()
            .and_then(|places| places.get(1))
            .ok_or(Errno::Io)?;
        let first = u32::from_le_bytes(self.disk.read_within(stream + 20)?);
        let [_, flags] = self.disk.read_within(stream)?;
        if !whole || first == 0 || flags & exfat::NO_FAT_CHAIN != 0 {
            let removed = self
                .names_change_in(hidden)
                .unlink(hidden, Name::new(ZEROS));
            return removed.map(|()| None).map_err(|error| errno(&error));
        }
        for at in places? {
            let [kind] = self.disk.read_within(at)?;
            self.disk.write_within(at, &[kind & !exfat::IN_USE])?;
        }
        self.forget_entries();
        Ok(Some(first))
    }

    /// Step 3.
    fn link(&mut self, dir: NodeId, first: u32) -> Result<(), Errno> {
        let directory = self.index.get(dir).ok_or(Errno::Io)?;
        let last = directory.offset(directory.slots().saturating_sub(1));
        let Volume::ExFat(driver) = &self.volume else {
            return Err(Errno::NotSup);
        };
        let geometry = driver.info();
        let last = last
            .and_then(|at| geometry.cluster_of(at))
            .ok_or(Errno::Io)?;
        let tables = [Some(geometry.fat_start()), geometry.mirror_fat()];
        for table in tables.into_iter().flatten() {
            let at = table + 4 * u64::from(last);
            if self.disk.read_within(at)? != exfat::FAT_END.to_le_bytes() {
                return Err(Errno::Io);
            }
            self.disk.write_within(at, &first.to_le_bytes())?;
        }
        Ok(())
    }

    /// Step 4: one write of one sector.
    fn lengthen(&mut self, own: &mut OwnSet, added: u64) -> Result<(), Errno> {
        let len = length_of(&own.raw[1])
            .checked_add(added)
            .ok_or(Errno::FBig)?;
        own.raw[1][8..16].copy_from_slice(&len.to_le_bytes());
        own.raw[1][24..32].copy_from_slice(&len.to_le_bytes());
        exfat::seal(&mut own.raw);
        let number = own.places[0] / SECTOR as u64;
        let mut sector = [0; SECTOR];
        self.disk.read(number, &mut sector)?;
        for (at, raw) in own.places.iter().zip(&own.raw).take(2) {
            let within = (at % SECTOR as u64) as usize;
            sector[within..within + ENTRY].copy_from_slice(raw);
        }
        self.disk.write(number, &sector)
    }

    /// Step 5: the driver keeps the length of a directory that is pinned.
    fn find_directory_again(&mut self, dir: NodeId, own: &OwnSet) -> Result<(), Errno> {
        let node = self.nodes.by_id(dir).ok_or(Errno::Io)?;
        let parent: Node = self.nodes.get(node)?.parent.ok_or(Errno::Io)?;
        let parent = self.nodes.get(parent)?.id;
        let units = own.raw[2..]
            .iter()
            .filter(|raw| raw[0] == exfat::ENTRY_NAME);
        let units = units.flat_map(|raw| raw[2..].as_chunks().0.iter());
        let units: Vec<u16> = units.map(|unit| u16::from_le_bytes(*unit)).collect();
        let len = usize::from(own.raw[1][3]).min(units.len());
        let name = String::from_utf16(&units[..len]).map_err(|_| Errno::Io)?;
        self.unpin(dir);
        match self.find_in(parent, &name) {
            Ok(found) if found == dir => Ok(()),
            Ok(found) => {
                self.nodes.set_ids(core::iter::once((node, found)));
                self.index.forget(dir);
                Ok(())
            }
            Err(errno) => {
                self.lose(node);
                Err(errno)
            }
        }
    }
}
