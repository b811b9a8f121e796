//! Moving names: replacing, across directories, and what must be refused.

use super::{Case, Subject};
use wasi_shim::Errno;

pub(super) const CASES: &[Case] = &[
    ("rename moves a file", moves),
    ("rename replaces a file", replaces),
    ("rename onto itself does nothing", itself),
    ("rename moves a directory with what it holds", directory),
    ("rename replaces an empty directory", replaces_directory),
    ("rename refuses kinds that do not fit", kinds),
    ("a directory does not move into itself", into_itself),
    ("an open file is renamed", open_file),
    ("what was renamed keeps its inode number", inodes),
    ("names come back after many renames", many),
];

fn moves(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    s.put(s.root, "a", b"content");
    s.fs.rename(s.root, "a", dir, "a longer name than eight")
        .unwrap();
    assert_eq!(s.names(s.root), ["dir"]);
    assert_eq!(s.get(dir, "a longer name than eight"), b"content");
    s.fs.rename(dir, "a longer name than eight", s.root, "b")
        .unwrap();
    assert_eq!(s.get(s.root, "b"), b"content");
    assert!(s.names(dir).is_empty());
}

fn replaces(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    s.put(s.root, "new", b"new content");
    s.put(s.root, "old", b"old");
    s.put(dir, "far", b"far");
    s.fs.rename(s.root, "new", s.root, "old").unwrap();
    assert_eq!(s.get(s.root, "old"), b"new content");
    assert_eq!(s.names(s.root), ["dir", "old"]);
    s.fs.rename(s.root, "old", dir, "far").unwrap();
    assert_eq!(s.get(dir, "far"), b"new content");
    assert_eq!(s.names(s.root), ["dir"]);
}

fn itself(s: &mut Subject) {
    s.put(s.root, "file", b"content");
    s.dir(s.root, "dir");
    s.fs.rename(s.root, "file", s.root, "file").unwrap();
    s.fs.rename(s.root, "dir", s.root, "dir").unwrap();
    assert_eq!(s.get(s.root, "file"), b"content");
    assert_eq!(s.names(s.root), ["dir", "file"]);
}

fn directory(s: &mut Subject) {
    let from = s.dir(s.root, "from");
    let to = s.dir(s.root, "to");
    let moved = s.dir(from, "moved");
    s.put(moved, "file", b"inside");
    s.fs.rename(from, "moved", to, "here").unwrap();
    assert!(s.names(from).is_empty());
    let here = s.node(to, "here");
    assert_eq!(s.get(here, "file"), b"inside");
    // The node that was held before the move leads there too.
    s.put(moved, "more", b"later");
    assert_eq!(s.names(here), ["file", "more"]);
    s.fs.rmdir(s.root, "from").unwrap();
}

fn replaces_directory(s: &mut Subject) {
    let source = s.dir(s.root, "source");
    s.put(source, "file", b"x");
    let target = s.dir(s.root, "target");
    s.put(target, "in the way", b"");
    assert_eq!(
        s.fs.rename(s.root, "source", s.root, "target"),
        Err(Errno::NotEmpty)
    );
    s.fs.unlink(target, "in the way").unwrap();
    s.fs.rename(s.root, "source", s.root, "target").unwrap();
    assert_eq!(s.names(s.root), ["target"]);
    let target = s.node(s.root, "target");
    assert_eq!(s.get(target, "file"), b"x");
}

fn kinds(s: &mut Subject) {
    s.put(s.root, "file", b"");
    s.dir(s.root, "dir");
    assert_eq!(
        s.fs.rename(s.root, "file", s.root, "dir"),
        Err(Errno::IsDir)
    );
    assert_eq!(
        s.fs.rename(s.root, "dir", s.root, "file"),
        Err(Errno::NotDir)
    );
    assert_eq!(s.names(s.root), ["dir", "file"]);
}

fn into_itself(s: &mut Subject) {
    let a = s.dir(s.root, "a");
    let b = s.dir(a, "b");
    let c = s.dir(b, "c");
    for (dir, name) in [(a, "x"), (b, "x"), (c, "x")] {
        assert_eq!(s.fs.rename(s.root, "a", dir, name), Err(Errno::Inval));
    }
    assert!(matches!(
        s.fs.rename(b, "c", s.root, "a"),
        Err(Errno::NotEmpty)
    ));
    s.fs.rename(b, "c", s.root, "c").unwrap();
    assert_eq!(s.names(s.root), ["a", "c"]);
}

fn open_file(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    let file = s.file(s.root, "file", b"before");
    s.fs.rename(s.root, "file", dir, "moved").unwrap();
    s.write(file, 6, b" and after");
    assert_eq!(s.content(file), b"before and after");
    s.fs.close(file);
    assert_eq!(s.get(dir, "moved"), b"before and after");
}

fn inodes(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    s.put(s.root, "file", b"x");
    s.dir(s.root, "folder");
    let ino = |s: &mut Subject, dir, name: &str| {
        // Nothing is held between the looks.
        let node = s.fs.lookup(dir, name).unwrap().node;
        let ino = s.fs.stat(node).unwrap().ino;
        s.fs.forget(node);
        ino
    };
    for name in ["file", "folder"] {
        let before = ino(s, s.root, name);
        s.fs.rename(s.root, name, dir, "moved").unwrap();
        assert_eq!(ino(s, dir, "moved"), before, "{name}");
        s.fs.rename(dir, "moved", s.root, "back").unwrap();
        // What is made in the place that it left is another file.
        s.put(dir, "moved", b"y");
        assert_ne!(ino(s, dir, "moved"), before, "{name}");
        assert_eq!(ino(s, s.root, "back"), before, "{name}");
        s.fs.unlink(dir, "moved").unwrap();
        s.fs.rename(s.root, "back", s.root, name).unwrap();
    }
}

fn many(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    for index in 0..60 {
        s.put(
            s.root,
            &format!("a rather long file name {index}"),
            &[index],
        );
    }
    for index in 0..60 {
        let (old, new) = (
            format!("a rather long file name {index}"),
            format!("n{index}"),
        );
        s.fs.rename(s.root, &old, dir, &new).unwrap();
    }
    for index in (0..60).step_by(2) {
        let (old, new) = (format!("n{index}"), format!("n{}", index + 1));
        s.fs.rename(dir, &old, dir, &new).unwrap();
    }
    assert_eq!(s.names(s.root), ["dir"]);
    assert_eq!(s.names(dir).len(), 30);
    for index in (0..60).step_by(2) {
        assert_eq!(s.get(dir, &format!("n{}", index + 1)), [index]);
    }
}
