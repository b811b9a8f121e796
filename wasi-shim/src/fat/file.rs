//! A file's content: reading and writing through what is gathered, and bringing that to the disk.

use hadris_fs::SetAttr;

use super::driver_error::errno;
use super::write_buffer::CAPACITY;
use super::{FatFs, stamp};
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::FileType;

impl FatFs {
    /// Reads until the buffer is full or the file ends.
    pub(super) fn read_file(
        &mut self,
        file: Node,
        pos: u64,
        buf: &mut [u8],
    ) -> Result<usize, Errno> {
        self.flush_buffer(file)?;
        let id = self.file(file)?;
        let mut done = 0;
        while done < buf.len() {
            let Some(at) = pos.checked_add(done as u64) else {
                break;
            };
            let read = self.volume.driver().read(id, at, &mut buf[done..]);
            match read.map_err(|error| errno(&error)) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(errno) if done == 0 => return Err(errno),
                Err(_) => break,
            }
        }
        Ok(done)
    }

    /// Writes at once, or gathers what is small and needs no new space.
    pub(super) fn write_file(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        let now = self.begin_write()?;
        self.file(file)?;
        if data.is_empty() {
            return Ok(0);
        }
        let end = pos.checked_add(data.len() as u64).ok_or(Errno::FBig)?;
        let (cluster, max_len) = (self.volume.cluster_size(), self.volume.max_len());
        let held = self.nodes.get_mut(file)?;
        let has_space = end <= whole_clusters(held.size, cluster).min(max_len);
        let leaves_gap = pos > held.size.max(held.buffer.end());
        if data.len() <= CAPACITY / 2 && has_space && !leaves_gap {
            if !held.buffer.take(pos, data) {
                self.make_room(file, pos)?;
                let taken = self.nodes.get_mut(file)?.buffer.take(pos, data);
                debug_assert!(taken, "there is room after make_room");
            }
            self.nodes.get_mut(file)?.changed = Some(now);
            return Ok(data.len());
        }
        self.flush_buffer(file)?;
        let written = self.write_through(file, pos, data)?;
        self.nodes.get_mut(file)?.changed = Some(now);
        Ok(written)
    }

    /// Makes room for a small write: keeps the part of a sector that the write continues, and brings the rest to the disk.
    fn make_room(&mut self, file: Node, pos: u64) -> Result<(), Errno> {
        let buffer = &self.nodes.get(file)?.buffer;
        let whole = buffer.whole_sectors();
        if buffer.end() == pos && whole > 0 {
            self.flush_front(file, whole)
        } else {
            self.flush_buffer(file)
        }
    }

    /// Writes, and if there is no space for all then as much as there is for.
    fn write_through(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        match self.write_driver(file, pos, data) {
            Err(Errno::NoSpc) => {}
            result => return result,
        }
        let (_, free) = self.space()?;
        let capacity = whole_clusters(self.nodes.get(file)?.size, self.volume.cluster_size());
        let fits = capacity.saturating_add(free).saturating_sub(pos);
        let fits = usize::try_from(fits).unwrap_or(usize::MAX);
        if fits == 0 || fits >= data.len() {
            return Err(Errno::NoSpc);
        }
        self.write_driver(file, pos, &data[..fits])
    }

    fn write_driver(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        let id = self.nodes.get(file)?.id;
        let written = self.volume.driver().write(id, pos, data);
        let written = written.map_err(|error| errno(&error))?;
        let held = self.nodes.get_mut(file)?;
        held.size = held.size.max(pos + written as u64);
        Ok(written)
    }

    /// Cuts the file or extends it with zeros.
    pub(super) fn resize(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        let now = self.begin_write()?;
        let id = self.file(file)?;
        self.flush_buffer(file)?;
        let cut = self.volume.driver().truncate(id, len);
        cut.map_err(|error| errno(&error))?;
        let held = self.nodes.get_mut(file)?;
        held.size = len;
        held.changed = Some(now);
        Ok(())
    }

    /// Brings everything that was gathered for a file to the disk. What cannot be written stays gathered.
    pub(super) fn flush_buffer(&mut self, node: Node) -> Result<(), Errno> {
        let count = self.nodes.get(node)?.buffer.get().1.len();
        self.flush_front(node, count)
    }

    fn flush_front(&mut self, node: Node, mut count: usize) -> Result<(), Errno> {
        while count > 0 {
            let held = self.nodes.get(node)?;
            let (pos, data) = held.buffer.get();
            let written = self.volume.driver().write(held.id, pos, &data[..count]);
            let written = written.map_err(|error| errno(&error))?.min(count);
            let held = self.nodes.get_mut(node)?;
            held.size = held.size.max(pos + written as u64);
            held.buffer.drop_front(written);
            count -= written;
        }
        Ok(())
    }

    /// Brings a file to the disk whole: its content, and its length and time to its directory entry.
    pub(super) fn publish(&mut self, node: Node) -> Result<(), Errno> {
        if self.nodes.get(node)?.gone.is_some() {
            return Ok(());
        }
        self.flush_buffer(node)?;
        let held = self.nodes.get(node)?;
        let (id, Some(time)) = (held.id, held.changed) else {
            return Ok(());
        };
        let changes = SetAttr::new().with_modified(stamp::to_fat(time));
        let set = self.volume.driver().setattr(id, &changes);
        set.map_err(|error| errno(&error))?;
        self.nodes.get_mut(node)?.changed = None;
        Ok(())
    }

    /// Ends one open; the last one brings the file to the disk, or removes it from the hidden directory.
    pub(super) fn close_node(&mut self, node: Node) -> Result<(), Errno> {
        let held = self.nodes.get_mut(node)?;
        held.opens = held.opens.saturating_sub(1);
        if held.opens > 0 {
            return Ok(());
        }
        let hidden_as = held.hidden_as;
        let result = match hidden_as {
            Some(number) => {
                held.buffer.clear();
                self.remove_hidden(node, number)
            }
            None if self.volume.is_read_only() => Ok(()),
            None => {
                self.stamp.set(&self.clock);
                self.publish(node)
            }
        };
        if let Ok(held) = self.nodes.get_mut(node) {
            // Nobody is left who could be told; what was not written is lost, as the log says.
            held.buffer.clear();
        }
        self.release(node);
        result
    }

    /// The driver's id of a regular file.
    fn file(&self, node: Node) -> Result<hadris_fs::NodeId, Errno> {
        let held = self.nodes.get(node)?;
        match held.kind {
            FileType::Directory => Err(Errno::IsDir),
            _ if held.gone.is_some() => Err(Errno::NoEnt),
            _ => Ok(held.id),
        }
    }
}

/// The bytes of the clusters that a file of `size` bytes takes. On a damaged exFAT volume, `size` may be close to 2⁶⁴.
fn whole_clusters(size: u64, cluster: u64) -> u64 {
    size.checked_next_multiple_of(cluster).unwrap_or(u64::MAX)
}
