//! The bin: a hidden directory in the root for files that are open and have no name any more.
//!
//! FAT cannot keep a file that no directory names. One that is unlinked or replaced while it is open moves to the bin under a
//! number, and is removed by the last close. What a power cut leaves there is removed at the next mount, and the bin with it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hadris_fs::{Attributes, DirCursor, Name, NodeId, RenameMode, SetAttr};

use super::FatFs;
use super::nodes::ROOT;
use super::volume::errno;
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::{FileType, Stat};

/// The bin's name in the root. Guests neither see it nor can use the name.
const NAME: &str = "WASI-BIN.$$$";

/// What is known about the bin.
#[derive(Default)]
pub(super) struct Bin {
    /// The number of the next file.
    next: u64,
}

impl Bin {
    /// Whether this name is the bin's.
    pub(super) fn hides(dir: Node, name: &str) -> bool {
        dir == ROOT && name.eq_ignore_ascii_case(NAME)
    }

    /// A file's name in the bin: short, so that it takes one directory entry.
    pub(super) fn name(number: u64) -> String {
        format!("{number:08X}")
    }
}

impl FatFs {
    /// The bin's id, pinned; it is made if it is not there.
    pub(super) fn bin(&mut self) -> Result<NodeId, Errno> {
        let root = self.nodes.get(ROOT)?.id;
        match self.find_in(root, NAME) {
            Err(Errno::NoEnt) => {}
            found => return found,
        }
        let hidden = SetAttr::new().with_attributes(Attributes::HIDDEN | Attributes::SYSTEM);
        let made = self.volume.driver().mkdir(root, Name::new(NAME), &hidden);
        made.map_err(|error| errno(&error))
    }

    /// Removes what a name leads to, file or empty directory. A file that is open moves to the bin.
    pub(super) fn dispose(&mut self, dir: Node, name: &str, id: NodeId) -> Result<(), Errno> {
        let parent = self.dir(dir)?;
        let held = self.nodes.by_id(id);
        let is_dir = self.kind_of(id)? == FileType::Directory;
        if let Some(node) = held
            && !is_dir
            && self.nodes.get(node)?.opens > 0
        {
            return self.move_to_bin(parent, name, node);
        }
        let last = match held {
            Some(node) => Some((
                node,
                Stat {
                    nlink: 0,
                    ..self.stat_of(node)?
                },
            )),
            None => None,
        };
        let driver = self.volume.driver();
        let removed = match is_dir {
            true => driver.rmdir(parent, Name::new(name)),
            false => driver.unlink(parent, Name::new(name)),
        };
        removed.map_err(|error| errno(&error))?;
        if let Some((node, last)) = last {
            self.retire(node, last);
        }
        Ok(())
    }

    fn move_to_bin(&mut self, dir: NodeId, name: &str, node: Node) -> Result<(), Errno> {
        let bin = self.bin()?;
        let number = self.bin.next;
        self.bin.next += 1;
        let to = Bin::name(number);
        let moved = self.volume.driver().rename(
            dir,
            Name::new(name),
            bin,
            Name::new(&to),
            RenameMode::NoReplace,
        );
        self.unpin(bin);
        moved.map_err(|error| errno(&error))?;
        self.nodes.get_mut(node)?.in_bin = Some(number);
        Ok(())
    }

    /// Removes a file from the bin that nobody has open any more.
    pub(super) fn remove_from_bin(&mut self, node: Node, number: u64) -> Result<(), Errno> {
        self.stamp.set(&self.clock);
        let last = self.stat_of(node)?;
        let bin = self.bin()?;
        let name = Bin::name(number);
        let removed = self.volume.driver().unlink(bin, Name::new(&name));
        self.unpin(bin);
        self.retire(node, Stat { nlink: 0, ..last });
        removed.map_err(|error| errno(&error))
    }

    /// Removes the bin with all that is in it and not open.
    pub(super) fn empty_bin(&mut self) -> Result<(), Errno> {
        let root = self.nodes.get(ROOT)?.id;
        let bin = match self.find_in(root, NAME) {
            Err(Errno::NoEnt) => return Ok(()),
            found => found?,
        };
        let result = self.empty(bin);
        self.unpin(bin);
        if result? {
            let removed = self.volume.driver().rmdir(root, Name::new(NAME));
            removed.map_err(|error| errno(&error))?;
        }
        Ok(())
    }

    /// Removes the files in the bin that are not open. True if none is left.
    fn empty(&mut self, bin: NodeId) -> Result<bool, Errno> {
        let mut names: Vec<Vec<u8>> = Vec::new();
        let mut cursor = DirCursor::START;
        let mut all = true;
        loop {
            let entry = self.volume.driver().readdir(bin, cursor);
            let Some(entry) = entry.map_err(|error| errno(&error))? else {
                break;
            };
            cursor = entry.next_cursor();
            if entry.file_type().is_dir() || self.nodes.by_id(entry.node()).is_some() {
                all = false;
            } else {
                names.push(entry.name().as_bytes().into());
            }
        }
        for name in names {
            let removed = self.volume.driver().unlink(bin, Name::new(&name));
            removed.map_err(|error| errno(&error))?;
        }
        Ok(all)
    }
}
