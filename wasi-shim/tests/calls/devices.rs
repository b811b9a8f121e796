//! The devices in `/dev`, for an embedder that asks for them.

use crate::guest::{ALL, Guest, READ, Time, ram};
use crate::{CREAT, DIR, EXCL, TRUNC};
use wasi_shim::WasiBuilder;
use wasi_shim::errno::Errno::*;

/// The root, after the one granted directory.
const ROOT: u32 = DIR + 1;
/// `$filetype` of a directory and of a character device.
const DIRECTORY: u8 = 3;
const DEVICE: u8 = 2;

fn with_devices(builder: &mut WasiBuilder) {
    builder.devices(Box::new(Time::default()));
}

/// The names of the directories that are open from the start.
fn preopens(guest: &mut Guest) -> Vec<String> {
    let mut names = Vec::new();
    for fd in DIR.. {
        let out = crate::guest::OUT;
        if guest
            .call(|wasi, memory| wasi.fd_prestat_get(memory, fd, out))
            .is_err()
        {
            break;
        }
        let len = guest.u32(out + 4);
        let at = crate::guest::DATA;
        guest
            .call(|wasi, memory| wasi.fd_prestat_dir_name(memory, fd, at, len))
            .unwrap();
        let name = &guest.bytes[at as usize..(at + len) as usize];
        names.push(String::from_utf8(name.to_vec()).unwrap());
    }
    names
}

#[test]
fn they_are_there_only_if_asked_for_and_take_no_descriptor() {
    for given in ["/work", "/dev/mine", "/dev/a/b"] {
        let mut without = Guest::with(vec![(given, ram())], |_| {});
        let mut with = Guest::with(vec![(given, ram())], with_devices);
        assert_eq!(without.open(ROOT, "dev/null", 0, ALL), Err(NoEnt));
        assert_eq!(preopens(&mut with), preopens(&mut without));
        let fd = with.open(ROOT, "dev/null", 0, ALL).unwrap();
        assert_eq!(with.read(fd, 10), Ok(Vec::new()));
        // The way to the granted directory passes them.
        with.file(DIR, "file", b"text");
        let path = format!("{}/file", &given[1..]);
        assert_eq!(with.content(ROOT, &path), Ok(b"text".to_vec()));
    }
    for given in ["/", "/dev", "dev"] {
        let mut guest = Guest::with(vec![(given, ram())], with_devices);
        let path = if given == "/" { "dev/null" } else { "null" };
        assert_eq!(guest.open(DIR, path, 0, ALL), Err(NoEnt), "{given}");
    }
    // A guest without directories has only the root.
    let mut guest = Guest::with(Vec::new(), with_devices);
    assert_eq!(preopens(&mut guest), ["/"]);
    assert!(guest.open(DIR, "dev/zero", 0, ALL).is_ok());
}

#[test]
fn what_they_read_and_write() {
    let mut guest = Guest::with(vec![("/work", ram())], with_devices);
    for (name, read, written) in [
        ("null", &b""[..], Ok(4)),
        ("zero", b"\0\0\0\0", Ok(4)),
        ("full", b"\0\0\0\0", Err(NoSpc)),
        ("random", b"ZZZZ", Ok(4)),
        ("urandom", b"ZZZZ", Ok(4)),
    ] {
        let path = format!("dev/{name}");
        assert_eq!(guest.stat(ROOT, 1, &path), Ok((DEVICE, 1, 0)), "{name}");
        let fd = guest.open(ROOT, &path, CREAT | TRUNC, ALL).unwrap();
        assert_eq!(guest.read(fd, 4), Ok(read.to_vec()), "{name}");
        assert_eq!(guest.write(fd, b"text"), written, "{name}");
        for whence in 0..3 {
            assert_eq!(guest.seek(fd, 5, whence), Ok(0), "{name}");
        }
        assert_eq!(guest.wasi.fd_filestat_set_size(fd, 0), Err(Inval));
        assert_eq!(guest.wasi.fd_allocate(fd, 0, 1), Err(NoDev));
        assert_eq!(guest.wasi.fd_sync(fd), Ok(()));
        guest.wasi.fd_close(fd).unwrap();
        let reader = guest.open(ROOT, &path, 0, READ).unwrap();
        assert_eq!(guest.write(reader, b"text"), Err(BadF), "{name}");
    }
    let path = "dev/null/below";
    assert_eq!(guest.open(ROOT, path, 0, ALL), Err(NotDir));
}

#[test]
fn their_directory_belongs_to_somebody_else() {
    let mut guest = Guest::with(vec![("/work", ram())], with_devices);
    let dev = guest.open(ROOT, "dev", 0, READ).unwrap();
    assert_eq!(
        guest.list(dev, 4096),
        [".", "..", "full", "null", "random", "urandom", "zero"]
    );
    assert_eq!(guest.stat(ROOT, 1, "dev"), Ok((DIRECTORY, 2, 0)));
    assert_eq!(guest.open(dev, "new", CREAT, ALL), Err(Acces));
    assert_eq!(guest.open(dev, "null", CREAT | EXCL, ALL), Err(Exist));
    assert_eq!(guest.mkdir(dev, "new"), Err(Acces));
    assert_eq!(guest.mkdir(dev, "null"), Err(Exist));
    assert_eq!(guest.symlink("null", dev, "new"), Err(Acces));
    assert_eq!(guest.link(dev, "null", "new"), Err(Acces));
    assert_eq!(guest.unlink(dev, "null"), Err(Acces));
    assert_eq!(guest.unlink(dev, "missing"), Err(NoEnt));
    assert_eq!(guest.rmdir(dev, "null"), Err(Acces));
    assert_eq!(guest.rename(dev, "null", dev, "zero"), Err(Acces));
    assert_eq!(guest.rename(dev, "null", DIR, "null"), Err(XDev));
    let mut guest = Guest::with(
        vec![("/dev/mine", ram()), ("/dev/a/b", ram())],
        with_devices,
    );
    let dev = guest.open(DIR + 2, "dev", 0, READ).unwrap();
    let names = guest.list(dev, 4096);
    assert_eq!(
        names[2..],
        ["full", "null", "random", "urandom", "zero", "a", "mine"]
    );
    for (name, below) in [("a", "b"), ("mine", "")] {
        let fd = guest.open(dev, name, 0, READ).unwrap();
        assert_eq!(guest.list(fd, 4096)[2..].concat(), below);
    }
}

/// wasi-libc looks up `/dev/null` in the directory named `.`.
#[test]
fn the_directory_named_dot_leads_there_unless_it_has_a_dev_of_its_own() {
    let mut guest = Guest::with(vec![("/work", ram())], |builder| {
        with_devices(builder);
        builder.env("PWD", "/work");
    });
    let names = preopens(&mut guest);
    let dot = DIR + u32::try_from(names.len()).unwrap() - 1;
    assert_eq!(names.last().map(String::as_str), Some("."));
    for path in ["dev/null", "dev/urandom", "dev"] {
        assert!(guest.stat(dot, 1, path).is_ok(), "{path}");
        assert!(guest.open(dot, path, 0, READ).is_ok(), "{path}");
        assert_eq!(
            guest.stat(DIR, 1, path),
            Err(NoEnt),
            "not by the other name"
        );
    }
    for path in ["dev/tty", "dev/null/", "./dev/missing"] {
        assert!(guest.open(dot, path, 0, READ).is_err(), "{path}");
    }
    assert!(guest.open(dot, "dev/null", CREAT | TRUNC, ALL).is_ok());
    // A path that may belong to the working directory is handled there.
    assert_eq!(guest.open(dot, "dev/new", CREAT, ALL), Err(NoEnt));
    assert_eq!(guest.unlink(dot, "dev/null"), Err(NoEnt));
    assert_eq!(guest.mkdir(dot, "dev"), Ok(()));
    assert_eq!(guest.open(dot, "dev/null", 0, READ), Err(NoEnt));
    guest.file(dot, "dev/null", b"own");
    assert_eq!(guest.content(DIR, "dev/null"), Ok(b"own".to_vec()));
}
