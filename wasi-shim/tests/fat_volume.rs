//! What only FAT volumes do: images and partitions, limits, gathered writes, read-ahead, what a mount leaves behind.

mod disks;
mod suite;

use std::sync::{Arc, Mutex};

use disks::{ALL_KINDS, Judge, Overlay, RamDisk, clock, fat_subject, mount};
use suite::READ_WRITE;
use wasi_shim::fat::image::{self, Kind, Options};
use wasi_shim::fat::{BlockDevice, FatFs, MemDisk, SECTOR};
use wasi_shim::{Access, Errno, FileSystem, SetTime};

#[test]
fn a_volume_is_read_only_for_everything() {
    let disk = RamDisk::formatted(Kind::Fat16, 8 << 20);
    {
        let mut s = fat_subject(&disk);
        s.put(s.root, "file", b"content");
        s.dir(s.root, "dir");
    }
    let before = disk.bytes();
    let mut fs = FatFs::mount(disk.device(), clock(), true).unwrap();
    let root = fs.root();
    let file = fs.lookup(root, "file").unwrap().node;
    assert!(matches!(fs.open(file, READ_WRITE, false), Err(Errno::RoFs)));
    fs.open(
        file,
        Access {
            read: true,
            write: false,
        },
        false,
    )
    .unwrap();
    let mut buf = [0; 10];
    assert_eq!(fs.read_at(file, 0, &mut buf), Ok(7));
    assert_eq!(fs.create(root, "new"), Err(Errno::RoFs));
    assert_eq!(fs.mkdir(root, "new"), Err(Errno::RoFs));
    assert_eq!(fs.unlink(root, "file"), Err(Errno::RoFs));
    assert_eq!(fs.rmdir(root, "dir"), Err(Errno::RoFs));
    assert_eq!(fs.rename(root, "file", root, "new"), Err(Errno::RoFs));
    assert_eq!(fs.write_at(file, 0, b"x"), Err(Errno::RoFs));
    assert_eq!(fs.set_len(file, 0), Err(Errno::RoFs));
    assert_eq!(
        fs.set_times(file, SetTime::Now, SetTime::Now),
        Err(Errno::RoFs)
    );
    fs.sync(file, false).unwrap();
    fs.close(file);
    drop(fs);
    assert!(disk.bytes() == before, "a read-only mount wrote");
}

#[test]
fn files_end_at_four_gibibytes() {
    const END: u64 = u32::MAX as u64;

    let mut disk = Overlay::sparse(6 << 30);
    image::format(
        &mut disk,
        &Options {
            partition: false,
            ..Options::default()
        },
    )
    .unwrap();
    let mut fs = FatFs::mount(Box::new(disk), clock(), false).unwrap();
    let root = fs.root();
    let file = fs.create(root, "large").unwrap();
    fs.open(file, READ_WRITE, false).unwrap();
    assert_eq!(fs.set_len(file, END + 1), Err(Errno::FBig));
    assert_eq!(fs.write_at(file, END, b"x"), Err(Errno::FBig));
    assert_eq!(fs.write_at(file, u64::MAX, b"x"), Err(Errno::FBig));
    assert_eq!(fs.allocate(file, END, 1), Err(Errno::FBig));
    assert_eq!(fs.stat(file).unwrap().size, 0);
    fs.set_len(file, END - 3).unwrap();
    assert_eq!(fs.write_at(file, END - 3, b"abcdef"), Ok(3));
    assert_eq!(fs.append(file, b"x"), Err(Errno::FBig));
    let mut buf = [0; 8];
    assert_eq!(fs.read_at(file, END - 5, &mut buf), Ok(5));
    assert_eq!(&buf[..5], b"\0\0abc");
    fs.close(file);
}

#[test]
fn a_full_volume_says_so_and_keeps_what_it_has() {
    let judge = Judge::find();
    let disk = RamDisk::formatted(Kind::Fat16, 4 << 20);
    {
        let mut s = fat_subject(&disk);
        let file = s.file(s.root, "large", b"");
        let mut written = 0;
        loop {
            match s.fs.append(file, &[5; 100_000]) {
                Ok((count, end)) => {
                    written += count as u64;
                    assert_eq!(end, written);
                }
                Err(errno) => {
                    assert_eq!(errno, Errno::NoSpc);
                    break;
                }
            }
        }
        assert!(written > 3_500_000, "{written} bytes of 4 MiB");
        assert_eq!(s.fs.stat(file).unwrap().size, written);
        let small = s.fs.create(s.root, "small").unwrap();
        s.open(small);
        assert_eq!(s.fs.write_at(small, 0, b"x"), Err(Errno::NoSpc));
        assert_eq!(s.fs.mkdir(s.root, "dir"), Err(Errno::NoSpc));
        // Without space for the journal a rename is still made.
        s.fs.rename(s.root, "small", s.root, "renamed").unwrap();
        s.fs.set_len(file, 100).unwrap();
        s.write(small, 0, &[1; 50_000]);
        s.fs.close(small);
        s.fs.close(file);
        assert_eq!(s.get(s.root, "renamed"), [1; 50_000]);
    }
    judge.check(&disk, Kind::Fat16);
}

#[test]
fn small_writes_are_gathered_and_reads_run_ahead() {
    let mut disk = Overlay::sparse(64 << 20);
    let options = Options {
        kind: Kind::Fat16,
        partition: false,
        ..Options::default()
    };
    image::format(&mut disk, &options).unwrap();
    let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), false).unwrap();
    let root = fs.root();
    let file = fs.create(root, "log").unwrap();
    fs.open(file, READ_WRITE, false).unwrap();
    let before = disk.meter.writes.get();
    for line in 0..1_000u32 {
        fs.append(file, format!("line {line:6}\n").as_bytes())
            .unwrap();
    }
    fs.close(file);
    let writes = disk.meter.writes.get() - before;
    println!("1000 appends of 12 bytes: {writes} device writes");
    assert!(writes < 40, "{writes} device writes");

    let large = fs.create(root, "large").unwrap();
    fs.open(large, READ_WRITE, false).unwrap();
    fs.write_at(large, 0, &[7; 200_000]).unwrap();
    fs.close(large);
    drop(fs);
    let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), true).unwrap();
    let large = fs.lookup(root, "large").unwrap().node;
    fs.open(
        large,
        Access {
            read: true,
            write: false,
        },
        false,
    )
    .unwrap();
    let before = disk.meter.reads.get();
    let mut buf = [0; 512];
    for pos in (0..200_000).step_by(512) {
        assert!(fs.read_at(large, pos, &mut buf).unwrap() > 0);
    }
    let reads = disk.meter.reads.get() - before;
    println!("200 KB in pieces of 512 bytes: {reads} device reads");
    assert!(reads < 20, "{reads} device reads");
    fs.close(large);
}

#[test]
fn unmounting_leaves_a_clean_volume_and_a_cut_is_cleaned_up() {
    let judge = Judge::find();
    for kind in ALL_KINDS {
        let disk = RamDisk::formatted(kind, 8 << 20);
        let mut s = fat_subject(&disk);
        let file = s.file(s.root, "open", &[1; 30_000]);
        s.fs.unlink(s.root, "open").unwrap();
        s.put(s.root, "kept", b"kept");
        // As if the power went now.
        let cut = RamDisk::new(disk.bytes());
        s.fs.close(file);
        drop(s);
        judge.check(&disk, kind);
        let mut s = fat_subject(&cut);
        assert_eq!(s.names(s.root), ["kept"]);
        drop(s);
        let free = |disk: &RamDisk| mount(disk).space().unwrap().1;
        assert_eq!(free(&cut), free(&disk), "{kind:?}: clusters are lost");
    }
}

#[test]
fn the_bin_is_nobodys_business() {
    // FAT compares letters without their case, and takes a long `s` for an `S`, and a dotless `i` for an `I`.
    let names = [
        "WASI-BIN.$$$",
        "wasi-bin.$$$",
        "wa\u{17f}i-bin.$$$",
        "was\u{131}-b\u{131}n.$$$",
    ];
    for name in names {
        let disk = RamDisk::formatted(Kind::Fat16, 8 << 20);
        let mut s = fat_subject(&disk);
        let file = s.file(s.root, "file", b"x");
        s.fs.unlink(s.root, "file").unwrap();
        assert!(s.names(s.root).is_empty());
        assert_eq!(s.fs.lookup(s.root, name), Err(Errno::NoEnt), "{name}");
        assert_eq!(s.fs.create(s.root, name), Err(Errno::Inval), "{name}");
        assert_eq!(s.fs.mkdir(s.root, name), Err(Errno::Inval), "{name}");
        assert_eq!(s.fs.rmdir(s.root, name), Err(Errno::NoEnt), "{name}");
        let moved = s.fs.rename(s.root, name, s.root, "mine");
        assert_eq!(moved, Err(Errno::NoEnt), "{name}");
        s.put(s.root, "other", b"");
        let moved = s.fs.rename(s.root, "other", s.root, name);
        assert_eq!(moved, Err(Errno::Inval), "{name}");
        s.fs.close(file);
    }
}

#[test]
fn the_bin_of_exfat_has_one_name() {
    // This volume's table of letters leaves both as they are.
    let disk = RamDisk::formatted(Kind::ExFat, 8 << 20);
    let mut s = fat_subject(&disk);
    assert_eq!(s.fs.mkdir(s.root, "wasi-bin.$$$"), Err(Errno::Inval));
    s.fs.mkdir(s.root, "wa\u{17f}i-bin.$$$").unwrap();
}

#[test]
fn files_marked_read_only_are_not_written() {
    let disk = RamDisk::formatted(Kind::Fat16, 8 << 20);
    {
        let mut s = fat_subject(&disk);
        s.put(s.root, "LOCKED", b"content");
    }
    let mut image = disk.bytes();
    let entry = image
        .windows(11)
        .position(|part| part == b"LOCKED     ")
        .unwrap();
    image[entry + 11] |= 1;
    let mut s = fat_subject(&RamDisk::new(image));
    let file = s.node(s.root, "LOCKED");
    assert!(matches!(
        s.fs.open(file, READ_WRITE, false),
        Err(Errno::Acces)
    ));
    assert_eq!(s.get(s.root, "LOCKED"), b"content");
}

#[test]
fn devices_can_be_shared_and_borrowed() {
    let disk = Arc::new(Mutex::new(MemDisk::new(vec![0; 1 << 20])));
    image::format(&mut *disk.lock().unwrap(), &Options::default()).unwrap();
    let shared = &mut disk.clone();
    let mut sector = [0; SECTOR];
    shared.read(0, &mut sector).unwrap();
    assert_eq!(sector[510..], [0x55, 0xaa]);
    assert_eq!(shared.sectors(), 2_048);
    assert_eq!(shared.read(2_048, &mut sector), Err(Errno::Io));
    assert_eq!(shared.write(2_047, &[0; 2 * SECTOR]), Err(Errno::Io));
}
