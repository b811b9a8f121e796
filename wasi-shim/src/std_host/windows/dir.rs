//! `Dir`: a directory of Windows, and what is done to the names in it.
//!
//! Everything is done by a single name relative to the open directory, through cap-std, and nothing ever follows a link. cap-std opens files
//! relative to the directory's handle. What the system does by path only, it does by the path of that handle, which cannot change
//! meanwhile: an open directory, and every one above it, can be neither renamed nor removed.

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
/// Ways of opening one (`winbase.h`): directories too, and links themselves.
const BACKUP_SEMANTICS: u32 = 0x0200_0000;
const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

/// An open directory.
pub(crate) struct Dir(cap_std::fs::Dir);

impl Dir {
    /// Opens a directory by a path of the host, whose links are followed.
    pub(crate) fn open(path: &Path) -> std::io::Result<Dir> {
        cap_std::fs::Dir::open_ambient_dir(path, ambient_authority()).map(Dir)
    }

    /// Opens a directory in this one.
    pub(crate) fn open_dir(&self, name: &str) -> Result<Dir, Errno> {
        self.0.open_dir_nofollow(name).map(Dir).map_err(from_os)
    }

    /// There is no call that goes down several directories and follows no link.
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
        // Who may read a file may often set its times, as on Unix.
        match self.open_with(name, rights | FILE_WRITE_ATTRIBUTES, 0) {
            Err(Errno::Acces) => self.open_with(name, rights, 0),
            result => result,
        }
        .map(File::new)
    }

    /// There are neither pipes nor devices in directories.
    pub(crate) fn open_stream(
        &self,
        _name: &str,
        _access: Access,
        _nonblock: bool,
    ) -> Result<Box<dyn Stream>, Errno> {
        Err(Errno::NotSup)
    }

    /// Makes a file that was not there, open in both directions.
    pub(crate) fn create_file(&self, name: &str) -> Result<File, Errno> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        options.follow(FollowSymlinks::No);
        let file = self.0.open_with(name, &options).map_err(from_os)?;
        Ok(File::new(file.into_std()))
    }

    /// Makes a directory.
    pub(crate) fn create_dir(&self, name: &str) -> Result<(), Errno> {
        self.0.create_dir(name).map_err(from_os)
    }

    /// Removes what is no directory.
    pub(crate) fn unlink(&self, name: &str) -> Result<(), Errno> {
        match self.stat_name(name)?.kind {
            FileType::Directory => return Err(Errno::IsDir),
            // A link to a directory is removed as one.
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
            // One that is open and full is told to be open only.
            Err(Errno::Busy) if !self.open_dir(name)?.entries()?.is_empty() => Err(Errno::NotEmpty),
            result => result,
        }
    }

    /// Moves a name, over whatever is there. The system replaces files in one step; an empty directory is removed before.
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
                // Two names of one file; one name in two spellings is moved.
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

    /// Makes a symbolic link. The system wants to know what it leads to: a directory if there is one of that name, else a file. Here that makes no
    /// difference, for links are followed by their text.
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

    /// What a symbolic link holds.
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

    /// Everything in the directory but the dot entries and names that are not Unicode.
    pub(crate) fn entries(&self) -> Result<Vec<Found>, Errno> {
        let mut entries = Vec::new();
        for entry in self.0.entries().map_err(from_os)? {
            let entry = entry.map_err(from_os)?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let kind = kind_of(entry.file_type().map_err(from_os)?);
            // What may not be opened has no number that could be known.
            let ino = entry.full_metadata().map_or(0, |metadata| metadata.ino());
            entries.push(Found { name, ino, kind });
        }
        Ok(entries)
    }

    /// What is known about the directory.
    pub(crate) fn stat(&self) -> Result<Stat, Errno> {
        stat_of(&self.0.dir_metadata().map_err(from_os)?)
    }

    /// What is known about a name; a link is itself.
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

    /// Sets the times of a name; of a link, its own.
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

    /// The system writes names to the medium on its own: there is no call to wait for them.
    pub(crate) fn sync(&self) -> Result<(), Errno> {
        Ok(())
    }

    /// Opens a name with these rights, and never what a link points to.
    fn open_with(&self, name: &str, rights: u32, how: u32) -> Result<std::fs::File, Errno> {
        let mut options = OpenOptions::new();
        options.access_mode(rights).custom_flags(how);
        options.follow(FollowSymlinks::No);
        let file = self.0.open_with(name, &options).map_err(from_os)?;
        Ok(file.into_std())
    }
}
