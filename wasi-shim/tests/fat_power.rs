//! The power fails after every single write to the device, and in the middle of those of several sectors. Whatever the moment: `fsck` finds nothing
//! worse than lost clusters, the volume mounts, what was synced is there, and a file replaced by `rename` has its old or its new content.

mod disks;
mod suite;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use disks::{Image, Judge, Overlay, RamDisk, Sectors, Verdict, clock};
use suite::Subject;
use wasi_shim::fat::image::Kind;
use wasi_shim::fat::{BlockDevice, FatFs, SECTOR};
use wasi_shim::types::FileType;
use wasi_shim::{Errno, Node};

/// What must be found under a path.
#[derive(Clone, PartialEq, Debug)]
enum Expect {
    /// No such name.
    Absent,
    /// A directory.
    Dir,
    /// A file with this content.
    Exactly(Vec<u8>),
    /// A file that starts with this: more was written, but not synced.
    AtLeast(Vec<u8>),
}

/// What is known about some paths; about others nothing is.
type State = BTreeMap<&'static str, Expect>;

/// Writes to a device: where, and what.
type Log = Vec<(u64, Vec<u8>)>;

/// A device that notes every write.
struct Recorder {
    device: Box<dyn BlockDevice>,
    log: Rc<RefCell<Log>>,
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

/// One step: what is done, and what is known afterwards that was not known before.
struct Step {
    name: &'static str,
    act: fn(&mut Subject, &mut Open),
    then: fn(&mut State),
}

/// Files that stay open from step to step.
#[derive(Default)]
struct Open {
    log: Option<Node>,
    gone: Option<Node>,
}

fn bytes(len: usize, seed: u8) -> Vec<u8> {
    (0..len).map(|at| (at / 7) as u8 ^ seed).collect()
}

fn at(s: &mut Subject, path: &str) -> (Node, String) {
    let mut dir = s.root;
    let mut names: Vec<&str> = path.split('/').collect();
    let last = names.pop().unwrap();
    for name in names {
        dir = s.node(dir, name);
    }
    (dir, last.to_owned())
}

fn put_synced(s: &mut Subject, path: &str, content: &[u8]) {
    let (dir, name) = at(s, path);
    let file = s.file(dir, &name, content);
    s.fs.sync(file, false).unwrap();
    s.fs.close(file);
}

fn rename(s: &mut Subject, from: &str, to: &str) {
    let ((dir, name), (to_dir, to_name)) = (at(s, from), at(s, to));
    s.fs.rename(dir, &name, to_dir, &to_name).unwrap();
}

const LONG: &str =
    "dir/a name that is long enough for several directory entries, and then some more of it.text";

const STEPS: &[Step] = &[
    Step {
        name: "make directories",
        act: |s, _| {
            let dir = s.dir(s.root, "dir");
            s.dir(dir, "inner directory with a long name");
            s.dir(s.root, "other");
            s.dir(s.root, "empty");
        },
        then: |state| {
            for path in [
                "dir",
                "dir/inner directory with a long name",
                "other",
                "empty",
            ] {
                state.insert(path, Expect::Dir);
            }
        },
    },
    Step {
        name: "write files and sync them",
        act: |s, _| {
            put_synced(s, "config", &bytes(3_000, 1));
            put_synced(
                s,
                "dir/inner directory with a long name/deep",
                &bytes(700, 2),
            );
            put_synced(s, LONG, &bytes(5_000, 3));
            put_synced(s, "victim", &bytes(9_000, 4));
            put_synced(s, "other/short", b"");
        },
        then: |state| {
            state.insert("config", Expect::Exactly(bytes(3_000, 1)));
            state.insert(
                "dir/inner directory with a long name/deep",
                Expect::Exactly(bytes(700, 2)),
            );
            state.insert(LONG, Expect::Exactly(bytes(5_000, 3)));
            state.insert("victim", Expect::Exactly(bytes(9_000, 4)));
            state.insert("other/short", Expect::Exactly(Vec::new()));
        },
    },
    Step {
        name: "append small pieces and sync",
        act: |s, open| {
            let (dir, name) = at(s, "dir/log");
            let log = s.file(dir, &name, b"");
            for line in 0..60 {
                s.fs.append(log, &[line; 40]).unwrap();
            }
            s.fs.sync(log, true).unwrap();
            open.log = Some(log);
        },
        then: |state| {
            let content = (0..60).flat_map(|line| [line; 40]).collect();
            state.insert("dir/log", Expect::Exactly(content));
        },
    },
    Step {
        name: "append without sync",
        act: |s, open| {
            for line in 60..200 {
                s.fs.append(open.log.unwrap(), &[line; 40]).unwrap();
            }
        },
        then: |state| {
            let content = (0..60).flat_map(|line| [line; 40]).collect();
            state.insert("dir/log", Expect::AtLeast(content));
        },
    },
    Step {
        name: "sync what was appended",
        act: |s, open| s.fs.sync(open.log.unwrap(), false).unwrap(),
        then: |state| {
            let content = (0..200).flat_map(|line| [line; 40]).collect();
            state.insert("dir/log", Expect::Exactly(content));
        },
    },
    Step {
        name: "write a new config",
        act: |s, _| put_synced(s, "config.new", &bytes(6_000, 5)),
        then: |state| {
            state.insert("config.new", Expect::Exactly(bytes(6_000, 5)));
        },
    },
    Step {
        name: "rename it over the old one",
        act: |s, _| rename(s, "config.new", "config"),
        then: |state| {
            state.insert("config.new", Expect::Absent);
            state.insert("config", Expect::Exactly(bytes(6_000, 5)));
        },
    },
    Step {
        name: "rename into another directory over a file with a long name",
        act: |s, _| rename(s, "config", LONG),
        then: |state| {
            state.insert("config", Expect::Absent);
            state.insert(LONG, Expect::Exactly(bytes(6_000, 5)));
        },
    },
    Step {
        name: "rename from a long name to a new long name",
        act: |s, _| {
            rename(
                s,
                LONG,
                "other/quite another name, but a long one as well, for several entries",
            )
        },
        then: |state| {
            state.insert(LONG, Expect::Absent);
            state.insert(
                "other/quite another name, but a long one as well, for several entries",
                Expect::Exactly(bytes(6_000, 5)),
            );
        },
    },
    Step {
        name: "rename an empty file",
        act: |s, _| rename(s, "other/short", "short.er"),
        then: |state| {
            state.insert("other/short", Expect::Absent);
            state.insert("short.er", Expect::Exactly(Vec::new()));
        },
    },
    Step {
        name: "rename the open log",
        act: |s, open| {
            rename(s, "dir/log", "old log file.txt");
            s.fs.sync(open.log.unwrap(), false).unwrap();
        },
        then: |state| {
            let content = state.remove("dir/log").unwrap();
            state.insert("dir/log", Expect::Absent);
            state.insert("old log file.txt", content);
        },
    },
    Step {
        name: "move a directory with what it holds",
        act: |s, _| rename(s, "dir/inner directory with a long name", "other/moved"),
        then: |state| {
            state.insert("dir/inner directory with a long name", Expect::Absent);
            state.remove("dir/inner directory with a long name/deep");
            state.insert("other/moved", Expect::Dir);
            state.insert("other/moved/deep", Expect::Exactly(bytes(700, 2)));
        },
    },
    Step {
        name: "move it over an empty directory",
        act: |s, _| rename(s, "other/moved", "empty"),
        then: |state| {
            state.insert("other/moved", Expect::Absent);
            state.remove("other/moved/deep");
            state.insert("empty/deep", Expect::Exactly(bytes(700, 2)));
        },
    },
    Step {
        name: "unlink an open file and write on",
        act: |s, open| {
            let (dir, name) = at(s, "victim");
            let victim = s.node(dir, &name);
            s.open(victim);
            s.fs.unlink(dir, &name).unwrap();
            s.write(victim, 9_000, &bytes(3_000, 6));
            open.gone = Some(victim);
        },
        then: |state| {
            state.insert("victim", Expect::Absent);
        },
    },
    Step {
        name: "replace a file that is open",
        act: |s, open| {
            put_synced(s, "fresh", &bytes(2_000, 7));
            rename(s, "fresh", "old log file.txt");
            s.write(open.log.unwrap(), 0, b"still written");
        },
        then: |state| {
            state.insert("fresh", Expect::Absent);
            state.insert("old log file.txt", Expect::Exactly(bytes(2_000, 7)));
        },
    },
    Step {
        name: "close both",
        act: |s, open| {
            s.fs.close(open.log.take().unwrap());
            s.fs.close(open.gone.take().unwrap());
        },
        then: |_| {},
    },
    Step {
        name: "cut and extend",
        act: |s, _| {
            let (dir, name) = at(s, "old log file.txt");
            let file = s.node(dir, &name);
            s.open(file);
            s.fs.set_len(file, 600).unwrap();
            s.fs.sync(file, false).unwrap();
            s.fs.close(file);
        },
        then: |state| {
            state.insert("old log file.txt", Expect::Exactly(bytes(600, 7)));
        },
    },
    Step {
        name: "remove a directory and files",
        act: |s, _| {
            s.fs.rmdir(s.root, "dir").unwrap();
            s.fs.unlink(s.root, "short.er").unwrap();
        },
        then: |state| {
            state.insert("dir", Expect::Absent);
            state.insert("short.er", Expect::Absent);
        },
    },
];

/// A moment of the power cut: which writes had happened, and in which step it was.
struct Workload {
    base: Rc<Vec<u8>>,
    log: Log,
    /// For each step, where its writes end, and the state then.
    ends: Vec<(usize, State)>,
}

fn record(kind: Kind) -> Workload {
    let disk = RamDisk::formatted(kind, 4 << 20);
    let base = Rc::new(disk.bytes());
    let log = Rc::new(RefCell::new(Vec::new()));
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
    for step in STEPS {
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

/// Everything that is asked of a volume after a cut.
fn examine(
    workload: &Workload,
    image: &Image,
    changed: &Sectors,
    step: usize,
    judge: &Judge,
    kind: Kind,
) -> Result<(), String> {
    let (found, text) = verdict(workload, image, changed, judge, kind);
    if found == Verdict::Damaged {
        return Err(format!("fsck after the cut: {text}"));
    }
    let disk = Overlay::new(workload.base.clone(), changed.clone());
    let fs = FatFs::mount(Box::new(disk.clone()), clock(), false)
        .map_err(|error| format!("does not mount: {error}"))?;
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
    // The volume can be used on.
    s.put(s.root, "written after the cut", &bytes(5_000, 9));
    assert_eq!(s.get(s.root, "written after the cut"), bytes(5_000, 9));
    drop(s);
    let (found, text) = verdict(workload, image, &disk.changed.borrow(), judge, kind);
    if found == Verdict::Damaged {
        return Err(format!("fsck after the next use: {text}"));
    }
    Ok(())
}

fn cut_everywhere(kind: Kind) {
    let judge = Judge::find();
    let workload = record(kind);
    let image = Image::new(&workload.base);
    let mut changed = Sectors::new();
    let mut failures = Vec::new();
    let mut cuts = 0;
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
            if let Err(what) = examine(&workload, &image, &changed, step, &judge, kind) {
                let name = STEPS.get(step).map_or("unmount", |step| step.name);
                failures.push(format!(
                    "write {index} of {}, {name}: {what}",
                    workload.log.len()
                ));
            }
        }
    }
    println!("{kind:?}: {cuts} cuts, {} bad", failures.len());
    assert!(
        failures.is_empty(),
        "{kind:?}: {} of {cuts} cuts:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn fat12() {
    cut_everywhere(Kind::Fat12);
}

#[test]
fn fat16() {
    cut_everywhere(Kind::Fat16);
}

#[test]
fn fat32() {
    cut_everywhere(Kind::Fat32);
}

#[test]
fn exfat() {
    cut_everywhere(Kind::ExFat);
}
