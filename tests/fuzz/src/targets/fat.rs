//! FAT and exFAT volumes: one is formatted, its sectors are damaged as the input says, then it is mounted, mended and used.
//!
//! The first byte is the kind of volume. Each eight bytes that follow replace four bytes of the volume by others. Some volumes were cut
//! from power in a rename: the mount finishes it as the journal says. The journal's checksum is corrected after the damage, so that a
//! damaged record is used.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use wasi_shim::Errno;
use wasi_shim::fat::image::{self, Kind};
use wasi_shim::fat::{BlockDevice, FatFs, MemDisk, SECTOR};
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
        // Kinds of renames, and the marks of volumes that were not unmounted.
        &[1, 0, 0, 0],
        &[4, 0, 0, 0],
        &[5, 0, 0, 0],
        &[2, 0],
        &[0xff, 0x7f],
    ],
    longest: 257,
};

/// What files are opened for.
const BOTH: Access = Access {
    read: true,
    write: true,
};

/// A volume of each kind that is small, with a directory, a long name and a file of several clusters. Then the same ones at the
/// moment when a rename had begun.
static VOLUMES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let (whole, cut): (Vec<_>, Vec<_>) = [Kind::Fat12, Kind::Fat16, Kind::ExFat]
        .map(volume)
        .into_iter()
        .unzip();
    whole.into_iter().chain(cut).collect()
});

/// How a record of the journal begins, how many bytes it has, and where its checksum of the bytes after it stands.
const RECORD: &[u8; 8] = b"WASI-REN";
const RECORD_LEN: usize = 2048;
const SUM: usize = 8;

/// A disk that is looked at when its volume is gone, and its bytes when a rename had begun.
#[derive(Clone)]
struct Shared(Arc<Mutex<MemDisk>>, Arc<Mutex<Vec<u8>>>);

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
        self.disk().write(sector, data)?;
        if data.starts_with(RECORD) {
            let mut cut = self.1.lock().unwrap_or_else(PoisonError::into_inner);
            *cut = self.disk().bytes().to_vec();
        }
        Ok(())
    }
}

fn clock() -> Box<dyn Fn() -> u64 + Send> {
    Box::new(|| 1_700_000_000_000_000_000)
}

/// A volume that was unmounted, and the same one in the middle of a rename.
fn volume(kind: Kind) -> (Vec<u8>, Vec<u8>) {
    let size = if kind == Kind::Fat12 {
        1 << 20
    } else {
        6 << 20
    };
    let disk = MemDisk::new(vec![0; size]);
    let disk = Shared(Arc::new(Mutex::new(disk)), Arc::default());
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
    let whole = disk.disk().bytes().to_vec();
    let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), false).expect("it is whole");
    let root = fs.root();
    let dir = fs.lookup(root, "directory").expect("it was made").node;
    fs.rename(dir, "SHORT.TXT", root, "a long name of its own.text")
        .expect("there is room");
    drop(fs);
    let cut = core::mem::take(&mut *disk.1.lock().unwrap_or_else(PoisonError::into_inner));
    assert!(!cut.is_empty(), "the rename wrote a record");
    (whole, cut)
}

/// Corrects the checksum of a journal's record, if the volume has one.
fn seal(volume: &mut [u8]) {
    let mut sectors = volume.chunks_exact(SECTOR);
    let Some(at) = sectors.position(|sector| sector.starts_with(RECORD)) else {
        return;
    };
    let Some(record) = volume[at * SECTOR..].get_mut(..RECORD_LEN) else {
        return;
    };
    let step = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    let sum = record[SUM + 4..].iter().fold(0x811c_9dc5, step);
    record[SUM..SUM + 4].copy_from_slice(&sum.to_le_bytes());
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
    seal(&mut bytes[..reach * 4]);
    let Ok(mut fs) = FatFs::mount(Box::new(MemDisk::new(bytes)), clock(), false) else {
        return;
    };
    let _ = fs.mend();
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

/// Uses up to `left` entries: reads and writes files, and moves and removes some of them.
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
        let is_file = entry.kind == FileType::RegularFile;
        if is_file && fs.open(entry.node, BOTH, false).is_ok() {
            let mut buffer = [0; 600];
            let _ = fs.read_at(entry.node, 4000, &mut buffer);
            let _ = fs.write_at(entry.node, 4990, b"across the end");
            let size = fs.stat(entry.node).map_or(0, |stat| stat.size);
            let _ = fs.write_at(entry.node, size, &buffer);
            let _ = fs.append(entry.node, b"one more");
            let _ = fs.set_len(entry.node, size / 2);
            let root = fs.root();
            let _ = match *left % 3 {
                0 => fs.unlink(dir, &name),
                1 => fs.rename(dir, &name, root, "moved"),
                _ => Ok(()),
            };
            let _ = fs.write_at(entry.node, 0, b"start");
            fs.close(entry.node);
        }
        walk(fs, entry.node, left);
        fs.forget(entry.node);
    }
}
