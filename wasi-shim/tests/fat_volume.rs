//! What only FAT volumes do: images and partitions, limits, gathered writes, read-ahead, what a mount leaves behind.

mod disks;
mod suite;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use disks::{ALL_KINDS, Image, Judge, Overlay, RamDisk, Verdict, clock, fat_subject, mount};
use suite::{READ_WRITE, Subject};
use wasi_shim::fat::image::{self, FormatError, Kind, Options};
use wasi_shim::fat::{BlockDevice, Contents, FatFs, FileDisk, MemDisk, MountError, SECTOR};
use wasi_shim::{Access, Errno, FileSystem, SetTime};

/// A file in the system's folder for such, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let name = format!("wasi-shim-{}-{name}", std::process::id());
        Scratch(std::env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn an_image_file_holds_what_was_written() {
    let judge = Judge::find();
    let path = Scratch::new("card.img");
    let mut disk = FileDisk::create(&path.0, (64 << 20) / SECTOR as u64).unwrap();
    let options = Options {
        kind: Kind::Fat32,
        label: Some("CARD"),
        ..Options::default()
    };
    image::format(&mut disk, &options).unwrap();
    let fs = FatFs::mount(Box::new(disk), clock(), false).unwrap();
    let root = fs.root();
    let mut s = Subject {
        fs: Box::new(fs),
        root,
        traits: disks::traits(Kind::Fat32),
    };
    s.put(root, "file", &[3; 100_000]);
    drop(s);

    let disk = FileDisk::open(&path.0, false).unwrap();
    assert!(!disk.writable());
    let fs = FatFs::mount(Box::new(disk), clock(), true).unwrap();
    let mut s = Subject {
        fs: Box::new(fs),
        root,
        traits: disks::traits(Kind::Fat32),
    };
    assert_eq!(s.get(root, "file"), [3; 100_000]);
    assert_eq!(s.names(root), ["file"]);
    drop(s);

    // The judge wants the volume without the table in front of it.
    let bytes = std::fs::read(&path.0).unwrap();
    assert_eq!(bytes[510..512], [0x55, 0xaa]);
    assert_eq!(bytes[450], 0x0c);
    let start = u32::from_le_bytes(bytes[454..458].try_into().unwrap()) as usize * SECTOR;
    let (verdict, text) = judge.verdict(&Image::new(&bytes[start..]), Kind::Fat32);
    assert_eq!(verdict, Verdict::Clean, "{text}");
}

#[test]
fn the_same_image_twice_is_the_same() {
    for kind in ALL_KINDS {
        let make = || {
            let disk = RamDisk::formatted(kind, 8 << 20);
            let fs = FatFs::mount(disk.device(), Box::new(|| 1_600_000_000_000_000_000), false);
            let fs = fs.unwrap();
            let root = fs.root();
            let mut s = Subject {
                fs: Box::new(fs),
                root,
                traits: disks::traits(kind),
            };
            let dir = s.dir(root, "a directory");
            s.put(dir, "file", &[1; 10_000]);
            s.put(root, "other", b"other");
            s.fs.rename(dir, "file", root, "other").unwrap();
            drop(s);
            disk.bytes()
        };
        assert!(make() == make(), "{kind:?}");
    }
}

#[test]
fn formatting_says_what_is_wrong() {
    let format = |bytes: usize, options: Options<'_>| {
        image::format(&mut MemDisk::new(vec![0; bytes]), &options)
    };
    let kind = |kind| Options {
        kind,
        ..Options::default()
    };
    assert_eq!(format(8 << 20, kind(Kind::Fat32)), Err(FormatError::Size));
    assert_eq!(format(100 << 20, kind(Kind::Fat12)), Err(FormatError::Size));
    assert_eq!(format(512, Options::default()), Err(FormatError::Size));
    let label = Options {
        label: Some("far too long a label"),
        ..Options::default()
    };
    assert_eq!(format(16 << 20, label), Err(FormatError::Label));
    // Every size that a card or a test may have, with and without a table.
    for shift in 18..30 {
        for partition in [false, true] {
            let mut disk = Overlay::sparse(1 << shift);
            image::format(
                &mut disk,
                &Options {
                    partition,
                    ..Options::default()
                },
            )
            .unwrap();
            FatFs::mount(Box::new(disk), clock(), false).unwrap();
        }
    }
    assert_eq!(image::size_for(0), 16 << 20);
    assert_eq!(image::size_for(20 << 20), 64 << 20);
}

#[test]
fn what_is_no_volume_is_not_mounted() {
    let refused = |bytes: Vec<u8>| {
        let disk = Box::new(MemDisk::new(bytes));
        FatFs::mount(disk, clock(), false).map(drop).unwrap_err()
    };
    assert_eq!(refused(Vec::new()), MountError::NoVolume(Contents::None));
    assert_eq!(
        refused(vec![0; 1 << 20]),
        MountError::NoVolume(Contents::Empty)
    );
    let mut cut = RamDisk::formatted(Kind::Fat16, 8 << 20).bytes();
    cut.truncate(1 << 20);
    assert!(matches!(refused(cut), MountError::Damaged(_)));
    let failing = Overlay::sparse(1 << 20);
    failing.meter.fails.set(1);
    let error = FatFs::mount(Box::new(failing), clock(), false).map(drop);
    assert_eq!(error.unwrap_err(), MountError::Device(Errno::Io));
}

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
    let disk = RamDisk::formatted(Kind::Fat16, 8 << 20);
    let mut s = fat_subject(&disk);
    let file = s.file(s.root, "file", b"x");
    s.fs.unlink(s.root, "file").unwrap();
    let name = "WASI-BIN.$$$";
    assert!(s.names(s.root).is_empty());
    assert_eq!(s.fs.lookup(s.root, name), Err(Errno::NoEnt));
    assert_eq!(s.fs.lookup(s.root, &name.to_lowercase()), Err(Errno::NoEnt));
    assert_eq!(s.fs.create(s.root, name), Err(Errno::Inval));
    assert_eq!(s.fs.mkdir(s.root, name), Err(Errno::Inval));
    assert_eq!(s.fs.rmdir(s.root, name), Err(Errno::NoEnt));
    assert_eq!(s.fs.rename(s.root, name, s.root, "mine"), Err(Errno::NoEnt));
    s.put(s.root, "other", b"");
    assert_eq!(
        s.fs.rename(s.root, "other", s.root, name),
        Err(Errno::Inval)
    );
    s.fs.close(file);
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

/// Volumes as `mkfs.exfat` makes them, bare and in partitions of any place and type, are mounted, written and clean afterwards.
#[test]
fn exfat_volumes_of_other_tools() {
    let judge = Judge::find();
    for (size, args, partition) in [
        (4_u64 << 20, &[][..], None),
        (64 << 20, &["-c", "4K"], Some((2048, 0x07))),
        (300 << 20, &["-c", "128K"], Some((32_768, 0x07))),
        (64 << 20, &["-c", "512", "-n", "LABEL"], Some((63, 0x83))),
        (2 << 30, &[], Some((8192, 0x0c))),
    ] {
        let image = Image::new(&[]);
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(image.path())
            .unwrap();
        file.set_len(size).unwrap();
        let made = std::process::Command::new("mkfs.exfat")
            .args(args)
            .arg(image.path())
            .output();
        let Ok(made) = made else {
            println!("skipped: volumes of mkfs.exfat (install exfatprogs)");
            return;
        };
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let volume = FileDisk::open(image.path(), true).unwrap();
        let device: Box<dyn BlockDevice> = match partition {
            None => Box::new(volume),
            Some((start, kind)) => Box::new(Partitioned::new(volume, start, kind)),
        };
        let fs = FatFs::mount(device, clock(), false)
            .unwrap_or_else(|error| panic!("{args:?}: {error}"));
        let root = fs.root();
        let mut s = Subject {
            fs: Box::new(fs),
            root,
            traits: disks::traits(Kind::ExFat),
        };
        s.put(root, "a file.txt", &[7; 10_000]);
        assert_eq!(s.get(root, "a file.txt"), [7; 10_000]);
        drop(s);
        let (verdict, text) = judge.verdict(&image, Kind::ExFat);
        assert_eq!(verdict, Verdict::Clean, "{args:?}: {text}");
    }
}

/// A disk with one partition, which is another disk.
struct Partitioned {
    volume: FileDisk,
    start: u64,
    table: [u8; SECTOR],
}

impl Partitioned {
    fn new(volume: FileDisk, start: u32, kind: u8) -> Partitioned {
        let mut table = [0; SECTOR];
        table[450] = kind;
        table[454..458].copy_from_slice(&start.to_le_bytes());
        table[458..462].copy_from_slice(&(volume.sectors() as u32).to_le_bytes());
        table[510..].copy_from_slice(&[0x55, 0xaa]);
        Partitioned {
            volume,
            start: u64::from(start),
            table,
        }
    }
}

impl BlockDevice for Partitioned {
    fn sectors(&self) -> u64 {
        self.start + self.volume.sectors()
    }
    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
        if sector >= self.start {
            return self.volume.read(sector - self.start, buf);
        }
        buf.fill(0);
        if sector == 0 {
            buf[..SECTOR].copy_from_slice(&self.table);
        }
        Ok(())
    }
    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        self.volume.write(sector - self.start, data)
    }
    fn flush(&mut self) -> Result<(), Errno> {
        self.volume.flush()
    }
}
