//! Paths that try to leave the granted directory: the same list on the desktop, on FAT and on a RAM disk.
#![cfg(all(
    unix,
    feature = "std",
    feature = "ram",
    feature = "exfat",
    feature = "image"
))]

mod disks;
mod suite;

use wasi_shim::fat::image::Kind;
use wasi_shim::mounts::{Found, Mounts, Place};
use wasi_shim::path::{Last, Target, walk};
use wasi_shim::std_host::StdFs;
use wasi_shim::{Access, Errno, FileSystem, Node, RamFs};

/// Escapes by the path itself.
const PATHS: &[(&str, Errno)] = &[
    ("..", Errno::Perm),
    ("../", Errno::Perm),
    ("../secret", Errno::Perm),
    ("../inside/sub", Errno::Perm),
    ("./../secret", Errno::Perm),
    ("sub/../../secret", Errno::Perm),
    ("sub/./.././../secret", Errno::Perm),
    ("sub//..//..//secret", Errno::Perm),
    ("../../../../../../etc/passwd", Errno::Perm),
    ("/etc/passwd", Errno::Perm),
    ("//etc/passwd", Errno::Perm),
    ("/", Errno::Perm),
    ("", Errno::NoEnt),
    ("sub\0/../../secret", Errno::Inval),
    ("..\0", Errno::Inval),
    ("file/..", Errno::NotDir),
    ("file/../../secret", Errno::NotDir),
    ("missing/../../secret", Errno::NoEnt),
];

/// Names that other systems treat like `..`. They are ordinary names here, and FAT forbids them.
const ODD: &[&str] = &[
    ".. ",
    "...",
    ".. /secret",
    ".../secret",
    "..\\secret",
    "sub/.. /.. /secret",
];

/// Links: name, target.
const LINKS: &[(&str, &str)] = &[
    ("absolute", "/etc/passwd"),
    ("up", "../secret"),
    ("through", "sub/../../secret"),
    ("parent", ".."),
    ("chain1", "chain2"),
    ("chain2", "sub/chain3"),
    ("sub/chain3", "../../secret"),
    ("loop1", "loop2"),
    ("loop2", "loop1"),
    ("root", "/proc/self/root"),
    ("out-and-in", "sub/../../inside/sub"),
    ("slashes", "sub//..//..//secret"),
];

/// Escapes through these links.
const BY_LINKS: &[(&str, Errno)] = &[
    ("absolute", Errno::Perm),
    ("up", Errno::Perm),
    ("through", Errno::Perm),
    ("parent", Errno::Perm),
    ("parent/", Errno::Perm),
    ("parent/secret", Errno::Perm),
    ("parent/inside/sub", Errno::Perm),
    ("chain1", Errno::Perm),
    ("root", Errno::Perm),
    ("root/etc/passwd", Errno::Perm),
    ("out-and-in", Errno::Perm),
    ("slashes", Errno::Perm),
    ("sub/../up", Errno::Perm),
    ("loop1", Errno::Loop),
    ("loop1/x", Errno::Loop),
];

/// Creates a tree with escapes, and a secret beside it. Returns the directory that is granted to the guest.
fn trap(fs: &mut dyn FileSystem, root: Node) -> (Node, bool) {
    for name in ["inside", "beside"] {
        fs.mkdir(root, name).unwrap();
    }
    let inside = fs.lookup(root, "inside").unwrap().node;
    fs.mkdir(inside, "sub").unwrap();
    let sub = fs.lookup(inside, "sub").unwrap().node;
    for (dir, name) in [(root, "secret"), (inside, "file")] {
        let file = fs.create(dir, name).unwrap();
        let access = Access {
            read: false,
            write: true,
        };
        fs.open(file, access, false).unwrap();
        fs.write_at(file, 0, name.as_bytes()).unwrap();
        fs.close(file);
        fs.forget(file);
    }
    let mut links = true;
    for (name, target) in LINKS {
        let (dir, name) = match name.split_once('/') {
            Some((_, name)) => (sub, name),
            None => (inside, *name),
        };
        match fs.symlink(target, dir, name) {
            Ok(()) => {}
            Err(Errno::NotSup) => links = false,
            Err(errno) => panic!("{name}: {errno}"),
        }
    }
    (inside, links)
}

/// Returns the target of a path.
fn reach(mounts: &mut Mounts, root: Place, path: &str) -> Result<Found, Errno> {
    let target = walk(mounts, root, path, Last::Follow)?;
    let found = target.existing();
    target.release(mounts);
    found
}

/// Tries all escapes. None may succeed, with any handling of the last name.
fn nothing_leads_out(mut fs: Box<dyn FileSystem>, root: Node) {
    let (inside, links) = trap(&mut *fs, root);
    let mut mounts = Mounts::default();
    let fs = mounts.add(fs);
    let root = Place { fs, node: inside };
    let mut tried: Vec<(&str, Errno)> = PATHS.to_vec();
    let (long, name) = ("sub/../".repeat(600), "n".repeat(256));
    tried.push((&long, Errno::NameTooLong));
    tried.push((&name, Errno::NameTooLong));
    if links {
        tried.extend(BY_LINKS);
    }
    for (path, expected) in tried {
        let found = reach(&mut mounts, root, path);
        assert_eq!(found, Err(expected), "{path:?}");
        for last in [Last::NoFollow, Last::Leave] {
            if let Ok(target) = walk(&mut mounts, root, path, last) {
                // A link that is not followed may at most be inside of the directory.
                let (dir, name) = match &target {
                    Target::Directory(place) => panic!("{path:?} is {place:?}"),
                    Target::Name { dir, name, .. } => (*dir, name.clone()),
                };
                let stat = mounts.stat(dir).unwrap();
                let own = mounts.stat(root).unwrap();
                assert!(stat.ino == own.ino || path.starts_with("sub/"), "{path:?}");
                assert_ne!(name, "secret", "{path:?}");
                target.release(&mut mounts);
            }
        }
    }
    for path in ODD {
        let errno = reach(&mut mounts, root, path).unwrap_err();
        assert!(
            matches!(errno, Errno::NoEnt | Errno::Inval),
            "{path:?}: {errno}"
        );
    }
    // Paths inside of the directory work, also through a link, and with `..` up to the directory itself.
    let mut inner = vec!["file", "./file", "sub/../file", "sub/../sub/.././file"];
    if links {
        mounts
            .fs(fs)
            .symlink("sub/../file", inside, "good")
            .unwrap();
        inner.push("good");
    }
    for path in inner {
        assert!(reach(&mut mounts, root, path).is_ok(), "{path:?}");
    }
}

#[test]
fn on_the_desktop() {
    let folder = std::env::temp_dir().join(format!("wasi-shim-escapes-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut fs = StdFs::default();
    let root = fs.open_dir(&folder).unwrap();
    nothing_leads_out(Box::new(fs), root);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn on_a_ram_disk() {
    let fs = RamFs::new(1 << 20, Box::new(|| 0));
    let root = fs.root();
    nothing_leads_out(Box::new(fs), root);
}

#[test]
fn on_fat_and_exfat() {
    for kind in [Kind::Fat12, Kind::Fat16, Kind::Fat32, Kind::ExFat] {
        let subject = disks::fat_subject(&disks::RamDisk::formatted(kind, 8 << 20));
        nothing_leads_out(subject.fs, subject.root);
    }
}
