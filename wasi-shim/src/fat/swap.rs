//! Moving a file or directory to another name so that the power may fail at any moment.
//!
//! A FAT file belongs to the directory entry that holds the number of its first cluster. The driver's own rename writes the new entry before it
//! wipes the old one, and wipes a replaced entry before it writes the new one: a power cut in between leaves a file with two names, or a name
//! with no file. Here entries change by single writes of single sectors instead, in this order:
//! ```text
//!                                          source entry   target entry
//! 0  the journal says what will happen     S              T, or nothing
//! 1  an empty target is made if need be    S              T
//! 2  the source entry is emptied           –              T
//! 3  the target entry gets the content     –              S     ← the new content, in one step
//! 4  the source entry gets the old one     T              S
//! 5  the source's name is removed          ·              S     and with it T's clusters
//! 6  the journal is wiped
//! ```
//! No cluster ever belongs to two entries, so that `fsck.fat` finds lost clusters at worst; under the target's name there is always the old or
//! the new content, and what was begun is finished or undone at the next mount (`recovery`).
//!
//! On exFAT, whose entries span sectors, the driver renames, and the next mount makes whole what a power cut interrupted.

use hadris_fs::{Extent, NodeId};

use super::FatFs;
use super::bin::Bin;
use super::journal::{Kind, Record};
use super::volume::{Volume, errno};
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::FileType;

/// A directory entry of FAT, as it stands on the disk.
/// ```text
/// 0    11         12   13         20           22        26          28   32
/// name attributes case times…     cluster high  times…    cluster low size
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Entry(pub(super) [u8; 32]);

impl Entry {
    /// No entry.
    pub(super) const NONE: Entry = Entry([0; 32]);

    /// The attribute byte of a file that was written.
    const ARCHIVE: u8 = 0x20;

    /// The number of the first cluster; 0 for an empty file.
    pub(super) fn cluster(&self) -> u32 {
        let Entry(bytes) = self;
        u32::from_le_bytes([bytes[26], bytes[27], bytes[20], bytes[21]])
    }

    /// The same entry as that of an empty file.
    pub(super) fn emptied(self) -> Entry {
        let Entry(mut bytes) = self;
        bytes[11] = Entry::ARCHIVE;
        bytes[20..22].fill(0);
        bytes[26..32].fill(0);
        Entry(bytes)
    }

    /// The same entry under the short name of another.
    pub(super) fn named(self, other: &Entry) -> Entry {
        let Entry(mut bytes) = self;
        bytes[..11].copy_from_slice(&other.0[..11]);
        bytes[12] = other.0[12];
        Entry(bytes)
    }
}

/// What moves, and where to.
#[derive(Clone, Copy)]
pub(super) struct Move<'a> {
    pub(super) from: NodeId,
    pub(super) name: &'a str,
    pub(super) to: NodeId,
    pub(super) to_name: &'a str,
    /// Why the journal says it moves.
    pub(super) kind: Kind,
}

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
                self.write_journal(&record_of(&plan, Entry::NONE, Entry::NONE))?;
                let moved = self.replace_by_driver(&plan, replaced);
                let wiped = self.wipe_journal();
                moved.and(wiped)
            }
        }
    }

    /// The driver's own rename; what it would replace and is open moves to the bin before.
    fn replace_by_driver(&mut self, plan: &Move<'_>, replaced: Option<Node>) -> Result<(), Errno> {
        let Some(node) = replaced else {
            return self.rename_by_driver(plan);
        };
        let last = self.last_stat(node)?;
        let held = self.nodes.get(node)?;
        if held.opens > 0 && held.kind != FileType::Directory {
            let bin = self.bin()?;
            let number = self.bin.number();
            let aside = Move {
                from: plan.to,
                name: plan.to_name,
                to: bin,
                to_name: &Bin::name(number),
                kind: Kind::Bin,
            };
            let moved = self.rename_by_driver(&aside);
            self.unpin(bin);
            moved?;
            self.nodes.get_mut(node)?.in_bin = Some(number);
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
        self.write_journal(&record_of(&plan, source_entry, target_entry))?;
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

    /// Step 5: what was replaced goes, or to the bin if it is open.
    fn remove_replaced(&mut self, plan: &Move<'_>, replaced: Option<Node>) -> Result<(), Errno> {
        let open = match replaced {
            Some(node) => self.nodes.get(node)?.opens > 0,
            None => false,
        };
        if open && let Some(node) = replaced {
            return self.move_to_bin(plan.from, plan.name, node);
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

pub(super) fn record_of(plan: &Move<'_>, source: Entry, target: Entry) -> Record {
    Record {
        kind: plan.kind,
        from: plan.from.get(),
        to: plan.to.get(),
        source,
        target,
        name: plan.name.into(),
        to_name: plan.to_name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_swap_content_and_keep_names() {
        let mut one = Entry([0; 32]);
        one.0[..11].copy_from_slice(b"ONE     TXT");
        one.0[26] = 5;
        one.0[20] = 1;
        one.0[28] = 77;
        let mut two = Entry([0; 32]);
        two.0[..11].copy_from_slice(b"TWO     TXT");
        two.0[12] = 8;
        assert_eq!(one.cluster(), 0x1_0005);
        assert_eq!(one.emptied().cluster(), 0);
        assert_eq!(one.emptied().0[28], 0);
        let moved = one.named(&two);
        assert_eq!((&moved.0[..11], moved.0[12]), (&b"TWO     TXT"[..], 8));
        assert_eq!((moved.cluster(), moved.0[28]), (0x1_0005, 77));
    }
}
