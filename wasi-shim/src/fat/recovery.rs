//! Finishing or undoing a rename that a power cut or a device error interrupted.
//!
//! The journal says what was to be done, the two directory entries how far it got: a source entry that is still whole means that nothing
//! has moved, an emptied one that the content is on its way. Entries that are neither were changed by somebody else since; then nothing
//! is touched.

use hadris_fs::Name;

use super::FatFs;
use super::journal::{Kind, Record};
use super::swap::{Entry, Move};
use super::volume::errno;
use crate::errno::Errno;

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
        if record.kind == Kind::Driver {
            return self.finish_by_driver(&plan);
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
            // What is in the bin goes with the bin.
            Kind::Bin => self.remove_name(&plan),
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

    /// On exFAT: the new name is missing only if the replaced one was removed and the move not made.
    fn finish_by_driver(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        match self.find_in(plan.to, plan.to_name) {
            Ok(id) => {
                self.unpin(id);
                Ok(())
            }
            Err(Errno::NoEnt) => self.rename_by_driver(plan),
            Err(errno) => Err(errno),
        }
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

    fn remove_name(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        let removed = self.volume.driver().unlink(plan.from, Name::new(plan.name));
        removed.map_err(|error| errno(&error))
    }

    fn remove_target(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        let removed = self
            .volume
            .driver()
            .unlink(plan.to, Name::new(plan.to_name));
        removed.map_err(|error| errno(&error))
    }
}
