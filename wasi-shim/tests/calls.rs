//! The calls, as a guest makes them: paths, descriptors, data, directories, polling.
#![cfg(feature = "ram")]

mod guest;

use guest::{ALL, DATA, Guest, IOVS, OUT, PATH, READ, ram};
use wasi_shim::errno::Errno::*;
use wasi_shim::types::{FileType, Rights};

const CREAT: u32 = 1;
const DIRECTORY: u32 = 2;
const EXCL: u32 = 4;
const TRUNC: u32 = 8;
/// The first directory that a guest is given.
const DIR: u32 = 3;

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
    // A dangling link is created through, as in POSIX.
    guest.open(DIR, "dangling", CREAT, ALL).unwrap();
    assert_eq!(
        guest.stat(DIR, 1, "nothing").map(|stat| stat.0),
        Ok(FileType::RegularFile as u8)
    );
    // Emptying does not need a descriptor that can be written afterwards.
    guest.open(DIR, "link", TRUNC, READ).unwrap();
    assert_eq!(guest.content(DIR, "dir/file"), Ok(Vec::new()));
}

#[test]
fn access_decides_about_reading_and_writing() {
    let mut guest = Guest::new();
    guest.file(DIR, "file", b"content");
    let reader = guest
        .open(DIR, "file", 0, ALL & !Rights::FD_WRITE.0)
        .unwrap();
    assert_eq!(guest.write(reader, b"x"), Err(BadF));
    assert_eq!(guest.wasi.fd_filestat_set_size(reader, 0), Err(BadF));
    let writer = guest.open(DIR, "file", 0, Rights::FD_WRITE.0).unwrap();
    assert_eq!(guest.read(writer, 1), Err(BadF));
    // Rights can be given up, and are gone then.
    guest.wasi.fd_fdstat_set_rights(reader, READ, 0).unwrap();
    assert_eq!(guest.seek(reader, 0, 0), Err(NotCapable));
    assert_eq!(guest.read(reader, 4), Ok(b"cont".to_vec()));
    assert_eq!(
        guest.wasi.fd_fdstat_set_rights(reader, ALL, 0),
        Err(NotCapable)
    );
    guest
        .call(|wasi, memory| wasi.fd_fdstat_get(memory, reader, OUT))
        .unwrap();
    assert_eq!(
        (guest.bytes[OUT as usize], guest.u64(OUT + 8)),
        (FileType::RegularFile as u8, READ)
    );
}

#[test]
fn offsets_append_and_positions() {
    let mut guest = Guest::new();
    let fd = guest.open(DIR, "file", CREAT, ALL).unwrap();
    guest.write(fd, b"0123456789").unwrap();
    assert_eq!(guest.seek(fd, -4, 2), Ok(6));
    assert_eq!(guest.read(fd, 2), Ok(b"67".to_vec()));
    assert_eq!(guest.seek(fd, 0, 1), Ok(8));
    for (offset, whence) in [(-1, 0), (-9, 1), (i64::MAX, 1), (0, 3)] {
        assert_eq!(guest.seek(fd, offset, whence), Err(Inval));
    }
    assert_eq!(guest.seek(fd, 0, 1), Ok(8), "a refused seek moves nothing");
    // Behind the end there are zeros.
    assert_eq!(guest.seek(fd, 12, 0), Ok(12));
    guest.write(fd, b"x").unwrap();
    assert_eq!(guest.content(DIR, "file"), Ok(b"0123456789\0\0x".to_vec()));
    let tail = guest.open_as(DIR, 1, "file", 0, ALL, 1).unwrap();
    guest.write(tail, b"end").unwrap();
    assert_eq!(guest.seek(tail, 0, 1), Ok(16));
    // pwrite goes where it is told, even when appending, and the offset stays.
    let len = guest.put(DATA, b"AB");
    guest.iovs(&[(DATA, len)]);
    guest
        .call(|wasi, memory| wasi.fd_pwrite(memory, tail, IOVS, 1, 1, OUT))
        .unwrap();
    guest.iovs(&[(DATA + 100, 3), (DATA + 200, 2)]);
    guest
        .call(|wasi, memory| wasi.fd_pread(memory, fd, IOVS, 2, 0, OUT))
        .unwrap();
    assert_eq!(guest.u32(OUT), 5);
    assert_eq!(&guest.bytes[DATA as usize + 100..][..3], b"0AB");
    assert_eq!(&guest.bytes[DATA as usize + 200..][..2], b"34");
    assert_eq!(guest.seek(tail, 0, 1), Ok(16));
}

#[test]
fn many_buffers_are_one_operation() {
    let mut guest = Guest::new();
    let count = 1000;
    for index in 0..count {
        guest.put(DATA + index, &[b'a' + (index % 26) as u8]);
        guest.put(IOVS + index * 8, &(DATA + index).to_le_bytes());
        guest.put(IOVS + index * 8 + 4, &1u32.to_le_bytes());
    }
    guest
        .call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, count, OUT))
        .unwrap();
    assert_eq!(guest.u32(OUT), count);
    let written: Vec<u8> = guest.stdout.data.borrow().iter().copied().collect();
    assert_eq!(written, guest.bytes[DATA as usize..][..count as usize]);
    // One buffer outside the memory, and nothing happens at all.
    let end = guest.bytes.len() as u32;
    guest.iovs(&[(DATA, 10), (end - 4, 5)]);
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, 2, OUT)),
        Err(Fault)
    );
    assert_eq!(guest.stdout.data.borrow().len(), count as usize);
    guest.iovs(&[(DATA, u32::MAX)]);
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, 1, OUT)),
        Err(Fault)
    );
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, u32::MAX, OUT)),
        Err(Fault)
    );
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_write(memory, 1, IOVS, 0, OUT)),
        Ok(())
    );
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
fn directories_are_listed_whole_with_any_buffer() {
    let mut guest = Guest::new();
    let mut expected = vec![".".to_owned(), "..".to_owned()];
    for number in 0..50 {
        let name = format!("{number:03}{}", "x".repeat(number * 4));
        guest.file(DIR, &name, b"");
        expected.push(name);
    }
    expected.sort();
    let fd = guest.open(DIR, ".", DIRECTORY, READ).unwrap();
    for buf_len in [24 + 255, 300, 8192, 65_536] {
        let mut names = guest.list(fd, buf_len);
        names.sort();
        assert_eq!(names, expected, "with {buf_len} bytes");
    }
    assert_eq!(
        guest.call(|wasi, memory| wasi.fd_readdir(memory, 1, DATA, 100, 0, OUT)),
        Err(NotDir)
    );
}

#[test]
fn between_file_systems() {
    let mut guest = Guest::with(vec![("/one", ram()), ("/two", ram())], |_| {});
    let (one, two, root) = (3, 4, 5);
    guest.file(one, "file", b"1");
    assert_eq!(guest.rename(one, "file", two, "file"), Err(XDev));
    assert_eq!(guest.rename(one, "nothing", two, "file"), Err(NoEnt));
    // The invented root shows both, leads into them, and holds nothing else.
    let mut names = guest.list(root, 4096);
    names.sort();
    assert_eq!(names, [".", "..", "one", "two"]);
    assert_eq!(guest.content(root, "one/file"), Ok(b"1".to_vec()));
    assert_eq!(guest.open(root, "etc/passwd", 0, READ), Err(NoEnt));
    assert_eq!(guest.open(root, "new", CREAT, ALL), Err(NoEnt));
    assert_eq!(guest.mkdir(root, "dir"), Err(NoEnt));
    assert_eq!(guest.mkdir(root, "one"), Err(Exist));
    assert_eq!(guest.wasi.outside(), ["/etc/passwd", "/new", "/dir"]);
}

#[test]
fn streams_wait_or_say_so() {
    let mut guest = Guest::new();
    // Blocking: waits, once, until there is something.
    let stdin = guest.stdin.clone();
    guest
        .time
        .events
        .borrow_mut()
        .push_back(Box::new(move || stdin.data.borrow_mut().extend(b"line\n")));
    assert_eq!(guest.read(0, 100), Ok(b"line\n".to_vec()));
    assert_eq!(guest.time.waits.get(), 1);
    // Non-blocking: never waits.
    guest.wasi.fd_fdstat_set_flags(0, 4).unwrap();
    assert_eq!(guest.read(0, 100), Err(Again));
    guest.stdin.closed.set(true);
    assert_eq!(guest.read(0, 100), Ok(Vec::new()));
    assert_eq!(guest.time.waits.get(), 1);
    guest.wasi.fd_fdstat_set_flags(1, 4).unwrap();
    guest.stdout.room.set(3);
    assert_eq!(guest.write(1, b"hello"), Ok(3));
    assert_eq!(guest.write(1, b"lo"), Err(Again));
    assert_eq!(guest.seek(0, 0, 1), Err(SPipe));
    assert_eq!(guest.wasi.fd_fdstat_set_flags(0, 32), Err(Inval));
    // A file is never told to try again.
    let fd = guest.open_as(DIR, 1, "file", CREAT, ALL, 4).unwrap();
    assert_eq!(guest.read(fd, 100), Ok(Vec::new()));
    // When the embedder interrupts, the guest sees that.
    guest.stdin.closed.set(false);
    guest.wasi.fd_fdstat_set_flags(0, 0).unwrap();
    assert_eq!(guest.read(0, 100), Err(Intr));
}

#[test]
fn polling_never_fails_and_never_spins() {
    let mut guest = Guest::new();
    assert_eq!(guest.poll(0), Err(Inval));
    let (clock, read, write) = (0, 1, 2);
    // A timeout of zero does not wait; a second does, once.
    guest.subscribe(0, 7, clock, 1, 0, 0);
    assert_eq!(guest.poll(1), Ok(vec![(7, 0, clock)]));
    assert_eq!(guest.time.waits.get(), 0);
    guest.subscribe(0, 7, clock, 1, 1_000_000_000, 0);
    assert_eq!(guest.poll(1), Ok(vec![(7, 0, clock)]));
    assert_eq!(
        (guest.time.waits.get(), guest.time.now.get()),
        (1, 1_000_000_000)
    );
    // Absolute times of both clocks, also those that have passed.
    guest.subscribe(0, 1, clock, 0, 5, 1);
    guest.subscribe(1, 2, clock, 1, 1_000_000_005, 1);
    assert_eq!(guest.poll(2), Ok(vec![(1, 0, clock)]));
    guest.subscribe(0, 1, clock, 0, 1_001_000_007, 1);
    assert_eq!(guest.poll(2), Ok(vec![(2, 0, clock)]));
    assert_eq!(guest.time.now.get(), 1_000_000_005);
    // What is wrong with one subscription is its own event.
    guest.subscribe(0, 1, read, 999, 0, 0);
    guest.subscribe(1, 2, clock, 9, 0, 0);
    guest.subscribe(2, 3, 7, 0, 0, 0);
    guest.subscribe(3, 4, write, 0, 0, 0);
    guest.subscribe(4, 5, clock, 1, u64::MAX, 0);
    guest.subscribe(5, 6, read, DIR, 0, 0);
    guest.subscribe(6, 7, write, 1, 0, 0);
    let events = guest.poll(7).unwrap();
    let badf = BadF.raw();
    assert_eq!(
        events,
        [
            (1, badf, read),
            (2, Inval.raw(), clock),
            (3, Inval.raw(), 7),
            (4, badf, write),
            (6, 0, read),
            (7, 0, write)
        ]
    );
    // Only a timeout that never comes, and a stream that becomes ready while the guest sleeps.
    let waits = guest.time.waits.get();
    let stdin = guest.stdin.clone();
    guest.time.events.borrow_mut().push_back(Box::new(|| {}));
    guest
        .time
        .events
        .borrow_mut()
        .push_back(Box::new(move || stdin.data.borrow_mut().extend(b"x")));
    guest.subscribe(0, 1, clock, 1, u64::MAX, 0);
    guest.subscribe(1, 2, read, 0, 0, 0);
    assert_eq!(guest.poll(2), Ok(vec![(2, 0, read)]));
    assert_eq!(
        guest.time.waits.get(),
        waits + 2,
        "one wait came back early"
    );
    // As many as Go can have.
    for index in 0..65_535 {
        guest.subscribe(index, u64::from(index), read, 0, 0, 0);
    }
    assert_eq!(guest.poll(65_535).map(|events| events.len()), Ok(65_535));
    assert_eq!(
        guest.call(|wasi, memory| wasi.poll_oneoff(memory, DATA, DATA, u32::MAX, OUT)),
        Err(Fault)
    );
}

#[test]
fn descriptors_have_a_limit() {
    let mut guest = Guest::with(vec![("/", ram())], |builder| {
        builder.fd_limit(20);
    });
    guest.file(DIR, "file", b"");
    let mut opened = Vec::new();
    let errno = loop {
        match guest.open(DIR, "file", 0, READ) {
            Ok(fd) => opened.push(fd),
            Err(errno) => break errno,
        }
    };
    assert_eq!(errno, MFile);
    assert_eq!(opened.last(), Some(&19));
    guest.wasi.fd_close(opened[3]).unwrap();
    assert_eq!(guest.open(DIR, "file", 0, READ), Ok(opened[3]));
    guest.wasi.fd_renumber(opened[4], opened[5]).unwrap();
    assert_eq!(guest.wasi.fd_close(opened[4]), Err(BadF));
}

#[test]
fn arguments_and_environment() {
    let mut guest = Guest::with(vec![], |builder| {
        builder
            .arg("program")
            .arg("ä")
            .env("A", "1")
            .env("B", "")
            .env("A", "2");
    });
    guest
        .call(|wasi, memory| wasi.args_sizes_get(memory, OUT, OUT + 4))
        .unwrap();
    assert_eq!((guest.u32(OUT), guest.u32(OUT + 4)), (2, 11));
    guest
        .call(|wasi, memory| wasi.args_get(memory, OUT, DATA))
        .unwrap();
    assert_eq!(
        &guest.bytes[DATA as usize..][..11],
        "program\0ä\0".as_bytes()
    );
    assert_eq!(guest.u32(OUT + 4), DATA + 8);
    assert_eq!(guest.wasi.env(), [&b"B="[..], b"A=2"]);
    let end = guest.bytes.len() as u32;
    assert_eq!(
        guest.call(|wasi, memory| wasi.environ_get(memory, OUT, end - 2)),
        Err(Fault)
    );
    assert_eq!(guest.wasi.proc_exit(300).code, 300);
    assert_eq!(
        guest
            .wasi
            .proc_raise(6)
            .map(|end| end.map_err(|exit| exit.code)),
        Ok(Err(134))
    );
}
