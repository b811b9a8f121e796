//! Changes of names that keep the index: making, removing and, on exFAT, moving.
//!
//! In a large directory the driver works in a view (`view.rs`). On FAT, files and directories are made by `create.rs`, since a short name must
//! differ from all in the directory and not from those in the view alone.

use alloc::vec::Vec;

use hadris_fs::{Name, NodeId, RenameMode, SetAttr};

use super::FatFs;
use super::driver_error::errno;
use super::index::Window;
use super::journal::Move;
use super::names::Listed;
use super::view::LARGE;
use crate::errno::Errno;
use crate::types::FileType;

impl FatFs {
    /// Makes an empty file or directory and returns its id, pinned.
    pub(super) fn make(
        &mut self,
        dir: NodeId,
        name: &str,
        kind: FileType,
    ) -> Result<NodeId, Errno> {
        let by_index = match self.volume.fat() {
            Ok(_) => self.create_by_index(dir, name, kind)?,
            Err(_) => self.make_in_view(dir, name, kind)?,
        };
        if let Some(id) = by_index {
            return Ok(id);
        }
        let made = self.make_by_driver(dir, name, kind);
        match &made {
            Ok(id) => {
                self.index.marked = true;
                self.note_made(dir, name, *id);
            }
            Err(_) => self.index.forget(dir),
        }
        made
    }

    fn make_by_driver(&mut self, dir: NodeId, name: &str, kind: FileType) -> Result<NodeId, Errno> {
        let driver = self.volume.driver();
        let made = match kind {
            FileType::Directory => driver.mkdir(dir, Name::new(name), &SetAttr::new()),
            _ => driver.create(dir, Name::new(name), &SetAttr::new()),
        };
        made.map_err(|error| errno(&error))
    }

    /// On exFAT: makes it in a view of the clusters that have room.
    fn make_in_view(
        &mut self,
        dir: NodeId,
        name: &str,
        kind: FileType,
    ) -> Result<Option<NodeId>, Errno> {
        if !self.is_large(dir)? {
            return Ok(None);
        }
        let Some(window) = self.window_for_new(dir, name, entries_for(name))? else {
            return Ok(None);
        };
        let made = self.in_view(&[window], |fs, ids| fs.make_by_driver(ids[0], name, kind));
        match made {
            Some(Ok(id)) => {
                self.note_made(dir, name, id);
                Ok(Some(id))
            }
            Some(Err(errno)) => {
                self.index.forget(dir);
                Err(errno)
            }
            None => Ok(None),
        }
    }

    /// Whether a directory is used through views, which are then ready if there is space for them.
    pub(super) fn is_large(&mut self, dir: NodeId) -> Result<bool, Errno> {
        let large = |fs: &mut FatFs| {
            let directory = fs.indexed(dir)?;
            Ok(directory.is_some_and(|directory| directory.names.len() > LARGE))
        };
        if !large(self)? {
            return Ok(false);
        }
        self.prepare_view();
        // The first view makes a directory in the root, which may be this one.
        large(self)
    }

    /// The clusters in which a name that is missing has room.
    fn window_for_new(
        &mut self,
        dir: NodeId,
        name: &str,
        entries: u32,
    ) -> Result<Option<Window>, Errno> {
        let Some(hash) = self.hash_of(name) else {
            return Ok(None);
        };
        let directory = self.indexed(dir)?;
        if directory.is_none_or(|directory| directory.has(hash)) {
            return Ok(None);
        }
        #[cfg(feature = "exfat")]
        {
            let directory = self.index.get(dir);
            let full = directory.is_some_and(|directory| directory.room(entries).is_none());
            if full && !self.extend(dir)? {
                return Ok(None);
            }
        }
        let directory = self.index.get(dir);
        Ok(directory.and_then(|directory| directory.window(directory.room(entries)?, entries)))
    }

    fn window_of(&mut self, dir: NodeId, listed: &Listed) -> Option<Window> {
        let directory = self.index.get(dir)?;
        directory.window(listed.first, listed.count)
    }

    /// Removes a file or an empty directory.
    pub(super) fn erase(&mut self, dir: NodeId, name: &str, kind: FileType) -> Result<(), Errno> {
        if kind == FileType::Directory {
            let id = self.find_in(dir, name)?;
            self.unpin(id);
            self.index.forget(id);
        }
        let large = self.is_large(dir)?;
        let listed = self.listed(dir, name)?;
        let window = listed
            .as_ref()
            .filter(|_| large)
            .and_then(|listed| self.window_of(dir, listed));
        let in_view = window.and_then(|window| {
            self.in_view(&[window], |fs, ids| fs.erase_by_driver(ids[0], name, kind))
        });
        let removed = match in_view {
            None | Some(Err(Errno::NoEnt)) => self.erase_by_driver(dir, name, kind),
            Some(removed) => removed,
        };
        self.unlisted(dir, listed, removed.is_ok());
        removed
    }

    fn erase_by_driver(&mut self, dir: NodeId, name: &str, kind: FileType) -> Result<(), Errno> {
        let driver = self.volume.driver();
        let removed = match kind {
            FileType::Directory => driver.rmdir(dir, Name::new(name)),
            _ => driver.unlink(dir, Name::new(name)),
        };
        removed.map_err(|error| errno(&error))
    }

    /// The driver's own rename.
    pub(super) fn rename_by_driver(&mut self, plan: &Move<'_>) -> Result<(), Errno> {
        let replaces = match self.find_in(plan.to, plan.to_name) {
            Ok(id) => {
                // If it is a directory, it goes.
                self.unpin(id);
                self.index.forget(id);
                true
            }
            Err(Errno::NoEnt) => false,
            Err(errno) => return Err(errno),
        };
        if self.volume.fat().is_ok() {
            self.index.forget(plan.from);
            self.index.forget(plan.to);
            return self
                .rename_in(plan, plan.from, plan.to)
                .map(|id| self.unpin(id));
        }
        let large = (self.is_large(plan.from)?, self.is_large(plan.to)?);
        let source = self.listed(plan.from, plan.name)?;
        let target = match replaces {
            true => self.listed(plan.to, plan.to_name)?,
            false => None,
        };
        // What a set has behind its name moves with it.
        let entries = source.as_ref().map(|source| {
            let others = source.count.saturating_sub(entries_for(plan.name));
            entries_for(plan.to_name) + others
        });
        let from = match &source {
            Some(source) if large.0 => self.window_of(plan.from, source),
            _ => None,
        };
        let to = match (&target, entries) {
            (Some(target), Some(entries)) if large.1 && entries <= target.count => {
                self.window_of(plan.to, target)
            }
            (None, Some(entries)) if large.1 && !replaces => {
                self.window_for_new(plan.to, plan.to_name, entries)?
            }
            _ => None,
        };
        let windows: Vec<Window> = from.into_iter().chain(to).collect();
        let in_view = self.in_view(&windows, |fs, ids| {
            let from_id = from.map_or(plan.from, |_| ids[0]);
            let to_id = to.map_or(plan.to, |_| ids[ids.len() - 1]);
            fs.rename_in(plan, from_id, to_id)
        });
        let moved = match in_view {
            None | Some(Err(Errno::NoEnt)) => self.rename_in(plan, plan.from, plan.to),
            Some(moved) => moved,
        };
        let id = match moved {
            Ok(id) => id,
            Err(errno) => {
                self.index.forget(plan.from);
                self.index.forget(plan.to);
                return Err(errno);
            }
        };
        self.unlisted(plan.from, source, true);
        if replaces {
            self.unlisted(plan.to, target, true);
        }
        self.note_made(plan.to, plan.to_name, id);
        self.unpin(id);
        Ok(())
    }

    /// Renames in these directories, or in views of them, and returns the id of what was moved, pinned.
    fn rename_in(&mut self, plan: &Move<'_>, from: NodeId, to: NodeId) -> Result<NodeId, Errno> {
        let (name, to_name) = (Name::new(plan.name), Name::new(plan.to_name));
        let driver = self.volume.driver();
        driver
            .rename(from, name, to, to_name, RenameMode::Replace)
            .and_then(|()| driver.lookup(to, to_name))
            .map_err(|error| errno(&error))
    }
}

/// How many entries exFAT needs for a name: the file, its stream, and fifteen letters in each further one.
fn entries_for(name: &str) -> u32 {
    // At most 255 letters.
    2 + name.encode_utf16().count().div_ceil(15) as u32
}
