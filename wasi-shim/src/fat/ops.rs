//! The operations of [`FileSystem`] on a FAT volume.

use hadris_fs::{Attributes, DirCursor, SetAttr};

use super::driver_error::errno;
use super::hidden::Hidden;
use super::nodes::ROOT;
use super::volume::kind;
use super::{FatFs, stamp};
use crate::errno::Errno;
use crate::fs::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};
use crate::types::{FileType, Stat};

impl FileSystem for FatFs {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        let id = self.find(dir, name)?;
        let (node, kind) = self.adopt(id, dir)?;
        Ok(Entry { node, kind })
    }

    fn retain(&mut self, node: Node) {
        if let Ok(held) = self.nodes.get_mut(node) {
            held.refs += 1;
        }
    }

    fn forget(&mut self, node: Node) {
        if let Ok(held) = self.nodes.get_mut(node) {
            held.refs = held.refs.saturating_sub(1);
            self.release(node);
        }
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        let parent = self.dir(dir)?;
        if Hidden::hides(self.fold.as_ref(), dir, name) {
            return Err(Errno::Inval);
        }
        self.begin_write()?;
        let id = self.make(parent, name, FileType::RegularFile)?;
        self.adopt(id, dir).map(|(node, _)| node)
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        let parent = self.dir(dir)?;
        if Hidden::hides(self.fold.as_ref(), dir, name) {
            return Err(Errno::Inval);
        }
        self.begin_write()?;
        let id = self.make(parent, name, FileType::Directory)?;
        self.unpin(id);
        Ok(())
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.remove(dir, name, FileType::RegularFile)
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.remove(dir, name, FileType::Directory)
    }

    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.rename_entry(dir, name, to_dir, to_name)
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        let id = match self.dir(dir) {
            // A directory that was removed while it was open is empty.
            Err(Errno::NoEnt) => return self.nodes.get(dir).map(drop),
            id => id?,
        };
        let mut cursor = DirCursor::from_raw(cookie.min(DirCursor::MAX_RAW));
        loop {
            let entry = self.volume.driver().readdir(id, cursor);
            let Some(entry) = entry.map_err(|error| errno(&error))? else {
                return Ok(());
            };
            cursor = entry.next_cursor();
            // A name that is not UTF-8 cannot be spoken of, and the hidden directory is nobody's business.
            let Ok(name) = entry.name().to_str() else {
                continue;
            };
            if Hidden::hides(self.fold.as_ref(), dir, name) {
                continue;
            }
            let emitted = DirEntry {
                name,
                ino: self.nodes.ino(entry.node()),
                kind: kind(entry.file_type()),
                next: cursor.into_raw(),
            };
            if !emit(emitted) {
                return Ok(());
            }
        }
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        self.stat_of(node)
    }

    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        let now = self.begin_write()?;
        let time = |set: SetTime| match set {
            SetTime::Keep => None,
            SetTime::Now => Some(now),
            SetTime::At(time) => Some(time),
        };
        let (atim, mtim) = (time(atim), time(mtim));
        if node == ROOT {
            self.root_times = (
                atim.unwrap_or(self.root_times.0),
                mtim.unwrap_or(self.root_times.1),
            );
            return Ok(());
        }
        self.flush_buffer(node)?;
        let held = self.nodes.get_mut(node)?;
        if held.gone.is_some() {
            return Err(Errno::NoEnt);
        }
        let id = held.id;
        let mut changes = SetAttr::new();
        if let Some(time) = atim {
            changes = changes.with_accessed(stamp::to_fat(time));
        }
        if let Some(time) = mtim.or(held.changed) {
            changes = changes.with_modified(stamp::to_fat(time));
        }
        let set = self.volume.driver().setattr(id, &changes);
        set.map_err(|error| errno(&error))?;
        self.nodes.get_mut(node)?.changed = None;
        Ok(())
    }

    fn open(&mut self, node: Node, access: Access, _nonblock: bool) -> Result<Opened, Errno> {
        let held = self.nodes.get(node)?;
        let id = held.id;
        if held.gone.is_some() {
            return Err(Errno::NoEnt);
        }
        if held.kind == FileType::Directory && access.write {
            return Err(Errno::IsDir);
        }
        if access.write && self.volume.is_read_only() {
            return Err(Errno::RoFs);
        }
        let first = held.opens == 0 && held.kind == FileType::RegularFile;
        if first || access.write {
            let metadata = self.volume.driver().stat(id);
            let metadata = metadata.map_err(|error| errno(&error))?;
            if access.write && metadata.attributes().contains(Attributes::READ_ONLY) {
                return Err(Errno::Acces);
            }
            if first {
                self.nodes.get_mut(node)?.size = metadata.len();
            }
        }
        self.nodes.get_mut(node)?.opens += 1;
        Ok(Opened::Node)
    }

    fn close(&mut self, node: Node) {
        if let Err(errno) = self.close_node(node) {
            log::error!("FAT: a file could not be closed cleanly: {errno}");
        }
    }

    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.read_file(file, pos, buf)
    }

    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.write_file(file, pos, data)
    }

    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        self.resize(file, len)
    }

    fn allocate(&mut self, file: Node, pos: u64, len: u64) -> Result<(), Errno> {
        // Without holes, all bytes of a file have their space.
        let end = pos.checked_add(len).ok_or(Errno::FBig)?;
        if end > self.stat_of(file)?.size {
            self.resize(file, end)?;
        }
        Ok(())
    }

    fn sync(&mut self, node: Node, _data_only: bool) -> Result<(), Errno> {
        let held = self.nodes.get(node)?;
        let (id, kind) = (held.id, held.kind);
        if held.gone.is_some() || self.volume.is_read_only() {
            return Ok(());
        }
        if kind == FileType::Directory {
            return self.sync_all();
        }
        self.stamp.set(&self.clock);
        self.publish(node)?;
        let synced = self.volume.driver().fsync(id);
        synced.map_err(|error| errno(&error))
    }
}

impl FatFs {
    /// Removes a name that must lead to what the caller expects.
    fn remove(&mut self, dir: Node, name: &str, expected: FileType) -> Result<(), Errno> {
        let id = self.find(dir, name)?;
        let kind = self.begin_write().and_then(|_| self.kind_of(id));
        match kind {
            Ok(kind) if kind == expected => return self.dispose(dir, name, id),
            _ => self.unpin(id),
        }
        match kind? {
            FileType::Directory => Err(Errno::IsDir),
            _ => Err(Errno::NotDir),
        }
    }
}
