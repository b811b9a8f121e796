//! Directories with thousands of files: what one more costs, and that everybody finds what is there.

mod disks;
mod suite;

use std::collections::BTreeMap;
use std::sync::Arc;

use disks::{Judge, Meter, Overlay, RamDisk, clock, mount};
use suite::Subject;
use wasi_shim::fat::FatFs;
use wasi_shim::fat::image::{self, Kind};
use wasi_shim::{Errno, Node};

/// How many files.
const FILES: usize = 3_000;

fn subject(fs: FatFs) -> Subject {
    let root = fs.root();
    Subject {
        fs: Box::new(fs),
        root,
        traits: disks::traits(Kind::Fat32),
    }
}

/// Names with one entry, with two, and with three of the directory's.
fn name(number: usize) -> String {
    match number % 3 {
        0 => format!("F{number:06}.DAT"),
        1 => format!("file-{number:05}.txt"),
        _ => format!("a file whose name is long, number {number}"),
    }
}

/// What an operation costs the device: sectors read, and writes.
type Cost = (f64, f64);

/// A volume with a directory of so many files, and the device's meter.
struct Large {
    s: Subject,
    dir: Node,
    disk: Overlay,
    meter: Arc<Meter>,
}

impl Large {
    fn new(kind: Kind, size: u64) -> Large {
        let mut disk = Overlay::sparse(size);
        let options = image::Options {
            kind,
            ..image::Options::default()
        };
        image::format(&mut disk, &options).unwrap();
        let meter = disk.meter.clone();
        let mut s = subject(FatFs::mount(Box::new(disk.clone()), clock(), false).unwrap());
        s.fs.mkdir(s.root, "dir").unwrap();
        let dir = s.node(s.root, "dir");
        Large {
            s,
            dir,
            disk,
            meter,
        }
    }

    /// The mean cost of `act`, done `times` times.
    fn cost(&mut self, times: usize, mut act: impl FnMut(&mut Subject, Node, usize)) -> Cost {
        let before = (self.meter.sectors.get(), self.meter.writes.get());
        for time in 0..times {
            act(&mut self.s, self.dir, time);
        }
        let now = (self.meter.sectors.get(), self.meter.writes.get());
        let mean = |before, now| (now - before) as f64 / times as f64;
        (mean(before.0, now.0), mean(before.1, now.1))
    }

    /// What each operation costs at this size of the directory. Afterwards the directory has the files that it had before.
    fn costs(&mut self, from: usize) -> Vec<(&'static str, Cost)> {
        const TIMES: usize = 40;
        let create = self.cost(TIMES, |s, dir, time| {
            s.put(dir, &name(from + time), b"some text")
        });
        let open = self.cost(TIMES, |s, dir, time| {
            // The names of the whole directory, in no order.
            let found = s.fs.lookup(dir, &name(time * 7_919 % from)).unwrap();
            s.fs.forget(found.node);
        });
        let missing = self.cost(TIMES, |s, dir, time| {
            let missing = s.fs.lookup(dir, &name(1_000_000 + time)).err();
            assert_eq!(missing, Some(Errno::NoEnt));
        });
        let rename = self.cost(TIMES, |s, dir, time| {
            let to = format!("moved-{time:05}.txt");
            s.fs.rename(dir, &name(from + time), dir, &to).unwrap();
        });
        let replace = self.cost(TIMES / 2, |s, dir, time| {
            let (to, of) = (2 * time, 2 * time + 1);
            let (to, of) = (format!("moved-{to:05}.txt"), format!("moved-{of:05}.txt"));
            s.fs.rename(dir, &of, dir, &to).unwrap();
        });
        let remove = self.cost(TIMES / 2, |s, dir, time| {
            s.fs.unlink(dir, &format!("moved-{:05}.txt", 2 * time))
                .unwrap();
        });
        let mkdir = self.cost(TIMES, |s, dir, time| {
            s.fs.mkdir(dir, &format!("folder {time}")).unwrap();
        });
        let rmdir = self.cost(TIMES, |s, dir, time| {
            s.fs.rmdir(dir, &format!("folder {time}")).unwrap();
        });
        Vec::from([
            ("create", create),
            ("open", open),
            ("a name that is missing", missing),
            ("rename", rename),
            ("replace", replace),
            ("remove", remove),
            ("mkdir", mkdir),
            ("rmdir", rmdir),
        ])
    }
}

/// What the device does for an operation does not depend on how many files a directory has.
///
/// A directory that is read from its start shows here: it has 500 sectors at the end, and the volume keeps 160 in memory.
#[test]
fn an_operation_costs_the_same_in_a_large_directory() {
    for (kind, size) in [
        (Kind::Fat16, 64 << 20),
        (Kind::Fat32, 128 << 20),
        (Kind::ExFat, 128 << 20),
    ] {
        let mut large = Large::new(kind, size);
        // The directory of views, the journal and the bin are made once.
        large.cost(100, |s, dir, number| {
            s.put(dir, &name(number), b"some text")
        });
        large.costs(100);
        let early = large.costs(100);
        large.cost(FILES - 100, |s, dir, number| {
            s.put(dir, &name(100 + number), b"some text");
        });
        let late = large.costs(FILES);
        for ((operation, early), (_, late)) in early.into_iter().zip(late) {
            println!(
                "{kind:?}, {operation}: sectors read and writes, {early:?} with 100 files, {late:?} with {FILES}"
            );
            // Of a small directory everything is in memory. A read-ahead by chance is 64 sectors.
            assert!(
                late.0 <= 5.0 * early.0.max(8.0),
                "{kind:?}, {operation}: sectors read, {early:?}, {late:?}"
            );
            assert!(
                late.1 <= 2.0 * early.1,
                "{kind:?}, {operation}: writes, {early:?}, {late:?}"
            );
        }
    }
}

/// Makes files without a name that stay open, and gives the mean cost of one.
fn make_nameless(large: &mut Large, count: usize, open: &mut Vec<Node>) -> Cost {
    large.cost(count, |s, dir, _| {
        let file = s.file(dir, "short-lived.tmp", b"some text");
        s.fs.unlink(dir, "short-lived.tmp").unwrap();
        open.push(file);
    })
}

/// Closes the oldest of them, and gives the mean cost of one.
fn close_nameless(large: &mut Large, count: usize, open: &mut Vec<Node>) -> Cost {
    let mut oldest = open.drain(..count);
    large.cost(count, |s, _, _| {
        let file = oldest.next().expect("so many are open");
        s.fs.close(file);
        s.fs.forget(file);
    })
}

/// The same holds for files that have lost their names and are open: the hidden directory is a large one, too.
#[test]
fn a_nameless_file_costs_the_same_beside_many() {
    for (kind, size) in [
        (Kind::Fat16, 64 << 20),
        (Kind::Fat32, 128 << 20),
        (Kind::ExFat, 128 << 20),
    ] {
        let mut large = Large::new(kind, size);
        let mut open = Vec::new();
        make_nameless(&mut large, 150, &mut open);
        let mut cost_of_some = |large: &mut Large, made| {
            make_nameless(large, made, &mut open);
            let made = make_nameless(large, 200, &mut open);
            [made, close_nameless(large, 200, &mut open)]
        };
        let early = cost_of_some(&mut large, 0);
        let late = cost_of_some(&mut large, FILES);
        for (at, operation) in ["make and unlink", "close"].into_iter().enumerate() {
            let (early, late) = (early[at], late[at]);
            println!(
                "{kind:?}, {operation}: sectors read and writes, {early:?} beside 150, {late:?} beside {FILES}"
            );
            // On exFAT the driver adds each cluster of the hidden directory, and reads all of it: once for 42 files.
            let most = match (kind, at) {
                (Kind::ExFat, 0) => 500.0,
                _ => 5.0 * early.0.max(8.0),
            };
            assert!(
                late.0 <= most,
                "{kind:?}, {operation}: sectors read, {early:?}, {late:?}"
            );
            assert!(
                late.1 <= 2.0 * early.1,
                "{kind:?}, {operation}: writes, {early:?}, {late:?}"
            );
        }
        // All that is open when the power fails is removed by the next mount.
        let disk = large.disk.clone();
        std::mem::forget(large);
        let before = disk.meter.sectors.get();
        let mut s = subject(FatFs::mount(Box::new(disk.clone()), clock(), false).unwrap());
        let removed = (disk.meter.sectors.get() - before) as f64 / open.len() as f64;
        println!("{kind:?}, remove at mount: {removed} sectors read for each");
        let entries = if kind == Kind::ExFat { 3 } else { 1 };
        let whole = (open.len() * entries * 32 / 512) as f64;
        assert!(
            removed <= whole / 4.0,
            "{kind:?}: {removed} sectors read for each, of a directory of {whole}"
        );
        assert_eq!(s.names(s.root), ["dir"], "{kind:?}");
        let (_, free) = {
            let root = s.root;
            drop(s);
            let mut fs = FatFs::mount(Box::new(disk), clock(), false).unwrap();
            assert_eq!(fs.root(), root);
            fs.space().unwrap()
        };
        assert!(free > size * 9 / 10, "{kind:?}: {free} bytes are free");
    }
}

/// For callgrind: makes as many files as `FILES` says, on a volume of the kind `KIND`. CONTRIBUTING has the command.
#[test]
#[ignore = "for callgrind, by hand"]
fn files_for_callgrind() {
    let kind = match std::env::var("KIND").as_deref() {
        Ok("fat16") => Kind::Fat16,
        Ok("exfat") => Kind::ExFat,
        _ => Kind::Fat32,
    };
    let files = std::env::var("FILES")
        .ok()
        .and_then(|files| files.parse().ok());
    let mut large = Large::new(kind, 64 << 20);
    for number in 0..files.unwrap_or(FILES) {
        large.s.put(large.dir, &name(number), b"some text");
    }
    // Unmounting is no part of it.
    std::mem::forget(large);
}

/// Random making, removing, replacing and renaming in a large directory, against a model; then again after a mount, and `fsck` is content.
#[test]
fn a_large_directory_stays_whole() {
    let judge = Judge::find();
    for kind in [Kind::Fat12, Kind::Fat16, Kind::Fat32, Kind::ExFat] {
        let disk = RamDisk::formatted(kind, 8 << 20);
        let mut s = subject(mount(&disk));
        s.fs.mkdir(s.root, "dir").unwrap();
        let dir = s.node(s.root, "dir");
        let mut model: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut random = 0x9e37_79b9_u32;
        let mut next = |below: usize| {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            random as usize % below
        };
        for step in 0..1_500 {
            let number = next(600);
            let key = name(number);
            let content = format!("{step}").into_bytes();
            match next(10) {
                0..6 => {
                    if model.contains_key(&key) {
                        s.fs.unlink(dir, &key).unwrap();
                    }
                    s.put(dir, &key, &content);
                    model.insert(key, content);
                }
                6..8 => {
                    let removed = s.fs.unlink(dir, &key.to_uppercase());
                    assert_eq!(
                        removed.is_ok(),
                        model.remove(&key).is_some(),
                        "{kind:?}: {key}"
                    );
                }
                8 => {
                    let to = name(next(600));
                    let renamed = s.fs.rename(dir, &key, dir, &to);
                    assert_eq!(
                        renamed.is_ok(),
                        model.contains_key(&key),
                        "{kind:?}: {key} to {to}"
                    );
                    if let Some(content) = model.remove(&key) {
                        model.insert(to, content);
                    }
                }
                _ => match model.contains_key(&key) {
                    // The same name in other letters is no other name.
                    true => assert_eq!(
                        s.fs.create(dir, &key.to_lowercase()).err(),
                        Some(Errno::Exist)
                    ),
                    false => assert_eq!(s.fs.lookup(dir, &key).err(), Some(Errno::NoEnt)),
                },
            }
            if step % 500 == 499 {
                s.fs.sync(s.root, false).unwrap();
            }
        }
        let names = |s: &mut Subject, dir| {
            let mut names = s.names(dir);
            names.sort();
            names
        };
        let expected: Vec<String> = model.keys().cloned().collect();
        let lower = |names: &[String]| {
            let mut names: Vec<_> = names.iter().map(|name| name.to_lowercase()).collect();
            names.sort();
            names
        };
        assert_eq!(lower(&names(&mut s, dir)), lower(&expected), "{kind:?}");
        drop(s);
        judge.check(&disk, kind);
        let mut s = subject(mount(&disk));
        let dir = s.node(s.root, "dir");
        assert_eq!(lower(&names(&mut s, dir)), lower(&expected), "{kind:?}");
        for (name, content) in &model {
            assert_eq!(&s.get(dir, name), content, "{kind:?}: {name}");
        }
        // And away with all.
        for name in model.keys() {
            s.fs.unlink(dir, name).unwrap();
        }
        s.fs.rmdir(s.root, "dir").unwrap();
        drop(s);
        judge.check(&disk, kind);
    }
}
