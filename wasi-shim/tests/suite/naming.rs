//! Creating, finding and removing names; links; metadata.

use super::{Case, Subject};
use wasi_shim::types::FileType;
use wasi_shim::{Access, Errno, SetTime};

pub(super) const CASES: &[Case] = &[
    ("a fresh root is an empty directory", fresh_root),
    ("a created file is there, empty", create),
    ("create is exclusive", exclusive),
    ("a missing name is ENOENT everywhere", missing),
    ("a file is no directory", file_as_directory),
    ("directories nest", nest),
    ("rmdir wants an empty directory", rmdir),
    ("unlink wants no directory", unlink_directory),
    ("names keep every character", unicode),
    ("long names work up to 255 bytes", long_names),
    ("case of letters", case),
    ("forbidden names", forbidden),
    ("hard links", hard_links),
    ("symbolic links", symbolic_links),
    ("inode numbers tell files apart", inodes),
    ("times are kept", times),
    ("writing changes the time of change", stamps),
    ("directories are not opened for writing", write_directory),
];

fn fresh_root(s: &mut Subject) {
    let stat = s.fs.stat(s.root).unwrap();
    assert_eq!(stat.kind, FileType::Directory);
    assert_ne!(stat.ino, 0);
    assert!(s.names(s.root).is_empty());
}

fn create(s: &mut Subject) {
    let node = s.fs.create(s.root, "new").unwrap();
    let entry = s.fs.lookup(s.root, "new").unwrap();
    assert_eq!(entry.kind, FileType::RegularFile);
    let stat = s.fs.stat(entry.node).unwrap();
    assert_eq!(
        (stat.size, stat.nlink, stat.kind),
        (0, 1, FileType::RegularFile)
    );
    assert_eq!(stat.ino, s.fs.stat(node).unwrap().ino);
    assert_eq!(s.names(s.root), ["new"]);
}

fn exclusive(s: &mut Subject) {
    s.put(s.root, "file", b"1");
    s.dir(s.root, "dir");
    for name in ["file", "dir"] {
        assert_eq!(s.fs.create(s.root, name), Err(Errno::Exist));
        assert_eq!(s.fs.mkdir(s.root, name), Err(Errno::Exist));
    }
    assert_eq!(s.get(s.root, "file"), b"1");
}

fn missing(s: &mut Subject) {
    let root = s.root;
    assert_eq!(s.fs.lookup(root, "none"), Err(Errno::NoEnt));
    assert_eq!(s.fs.unlink(root, "none"), Err(Errno::NoEnt));
    assert_eq!(s.fs.rmdir(root, "none"), Err(Errno::NoEnt));
    assert_eq!(s.fs.rename(root, "none", root, "other"), Err(Errno::NoEnt));
    let link = s.fs.link(root, "none", root, "other");
    assert!(
        matches!(link, Err(Errno::NoEnt | Errno::NotSup)),
        "{link:?}"
    );
}

fn file_as_directory(s: &mut Subject) {
    let file = s.fs.create(s.root, "file").unwrap();
    assert_eq!(s.fs.lookup(file, "x"), Err(Errno::NotDir));
    assert_eq!(s.fs.create(file, "x"), Err(Errno::NotDir));
    assert_eq!(s.fs.mkdir(file, "x"), Err(Errno::NotDir));
    assert_eq!(s.fs.unlink(file, "x"), Err(Errno::NotDir));
    assert_eq!(s.fs.rmdir(file, "x"), Err(Errno::NotDir));
    assert_eq!(s.fs.rename(s.root, "file", file, "x"), Err(Errno::NotDir));
    assert_eq!(s.fs.read_dir(file, 0, &mut |_| true), Err(Errno::NotDir));
}

fn nest(s: &mut Subject) {
    let mut dir = s.root;
    for depth in 0..12 {
        s.put(dir, "file", &[depth]);
        dir = s.dir(dir, "deeper");
    }
    let mut dir = s.root;
    for depth in 0..12 {
        assert_eq!(s.get(dir, "file"), [depth]);
        dir = s.node(dir, "deeper");
    }
}

fn rmdir(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    s.put(dir, "file", b"");
    assert_eq!(s.fs.rmdir(s.root, "dir"), Err(Errno::NotEmpty));
    assert_eq!(s.fs.rmdir(dir, "file"), Err(Errno::NotDir));
    s.fs.unlink(dir, "file").unwrap();
    s.fs.rmdir(s.root, "dir").unwrap();
    assert_eq!(s.fs.lookup(s.root, "dir"), Err(Errno::NoEnt));
    s.dir(s.root, "dir");
}

fn unlink_directory(s: &mut Subject) {
    s.dir(s.root, "dir");
    assert_eq!(s.fs.unlink(s.root, "dir"), Err(Errno::IsDir));
    assert!(s.exists(s.root, "dir"));
}

fn unicode(s: &mut Subject) {
    let names = [
        "Grüße und Äpfel.txt",
        "日本語のファイル.go",
        "😀 emoji.dat",
        "no_extension",
        ".hidden",
        "two..dots",
        "many.dots.in.a.name.tar.gz",
        "with space",
        "UPPER.TXT",
        "MiXeD.Txt",
        "[brackets]+comma,semi;equals=",
        "tilde~1",
        "x~12345.abc",
    ];
    for name in names {
        s.put(s.root, name, name.as_bytes());
    }
    for name in names {
        assert_eq!(s.get(s.root, name), name.as_bytes(), "{name}");
    }
    let mut sorted = names.map(str::to_owned);
    sorted.sort();
    assert_eq!(s.names(s.root), sorted);
    for name in names {
        s.fs.unlink(s.root, name).unwrap();
    }
    assert!(s.names(s.root).is_empty());
}

fn long_names(s: &mut Subject) {
    let long = |last: char| {
        let mut name = "n".repeat(254);
        name.push(last);
        name
    };
    s.put(s.root, &long('a'), b"a");
    s.put(s.root, &long('b'), b"b");
    assert_eq!(s.get(s.root, &long('a')), b"a");
    assert_eq!(s.get(s.root, &long('b')), b"b");
    assert!(!s.exists(s.root, &long('c')));
    // 85 characters of three bytes.
    let wide = "深".repeat(85);
    s.put(s.root, &wide, b"wide");
    assert_eq!(s.get(s.root, &wide), b"wide");
}

fn case(s: &mut Subject) {
    s.put(s.root, "Name.txt", b"1");
    if s.traits.case_sensitive {
        assert_eq!(s.fs.lookup(s.root, "NAME.TXT"), Err(Errno::NoEnt));
        s.put(s.root, "NAME.TXT", b"2");
        assert_eq!(s.get(s.root, "Name.txt"), b"1");
        return;
    }
    assert_eq!(s.get(s.root, "NAME.TXT"), b"1");
    assert_eq!(s.fs.create(s.root, "name.TXT"), Err(Errno::Exist));
    assert_eq!(s.names(s.root), ["Name.txt"]);
    // A rename that changes the case alone is a rename.
    s.fs.rename(s.root, "name.txt", s.root, "NAME.TXT").unwrap();
    assert_eq!(s.names(s.root), ["NAME.TXT"]);
    assert_eq!(s.get(s.root, "name.txt"), b"1");
    s.put(s.root, "Ärger", b"2");
    assert_eq!(s.get(s.root, "ÄRGER"), b"2");
}

fn forbidden(s: &mut Subject) {
    for name in [
        "a:b",
        "a*b",
        "a?b",
        "a\"b",
        "a<b",
        "a>b",
        "a|b",
        "a\\b",
        "a\tb",
        "trailing.",
        "trailing ",
    ] {
        let made = s.fs.create(s.root, name).map(drop);
        let dir = s.fs.mkdir(s.root, &format!("{name}{name}"));
        if s.traits.any_name {
            assert_eq!((made, dir), (Ok(()), Ok(())), "{name:?}");
            assert!(s.exists(s.root, name));
        } else {
            assert_eq!(
                (made, dir),
                (Err(Errno::Inval), Err(Errno::Inval)),
                "{name:?}"
            );
            assert_eq!(s.fs.lookup(s.root, name), Err(Errno::NoEnt), "{name:?}");
        }
    }
    if !s.traits.any_name {
        s.put(s.root, "good", b"");
        assert_eq!(
            s.fs.rename(s.root, "good", s.root, "ba:d"),
            Err(Errno::Inval)
        );
        assert_eq!(s.names(s.root), ["good"]);
    }
}

fn hard_links(s: &mut Subject) {
    let root = s.root;
    s.put(root, "one", b"content");
    let dir = s.dir(root, "dir");
    if !s.traits.links {
        assert_eq!(s.fs.link(root, "one", dir, "two"), Err(Errno::NotSup));
        return;
    }
    s.fs.link(root, "one", dir, "two").unwrap();
    assert_eq!(s.fs.link(root, "one", dir, "two"), Err(Errno::Exist));
    assert_eq!(s.fs.link(root, "dir", dir, "three"), Err(Errno::Perm));
    let (one, two) = (s.node(root, "one"), s.node(dir, "two"));
    let (one, two) = (s.fs.stat(one).unwrap(), s.fs.stat(two).unwrap());
    assert_eq!((one.ino, one.nlink, two.nlink), (two.ino, 2, 2));
    // Both names of one file: nothing happens.
    s.fs.rename(root, "one", dir, "two").unwrap();
    assert!(s.exists(root, "one") && s.exists(dir, "two"));
    s.fs.unlink(root, "one").unwrap();
    assert_eq!(s.get(dir, "two"), b"content");
    let two = s.node(dir, "two");
    assert_eq!(s.fs.stat(two).unwrap().nlink, 1);
}

fn symbolic_links(s: &mut Subject) {
    let root = s.root;
    let target = "../some/where";
    if !s.traits.links {
        assert_eq!(s.fs.symlink(target, root, "link"), Err(Errno::NotSup));
        let file = s.fs.create(root, "file").unwrap();
        assert_eq!(s.fs.readlink(file), Err(Errno::Inval));
        return;
    }
    s.fs.symlink(target, root, "link").unwrap();
    assert_eq!(s.fs.symlink(target, root, "link"), Err(Errno::Exist));
    assert_eq!(s.fs.create(root, "link"), Err(Errno::Exist));
    let entry = s.fs.lookup(root, "link").unwrap();
    assert_eq!(entry.kind, FileType::SymbolicLink);
    assert_eq!(s.fs.readlink(entry.node).as_deref(), Ok(target));
    let stat = s.fs.stat(entry.node).unwrap();
    assert_eq!(
        (stat.kind, stat.size),
        (FileType::SymbolicLink, target.len() as u64)
    );
    let read = Access {
        read: true,
        write: false,
    };
    assert!(matches!(
        s.fs.open(entry.node, read, false),
        Err(Errno::Loop)
    ));
    s.fs.rename(root, "link", root, "moved").unwrap();
    s.fs.unlink(root, "moved").unwrap();
    assert!(s.names(root).is_empty());
}

fn inodes(s: &mut Subject) {
    let root = s.root;
    let dir = s.dir(root, "dir");
    let mut seen = vec![s.fs.stat(root).unwrap().ino, s.fs.stat(dir).unwrap().ino];
    for (parent, name) in [(root, "a"), (root, "b"), (dir, "a"), (dir, "b")] {
        let node = s.file(parent, name, b"content");
        seen.push(s.fs.stat(node).unwrap().ino);
        s.fs.close(node);
    }
    for (index, ino) in seen.iter().enumerate() {
        assert_ne!(*ino, 0);
        assert!(!seen[..index].contains(ino), "two files with number {ino}");
    }
    // The number is that of the listing, of every lookup, and stays when the file is renamed and written.
    let listed = {
        let mut listed = 0;
        s.fs.read_dir(root, 0, &mut |entry| {
            if entry.name == "a" {
                listed = entry.ino;
            }
            true
        })
        .unwrap();
        listed
    };
    let a = s.node(root, "a");
    s.open(a);
    assert_eq!(s.fs.stat(a).unwrap().ino, listed);
    s.fs.rename(root, "a", dir, "c").unwrap();
    s.write(a, 0, &[1; 100_000]);
    assert_eq!(s.fs.stat(a).unwrap().ino, listed);
    let c = s.node(dir, "c");
    assert_eq!(s.fs.stat(c).unwrap().ino, listed);
    s.fs.close(a);
}

fn times(s: &mut Subject) {
    const DAY: u64 = 86_400_000_000_000;
    let (atim, mtim) = (
        17_000 * DAY + 12_345_678_912_345,
        18_000 * DAY + 54_321_987_654_321,
    );
    let node = s.file(s.root, "file", b"x");
    s.fs.set_times(node, SetTime::At(atim), SetTime::At(mtim))
        .unwrap();
    let stat = s.fs.stat(node).unwrap();
    assert_eq!(stat.atim, atim - atim % s.traits.atime_step);
    assert_eq!(stat.mtim, mtim - mtim % s.traits.mtime_step);
    s.fs.set_times(node, SetTime::Keep, SetTime::At(mtim + DAY))
        .unwrap();
    let later = s.fs.stat(node).unwrap();
    assert_eq!(later.atim, stat.atim);
    assert_eq!(later.mtim, stat.mtim + DAY);
    s.fs.close(node);
    let again = s.node(s.root, "file");
    assert_eq!(s.fs.stat(again).unwrap().mtim, later.mtim);
    s.fs.set_times(again, SetTime::Now, SetTime::Now).unwrap();
    assert!(s.fs.stat(again).unwrap().mtim > later.mtim);
    // Before 1970: what the file system can store, or else its earliest time, and never a late one.
    let early = (-(DAY.cast_signed()) * 5_000 - 123_456_700).cast_unsigned();
    s.fs.set_times(again, SetTime::At(early), SetTime::At(early))
        .unwrap();
    let stat = s.fs.stat(again).unwrap();
    let earliest = s.traits.earliest.unwrap_or(early);
    assert_eq!((stat.atim, stat.mtim), (earliest, earliest));
    let dir = s.dir(s.root, "dir");
    s.fs.set_times(dir, SetTime::Keep, SetTime::At(mtim))
        .unwrap();
    assert_eq!(
        s.fs.stat(dir).unwrap().mtim,
        mtim - mtim % s.traits.mtime_step
    );
}

fn stamps(s: &mut Subject) {
    const OLD: u64 = 1_000_000_000_000_000_000;
    let node = s.file(s.root, "file", b"x");
    s.fs.set_times(node, SetTime::At(OLD), SetTime::At(OLD))
        .unwrap();
    assert_eq!(s.fs.stat(node).unwrap().mtim, OLD);
    s.write(node, 1, b"y");
    assert!(s.fs.stat(node).unwrap().mtim > OLD);
    s.fs.set_times(node, SetTime::At(OLD), SetTime::At(OLD))
        .unwrap();
    // A name of its own does not change what a file holds.
    s.fs.rename(s.root, "file", s.root, "moved").unwrap();
    assert_eq!(s.fs.stat(node).unwrap().mtim, OLD);
    s.fs.close(node);
    let again = s.node(s.root, "moved");
    assert_eq!(s.fs.stat(again).unwrap().mtim, OLD);
}

fn write_directory(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    let write = Access {
        read: false,
        write: true,
    };
    assert!(matches!(s.fs.open(dir, write, false), Err(Errno::IsDir)));
    s.fs.open(dir, Access::default(), false).unwrap();
    s.fs.close(dir);
}
