//! One suite for every file system: what [`FileSystem`] promises, tried case by case.
//!
//! A host is described by a [`Host`]: how to make an empty one, and what it can do. `run` gives every case a fresh one. A case that a
//! host cannot pass because it lacks something (links, say) checks instead that it says so with the right error.

#![allow(dead_code, reason = "each test program uses a part")]

mod contents;
mod listing;
pub(crate) mod model;
mod naming;
mod renaming;
mod unnamed;

use wasi_shim::types::FileType;
use wasi_shim::{Access, Errno, FileSystem, Node, Opened};

/// What a host can do.
#[derive(Clone, Copy)]
pub(crate) struct Traits {
    /// It has hard and symbolic links.
    pub(crate) links: bool,
    /// `a` and `A` are two names.
    pub(crate) case_sensitive: bool,
    /// Names that FAT forbids are allowed.
    pub(crate) any_name: bool,
    /// To how many nanoseconds the time of the last change is rounded down.
    pub(crate) mtime_step: u64,
    /// The same for the last access.
    pub(crate) atime_step: u64,
    /// The earliest time that it stores, if that is a recent one.
    pub(crate) earliest: Option<u64>,
}

/// A file system under test.
pub(crate) struct Subject {
    pub(crate) fs: Box<dyn FileSystem>,
    pub(crate) root: Node,
    pub(crate) traits: Traits,
}

/// Both directions.
pub(crate) const READ_WRITE: Access = Access {
    read: true,
    write: true,
};

impl Subject {
    /// Looks a name up and keeps the reference until the end of the case.
    pub(crate) fn node(&mut self, dir: Node, name: &str) -> Node {
        match self.fs.lookup(dir, name) {
            Ok(entry) => entry.node,
            Err(errno) => panic!("{name} should be there: {errno}"),
        }
    }

    pub(crate) fn dir(&mut self, parent: Node, name: &str) -> Node {
        self.fs
            .mkdir(parent, name)
            .unwrap_or_else(|errno| panic!("mkdir {name}: {errno}"));
        self.node(parent, name)
    }

    /// Creates a file and leaves it open.
    pub(crate) fn file(&mut self, dir: Node, name: &str, content: &[u8]) -> Node {
        let node = self
            .fs
            .create(dir, name)
            .unwrap_or_else(|errno| panic!("create {name}: {errno}"));
        self.open(node);
        self.write(node, 0, content);
        node
    }

    /// Creates a file with a content and closes it.
    pub(crate) fn put(&mut self, dir: Node, name: &str, content: &[u8]) {
        let node = self.file(dir, name, content);
        self.fs.close(node);
        self.fs.forget(node);
    }

    pub(crate) fn open(&mut self, node: Node) {
        let opened = self.fs.open(node, READ_WRITE, false).unwrap();
        assert!(matches!(opened, Opened::Node));
    }

    pub(crate) fn write(&mut self, file: Node, mut pos: u64, mut data: &[u8]) {
        while !data.is_empty() {
            let count = self.fs.write_at(file, pos, data).unwrap();
            assert!(count > 0, "a write must write something");
            pos += count as u64;
            data = &data[count..];
        }
    }

    /// What an open file holds.
    pub(crate) fn content(&mut self, file: Node) -> Vec<u8> {
        let size = self.fs.stat(file).unwrap().size;
        let mut buf = vec![0xa5; size as usize + 1];
        let count = self.fs.read_at(file, 0, &mut buf).unwrap();
        assert_eq!(count as u64, size, "a read must be short at the end only");
        buf.truncate(count);
        buf
    }

    /// What a file holds that is not open.
    pub(crate) fn get(&mut self, dir: Node, name: &str) -> Vec<u8> {
        let node = self.node(dir, name);
        self.fs
            .open(
                node,
                Access {
                    read: true,
                    write: false,
                },
                false,
            )
            .unwrap();
        let content = self.content(node);
        self.fs.close(node);
        self.fs.forget(node);
        content
    }

    /// The entries of a directory, `count` at a time.
    pub(crate) fn list_by(&mut self, dir: Node, count: usize) -> Vec<(String, FileType)> {
        let mut all = Vec::new();
        let mut cookie = 0;
        loop {
            let before = all.len();
            self.fs
                .read_dir(dir, cookie, &mut |entry| {
                    assert_ne!(entry.ino, 0);
                    all.push((entry.name.to_owned(), entry.kind));
                    cookie = entry.next;
                    all.len() - before < count
                })
                .unwrap();
            if all.len() == before {
                return all;
            }
        }
    }

    /// The names in a directory, sorted.
    pub(crate) fn names(&mut self, dir: Node) -> Vec<String> {
        let mut names: Vec<String> = self
            .list_by(dir, 1000)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        names.sort();
        names
    }

    pub(crate) fn exists(&mut self, dir: Node, name: &str) -> bool {
        match self.fs.lookup(dir, name) {
            Ok(entry) => {
                self.fs.forget(entry.node);
                true
            }
            Err(Errno::NoEnt) => false,
            Err(errno) => panic!("{name}: {errno}"),
        }
    }
}

/// A name and what it tries.
type Case = (&'static str, fn(&mut Subject));

/// Runs every case on a fresh file system.
pub(crate) fn run(fresh: impl FnMut() -> Subject) {
    run_without(&[], fresh);
}

/// Runs every case but some, each of which comes with the reason.
pub(crate) fn run_without(skipped: &[(&str, &str)], mut fresh: impl FnMut() -> Subject) {
    let groups = [
        naming::CASES,
        contents::CASES,
        renaming::CASES,
        unnamed::CASES,
        listing::CASES,
    ];
    for (name, case) in groups.into_iter().flatten() {
        if let Some((_, reason)) = skipped.iter().find(|(skip, _)| skip == name) {
            println!("case {name}: skipped, {reason}");
            continue;
        }
        println!("case {name}");
        case(&mut fresh());
    }
}
