//! Random operations on a file system and on a model of one that is too simple to be wrong; after each, both must agree.
//!
//! The model is a table of files and directories in plain vectors and maps. A full disk is the one thing that it cannot foresee: `ENOSPC` is
//! believed, but nothing may have changed then.

use std::collections::BTreeMap;

use wasi_shim::types::FileType;
use wasi_shim::{Errno, Node, SetTime};

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
    /// The volume is going to be full.
    pub(crate) tight: bool,
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
            tight: false,
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

    /// Whether `dir` is `ancestor` or lies below it.
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

    // ---- operations ----

    fn create(&mut self) {
        let (dir, name) = (self.some_dir(), self.some_name());
        let node = self.walk(dir);
        let found = self.subject.fs.create(node, name);
        let expected = self.find(dir, name).map_or(Ok(()), |_| Err(Errno::Exist));
        if self.agree(&format!("create {name}"), expected, found.map(drop)) {
            self.things.push(Thing::File(Vec::new()));
            self.enter(dir, name, self.things.len() - 1);
        }
        if let Ok(file) = found {
            self.subject.fs.forget(file);
        }
        self.forget(node);
    }

    fn mkdir(&mut self) {
        let (dir, name) = (self.some_dir(), self.some_name());
        let node = self.walk(dir);
        let found = self.subject.fs.mkdir(node, name);
        let expected = self.find(dir, name).map_or(Ok(()), |_| Err(Errno::Exist));
        if self.agree(&format!("mkdir {name}"), expected, found) {
            self.things.push(Thing::Dir(BTreeMap::new()));
            self.enter(dir, name, self.things.len() - 1);
        }
        self.forget(node);
    }

    fn unlink(&mut self) {
        let (dir, name) = (self.some_dir(), self.some_name());
        let node = self.walk(dir);
        let found = self.subject.fs.unlink(node, name);
        let expected = match self.find(dir, name) {
            None => Err(Errno::NoEnt),
            Some(id) if self.is_dir(id) => Err(Errno::IsDir),
            Some(_) => Ok(()),
        };
        if self.agree(&format!("unlink {name}"), expected, found) {
            self.leave(dir, name);
        }
        self.forget(node);
    }

    fn rmdir(&mut self) {
        let (dir, name) = (self.some_dir(), self.some_name());
        let node = self.walk(dir);
        let found = self.subject.fs.rmdir(node, name);
        let id = self.find(dir, name);
        let expected = match id {
            None => Err(Errno::NoEnt),
            Some(id) if !self.is_dir(id) => Err(Errno::NotDir),
            Some(id) if !self.dir(id).is_empty() => Err(Errno::NotEmpty),
            Some(_) => Ok(()),
        };
        if self.agree(&format!("rmdir {name}"), expected, found)
            && let Some(id) = id
        {
            self.leave(dir, name);
            self.paths.remove(&id);
        }
        self.forget(node);
    }

    fn rename(&mut self) {
        let (dir, name) = (self.some_dir(), self.some_name());
        let (to_dir, to_name) = (self.some_dir(), self.some_name());
        let (node, to_node) = (self.walk(dir), self.walk(to_dir));
        let found = self.subject.fs.rename(node, name, to_node, to_name);
        let (source, target) = (self.find(dir, name), self.find(to_dir, to_name));
        let expected = match (source, target) {
            (None, _) => Err(Errno::NoEnt),
            (Some(source), Some(target)) if source == target => Ok(()),
            (Some(source), _) if self.is_dir(source) && self.is_within(to_dir, source) => {
                Err(Errno::Inval)
            }
            (Some(source), Some(target)) => match (self.is_dir(source), self.is_dir(target)) {
                (true, false) => Err(Errno::NotDir),
                (false, true) => Err(Errno::IsDir),
                (true, true) if !self.dir(target).is_empty() => Err(Errno::NotEmpty),
                _ => Ok(()),
            },
            (Some(_), None) => Ok(()),
        };
        if self.agree(&format!("rename {name} to {to_name}"), expected, found)
            && let Some(source) = source
            && (dir, name) != (to_dir, to_name)
        {
            self.leave(dir, name);
            let mut spelling = to_name.to_owned();
            if let Some(target) = target.filter(|target| *target != source) {
                self.paths.remove(&target);
                // On a full volume a name that is replaced may keep its spelling.
                let old = self.dir(to_dir)[&self.fold(to_name)].0.clone();
                if self.tight && self.subject.names(to_node).contains(&old) {
                    spelling = old;
                }
            }
            self.enter(to_dir, &spelling, source);
        }
        self.forget(node);
        self.forget(to_node);
    }

    fn open(&mut self) {
        let dir = self.some_dir();
        let files: Vec<(String, Id)> = self
            .dir(dir)
            .values()
            .filter(|(_, id)| !self.is_dir(*id))
            .cloned()
            .collect();
        if files.is_empty() || self.handles.len() >= 24 {
            return self.create();
        }
        let (name, id) = self.random.pick(&files).clone();
        let parent = self.walk(dir);
        let node = self.subject.node(parent, &name);
        self.subject.open(node);
        self.forget(parent);
        self.handles.push(Handle { node, id });
    }

    fn close(&mut self) {
        if self.handles.is_empty() {
            return;
        }
        let index = self.random.below(self.handles.len() as u64) as usize;
        let handle = self.handles.swap_remove(index);
        self.subject.fs.close(handle.node);
        self.subject.fs.forget(handle.node);
    }

    /// How much is written at once: mostly little, sometimes much.
    fn some_data(&mut self) -> Vec<u8> {
        let len = match self.random.below(10) {
            0..6 => self.random.below(120),
            6..9 => self.random.below(5_000),
            _ => self.random.below(self.max_file / 2 + 1),
        };
        self.random.bytes(len as usize)
    }

    fn write(&mut self) {
        let Some((node, id)) = self.some_handle() else {
            return;
        };
        let end = self.file(id).len() as u64;
        let pos = match self.random.below(4) {
            0 => self.random.below(end + 1),
            1 => self.random.below((end + 3_000).min(self.max_file)),
            _ => end,
        };
        let data = self.some_data();
        if pos + data.len() as u64 > self.max_file {
            return;
        }
        let found = self.subject.fs.write_at(node, pos, &data);
        let what = format!("write {} bytes at {pos} of {end}", data.len());
        let expected = found.map(drop).map_err(|_| Errno::NoSpc);
        if self.agree(&what, expected.and(Ok(())), found.map(drop)) {
            let count = found.unwrap_or(0);
            assert!(data.is_empty() || count > 0, "{what}: wrote nothing");
            self.put(id, pos, &data[..count]);
        } else {
            self.counts.full += 1;
        }
    }

    /// What a write does to the model's file.
    fn put(&mut self, id: Id, pos: u64, data: &[u8]) {
        if data.is_empty() {
            return;
        }
        let (pos, end) = (pos as usize, pos as usize + data.len());
        let content = self.file(id);
        content.resize(content.len().max(end), 0);
        content[pos..end].copy_from_slice(data);
    }

    fn append(&mut self) {
        let Some((node, id)) = self.some_handle() else {
            return;
        };
        let end = self.file(id).len() as u64;
        let data = self.some_data();
        if end + data.len() as u64 > self.max_file {
            return;
        }
        match self.subject.fs.append(node, &data) {
            Ok((count, new_end)) => {
                assert_eq!(new_end, end + count as u64, "append");
                self.put(id, end, &data[..count]);
            }
            Err(errno) => {
                assert_eq!(errno, Errno::NoSpc, "append");
                self.counts.full += 1;
            }
        }
    }

    fn set_len(&mut self) {
        let Some((node, id)) = self.some_handle() else {
            return;
        };
        let end = self.file(id).len() as u64;
        let len = match self.random.below(3) {
            0 => self.random.below(self.max_file),
            1 => 0,
            _ => self.random.below(end + 1),
        };
        let found = self.subject.fs.set_len(node, len);
        if self.agree(&format!("set_len {len}"), Ok(()), found) {
            self.file(id).resize(len as usize, 0);
        }
    }

    fn read(&mut self) {
        let Some((node, id)) = self.some_handle() else {
            return;
        };
        let end = self.file(id).len() as u64;
        let pos = self.random.below(end + 100);
        let len = if self.random.below(2) == 0 {
            100
        } else {
            end + 10
        };
        let mut buf = vec![0xa5; len as usize];
        let count = self.subject.fs.read_at(node, pos, &mut buf).unwrap();
        let content = &self.file(id)[(pos.min(end)) as usize..];
        let expected = &content[..content.len().min(len as usize)];
        assert!(
            buf[..count] == *expected,
            "operation {}: read {len} bytes from {pos} of {end}: {count} bytes, not those that were written",
            self.counts.operations
        );
    }

    fn sync(&mut self) {
        if let Some((node, _)) = self.some_handle() {
            let data_only = self.random.below(2) == 0;
            self.subject.fs.sync(node, data_only).unwrap();
        }
    }

    fn set_times(&mut self) {
        if let Some((node, _)) = self.some_handle() {
            let step = self.subject.traits.mtime_step.max(1);
            let time = (1_500_000_000 + self.random.below(1 << 28)) * 1_000_000_000;
            let time = time - time % step;
            let result = self
                .subject
                .fs
                .set_times(node, SetTime::Keep, SetTime::At(time));
            result.unwrap();
            assert_eq!(self.subject.fs.stat(node).unwrap().mtim, time);
        }
    }

    fn list(&mut self) {
        let dir = self.some_dir();
        let node = self.walk(dir);
        let count = 1 + self.random.below(9) as usize;
        let mut found = self.subject.list_by(node, count);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let mut expected: Vec<(String, FileType)> = Vec::new();
        for (name, id) in self.dir(dir).values() {
            let kind = if self.is_dir(*id) {
                FileType::Directory
            } else {
                FileType::RegularFile
            };
            expected.push((name.clone(), kind));
        }
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(
            found, expected,
            "operation {}: list",
            self.counts.operations
        );
        self.forget(node);
    }

    fn stat(&mut self) {
        if let Some((node, id)) = self.some_handle() {
            let stat = self.subject.fs.stat(node).unwrap();
            assert_eq!(stat.kind, FileType::RegularFile);
            assert_eq!(stat.size, self.file(id).len() as u64, "stat");
            assert_ne!(stat.ino, 0);
        }
        let (dir, name) = (self.some_dir(), self.some_name());
        let node = self.walk(dir);
        let found = self.subject.fs.lookup(node, name);
        let expected = self.find(dir, name).map(drop).ok_or(Errno::NoEnt);
        self.agree(&format!("lookup {name}"), expected, found.map(drop));
        if let Ok(entry) = found {
            self.subject.fs.forget(entry.node);
        }
        self.forget(node);
    }

    /// Compares everything.
    fn compare(&mut self) {
        for (id, path) in self.paths.clone() {
            let node = self.walk(id);
            let expected: Vec<(String, Id)> = self.dir(id).values().cloned().collect();
            let mut names: Vec<&String> = expected.iter().map(|(name, _)| name).collect();
            names.sort();
            assert_eq!(
                self.subject.names(node).iter().collect::<Vec<_>>(),
                names,
                "in {path:?}"
            );
            for (name, child) in expected {
                if !self.is_dir(child) {
                    let content = self.subject.get(node, &name);
                    assert!(content == *self.file(child), "{path:?}/{name} differs");
                }
            }
            self.forget(node);
        }
        for index in 0..self.handles.len() {
            let Handle { node, id } = self.handles[index];
            assert!(
                self.subject.content(node) == *self.file(id),
                "an open file differs"
            );
        }
    }
}
