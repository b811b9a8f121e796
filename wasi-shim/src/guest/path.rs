//! The path walk: the only place that resolves a guest's path to a node. This file is the sandbox.
//!
//! A guest names a file by a directory descriptor and a path relative to it. The walk proceeds name by name and keeps the
//! *trail*: the directories that it has passed. `..` goes back along the trail, and never to the parent that a disk
//! reports. So a directory that is moved during the walk leads nowhere new. At the start of the trail, the directory of the
//! descriptor, `..` fails with `EPERM`. Symbolic links are expanded here as text before the rest of the path, so a file
//! system never follows one. The rules:
//!
//! | path | result |
//! |---|---|
//! | empty | `ENOENT` |
//! | longer than 4,095 bytes, or a name longer than 255 | `ENAMETOOLONG` |
//! | with a NUL byte | `EINVAL` |
//! | not UTF-8 | `EILSEQ` (in `memory`) |
//! | absolute | `EPERM`: the guest's library chooses the directory to begin with |
//! | a link with an absolute target | the target of that path (`absolute`), if it was granted to the guest; otherwise `EPERM` |
//! | `..` above the descriptor's directory | `EPERM`; but the invented root is its own parent |
//! | more than 40 links | `ELOOP` |
//! | a name that is no directory, in the middle or before a `/` at the end | `ENOTDIR` |
//!
//! A `/` at the end requires a directory, so a link there is followed even if the call itself does not follow links.

use alloc::string::String;
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::mounts::{Found, Mounts, Place};
use crate::types::FileType;

/// The maximum length of a path in bytes, as in Linux.
pub const MAX_PATH: usize = 4095;
/// The maximum length of a name in bytes.
pub const MAX_NAME: usize = 255;
/// The maximum number of symbolic links that one walk follows, as in Linux.
pub const MAX_LINKS: u32 = 40;

/// The handling of the last name of a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Last {
    /// Look it up and follow it if it is a symbolic link.
    Follow,
    /// Look it up. If it is a symbolic link, the link itself is the result.
    NoFollow,
    /// Do not look it up: the caller will create, remove or rename it.
    Leave,
}

/// The target of a path. Its references must be returned by [`Target::release`].
#[derive(Debug)]
pub enum Target {
    /// The path ended with `.` or `..`, or at the descriptor itself: a directory without a name to act on.
    Directory(Place),
    /// A name in a directory.
    Name {
        /// The directory.
        dir: Place,
        /// The name.
        name: String,
        /// Its target; `None` if it does not exist or was not looked up.
        found: Option<Found>,
        /// Whether the path ended with `/`.
        slash: bool,
    },
}

impl Target {
    /// Returns the references.
    pub fn release(self, mounts: &mut Mounts) {
        match self {
            Target::Directory(place) => mounts.forget(place),
            Target::Name { dir, found, .. } => {
                mounts.forget(dir);
                if let Some(found) = found {
                    mounts.forget(found.place);
                }
            }
        }
    }

    /// Returns the existing target. Errors: `ENOENT` if there is none; `ENOTDIR` for a file before a `/`.
    pub fn existing(&self) -> Result<Found, Errno> {
        match self {
            Target::Directory(place) => Ok(Found {
                place: *place,
                kind: FileType::Directory,
            }),
            Target::Name { found: None, .. } => Err(Errno::NoEnt),
            Target::Name {
                found: Some(found),
                slash,
                ..
            } => {
                let good = !slash || found.kind == FileType::Directory;
                if good { Ok(*found) } else { Err(Errno::NotDir) }
            }
        }
    }
}

/// Resolves the absolute target of a link: to a directory without a reference, and the rest of the path from there. Returns
/// `None` if it leads nowhere.
type Absolute<'a> = &'a mut dyn FnMut(&str) -> Option<(Place, String)>;

/// Walks `path` from the directory `base`. Absolute links lead nowhere. A missing last name is no error here: see
/// [`Target::existing`].
pub fn walk(mounts: &mut Mounts, base: Place, path: &str, last: Last) -> Result<Target, Errno> {
    walk_with(mounts, base, path, last, &mut |_| None)
}

/// Does the same with a resolution of absolute links.
pub(crate) fn walk_with(
    mounts: &mut Mounts,
    base: Place,
    path: &str,
    last: Last,
    absolute: Absolute<'_>,
) -> Result<Target, Errno> {
    check(path)?;
    if let Some(target) = walk_plain(mounts, base, path, last) {
        return Ok(target);
    }
    let mut walk = Walk {
        mounts,
        base,
        trail: Vec::new(),
        links: 0,
        absolute,
    };
    let result = walk.run(path, last);
    walk.go_back();
    result
}

/// Walks a path of plain names through plain directories, which is the usual case; some file systems do this in one step.
/// Returns `None` in all other cases, including errors. The general walk then determines the result.
fn walk_plain(mounts: &mut Mounts, base: Place, path: &str, last: Last) -> Option<Target> {
    let (above, name) = path.rsplit_once('/')?;
    let names: Vec<&str> = above.split('/').collect();
    let plain = |name: &&str| !matches!(*name, "" | "." | "..") && name.len() <= MAX_NAME;
    if !names.iter().all(plain) || !plain(&name) {
        return None;
    }
    let dir = mounts.descend(base, &names)?;
    let found = match last {
        Last::Leave => None,
        Last::Follow | Last::NoFollow => match mounts.lookup(dir, name) {
            // Following a link requires the trail.
            Ok(found) if found.kind == FileType::SymbolicLink && last == Last::Follow => {
                mounts.forget(found.place);
                mounts.forget(dir);
                return None;
            }
            Ok(found) => Some(found),
            Err(Errno::NoEnt) => None,
            Err(_) => {
                mounts.forget(dir);
                return None;
            }
        },
    };
    Some(Target::Name {
        dir,
        name: String::from(name),
        found,
        slash: false,
    })
}

/// Rejects paths that are invalid as a whole.
pub(crate) fn check(path: &str) -> Result<(), Errno> {
    if path.is_empty() {
        return Err(Errno::NoEnt);
    }
    if path.len() > MAX_PATH {
        return Err(Errno::NameTooLong);
    }
    if path.contains('\0') {
        return Err(Errno::Inval);
    }
    if path.starts_with('/') {
        return Err(Errno::Perm);
    }
    Ok(())
}

/// A walk in progress. Each place of the trail holds one reference. The base belongs to the caller.
struct Walk<'a> {
    mounts: &'a mut Mounts,
    base: Place,
    trail: Vec<Place>,
    links: u32,
    absolute: Absolute<'a>,
}

impl Walk<'_> {
    /// The current directory of the walk.
    fn here(&self) -> Place {
        self.trail.last().copied().unwrap_or(self.base)
    }

    /// The current directory with a reference for the caller.
    fn held(&mut self) -> Place {
        let here = self.here();
        self.mounts.retain(here);
        here
    }

    /// Drops the trail and returns to the start.
    fn go_back(&mut self) {
        for place in self.trail.drain(..) {
            self.mounts.forget(place);
        }
    }

    /// Ends the walk with a name in the current directory.
    fn named(&mut self, name: &str, found: Option<Found>, slash: bool) -> Target {
        Target::Name {
            dir: self.held(),
            name: String::from(name),
            found,
            slash,
        }
    }

    fn run(&mut self, path: &str, last: Last) -> Result<Target, Errno> {
        let mut text = String::from(path);
        let mut pos = 0;
        loop {
            let (name, after) = split(&text[pos..]);
            if name == "." && after.is_none() || name.is_empty() {
                return Ok(Target::Directory(self.held()));
            }
            if name == ".." {
                match self.trail.pop() {
                    Some(place) => self.mounts.forget(place),
                    None if self.mounts.is_root(self.base) => {}
                    None => return Err(Errno::Perm),
                }
            } else if name != "." {
                if name.len() > MAX_NAME {
                    return Err(Errno::NameTooLong);
                }
                // The rest after the name: nothing, only slashes, or more names.
                let slash = after == Some("");
                let more = after.is_some_and(|after| !after.is_empty());
                if !more && last == Last::Leave {
                    return Ok(self.named(name, None, slash));
                }
                let found = match self.mounts.lookup(self.here(), name) {
                    Ok(found) => found,
                    Err(Errno::NoEnt) if !more => {
                        return Ok(self.named(name, None, slash));
                    }
                    Err(errno) => return Err(errno),
                };
                let follow = more || slash || last == Last::Follow;
                if found.kind == FileType::SymbolicLink && follow {
                    text = self.expand(found, after)?;
                    pos = 0;
                    continue;
                }
                if !more {
                    return Ok(self.named(name, Some(found), slash));
                }
                self.trail.push(found.place);
                if found.kind != FileType::Directory {
                    return Err(Errno::NotDir);
                }
            }
            pos = match after {
                Some(after) => text.len() - after.len(),
                None => return Ok(Target::Directory(self.held())),
            };
        }
    }

    /// Returns the remaining path if a link precedes `after`: the link's target replaces its name. An absolute target
    /// begins a new trail.
    fn expand(&mut self, link: Found, after: Option<&str>) -> Result<String, Errno> {
        let target = self.mounts.fs(link.place.fs).readlink(link.place.node);
        self.mounts.forget(link.place);
        let mut path = target?;
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(Errno::Loop);
        }
        if path.starts_with('/') && path.len() <= MAX_PATH {
            let (base, rest) = (self.absolute)(&path).ok_or(Errno::Perm)?;
            self.go_back();
            self.base = base;
            path = rest;
        }
        check(&path)?;
        if let Some(after) = after {
            path.push('/');
            path.push_str(after);
        }
        if path.len() > MAX_PATH {
            Err(Errno::NameTooLong)
        } else {
            Ok(path)
        }
    }
}

/// Splits off the first name. The rest after its slashes is `None` if there are no slashes.
fn split(path: &str) -> (&str, Option<&str>) {
    match path.split_once('/') {
        Some((name, after)) => (name, Some(after.trim_start_matches('/'))),
        None => (path, None),
    }
}
