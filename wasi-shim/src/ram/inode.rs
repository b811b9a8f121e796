//! The nodes of the RAM disk.

use alloc::string::String;

use super::budget::{Budget, INDICES, INODE, PAGES};
use super::dir::Directory;
use super::pages::Pages;
use crate::fs::Node;
use crate::types::{FileType, Stat};

/// The content of a node.
pub(super) enum Body {
    /// A regular file's content.
    File(Pages),
    /// A directory's entries.
    Directory(Directory),
    /// A symbolic link's target.
    Link(String),
}

impl Body {
    /// The current cost of a node without its names.
    pub(super) fn cost(&self) -> u64 {
        INODE
            + match self {
                Body::File(pages) => PAGES + pages.count() * Budget::PAGE,
                Body::Directory(_) => INDICES,
                Body::Link(target) => target.len() as u64,
            }
    }
}

/// A node: its content, its counts and its times.
pub(super) struct Inode {
    pub(super) body: Body,
    /// Hard links. A directory has one for its name, one for its own dot and one for each subdirectory's dot-dot; 0 once removed.
    pub(super) links: u64,
    /// Opens that were not closed yet. A node without links exists until this is 0.
    pub(super) opens: u64,
    /// Last access, in nanoseconds since 1970, like all times here.
    pub(super) atim: u64,
    /// Last change of the content.
    pub(super) mtim: u64,
    /// Last change of anything.
    pub(super) ctim: u64,
}

impl Inode {
    pub(super) fn new(body: Body, now: u64) -> Inode {
        let links = if matches!(body, Body::Directory(_)) {
            2
        } else {
            1
        };
        Inode {
            body,
            links,
            opens: 0,
            atim: now,
            mtim: now,
            ctim: now,
        }
    }

    pub(super) fn is_dir(&self) -> bool {
        matches!(self.body, Body::Directory(_))
    }

    pub(super) fn kind(&self) -> FileType {
        match self.body {
            Body::File(_) => FileType::RegularFile,
            Body::Directory(_) => FileType::Directory,
            Body::Link(_) => FileType::SymbolicLink,
        }
    }

    pub(super) fn stat(&self, node: Node) -> Stat {
        Stat {
            dev: 0,
            ino: node.0,
            kind: self.kind(),
            nlink: self.links,
            size: match &self.body {
                Body::File(pages) => pages.len(),
                Body::Directory(_) => 0,
                Body::Link(target) => target.len() as u64,
            },
            atim: self.atim,
            mtim: self.mtim,
            ctim: self.ctim,
        }
    }
}
