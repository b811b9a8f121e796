//! What the model does: each operation on the file system and on the model, and the comparison.

use std::collections::BTreeMap;

use wasi_shim::types::FileType;
use wasi_shim::{Errno, SetTime};

use super::{Handle, Id, Model, Thing};

impl Model<'_> {
    pub(super) fn create(&mut self) {
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

    pub(super) fn mkdir(&mut self) {
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

    pub(super) fn unlink(&mut self) {
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

    pub(super) fn rmdir(&mut self) {
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

    pub(super) fn rename(&mut self) {
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
                // Where case does not matter, a name that is replaced may keep its spelling.
                let old = self.dir(to_dir)[&self.fold(to_name)].0.clone();
                if self.subject.names(to_node).contains(&old) {
                    spelling = old;
                }
            }
            self.enter(to_dir, &spelling, source);
        }
        self.forget(node);
        self.forget(to_node);
    }

    pub(super) fn open(&mut self) {
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

    pub(super) fn close(&mut self) {
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

    pub(super) fn write(&mut self) {
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

    pub(super) fn append(&mut self) {
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

    pub(super) fn set_len(&mut self) {
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

    pub(super) fn read(&mut self) {
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

    pub(super) fn sync(&mut self) {
        if let Some((node, _)) = self.some_handle() {
            let data_only = self.random.below(2) == 0;
            self.subject.fs.sync(node, data_only).unwrap();
        }
    }

    pub(super) fn set_times(&mut self) {
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

    pub(super) fn list(&mut self) {
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

    pub(super) fn stat(&mut self) {
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
    pub(super) fn compare(&mut self) {
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
