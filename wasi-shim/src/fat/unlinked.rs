//! Removing names: what a name leads to goes, or moves to the hidden directory while it is open.

use hadris_fs::NodeId;

use super::FatFs;
use super::hidden::Hidden;
use super::journal::{Kind, Move};
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::FileType;

impl FatFs {
    /// Removes what a name leads to, file or empty directory. A file that is open moves to the hidden directory.
    pub(super) fn dispose(&mut self, dir: Node, name: &str, id: NodeId) -> Result<(), Errno> {
        let parent = self.dir(dir)?;
        let held = self.nodes.by_id(id);
        let is_dir = self.kind_of(id)? == FileType::Directory;
        // The pin of the search; the nodes' own are all that may be left.
        self.unpin(id);
        if let Some(node) = held
            && !is_dir
            && self.nodes.get(node)?.opens > 0
        {
            return self.move_to_hidden(parent, name, node);
        }
        let last = match held {
            Some(node) => Some((node, self.last_stat(node)?)),
            None => None,
        };
        let kind = match is_dir {
            true => FileType::Directory,
            false => FileType::RegularFile,
        };
        self.erase(parent, name, kind)?;
        if let Some((node, last)) = last {
            self.retire(node, last);
        }
        Ok(())
    }

    /// Moves a file that is open to the hidden directory.
    pub(super) fn move_to_hidden(
        &mut self,
        dir: NodeId,
        name: &str,
        node: Node,
    ) -> Result<(), Errno> {
        let hidden = self.hidden_dir()?;
        let number = self.hidden.number();
        let plan = Move {
            from: dir,
            name,
            to: hidden,
            to_name: &Hidden::name(number),
            kind: Kind::Hide,
        };
        let moved = self.move_entry(plan, node, None);
        self.unpin(hidden);
        moved?;
        self.nodes.get_mut(node)?.hidden_as = Some(number);
        Ok(())
    }

    /// Removes a file from the hidden directory that nobody has open any more.
    pub(super) fn remove_hidden(&mut self, node: Node, number: u64) -> Result<(), Errno> {
        self.begin_write()?;
        let last = self.last_stat(node)?;
        let hidden = self.hidden_dir()?;
        let removed = self.erase(hidden, &Hidden::name(number), FileType::RegularFile);
        self.unpin(hidden);
        self.retire(node, last);
        removed
    }
}
