//! `path_open` and the other path calls: opening, creating and removing names, links.

use crate::guest::{ALL, DATA, Guest, Mount, OUT, PATH, READ, ram};
use crate::{CREAT, DIR, DIRECTORY, EXCL, TRUNC};
use wasi_shim::errno::Errno::*;
use wasi_shim::types::{FileType, Rights};

#[test]
fn opening() {
    let mut guest = Guest::new();
    guest.mkdir(DIR, "dir").unwrap();
    guest.file(DIR, "dir/file", b"content");
    guest.symlink("dir/file", DIR, "link").unwrap();
    guest.symlink("nothing", DIR, "dangling").unwrap();
    guest.symlink("dir", DIR, "dirlink").unwrap();
    let refused = [
        ("nothing", 0, READ, NoEnt),
        ("dir/file/", 0, READ, NotDir),
        ("dir/file/x", 0, READ, NotDir),
        ("dir/file/.", 0, READ, NotDir),
        ("dir/file", DIRECTORY, READ, NotDir),
        ("dir/file", CREAT | EXCL, ALL, Exist),
        ("dir", CREAT | EXCL, READ, Exist),
        ("dangling", CREAT | EXCL, ALL, Exist),
        ("dangling", 0, READ, NoEnt),
        ("dir", 0, ALL, IsDir),
        ("dir", CREAT, READ, IsDir),
        ("new/", CREAT, ALL, IsDir),
        ("dir", CREAT | DIRECTORY, READ, Inval),
        ("file", 16, READ, Inval),
        ("", 0, READ, NoEnt),
        ("/dir", 0, READ, Perm),
        ("..", 0, READ, Perm),
        ("dir/../..", 0, READ, Perm),
        ("a\0b", 0, READ, Inval),
    ];
    for (path, oflags, rights, errno) in refused {
        assert_eq!(
            guest.open(DIR, path, oflags, rights),
            Err(errno),
            "{path:?} {oflags}"
        );
    }
    for path in [
        "dir/file",
        "link",
        "dirlink/file",
        "dir/../dir/./file",
        "dir//file",
        "./link",
    ] {
        assert_eq!(guest.content(DIR, path), Ok(b"content".to_vec()), "{path}");
    }
    assert_eq!(guest.open_as(DIR, 0, "link", 0, READ, 0), Err(Loop));
    assert_eq!(
        guest.open_as(DIR, 0, "link", DIRECTORY, READ, 0),
        Err(NotDir)
    );
    for path in ["dir", "dir/", ".", "dirlink", "dirlink/", "dir/."] {
        let fd = guest
            .open(DIR, path, 0, READ)
            .unwrap_or_else(|errno| panic!("{path}: {errno}"));
        assert_eq!(guest.read(fd, 10), Err(IsDir));
        guest.wasi.fd_close(fd).unwrap();
    }
    // Creation through a dangling link works, as in POSIX.
    guest.open(DIR, "dangling", CREAT, ALL).unwrap();
    assert_eq!(
        guest.stat(DIR, 1, "nothing").map(|stat| stat.0),
        Ok(FileType::RegularFile as u8)
    );
    // Truncation at open does not need write access afterwards.
    guest.open(DIR, "link", TRUNC, READ).unwrap();
    assert_eq!(guest.content(DIR, "dir/file"), Ok(Vec::new()));
}

#[test]
fn names_come_and_go() {
    let mut guest = Guest::new();
    guest.mkdir(DIR, "a").unwrap();
    assert_eq!(guest.mkdir(DIR, "a"), Err(Exist));
    assert_eq!(guest.mkdir(DIR, "."), Err(Exist));
    assert_eq!(guest.mkdir(DIR, "b/"), Ok(()));
    guest.file(DIR, "a/file", b"1");
    assert_eq!(guest.unlink(DIR, "a"), Err(IsDir));
    assert_eq!(guest.unlink(DIR, "a/"), Err(IsDir));
    assert_eq!(guest.unlink(DIR, "a/file/"), Err(NotDir));
    assert_eq!(guest.rmdir(DIR, "a"), Err(NotEmpty));
    assert_eq!(guest.rmdir(DIR, "a/file"), Err(NotDir));
    assert_eq!(guest.rmdir(DIR, "a/."), Err(Inval));
    guest.file(DIR, "other", b"2");
    assert_eq!(guest.rename(DIR, "other", DIR, "a"), Err(IsDir));
    assert_eq!(guest.rename(DIR, "b", DIR, "other"), Err(NotDir));
    assert_eq!(guest.rename(DIR, "b", DIR, "a"), Err(NotEmpty));
    assert_eq!(guest.rename(DIR, "a", DIR, "a/below"), Err(Inval));
    assert_eq!(guest.rename(DIR, "other", DIR, "new/"), Err(NotDir));
    assert_eq!(guest.rename(DIR, "nothing", DIR, "new"), Err(NoEnt));
    assert_eq!(guest.rename(DIR, "b/", DIR, "c/"), Ok(()));
    assert_eq!(guest.rename(DIR, "other", DIR, "a/file"), Ok(()));
    assert_eq!(guest.content(DIR, "a/file"), Ok(b"2".to_vec()));
    assert_eq!(guest.link(DIR, "a/file", "second"), Ok(()));
    assert_eq!(guest.stat(DIR, 0, "second").map(|stat| stat.1), Ok(2));
    assert_eq!(guest.link(DIR, "a/file", "second"), Err(Exist));
    assert_eq!(guest.link(DIR, "a", "third"), Err(Perm));
    assert_eq!(guest.symlink("/etc/passwd", DIR, "absolute"), Err(Perm));
    assert_eq!(guest.symlink("", DIR, "empty"), Err(NoEnt));
    assert_eq!(guest.symlink("x", DIR, "a"), Err(Exist));
    assert_eq!(guest.symlink("x", DIR, "y/"), Err(NoEnt));
    // An open file outlives its name.
    let fd = guest.open(DIR, "a/file", 0, ALL).unwrap();
    guest.unlink(DIR, "a/file").unwrap();
    guest.unlink(DIR, "second").unwrap();
    assert_eq!(guest.read(fd, 10), Ok(b"2".to_vec()));
    guest.rmdir(DIR, "a").unwrap();
}

#[test]
fn links_are_followed_up_to_forty() {
    let mut guest = Guest::new();
    guest.file(DIR, "link0", b"end");
    for number in 1..=41 {
        guest
            .symlink(
                &format!("link{}", number - 1),
                DIR,
                &format!("link{number}"),
            )
            .unwrap();
    }
    assert_eq!(guest.content(DIR, "link40"), Ok(b"end".to_vec()));
    assert_eq!(guest.content(DIR, "link41"), Err(Loop));
    let len = guest.put(PATH, b"link41");
    guest
        .call(|wasi, memory| wasi.path_readlink(memory, DIR, PATH, len, DATA, 3, OUT))
        .unwrap();
    assert_eq!(
        (guest.u32(OUT), &guest.bytes[DATA as usize..][..3]),
        (3, &b"lin"[..])
    );
}

#[test]
fn between_file_systems() {
    let mut guest = Guest::with(vec![("/one", ram()), ("/two", ram())], |_| {});
    let (one, two, root) = (3, 4, 5);
    guest.file(one, "file", b"1");
    assert_eq!(guest.rename(one, "file", two, "file"), Err(XDev));
    assert_eq!(guest.rename(one, "nothing", two, "file"), Err(NoEnt));
    // The invented root contains both and leads to them, and contains nothing else.
    let mut names = guest.list(root, 4096);
    names.sort();
    assert_eq!(names, [".", "..", "one", "two"]);
    assert_eq!(guest.content(root, "one/file"), Ok(b"1".to_vec()));
    assert_eq!(guest.open(root, "etc/passwd", 0, READ), Err(NoEnt));
    assert_eq!(guest.open(root, "new", CREAT, ALL), Err(NoEnt));
    assert_eq!(guest.mkdir(root, "dir"), Err(NoEnt));
    assert_eq!(guest.mkdir(root, "one"), Err(Exist));
    assert_eq!(guest.wasi.outside(), ["/etc/passwd", "/new", "/dir"]);
    // The root is its own parent. The granted directories are not.
    assert_eq!(
        guest.content(root, "../../one/../../one/file"),
        Ok(b"1".to_vec())
    );
    assert_eq!(guest.open(root, "../etc", 0, READ), Err(NoEnt));
    assert_eq!(guest.open(one, "../two", 0, READ), Err(Perm));
    assert_eq!(guest.wasi.outside()[3..], ["/etc"]);
    assert_eq!(guest.wasi.perhaps_outside().len(), 0);
}

/// A RAM disk with a directory, a file in it, and links.
fn linked(links: &[(&str, &str)]) -> Mount {
    let (mut fs, root) = ram();
    fs.mkdir(root, "etc").unwrap();
    let etc = fs.lookup(root, "etc").unwrap().node;
    fs.create(etc, "hosts").unwrap();
    for (name, target) in links {
        fs.symlink(target, root, name).unwrap();
    }
    (fs, root)
}

#[test]
fn absolute_links_lead_where_the_guest_may_go() {
    let root = linked(&[
        ("file", "/etc/hosts"),
        ("dir", "/etc"),
        ("all", "/"),
        ("other", "//data/./etc"),
        ("chain", "dir/../file"),
        ("loop", "/loop"),
        ("above", "/../etc/hosts"),
        ("none", "/nothing"),
    ]);
    let data = linked(&[("back", "/etc/hosts"), ("own", "/data/etc/hosts")]);
    let mut guest = Guest::with(vec![("/", root), ("/data", data)], |_| {});
    let data = 4;
    guest.file(DIR, "etc/hosts", b"root");
    guest.file(data, "etc/hosts", b"data");
    for (fd, path, content) in [
        (DIR, "file", "root"),
        (DIR, "dir/hosts", "root"),
        (DIR, "all/dir/../file", "root"),
        (DIR, "other/hosts", "data"),
        (DIR, "chain", "root"),
        (data, "back", "root"),
        (data, "own", "data"),
    ] {
        let found = guest.content(fd, path);
        assert_eq!(found.as_deref(), Ok(content.as_bytes()), "{path}");
    }
    for (path, errno) in [
        ("loop", Loop),
        ("above", Perm),
        ("none", NoEnt),
        ("other/../..", Perm),
    ] {
        assert_eq!(guest.open(DIR, path, 0, READ), Err(errno), "{path}");
    }
    // A descriptor that the program opened itself cannot be left.
    let own = guest.open(DIR, ".", DIRECTORY, READ).unwrap();
    assert_eq!(guest.open(own, "file", 0, READ), Err(Perm));
    assert_eq!(guest.content(own, "etc/hosts"), Ok(b"root".to_vec()));
    // Access that was given up stays impossible: first a right, then the directory.
    let fewer = Rights::PATH_OPEN.0;
    guest
        .call(|wasi, _| wasi.fd_fdstat_set_rights(DIR, fewer, 0))
        .unwrap();
    assert_eq!(guest.open(data, "back", 0, READ), Err(Perm));
    assert_eq!(guest.content(data, "own"), Ok(b"data".to_vec()));
    guest.wasi.fd_close(DIR).unwrap();
    assert_eq!(guest.open(data, "back", 0, READ), Err(Perm));
}

#[test]
fn absolute_links_into_nothing_are_told() {
    let data = linked(&[("out", "/etc/passwd"), ("own", "/data/etc")]);
    let mut guest = Guest::with(vec![("/data", data)], |_| {});
    assert_eq!(guest.content(DIR, "own/hosts"), Ok(Vec::new()));
    assert!(guest.wasi.outside().is_empty());
    assert_eq!(guest.open(DIR, "out", 0, READ), Err(NoEnt));
    assert_eq!(guest.wasi.outside(), ["/etc/passwd"]);
}
