//! Operations on names: creating and removing directories, links and names, renaming, status and times.
//!
//! The module `path` of the crate describes how a path is resolved, and its errors.

use crate::errno::Errno;
use crate::memory::Memory;
use crate::mounts::Place;
use crate::path::{Last, Target};
use crate::types::{FileType, LookupFlags, Rights};
use crate::wasi::Wasi;

use super::fd::set_times;

/// A name that was not looked up.
#[derive(Clone, Copy)]
struct Named<'a> {
    dir: Place,
    name: &'a str,
    /// The path ended with `/`.
    slash: bool,
}

impl Wasi {
    /// `path_create_directory(fd, path)`: creates a directory. Like `mkdirat` in POSIX. Errors: `EEXIST`, `EROFS`, `ENOSPC`.
    pub fn path_create_directory(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        path: u32,
        path_len: u32,
    ) -> Result<(), Errno> {
        let (from, path) = ((fd, Rights::PATH_CREATE_DIRECTORY), (path, path_len));
        self.at_name(memory, from, path, Errno::Exist, |wasi, at| {
            wasi.no_mount(at, Errno::Exist)?;
            wasi.mounts.fs(at.dir.fs).mkdir(at.dir.node, at.name)
        })
    }

    /// `path_filestat_get(fd, flags, path) -> filestat`: returns the status of a file or directory. Like `fstatat` in
    /// POSIX.
    pub fn path_filestat_get(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        flags: u32,
        path: u32,
        path_len: u32,
        buf: u32,
    ) -> Result<(), Errno> {
        let start = self.start(fd, Rights::PATH_FILESTAT_GET)?;
        let (path, last) = (memory.str(path, path_len)?, last_of(flags)?);
        let start = self.or_devices(start, path, true);
        let stat = self.with_target(start, path, last, |wasi, target| {
            wasi.mounts.stat(target.existing()?.place)
        })?;
        memory.write(buf, &stat.encode())
    }

    /// `path_filestat_set_times(fd, flags, path, atim, mtim, fst_flags)`: sets the times of a file or directory, each
    /// independently. Like `utimensat` in POSIX. Errors: `EINVAL` if both a given time and the current time are requested
    /// for one of them.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parameters of the function in the witx file"
    )]
    pub fn path_filestat_set_times(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        flags: u32,
        path: u32,
        path_len: u32,
        atim: u64,
        mtim: u64,
        fst_flags: u32,
    ) -> Result<(), Errno> {
        let (atim, mtim) = set_times(atim, mtim, fst_flags)?;
        let (from, path) = ((fd, Rights::PATH_FILESTAT_SET_TIMES), (path, path_len));
        self.at_path(memory, from, path, last_of(flags)?, |wasi, target| {
            let place = target.existing()?.place;
            wasi.mounts.fs(place.fs).set_times(place.node, atim, mtim)
        })
    }

    /// `path_link(old_fd, old_flags, old_path, new_fd, new_path)`: gives a file another name. Like `linkat` in POSIX.
    ///
    /// Errors: `EEXIST`; `EPERM` for a directory; `EXDEV` between file systems; `EINVAL` if `old_flags` requests to follow
    /// a symbolic link (hosts may refuse that, and all do); `ENOTSUP` if the file system has no links.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parameters of the function in the witx file"
    )]
    pub fn path_link(
        &mut self,
        memory: &mut Memory<'_>,
        old_fd: u32,
        old_flags: u32,
        old_path: u32,
        old_path_len: u32,
        new_fd: u32,
        new_path: u32,
        new_path_len: u32,
    ) -> Result<(), Errno> {
        let from = (old_fd, Rights::PATH_LINK_SOURCE);
        let to = (new_fd, Rights::PATH_LINK_TARGET);
        self.start(to.0, to.1)?;
        if lookup_flags(old_flags)?.contains(LookupFlags::SYMLINK_FOLLOW) {
            return Err(Errno::Inval);
        }
        let (old_path, new_path) = ((old_path, old_path_len), (new_path, new_path_len));
        self.at_path(memory, from, old_path, Last::NoFollow, |wasi, old| {
            let kind = old.existing()?.kind;
            wasi.at_path(memory, to, new_path, Last::NoFollow, |wasi, new| {
                let (to_dir, to_name) = free_name(new)?;
                match old {
                    _ if kind == FileType::Directory => Err(Errno::Perm),
                    Target::Directory(_) => Err(Errno::Perm),
                    Target::Name { dir, .. } if dir.fs != to_dir.fs => Err(Errno::XDev),
                    Target::Name { dir, name, .. } => {
                        wasi.mounts
                            .fs(dir.fs)
                            .link(dir.node, name, to_dir.node, to_name)
                    }
                }
            })
        })
    }

    /// `path_readlink(fd, path, buf, buf_len) -> size`: returns the target of a symbolic link, truncated at the end of the
    /// buffer. Like `readlinkat` in POSIX. Errors: `EINVAL` if it is no symbolic link.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parameters of the function in the witx file"
    )]
    pub fn path_readlink(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        path: u32,
        path_len: u32,
        buf: u32,
        buf_len: u32,
        used: u32,
    ) -> Result<(), Errno> {
        memory.check(buf, buf_len)?;
        memory.check(used, 4)?;
        let (from, path) = ((fd, Rights::PATH_READLINK), (path, path_len));
        let target = self.at_path(memory, from, path, Last::NoFollow, |wasi, target| {
            let found = target.existing()?;
            if found.kind != FileType::SymbolicLink {
                return Err(Errno::Inval);
            }
            wasi.mounts.fs(found.place.fs).readlink(found.place.node)
        })?;
        let len = target.len().min(buf_len as usize);
        memory.write(buf, &target.as_bytes()[..len])?;
        memory.set_u32(used, len as u32)
    }

    /// `path_remove_directory(fd, path)`: removes an empty directory. Like `unlinkat(AT_REMOVEDIR)` in POSIX.
    /// Errors: `ENOTEMPTY`, also for a path that ends in `..`; `ENOTDIR` for anything else; `EINVAL` for a path that ends in `.`; `EBUSY` for a
    /// directory that was granted itself.
    pub fn path_remove_directory(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        path: u32,
        path_len: u32,
    ) -> Result<(), Errno> {
        let (from, path) = ((fd, Rights::PATH_REMOVE_DIRECTORY), (path, path_len));
        let text = memory.str(path.0, path.1)?.trim_end_matches('/');
        let unnamed = match text.rsplit('/').next() {
            Some("..") => Errno::NotEmpty,
            _ => Errno::Inval,
        };
        self.at_name(memory, from, path, unnamed, |wasi, at| {
            wasi.no_mount(at, Errno::Busy)?;
            wasi.mounts.fs(at.dir.fs).rmdir(at.dir.node, at.name)
        })
    }

    /// `path_unlink_file(fd, path)`: removes a name, except that of a directory. Like `unlinkat` in POSIX. Errors: `EISDIR`
    /// for a directory; `ENOTDIR` for a file with a `/` after its name.
    pub fn path_unlink_file(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        path: u32,
        path_len: u32,
    ) -> Result<(), Errno> {
        let (from, path) = ((fd, Rights::PATH_UNLINK_FILE), (path, path_len));
        self.at_name(memory, from, path, Errno::IsDir, |wasi, at| {
            if at.slash {
                return Err(match wasi.kind(at)? {
                    FileType::Directory => Errno::IsDir,
                    _ => Errno::NotDir,
                });
            }
            wasi.no_mount(at, Errno::IsDir)?;
            wasi.mounts.fs(at.dir.fs).unlink(at.dir.node, at.name)
        })
    }

    /// `path_rename(fd, old_path, new_fd, new_path)`: moves a file or directory in one step, and replaces an existing one.
    /// Like `renameat` in POSIX.
    ///
    /// Errors: `EISDIR` (a file onto a directory), `ENOTDIR` (a directory onto a file, a file onto a name with `/`), `ENOTEMPTY`, `EINVAL` (a
    /// directory into itself), `EXDEV` (between file systems), `EBUSY` for a path that ends in `.`, and for a directory that was granted itself.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parameters of the function in the witx file"
    )]
    pub fn path_rename(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        old_path: u32,
        old_path_len: u32,
        new_fd: u32,
        new_path: u32,
        new_path_len: u32,
    ) -> Result<(), Errno> {
        let from = (fd, Rights::PATH_RENAME_SOURCE);
        let to = (new_fd, Rights::PATH_RENAME_TARGET);
        self.start(to.0, to.1)?;
        let (old_path, new_path) = ((old_path, old_path_len), (new_path, new_path_len));
        self.at_path(memory, from, old_path, Last::Leave, |wasi, old| {
            wasi.at_path(memory, to, new_path, Last::Leave, |wasi, new| {
                let (old, new) = (named(old, Errno::Busy)?, named(new, Errno::Busy)?);
                if (old.slash || new.slash) && wasi.kind(old)? != FileType::Directory {
                    return Err(Errno::NotDir);
                }
                wasi.no_mount(old, Errno::Busy)?;
                wasi.no_mount(new, Errno::Busy)?;
                let (dir, to_dir) = (old.dir, new.dir);
                if dir.fs != to_dir.fs {
                    // A missing source is an error, whatever the destination is.
                    wasi.kind(old)?;
                    return Err(Errno::XDev);
                }
                let fs = wasi.mounts.fs(dir.fs);
                fs.rename(dir.node, old.name, to_dir.node, new.name)
            })
        })
    }

    /// `path_symlink(old_path, fd, new_path)`: creates a symbolic link that holds `old_path`. Like `symlinkat` in POSIX.
    ///
    /// Errors: `EEXIST`; `ENOENT` for an empty target; `EPERM` for an absolute one; `ENOTSUP` if the file system has no
    /// links.
    pub fn path_symlink(
        &mut self,
        memory: &mut Memory<'_>,
        old_path: u32,
        old_path_len: u32,
        fd: u32,
        new_path: u32,
        new_path_len: u32,
    ) -> Result<(), Errno> {
        let (from, path) = ((fd, Rights::PATH_SYMLINK), (new_path, new_path_len));
        self.start(from.0, from.1)?;
        let link_target = memory.str(old_path, old_path_len)?;
        crate::path::check(link_target)?;
        self.at_path(memory, from, path, Last::NoFollow, |wasi, target| {
            let (dir, name) = free_name(target)?;
            wasi.mounts.fs(dir.fs).symlink(link_target, dir.node, name)
        })
    }

    /// Refuses to change a name in a granted directory that leads to another granted one. Invented directories refuse by themselves.
    fn no_mount(&self, at: Named<'_>, refusal: Errno) -> Result<(), Errno> {
        let mounted = self.mounts.is_crossing(at.dir, at.name);
        match mounted && !self.mounts.is_invented(at.dir) {
            true => Err(refusal),
            false => Ok(()),
        }
    }

    /// Returns the kind of a name's target.
    fn kind(&mut self, at: Named<'_>) -> Result<FileType, Errno> {
        let found = self.mounts.lookup(at.dir, at.name)?;
        self.mounts.forget(found.place);
        Ok(found.kind)
    }

    /// Resolves a path whose last name is to be created, removed or moved, and calls the operation. Errors: `unnamed` for a
    /// path without such a name, as `.` and `..`.
    fn at_name<R>(
        &mut self,
        memory: &Memory<'_>,
        from: (u32, Rights),
        path: (u32, u32),
        unnamed: Errno,
        act: impl FnOnce(&mut Wasi, Named<'_>) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        self.at_path(memory, from, path, Last::Leave, |wasi, target| {
            act(wasi, named(target, unnamed)?)
        })
    }

    /// Resolves a guest's path from a descriptor that must have a right, and calls the operation with the target.
    fn at_path<R>(
        &mut self,
        memory: &Memory<'_>,
        (fd, right): (u32, Rights),
        (path, path_len): (u32, u32),
        last: Last,
        act: impl FnOnce(&mut Wasi, &Target) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        let start = self.start(fd, right)?;
        let path = memory.str(path, path_len)?;
        self.with_target(start, path, last, act)
    }
}

/// The name at the end of a path. Errors: `unnamed` for a path without such a name, as `.` and `..`.
fn named(target: &Target, unnamed: Errno) -> Result<Named<'_>, Errno> {
    match target {
        Target::Directory(_) => Err(unnamed),
        Target::Name {
            dir, name, slash, ..
        } => {
            let (dir, slash) = (*dir, *slash);
            Ok(Named { dir, name, slash })
        }
    }
}

/// The name at the end of a path, if nothing exists there yet. Errors: `EEXIST`; `ENOENT` for a name with a `/` after it.
fn free_name(target: &Target) -> Result<(Place, &str), Errno> {
    match target {
        Target::Directory(_)
        | Target::Name {
            found: Some(_),
            slash: false,
            ..
        } => Err(Errno::Exist),
        Target::Name {
            found: Some(found), ..
        } if found.kind == FileType::Directory => Err(Errno::Exist),
        Target::Name { found: Some(_), .. } => Err(Errno::NotDir),
        Target::Name { slash: true, .. } => Err(Errno::NoEnt),
        Target::Name { dir, name, .. } => Ok((*dir, name)),
    }
}

/// Decodes `$lookupflags`. Errors: `EINVAL` for an unknown bit.
pub(super) fn lookup_flags(raw: u32) -> Result<LookupFlags, Errno> {
    let flags = LookupFlags(raw);
    if LookupFlags::ALL.contains(flags) {
        Ok(flags)
    } else {
        Err(Errno::Inval)
    }
}

/// The handling of the last name of a path.
fn last_of(flags: u32) -> Result<Last, Errno> {
    let follow = lookup_flags(flags)?.contains(LookupFlags::SYMLINK_FOLLOW);
    Ok(if follow { Last::Follow } else { Last::NoFollow })
}
