//! Making a file or directory of FAT by the index: the entries are written beside the driver, which would read the whole directory first.
//!
//! The order of writes is the driver's: the parts of a long name, then the short entry, in whole sectors from the first to the last. A power
//! cut in between leaves parts of a name without a file, never a file without a name.
//!
//! A directory that is full grows without the driver, too. It cannot be asked for a cluster, but for a file of zeros in the hidden directory:
//! ```text
//! 1  a file in the hidden directory gets clusters of zeros
//! 2  its entry is emptied: nobody has the clusters
//! 3  the directory's last cluster points to the first of them
//! 4  the file is removed
//! ```
//! A directory that is made gets its cluster in the same way: from one that is made in the hidden directory. A power cut in between leaves clusters that
//! nobody has.

use alloc::vec::Vec;

use hadris_fat::FatKind;
use hadris_fat_raw::lfn::Encoded;
use hadris_fat_raw::{LongEntry, ShortEntry, date, fold_unicode, short_name};
use hadris_fs::{CodePage, Name, NodeId, SetAttr};

use super::device::SECTOR;
use super::driver_error::errno;
use super::index::{ENTRY, short_hash};
use super::view::LARGE;
use super::{FatFs, stamp};
use crate::errno::Errno;
use crate::types::FileType;

/// The attribute byte of a file that was written.
const ARCHIVE: u8 = 0x20;

/// The attribute byte of a directory.
const DIRECTORY: u8 = 0x10;

/// The name of a directory in the hidden directory that gives its cluster away.
const DONOR: &str = "DONOR";

/// The name of the file of zeros in the hidden directory.
const ZEROS: &str = "ZEROS";

/// How many bytes a directory grows by at once, if a cluster is not more.
const MAX_GROWTH: u32 = 8192;

/// A directory entry and the parts of its long name, as they stand on the disk.
struct Entries {
    raw: Vec<[u8; ENTRY]>,
    /// The hashes by which the index knows the name.
    hashes: [u32; 2],
}

impl FatFs {
    /// Makes a file or directory and returns its id, pinned; `None` if the driver must do it.
    pub(super) fn create_by_index(
        &mut self,
        dir: NodeId,
        name: &str,
        kind: FileType,
    ) -> Result<Option<NodeId>, Errno> {
        if kind != FileType::Directory {
            return self.create_entries(dir, name, None);
        }
        let directory = self.indexed(dir)?;
        if directory.is_none_or(|directory| directory.names.len() <= LARGE) {
            return Ok(None);
        }
        let Ok(hidden) = self.hidden_dir() else {
            return Ok(None);
        };
        let made = self.make_directory(hidden, dir, name);
        self.unpin(hidden);
        made
    }

    /// Makes a directory in the hidden directory, and then another one with its cluster.
    fn make_directory(
        &mut self,
        hidden: NodeId,
        dir: NodeId,
        name: &str,
    ) -> Result<Option<NodeId>, Errno> {
        let driver = self.names_change_in(hidden);
        let Ok(donor) = driver.mkdir(hidden, Name::new(DONOR), &SetAttr::new()) else {
            return Ok(None);
        };
        self.unpin(donor);
        let (at, entry) = self.entry(hidden, DONOR)?;
        // Nobody has the cluster while its dot-dot changes.
        self.disk.write_within(at, &entry.emptied().0)?;
        self.set_parent(entry.cluster(), dir)?;
        self.forget_entries();
        let made = self.create_entries(dir, name, Some(entry.cluster()));
        if let Ok(None) = made {
            // It goes with its cluster.
            self.set_parent(entry.cluster(), hidden)?;
            self.disk.write_within(at, &entry.0)?;
            self.forget_entries();
            let removed = self.names_change_in(hidden).rmdir(hidden, Name::new(DONOR));
            removed.map_err(|error| errno(&error))?;
            return Ok(None);
        }
        let removed = self
            .names_change_in(hidden)
            .unlink(hidden, Name::new(DONOR));
        removed.map_err(|error| errno(&error))?;
        made
    }

    /// Writes the entries of an empty file, or of a directory that has a cluster.
    fn create_entries(
        &mut self,
        dir: NodeId,
        name: &str,
        cluster: Option<u32>,
    ) -> Result<Option<NodeId>, Errno> {
        let now = self.stamp.set(&self.clock);
        let Ok(driver) = self.volume.fat() else {
            return Ok(None);
        };
        let code_page = driver.code_page();
        // The driver marks the volume as in use before it writes; this does not.
        let (true, Some(hash)) = (self.index.marked, self.hash_of(name)) else {
            return Ok(None);
        };
        let Some(directory) = self.indexed(dir)? else {
            return Ok(None);
        };
        if directory.has(hash) {
            return Ok(None);
        }
        let is_free = |entry: &ShortEntry| !directory.has(short_hash(entry, code_page));
        let Some(mut entries) = entries_for(name, hash, now, code_page, is_free) else {
            return Ok(None);
        };
        if let (Some(cluster), Some(short)) = (cluster, entries.raw.last_mut()) {
            short[11] = DIRECTORY;
            short[20..22].copy_from_slice(&cluster.to_le_bytes()[2..]);
            short[26..28].copy_from_slice(&cluster.to_le_bytes()[..2]);
        }
        // At most 20 entries for 255 letters, and one.
        let count = entries.raw.len() as u32;
        let mut taken = directory.take(count);
        if taken.is_none() && self.grow(dir)? {
            // The hidden directory has had other names meanwhile.
            let directory = self.indexed(dir)?;
            taken = directory.and_then(|directory| directory.take(count));
        }
        let Some(first) = taken else {
            return Ok(None);
        };
        // Until it is on the disk and known, the index would claim too little.
        let written = self.write_entries(dir, first, &entries.raw);
        self.forget_entries();
        if let Err(errno) = written {
            self.index.clear();
            return Err(errno);
        }
        if let Some(directory) = self.index.get(dir) {
            directory.add(entries.hashes[0], first);
            if entries.hashes[1] != entries.hashes[0] {
                directory.add(entries.hashes[1], first);
            }
        }
        self.find_in(dir, name).map(Some)
    }

    /// Writes entries in a row, sector by sector.
    fn write_entries(&mut self, dir: NodeId, first: u32, raw: &[[u8; ENTRY]]) -> Result<(), Errno> {
        let directory = self.index.get(dir).ok_or(Errno::Io)?;
        let mut places = Vec::with_capacity(raw.len() + 1);
        for slot in (first..).take(raw.len()) {
            places.push(directory.offset(slot).ok_or(Errno::Io)?);
        }
        // What follows the last used entry is to be zero; systems exist that leave something else.
        let next = first + raw.len() as u32;
        if let Some(at) = directory.offset(next).filter(|_| directory.is_end(next))
            && self.disk.read_within::<1>(at)? != [0]
        {
            self.disk.write_within(at, &[0])?;
        }
        let mut sector = [0; SECTOR];
        let mut done = 0;
        while done < raw.len() {
            let number = places[done] / SECTOR as u64;
            self.disk.read(number, &mut sector)?;
            while let Some(at) = places.get(done).filter(|at| *at / SECTOR as u64 == number) {
                let within = (at % SECTOR as u64) as usize;
                sector[within..within + ENTRY].copy_from_slice(&raw[done]);
                done += 1;
            }
            self.disk.write(number, &sector)?;
        }
        Ok(())
    }

    /// Adds clusters to a directory. False if the driver must do it: on FAT12, whose entries span sectors, in a root of fixed size, and
    /// after an error, which the driver meets, too, if it lasts.
    fn grow(&mut self, dir: NodeId) -> Result<bool, Errno> {
        let driver = self.volume.fat()?;
        let kind = driver.info().kind();
        let fixed = dir == driver.root() && kind != FatKind::Fat32;
        if fixed || kind == FatKind::Fat12 {
            return Ok(false);
        }
        let grown = self.hidden_dir().and_then(|hidden| {
            let room = match hidden == dir {
                true => self.room_for_zeros(hidden),
                false => Ok(()),
            };
            let grown = room.and_then(|()| self.grow_from(hidden, dir));
            // The file is removed in any case.
            let removed = self
                .names_change_in(hidden)
                .unlink(hidden, Name::new(ZEROS));
            self.unpin(hidden);
            grown?;
            removed.map_err(|error| errno(&error))
        });
        match grown.and_then(|()| self.grown(dir)) {
            Ok(()) => Ok(true),
            Err(_) => {
                self.forget_entries();
                self.index.clear();
                Ok(false)
            }
        }
    }

    /// Lets the driver add a cluster to the hidden directory when that is full: the file of zeros needs an entry there.
    fn room_for_zeros(&mut self, hidden: NodeId) -> Result<(), Errno> {
        let driver = self.names_change_in(hidden);
        let made = driver.create(hidden, Name::new(ZEROS), &SetAttr::new());
        driver.forget(made.map_err(|error| errno(&error))?, 1);
        let removed = driver.unlink(hidden, Name::new(ZEROS));
        removed.map_err(|error| errno(&error))?;
        self.indexed(hidden).map(drop)
    }

    /// Steps 1 to 3, with the hidden directory, whose making may have changed the directory.
    fn grow_from(&mut self, hidden: NodeId, dir: NodeId) -> Result<(), Errno> {
        let info = self.volume.fat()?.info();
        let (start, size) = (info.data_start(), info.cluster_size());
        let directory = self.index.get(dir).ok_or(Errno::Again)?;
        let slots = directory.slots();
        let last = directory.offset(slots.saturating_sub(1));
        let within = last
            .and_then(|last| last.checked_sub(start))
            .ok_or(Errno::Io)?;
        let tail = u32::try_from(within / u64::from(size) + 2).map_err(|_| Errno::Io)?;
        let clusters = slots / (size / ENTRY as u32).max(1);
        let count = (clusters / 4).clamp(1, (MAX_GROWTH / size).max(1));
        let zeros = alloc::vec![0; (size * count) as usize];
        self.link_zeros(hidden, tail, &zeros)
    }

    /// The same for a directory whose last cluster is `write_buffer`.
    fn link_zeros(&mut self, hidden: NodeId, tail: u32, zeros: &[u8]) -> Result<(), Errno> {
        let driver = self.names_change_in(hidden);
        let file = driver.create(hidden, Name::new(ZEROS), &SetAttr::new());
        let file = file.map_err(|error| errno(&error))?;
        let filled = driver.write(file, 0, zeros).and_then(|written| {
            driver.close(file)?;
            Ok(written)
        });
        self.unpin(file);
        let whole = filled.map_err(|error| errno(&error))? == zeros.len();
        let (at, entry) = self.entry(hidden, ZEROS)?;
        if !whole || entry.cluster() == 0 {
            return Err(Errno::NoSpc);
        }
        self.disk.write_within(at, &entry.emptied().0)?;
        let info = self.volume.fat()?.info();
        let (kind, active) = (info.kind(), info.active_fat());
        let copies: Vec<u64> = (0..info.copies())
            .map(|step| info.fat_copy(active ^ step) + kind.entry_offset(u64::from(tail)))
            .collect();
        for at in copies {
            let mut stored = self.disk.read_within::<4>(at & !3)?;
            let within = (at % 4) as usize;
            let value = &mut stored[within..within + kind.entry_len()];
            if !kind.is_end_of_chain(kind.decode(u64::from(tail), value)) {
                return Err(Errno::Io);
            }
            kind.encode(u64::from(tail), entry.cluster(), value);
            self.disk.write_within(at & !3, &stored)?;
        }
        self.forget_entries();
        Ok(())
    }
}

/// The entries for a name, with a short name that the directory does not have yet.
fn entries_for(
    name: &str,
    hash: u32,
    now: u64,
    code_page: &dyn CodePage,
    is_free: impl Fn(&ShortEntry) -> bool,
) -> Option<Entries> {
    let encode = |letter: char| {
        let folded = u16::try_from(u32::from(letter)).map(fold_unicode);
        let folded = folded.ok().and_then(|unit| char::from_u32(unit.into()));
        code_page.encode(folded.unwrap_or(letter))
    };
    let encoded = Encoded::new(name)?;
    let time = stamp::to_fat(now);
    let (created, modified) = (date::encode(time, None), date::encode(time, None));
    let entry = |suffix| {
        let mut short = short_name::generate(name, suffix, encode)?;
        short_name::to_disk(&mut short);
        let mut entry = ShortEntry::new(short, ARCHIVE);
        entry.set_created(created.0, created.1, created.2);
        entry.set_modified(modified.0, modified.1);
        entry.set_accessed_date(modified.0);
        Some(entry)
    };
    // A name that is its own short name needs no long one.
    if let (Some(bits), Some(mut entry)) = (short_name::case_bits(name), entry(0))
        && name.is_ascii()
        && short_hash(&entry, code_page) == hash
    {
        entry.set_nt_case(bits);
        return Some(Entries {
            raw: Vec::from([entry.encode()]),
            hashes: [hash; 2],
        });
    }
    let entry = (1..=u8::MAX).filter_map(entry).find(is_free)?;
    let checksum = entry.lfn_checksum();
    let parts = (0..encoded.entries()).map(|index| {
        let (sequence, units) = encoded.entry(index);
        LongEntry::new(sequence, checksum, &units).encode()
    });
    Some(Entries {
        raw: parts.chain([entry.encode()]).collect(),
        hashes: [hash, short_hash(&entry, code_page)],
    })
}
