//! The same Go programs on every kind of file system: a directory of the host, FAT12, FAT16, FAT32, exFAT, a RAM disk.
//!
//! Their output equals the native output, except for the lines of [`KNOWN`], each with its reason. The files on a volume
//! equal the native files, unless there is such a line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tests::same::folder;
use tests::tree::Entry;
use tests::{Guest, Run, run, tree, volume, wasi_interp};
use wasi_shim::fat::image::Kind;

/// Files; directories, temporary files and renames; tar and zip; names of any script; `os.Root`; differences between file
/// systems.
const PROGRAMS: [&str; 6] = ["files", "tree", "archive", "unicode", "root", "hosts"];

/// A line of output that is different on FAT.
struct Difference {
    program: &'static str,
    natively: &'static str,
    /// On FAT12, FAT16 and FAT32; `None` if the line is missing there.
    fat: &'static str,
    exfat: &'static str,
}

/// A difference that is the same on all kinds of FAT.
const fn both(program: &'static str, natively: &'static str, fat: &'static str) -> Difference {
    Difference {
        program,
        natively,
        fat,
        exfat: fat,
    }
}

/// Limits of FAT and exFAT, with reasons.
const KNOWN: &[(&str, &[Difference])] = &[
    (
        "names keep their case, but are not told apart by it",
        &[
            both(
                "hosts",
                "case: another spelling is not found: true",
                "case: another spelling is not found: false",
            ),
            both(
                "hosts",
                "case: spellings side by side: 2",
                "case: spellings side by side: 1",
            ),
        ],
    ),
    (
        "these characters are forbidden: EINVAL",
        &[
            both("hosts", r#"name "colon:": true"#, r#"name "colon:": false"#),
            both("hosts", r#"name "star*": true"#, r#"name "star*": false"#),
            both(
                "hosts",
                r#"name "question?": true"#,
                r#"name "question?": false"#,
            ),
            both(
                "hosts",
                r#"name "quote\"": true"#,
                r#"name "quote\"": false"#,
            ),
            both("hosts", r#"name "less<": true"#, r#"name "less<": false"#),
            both("hosts", r#"name "more>": true"#, r#"name "more>": false"#),
            both("hosts", r#"name "pipe|": true"#, r#"name "pipe|": false"#),
            both(
                "hosts",
                r#"name "back\\slash": true"#,
                r#"name "back\\slash": false"#,
            ),
            both("hosts", r#"name "tab\t": true"#, r#"name "tab\t": false"#),
            both(
                "unicode",
                r#""back\\slash" "back\\slash" <nil>"#,
                r#"open quote'": Invalid argument"#,
            ),
            both(
                "unicode",
                r#""quote'\"" "quote'\"" <nil>"#,
                r"open back\slash: Invalid argument",
            ),
            both("unicode", "7 <nil>", "5 <nil>"),
        ],
    ),
    (
        "a name cannot end in a dot or a space: other systems drop these",
        &[
            both("hosts", r#"name "dot.": true"#, r#"name "dot.": false"#),
            both("hosts", r#"name "space ": true"#, r#"name "space ": false"#),
        ],
    ),
    (
        "there are no links: ENOTSUP",
        &[
            both("hosts", "symbolic link: true", "symbolic link: false"),
            both("hosts", "hard link: true", "hard link: false"),
            both("root", "links: true", "links: false"),
            both(
                "root",
                "inside kept inside",
                "inside refused, not found: true",
            ),
            both(
                "root",
                "escape refused, not found: false",
                "escape refused, not found: true",
            ),
            both("root", "[escape in inside] <nil>", "[in] <nil>"),
        ],
    ),
    (
        "times have steps of two seconds (exFAT: of ten milliseconds) and begin in 1980",
        &[
            Difference {
                program: "hosts",
                natively: "time 2001-02-03T04:05:07Z: true 2001-02-03T04:05:07Z",
                fat: "time 2001-02-03T04:05:07Z: true 2001-02-03T04:05:06Z",
                exfat: "time 2001-02-03T04:05:07Z: true 2001-02-03T04:05:07Z",
            },
            Difference {
                program: "hosts",
                natively: "time 2001-02-03T04:05:06.123456789Z: true 2001-02-03T04:05:06.123456789Z",
                fat: "time 2001-02-03T04:05:06.123456789Z: true 2001-02-03T04:05:06Z",
                exfat: "time 2001-02-03T04:05:06.123456789Z: true 2001-02-03T04:05:06.12Z",
            },
            both(
                "hosts",
                "time 1979-12-31T00:00:00Z: true 1979-12-31T00:00:00Z",
                "time 1979-12-31T00:00:00Z: true 1980-01-01T00:00:00Z",
            ),
        ],
    ),
    (
        "a FAT file is smaller than 4 GiB (EFBIG); exFAT's is not, but holes need space (ENOSPC)",
        &[both(
            "hosts",
            "a byte at 5 GiB: true",
            "a byte at 5 GiB: false",
        )],
    ),
];

/// The lines of a program that differ on this kind of volume, natively and there.
fn differences(program: &str, kind: Kind) -> Vec<(&'static str, &'static str)> {
    let all = KNOWN.iter().flat_map(|(_, differences)| *differences);
    let here = all.filter(|difference| difference.program == program);
    let pairs = here.map(|known| match kind {
        Kind::ExFat => (known.natively, known.exfat),
        _ => (known.natively, known.fat),
    });
    pairs
        .filter(|(natively, there)| natively != there)
        .collect()
}

/// The native output with these lines replaced. Every known line must have occurred.
#[track_caller]
fn exchanged(output: &str, differences: &[(&str, &str)]) -> Vec<String> {
    let mut lines: Vec<String> = output.lines().map(str::to_owned).collect();
    for (natively, there) in differences {
        let line = lines.iter_mut().find(|line| line == natively);
        let line = line.unwrap_or_else(|| panic!("{natively:?} is not printed natively"));
        *line = (*there).to_owned();
    }
    lines
}

/// Runs all programs natively and with an empty file system as `/work`. `mount` creates it in a folder and returns the
/// options. `left` returns its files afterwards.
#[track_caller]
fn same(
    kind: Option<Kind>,
    mount: impl Fn(&Path) -> [String; 2],
    left: impl Fn(&Path) -> Option<BTreeMap<PathBuf, Entry>>,
) {
    for name in PROGRAMS {
        let guest = Guest::named(name);
        let (here, there) = (folder(), folder());
        let natively = Run::of(&mut run::clean(guest.native(), here.path())).ends_with(0);
        let mut command = wasi_interp(there.path());
        let found = Run::of(command.args(mount(there.path())).arg(guest.wasm())).ends_with(0);
        let differences = kind.map_or_else(Vec::new, |kind| differences(name, kind));
        let mut expected = exchanged(&natively.stdout, &differences);
        let mut lines: Vec<_> = found.stdout.lines().map(str::to_owned).collect();
        if !differences.is_empty() {
            // A line that is missing in one place occurs in another.
            expected.sort();
            lines.sort();
        }
        assert_eq!(lines, expected, "{name} on {kind:?}");
        assert_eq!(found.stderr, natively.stderr, "{name} on {kind:?}");
        if let Some(left) = left(there.path()).filter(|_| differences.is_empty()) {
            assert_eq!(left, tree::of(here.path()), "{name} on {kind:?}");
        }
    }
}

/// Does the same on a FAT volume of this kind and size.
#[track_caller]
fn same_on_fat(kind: Kind, mebibytes: u64) {
    let mount = |folder: &Path| {
        volume::make(&folder.join("disk.img"), kind, mebibytes);
        ["--fat".to_owned(), "disk.img::/work".to_owned()]
    };
    let left = |folder: &Path| Some(volume::tree(&folder.join("disk.img")));
    same(Some(kind), mount, left);
}

#[test]
fn fat12() {
    same_on_fat(Kind::Fat12, 12);
}

#[test]
fn fat16() {
    same_on_fat(Kind::Fat16, 32);
}

#[test]
fn fat32() {
    same_on_fat(Kind::Fat32, 64);
}

#[test]
fn exfat() {
    same_on_fat(Kind::ExFat, 32);
}

/// On a RAM disk nothing differs, and nothing reaches the host's files.
#[test]
fn ram() {
    let option = |_: &Path| ["--ram".to_owned(), "/work".to_owned()];
    same(None, option, |folder| {
        assert_eq!(tree::of(folder), BTreeMap::new(), "files reached the host");
        None
    });
}

/// A directory of the host under another name.
#[test]
fn renamed_directory() {
    let option = |_: &Path| ["--dir".to_owned(), ".::/work".to_owned()];
    same(None, option, |folder| Some(tree::of(folder)));
}
