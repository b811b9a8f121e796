//! The power fails after every single write to the device, and in the middle of those of several sectors. Whatever the moment: `fsck` finds nothing
//! worse than lost clusters, the volume mounts, what was synced is there, and a file replaced by `rename` has its old or its new content.

mod disks;
mod power;
mod suite;

use std::collections::BTreeSet;
use std::sync::Arc;

use disks::{Image, Judge, Overlay, RamDisk, Sectors, Shared, Verdict, clock};
use power::{Expect, LARGE_STEPS, Open, STEPS, State, Step, bytes};
use suite::Subject;
use suite::model::Model;
use wasi_shim::Errno;
use wasi_shim::fat::image::Kind;
use wasi_shim::fat::{BlockDevice, FatFs, SECTOR};
use wasi_shim::types::FileType;

/// Writes to a device: where, and what.
type Log = Vec<(u64, Vec<u8>)>;

/// A device that notes every write.
struct Recorder {
    device: Box<dyn BlockDevice>,
    log: Shared<Log>,
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

/// A moment of the power cut: which writes had happened, and in which step it was.
struct Workload {
    base: Arc<Vec<u8>>,
    log: Log,
    /// For each step, where its writes end, and the state then.
    ends: Vec<(usize, State)>,
}

/// Notes what the steps write, on a volume that holds `files` files in the directory `large`.
fn record(kind: Kind, files: usize, steps: &'static [Step]) -> Workload {
    let disk = RamDisk::formatted(kind, 4 << 20);
    if files > 0 {
        let mut s = disks::fat_subject(&disk);
        let dir = s.dir(s.root, "large");
        for number in 0..files {
            s.put(dir, &power::file(number), &bytes(number, 1));
        }
    }
    let base = Arc::new(disk.bytes());
    let log = Shared::new(Vec::new());
    let device = Box::new(Recorder {
        device: disk.device(),
        log: log.clone(),
    });
    let fs = FatFs::mount(device, clock(), false).unwrap();
    let root = fs.root();
    let mut subject = Subject {
        fs: Box::new(fs),
        root,
        traits: disks::traits(kind),
    };
    let mut state = State::new();
    let mut open = Open::default();
    let mut ends = Vec::new();
    for step in steps {
        (step.act)(&mut subject, &mut open);
        (step.then)(&mut state);
        ends.push((log.borrow().len(), state.clone()));
    }
    drop(subject);
    ends.push((log.borrow().len(), state));
    let log = log.take();
    Workload { base, log, ends }
}

fn meets(s: &mut Subject, path: &str, expect: &Expect) -> bool {
    let mut dir = s.root;
    let names: Vec<&str> = path.split('/').collect();
    for (index, name) in names.iter().enumerate() {
        let entry = match s.fs.lookup(dir, name) {
            Ok(entry) => entry,
            Err(Errno::NoEnt) => return *expect == Expect::Absent,
            Err(errno) => panic!("{path}: {errno}"),
        };
        if index + 1 < names.len() {
            dir = entry.node;
            continue;
        }
        return match expect {
            Expect::Absent => false,
            Expect::Dir => entry.kind == FileType::Directory,
            Expect::Exactly(content) => s.get(dir, name) == *content,
            Expect::AtLeast(content) => s.get(dir, name).starts_with(content),
        };
    }
    unreachable!("a path has names")
}

/// What `fsck` says of the disk with some sectors changed. The image holds the disk without, before and after.
fn verdict(
    workload: &Workload,
    image: &Image,
    changed: &Sectors,
    judge: &Judge,
    kind: Kind,
) -> (Verdict, String) {
    image.patch(changed.iter().map(|(sector, data)| (*sector, &**data)));
    let verdict = judge.verdict(image, kind);
    let base = |sector: u64| &workload.base[sector as usize * SECTOR..][..SECTOR];
    image.patch(changed.keys().map(|sector| (*sector, base(*sector))));
    verdict
}

/// Whether this is what exFAT shows in the middle of a rename until the next mount: one file under two names.
fn two_names(kind: Kind, text: &str) -> bool {
    kind == Kind::ExFat && text.contains("cluster is already allocated for the other file")
}

/// Everything that is asked of a volume after a cut. Returns whether it showed two names until it was mounted.
fn examine(
    workload: &Workload,
    image: &Image,
    changed: &Sectors,
    step: usize,
    judge: &Judge,
    kind: Kind,
) -> Result<bool, String> {
    let (found, text) = verdict(workload, image, changed, judge, kind);
    let doubled = found == Verdict::Damaged;
    if doubled && !two_names(kind, &text) {
        return Err(format!("fsck after the cut: {text}"));
    }
    let disk = Overlay::new(workload.base.clone(), changed.clone());
    let mut fs = FatFs::mount(Box::new(disk.clone()), clock(), false)
        .map_err(|error| format!("does not mount: {error}"))?;
    fs.mend()
        .map_err(|errno| format!("is not mended: {errno}"))?;
    if fs.was_dirty() {
        return Err("is not mended".to_owned());
    }
    let root = fs.root();
    let mut s = Subject {
        fs: Box::new(fs),
        root,
        traits: disks::traits(kind),
    };
    let nothing = State::new();
    let before = if step == 0 {
        &nothing
    } else {
        &workload.ends[step - 1].1
    };
    let after = &workload.ends[step].1;
    let paths: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    for path in paths {
        let expectations = [before.get(path), after.get(path)];
        // A path of which nothing was known before or is known after may be anything.
        if expectations.contains(&None) {
            continue;
        }
        if !expectations
            .into_iter()
            .flatten()
            .any(|expect| meets(&mut s, path, expect))
        {
            return Err(format!(
                "{path} is neither what it was nor what it becomes; root: {:?}",
                s.names(s.root)
            ));
        }
    }
    // Whatever the case of its letters, a name is there once.
    let mut names = BTreeSet::new();
    for name in s.names(s.root) {
        if !names.insert(name.to_lowercase()) {
            return Err(format!("{name} stands there twice"));
        }
    }
    // The volume can be used on.
    s.put(s.root, "written after the cut", &bytes(5_000, 9));
    assert_eq!(s.get(s.root, "written after the cut"), bytes(5_000, 9));
    drop(s);
    let (found, text) = verdict(workload, image, &disk.changed.borrow(), judge, kind);
    if found != Verdict::Clean {
        return Err(format!("fsck after the next use: {text}"));
    }
    Ok(doubled)
}

fn cut_everywhere(kind: Kind, files: usize, steps: &'static [Step]) {
    let judge = Judge::find();
    let workload = record(kind, files, steps);
    let image = Image::new(&workload.base);
    let mut changed = Sectors::new();
    let mut failures = Vec::new();
    let (mut cuts, mut doubled) = (0, 0);
    for (index, (sector, data)) in workload.log.iter().enumerate() {
        let step = workload
            .ends
            .iter()
            .position(|(end, _)| index < *end)
            .unwrap();
        let sectors: Vec<&[u8]> = data.chunks_exact(SECTOR).collect();
        // The cut in the middle of a write of several sectors, then the one behind it.
        let middle = sectors.len() / 2;
        for part in [0..middle, middle..sectors.len()] {
            for at in part.clone() {
                changed.insert(sector + at as u64, sectors[at].to_vec());
            }
            if part.is_empty() {
                continue;
            }
            cuts += 1;
            match examine(&workload, &image, &changed, step, &judge, kind) {
                Ok(two_names) => doubled += u32::from(two_names),
                Err(what) => {
                    let name = steps.get(step).map_or("unmount", |step| step.name);
                    failures.push(format!(
                        "write {index} of {}, {name}: {what}",
                        workload.log.len()
                    ));
                }
            }
        }
    }
    println!(
        "{kind:?}: {cuts} cuts, {} bad, {doubled} with two names until the next mount",
        failures.len()
    );
    assert!(
        failures.is_empty(),
        "{kind:?}: {} of {cuts} cuts:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// A cut in the middle of random operations. Nothing is known of what must be there, but `fsck` must be content before and after the next mount.
fn cut_random_operations(kind: Kind, seed: u64) {
    let judge = Judge::find();
    let disk = RamDisk::formatted(kind, 4 << 20);
    let base = Arc::new(disk.bytes());
    let log = Shared::new(Vec::new());
    let device = Recorder {
        device: disk.device(),
        log: log.clone(),
    };
    let fs = FatFs::mount(Box::new(device), clock(), false).unwrap();
    let root = fs.root();
    let mut subject = Subject {
        fs: Box::new(fs),
        root,
        traits: disks::traits(kind),
    };
    Model::new(&mut subject, seed, 20_000).run(400);
    drop(subject);
    let workload = Workload {
        base,
        log: log.take(),
        ends: Vec::new(),
    };
    let image = Image::new(&workload.base);
    let mut changed = Sectors::new();
    let mut cuts = 0;
    for (index, (sector, data)) in workload.log.iter().enumerate() {
        for (at, data) in data.chunks_exact(SECTOR).enumerate() {
            changed.insert(sector + at as u64, data.to_vec());
        }
        // A sample; the steps above try every write.
        if index % 7 != 0 {
            continue;
        }
        cuts += 1;
        let (found, text) = verdict(&workload, &image, &changed, &judge, kind);
        let good = found != Verdict::Damaged || two_names(kind, &text);
        assert!(good, "{kind:?}, write {index}: {text}");
        let disk = Overlay::new(workload.base.clone(), changed.clone());
        drop(FatFs::mount(Box::new(disk.clone()), clock(), false).unwrap());
        let (found, text) = verdict(&workload, &image, &disk.changed.borrow(), &judge, kind);
        assert_ne!(
            found,
            Verdict::Damaged,
            "{kind:?}, after write {index}: {text}"
        );
    }
    println!("{kind:?}: {cuts} cuts of {} writes", workload.log.len());
}

#[test]
fn random_operations() {
    for (kind, seed) in [(Kind::Fat12, 21), (Kind::Fat16, 22), (Kind::ExFat, 23)] {
        cut_random_operations(kind, seed);
    }
}

#[test]
fn fat12() {
    cut_everywhere(Kind::Fat12, 0, STEPS);
}

#[test]
fn fat16() {
    cut_everywhere(Kind::Fat16, 0, STEPS);
}

#[test]
fn fat32() {
    cut_everywhere(Kind::Fat32, 0, STEPS);
}

#[test]
fn exfat() {
    cut_everywhere(Kind::ExFat, 0, STEPS);
}

/// The same in a directory that the driver sees in pieces only.
#[test]
fn large_directories() {
    for kind in [Kind::Fat16, Kind::Fat32, Kind::ExFat] {
        cut_everywhere(kind, 90, LARGE_STEPS);
    }
}
