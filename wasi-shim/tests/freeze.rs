//! Guests that are frozen in one world and thawed in another.

mod guest;

use std::sync::{Arc, Mutex};

use guest::{ALL, Guest, Mount, READ, ram};
use wasi_shim::fat::image::{self, Kind};
use wasi_shim::fat::{FatFs, MemDisk};
use wasi_shim::freeze::ThawError;

type Disk = Arc<Mutex<MemDisk>>;

fn disk() -> Disk {
    let mut disk = MemDisk::new(vec![0; 4 << 20]);
    let options = image::Options {
        kind: Kind::Fat16,
        partition: false,
        ..image::Options::default()
    };
    image::format(&mut disk, &options).expect("it is large enough");
    Arc::new(Mutex::new(disk))
}

fn fat(disk: &Disk) -> Mount {
    let now = || 1_700_000_000_000_000_000;
    let fs = FatFs::mount(Box::new(disk.clone()), Box::new(now), false);
    let fs = fs.expect("it is a volume");
    let root = fs.root();
    (Box::new(fs), root)
}

/// A board has file systems that the desktop has not, so that directories have other numbers there.
#[test]
fn a_directory_is_found_by_its_name() {
    let disk = disk();
    let mut guest = Guest::with(vec![("/data", fat(&disk))], |_| {});
    guest.file(3, "file", b"0123456789");
    let file = guest.open(3, "file", 0, READ).expect("it was created");
    assert_eq!(guest.read(file, 3), Ok(b"012".to_vec()));
    let state = guest.wasi.freeze().expect("everything has a name");
    drop(guest);

    let world = || Guest::with(vec![("/tmp", ram()), ("/data", fat(&disk))], |_| {});
    let mut guest = world();
    assert_eq!(guest.wasi.thaw(&state), Ok(Vec::new()));
    assert_eq!(guest.read(file, 3), Ok(b"345".to_vec()));
    assert_eq!(guest.content(3, "file"), Ok(b"0123456789".to_vec()));
    // It is frozen there again.
    let other = guest.open(3, "other", 1, ALL).expect("there is room");
    let state = guest.wasi.freeze().expect("everything has a name");
    drop(guest);
    let mut guest = world();
    assert_eq!(guest.wasi.thaw(&state), Ok(Vec::new()));
    assert_eq!(guest.read(file, 9), Ok(b"6789".to_vec()));
    assert_eq!(guest.write(other, b"more"), Ok(4));
    assert_eq!(guest.content(3, "other"), Ok(b"more".to_vec()));
}

#[test]
fn a_directory_that_is_missing_is_named() {
    let disk = disk();
    let mut guest = Guest::with(vec![("/data", fat(&disk))], |_| {});
    let state = guest.wasi.freeze().expect("everything has a name");
    drop(guest);
    let mut guest = Guest::with(vec![("/", fat(&disk))], |_| {});
    let what = "the program had the directory /data/ as descriptor 3: grant the same directories";
    assert_eq!(
        guest.wasi.thaw(&state),
        Err(ThawError::World(what.to_owned()))
    );
}
