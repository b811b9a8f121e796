//! Imports a tar archive into a RAM disk: ustar, with the long names of GNU tar and the `path`, `linkpath`, `size` and
//! `mtime` records of pax.
//!
//! An archive consists of blocks of 512 bytes: for each file a header and its content, and at the end two blocks of zeros.
//! ```text
//! 0    100  108 116 124   136    148       156   157       257      265        345    500
//! name mode uid gid size  mtime  checksum  type  link name "ustar"  names...   prefix
//! ```
//! Entries that cannot be represented are errors. Only device files and FIFOs are skipped, with a warning in the log. Names
//! with `..` are errors: nothing is ever written outside of the destination directory.

use alloc::vec::Vec;

use super::RamFs;
use super::archive_error::{ArchiveError, ArchiveProblem};
use super::tar_header::{Entry, Extended, shown_name};
use crate::errno::Errno;
use crate::fs::{FileSystem, Node, SetTime};
use crate::types::FileType;
use crate::wall_clock::WallClock;

/// Bytes in a block.
pub(super) const BLOCK: usize = 512;

impl RamFs {
    /// Creates a tree with the contents of a tar archive. See [`new`](RamFs::new) for the limit.
    pub fn from_tar(archive: &[u8], limit: u64, clock: WallClock) -> Result<RamFs, ArchiveError> {
        let mut fs = RamFs::new(limit, clock);
        let root = fs.root();
        fs.unpack_tar(root, archive)?;
        Ok(fs)
    }

    /// Unpacks a tar archive into a directory. Existing files are replaced. After an error, the files unpacked so far stay.
    pub fn unpack_tar(&mut self, dir: Node, archive: &[u8]) -> Result<(), ArchiveError> {
        let mut unpacking = Unpacking {
            fs: self,
            top: dir,
            directory_times: Vec::new(),
        };
        let mut offset = 0;
        let mut extended = Extended::default();
        while offset < archive.len() {
            let header = archive.get(offset..offset + BLOCK).ok_or(ArchiveError {
                offset,
                entry: None,
                problem: ArchiveProblem::Truncated,
            })?;
            if header.iter().all(|byte| *byte == 0) {
                break;
            }
            let named = shown_name(header, &extended);
            let at = |problem| ArchiveError {
                offset,
                entry: named
                    .clone()
                    .filter(|_| problem != ArchiveProblem::Checksum),
                problem,
            };
            let entry = Entry::parse(header, &extended).map_err(at)?;
            let start = offset + BLOCK;
            let content = usize::try_from(entry.size)
                .ok()
                .and_then(|size| archive.get(start..start.checked_add(size)?))
                .ok_or(at(ArchiveProblem::Truncated))?;
            match entry.kind {
                b'x' | b'g' | b'L' | b'K' => {
                    extended.take(entry.kind, content).map_err(at)?;
                }
                _ => {
                    unpacking.add(&entry, content).map_err(at)?;
                    extended.end_of_entry();
                }
            }
            offset = start + content.len().next_multiple_of(BLOCK);
        }
        unpacking.finish().map_err(|problem| ArchiveError {
            offset,
            entry: None,
            problem,
        })
    }
}

/// A tree that is being filled.
struct Unpacking<'a> {
    fs: &'a mut RamFs,
    top: Node,
    /// Set at the end, because unpacking into a directory changes its time.
    directory_times: Vec<(Node, u64)>,
}

impl Unpacking<'_> {
    fn add(&mut self, entry: &Entry, content: &[u8]) -> Result<(), ArchiveProblem> {
        let (dir, name) = self.parent(&entry.path)?;
        let named = name.ok_or(ArchiveProblem::Name);
        match entry.kind {
            b'5' => {
                let node = name.map_or(Ok(dir), |name| self.directory(dir, name))?;
                self.directory_times.push((node, entry.mtime));
                return Ok(());
            }
            b'3' | b'4' | b'6' => {
                log::warn!("tar: {} is no file, directory or link: skipped", entry.path);
                return Ok(());
            }
            b'1' => return self.hard_link(&entry.link, dir, named?),
            b'2' => {
                self.make_room(dir, named?)?;
                self.fs.symlink(&entry.link, dir, named?)?;
            }
            0 | b'0' | b'7' => {
                self.make_room(dir, named?)?;
                let file = self.fs.create(dir, named?)?;
                if self.fs.write_at(file, 0, content)? < content.len() {
                    return Err(Errno::NoSpc.into());
                }
            }
            kind => return Err(ArchiveProblem::Kind(kind)),
        }
        let node = self.fs.lookup(dir, named?)?.node;
        Ok(self.set_mtime(node, entry.mtime)?)
    }

    /// Adds a further name for an earlier file of the archive.
    fn hard_link(&mut self, source: &str, dir: Node, name: &str) -> Result<(), ArchiveProblem> {
        let (from_dir, from) = self.parent(source)?;
        let from = from.ok_or(ArchiveProblem::Name)?;
        let node = self.fs.lookup(from_dir, from)?.node;
        if self.fs.lookup(dir, name).map(|there| there.node) == Ok(node) {
            return Ok(());
        }
        self.make_room(dir, name)?;
        Ok(self.fs.link(from_dir, from, dir, name)?)
    }

    fn finish(mut self) -> Result<(), ArchiveProblem> {
        for (node, mtime) in core::mem::take(&mut self.directory_times) {
            self.set_mtime(node, mtime)?;
        }
        Ok(())
    }

    /// Returns the parent directory of a path, which is created if necessary, and the path's last name. The name is `None`
    /// for the top itself.
    fn parent<'p>(&mut self, path: &'p str) -> Result<(Node, Option<&'p str>), ArchiveProblem> {
        let mut dir = self.top;
        let mut last = None;
        for name in path.split('/').filter(|name| !matches!(*name, "" | ".")) {
            if name == ".." {
                return Err(ArchiveProblem::Escapes);
            }
            if name.len() > 255 {
                return Err(ArchiveProblem::Name);
            }
            if let Some(parent) = last.replace(name) {
                dir = self.directory(dir, parent)?;
            }
        }
        Ok((dir, last))
    }

    /// Returns the directory of this name. Creates it if it does not exist.
    fn directory(&mut self, dir: Node, name: &str) -> Result<Node, ArchiveProblem> {
        match self.fs.lookup(dir, name) {
            Ok(entry) if entry.kind == FileType::Directory => return Ok(entry.node),
            Ok(_) => return Err(Errno::NotDir.into()),
            Err(Errno::NoEnt) => self.fs.mkdir(dir, name)?,
            Err(errno) => return Err(errno.into()),
        }
        Ok(self.fs.lookup(dir, name)?.node)
    }

    /// Removes an older entry of the same name.
    fn make_room(&mut self, dir: Node, name: &str) -> Result<(), ArchiveProblem> {
        match self.fs.unlink(dir, name) {
            Ok(()) | Err(Errno::NoEnt) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    fn set_mtime(&mut self, node: Node, mtime: u64) -> Result<(), Errno> {
        let time = SetTime::At(mtime);
        self.fs.set_times(node, time, time)
    }
}
