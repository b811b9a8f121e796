//! `Namespace`: the directories above the granted ones.
//!
//! A guest with the grants `/home/ann/project` and `/tmp` sees a root directory with `home` and `tmp`, a `home` that
//! contains only `ann`, and so on. These directories are invented: they contain only the way down, and nothing can be
//! created in them. They make absolute paths resolve as a program expects (`filepath.EvalSymlinks` reads each directory
//! from the root down). A path outside of all grants ends here with a plain `ENOENT`, instead of a bad descriptor.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::errno::Errno;
use crate::fs::{self, DirEntry, Entry, FileSystem, Node};
use crate::types::{FileType, Stat};

/// An invented directory.
#[derive(Default)]
struct Directory {
    /// Its entries, sorted by name.
    children: Vec<Child>,
}

struct Child {
    name: String,
    /// The invented directory with this name; `None` if the name leads into another file system.
    node: Option<Node>,
}

/// A read-only tree of directories that only lead to others.
pub struct Namespace {
    directories: Vec<Directory>,
}

impl Default for Namespace {
    fn default() -> Namespace {
        Namespace {
            directories: vec![Directory::default()],
        }
    }
}

impl Namespace {
    /// The root directory.
    pub const ROOT: Node = Node(0);

    /// Adds the way to the directory with these names, from the root down. Returns the invented directory for the last
    /// name, in which the caller mounts the target. Returns `None` if `names` is empty or passes through a mount.
    pub fn add(&mut self, names: &[&str]) -> Option<Node> {
        let (last, above) = names.split_last()?;
        let mut dir = Namespace::ROOT;
        for name in above {
            dir = match self.child(dir, name) {
                Ok(child) => child.node?,
                Err(at) => {
                    self.directories.push(Directory::default());
                    let node = Node(self.directories.len() as u64 - 1);
                    self.insert(dir, at, name, Some(node));
                    node
                }
            };
        }
        // An outer directory that is granted after an inner one takes over the name.
        self.directory_mut(dir)
            .children
            .retain(|child| child.name != *last);
        if let Err(at) = self.child(dir, last) {
            self.insert(dir, at, last, None);
        }
        Some(dir)
    }

    /// Makes a name in the root lead to another file system, which the caller mounts. Returns the former targets of the
    /// name: a directory, a name in it, and the invented directory of that name, or `None` if that is a mount.
    pub(crate) fn mount_over(&mut self, name: &str) -> Vec<(Node, String, Option<Node>)> {
        let known = self.child(Namespace::ROOT, name).map(|child| child.node);
        let below = known.ok().flatten();
        self.add(&[name]);
        let children = below.map(|dir| (dir, &self.directories[dir.0 as usize].children));
        let children = children.into_iter().flat_map(|(dir, children)| {
            let one = move |child: &Child| (dir, child.name.clone(), child.node);
            children.iter().map(one)
        });
        children.collect()
    }

    fn directory(&self, node: Node) -> Result<&Directory, Errno> {
        let index = usize::try_from(node.0).map_err(|_| Errno::BadF)?;
        self.directories.get(index).ok_or(Errno::BadF)
    }

    fn directory_mut(&mut self, node: Node) -> &mut Directory {
        &mut self.directories[node.0 as usize]
    }

    /// The child with a name, or the index at which to insert it.
    fn child(&self, dir: Node, name: &str) -> Result<&Child, usize> {
        let children = &self.directories[dir.0 as usize].children;
        children
            .binary_search_by(|child| child.name.as_str().cmp(name))
            .map(|at| &children[at])
    }

    /// The error of creating a name. It is the same as if the directory did not exist.
    fn refuse_new(&self, dir: Node, name: &str) -> Result<(), Errno> {
        let there = self.directory(dir).is_ok() && self.child(dir, name).is_ok();
        Err(if there { Errno::Exist } else { Errno::NoEnt })
    }

    /// The error of removing or renaming a name.
    fn refuse_removal(&self, dir: Node, name: &str) -> Result<(), Errno> {
        let there = self.directory(dir).is_ok() && self.child(dir, name).is_ok();
        Err(if there { Errno::RoFs } else { Errno::NoEnt })
    }

    fn insert(&mut self, dir: Node, at: usize, name: &str, node: Option<Node>) {
        self.directory_mut(dir).children.insert(
            at,
            Child {
                name: String::from(name),
                node,
            },
        );
    }
}

impl FileSystem for Namespace {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        let child = self
            .directory(dir)?
            .children
            .iter()
            .find(|child| child.name == name);
        let node = child.and_then(|child| child.node).ok_or(Errno::NoEnt)?;
        Ok(Entry {
            node,
            kind: FileType::Directory,
        })
    }

    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        self.refuse_new(dir, name).map(|()| dir)
    }

    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_new(dir, name)
    }

    fn symlink(&mut self, _target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_new(dir, name)
    }

    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_removal(dir, name)
    }

    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.refuse_removal(dir, name)
    }

    fn rename(
        &mut self,
        dir: Node,
        name: &str,
        _to_dir: Node,
        _to_name: &str,
    ) -> Result<(), Errno> {
        self.refuse_removal(dir, name)
    }

    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        let first = usize::try_from(cookie).unwrap_or(usize::MAX);
        let children = &self.directory(dir)?.children;
        let entries = children.iter().zip(1..).skip(first);
        let entries = entries.map(|(child, next)| {
            Ok(DirEntry {
                name: &child.name,
                ino: child.node.map_or(0, |node| node.0 + 1),
                kind: FileType::Directory,
                next,
            })
        });
        fs::emit_all(entries, emit)
    }

    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        let children = self.directory(node)?.children.len() as u64;
        Ok(Stat {
            ino: node.0 + 1,
            kind: FileType::Directory,
            nlink: children + 2,
            ..Stat::default()
        })
    }

    fn read_at(&mut self, _file: Node, _pos: u64, _buf: &mut [u8]) -> Result<usize, Errno> {
        Err(Errno::IsDir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_to_what_was_added_and_nowhere_else() {
        let mut names = Namespace::default();
        let ann = names.add(&["home", "ann", "project"]).unwrap();
        assert_eq!(names.add(&["tmp"]), Some(Namespace::ROOT));
        let home = names.lookup(Namespace::ROOT, "home").unwrap().node;
        assert_eq!(names.lookup(home, "ann").unwrap().node, ann);
        assert_eq!(names.lookup(home, "bob"), Err(Errno::NoEnt));
        assert_eq!(
            names.lookup(ann, "project"),
            Err(Errno::NoEnt),
            "a mount: the caller crosses before it asks"
        );
        assert_eq!(names.create(home, "x"), Err(Errno::NoEnt));
        let mut listed = Vec::new();
        names
            .read_dir(Namespace::ROOT, 0, &mut |entry| {
                listed.push(String::from(entry.name));
                true
            })
            .unwrap();
        assert_eq!(listed, ["home", "tmp"]);
    }

    #[test]
    fn a_directory_given_inside_another_needs_no_way_of_its_own() {
        let mut names = Namespace::default();
        assert!(names.add(&["a"]).is_some());
        assert_eq!(names.add(&["a", "b"]), None);
    }
}
