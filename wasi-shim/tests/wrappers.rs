//! Wrapped file systems: read-only, failing on purpose, and one that counts the references that are out.
#![cfg(feature = "ram")]

mod guest;

use std::collections::HashMap;

use guest::{ALL, DATA, Guest, OUT, READ, Shared, ram};
use wasi_shim::errno::Errno::{self, Acces, Exist, Io, NoEnt, RoFs};
use wasi_shim::protected::Protected;
use wasi_shim::types::Stat;
use wasi_shim::wrap::{Around, Faulty, ReadOnly, Traced};
use wasi_shim::{Access, DirEntry, Entry, FileSystem, Node, Opened, SetTime};

const CREAT: u32 = 1;
const DIRECTORY: u32 = 2;
const EXCL: u32 = 4;
const TRUNC: u32 = 8;
/// The directory that the guest is given.
const DIR: u32 = 3;

#[test]
fn a_read_only_file_system() {
    let (mut fs, root) = ram();
    let node = fs.create(root, "file").unwrap();
    fs.open(
        node,
        Access {
            read: true,
            write: true,
        },
        false,
    )
    .unwrap();
    fs.write_at(node, 0, b"kept").unwrap();
    let guest = &mut Guest::with(vec![("/", (Box::new(ReadOnly(Boxed(fs))), root))], |_| {});
    assert_eq!(guest.content(DIR, "file"), Ok(b"kept".to_vec()));
    assert_eq!(guest.open(DIR, "file", 0, ALL), Err(RoFs));
    assert_eq!(guest.open(DIR, "file", TRUNC, READ), Err(RoFs));
    assert_eq!(guest.open(DIR, "new", CREAT, ALL), Err(RoFs));
    assert_eq!(guest.open(DIR, "file", CREAT | EXCL, ALL), Err(Exist));
    assert_eq!(guest.mkdir(DIR, "new"), Err(RoFs));
    assert_eq!(guest.unlink(DIR, "file"), Err(RoFs));
    assert_eq!(guest.rename(DIR, "file", DIR, "new"), Err(RoFs));
    assert_eq!(guest.link(DIR, "file", "new"), Err(RoFs));
    assert_eq!(guest.symlink("file", DIR, "new"), Err(RoFs));
}

/// A pipe or a device with a name is a stream, which the file system does not see again after it was opened.
#[cfg(unix)]
#[test]
fn a_stream_of_a_read_only_file_system() {
    let folder = std::env::temp_dir().join(format!("wasi-shim-wrappers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(folder.join("pipe"))
        .status();
    assert!(made.unwrap().success());
    let open = |read_only: bool| {
        let mut fs = wasi_shim::std_host::StdFs::default();
        let root = fs.open_dir(&folder).unwrap();
        let fs: Box<dyn FileSystem> = match read_only {
            true => Box::new(ReadOnly(fs)),
            false => Box::new(fs),
        };
        let mut guest = Guest::with(vec![("/", (fs, root))], |_| {});
        // Non-blocking: nobody writes to the pipe.
        let fd = guest.open_as(DIR, 0, "pipe", 0, READ, 4).unwrap();
        guest.wasi.fd_filestat_set_times(fd, 0, 5_000_000_000, 4)
    };
    assert_eq!(open(true), Err(RoFs));
    assert_eq!(open(false), Ok(()));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Boot files can be read, but not changed, by any name or way; all other files can.
#[test]
fn protected_files() {
    let is_protected =
        |name: &str| ["kernel", "boot", "free"].contains(&name.to_lowercase().as_str());
    let (mut fs, root) = ram();
    for (dir, name) in [("", "kernel"), ("", "other"), ("boot", "script")] {
        let mut parent = root;
        if !dir.is_empty() {
            fs.mkdir(root, dir).unwrap();
            parent = fs.lookup(root, dir).unwrap().node;
        }
        let node = fs.create(parent, name).unwrap();
        fs.open(
            node,
            Access {
                read: true,
                write: true,
            },
            false,
        )
        .unwrap();
        fs.write_at(node, 0, b"kept").unwrap();
        fs.close(node);
    }
    let fs = Protected::new(Boxed(fs), root, is_protected).unwrap();
    let guest = &mut Guest::with(vec![("/", (Box::new(fs), root))], |_| {});
    for name in ["kernel", "boot/script"] {
        assert_eq!(guest.content(DIR, name), Ok(b"kept".to_vec()));
        assert_eq!(guest.open(DIR, name, 0, ALL).err(), Some(Acces), "{name}");
        assert_eq!(
            guest.open(DIR, name, TRUNC, ALL).err(),
            Some(Acces),
            "{name}"
        );
        assert_eq!(
            guest.open(DIR, name, CREAT | EXCL, ALL).err(),
            Some(Exist),
            "{name}"
        );
        assert_eq!(guest.unlink(DIR, name), Err(Acces), "{name}");
        assert_eq!(guest.rename(DIR, name, DIR, "new"), Err(Acces), "{name}");
        assert_eq!(guest.rename(DIR, "other", DIR, name), Err(Acces), "{name}");
        assert_eq!(guest.link(DIR, name, "new"), Err(Acces), "{name}");
    }
    // Names that are reserved, in a folder that is protected, and the folder itself.
    assert_eq!(guest.open(DIR, "free", CREAT, ALL).err(), Some(Acces));
    assert_eq!(guest.open(DIR, "boot/new", CREAT, ALL).err(), Some(Acces));
    assert_eq!(guest.mkdir(DIR, "free"), Err(Acces));
    assert_eq!(guest.rename(DIR, "other", DIR, "free"), Err(Acces));
    assert_eq!(guest.rename(DIR, "boot", DIR, "elsewhere"), Err(Acces));
    assert_eq!(guest.unlink(DIR, "free"), Err(NoEnt));
    // Everything else is as without.
    assert!(guest.open(DIR, "other", TRUNC, ALL).is_ok());
    assert_eq!(guest.mkdir(DIR, "new"), Ok(()));
    assert!(guest.open(DIR, "new/kernel", CREAT, ALL).is_ok());
    assert_eq!(guest.rename(DIR, "other", DIR, "new/free"), Ok(()));
    assert_eq!(guest.content(DIR, "kernel"), Ok(b"kept".to_vec()));
}

/// A file system in a box, to be wrapped.
struct Boxed(Box<dyn FileSystem>);

/// Counts the references that are out.
#[derive(Clone, Default)]
struct Count(Shared<HashMap<Node, i64>>);

struct Counting {
    inner: Box<dyn FileSystem>,
    count: Count,
}

impl Counting {
    fn add(&self, node: Node, references: i64) {
        let mut count = self.count.0.borrow_mut();
        let now = count.entry(node).or_default();
        *now += references;
        assert!(*now >= 0, "{node:?} was given back too often");
    }
}

impl Around for Boxed {
    type Inner = dyn FileSystem;

    fn around<R>(
        &mut self,
        _name: &str,
        run: impl FnOnce(&mut Self::Inner) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        run(&mut *self.0)
    }

    fn around_release(&mut self, run: impl FnOnce(&mut Self::Inner)) {
        run(&mut *self.0);
    }
}

impl FileSystem for Counting {
    fn lookup(&mut self, dir: Node, name: &str) -> Result<Entry, Errno> {
        let entry = self.inner.lookup(dir, name)?;
        self.add(entry.node, 1);
        Ok(entry)
    }
    fn retain(&mut self, node: Node) {
        self.add(node, 1);
        self.inner.retain(node);
    }
    fn forget(&mut self, node: Node) {
        self.add(node, -1);
        self.inner.forget(node);
    }
    fn create(&mut self, dir: Node, name: &str) -> Result<Node, Errno> {
        let node = self.inner.create(dir, name)?;
        self.add(node, 1);
        Ok(node)
    }
    fn mkdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.inner.mkdir(dir, name)
    }
    fn unlink(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.inner.unlink(dir, name)
    }
    fn rmdir(&mut self, dir: Node, name: &str) -> Result<(), Errno> {
        self.inner.rmdir(dir, name)
    }
    fn rename(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.inner.rename(dir, name, to_dir, to_name)
    }
    fn link(&mut self, dir: Node, name: &str, to_dir: Node, to_name: &str) -> Result<(), Errno> {
        self.inner.link(dir, name, to_dir, to_name)
    }
    fn symlink(&mut self, target: &str, dir: Node, name: &str) -> Result<(), Errno> {
        self.inner.symlink(target, dir, name)
    }
    fn readlink(&mut self, link: Node) -> Result<String, Errno> {
        self.inner.readlink(link)
    }
    fn read_dir(
        &mut self,
        dir: Node,
        cookie: u64,
        emit: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<(), Errno> {
        self.inner.read_dir(dir, cookie, emit)
    }
    fn stat(&mut self, node: Node) -> Result<Stat, Errno> {
        self.inner.stat(node)
    }
    fn set_times(&mut self, node: Node, atim: SetTime, mtim: SetTime) -> Result<(), Errno> {
        self.inner.set_times(node, atim, mtim)
    }
    fn open(&mut self, node: Node, access: Access, nonblock: bool) -> Result<Opened, Errno> {
        self.inner.open(node, access, nonblock)
    }
    fn close(&mut self, node: Node) {
        self.inner.close(node);
    }
    fn read_at(&mut self, file: Node, pos: u64, buf: &mut [u8]) -> Result<usize, Errno> {
        self.inner.read_at(file, pos, buf)
    }
    fn write_at(&mut self, file: Node, pos: u64, data: &[u8]) -> Result<usize, Errno> {
        self.inner.write_at(file, pos, data)
    }
    fn set_len(&mut self, file: Node, len: u64) -> Result<(), Errno> {
        self.inner.set_len(file, len)
    }
    fn sync(&mut self, node: Node, data_only: bool) -> Result<(), Errno> {
        self.inner.sync(node, data_only)
    }
}

/// A bit of everything; each step may fail.
fn workload(guest: &mut Guest) {
    let _ = guest.mkdir(DIR, "dir");
    let _ = guest.mkdir(DIR, "dir/sub");
    let _ = guest.symlink("dir/sub", DIR, "link");
    let fd = guest.open(DIR, "link/file", CREAT | TRUNC, ALL);
    if let Ok(fd) = fd {
        let _ = guest.write(fd, b"content");
        let _ = guest.wasi.fd_sync(fd);
        let _ = guest.wasi.fd_filestat_set_size(fd, 3);
    }
    let _ = guest.link(DIR, "link/file", "dir/second");
    let _ = guest.rename(DIR, "dir/second", DIR, "link/third");
    let _ = guest.content(DIR, "dir/sub/third");
    let _ = guest.stat(DIR, 1, "link/");
    let _ = guest.stat(DIR, 0, "link");
    let _ = guest.stat(DIR, 1, "dir/../dir/./sub/../../link/file");
    let _ = guest.open(DIR, "link/file/x", 0, READ);
    let _ = guest.open(DIR, "link/file", CREAT | EXCL, ALL);
    if let Ok(dir) = guest.open(DIR, "dir", DIRECTORY, READ) {
        let _ = guest.call(|wasi, memory| wasi.fd_readdir(memory, dir, DATA, 4096, 0, OUT));
        let _ = guest.rename(dir, "sub", DIR, "moved");
    }
    let _ = guest.unlink(DIR, "moved/file");
    let _ = guest.unlink(DIR, "moved/third");
    let _ = guest.rmdir(DIR, "moved");
}

#[test]
fn every_reference_is_given_back() {
    let count = Count::default();
    let (fs, root) = ram();
    let fs = Counting {
        inner: fs,
        count: count.clone(),
    };
    fs.add(root, 1);
    let mut guest = Guest::with(vec![("/", (Box::new(fs), root))], |_| {});
    workload(&mut guest);
    drop(guest);
    // The reference that was handed over with the root stays with the mount.
    let left: Vec<_> = count
        .0
        .borrow()
        .iter()
        .filter(|(_, count)| **count != 0)
        .map(|(n, c)| (*n, *c))
        .collect();
    assert_eq!(left, [(root, 1)]);
}

#[test]
fn whatever_fails_nothing_panics_and_nothing_leaks() {
    let mut failures = 0;
    // The first two operations open the guest's directory.
    for good in 2.. {
        let count = Count::default();
        let (fs, root) = ram();
        let counting = Counting {
            inner: fs,
            count: count.clone(),
        };
        counting.add(root, 1);
        let told = Shared::new(0);
        let seen = told.clone();
        let faulty = Faulty::new(counting, good, Io, false);
        let traced = Traced::new(
            faulty,
            Box::new(move |line| *seen.borrow_mut() += u32::from(line.ends_with("EIO"))),
        );
        let mut guest = Guest::with(vec![("/", (Box::new(traced), root))], |_| {});
        workload(&mut guest);
        drop(guest);
        let left: Vec<_> = count
            .0
            .borrow()
            .iter()
            .filter(|(node, count)| **count != i64::from(**node == root))
            .map(|(n, _)| *n)
            .collect();
        assert!(
            left.is_empty(),
            "when operation {good} failed, {left:?} leaked"
        );
        if *told.borrow() == 0 {
            break;
        }
        failures += 1;
    }
    assert!(failures > 50, "only {failures} operations were tried");
}
