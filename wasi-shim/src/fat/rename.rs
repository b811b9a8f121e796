//! `rename`: what may be moved where. How it is moved stands in `swap`.
//!
//! A name that is replaced keeps its spelling on FAT: it lends its directory entry.
//!
//! Two renames are not what `swap` promises, because the driver makes them:
//! - One on a volume without space for the journal (four sectors).
//! - Every one on exFAT. Its entry for a name is a set of three to nineteen entries with one checksum, which may span two sectors, so that no single write
//!   moves it. The driver writes the whole new set and then takes the old one out of use. A power cut in between leaves one file under both names;
//!   the next mount here, which reads the journal first, removes the old one, and then the rename has happened as a whole. Until that mount
//!   `fsck.exfat` calls the two names crossed, and another system must not write to the volume: to delete one name there frees the other's
//!   clusters. If a file is replaced that is open, there is such a moment for its way to the hidden directory as well.
//!
//! One that changes nothing but the case of letters is `respell`'s.

use hadris_fs::{DirCursor, NodeId};

use super::FatFs;
use super::driver_error::errno;
use super::hidden::Hidden;
use super::journal::{Kind, Move};
use crate::errno::Errno;
use crate::fs::{FileSystem, Node};
use crate::types::FileType;

impl FatFs {
    /// Moves `dir`/`name` to `to_dir`/`to_name` and replaces what is there.
    pub(super) fn rename_entry(
        &mut self,
        dir: Node,
        name: &str,
        to_dir: Node,
        to_name: &str,
    ) -> Result<(), Errno> {
        if Hidden::hides(self.fold.as_ref(), to_dir, to_name) {
            return Err(Errno::Inval);
        }
        let source = self.find(dir, name)?;
        let target = self.find(to_dir, to_name);
        let checked = match target {
            Ok(id) => self.check(source, to_dir, Some(id)),
            Err(Errno::NoEnt) => self.check(source, to_dir, None),
            Err(errno) => Err(errno),
        };
        let replaced = target.ok().and_then(|id| self.nodes.by_id(id));
        if let Ok(id) = target {
            self.unpin(id);
        }
        let is_dir = match checked {
            Ok(is_dir) => is_dir,
            Err(errno) => {
                self.unpin(source);
                return Err(errno);
            }
        };
        // What is held keeps its inode number.
        let (moved, _) = self.adopt(source, dir)?;
        if let Some(former) = self.nodes.keep(moved) {
            self.forget(former);
        }
        let plan = Move {
            from: self.dir(dir)?,
            name,
            to: self.dir(to_dir)?,
            to_name,
            kind: match target {
                Ok(_) if is_dir => Kind::Directory,
                _ => Kind::Swap,
            },
        };
        if target == Ok(source) {
            return match (plan.from == plan.to) && name == to_name {
                true => Ok(()),
                false => self.respell(plan, moved),
            };
        }
        self.move_entry(plan, moved, replaced)?;
        self.set_parent_node(moved, to_dir);
        Ok(())
    }

    /// Whether this is allowed. Returns whether a directory moves.
    fn check(
        &mut self,
        source: NodeId,
        to_dir: Node,
        target: Option<NodeId>,
    ) -> Result<bool, Errno> {
        self.dir(to_dir)?;
        self.begin_write()?;
        let is_dir = self.kind_of(source)? == FileType::Directory;
        if target == Some(source) {
            return Ok(is_dir);
        }
        if is_dir && self.is_within(to_dir, source)? {
            return Err(Errno::Inval);
        }
        if let Some(target) = target {
            self.may_replace(is_dir, target)?;
        }
        Ok(is_dir)
    }

    /// Whether a file or directory may take the place of `target`.
    fn may_replace(&mut self, is_dir: bool, target: NodeId) -> Result<(), Errno> {
        match (is_dir, self.kind_of(target)? == FileType::Directory) {
            (true, false) => Err(Errno::NotDir),
            (false, true) => Err(Errno::IsDir),
            (false, false) => Ok(()),
            (true, true) => {
                let first = self.volume.driver().readdir(target, DirCursor::START);
                match first.map_err(|error| errno(&error))? {
                    Some(_) => Err(Errno::NotEmpty),
                    None => Ok(()),
                }
            }
        }
    }

    /// Whether a directory is `ancestor` or lies below it.
    fn is_within(&self, dir: Node, ancestor: NodeId) -> Result<bool, Errno> {
        let mut next = Some(dir);
        while let Some(node) = next {
            let held = self.nodes.get(node)?;
            if held.id == ancestor {
                return Ok(true);
            }
            next = held.parent;
        }
        Ok(false)
    }
}
