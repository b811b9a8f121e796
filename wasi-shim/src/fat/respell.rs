//! Renaming that changes nothing but the case of letters, so that the power may fail at any moment.
//!
//! The driver finds a name whatever its case, so the new spelling cannot stand beside the old one. On FAT the directory entry goes through the
//! journal:
//! ```text
//! 0  the journal holds the entry
//! 1  the entry is emptied, and removed with its name
//! 2  an empty entry is made under the new spelling, and gets the content    ← in one step
//! 3  the journal is wiped
//! ```
//! On exFAT, whose entries span sectors, the driver moves the file to the hidden directory and back. In between the next mount finishes: a file that
//! the journal speaks of is given its name, in the new spelling if there is room for it.

use hadris_fs::NodeId;

use super::FatFs;
use super::entry::Entry;
use super::journal::{Kind, Move};
use crate::errno::Errno;
use crate::fs::Node;

/// The name in the hidden directory of an exFAT file on its way.
const ON_ITS_WAY: &str = "RESPELL";

impl FatFs {
    /// Gives a name another spelling. The caller has checked that both names are the same.
    pub(super) fn respell(&mut self, plan: Move<'_>, node: Node) -> Result<(), Errno> {
        let plan = Move {
            kind: Kind::Respell,
            ..plan
        };
        self.publish(node)?;
        if let Err(errno) = self.prepare_journal() {
            log::warn!("FAT: this rename would not survive a power cut: {errno}");
            self.rename_by_driver(&plan)?;
            self.forget_id(node)?;
            return self.find_respelled(&plan, node);
        }
        let is_fat = self.volume.fat().is_ok();
        let source = match is_fat {
            true => self.entry(plan.from, plan.name)?.1,
            false => Entry::NONE,
        };
        self.write_journal(&plan.record(source, Entry::NONE))?;
        // The driver must not know the entry any more: it changes beneath it.
        self.forget_id(node)?;
        let removed = match is_fat {
            true => self.remove_emptied(&plan),
            false => self.move_away(&plan),
        };
        let done = removed.and_then(|()| self.finish_respelling(&plan, source));
        let done = done.and_then(|()| self.find_respelled(&plan, node));
        if let Err(errno) = done {
            self.lose(node);
            return self.recover().and(Err(errno));
        }
        self.wipe_journal()
    }

    /// Gives the driver's pin of a node back.
    fn forget_id(&mut self, node: Node) -> Result<(), Errno> {
        let id = self.nodes.get(node)?.id;
        self.unpin(id);
        self.index.forget(id);
        Ok(())
    }

    /// Gives the node the id that the next mount would give it, which follows from the place of the entry.
    fn find_respelled(&mut self, plan: &Move<'_>, node: Node) -> Result<(), Errno> {
        let id = self.find_in(plan.to, plan.to_name)?;
        self.nodes.set_ids(core::iter::once((node, id)));
        Ok(())
    }

    /// What is left to do of a respelling that was interrupted.
    pub(super) fn finish_respelling(
        &mut self,
        plan: &Move<'_>,
        source: Entry,
    ) -> Result<(), Errno> {
        match self.volume.fat().is_ok() {
            true => self.give_back(plan, source),
            false => self.move_back(plan),
        }
    }

    /// Step 1.
    fn remove_emptied(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        let (at, entry) = self.entry(plan.from, plan.name)?;
        self.disk.write_within(at, &entry.emptied().0)?;
        self.forget_entries();
        self.remove_name(plan)
    }

    /// Step 2, which can be done again without harm.
    fn give_back(&mut self, plan: &Move<'_>, source: Entry) -> Result<(), Errno> {
        let (at, entry) = match self.entry(plan.to, plan.to_name) {
            Err(Errno::NoEnt) => {
                self.make_in_either_spelling(plan)?;
                self.entry(plan.to, plan.to_name)?
            }
            found => found?,
        };
        if ![0, source.cluster()].contains(&entry.cluster()) {
            // Somebody else's file.
            return Ok(());
        }
        self.disk.write_within(at, &source.named(&entry).0)?;
        self.forget_entries();
        Ok(())
    }

    /// The new spelling can take one entry more than the old one had, and on a full volume there is none.
    fn make_in_either_spelling(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        let old = Move {
            to_name: plan.name,
            ..*plan
        };
        self.make_placeholder(plan)
            .or_else(|_| self.make_placeholder(&old))
    }

    /// On exFAT: to the hidden directory.
    fn move_away(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        self.with_hidden_dir(|fs, hidden| {
            fs.rename_by_driver(&Move {
                to: hidden,
                to_name: ON_ITS_WAY,
                ..*plan
            })
        })
    }

    /// Gives what is in the hidden directory its name, or takes it out of the hidden directory if it has one.
    fn move_back(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        self.with_hidden_dir(|fs, hidden| {
            let hidden_as = match fs.entry_set(hidden, ON_ITS_WAY) {
                Err(Errno::NoEnt) => return Ok(()),
                found => found?,
            };
            match fs.entry_set(plan.to, plan.to_name) {
                Err(Errno::NoEnt) => fs.rename_by_driver(&Move {
                    from: hidden,
                    name: ON_ITS_WAY,
                    ..*plan
                }),
                Err(errno) => Err(errno),
                Ok(_) => fs.unlist(&hidden_as),
            }
        })
    }

    fn with_hidden_dir(
        &mut self,
        act: impl FnOnce(&mut FatFs, NodeId) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let hidden = self.hidden_dir()?;
        let result = act(self, hidden);
        self.unpin(hidden);
        result
    }
}
