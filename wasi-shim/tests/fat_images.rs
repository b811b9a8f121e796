//! Images of volumes: in files, formatted here or by other tools, in partitions; and disks on which there is no volume.

mod disks;
mod suite;

use std::path::PathBuf;

use disks::{ALL_KINDS, Image, Judge, Overlay, RamDisk, Verdict, clock};
use suite::Subject;
use wasi_shim::Errno;
use wasi_shim::fat::image::{self, FormatError, Kind, Options};
use wasi_shim::fat::{BlockDevice, Contents, FatFs, FileDisk, MemDisk, MountError, SECTOR};

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
