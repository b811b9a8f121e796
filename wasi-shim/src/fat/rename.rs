//! Moving names.

use hadris_fs::{DirCursor, Name, NodeId, RenameMode};

use super::FatFs;
use super::volume::errno;
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::{FileType, Stat};

impl FatFs {
    /// Moves `dir`/`name` to `to_dir`/`to_name` and replaces what is there.
    pub(super) fn rename_entry(
        &mut self,
        dir: Node,
        name: &str,
        to_dir: Node,
        to_name: &str,
    ) -> Result<(), Errno> {
        let source = self.find(dir, name)?;
        let result = self.rename_found(dir, name, source, to_dir, to_name);
        self.unpin(source);
        result
    }

    fn rename_found(
        &mut self,
        dir: Node,
        name: &str,
        source: NodeId,
        to_dir: Node,
        to_name: &str,
    ) -> Result<(), Errno> {
        let target = match self.find(to_dir, to_name) {
            Err(Errno::NoEnt) => {
                self.dir(to_dir)?;
                None
            }
            target => Some(target?),
        };
        let result = self.rename_pair(dir, name, source, to_dir, to_name, target);
        if let Some(target) = target {
            self.unpin(target);
        }
        result
    }

    fn rename_pair(
        &mut self,
        dir: Node,
        name: &str,
        source: NodeId,
        to_dir: Node,
        to_name: &str,
        target: Option<NodeId>,
    ) -> Result<(), Errno> {
        self.begin_write()?;
        let (from, to) = (self.dir(dir)?, self.dir(to_dir)?);
        let is_dir = self.kind_of(source)? == FileType::Directory;
        if is_dir && self.is_within(to, source)? {
            return match target {
                Some(target) if target == source && name == to_name => Ok(()),
                _ => Err(Errno::Inval),
            };
        }
        let mut replaced = None;
        if let Some(target) = target.filter(|target| *target != source) {
            self.may_replace(is_dir, target)?;
            if let Some(node) = self.nodes.by_id(target) {
                let last = Stat {
                    nlink: 0,
                    ..self.stat_of(node)?
                };
                if self.nodes.get(node)?.opens > 0 && !is_dir {
                    self.dispose(to_dir, to_name, target)?;
                } else {
                    replaced = Some((node, last));
                }
            }
        }
        let moved = self.volume.driver().rename(
            from,
            Name::new(name),
            to,
            Name::new(to_name),
            RenameMode::Replace,
        );
        moved.map_err(|error| errno(&error))?;
        if let Some((node, last)) = replaced {
            self.retire(node, last);
        }
        Ok(())
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

    /// Whether `dir` is `ancestor` or lies below it.
    fn is_within(&mut self, dir: NodeId, ancestor: NodeId) -> Result<bool, Errno> {
        let root = self.volume.driver().root();
        let mut at = dir;
        // A damaged volume can lead in circles; no tree is deeper than this.
        for _ in 0..65_536 {
            let found = at == ancestor;
            if found || at == root {
                if at != dir {
                    self.unpin(at);
                }
                return Ok(found);
            }
            let parent = self.volume.driver().parent(at);
            if at != dir {
                self.unpin(at);
            }
            at = parent.map_err(|error| errno(&error))?;
        }
        if at != dir {
            self.unpin(at);
        }
        Err(Errno::Io)
    }
}
