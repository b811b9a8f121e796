//! A directory that was granted inside of another one.

use crate::DIR;
use crate::guest::{ALL, Guest, ram};
use wasi_shim::errno::Errno::*;
use wasi_shim::mounts::Place;
use wasi_shim::{FileSystem, Grant, RamFs, WasiBuilder};

/// The inner directory: the second that the guest is given.
const INNER: u32 = DIR + 1;
/// `$filetype` of a directory.
const DIRECTORY: u8 = 3;

#[test]
fn it_appears_there_and_stays() {
    for (outer, inner) in [
        ("/", "/tmp"),
        ("/data", "/data/tmp"),
        ("/data/", "/data/tmp/"),
    ] {
        let mut guest = Guest::with(vec![(outer, ram()), (inner, ram())], |_| {});
        guest.file(INNER, "file", b"inner");
        assert_eq!(guest.stat(DIR, 0, "tmp").map(|stat| stat.0), Ok(DIRECTORY));
        for path in ["tmp/file", "tmp/./file", "tmp/../tmp/file"] {
            assert_eq!(guest.content(DIR, path), Ok(b"inner".to_vec()), "{path}");
        }
        guest.mkdir(DIR, "other").unwrap();
        guest.file(DIR, "outside", b"outer");
        assert_eq!(guest.mkdir(DIR, "tmp"), Err(Exist));
        assert_eq!(guest.symlink("x", DIR, "tmp"), Err(Exist));
        assert_eq!(guest.rmdir(DIR, "tmp"), Err(Busy));
        assert_eq!(guest.unlink(DIR, "tmp"), Err(IsDir));
        assert_eq!(guest.rename(DIR, "tmp", DIR, "new"), Err(Busy));
        assert_eq!(guest.rename(DIR, "other", DIR, "tmp"), Err(Busy));
        assert_eq!(guest.rename(DIR, "outside", DIR, "tmp/x"), Err(XDev));
        assert_eq!(guest.content(DIR, "tmp/file"), Ok(b"inner".to_vec()));
    }
}

/// A directory of the same name in the outer one is covered, as by a mount.
#[test]
fn it_covers_what_was_there() {
    let mut outer = RamFs::new(1 << 20, Box::new(|| 0));
    let root = outer.root();
    outer.mkdir(root, "tmp").unwrap();
    let mut guest = Guest::with(
        vec![("/", (Box::new(outer), root)), ("/tmp", ram())],
        |_| {},
    );
    guest.file(INNER, "file", b"inner");
    assert_eq!(guest.content(DIR, "tmp/file"), Ok(b"inner".to_vec()));
    assert_eq!(guest.rmdir(DIR, "tmp"), Err(Busy));
}

/// Where both are one directory of one file system there is no mount: it can be moved and removed, as natively.
#[test]
fn a_directory_that_is_granted_twice_is_an_ordinary_one() {
    let grant_both = |builder: &mut WasiBuilder| {
        let mut files = RamFs::new(1 << 20, Box::new(|| 0));
        let root = files.root();
        files.mkdir(root, "sub").unwrap();
        let sub = files.lookup(root, "sub").unwrap().node;
        let fs = builder.file_system(Box::new(files));
        for (guest, node) in [("/", root), ("/sub", sub)] {
            let (guest, host) = (guest.to_owned(), None);
            builder.dir(Grant { guest, host }, Place { fs, node });
        }
    };
    let mut guest = Guest::with(Vec::new(), grant_both);
    guest.file(INNER, "file", b"text");
    assert_eq!(guest.content(DIR, "sub/file"), Ok(b"text".to_vec()));
    assert_eq!(guest.rename(DIR, "sub", DIR, "new"), Ok(()));
    assert_eq!(guest.content(DIR, "new/file"), Ok(b"text".to_vec()));
    assert_eq!(guest.open(DIR, "sub/file", 0, ALL), Err(NoEnt));
    assert_eq!(guest.unlink(DIR, "new/file"), Ok(()));
    assert_eq!(guest.rmdir(DIR, "new"), Ok(()));
}

/// Devices can be granted, too, where the root is a directory that was given: boards do so.
#[test]
fn devices_can_be_granted_inside_a_root_that_was_given() {
    let devices = wasi_shim::devices::Devices::new(Box::new(crate::guest::Time::default()));
    let dev = (
        Box::new(devices) as Box<dyn FileSystem>,
        wasi_shim::devices::Devices::ROOT,
    );
    let mut guest = Guest::with(vec![("/", ram()), ("/dev", dev)], |_| {});
    assert_eq!(guest.stat(DIR, 0, "dev").map(|stat| stat.0), Ok(DIRECTORY));
    let fd = guest.open(DIR, "dev/zero", 0, ALL).unwrap();
    assert_eq!(guest.read(fd, 2), Ok(vec![0, 0]));
    let fd = guest.open(DIR, "dev/full", 0, ALL).unwrap();
    assert_eq!(guest.write(fd, b"x"), Err(NoSpc));
    assert_eq!(guest.mkdir(DIR, "dev/new"), Err(Acces));
}
