//! What is going on while the power fails, step by step, and what is known after each.

use std::collections::BTreeMap;

use wasi_shim::Node;

use crate::suite::Subject;

/// What must be found under a path.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Expect {
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
pub(crate) type State = BTreeMap<&'static str, Expect>;

/// One step: what is done, and what is known afterwards that was not known before.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) act: fn(&mut Subject, &mut Open),
    pub(crate) then: fn(&mut State),
}

/// Files that stay open from step to step.
#[derive(Default)]
pub(crate) struct Open {
    pub(crate) log: Option<Node>,
    pub(crate) gone: Option<Node>,
}

pub(crate) fn bytes(len: usize, seed: u8) -> Vec<u8> {
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

/// The name of a file in the large directory: some have one directory entry, some several.
pub(crate) fn file(number: usize) -> String {
    match number % 2 {
        0 => format!("F{number:05}.DAT"),
        _ => format!("a file with a longer name, number {number}"),
    }
}

/// What is going on in a directory of 90 files.
pub(crate) const LARGE_STEPS: &[Step] = &[
    Step {
        name: "make a file and a directory",
        act: |s, _| {
            put_synced(
                s,
                "large/new file with a name of several entries",
                &bytes(3_000, 1),
            );
            let large = s.node(s.root, "large");
            s.fs.mkdir(large, "new directory").unwrap();
            s.fs.sync(s.root, false).unwrap();
            put_synced(s, "large/new directory/inner", &bytes(700, 2));
        },
        then: |state| {
            state.insert(
                "large/new file with a name of several entries",
                Expect::Exactly(bytes(3_000, 1)),
            );
            state.insert("large/new directory", Expect::Dir);
            state.insert("large/new directory/inner", Expect::Exactly(bytes(700, 2)));
            state.insert("large/F00010.DAT", Expect::Exactly(bytes(10, 1)));
            state.insert("large/F00080.DAT", Expect::Exactly(bytes(80, 1)));
        },
    },
    Step {
        name: "make the directory grow",
        act: |s, _| {
            let large = s.node(s.root, "large");
            for number in 0..8 {
                s.put(large, &format!("{number}{}", "x".repeat(250)), b"");
            }
            s.fs.forget(large);
        },
        then: |_| {},
    },
    Step {
        name: "rename to a new name, and to one that is replaced",
        act: |s, _| {
            rename(s, "large/F00010.DAT", "large/ten");
            rename(s, "large/F00012.DAT", "large/F00080.DAT");
        },
        then: |state| {
            state.insert("large/F00010.DAT", Expect::Absent);
            state.insert("large/ten", Expect::Exactly(bytes(10, 1)));
            state.insert("large/F00080.DAT", Expect::Exactly(bytes(12, 1)));
        },
    },
    Step {
        name: "move a directory out of the large one, and back in",
        act: |s, _| {
            rename(s, "large/new directory", "moved");
            rename(s, "moved", "large/back");
        },
        then: |state| {
            state.insert("large/new directory", Expect::Absent);
            state.remove("large/new directory/inner");
            state.insert("large/back/inner", Expect::Exactly(bytes(700, 2)));
        },
    },
    Step {
        name: "remove files and a directory",
        act: |s, _| {
            let large = s.node(s.root, "large");
            let back = s.node(large, "back");
            s.fs.unlink(back, "inner").unwrap();
            s.fs.forget(back);
            s.fs.rmdir(large, "back").unwrap();
            s.fs.unlink(large, "ten").unwrap();
            s.fs.unlink(large, &file(89)).unwrap();
        },
        then: |state| {
            state.insert("large/back", Expect::Absent);
            state.remove("large/back/inner");
            state.insert("large/ten", Expect::Absent);
        },
    },
];

const LONG: &str =
    "dir/a name that is long enough for several directory entries, and then some more of it.text";

pub(crate) const STEPS: &[Step] = &[
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
        name: "change the case of a file, a directory and an empty file",
        act: |s, _| {
            rename(s, "config", "CONFIG");
            rename(s, "CONFIG", "conFig");
            rename(s, "victim", "Victim");
            rename(s, "Victim", "victim");
            rename(s, "other", "OtheR");
            let (dir, name) = at(s, "a hollow file with a long name");
            let file = s.file(dir, &name, b"");
            s.fs.close(file);
            rename(s, &name, "A Hollow File With A Long Name");
        },
        then: |state| {
            state.insert(
                "a hollow file with a long name",
                Expect::Exactly(Vec::new()),
            );
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
