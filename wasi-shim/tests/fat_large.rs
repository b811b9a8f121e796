//! Directories with thousands of files: what one more costs, and that everybody finds what is there.

mod disks;
mod suite;

use std::collections::BTreeMap;

use disks::{Judge, Overlay, RamDisk, clock, mount};
use suite::Subject;
use wasi_shim::Errno;
use wasi_shim::fat::FatFs;
use wasi_shim::fat::image::{self, Kind};

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

/// What the device does for one file more, in sectors read and in writes, does not depend on how many there are.
#[test]
fn one_file_more_costs_the_same() {
    for (kind, size) in [(Kind::Fat16, 64 << 20), (Kind::Fat32, 128 << 20)] {
        let mut disk = Overlay::sparse(size);
        let options = image::Options {
            kind,
            ..image::Options::default()
        };
        image::format(&mut disk, &options).unwrap();
        let meter = disk.meter.clone();
        let mut s = subject(FatFs::mount(Box::new(disk), clock(), false).unwrap());
        s.fs.mkdir(s.root, "dir").unwrap();
        let dir = s.node(s.root, "dir");
        let cost = || (meter.sectors.get(), meter.writes.get());
        let mut costs = Vec::new();
        for number in 0..FILES {
            let before = cost();
            s.put(dir, &name(number), b"some text");
            let now = cost();
            costs.push((now.0 - before.0, now.1 - before.1));
        }
        let mean = |around: usize| {
            let some = &costs[around - 50..around + 50];
            let sum = some
                .iter()
                .fold((0, 0), |sum, cost| (sum.0 + cost.0, sum.1 + cost.1));
            (sum.0 as f64 / 100.0, sum.1 as f64 / 100.0)
        };
        let (early, late) = (mean(100), mean(FILES - 50));
        println!(
            "{kind:?}: sectors read and writes, {early:?} for file 100, {late:?} for the last"
        );
        assert!(
            late.0 <= 5.0 * early.0.max(32.0),
            "{kind:?}: sectors read, {early:?}, {late:?}"
        );
        assert!(
            late.1 <= 2.0 * early.1,
            "{kind:?}: writes, {early:?}, {late:?}"
        );

        // A name that is missing, and one that is there.
        let before = cost().0;
        for number in FILES..FILES + 100 {
            assert_eq!(s.fs.lookup(dir, &name(number)).err(), Some(Errno::NoEnt));
        }
        let missing = cost().0 - before;
        assert!(
            missing <= 100,
            "{missing} sectors were read for 100 names that are missing"
        );
        let before = cost().0;
        for number in (0..FILES).step_by(30) {
            let found = s.fs.lookup(dir, &name(number)).unwrap();
            s.fs.forget(found.node);
        }
        let found = cost().0 - before;
        assert!(
            found <= 100 * 130,
            "{found} sectors were read for 100 names"
        );
    }
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
