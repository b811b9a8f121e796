//! Files and directories that are open while their name goes.

use super::{Case, Subject};
use wasi_shim::types::FileType;
use wasi_shim::{Access, Errno};

pub(super) const CASES: &[Case] = &[
    ("an unlinked file lives until it is closed", unlinked),
    ("a replaced file lives until it is closed", replaced),
    ("a name is free at once", name_is_free),
    ("an unlinked file grows", grows),
    ("nobody sees an unlinked file", invisible),
    ("a removed directory that is open", directory),
    ("a replaced directory that is open", replaced_directory),
    ("many unlinked files at once", many),
];

fn unlinked(s: &mut Subject) {
    let file = s.file(s.root, "file", b"still here");
    let again = s.node(s.root, "file");
    s.open(again);
    s.fs.unlink(s.root, "file").unwrap();
    assert_eq!(s.fs.lookup(s.root, "file"), Err(Errno::NoEnt));
    assert_eq!(s.content(file), b"still here");
    s.fs.close(file);
    assert_eq!(s.content(again), b"still here");
    let stat = s.fs.stat(again).unwrap();
    assert_eq!((stat.kind, stat.size), (FileType::RegularFile, 10));
    s.fs.close(again);
}

fn replaced(s: &mut Subject) {
    let old = s.file(s.root, "file", b"old");
    let new = s.file(s.root, "new", b"new");
    s.fs.rename(s.root, "new", s.root, "file").unwrap();
    assert_eq!(s.content(old), b"old");
    assert_eq!(s.content(new), b"new");
    assert_ne!(s.fs.stat(old).unwrap().ino, s.fs.stat(new).unwrap().ino);
    s.write(old, 3, b"er");
    assert_eq!(s.content(old), b"older");
    s.fs.close(old);
    assert_eq!(s.names(s.root), ["file"]);
    assert_eq!(s.content(new), b"new");
    s.fs.close(new);
    assert_eq!(s.get(s.root, "file"), b"new");
}

fn name_is_free(s: &mut Subject) {
    let one = s.file(s.root, "file", b"one");
    s.fs.unlink(s.root, "file").unwrap();
    let two = s.file(s.root, "file", b"two");
    s.fs.unlink(s.root, "file").unwrap();
    s.dir(s.root, "file");
    assert_eq!(s.content(one), b"one");
    assert_eq!(s.content(two), b"two");
    assert_ne!(s.fs.stat(one).unwrap().ino, s.fs.stat(two).unwrap().ino);
    s.fs.close(one);
    s.fs.close(two);
}

fn grows(s: &mut Subject) {
    let file = s.file(s.root, "file", b"");
    s.fs.unlink(s.root, "file").unwrap();
    let data: Vec<u8> = (0..70_000u32).map(|at| (at / 251) as u8).collect();
    s.write(file, 0, &data);
    assert_eq!(s.content(file), data);
    s.fs.set_len(file, 3).unwrap();
    s.fs.sync(file, false).unwrap();
    assert_eq!(s.content(file), [0, 0, 0]);
    s.fs.close(file);
    assert!(s.names(s.root).is_empty());
}

fn invisible(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    let file = s.file(dir, "file", b"x");
    s.fs.unlink(dir, "file").unwrap();
    assert!(s.names(dir).is_empty());
    assert_eq!(s.names(s.root), ["dir"]);
    // Its directory is empty, as far as anybody can tell.
    s.fs.rmdir(s.root, "dir").unwrap();
    assert!(s.names(s.root).is_empty());
    assert_eq!(s.content(file), b"x");
    s.fs.close(file);
}

fn directory(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    s.fs.open(dir, Access::default(), false).unwrap();
    s.fs.rmdir(s.root, "dir").unwrap();
    assert_eq!(s.fs.stat(dir).unwrap().kind, FileType::Directory);
    assert_eq!(s.fs.create(dir, "file"), Err(Errno::NoEnt));
    assert_eq!(s.fs.mkdir(dir, "dir"), Err(Errno::NoEnt));
    assert_eq!(s.fs.lookup(dir, "file"), Err(Errno::NoEnt));
    s.put(s.root, "other", b"");
    assert_eq!(
        s.fs.rename(s.root, "other", dir, "other"),
        Err(Errno::NoEnt)
    );
    assert!(s.names(dir).is_empty());
    s.fs.close(dir);
    let new = s.dir(s.root, "dir");
    s.put(new, "file", b"");
    assert_eq!(s.names(new), ["file"]);
}

fn replaced_directory(s: &mut Subject) {
    let old = s.dir(s.root, "dir");
    s.fs.open(old, Access::default(), false).unwrap();
    let new = s.dir(s.root, "new");
    s.put(new, "file", b"");
    s.fs.rename(s.root, "new", s.root, "dir").unwrap();
    assert!(s.names(old).is_empty());
    assert_eq!(s.fs.stat(old).unwrap().kind, FileType::Directory);
    assert_eq!(s.fs.create(old, "file"), Err(Errno::NoEnt));
    s.fs.close(old);
    assert_eq!(s.names(s.root), ["dir"]);
    assert_eq!(s.names(new), ["file"]);
}

fn many(s: &mut Subject) {
    let mut files = Vec::new();
    for index in 0..40u8 {
        let file = s.file(s.root, "file", &[index; 100]);
        s.fs.unlink(s.root, "file").unwrap();
        files.push(file);
    }
    for (index, file) in files.into_iter().enumerate() {
        assert_eq!(s.content(file), [index as u8; 100]);
        s.fs.close(file);
        s.fs.forget(file);
    }
    assert!(s.names(s.root).is_empty());
}
