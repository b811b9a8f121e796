//! `Dir`: a directory of Windows, and operations on its names.
//!
//! Every operation uses a single name relative to the open directory, through cap-std, and never follows a link. cap-std
//! opens files relative to the directory's handle. For operations that Windows supports by path only, the path of that
//! handle is used. It cannot change meanwhile: an open directory and all directories above it can be neither renamed nor
//! removed.

use std::path::Path;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use cap_fs_ext::{DirEntryExt, DirExt, FollowSymlinks, MetadataExt, OpenOptionsFollowExt};
use cap_std::ambient_authority;
use cap_std::fs::{OpenOptions, OpenOptionsExt};

use super::super::nodes::Found;
use super::errno::from_os;
use super::file::File;
use super::names::guest_path;
use super::status::{kind_of, stat_of, times};
use crate::errno::Errno;
use crate::fs::{Access, SetTime};
use crate::stream::Stream;
use crate::types::{FileType, Stat};

/// Rights to a file (`winnt.h`).
const GENERIC_READ: u32 = 0x8000_0000;
const GENERIC_WRITE: u32 = 0x4000_0000;
const FILE_WRITE_ATTRIBUTES: u32 = 0x100;
/// Flags for opening a file (`winbase.h`): for directories, and for links themselves.
const BACKUP_SEMANTICS: u32 = 0x0200_0000;
const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

/// An open directory.
pub(crate) struct Dir(cap_std::fs::Dir);

impl Dir {
    /// Opens a directory by a path of the host. Links in it are followed.
    pub(crate) fn open(path: &Path) -> std::io::Result<Dir> {
        cap_std::fs::Dir::open_ambient_dir(path, ambient_authority()).map(Dir)
    }

    /// Opens a directory in this one.
    pub(crate) fn open_dir(&self, name: &str) -> Result<Dir, Errno> {
        self.0.open_dir_nofollow(name).map(Dir).map_err(from_os)
    }

    /// There is no call that walks down several directories without following links.
    pub(crate) fn descend(&self, _names: &[&str]) -> Option<Dir> {
        None
    }

    /// Opens a regular file.
    pub(crate) fn open_file(&self, name: &str, access: Access) -> Result<File, Errno> {
        let mut rights = 0;
        if access.read || !access.write {
            rights |= GENERIC_READ;
        }
        if access.write {
            rights |= GENERIC_WRITE;
        }
        // A process that may read a file may often set its times, as on Unix.
        match self.open_with(name, rights | FILE_WRITE_ATTRIBUTES, 0) {
            Err(Errno::Acces) => self.open_with(name, rights, 0),
            result => result,
        }
        .map(File::new)
    }

    /// Directories contain neither pipes nor devices.
    pub(crate) fn open_stream(
        &self,
        _name: &str,
        _access: Access,
        _nonblock: bool,
    ) -> Result<Box<dyn Stream>, Errno> {
        Err(Errno::NotSup)
    }

    /// Creates a file that does not exist yet, open for reading and writing.
    pub(crate) fn create_file(&self, name: &str) -> Result<File, Errno> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        options.follow(FollowSymlinks::No);
        let file = self.0.open_with(name, &options).map_err(from_os)?;
        Ok(File::new(file.into_std()))
    }

    /// Creates a directory.
    pub(crate) fn create_dir(&self, name: &str) -> Result<(), Errno> {
        self.0.create_dir(name).map_err(from_os)
    }

    /// Removes a name, except that of a directory.
    pub(crate) fn unlink(&self, name: &str) -> Result<(), Errno> {
        match self.stat_name(name)?.kind {
            FileType::Directory => return Err(Errno::IsDir),
            // A link to a directory is removed like a directory.
            FileType::SymbolicLink => self
                .0
                .remove_file(name)
                .or_else(|_| self.0.remove_dir(name)),
            _ => self.0.remove_file(name),
        }
        .map_err(from_os)
    }

    /// Removes an empty directory.
    pub(crate) fn remove_dir(&self, name: &str) -> Result<(), Errno> {
        if self.stat_name(name)?.kind != FileType::Directory {
            return Err(Errno::NotDir);
        }
        match self.0.remove_dir(name).map_err(from_os) {
            // For a directory that is open and not empty, the system reports only that it is open.
            Err(Errno::Busy) if !self.open_dir(name)?.entries()?.is_empty() => Err(Errno::NotEmpty),
            result => result,
        }
    }

    /// Renames, and replaces an existing target. The system replaces files in one step. An empty directory is removed
    /// first.
    pub(crate) fn rename(&self, name: &str, to: &Dir, to_name: &str) -> Result<(), Errno> {
        let from = self.stat_name(name)?;
        let there = match to.stat_name(to_name) {
            Err(Errno::NoEnt) => None,
            result => Some(result?),
        };
        if let Some(there) = there {
            let same = (from.dev, from.ino) == (there.dev, there.ino);
            let dirs = [from.kind, there.kind].map(|kind| kind == FileType::Directory);
            match (same, dirs) {
                // Two names of one file are left unchanged. Two spellings of one name are a rename.
                (true, [false, _]) if from.nlink > 1 => return Ok(()),
                (true, _) => {}
                (false, [true, true]) => to.remove_dir(to_name)?,
                (false, [true, false]) => return Err(Errno::NotDir),
                (false, [false, true]) => return Err(Errno::IsDir),
                (false, [false, false]) => {}
            }
        }
        self.0.rename(name, &to.0, to_name).map_err(from_os)
    }

    /// Gives a file a second name.
    pub(crate) fn link(&self, name: &str, to: &Dir, to_name: &str) -> Result<(), Errno> {
        if self.stat_name(name)?.kind == FileType::Directory {
            return Err(Errno::Perm);
        }
        self.0.hard_link(name, &to.0, to_name).map_err(from_os)
    }

    /// Creates a symbolic link. The system requires the kind of its target: a directory if one of that name exists,
    /// otherwise a file. The kind does not matter here, because links are followed by their text.
    pub(crate) fn symlink(&self, target: &str, name: &str) -> Result<(), Errno> {
        let text = target.replace('/', "\\");
        let is_dir = self.0.metadata(&text).is_ok_and(|found| found.is_dir());
        if is_dir {
            self.0.symlink_dir(text, name)
        } else {
            self.0.symlink_file(text, name)
        }
        .map_err(from_os)
    }

    /// The target of a symbolic link.
    pub(crate) fn read_link(&self, name: &str) -> Result<String, Errno> {
        let target = self.0.read_link_contents(name).map_err(from_os)?;
        if target.is_absolute() {
            return guest_path(&target).ok_or(Errno::IlSeq);
        }
        let target = target.into_os_string().into_string();
        target
            .map(|target| target.replace('\\', "/"))
            .map_err(|_| Errno::IlSeq)
    }

    /// All entries of the directory, except the dot entries and names that are not Unicode.
    pub(crate) fn entries(&self) -> Result<Vec<Found>, Errno> {
        let mut entries = Vec::new();
        for entry in self.0.entries().map_err(from_os)? {
            let entry = entry.map_err(from_os)?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let kind = kind_of(entry.file_type().map_err(from_os)?);
            // The number of an entry that cannot be opened is unknown.
            let ino = entry.full_metadata().map_or(0, |metadata| metadata.ino());
            entries.push(Found { name, ino, kind });
        }
        Ok(entries)
    }

    /// The status of the directory.
    pub(crate) fn stat(&self) -> Result<Stat, Errno> {
        stat_of(&self.0.dir_metadata().map_err(from_os)?)
    }

    /// The status of a name. A link is not followed.
    pub(crate) fn stat_name(&self, name: &str) -> Result<Stat, Errno> {
        let mut stat = stat_of(&self.0.symlink_metadata(name).map_err(from_os)?)?;
        if stat.kind == FileType::SymbolicLink {
            stat.size = self.read_link(name).map_or(0, |target| target.len() as u64);
        }
        Ok(stat)
    }

    /// Sets the directory's own times.
    pub(crate) fn set_times(&self, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        self.set_times_of(".", atim, mtim)
    }

    /// Sets the times of a name. A link is not followed.
    pub(crate) fn set_times_of(
        &self,
        name: &str,
        atim: SetTime,
        mtim: SetTime,
    ) -> Result<(), Errno> {
        let how = BACKUP_SEMANTICS | OPEN_REPARSE_POINT;
        let file = self.open_with(name, FILE_WRITE_ATTRIBUTES, how)?;
        file.set_times(times(atim, mtim)).map_err(from_os)
    }

    /// The system writes names to the medium by itself. There is no call to wait for that.
    pub(crate) fn sync(&self) -> Result<(), Errno> {
        Ok(())
    }

    /// Opens a name with these rights. Never follows a link.
    fn open_with(&self, name: &str, rights: u32, how: u32) -> Result<std::fs::File, Errno> {
        let mut options = OpenOptions::new();
        options.access_mode(rights).custom_flags(how);
        options.follow(FollowSymlinks::No);
        let file = self.0.open_with(name, &options).map_err(from_os)?;
        Ok(file.into_std())
    }
}
