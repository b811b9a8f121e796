//! `FatFs`: FAT12, FAT16, FAT32 and exFAT volumes on a block device, as a board's card and a desktop's image file.
//!
//! The crate `hadris-fat` reads and writes the volume. What stands here makes a file system of it that preview 1 can rely on.
//!
//! # Promises
//! - A file that is unlinked or replaced while it is open lives on until the last close, in a hidden directory of the root, which is
//!   emptied at the next mount if the power failed before.
//! - `rename` replaces in one step. A power cut at any moment leaves the name with its old or its new content, whole, and what was
//!   synced is there; `fsck.fat` finds nothing worse than lost clusters. On exFAT that holds from the next mount on: until then a file that was being
//!   renamed can have both names. The one other exception is told in `rename`.
//! - Small writes are gathered (`write_buffer`), reads run ahead, and the space a write needs is taken when it is made: `ENOSPC` is never told later.
//! - Inode numbers tell files apart, and stay while a file is held and through a rename.
//! - A damaged volume gives errors, never a panic or an endless loop.
//!
//! # What FAT cannot do
//! Links (`ENOTSUP`); names with `" * / : < > ? \ |` or control characters, or that end in a dot or space (`EINVAL`); names that differ in case
//! alone (they are the same); names longer than 255 UTF-16 units; files of 4 GiB or more (`EFBIG`; exFAT can); holes (they are
//! written as zeros); times of better than two seconds, and days for the last access, which reading does not change. Every file has
//! one link. A file with a long name is also found by its short alias, such as `LONGNA~1.TXT`, as everywhere.
//!
//! # Map
//! - `mod.rs`: [`FatFs`], mount and unmount. `ops.rs`: its [`FileSystem`](crate::fs::FileSystem) operations. Start with these.
//! - `index.rs`, `names.rs`: where the names of a directory stand; `changes.rs`, `create.rs`, `extend.rs`: making, removing and moving by it;
//!   `view.rs`: how the driver does it without reading the whole directory.
//! - `nodes.rs`: what is held; `write_buffer.rs`: writes that wait; `file.rs`: reading and writing through it.
//! - `rename.rs`: what may be moved where; `swap.rs`: moving it so that the power may fail at any moment; `respell.rs`: changes of case; `journal.rs` and `recovery.rs`:
//!   finishing it at the next mount; `hidden.rs`, `unlinked.rs`: files without a name.
//! - `mend.rs`, `mended.rs`: mending after a power cut, on request; `mend_fat.rs`, `survey_fat.rs`, `mend_exfat.rs`, `survey_exfat.rs`: how.
//! - `volume.rs`, `driver_error.rs`, `stamp.rs`: the driver, its errors and its clock; `exfat.rs`: what is read of exFAT beside it.
//! - `image.rs`: formatting a device, with a partition table or without.
//! - `device.rs`, `file_disk.rs`, `partition.rs`, `disk.rs`, `recent.rs`: block devices, and the volume's part of one; `contents.rs`: what is on a
//!   disk without one.

mod changes;
mod contents;
mod create;
mod device;
mod disk;
mod driver_error;
mod entry;
#[cfg(feature = "exfat")]
mod exfat;
#[cfg(feature = "exfat")]
mod extend;
mod file;
#[cfg(feature = "std")]
mod file_disk;
mod hidden;
#[cfg(feature = "image")]
pub mod image;
mod index;
mod journal;
mod journal_file;
mod mend;
#[cfg(feature = "exfat")]
mod mend_exfat;
mod mend_fat;
mod mended;
mod names;
mod nodes;
mod ops;
mod partition;
mod recent;
mod recovery;
mod rename;
mod respell;
mod stamp;
#[cfg(feature = "exfat")]
mod survey_exfat;
mod survey_fat;
mod swap;
mod unlinked;
mod view;
mod volume;
mod write_buffer;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use hadris_fs::{Name, NodeId};

use crate::errno::Errno;
use crate::fs::Node;
use crate::types::{FileType, Stat};
use crate::wall_clock::WallClock;

use disk::Disk;
use driver_error::errno;
use hidden::Hidden;
use index::{Fold, Index};
use journal_file::JournalFile;
use nodes::{Held, Nodes, ROOT};
use stamp::Stamp;
use view::View;
use volume::Volume;

pub use contents::Contents;
pub use device::{BlockDevice, MemDisk, SECTOR};
#[cfg(feature = "std")]
pub use file_disk::FileDisk;

/// Why a device could not be mounted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MountError {
    /// The device failed.
    Device(Errno),
    /// Neither the device as a whole nor a partition of it is a FAT or exFAT volume.
    NoVolume(Contents),
    /// The first sectors of a volume are overwritten, and their backup, so many sectors of the disk, is whole.
    BootSector {
        /// Where the volume starts, in sectors of the disk.
        start: u64,
        /// Where its backup starts.
        backup: u64,
        /// How many sectors are to be copied.
        count: u64,
    },
    /// There is a volume, but its parameters make no sense; what is wrong with them.
    Damaged(String),
}

impl fmt::Display for MountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MountError::Device(errno) => write!(f, "the disk cannot be read: {errno}"),
            MountError::NoVolume(contents) => write!(
                f,
                "no FAT or exFAT volume found, neither on the whole disk nor in a partition; {contents}"
            ),
            MountError::BootSector {
                start,
                backup,
                count,
            } => write!(
                f,
                "the volume's boot sector is overwritten, but its backup is whole, in sector {backup} of the disk; to copy it back, with \
                 DISK for the disk or image: dd if=DISK of=DISK bs=512 skip={backup} seek={start} count={count} conv=notrunc"
            ),
            MountError::Damaged(what) => {
                write!(
                    f,
                    "the volume is damaged: {what}; repair it with fsck.fat or fsck.exfat"
                )
            }
        }
    }
}

impl core::error::Error for MountError {}

/// A mounted volume. It is unmounted when it is dropped: everything is written and the volume is marked clean.
pub struct FatFs {
    volume: Volume,
    disk: Disk,
    clock: WallClock,
    stamp: &'static Stamp,
    nodes: Nodes,
    hidden: Hidden,
    journal: JournalFile,
    index: Index,
    fold: Option<Fold>,
    view: View,
    /// Last access and last change of the root, which has no directory entry and therefore forgets them.
    root_times: (u64, u64),
}

impl FatFs {
    /// Mounts the first volume that is found on a device.
    pub fn mount(
        mut device: Box<dyn BlockDevice>,
        clock: WallClock,
        read_only: bool,
    ) -> Result<FatFs, MountError> {
        let range = partition::find(&mut *device)?;
        let read_only = read_only || !device.writable();
        let disk = Disk::new(device, range);
        let stamp = Stamp::leak();
        let now = stamp.set(&clock);
        let mut volume =
            Volume::mount(disk.clone(), stamp, read_only).map_err(MountError::Damaged)?;
        let root = volume.driver().root();
        let fold = volume.fold(&disk);
        let mut fs = FatFs {
            volume,
            disk,
            clock,
            stamp,
            nodes: Nodes::new(root),
            hidden: Hidden::default(),
            journal: JournalFile::default(),
            index: Index::default(),
            fold,
            view: View::default(),
            root_times: (now, now),
        };
        if !read_only && let Err(errno) = fs.recover().and_then(|()| fs.empty_hidden_dir()) {
            log::warn!("FAT: cannot clean up after a power cut: {errno}");
        }
        Ok(fs)
    }

    /// The root directory.
    pub fn root(&self) -> Node {
        ROOT
    }

    /// The size of the volume and what is free of it, in bytes.
    pub fn space(&mut self) -> Result<(u64, u64), Errno> {
        let stats = self
            .volume
            .driver()
            .statfs()
            .map_err(|error| errno(&error))?;
        let size = self.volume.cluster_size();
        Ok((stats.total_blocks() * size, stats.free_blocks() * size))
    }

    /// Writes everything that waits and marks the volume clean. Files that are open stay open.
    pub fn sync_all(&mut self) -> Result<(), Errno> {
        if self.volume.is_read_only() {
            return Ok(());
        }
        self.stamp.set(&self.clock);
        let open: Vec<Node> = self.nodes.open().collect();
        let mut result = Ok(());
        for node in open {
            result = result.and(self.publish(node));
        }
        self.index.marked = false;
        result.and(self.volume.driver().sync().map_err(|error| errno(&error)))
    }

    /// Reads the clock for an operation that writes, and returns the time. Errors: `EROFS`.
    fn begin_write(&mut self) -> Result<u64, Errno> {
        if self.volume.is_read_only() {
            return Err(Errno::RoFs);
        }
        let now = self.stamp.set(&self.clock);
        if self.journal.pending {
            // A device error stopped a rename; nothing else may change the volume before that is finished.
            self.recover()?;
        }
        Ok(now)
    }

    /// The driver's id of a directory in which names are looked for. Errors: `ENOTDIR`; `ENOENT` if it has been removed.
    fn dir(&self, dir: Node) -> Result<NodeId, Errno> {
        match self.nodes.get(dir)? {
            held if held.kind != FileType::Directory => Err(Errno::NotDir),
            held if held.gone.is_some() => Err(Errno::NoEnt),
            held => Ok(held.id),
        }
    }

    /// The driver's id of a name in a directory, pinned; the caller gives the pin back or keeps it in a node.
    fn find(&mut self, dir: Node, name: &str) -> Result<NodeId, Errno> {
        let id = self.dir(dir)?;
        if Hidden::hides(self.fold.as_ref(), dir, name) {
            return Err(Errno::NoEnt);
        }
        self.find_in(id, name)
    }

    fn find_in(&mut self, dir: NodeId, name: &str) -> Result<NodeId, Errno> {
        if !self.may_be_there(dir, name)? {
            return Err(Errno::NoEnt);
        }
        if let Some(id) = self.find_in_view(dir, name) {
            return Ok(id);
        }
        self.list_first(dir, name)?;
        self.volume
            .driver()
            .lookup(dir, Name::new(name))
            .map_err(|error| errno(&error))
    }

    fn unpin(&mut self, id: NodeId) {
        self.volume.driver().forget(id, 1);
    }

    fn kind_of(&mut self, id: NodeId) -> Result<FileType, Errno> {
        let metadata = self.volume.driver().stat(id);
        let metadata = metadata.map_err(|error| errno(&error))?;
        Ok(volume::kind(metadata.file_type()))
    }

    /// The node of a pinned id in a directory: the one that is held, or a new one. The pin is used up, and the caller has one reference more.
    fn adopt(&mut self, id: NodeId, dir: Node) -> Result<(Node, FileType), Errno> {
        let node = match self.nodes.by_id(id) {
            Some(node) => {
                self.unpin(id);
                node
            }
            None => match self.kind_of(id) {
                Ok(kind) => {
                    let node = self.nodes.insert(id, kind);
                    self.set_parent_node(node, dir);
                    node
                }
                Err(errno) => {
                    self.unpin(id);
                    return Err(errno);
                }
            },
        };
        let held = self.nodes.get_mut(node)?;
        held.refs += 1;
        Ok((node, held.kind))
    }

    /// Lets a node go if nobody holds it, and then the directories that only it held.
    fn release(&mut self, node: Node) {
        let mut next = Some(node);
        while let Some(node) = next.take() {
            let parent = self.nodes.get(node).ok().and_then(|held| held.parent);
            let (removed, id) = self.nodes.remove_unused(node);
            if let Some(id) = id {
                self.unpin(id);
            }
            if let Some(parent) = parent.filter(|_| removed)
                && let Ok(held) = self.nodes.get_mut(parent)
            {
                held.refs = held.refs.saturating_sub(1);
                next = Some(parent);
            }
        }
    }

    /// Notes where a directory stands, and holds that one.
    fn set_parent_node(&mut self, node: Node, parent: Node) {
        let Ok(held) = self.nodes.get_mut(node) else {
            return;
        };
        if held.kind != FileType::Directory {
            return;
        }
        let former = held.parent.replace(parent);
        if let Ok(held) = self.nodes.get_mut(parent) {
            held.refs += 1;
        }
        if let Some(former) = former {
            if let Ok(held) = self.nodes.get_mut(former) {
                held.refs = held.refs.saturating_sub(1);
            }
            self.release(former);
        }
    }

    /// Notes that a node cannot be found any more, after a device error in the middle of a rename.
    fn lose(&mut self, node: Node) {
        // Its pin was given back before.
        self.nodes.retire(node, Stat::default());
        self.release(node);
    }

    /// What is known about a node whose name goes.
    fn last_stat(&mut self, node: Node) -> Result<Stat, Errno> {
        Ok(Stat {
            nlink: 0,
            ..self.stat_of(node)?
        })
    }

    /// Notes that what a node stood for is no more.
    fn retire(&mut self, node: Node, last: Stat) {
        if let Some(id) = self.nodes.retire(node, last) {
            self.unpin(id);
        }
        self.release(node);
    }

    /// What is known about a node, with what has not been written yet.
    fn stat_of(&mut self, node: Node) -> Result<Stat, Errno> {
        let held = self.nodes.get(node)?;
        let mut stat = Stat {
            ino: held.ino,
            kind: held.kind,
            nlink: 1,
            ..Stat::default()
        };
        if let Some(last) = &held.gone {
            return if held.opens != 0 {
                Ok(*last)
            } else {
                Err(Errno::NoEnt)
            };
        }
        if node == ROOT {
            (stat.atim, stat.mtim) = self.root_times;
            stat.ctim = stat.mtim;
            return Ok(stat);
        }
        let Held { id, changed, .. } = *held;
        let buffer_end = held.buffer.end();
        let metadata = self.volume.driver().stat(id);
        let metadata = metadata.map_err(|error| errno(&error))?;
        if stat.kind == FileType::RegularFile {
            stat.size = metadata.len().max(buffer_end);
        }
        let step = self.volume.mtime_step();
        stat.atim = stamp::from_fat(metadata.accessed());
        stat.mtim = match changed {
            Some(time) => time - time % step,
            None => stamp::from_fat(metadata.modified()),
        };
        stat.ctim = stat.mtim;
        Ok(stat)
    }
}

impl Drop for FatFs {
    fn drop(&mut self) {
        if self.volume.is_read_only() {
            return;
        }
        self.stamp.set(&self.clock);
        let settled = self.sync_all();
        let settled = settled.and(self.empty_hidden_dir()).and(self.sync_all());
        if let Err(errno) = settled {
            log::error!("FAT: the volume could not be unmounted cleanly: {errno}");
        }
    }
}
