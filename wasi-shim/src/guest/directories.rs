//! Opening the directories that a guest has from the start, under their names.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::build_error::BuildError;
use crate::devices::{self, Devices};
use crate::fd::{Descriptor, Object};
use crate::fs::Access;
use crate::mounts::{Mounts, Place};
use crate::namespace::Namespace;
use crate::path::{self, Last};
use crate::preopen::{self, Grant, Name, To};
use crate::types::{FdFlags, FileType};
use crate::wasi::Wasi;

impl Wasi {
    /// Opens a descriptor that the guest has from the start.
    pub(crate) fn give(&mut self, descriptor: Descriptor, what: &str) -> Result<(), BuildError> {
        self.install(descriptor)
            .map(|_| ())
            .map_err(|errno| BuildError::Directory(what.to_string(), errno))
    }
}

/// Returns whether a name leads to a directory. It does without a mount if both are granted from one file system.
fn is_at(mounts: &mut Mounts, dir: Place, name: &str, place: Place) -> bool {
    let Ok(found) = mounts.lookup(dir, name) else {
        return false;
    };
    let known =
        [found.place, place].map(|place| mounts.stat(place).map(|stat| (stat.dev, stat.ino)));
    mounts.forget(found.place);
    known[0].is_ok() && known[0] == known[1]
}

/// The guest's directories during the build.
pub(crate) struct Directories<'a> {
    pub(crate) wasi: &'a mut Wasi,
    /// The place of each grant.
    pub(crate) places: Vec<Place>,
}

impl Directories<'_> {
    /// Makes a directory that was granted as `/data/tmp` appear in one that was granted as `/data`. Deeper ones are found by their
    /// own names alone, because no place is known of the directories between.
    pub(crate) fn nest(&mut self, grants: &[Grant]) {
        let ways: Vec<_> = grants
            .iter()
            .map(|grant| preopen::components(&grant.guest))
            .collect();
        for (way, to) in ways.iter().zip(&self.places) {
            if let Some((name, above)) = way.split_last()
                && let Some(outer) = ways.iter().position(|other| other == above)
                && !is_at(&mut self.wasi.mounts, self.places[outer], name, *to)
            {
                self.wasi.mounts.cross(self.places[outer], name, *to);
            }
        }
    }

    /// Creates invented directories above the granted ones, if any name needs them, and adds the devices. Returns the root
    /// of the invented directories.
    pub(crate) fn invent_root(
        &mut self,
        grants: &[Grant],
        names: &[Name],
        devices: Option<Devices>,
    ) -> Option<Place> {
        if !names
            .iter()
            .any(|name| matches!(name.target, To::Invented(_)))
        {
            return None;
        }
        let mut namespace = Namespace::default();
        let mut crossings = Vec::new();
        for (grant, place) in grants.iter().zip(&self.places) {
            let way = preopen::components(&grant.guest);
            if let (Some(dir), Some(last)) = (namespace.add(&way), way.last()) {
                crossings.push((dir, *last, *place));
            }
        }
        let covered = |grant: &Grant| {
            let names = preopen::components(&grant.guest);
            names.is_empty() || names == [devices::DIRECTORY]
        };
        let devices = devices.filter(|_| !grants.iter().any(covered));
        let inner = match devices {
            Some(_) => namespace.mount_over(devices::DIRECTORY),
            None => Vec::new(),
        };
        let fs = self.wasi.mounts.add(Box::new(namespace));
        if let Some(mut devices) = devices {
            for (_, name, _) in &inner {
                devices.list(name);
            }
            let dev = Place {
                fs: self.wasi.mounts.add(Box::new(devices)),
                node: Devices::ROOT,
            };
            for (dir, name, node) in inner {
                let mounted = crossings
                    .iter()
                    .find(|(from, last, _)| (*from, *last) == (dir, &*name));
                let to = node
                    .map(|node| Place { fs, node })
                    .or(mounted.map(|(_, _, to)| *to));
                if let Some(to) = to {
                    self.wasi.mounts.cross(dev, &name, to);
                }
            }
            let root = Namespace::ROOT;
            let root = Place { fs, node: root };
            self.wasi.mounts.cross(root, devices::DIRECTORY, dev);
            self.wasi.devices = Some(root);
        }
        for (node, name, to) in crossings {
            self.wasi.mounts.cross(Place { fs, node }, name, to);
        }
        let root = Place {
            fs,
            node: Namespace::ROOT,
        };
        self.wasi.mounts.set_root(root);
        Some(root)
    }

    pub(crate) fn open_all(
        &mut self,
        names: Vec<Name>,
        wants_top_level: bool,
        root: Option<Place>,
    ) -> Result<(), BuildError> {
        let last = names.len().saturating_sub(1);
        for (index, Name { name, target }) in names.into_iter().enumerate() {
            if index == last && wants_top_level {
                self.open_top_level(&target)?;
            }
            match (target, root) {
                (To::Invented(_), None) => {}
                (To::Invented(above), Some(root)) => {
                    if let Some(place) = self.descend(root, &above) {
                        let path = format!("/{}", above.join("/"));
                        self.wasi.outside.invented(place, path);
                        self.open(name, place)?;
                    }
                }
                (To::Below(grant, below), _) => {
                    // A missing directory is no error for a name that exists only for convenience.
                    if let Some(place) = self.descend(self.places[grant], &below) {
                        self.open(name, place)?;
                        self.wasi.mounts.forget(place);
                    }
                }
            }
        }
        Ok(())
    }

    /// Walks from a directory through these names. Returns the directory with a reference, or `None` if it does not exist.
    fn descend(&mut self, from: Place, below: &[String]) -> Option<Place> {
        let path = if below.is_empty() {
            String::from(".")
        } else {
            below.join("/")
        };
        let mounts = &mut self.wasi.mounts;
        let target = path::walk(mounts, from, &path, Last::Follow).ok()?;
        let found = target
            .existing()
            .ok()
            .filter(|found| found.kind == FileType::Directory);
        if let Some(found) = found {
            mounts.retain(found.place);
        }
        target.release(mounts);
        found.map(|found| found.place)
    }

    /// Opens each directory of the root under its name, for wasi-libc, unless the working directory has an entry of that
    /// name.
    fn open_top_level(&mut self, here: &To) -> Result<(), BuildError> {
        let Some(root) = self.root_grant() else {
            return Ok(());
        };
        let To::Below(grant, below) = here else {
            return Ok(());
        };
        let Some(here) = self.descend(self.places[*grant], below) else {
            return Ok(());
        };
        let mut names = Vec::new();
        // A root that cannot be read has nothing to be named.
        let _ = self
            .wasi
            .mounts
            .fs(root.fs)
            .read_dir(root.node, 0, &mut |entry| {
                if matches!(entry.kind, FileType::Directory | FileType::SymbolicLink) {
                    names.push(entry.name.to_string());
                }
                true
            });
        names.sort();
        for name in names {
            match self.wasi.mounts.lookup(here, &name) {
                Ok(taken) => self.wasi.mounts.forget(taken.place),
                Err(_) => {
                    let known = self.wasi.fds.preopen(&name).is_some();
                    let below = [name.clone()];
                    if let Some(place) = if known {
                        None
                    } else {
                        self.descend(root, &below)
                    } {
                        self.open(name, place)?;
                        self.wasi.mounts.forget(place);
                    }
                }
            }
        }
        self.wasi.mounts.forget(here);
        Ok(())
    }

    /// The directory that was given as `/`.
    fn root_grant(&self) -> Option<Place> {
        let named = self.wasi.fds.preopen("/")?;
        match named.object {
            Object::Directory { place } => Some(place),
            _ => None,
        }
    }

    /// Opens a directory under a name. The descriptor takes its own reference.
    fn open(&mut self, name: String, place: Place) -> Result<(), BuildError> {
        let fs = self.wasi.mounts.fs(place.fs);
        fs.open(place.node, Access::default(), false)
            .map_err(|errno| BuildError::Directory(name.clone(), errno))?;
        fs.retain(place.node);
        let mut descriptor = Descriptor::new(
            Object::Directory { place },
            (false, false),
            FdFlags::default(),
        );
        descriptor.preopen = Some(name.clone());
        self.wasi.give(descriptor, &name)
    }
}
