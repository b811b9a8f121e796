//! Going through a directory, also while it changes.

use super::{Case, Subject};
use wasi_shim::types::FileType;

pub(super) const CASES: &[Case] = &[
    ("a listing can stop anywhere", stop_and_go),
    ("a listing tells kinds and numbers", kinds),
    (
        "what is there all the time is listed once",
        while_it_changes,
    ),
    ("a cookie of the end gives nothing", end),
];

fn stop_and_go(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    let mut expected = Vec::new();
    for index in 0..150 {
        let name = match index % 3 {
            0 => format!("S{index}"),
            1 => format!("a longer name with number {index}.text"),
            _ => format!("mittellänge{index}"),
        };
        s.put(dir, &name, b"");
        expected.push(name);
    }
    expected.sort();
    for count in [1, 2, 7, 64, 1000] {
        let mut names: Vec<String> = s
            .list_by(dir, count)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        names.sort();
        assert_eq!(names, expected, "{count} at a time");
    }
}

fn kinds(s: &mut Subject) {
    s.put(s.root, "file", b"");
    s.dir(s.root, "dir");
    if s.traits.links {
        s.fs.symlink("file", s.root, "link").unwrap();
    }
    let mut entries = Vec::new();
    s.fs.read_dir(s.root, 0, &mut |entry| {
        entries.push((entry.name.to_owned(), entry.kind, entry.ino));
        true
    })
    .unwrap();
    for (name, kind, ino) in entries {
        let expected = match &*name {
            "file" => FileType::RegularFile,
            "dir" => FileType::Directory,
            _ => FileType::SymbolicLink,
        };
        assert_eq!(kind, expected, "{name}");
        let node = s.node(s.root, &name);
        assert_eq!(s.fs.stat(node).unwrap().ino, ino, "{name}");
    }
}

fn while_it_changes(s: &mut Subject) {
    let dir = s.dir(s.root, "dir");
    for index in 0..60 {
        s.put(dir, &format!("stays {index}"), b"");
        s.put(dir, &format!("goes {index}"), b"");
    }
    let mut seen = Vec::new();
    let mut cookie = 0;
    for round in 0.. {
        let before = seen.len();
        s.fs.read_dir(dir, cookie, &mut |entry| {
            seen.push(entry.name.to_owned());
            cookie = entry.next;
            seen.len() - before < 5
        })
        .unwrap();
        if seen.len() == before {
            break;
        }
        if round < 60 {
            s.fs.unlink(dir, &format!("goes {round}")).unwrap();
            s.put(
                dir,
                &format!("comes {round} with a name of another length"),
                b"",
            );
        }
    }
    for index in 0..60 {
        let name = format!("stays {index}");
        let times = seen.iter().filter(|other| **other == name).count();
        assert_eq!(times, 1, "{name}");
    }
    for name in &seen {
        assert_eq!(
            seen.iter().filter(|other| *other == name).count(),
            1,
            "{name}"
        );
    }
}

fn end(s: &mut Subject) {
    s.put(s.root, "a", b"");
    s.put(s.root, "b", b"");
    let mut last = 0;
    s.fs.read_dir(s.root, 0, &mut |entry| {
        last = entry.next;
        true
    })
    .unwrap();
    s.fs.read_dir(s.root, last, &mut |entry| {
        panic!("{} after the end", entry.name)
    })
    .unwrap();
    s.fs.read_dir(s.root, u64::MAX, &mut |entry| {
        panic!("{} behind every end", entry.name)
    })
    .unwrap();
}
