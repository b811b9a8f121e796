//! Moving a file or directory to another name so that the power may fail at any moment.
//!
//! A FAT file belongs to the directory entry that holds the number of its first cluster.
//!
//! The driver's own rename is not safe. It writes the new entry before it wipes the old one; a power cut in between leaves one file with two
//! names. It wipes a replaced entry before it writes the new one; a power cut in between leaves a name without a file.
//!
//! Here, each step changes one entry by one write of one sector:
//! ```text
//!                                                  source entry   target entry
//! 0  the journal records the move                  S              T, or nothing
//! 1  an empty target entry is made if there is none
//!                                                  S              T
//! 2  the source entry is emptied                   –              T
//! 3  the target entry gets the source's content    –              S     ← the new content, in one step
//! 4  the source entry gets the target's content    T              S
//! 5  the source's name is removed, with T          ·              S
//! 6  the journal is wiped
//! ```
//! Two facts follow:
//! - No cluster ever belongs to two entries. `fsck.fat` finds lost clusters at worst.
//! - The target's name has the old content before step 3 and the new content from then on.
//!
//! `recovery.rs` finishes or undoes at the next mount what a power cut interrupted.
//!
//! On exFAT an entry can span two sectors, so no single write can change it. There the driver renames. The journal records the move, and
//! the next mount removes the second name.

use hadris_fs::{Extent, NodeId};

use super::FatFs;
use super::driver_error::errno;
use super::entry::Entry;
use super::hidden::Hidden;
use super::journal::{Kind, Move};
use super::volume::Volume;
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::FileType;

impl FatFs {
    /// Moves an entry. The caller has checked that this is allowed, and holds no pins but those of nodes.
    ///
    /// `source` is the node of what is moved, `replaced` that of what is replaced, if it is held.
    pub(super) fn move_entry(
        &mut self,
        plan: Move<'_>,
        source: Node,
        replaced: Option<Node>,
    ) -> Result<(), Errno> {
        self.publish(source)?;
        if let Some(node) = replaced {
            self.publish(node)?;
        }
        if let Err(errno) = self.prepare_journal() {
            // Without space for a journal the driver's own rename is what is left.
            log::warn!("FAT: this rename would not survive a power cut: {errno}");
            return self.replace_by_driver(&plan, replaced);
        }
        match self.volume {
            Volume::Fat(_) => self.swap(plan, source, replaced),
            #[cfg(feature = "exfat")]
            Volume::ExFat(_) => {
                let plan = Move {
                    kind: Kind::Driver,
                    ..plan
                };
                self.write_journal(&plan.record(Entry::NONE, Entry::NONE))?;
                let moved = self.replace_by_driver(&plan, replaced);
                let wiped = self.wipe_journal();
                moved.and(wiped)
            }
        }
    }

    /// The driver's own rename; what it would replace and is open moves to the hidden directory before.
    fn replace_by_driver(&mut self, plan: &Move<'_>, replaced: Option<Node>) -> Result<(), Errno> {
        let Some(node) = replaced else {
            return self.rename_by_driver(plan);
        };
        let last = self.last_stat(node)?;
        let held = self.nodes.get(node)?;
        if held.opens > 0 && held.kind != FileType::Directory {
            let hidden = self.hidden_dir()?;
            let number = self.hidden.number();
            let aside = Move {
                from: plan.to,
                name: plan.to_name,
                to: hidden,
                to_name: &Hidden::name(number),
                kind: Kind::Hide,
            };
            let moved = self.rename_by_driver(&aside);
            self.unpin(hidden);
            moved?;
            self.nodes.get_mut(node)?.hidden_as = Some(number);
            return self.rename_by_driver(plan);
        }
        self.rename_by_driver(plan)?;
        self.retire(node, last);
        Ok(())
    }

    /// The steps that the module's documentation shows.
    fn swap(&mut self, plan: Move<'_>, source: Node, replaced: Option<Node>) -> Result<(), Errno> {
        let (_, source_entry) = self.entry(plan.from, plan.name)?;
        let target_entry = match self.entry(plan.to, plan.to_name) {
            // An empty directory in the way holds nothing that would have to be kept.
            Ok(_) if plan.kind == Kind::Directory => Entry::NONE,
            Ok((_, entry)) => entry,
            Err(Errno::NoEnt) => Entry::NONE,
            Err(errno) => return Err(errno),
        };
        self.write_journal(&plan.record(source_entry, target_entry))?;
        let mut replaced = replaced;
        if plan.kind == Kind::Directory {
            self.remove_directory(&plan, replaced.take())?;
        }
        if target_entry == Entry::NONE
            && let Err(errno) = self.make_placeholder(&plan)
        {
            if plan.kind == Kind::Directory {
                self.restore_directory(&plan);
            }
            return self.wipe_journal().and(Err(errno));
        }
        // From here on the driver must not know the two entries: they change beneath it.
        for node in core::iter::once(source).chain(replaced) {
            let id = self.nodes.get(node)?.id;
            self.unpin(id);
            self.index.forget(id);
        }
        let exchanged = self.exchange(&plan, source_entry, target_entry);
        let adopted = exchanged.and_then(|()| self.find_again(&plan, source, replaced));
        if let Err(errno) = adopted {
            self.lose(source);
            if let Some(node) = replaced {
                self.lose(node);
            }
            return self.recover().and(Err(errno));
        }
        self.remove_replaced(&plan, replaced)?;
        self.wipe_journal()
    }

    /// Removes the empty directory that is replaced.
    fn remove_directory(&mut self, plan: &Move<'_>, replaced: Option<Node>) -> Result<(), Errno> {
        let last = match replaced {
            Some(node) => Some((node, self.last_stat(node)?)),
            None => None,
        };
        let removed = self.erase(plan.to, plan.to_name, FileType::Directory);
        if let Err(errno) = removed {
            return self.wipe_journal().and(Err(errno));
        }
        if let Some((node, last)) = last {
            self.retire(node, last);
        }
        Ok(())
    }

    /// Puts an empty directory back whose place could not be taken.
    fn restore_directory(&mut self, plan: &Move<'_>) {
        match self.make(plan.to, plan.to_name, FileType::Directory) {
            Ok(id) => self.unpin(id),
            Err(errno) => log::error!("FAT: an empty directory is lost: {errno}"),
        }
    }

    /// Step 1.
    pub(super) fn make_placeholder(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        let made = self.make(plan.to, plan.to_name, FileType::RegularFile)?;
        self.unpin(made);
        Ok(())
    }

    /// Steps 2 to 4. Each can be done again without harm.
    pub(super) fn exchange(
        &mut self,
        plan: &Move<'_>,
        source: Entry,
        target: Entry,
    ) -> Result<(), Errno> {
        let (source_at, source_now) = self.entry(plan.from, plan.name)?;
        let (target_at, target_now) = self.entry(plan.to, plan.to_name)?;
        let is_dir = source.0[11] & 0x10 != 0;
        self.disk.write_within(source_at, &source_now.emptied().0)?;
        if is_dir {
            self.set_parent(source.cluster(), plan.to)?;
        }
        self.disk
            .write_within(target_at, &source.named(&target_now).0)?;
        if target.cluster() != 0 {
            self.disk
                .write_within(source_at, &target.named(&source_now).0)?;
        }
        self.forget_entries();
        Ok(())
    }

    /// Step 5: what was replaced goes, or to the hidden directory if it is open.
    fn remove_replaced(&mut self, plan: &Move<'_>, replaced: Option<Node>) -> Result<(), Errno> {
        let open = match replaced {
            Some(node) => self.nodes.get(node)?.opens > 0,
            None => false,
        };
        if open && let Some(node) = replaced {
            return self.move_to_hidden(plan.from, plan.name, node);
        }
        let last = match replaced {
            Some(node) => Some((node, self.last_stat(node)?)),
            None => None,
        };
        self.erase(plan.from, plan.name, FileType::RegularFile)?;
        if let Some((node, last)) = last {
            self.retire(node, last);
        }
        Ok(())
    }

    /// Gives the held nodes their new ids, and pins these.
    fn find_again(
        &mut self,
        plan: &Move<'_>,
        source: Node,
        replaced: Option<Node>,
    ) -> Result<(), Errno> {
        // The old ids may be given out anew, in the other's place: both are taken away before one is set.
        let moved = self.find_in(plan.to, plan.to_name)?;
        let old = match replaced {
            Some(node) => Some((node, self.find_in(plan.from, plan.name)?)),
            None => None,
        };
        self.nodes
            .set_ids(core::iter::once((source, moved)).chain(old));
        Ok(())
    }

    /// Where a name's directory entry stands, in bytes from the start of the volume, and the entry.
    pub(super) fn entry(&mut self, dir: NodeId, name: &str) -> Result<(u64, Entry), Errno> {
        let id = self.find_in(dir, name)?;
        let mut place = [Extent::new(0, 0)];
        let driver = self.volume.fat()?;
        let found = driver.records(id, &mut place);
        self.unpin(id);
        if found.map_err(|error| errno(&error))? == 0 {
            return Err(Errno::Io);
        }
        let at = place[0].offset();
        Ok((at, Entry(self.disk.read_within(at)?)))
    }

    /// Writes a directory's parent into its `..`, which is the second entry of its first cluster.
    pub(super) fn set_parent(&mut self, first_cluster: u32, parent: NodeId) -> Result<(), Errno> {
        let driver = self.volume.fat()?;
        let info = driver.info();
        let start = info.cluster_offset(first_cluster).ok_or(Errno::Io)?;
        let mut dot_dot = Entry(self.disk.read_within(start + 32)?);
        if &dot_dot.0[..11] != b"..         " {
            return Err(Errno::Io);
        }
        let cluster = self.first_cluster_of_dir(parent)?;
        dot_dot.0[26..28].copy_from_slice(&cluster.to_le_bytes()[..2]);
        dot_dot.0[20..22].copy_from_slice(&cluster.to_le_bytes()[2..]);
        self.disk.write_within(start + 32, &dot_dot.0)
    }

    /// The number that `..` holds for children of a directory: 0 for those of the root.
    fn first_cluster_of_dir(&mut self, dir: NodeId) -> Result<u32, Errno> {
        let driver = self.volume.fat()?;
        if dir == driver.root() {
            return Ok(0);
        }
        let mut place = [Extent::new(0, 0)];
        let found = driver.records(dir, &mut place);
        if found.map_err(|error| errno(&error))? == 0 {
            return Err(Errno::Io);
        }
        Ok(Entry(self.disk.read_within(place[0].offset())?).cluster())
    }

    /// Makes the driver read directory entries anew.
    pub(super) fn forget_entries(&mut self) {
        self.volume.forget_entries();
    }
}
