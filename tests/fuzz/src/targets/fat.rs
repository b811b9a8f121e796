//! FAT and exFAT volumes: one is formatted, its sectors are damaged as the input says, then it is mounted and used.
//!
//! The first byte is the kind of volume. Each eight bytes that follow replace four bytes of the volume by others.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use wasi_shim::Errno;
use wasi_shim::fat::image::{self, Kind};
use wasi_shim::fat::{BlockDevice, FatFs, MemDisk};
use wasi_shim::fs::{Access, FileSystem, Node};
use wasi_shim::types::FileType;

use super::Target;

pub(super) const TARGET: Target = Target {
    name: "fat",
    run,
    words: &[
        // Where the tables, the backup and directories lie, in words.
        &[0, 0, 0, 0],
        &[0x80, 0, 0, 0],
        &[0, 1, 0, 0],
        &[0xff, 0xff, 0xff, 0x0f],
        &[0xf8, 0xff, 0xff, 0xff],
        b"LFN ",
        &[0xe5],
        &[0x55, 0xaa],
        &[0x85, 0xc0, 0xc1, 0x81],
    ],
    longest: 257,
};

/// What files are opened for.
const BOTH: Access = Access {
    read: true,
    write: true,
};

/// A volume of each kind that is small, with a directory, a long name and a file of several clusters.
static VOLUMES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| [Kind::Fat12, Kind::Fat16, Kind::ExFat].map(volume).into());

/// A disk that is looked at when its volume is gone.
#[derive(Clone)]
struct Shared(Arc<Mutex<MemDisk>>);

impl Shared {
    fn disk(&self) -> MutexGuard<'_, MemDisk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BlockDevice for Shared {
    fn sectors(&self) -> u64 {
        self.disk().sectors()
    }

    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
        self.disk().read(sector, buf)
    }

    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        self.disk().write(sector, data)
    }
}

fn clock() -> Box<dyn Fn() -> u64 + Send> {
    Box::new(|| 1_700_000_000_000_000_000)
}

fn volume(kind: Kind) -> Vec<u8> {
    let size = if kind == Kind::Fat12 {
        1 << 20
    } else {
        6 << 20
    };
    let disk = Shared(Arc::new(Mutex::new(MemDisk::new(vec![0; size]))));
    let options = image::Options {
        kind,
        partition: false,
        ..image::Options::default()
    };
    image::format(&mut disk.clone(), &options).expect("it is large enough");
    let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), false).expect("it is new");
    let root = fs.root();
    fs.mkdir(root, "directory").expect("there is room");
    let dir = fs.lookup(root, "directory").expect("it was made").node;
    for name in ["SHORT.TXT", "a long name, which takes several entries.text"] {
        let file = fs.create(dir, name).expect("there is room");
        fs.open(file, BOTH, false).expect("it is a file");
        fs.write_at(file, 0, &[7; 5000]).expect("there is room");
        fs.close(file);
        fs.forget(file);
    }
    fs.sync_all().expect("it is in memory");
    drop(fs);
    disk.disk().bytes().to_vec()
}

fn run(input: &[u8]) {
    let Some((kind, damage)) = input.split_first() else {
        return;
    };
    let mut bytes = VOLUMES[usize::from(*kind) % VOLUMES.len()].clone();
    // All that is not content lies at the beginning.
    let reach = bytes.len().min(512 << 10) / 4;
    for change in damage.chunks_exact(8) {
        let place = u32::from_le_bytes([change[0], change[1], change[2], change[3]]);
        let at = place as usize % reach * 4;
        bytes[at..at + 4].copy_from_slice(&change[4..]);
    }
    let Ok(mut fs) = FatFs::mount(Box::new(MemDisk::new(bytes)), clock(), false) else {
        return;
    };
    let root = fs.root();
    let mut left = 40;
    walk(&mut fs, root, &mut left);
    if let Ok(file) = fs.create(root, "new file") {
        if fs.open(file, BOTH, false).is_ok() {
            let _ = fs.write_at(file, 3000, b"behind a hole");
            let _ = fs.set_len(file, 100);
            fs.close(file);
        }
        fs.forget(file);
    }
    let _ = fs.mkdir(root, "new directory");
    let _ = fs.rename(root, "new file", root, "renamed, to a name that is longer");
    let _ = fs.unlink(root, "renamed, to a name that is longer");
    let _ = fs.sync_all();
}

/// Looks at up to `left` entries.
fn walk(fs: &mut FatFs, dir: Node, left: &mut usize) {
    let mut names = Vec::new();
    let _ = fs.read_dir(dir, 0, &mut |entry| {
        names.push(entry.name.to_owned());
        names.len() < 30
    });
    for name in names {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let Ok(entry) = fs.lookup(dir, &name) else {
            continue;
        };
        let _ = fs.stat(entry.node);
        let mut buffer = [0; 600];
        let is_file = entry.kind == FileType::RegularFile;
        if is_file && fs.open(entry.node, BOTH, false).is_ok() {
            let _ = fs.read_at(entry.node, 4000, &mut buffer);
            fs.close(entry.node);
        }
        walk(fs, entry.node, left);
        fs.forget(entry.node);
    }
}
