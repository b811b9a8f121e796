//! `Nodes`: the files and directories that somebody holds.
//!
//! The driver names a file by where its directory entry stands; such a name changes when the file moves. Here every file that is held gets a
//! number of its own, counted up and never used twice, and keeps it and its inode number as long as it is held.
//!
//! Invariant N1: each node that is not `gone` holds exactly one pin of its driver's id, and is found by that id.

use alloc::collections::VecDeque;

use hadris_fs::NodeId;
use hashbrown::HashMap;

use super::write_buffer::WriteBuffer;
use crate::errno::Errno;
use crate::fs::Node;
use crate::types::{FileType, Stat};

/// The root's node, which is always there.
pub(super) const ROOT: Node = Node(1);

/// Set in the inode number of a file whose place is where another file that is still held once was.
const MOVED: u64 = 1 << 62;

/// How many renamed files are kept: programs that compare inode numbers do so soon.
const KEPT: usize = 64;

/// A file or directory that somebody holds.
pub(super) struct Held {
    /// The driver's name for it; worthless once it is gone.
    pub(super) id: NodeId,
    pub(super) ino: u64,
    pub(super) kind: FileType,
    /// References that callers have.
    pub(super) refs: u64,
    /// Opens that were not closed yet.
    pub(super) opens: u64,
    /// Where a directory stands. It has one reference from here.
    pub(super) parent: Option<Node>,
    /// A file's length as the driver knows it: without what is gathered. Valid while it is open.
    pub(super) size: u64,
    /// Writes that wait.
    pub(super) buffer: WriteBuffer,
    /// When the file was last written, if its directory entry does not say so yet.
    pub(super) changed: Option<u64>,
    /// Its name in the hidden directory, if it lives there until the last close.
    pub(super) hidden_as: Option<u64>,
    /// Its name has gone, and with it everything on the disk. What `stat` says is what it was then.
    pub(super) gone: Option<Stat>,
}

/// The table of what is held.
pub(super) struct Nodes {
    held: HashMap<Node, Held>,
    by_id: HashMap<NodeId, Node>,
    by_ino: HashMap<u64, Node>,
    /// What was renamed last, oldest first. Each has one reference from here, so that it keeps its inode number.
    kept: VecDeque<Node>,
    next: u64,
}

impl Nodes {
    /// A table with the root in it.
    pub(super) fn new(root: NodeId) -> Nodes {
        let mut nodes = Nodes {
            held: HashMap::new(),
            by_id: HashMap::new(),
            by_ino: HashMap::new(),
            kept: VecDeque::new(),
            next: ROOT.0,
        };
        nodes.insert(root, FileType::Directory);
        nodes
    }

    /// A new node. The caller has pinned the id.
    pub(super) fn insert(&mut self, id: NodeId, kind: FileType) -> Node {
        let node = Node(self.next);
        self.next += 1;
        let ino = self.ino(id);
        let held = Held {
            id,
            ino,
            kind,
            refs: 0,
            opens: 0,
            parent: None,
            size: 0,
            buffer: WriteBuffer::default(),
            changed: None,
            hidden_as: None,
            gone: None,
        };
        self.held.insert(node, held);
        self.by_id.insert(id, node);
        self.by_ino.insert(ino, node);
        node
    }

    /// Whether nothing but the root is held.
    pub(super) fn is_idle(&self) -> bool {
        self.held.len() == 1
    }

    /// Whatever is held under this number. Errors: `ENOENT` if nothing is.
    pub(super) fn get(&self, node: Node) -> Result<&Held, Errno> {
        self.held.get(&node).ok_or(Errno::NoEnt)
    }

    pub(super) fn get_mut(&mut self, node: Node) -> Result<&mut Held, Errno> {
        self.held.get_mut(&node).ok_or(Errno::NoEnt)
    }

    pub(super) fn by_id(&self, id: NodeId) -> Option<Node> {
        self.by_id.get(&id).copied()
    }

    /// The inode number of what the driver calls `id`: its own if it is held, else made from the id.
    pub(super) fn ino(&self, id: NodeId) -> u64 {
        if let Some(held) = self.by_id(id).and_then(|node| self.held.get(&node)) {
            return held.ino;
        }
        match id.get() {
            ino if self.by_ino.contains_key(&ino) => ino | MOVED,
            ino => ino,
        }
    }

    /// Gives nodes other driver's ids, because their directory entries have moved. The caller has moved the pins.
    pub(super) fn set_ids(&mut self, ids: impl Iterator<Item = (Node, NodeId)> + Clone) {
        // An id may pass from one of the nodes to another.
        for (node, _) in ids.clone() {
            if let Some(held) = self.held.get(&node) {
                self.by_id.remove(&held.id);
            }
        }
        for (node, id) in ids {
            if let Some(held) = self.held.get_mut(&node) {
                held.id = id;
                self.by_id.insert(id, node);
            }
        }
    }

    /// Keeps a node that was renamed, with a reference of the caller's. Returns a node whose reference is to be given back for it.
    pub(super) fn keep(&mut self, node: Node) -> Option<Node> {
        if self.kept.contains(&node) {
            return Some(node);
        }
        self.kept.push_back(node);
        match self.kept.len() {
            0..=KEPT => None,
            _ => self.kept.pop_front(),
        }
    }

    /// Marks a node as gone. Returns the id whose pin is to be given back.
    pub(super) fn retire(&mut self, node: Node, last: Stat) -> Option<NodeId> {
        let held = self.held.get_mut(&node)?;
        if held.gone.is_some() {
            return None;
        }
        held.gone = Some(last);
        held.buffer.clear();
        held.changed = None;
        held.hidden_as = None;
        if let Some(index) = self.kept.iter().position(|kept| *kept == node) {
            self.kept.remove(index);
            held.refs -= 1;
        }
        self.by_id.remove(&held.id);
        Some(held.id)
    }

    /// Removes a node that nobody holds. Returns whether it did, and the id whose pin is to be given back.
    pub(super) fn remove_unused(&mut self, node: Node) -> (bool, Option<NodeId>) {
        let unused = |held: &&Held| node != ROOT && held.refs == 0 && held.opens == 0;
        if self.held.get(&node).filter(unused).is_none() {
            return (false, None);
        }
        let Some(held) = self.held.remove(&node) else {
            return (false, None);
        };
        if self.by_ino.get(&held.ino) == Some(&node) {
            self.by_ino.remove(&held.ino);
        }
        if held.gone.is_some() {
            return (true, None);
        }
        self.by_id.remove(&held.id);
        (true, Some(held.id))
    }

    /// The nodes that are open.
    pub(super) fn open(&self) -> impl Iterator<Item = Node> {
        let open = self.held.iter().filter(|(_, held)| held.opens != 0);
        open.map(|(node, _)| *node)
    }
}
