//! Files that are replaced as a whole, as the state of a program that hibernates. The power fails after writes to the device, and in the middle
//! of those of several sectors: the file has its old or its new content.

mod disks;
mod suite;

use std::sync::Arc;

use disks::{ALL_KINDS, Overlay, RamDisk, Sectors, Shared, clock};
use embedded_io::{Read, Write};
use wasi_shim::fat::image::Kind;
use wasi_shim::fat::{BlockDevice, FatFs, SECTOR};
use wasi_shim::whole::{self, Reader};
use wasi_shim::{Errno, FileSystem};

const NAME: &str = "hibernate.wi";
const ASIDE: &str = "hibernate.new";

/// A device that notes every write.
struct Recorder {
    device: Box<dyn BlockDevice>,
    log: Shared<Vec<(u64, Vec<u8>)>>,
}

impl BlockDevice for Recorder {
    fn sectors(&self) -> u64 {
        self.device.sectors()
    }
    fn read(&mut self, sector: u64, buf: &mut [u8]) -> Result<(), Errno> {
        self.device.read(sector, buf)
    }
    fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        self.log.borrow_mut().push((sector, data.to_vec()));
        self.device.write(sector, data)
    }
}

fn mounted(device: Box<dyn BlockDevice>) -> FatFs {
    let mut fs = FatFs::mount(device, clock(), false).expect("it is a volume");
    fs.mend().expect("it can be mended");
    fs
}

fn contents(seed: u8, len: usize) -> Vec<u8> {
    (0..len).map(|at| (at / 5) as u8 ^ seed).collect()
}

fn replace(fs: &mut FatFs, contents: &[u8]) -> Result<(), Errno> {
    let root = fs.root();
    whole::replace(fs, root, NAME, ASIDE, |file| {
        // A state comes in pieces of many sizes.
        let (first, rest) = contents.split_at(contents.len().min(3));
        file.write_all(first)?;
        rest.chunks(4097).try_for_each(|part| file.write_all(part))
    })
}

fn read(fs: &mut FatFs) -> Result<Vec<u8>, Errno> {
    let root = fs.root();
    let mut file = Reader::open(fs, root, NAME)?;
    let mut contents = vec![0; file.len() as usize];
    let (first, rest) = contents.split_at_mut(file.len().min(7) as usize);
    let whole = file.read_exact(first).and_then(|()| file.read_exact(rest));
    whole.expect("it is as long as it says");
    assert_eq!((file.position(), file.read(&mut [0])), (file.len(), Ok(0)));
    Ok(contents)
}

fn cut_everywhere(kind: Kind) -> usize {
    let (old, new) = (contents(1, 70_001), contents(2, 90_000));
    let disk = RamDisk::formatted(kind, 4 << 20);
    let mut fs = mounted(disk.device());
    replace(&mut fs, &old).expect("there is room");
    drop(fs);
    let base = Arc::new(disk.bytes());
    let log = Shared::new(Vec::new());
    let device = Recorder {
        device: disk.device(),
        log: log.clone(),
    };
    let mut fs = mounted(Box::new(device));
    replace(&mut fs, &new).expect("there is room");
    // It is on the medium, before the volume is unmounted.
    let replaced = log.borrow().len();
    drop(fs);
    let mut changed = Sectors::new();
    let mut seen = [0, 0];
    for (index, (sector, data)) in log.take().iter().enumerate() {
        let sectors: Vec<_> = (*sector..).zip(data.chunks_exact(SECTOR)).collect();
        let middle = sectors.len() / 2;
        for part in [&sectors[..middle], &sectors[middle..]] {
            for (sector, data) in part {
                changed.insert(*sector, data.to_vec());
            }
            let disk = Overlay::new(base.clone(), changed.clone());
            let mut fs = mounted(Box::new(disk));
            let found = read(&mut fs).expect("it is always there");
            let is_new = found == new;
            assert!(is_new || found == old, "{kind:?}, write {index}");
            assert!(is_new || index < replaced, "{kind:?}, write {index}");
            seen[usize::from(is_new)] += 1;
            // What the cut has left does not matter.
            replace(&mut fs, &old).expect("there is room");
            assert_eq!(read(&mut fs).as_ref(), Ok(&old));
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{kind:?}: {seen:?}");
    seen.iter().sum()
}

#[test]
fn after_a_power_cut_a_file_is_the_old_or_the_new_one() {
    for kind in ALL_KINDS {
        println!("{kind:?}: {} cuts", cut_everywhere(kind));
    }
}

#[test]
fn without_room_the_old_file_stays() {
    let disk = RamDisk::formatted(Kind::Fat12, 1 << 20);
    let mut fs = mounted(disk.device());
    let old = contents(3, 10);
    replace(&mut fs, &old).expect("there is room");
    let full = replace(&mut fs, &contents(4, 2 << 20));
    assert_eq!(full, Err(Errno::NoSpc));
    assert_eq!(read(&mut fs), Ok(old));
    let root = fs.root();
    assert_eq!(fs.lookup(root, ASIDE).map(|_| ()), Err(Errno::NoEnt));
    assert_eq!(whole::remove(&mut fs, root, NAME), Ok(true));
    assert_eq!(whole::remove(&mut fs, root, NAME), Ok(false));
    assert_eq!(read(&mut fs), Err(Errno::NoEnt));
}

#[test]
fn positions_can_be_chosen() {
    let disk = RamDisk::formatted(Kind::Fat16, 4 << 20);
    let mut fs = mounted(disk.device());
    let all = contents(5, 50_000);
    replace(&mut fs, &all).expect("there is room");
    let root = fs.root();
    fs.mkdir(root, "folder").expect("there is room");
    assert_eq!(
        Reader::open(&mut fs, root, "folder").err(),
        Some(Errno::IsDir)
    );
    let mut file = Reader::open(&mut fs, root, NAME).expect("it is there");
    assert!(!file.is_empty());
    for at in [0, 16_383, 49_999, 50_000, 20_000] {
        file.seek(at as u64);
        let mut part = [0; 3];
        let count = file.read(&mut part).expect("it can be read");
        assert_eq!(part[..count], all[at..][..count]);
        assert_eq!(file.position(), (at + count) as u64);
    }
}
