//! Random operations on a file system and on a model of one that is too simple to be wrong; after each, both must agree.
//!
//! The model is a table of files and directories in plain vectors and maps. A full disk is the one thing that it cannot foresee: `ENOSPC` is
//! believed, but nothing may have changed then.

mod operations;

use std::collections::BTreeMap;

use wasi_shim::{Errno, Node};

use super::Subject;

/// Numbers that look random and are the same in every run (xorshift64*).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

/// Names to choose from: short, long, of several scripts, and some that differ in case alone.
const NAMES: [&str; 16] = [
    "a",
    "B",
    "file.txt",
    "FILE.TXT",
    "File.Txt",
    "a name longer than eight.data",
    "A Name Longer Than Eight.DATA",
    "longname1.c",
    "longname2.c",
    "longname3.c",
    "grün",
    "日本",
    "x.y.z",
    "alias~1.c",
    "sub",
    "dir with space",
];

/// A file or directory of the model, by its place in the table.
type Id = usize;

enum Thing {
    File(Vec<u8>),
    /// Folded name → name as it was given, and what it leads to.
    Dir(BTreeMap<String, (String, Id)>),
}

struct Handle {
    node: Node,
    id: Id,
}

/// What was done, for the figures.
#[derive(Default, Debug)]
pub(crate) struct Counts {
    pub(crate) operations: u64,
    pub(crate) refused: u64,
    pub(crate) full: u64,
}

/// A model and the file system that must follow it.
pub(crate) struct Model<'a> {
    subject: &'a mut Subject,
    random: Random,
    things: Vec<Thing>,
    /// Where each directory is: its names from the root.
    paths: BTreeMap<Id, Vec<String>>,
    handles: Vec<Handle>,
    /// The longest a file may get.
    max_file: u64,
    pub(crate) counts: Counts,
}

const ROOT: Id = 0;

impl<'a> Model<'a> {
    pub(crate) fn new(subject: &'a mut Subject, seed: u64, max_file: u64) -> Model<'a> {
        Model {
            subject,
            random: Random(seed),
            things: vec![Thing::Dir(BTreeMap::new())],
            paths: BTreeMap::from([(ROOT, Vec::new())]),
            handles: Vec::new(),
            max_file,
            counts: Counts::default(),
        }
    }

    /// Does so many random operations, then closes every file and compares the whole trees.
    pub(crate) fn run(&mut self, operations: u64) {
        for _ in 0..operations {
            self.counts.operations += 1;
            self.step();
        }
        while !self.handles.is_empty() {
            self.close();
        }
        self.compare();
    }

    /// Where every file is and what it holds, directories with `None`; for other judges.
    pub(crate) fn tree(&self) -> BTreeMap<String, Option<Vec<u8>>> {
        let mut tree = BTreeMap::new();
        for (id, path) in &self.paths {
            if *id != ROOT {
                tree.insert(path.join("/"), None);
            }
            for (name, child) in self.dir(*id).values() {
                if let Thing::File(content) = &self.things[*child] {
                    let mut path = path.clone();
                    path.push(name.clone());
                    tree.insert(path.join("/"), Some(content.clone()));
                }
            }
        }
        tree
    }

    fn step(&mut self) {
        match self.random.below(100) {
            0..8 => self.create(),
            8..12 => self.mkdir(),
            12..18 => self.unlink(),
            18..21 => self.rmdir(),
            21..31 => self.rename(),
            31..39 => self.open(),
            39..44 => self.close(),
            44..62 => self.write(),
            62..68 => self.append(),
            68..74 => self.set_len(),
            74..84 => self.read(),
            84..88 => self.sync(),
            88..91 => self.set_times(),
            91..95 => self.list(),
            95..99 => self.stat(),
            _ => self.compare(),
        }
    }

    // ---- the model's side ----

    fn fold(&self, name: &str) -> String {
        if self.subject.traits.case_sensitive {
            name.to_owned()
        } else {
            name.to_lowercase()
        }
    }

    fn dir(&self, id: Id) -> &BTreeMap<String, (String, Id)> {
        match &self.things[id] {
            Thing::Dir(entries) => entries,
            Thing::File(_) => panic!("a file is used as a directory by the model"),
        }
    }

    fn dir_mut(&mut self, id: Id) -> &mut BTreeMap<String, (String, Id)> {
        match &mut self.things[id] {
            Thing::Dir(entries) => entries,
            Thing::File(_) => panic!("a file is used as a directory by the model"),
        }
    }

    fn file(&mut self, id: Id) -> &mut Vec<u8> {
        match &mut self.things[id] {
            Thing::File(content) => content,
            Thing::Dir(_) => panic!("a directory is used as a file by the model"),
        }
    }

    fn is_dir(&self, id: Id) -> bool {
        matches!(self.things[id], Thing::Dir(_))
    }

    fn find(&self, dir: Id, name: &str) -> Option<Id> {
        self.dir(dir).get(&self.fold(name)).map(|(_, id)| *id)
    }

    /// Returns whether `dir` is `ancestor` or is below it.
    fn is_within(&self, dir: Id, ancestor: Id) -> bool {
        self.paths[&dir].starts_with(&self.paths[&ancestor])
    }

    fn enter(&mut self, dir: Id, name: &str, id: Id) {
        let folded = self.fold(name);
        self.dir_mut(dir).insert(folded, (name.to_owned(), id));
        if self.is_dir(id) {
            let mut path = self.paths[&dir].clone();
            path.push(name.to_owned());
            self.set_path(id, path);
        }
    }

    fn set_path(&mut self, id: Id, path: Vec<String>) {
        let children: Vec<(String, Id)> = self.dir(id).values().cloned().collect();
        for (name, child) in children {
            if self.is_dir(child) {
                let mut path = path.clone();
                path.push(name);
                self.set_path(child, path);
            }
        }
        self.paths.insert(id, path);
    }

    fn leave(&mut self, dir: Id, name: &str) {
        let folded = self.fold(name);
        self.dir_mut(dir).remove(&folded);
    }

    // ---- choosing ----

    fn some_dir(&mut self) -> Id {
        let dirs: Vec<Id> = self.paths.keys().copied().collect();
        *self.random.pick(&dirs)
    }

    fn some_name(&mut self) -> &'static str {
        NAMES[self.random.below(NAMES.len() as u64) as usize]
    }

    /// A handle, and the file that it is of.
    fn some_handle(&mut self) -> Option<(Node, Id)> {
        if self.handles.is_empty() {
            self.open();
            return None;
        }
        let handle = self.random.pick(&self.handles);
        Some((handle.node, handle.id))
    }

    // ---- the file system's side ----

    /// The node of a directory, found name by name. The caller forgets it.
    fn walk(&mut self, id: Id) -> Node {
        let mut node = self.subject.root;
        for name in &self.paths[&id].clone() {
            let next = self.subject.node(node, name);
            if node != self.subject.root {
                self.subject.fs.forget(node);
            }
            node = next;
        }
        node
    }

    fn forget(&mut self, node: Node) {
        if node != self.subject.root {
            self.subject.fs.forget(node);
        }
    }

    /// Compares a result with what the model expects. True if the operation is to be done in the model too.
    fn agree(&mut self, what: &str, expected: Result<(), Errno>, found: Result<(), Errno>) -> bool {
        if expected.is_ok() && found == Err(Errno::NoSpc) {
            self.counts.full += 1;
            return false;
        }
        assert_eq!(
            found, expected,
            "operation {}: {what}",
            self.counts.operations
        );
        self.counts.refused += u64::from(found.is_err());
        found.is_ok()
    }
}
