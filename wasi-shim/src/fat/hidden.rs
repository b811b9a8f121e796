//! The hidden directory of the root: it has the files that are open and have no name any more, the journal, and the directory of views.
//!
//! FAT cannot keep a file that no directory names. A file that is unlinked or replaced while it is open moves here under a number, and the last
//! close removes it. The next mount removes what a power cut left. The directory is made when it is first needed, and removed when the volume is
//! unmounted.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hadris_fs::{Attributes, DirCursor, Name, NodeId, SetAttr};

use super::FatFs;
use super::driver_error::errno;
use super::index::Fold;
use super::nodes::ROOT;
use super::view::{self, View};
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::FileType;

/// The hidden directory's name in the root. Guests neither see it nor can use the name.
pub(super) const NAME: &str = "WASI-BIN.$$$";

/// What is known about the hidden directory.
#[derive(Default)]
pub(super) struct Hidden {
    /// The number of the next file.
    next: u64,
}

impl Hidden {
    /// Returns whether this name is the hidden directory's, for a volume that compares letters in this way: to FAT, `ſ` and `S` are
    /// the same letter, and so are `ı` and `I`.
    pub(super) fn hides(fold: Option<&Fold>, dir: Node, name: &str) -> bool {
        let fold = fold.unwrap_or(&Fold::Fat);
        let letters = |name: &str| name.encode_utf16().map(|unit| fold.letter(unit)).collect();
        let (name, hidden): (Vec<u16>, Vec<u16>) = (letters(name), letters(NAME));
        dir == ROOT && name == hidden
    }

    /// A number for one more file.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A file's name in the hidden directory: short, so that it takes one directory entry.
    pub(super) fn name(number: u64) -> String {
        format!("{number:08X}")
    }
}

impl FatFs {
    /// The hidden directory's id, pinned; it is made if it is not there.
    pub(super) fn hidden_dir(&mut self) -> Result<NodeId, Errno> {
        let root = self.nodes.get(ROOT)?.id;
        match self.find_in(root, NAME) {
            Err(Errno::NoEnt) => {}
            found => return found,
        }
        let hidden = SetAttr::new().with_attributes(Attributes::HIDDEN | Attributes::SYSTEM);
        let made = self
            .names_change_in(root)
            .mkdir(root, Name::new(NAME), &hidden);
        made.map_err(|error| errno(&error))
    }

    /// Removes the hidden directory with all that is in it and not open.
    pub(super) fn empty_hidden_dir(&mut self) -> Result<(), Errno> {
        let root = self.nodes.get(ROOT)?.id;
        let hidden = match self.find_in(root, NAME) {
            Err(Errno::NoEnt) => None,
            found => Some(found?),
        };
        self.journal.forget();
        // If they are many, they are removed by views, whose directory is in the hidden one.
        let emptied = match hidden {
            Some(hidden) => self.remove_files(hidden),
            None => Ok(false),
        };
        self.drop_view();
        // Nothing may be made in the hidden directory any more.
        self.view = View::Failed;
        let removed = match hidden {
            Some(hidden) => self.remove_hidden_dir(hidden, emptied),
            None => Ok(()),
        };
        self.view = View::None;
        removed
    }

    /// Removes the hidden directory if it is empty but for the directory of views. Gives its pin back.
    fn remove_hidden_dir(
        &mut self,
        hidden: NodeId,
        emptied: Result<bool, Errno>,
    ) -> Result<(), Errno> {
        let removed = emptied.and_then(|all| {
            let driver = self.names_change_in(hidden);
            match driver.rmdir(hidden, Name::new(view::NAME)) {
                Err(error) if errno(&error) != Errno::NoEnt => Err(errno(&error)),
                _ => Ok(all),
            }
        });
        self.unpin(hidden);
        match removed? {
            true => self.erase(self.nodes.get(ROOT)?.id, NAME, FileType::Directory),
            false => Ok(()),
        }
    }

    /// Removes the files in the hidden directory that are not open. True if nothing but the directory of views is left.
    fn remove_files(&mut self, hidden: NodeId) -> Result<bool, Errno> {
        let mut names: Vec<String> = Vec::new();
        let mut cursor = DirCursor::START;
        let mut all = true;
        loop {
            let entry = self.volume.driver().readdir(hidden, cursor);
            let Some(entry) = entry.map_err(|error| errno(&error))? else {
                break;
            };
            cursor = entry.next_cursor();
            let is_dir = entry.file_type().is_dir();
            if is_dir && entry.name().as_bytes() == view::NAME.as_bytes() {
                continue;
            }
            match entry.name().to_str() {
                Ok(name) if !is_dir && self.nodes.by_id(entry.node()).is_none() => {
                    names.push(name.into());
                }
                _ => all = false,
            }
        }
        for name in names {
            self.erase(hidden, &name, FileType::RegularFile)?;
        }
        Ok(all)
    }
}
