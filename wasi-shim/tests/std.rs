//! The desktop's file system: the suite, the random model, and links that change during a walk. Other ways out are in `escapes`.
#![cfg(feature = "std")]

mod suite;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use suite::{Subject, Traits};
use wasi_shim::std_host::StdFs;
use wasi_shim::{Errno, FileSystem};

/// A directory of its own for a test, removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(what: &str) -> Scratch {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("wasi-shim-{what}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Scratch(path.canonicalize().unwrap())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The system's file system under test; it keeps its directory until it is dropped.
fn subject(kept: &mut Vec<Scratch>) -> Subject {
    let scratch = Scratch::new("suite");
    let mut fs = StdFs::default();
    let root = fs.open_dir(&scratch.0).unwrap();
    kept.push(scratch);
    let traits = Traits {
        links: true,
        case_sensitive: cfg!(not(any(windows, target_os = "macos"))),
        any_name: cfg!(not(windows)),
        mtime_step: if cfg!(windows) { 100 } else { 1 },
        atime_step: if cfg!(windows) { 100 } else { 1 },
        earliest: None,
    };
    Subject {
        fs: Box::new(fs),
        root,
        traits,
    }
}

/// Windows keeps a directory where it is as long as it is open, and here the test holds on to each that it has made.
const HELD: &str = "an open directory stays where it is";

/// What Windows does otherwise.
const SKIPPED: &[(&str, &str)] = if cfg!(windows) {
    &[
        ("rmdir wants an empty directory", HELD),
        ("rename moves a directory with what it holds", HELD),
        ("rename replaces an empty directory", HELD),
        ("a directory does not move into itself", HELD),
        ("a removed directory that is open", HELD),
        ("a replaced directory that is open", HELD),
    ]
} else {
    &[]
};

#[test]
fn suite() {
    let mut kept = Vec::new();
    suite::run_without(SKIPPED, || subject(&mut kept));
}

#[test]
fn names_that_are_no_names_are_refused_by_the_host_too() {
    let scratch = Scratch::new("names");
    let mut fs = StdFs::default();
    let root = fs.open_dir(&scratch.0).unwrap();
    for name in ["..", ".", "", "a/b", "/etc", "a\0b"] {
        assert_eq!(
            fs.lookup(root, name).err(),
            Some(Errno::Inval),
            "lookup {name:?}"
        );
        assert_eq!(
            fs.create(root, name).err(),
            Some(Errno::Inval),
            "create {name:?}"
        );
        assert_eq!(
            fs.mkdir(root, name).err(),
            Some(Errno::Inval),
            "mkdir {name:?}"
        );
        assert_eq!(
            fs.unlink(root, name).err(),
            Some(Errno::Inval),
            "unlink {name:?}"
        );
        assert_eq!(
            fs.rename(root, "x", root, name).err(),
            Some(Errno::Inval),
            "rename {name:?}"
        );
    }
}

/// What wants links, and directories that move while they are open.
#[cfg(unix)]
mod unix {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::suite::model::Model;
    use super::*;
    use wasi_shim::mounts::{Mounts, Place};
    use wasi_shim::path::{Last, walk};

    #[test]
    fn random_operations_agree_with_the_model() {
        let mut kept = Vec::new();
        for seed in 1..=4 {
            let mut subject = subject(&mut kept);
            let mut model = Model::new(&mut subject, seed, 60_000);
            model.run(2_000);
        }
    }

    /// A directory, and a secret beside it.
    fn trapped() -> (Scratch, Mounts, Place) {
        let scratch = Scratch::new("escape");
        let outside = &scratch.0;
        let inside = outside.join("inside");
        std::fs::create_dir(&inside).unwrap();
        std::fs::create_dir(outside.join("beside")).unwrap();
        std::fs::write(outside.join("beside/secret"), "secret").unwrap();
        let mut fs = StdFs::default();
        let root = fs.open_dir(&inside).unwrap();
        let mut mounts = Mounts::default();
        let fs = mounts.add(Box::new(fs));
        (scratch, mounts, Place { fs, node: root })
    }

    /// While another thread swaps a directory for a link that leads out, whatever is read is never the secret.
    #[test]
    fn links_swapped_during_the_walk_lead_nowhere() {
        let (scratch, mut mounts, root) = trapped();
        let inside = scratch.0.join("inside");
        std::fs::create_dir(inside.join("real")).unwrap();
        std::fs::write(inside.join("real/secret"), "public").unwrap();
        std::os::unix::fs::symlink("../beside", inside.join("fake")).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let swapper = std::thread::spawn({
            let (stop, inside) = (stop.clone(), inside.clone());
            move || {
                while !stop.load(Ordering::Relaxed) {
                    for name in ["real", "fake"] {
                        std::fs::rename(inside.join(name), inside.join("door")).unwrap();
                        std::thread::yield_now();
                        std::fs::rename(inside.join("door"), inside.join(name)).unwrap();
                    }
                }
            }
        });
        let mut seen = [0u32; 2];
        for _ in 0..20_000 {
            let Ok(target) = walk(&mut mounts, root, "door/secret", Last::Follow) else {
                seen[1] += 1;
                continue;
            };
            if let Ok(found) = target.existing() {
                let fs = mounts.fs(found.place.fs);
                let access = wasi_shim::Access {
                    read: true,
                    write: false,
                };
                if fs.open(found.place.node, access, false).is_ok() {
                    let mut buf = [0; 16];
                    let len = fs.read_at(found.place.node, 0, &mut buf).unwrap();
                    assert_eq!(&buf[..len], b"public");
                    fs.close(found.place.node);
                    seen[0] += 1;
                }
            }
            target.release(&mut mounts);
        }
        stop.store(true, Ordering::Relaxed);
        swapper.join().unwrap();
        println!("read {} times, refused {} times", seen[0], seen[1]);
        assert!(
            seen[0] > 0 && seen[1] > 0,
            "the race was never run: {seen:?}"
        );
    }
}
