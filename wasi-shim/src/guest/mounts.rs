//! `Mounts`: the file systems of a guest, and the places in them.
//!
//! A [`Place`] is a node together with the file system that it belongs to. Where a directory of the `namespace` (the
//! invented directories above the granted ones), or a granted directory, has another granted directory as its child, the way leads across
//! into another file system; this happens here, so that neither the path walk nor a file system has to know.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::fs::{FileSystem, Node};
use crate::types::{FileType, Stat};

/// The number of a guest's file system.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FsId(pub usize);

/// A node in one of the guest's file systems.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// Which file system.
    pub fs: FsId,
    /// Which node of it.
    pub node: Node,
}

/// The target of a name, and its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// The place, with one reference that belongs to the caller.
    pub place: Place,
    /// Its kind.
    pub kind: FileType,
}

/// A name in a directory that leads to another file system.
struct Crossing {
    from: Place,
    name: String,
    to: Place,
}

/// The file systems that a guest sees.
#[derive(Default)]
pub struct Mounts {
    systems: Vec<Box<dyn FileSystem>>,
    crossings: Vec<Crossing>,
    root: Option<Place>,
}

impl Mounts {
    /// Adds a file system.
    pub fn add(&mut self, fs: Box<dyn FileSystem>) -> FsId {
        self.systems.push(fs);
        FsId(self.systems.len() - 1)
    }

    /// Makes `name` in the directory `from` lead to `to`, in any file system. Both places stay referenced forever.
    pub fn cross(&mut self, from: Place, name: &str, to: Place) {
        self.crossings.push(Crossing {
            from,
            name: String::from(name),
            to,
        });
    }

    /// Whether a name in a directory leads into another file system. Such a name can be neither created nor removed nor moved.
    pub fn is_crossing(&self, dir: Place, name: &str) -> bool {
        self.crossing(dir, name).is_some()
    }

    fn crossing(&self, dir: Place, name: &str) -> Option<Place> {
        let mut crossings = self.crossings.iter();
        let found = crossings.find(|crossing| crossing.from == dir && crossing.name == name);
        found.map(|crossing| crossing.to)
    }

    /// Sets the invented root of the guest's tree. It is its own parent, as in POSIX.
    pub fn set_root(&mut self, root: Place) {
        self.root = Some(root);
    }

    /// Returns whether a directory is that root.
    pub fn is_root(&self, dir: Place) -> bool {
        self.root == Some(dir)
    }

    /// Returns whether a directory is in the same file system as that root, and therefore invented.
    pub fn is_invented(&self, dir: Place) -> bool {
        self.root.is_some_and(|root| root.fs == dir.fs)
    }

    /// Returns a file system by its number. Not to be used for names.
    pub fn fs(&mut self, id: FsId) -> &mut dyn FileSystem {
        &mut *self.systems[id.0]
    }

    /// All file systems, in the order in which they were added.
    #[cfg(feature = "freeze")]
    pub(crate) fn systems(&mut self) -> &mut [Box<dyn FileSystem>] {
        &mut self.systems
    }

    /// Finds a name in a directory, across mount points.
    pub fn lookup(&mut self, dir: Place, name: &str) -> Result<Found, Errno> {
        if let Some(place) = self.crossing(dir, name) {
            self.retain(place);
            return Ok(Found {
                place,
                kind: FileType::Directory,
            });
        }
        let entry = self.fs(dir.fs).lookup(dir.node, name)?;
        Ok(Found {
            place: Place {
                fs: dir.fs,
                node: entry.node,
            },
            kind: entry.kind,
        })
    }

    /// Walks down several directories in one step, if the file system supports it and all are plain directories.
    pub fn descend(&mut self, dir: Place, names: &[&str]) -> Option<Place> {
        if names
            .first()
            .is_some_and(|name| self.is_crossing(dir, name))
        {
            return None;
        }
        let node = self.fs(dir.fs).descend(dir.node, names)?;
        Some(Place { fs: dir.fs, node })
    }

    /// Adds a reference to a place.
    pub fn retain(&mut self, place: Place) {
        self.fs(place.fs).retain(place.node);
    }

    /// Returns a reference to a place.
    pub fn forget(&mut self, place: Place) {
        self.fs(place.fs).forget(place.node);
    }

    /// Returns the status of a place. A file system without a device number gets that of its mount.
    pub fn stat(&mut self, place: Place) -> Result<Stat, Errno> {
        let mut stat = self.fs(place.fs).stat(place.node)?;
        if stat.dev == 0 {
            stat.dev = place.fs.0 as u64 + 1;
        }
        Ok(stat)
    }
}
