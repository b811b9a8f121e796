//! Opening by path.

use crate::errno::Errno;
#[cfg(feature = "freeze")]
use crate::fd::Origin;
use crate::fd::{Descriptor, Object};
use crate::fs::{Access, Opened};
use crate::memory::Memory;
use crate::mounts::{Found, Place};
use crate::outside::Start;
use crate::path::{Last, Target};
use crate::types::{FdFlags, FileType, LookupFlags, OFlags, Rights};
use crate::wasi::Wasi;

use super::fd::fd_flags;
use super::path::lookup_flags;

/// The most bytes of a path by which a descriptor can be opened again. Directories can be opened from each other without end.
#[cfg(feature = "freeze")]
const LONGEST_ORIGIN: usize = 1 << 16;

/// The decoded arguments of `path_open`.
#[derive(Clone, Copy)]
struct Request {
    follow: bool,
    oflags: OFlags,
    read: bool,
    write: bool,
    flags: FdFlags,
    /// The rights that the directory passes on.
    rights: Rights,
}

impl Wasi {
    /// `path_open(fd, dirflags, path, oflags, fs_rights_base, fs_rights_inheriting, fdflags) -> fd`: opens a file or
    /// directory, and creates or truncates it first if requested. The new descriptor has the lowest free number. Like
    /// `openat` in POSIX.
    ///
    /// The rights `fd_read` and `fd_write` request reading and writing. Rights that do not apply to the object are dropped.
    /// A directory can be opened with or without `directory`.
    ///
    /// Errors: `EEXIST` (`creat` and `excl`, and it exists), `EISDIR` (a directory is opened for writing or creation),
    /// `ENOTDIR` (`directory`, or a `/` at the end, and it is no directory), `ELOOP` (a symbolic link that may not be
    /// followed), `EINVAL` (`creat` with `directory`, unknown flags), `EMFILE`, `EROFS`, `EACCES`, `ETXTBSY` (a file that
    /// the host has mapped is opened for writing).
    #[expect(
        clippy::too_many_arguments,
        reason = "the parameters of the function in the witx file"
    )]
    pub fn path_open(
        &mut self,
        memory: &mut Memory<'_>,
        fd: u32,
        dirflags: u32,
        path: u32,
        path_len: u32,
        oflags: u32,
        rights_base: u64,
        _rights_inheriting: u64,
        fdflags: u32,
        opened_fd: u32,
    ) -> Result<(), Errno> {
        memory.check(opened_fd, 4)?;
        let oflags = match u16::try_from(oflags) {
            Ok(bits) if OFlags::ALL.contains(OFlags(bits)) => OFlags(bits),
            _ => return Err(Errno::Inval),
        };
        if oflags.contains(OFlags::CREAT.or(OFlags::DIRECTORY)) {
            return Err(Errno::Inval);
        }
        let start = self.start(fd, Rights::PATH_OPEN)?;
        let from = self.fds.get(fd)?;
        let creates =
            oflags.contains(OFlags::CREAT) && !from.rights.contains(Rights::PATH_CREATE_FILE);
        let empties =
            oflags.contains(OFlags::TRUNC) && !from.rights.contains(Rights::PATH_FILESTAT_SET_SIZE);
        if creates || empties {
            return Err(Errno::NotCapable);
        }
        let rights = Rights(rights_base).and(from.inheriting);
        let request = Request {
            follow: lookup_flags(dirflags)?.contains(LookupFlags::SYMLINK_FOLLOW),
            oflags,
            read: rights.contains(Rights::FD_READ),
            write: rights.contains(Rights::FD_WRITE),
            flags: fd_flags(fdflags)?,
            rights: from.inheriting,
        };
        let path = memory.str(path, path_len)?;
        #[cfg_attr(
            not(feature = "freeze"),
            expect(unused_mut, reason = "only its origin is set later")
        )]
        let mut descriptor = self.open(start, path, request)?;
        #[cfg(feature = "freeze")]
        {
            descriptor.origin = self.origin_of(fd, path);
        }
        let new = self.install(descriptor)?;
        memory.set_u32(opened_fd, new)
    }

    /// The origin of what is opened by `path` from descriptor `fd`.
    #[cfg(feature = "freeze")]
    fn origin_of(&self, fd: u32, path: &str) -> Origin {
        match self.fds.get(fd).map(|from| &from.origin) {
            Ok(Origin::Initial(from)) => Origin::Path {
                from: *from,
                path: path.into(),
            },
            Ok(Origin::Path { from, path: dir }) if dir.len() + path.len() < LONGEST_ORIGIN => {
                Origin::Path {
                    from: *from,
                    path: alloc::format!("{dir}/{path}"),
                }
            }
            _ => Origin::Lost,
        }
    }

    /// Opens what existed when the guest was frozen. Nothing is created or truncated.
    #[cfg(feature = "freeze")]
    pub(crate) fn open_again(
        &mut self,
        start: Start,
        path: &str,
        access: Access,
        flags: FdFlags,
    ) -> Result<Descriptor, Errno> {
        let request = Request {
            follow: true,
            oflags: OFlags::default(),
            read: access.read,
            write: access.write,
            flags,
            rights: Rights(u64::MAX),
        };
        self.open(start, path, request)
    }

    fn open(&mut self, start: Start, path: &str, request: Request) -> Result<Descriptor, Errno> {
        let exclusive = request.oflags.contains(OFlags::CREAT.or(OFlags::EXCL));
        let creates = request.oflags.contains(OFlags::CREAT);
        let last = if creates && path.ends_with('/') {
            // No file can have such a name.
            Last::Leave
        } else if request.follow && !exclusive {
            Last::Follow
        } else {
            Last::NoFollow
        };
        let start = self.or_devices(start, path, !creates);
        self.with_target(start, path, last, |wasi, target| {
            match target {
                Target::Name { slash: true, .. } if creates => Err(Errno::IsDir),
                Target::Name {
                    dir,
                    name,
                    found: None,
                    ..
                } if creates => {
                    let fs = wasi.mounts.fs(dir.fs);
                    match fs.create(dir.node, name) {
                        Ok(node) => {
                            let found = Found {
                                place: Place { fs: dir.fs, node },
                                kind: FileType::RegularFile,
                            };
                            let opened = wasi.open_found(found, request, true);
                            wasi.mounts.forget(found.place);
                            opened
                        }
                        // Another program has created it meanwhile.
                        Err(Errno::Exist) if !exclusive => {
                            let found = wasi.mounts.lookup(*dir, name)?;
                            let opened = wasi.open_found(found, request, false);
                            wasi.mounts.forget(found.place);
                            opened
                        }
                        Err(errno) => Err(errno),
                    }
                }
                _ => {
                    let found = match target {
                        Target::Name { found: Some(_), .. } | Target::Directory(_) if exclusive => {
                            return Err(Errno::Exist);
                        }
                        _ => target.existing()?,
                    };
                    wasi.open_found(found, request, false)
                }
            }
        })
    }

    /// Opens the target of the path. The descriptor takes its own reference.
    fn open_found(
        &mut self,
        found: Found,
        request: Request,
        created: bool,
    ) -> Result<Descriptor, Errno> {
        let Request {
            oflags,
            read,
            write,
            flags,
            ..
        } = request;
        // A device has no length to truncate. The request is no error.
        let empties = matches!(found.kind, FileType::RegularFile | FileType::Directory);
        let truncate = oflags.contains(OFlags::TRUNC) && !created && empties;
        match found.kind {
            FileType::Directory if write || truncate || oflags.contains(OFlags::CREAT) => {
                return Err(Errno::IsDir);
            }
            FileType::Directory => {}
            _ if oflags.contains(OFlags::DIRECTORY) => return Err(Errno::NotDir),
            FileType::SymbolicLink => return Err(Errno::Loop),
            _ => {}
        }
        let place = found.place;
        let fs = self.mounts.fs(place.fs);
        let access = Access {
            read,
            write: write || truncate,
        };
        let opened = fs.open(place.node, access, flags.contains(FdFlags::NONBLOCK))?;
        if access.write && !self.in_use.is_empty() {
            // The open file is checked, because its name may lead elsewhere by now.
            let stat = self.mounts.fs(place.fs).stat(place.node);
            if let Err(errno) = stat.and_then(|stat| self.check_in_use(&stat)) {
                drop(opened);
                self.mounts.fs(place.fs).close(place.node);
                return Err(errno);
            }
        }
        let fs = self.mounts.fs(place.fs);
        let object = match opened {
            Opened::Node if found.kind == FileType::Directory => Object::Directory { place },
            Opened::Node => {
                if let Err(errno) = if truncate {
                    fs.set_len(place.node, 0)
                } else {
                    Ok(())
                } {
                    fs.close(place.node);
                    return Err(errno);
                }
                Object::File {
                    place,
                    kind: found.kind,
                    offset: 0,
                }
            }
            Opened::Stream(stream) => Object::Stream {
                stream,
                place: Some(place),
            },
        };
        fs.retain(place.node);
        let mut descriptor = Descriptor::new(object, (read, write), flags);
        descriptor.rights = descriptor.rights.and(request.rights);
        descriptor.inheriting = descriptor.inheriting.and(request.rights);
        Ok(descriptor)
    }
}
