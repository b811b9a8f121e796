//! Disks for tests, and the programs that judge what was written on them.

#![allow(dead_code, unused_imports, reason = "each test program uses a part")]

mod judge;
mod overlay;
#[path = "../shared/mod.rs"]
mod shared;

use std::sync::{Arc, Mutex};

use crate::suite::{Subject, Traits};
pub(crate) use judge::{Image, Judge, Verdict};
pub(crate) use overlay::{Meter, Overlay, Sectors};
pub(crate) use shared::Shared;
use wasi_shim::fat::image::{self, Kind};
use wasi_shim::fat::{BlockDevice, FatFs, MemDisk};
use wasi_shim::wall_clock::WallClock;

/// Every kind of volume.
pub(crate) const ALL_KINDS: [Kind; 4] = [Kind::Fat12, Kind::Fat16, Kind::Fat32, Kind::ExFat];

/// A disk in memory that the test keeps while a volume is mounted from it.
#[derive(Clone)]
pub(crate) struct RamDisk(Arc<Mutex<MemDisk>>);

impl RamDisk {
    pub(crate) fn new(bytes: Vec<u8>) -> RamDisk {
        RamDisk(Arc::new(Mutex::new(MemDisk::new(bytes))))
    }

    /// A volume without partition table; FAT32 is made at least as large as it must be.
    pub(crate) fn formatted(kind: Kind, size: usize) -> RamDisk {
        let size = if kind == Kind::Fat32 {
            size.max(40 << 20)
        } else {
            size
        };
        let disk = RamDisk::new(vec![0; size]);
        let options = image::Options {
            kind,
            partition: false,
            ..image::Options::default()
        };
        image::format(&mut *disk.0.lock().unwrap(), &options).unwrap();
        disk
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().bytes().to_vec()
    }

    pub(crate) fn device(&self) -> Box<dyn BlockDevice> {
        Box::new(self.0.clone())
    }
}

/// A clock that goes on by three seconds whenever it is read: more than the steps of FAT.
pub(crate) fn clock() -> WallClock {
    let now = Shared::new(1_700_000_000_000_000_000);
    Box::new(move || {
        now.set(now.get() + 3_000_000_000);
        now.get()
    })
}

pub(crate) fn mount(disk: &RamDisk) -> FatFs {
    FatFs::mount(disk.device(), clock(), false).unwrap()
}

pub(crate) fn traits(kind: Kind) -> Traits {
    const DAY: u64 = 86_400_000_000_000;
    let exfat = kind == Kind::ExFat;
    Traits {
        links: false,
        case_sensitive: false,
        any_name: false,
        mtime_step: if exfat { 10_000_000 } else { 2_000_000_000 },
        atime_step: if exfat { 2_000_000_000 } else { DAY },
        // 1980-01-01.
        earliest: Some(315_532_800_000_000_000),
    }
}

/// A disk's volume as a subject of the suite.
pub(crate) fn fat_subject(disk: &RamDisk) -> Subject {
    let exfat = disk.0.lock().unwrap().bytes()[3..8] == *b"EXFAT";
    let fs = mount(disk);
    let root = fs.root();
    Subject {
        fs: Box::new(fs),
        root,
        traits: traits(if exfat { Kind::ExFat } else { Kind::Auto }),
    }
}
