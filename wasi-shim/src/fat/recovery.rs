//! Finishing or undoing a rename that a power cut or a device error interrupted.
//!
//! The journal says what was to be done, the two directory entries how far it got: a source entry that is still whole means that nothing
//! has moved, an emptied one that the content is on its way. Entries that are neither were changed by somebody else since; then nothing
//! is touched.

use alloc::string::String;
use alloc::vec::Vec;

use hadris_fs::{DirCursor, NodeId};

use super::FatFs;
use super::driver_error::errno;
use super::entry::Entry;
use super::journal::{Kind, Move, Record};
use crate::errno::Errno;
use crate::types::FileType;

/// The bit of an exFAT entry's first byte that says that it is in use.
const IN_USE: u8 = 0x80;

/// Where the content of an exFAT file is.
struct Stream {
    cluster: u32,
    length: u64,
}

impl Stream {
    /// Whether both are the same clusters. Empty files have none to share.
    fn is_same(&self, other: &Stream) -> bool {
        self.cluster != 0 && self.cluster == other.cluster && self.length == other.length
    }
}

impl FatFs {
    /// Does what is left to do of what the journal says, and wipes it.
    pub(super) fn recover(&mut self) -> Result<(), Errno> {
        let Some(record) = self.read_journal()? else {
            return Ok(());
        };
        log::warn!(
            "FAT: finishing an interrupted rename of {:?} to {:?}",
            record.name,
            record.to_name
        );
        self.forget_entries();
        self.index.clear();
        match self.finish(&record) {
            // The directories are not what they were: somebody else was at work here.
            Ok(()) | Err(Errno::NoEnt | Errno::Stale | Errno::NotDir) => self.wipe_journal(),
            Err(errno) => Err(errno),
        }
    }

    fn finish(&mut self, record: &Record) -> Result<(), Errno> {
        let plan = Move {
            from: record.source_dir()?,
            name: &record.name,
            to: record.target_dir()?,
            to_name: &record.to_name,
            kind: record.kind,
        };
        match record.kind {
            Kind::Driver => return self.finish_by_driver(&plan),
            Kind::Respell => return self.finish_respelling(&plan, record.source),
            Kind::Swap | Kind::Hide | Kind::Directory => {}
        }
        let (_, source) = self.entry(plan.from, plan.name)?;
        let target = match self.entry(plan.to, plan.to_name) {
            Ok((_, entry)) => entry,
            Err(Errno::NoEnt) => Entry::NONE,
            Err(errno) => return Err(errno),
        };
        let (from, to) = (record.source.cluster(), record.target.cluster());
        let ours = [0, from, to];
        if !ours.contains(&source.cluster()) || !ours.contains(&target.cluster()) {
            return Ok(());
        }
        let moving = source.cluster() != from;
        match record.kind {
            // What is in the hidden directory goes with the hidden directory.
            Kind::Hide => self.remove_name(&plan),
            // The directory that was in the way is gone, or is as empty as before: either way the move is made again.
            Kind::Directory if !moving => self.move_again(&plan, target),
            // Nothing has moved. What was made to be replaced goes.
            Kind::Swap if !moving && from != 0 => {
                let placeholder = record.target == Entry::NONE && target != Entry::NONE;
                if placeholder && target.cluster() == 0 {
                    self.remove_target(&plan)?;
                }
                Ok(())
            }
            // An empty file, or one whose content is on its way.
            _ if target == Entry::NONE => Ok(()),
            _ => {
                self.exchange(&plan, record.source, record.target)?;
                self.remove_name(&plan)
            }
        }
    }

    /// On exFAT: the new name is missing only if the replaced one was removed and the move not made, and leads to the same clusters as the old
    /// one only if the old one was not removed yet.
    fn finish_by_driver(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        let source = self.entry_set(plan.from, plan.name)?;
        let target = match self.entry_set(plan.to, plan.to_name) {
            Err(Errno::NoEnt) => return self.rename_by_driver(plan),
            target => target?,
        };
        if source == target {
            return Ok(());
        }
        if self.stream_of(&source)?.is_same(&self.stream_of(&target)?) {
            return self.unlist(&source);
        }
        // Nothing has moved, but what was to be replaced may have been on its way to the hidden directory.
        self.unlist_hidden(&target)
    }

    /// Takes a name away and leaves the clusters alone.
    pub(super) fn unlist(&mut self, set: &[u64]) -> Result<(), Errno> {
        for at in set {
            let [kind] = self.disk.read_within(*at)?;
            self.disk.write_within(*at, &[kind & !IN_USE])?;
        }
        self.forget_entries();
        self.index.clear();
        Ok(())
    }

    /// Takes names in the hidden directory away that lead to the clusters of a file that has a name again.
    fn unlist_hidden(&mut self, set: &[u64]) -> Result<(), Errno> {
        let kept = self.stream_of(set)?;
        let hidden = self.hidden_dir()?;
        let result = self.names_in(hidden).and_then(|names| {
            for name in names {
                let other = self.entry_set(hidden, &name)?;
                if self.stream_of(&other)?.is_same(&kept) {
                    self.unlist(&other)?;
                }
            }
            Ok(())
        });
        self.unpin(hidden);
        result
    }

    fn names_in(&mut self, dir: NodeId) -> Result<Vec<String>, Errno> {
        let mut names = Vec::new();
        let mut cursor = DirCursor::START;
        while let Some(entry) = self
            .volume
            .driver()
            .readdir(dir, cursor)
            .map_err(|error| errno(&error))?
        {
            cursor = entry.next_cursor();
            if let Ok(name) = entry.name().to_str() {
                names.push(name.into());
            }
        }
        Ok(names)
    }

    /// Where the entries of a name stand on exFAT, in bytes from the start of the volume.
    pub(super) fn entry_set(&mut self, dir: NodeId, name: &str) -> Result<Vec<u64>, Errno> {
        let id = self.find_in(dir, name)?;
        let places = self.places_of(id);
        self.unpin(id);
        places
    }

    /// What the second entry of a set says (exFAT specification, 7.6): the first cluster at 20, the length at 24.
    fn stream_of(&mut self, set: &[u64]) -> Result<Stream, Errno> {
        let at = *set.get(1).ok_or(Errno::Io)?;
        Ok(Stream {
            cluster: u32::from_le_bytes(self.disk.read_within(at + 20)?),
            length: u64::from_le_bytes(self.disk.read_within(at + 24)?),
        })
    }

    /// Moves a directory that has not moved yet.
    fn move_again(&mut self, plan: &Move<'_>, target: Entry) -> Result<(), Errno> {
        const DIRECTORY: u8 = 0x10;

        let (_, source) = self.entry(plan.from, plan.name)?;
        if target.0[11] & DIRECTORY != 0 {
            return Ok(());
        }
        if target == Entry::NONE {
            self.make_placeholder(plan)?;
        }
        self.exchange(plan, source, Entry::NONE)?;
        self.remove_name(plan)
    }

    pub(super) fn remove_name(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        self.erase(plan.from, plan.name, FileType::RegularFile)
    }

    fn remove_target(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        self.erase(plan.to, plan.to_name, FileType::RegularFile)
    }
}
