//! Disks that fail, and volumes that are damaged or were made to do harm: every operation ends, with an errno or without, and
//! nothing outside the disk is touched.

mod disks;
mod suite;

use std::sync::Arc;

use disks::{ALL_KINDS, Image, Judge, Overlay, RamDisk, Sectors, Verdict, clock, traits};
use suite::Subject;
use suite::model::Random;
use wasi_shim::fat::image::Kind;
use wasi_shim::fat::{FatFs, SECTOR};
use wasi_shim::types::FileType;
use wasi_shim::{Access, Errno, FileSystem, Node, SetTime};

/// A volume with something of everything on it, and with a rename under way.
fn populated(kind: Kind) -> Arc<Vec<u8>> {
    let size = if kind == Kind::Fat12 {
        1 << 20
    } else {
        5 << 20
    };
    let disk = RamDisk::formatted(kind, size);
    let mut s = disks::fat_subject(&disk);
    let mut dir = s.root;
    for depth in 0..4 {
        for index in 0..12u8 {
            let name = match index % 3 {
                0 => format!("SHORT{index}.TXT"),
                1 => format!("a longer name, number {index}.text"),
                _ => format!("ünïcode {index} 😀"),
            };
            s.put(dir, &name, &vec![index; usize::from(index) * 1_500]);
        }
        dir = s.dir(dir, &format!("directory {depth}"));
    }
    // An open file without a name, and a journal: the copy is taken while both are there.
    let file = s.file(s.root, "unnamed", &[1; 20_000]);
    s.fs.unlink(s.root, "unnamed").unwrap();
    s.put(s.root, "one", b"one");
    s.put(s.root, "two", b"two");
    s.fs.rename(s.root, "one", s.root, "two").unwrap();
    let image = disk.bytes();
    s.fs.close(file);
    Arc::new(image)
}

/// Uses a volume for everything, whatever the answers are. Returns how many were errors.
fn exercise(fs: &mut FatFs) -> u64 {
    let mut errors = 0;
    let mut entries = 300;
    let root = fs.root();
    walk(fs, root, 0, &mut entries, &mut errors);
    let mut note = |failed: bool| errors += u64::from(failed);
    note(fs.mkdir(root, "new directory").is_err());
    match fs.create(root, "new file with a long name") {
        Ok(file) => {
            note(fs.open(file, suite::READ_WRITE, false).is_err());
            for size in [10, 700, 9_000] {
                note(fs.append(file, &vec![7; size]).is_err());
            }
            note(fs.sync(file, false).is_err());
            note(
                fs.rename(root, "new file with a long name", root, "SHORT0.TXT")
                    .is_err(),
            );
            note(fs.unlink(root, "SHORT0.TXT").is_err());
            note(fs.write_at(file, 100, &[1; 3_000]).is_err());
            fs.close(file);
        }
        Err(_) => note(true),
    }
    note(fs.rename(root, "directory 0", root, "moved").is_err());
    note(
        fs.rename(root, "a longer name, number 1.text", root, "two")
            .is_err(),
    );
    note(fs.rmdir(root, "new directory").is_err());
    note(fs.sync_all().is_err());
    note(fs.space().is_err());
    errors
}

/// Looks at everything below a directory, to some depth: a damaged directory can contain itself.
fn walk(fs: &mut FatFs, dir: Node, depth: u32, entries: &mut u32, errors: &mut u64) {
    let mut names = Vec::new();
    let listed = fs.read_dir(dir, 0, &mut |entry| {
        names.push(entry.name.to_owned());
        *entries = entries.saturating_sub(1);
        *entries > 0
    });
    *errors += u64::from(listed.is_err());
    for name in names {
        let Ok(entry) = fs.lookup(dir, &name) else {
            *errors += 1;
            continue;
        };
        *errors += u64::from(fs.stat(entry.node).is_err());
        if entry.kind == FileType::Directory {
            if depth < 8 {
                walk(fs, entry.node, depth + 1, entries, errors);
            }
        } else if fs
            .open(
                entry.node,
                Access {
                    read: true,
                    write: false,
                },
                false,
            )
            .is_ok()
        {
            let mut buf = [0; 4_096];
            for pos in [0, 4_000, 100_000] {
                *errors += u64::from(fs.read_at(entry.node, pos, &mut buf).is_err());
            }
            fs.close(entry.node);
        }
        fs.forget(entry.node);
    }
}

/// The sectors where damage hurts: those in front, which hold the tables, and those of directories.
fn metadata(base: &[u8]) -> Vec<u64> {
    let names: [&[u8]; 3] = [b"SHORT", b"S\0H\0O\0R\0T\0", b".          "];
    let mut tables = 12;
    let mut found = Vec::new();
    for (index, data) in base.chunks_exact(SECTOR).enumerate() {
        let directory = names
            .iter()
            .any(|name| data.windows(name.len()).any(|part| part == *name));
        let table = tables > 0 && data.iter().any(|byte| *byte != 0);
        tables -= usize::from(table);
        if directory || table {
            found.push(index as u64);
        }
    }
    found
}

/// Changes something at a place where it hurts.
fn damage(base: &[u8], used: &[u64], random: &mut Random) -> Sectors {
    let mut changed = Sectors::new();
    for _ in 0..1 + random.below(6) {
        let sector = match random.below(8) {
            0 => 0,
            _ => used[random.below(used.len() as u64) as usize],
        };
        let original = &base[sector as usize * SECTOR..][..SECTOR];
        let data = changed.entry(sector).or_insert_with(|| original.to_vec());
        let at = random.below(SECTOR as u64 - 4) as usize;
        match random.below(4) {
            0 => data[at] ^= 1 << random.below(8),
            1 => data[at] = random.next() as u8,
            // A small number: a cluster that leads to another chain, or back.
            2 => {
                let number = random.below(200) as u32;
                data[at / 4 * 4..at / 4 * 4 + 4].copy_from_slice(&number.to_le_bytes());
            }
            // A directory entry leads elsewhere.
            _ => {
                let entry = at / 32 * 32;
                data[entry + 26] = random.below(60) as u8;
                data[entry + 20] = random.below(60) as u8;
            }
        }
    }
    changed
}

#[test]
fn damaged_volumes_end_in_errors_only() {
    for kind in ALL_KINDS {
        let base = populated(kind);
        let used = metadata(&base);
        let mut random = Random(4_711);
        let (mut refused, mut errors, mut most) = (0, 0, 0);
        for _ in 0..400 {
            let disk = Overlay::new(base.clone(), damage(&base, &used, &mut random));
            disk.meter.limit.set(2_000_000);
            match FatFs::mount(Box::new(disk.clone()), clock(), false) {
                Ok(mut fs) => {
                    errors += u64::from(fs.mend().is_err());
                    errors += exercise(&mut fs);
                }
                Err(_) => refused += 1,
            }
            most = most.max(disk.meter.requests());
        }
        println!("{kind:?}: {refused} of 400 refused, {errors} errors, at most {most} requests");
        assert!(most < 2_000_000, "{kind:?}: a volume that never ends");
        assert!(
            refused > 0 && errors > 0,
            "{kind:?}: the damage hurt nobody"
        );
    }
}

/// Chains in a circle, and chains that cross: made on purpose, not by chance.
#[test]
fn circles_and_crossings() {
    let disk = RamDisk::formatted(Kind::Fat16, 8 << 20);
    {
        let mut s = disks::fat_subject(&disk);
        let dir = s.dir(s.root, "dir");
        s.put(dir, "inner", b"x");
        s.put(s.root, "one", &[1; 50_000]);
        s.put(s.root, "two", &[2; 50_000]);
    }
    let image = disk.bytes();
    let fat = usize::from(u16::from_le_bytes([image[14], image[15]])) * SECTOR;
    let chain = |image: &[u8], cluster: usize| {
        usize::from(u16::from_le_bytes([
            image[fat + 2 * cluster],
            image[fat + 2 * cluster + 1],
        ]))
    };
    // Clusters 2 and 3 are the directory and what is in it; 4 starts the first file.
    let second = chain(&image, 4);
    // The judges are judged too: a file that leads into another's clusters must not pass.
    let judge = Judge::find();
    let mut crossed = image.clone();
    crossed[fat + 8..fat + 10].copy_from_slice(&40u16.to_le_bytes());
    let (verdict, text) = judge.verdict(&Image::new(&crossed), Kind::Fat16);
    assert!(verdict == Verdict::Damaged || !judge.judges_fat(), "{text}");
    assert!(
        second > 4 && second < 100,
        "the layout is not as expected: {second}"
    );
    for (cluster, leads_to) in [
        (2, 2),
        (4, 4),
        (second, 4),
        (4, 30),
        (4, 0),
        (4, 1),
        (4, 0xfff0),
        (2, 4),
    ] {
        let mut image = image.clone();
        image[fat + 2 * cluster..][..2].copy_from_slice(&(leads_to as u16).to_le_bytes());
        let disk = Overlay::new(Arc::new(image), Sectors::new());
        disk.meter.limit.set(100_000);
        let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), false).unwrap();
        fs.mend().unwrap();
        exercise(&mut fs);
        drop(fs);
        let requests = disk.meter.requests();
        assert!(
            requests < 100_000,
            "cluster {cluster} → {leads_to}: {requests} requests"
        );
    }
}

/// Clusters of exFAT's root in a circle. The root has no length that would end it, so the circle must be found as one: names come twice
/// at most, and then an error.
#[test]
fn circles_of_exfat() {
    let disk = RamDisk::formatted(Kind::ExFat, 8 << 20);
    let names = 400;
    {
        let mut s = disks::fat_subject(&disk);
        for index in 0..names {
            s.put(
                s.root,
                &format!("a file with a long name, number {index}"),
                b"",
            );
        }
    }
    let image = disk.bytes();
    let word = |at: usize| {
        image[at..]
            .first_chunk()
            .map(|word| u32::from_le_bytes(*word))
    };
    let fat = word(80).unwrap() as usize * SECTOR;
    let next = |cluster: u32| word(fat + 4 * cluster as usize).unwrap();
    let mut chain = vec![word(96).unwrap()];
    while let Some(cluster) = Some(next(chain[chain.len() - 1])).filter(|next| *next != u32::MAX) {
        chain.push(cluster);
    }
    assert!(chain.len() > 8, "{chain:?}");
    // The last cluster may have the end of the directory, where reading stops.
    for from in 0..chain.len() - 2 {
        for to in [0, from / 2, from] {
            let mut image = image.clone();
            let at = fat + 4 * chain[from] as usize;
            image[at..at + 4].copy_from_slice(&chain[to].to_le_bytes());
            let disk = Overlay::new(Arc::new(image), Sectors::new());
            let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), false).unwrap();
            let (root, mut listed) = (fs.root(), 0);
            let ended = fs.read_dir(root, 0, &mut |_| {
                listed += 1;
                listed < 10 * names
            });
            assert_eq!(ended, Err(Errno::Io), "{from} → {to}");
            assert!(listed <= 2 * names, "{from} → {to}: {listed} names");
            assert_eq!(fs.lookup(root, "no such name").err(), Some(Errno::Io));
            let requests = disk.meter.requests();
            assert!(requests < 1_000, "{from} → {to}: {requests} requests");
        }
    }
}

/// Each request of a run fails once. The answers are errors, nothing that was synced is lost, and the volume works on without a new mount.
#[test]
fn a_request_that_fails_is_an_errno_and_the_volume_works_on() {
    let judge = Judge::find();
    for kind in [Kind::Fat12, Kind::Fat16, Kind::ExFat] {
        let base = populated(kind);
        let image = Image::new(&base);
        let run = |fails: u64| {
            let disk = Overlay::new(base.clone(), Sectors::new());
            let Ok(mut fs) = FatFs::mount(Box::new(disk.clone()), clock(), false) else {
                return (disk, None);
            };
            let root = fs.root();
            let kept = fs.create(root, "kept").unwrap();
            fs.open(kept, suite::READ_WRITE, false).unwrap();
            fs.write_at(kept, 0, &[9; 5_000]).unwrap();
            fs.sync(kept, false).unwrap();
            fs.close(kept);
            let start = disk.meter.requests();
            if fails != 0 {
                disk.meter.fails.set(start + fails);
            }
            let errors = exercise(&mut fs);
            let requests = disk.meter.requests() - start;
            let mut s = Subject {
                fs: Box::new(fs),
                root,
                traits: traits(kind),
            };
            assert_eq!(s.get(root, "kept"), [9; 5_000], "{kind:?}, request {fails}");
            s.put(root, "after the error", b"works");
            assert_eq!(
                s.get(root, "after the error"),
                b"works",
                "{kind:?}, request {fails}"
            );
            let file = s.node(root, "kept");
            s.fs.set_times(file, SetTime::Now, SetTime::Now).unwrap();
            drop(s);
            (disk, Some((requests, errors)))
        };
        let (_, counted) = run(0);
        let (requests, errors) = counted.unwrap();
        assert!(requests > 70, "{kind:?}: {requests} requests");
        println!("{kind:?}: {requests} requests, each fails once; {errors} errors without");
        // Reads come in hundreds; a sample of them is enough, spread evenly.
        for fails in (1..=requests).step_by(1 + requests as usize / 150) {
            let (disk, _) = run(fails);
            let changed = disk.changed.borrow();
            image.patch(changed.iter().map(|(sector, data)| (*sector, &**data)));
            let (verdict, text) = judge.verdict(&image, kind);
            let base = |sector: u64| &base[sector as usize * SECTOR..][..SECTOR];
            image.patch(changed.keys().map(|sector| (*sector, base(*sector))));
            assert_ne!(
                verdict,
                Verdict::Damaged,
                "{kind:?}, request {fails} of {requests}: {text}"
            );
        }
    }
}
