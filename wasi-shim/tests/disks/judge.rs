//! `fsck.fat`, `fsck.exfat` and mtools as judges of an image. Where they are missing this is said, and the rest of a test still counts.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU64, Ordering};

use super::RamDisk;
use wasi_shim::fat::SECTOR;
use wasi_shim::fat::image::Kind;

/// Which judges there are.
pub(crate) struct Judge {
    fsck_fat: Option<PathBuf>,
    fsck_exfat: Option<PathBuf>,
    mcopy: Option<PathBuf>,
}

/// What a judge may find without the image being bad.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// Nothing.
    Clean,
    /// Clusters that no file has, or that the volume was not unmounted: what a power cut leaves.
    Lost,
    /// Anything else.
    Damaged,
}

impl Judge {
    pub(crate) fn find() -> Judge {
        let judge = Judge {
            fsck_fat: program("fsck.fat"),
            fsck_exfat: program("fsck.exfat"),
            mcopy: program("mcopy"),
        };
        for (name, path) in [
            ("fsck.fat", &judge.fsck_fat),
            ("fsck.exfat", &judge.fsck_exfat),
            ("mcopy", &judge.mcopy),
        ] {
            if path.is_none() {
                println!(
                    "skipped: what {name} would judge (install dosfstools, exfatprogs and mtools)"
                );
            }
        }
        judge
    }

    /// Whether there is one for FAT.
    pub(crate) fn judges_fat(&self) -> bool {
        self.fsck_fat.is_some()
    }

    /// The image must be without any fault.
    pub(crate) fn check(&self, disk: &RamDisk, kind: Kind) {
        let image = Image::new(&disk.bytes());
        let (verdict, text) = self.verdict(&image, kind);
        assert_eq!(verdict, Verdict::Clean, "{kind:?}: {text}");
    }

    /// What `fsck` says. Without it every image is clean.
    pub(crate) fn verdict(&self, image: &Image, kind: Kind) -> (Verdict, String) {
        let (program, arg) = match kind {
            Kind::ExFat => (&self.fsck_exfat, "-n"),
            _ => (&self.fsck_fat, "-n"),
        };
        let Some(program) = program else {
            return (Verdict::Clean, String::new());
        };
        let output = Command::new(program)
            .arg(arg)
            .arg(image.path())
            .output()
            .unwrap();
        let text = text(&output);
        if output.status.success() {
            return (Verdict::Clean, text);
        }
        (only_lost(&text), text)
    }

    /// The image must hold exactly this tree, as mtools read it.
    pub(crate) fn compare(
        &self,
        disk: &RamDisk,
        kind: Kind,
        tree: &BTreeMap<String, Option<Vec<u8>>>,
    ) {
        let Some(mcopy) = self.mcopy.as_ref().filter(|_| kind != Kind::ExFat) else {
            return;
        };
        let image = Image::new(&disk.bytes());
        let target = image.path().with_extension("tree");
        std::fs::create_dir_all(&target).unwrap();
        let output = Command::new(mcopy)
            .args(["-s", "-n", "-i"])
            .arg(image.path())
            .args(["::", target.to_str().unwrap()])
            .env("MTOOLS_SKIP_CHECK", "1")
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap();
        let mut found = BTreeMap::new();
        collect(&target, &target, &mut found);
        std::fs::remove_dir_all(&target).unwrap();
        assert!(output.status.success(), "mcopy: {}", text(&output));
        assert_eq!(
            found.keys().collect::<Vec<_>>(),
            tree.keys().collect::<Vec<_>>(),
            "mtools see other names"
        );
        for (path, content) in tree {
            assert!(
                found[path] == *content,
                "mtools see another content of {path}"
            );
        }
    }
}

/// Whether every complaint is one that a power cut may leave behind: clusters that nobody has, or that a file has behind its end; the slots of a
/// name whose file was not made yet or is gone; a volume that was not unmounted; the second file allocation table one write
/// behind the first. On exFAT, also a file that is being made and has half a directory entry.
fn only_lost(text: &str) -> Verdict {
    const HARMLESS: [&str; 22] = [
        "fsck.fat ",
        "exfatprogs ",
        "Reclaimed ",
        "Leaving filesystem unchanged",
        "Dirty bit is set",
        "Automatically removing dirty bit",
        "Free cluster summary wrong",
        "Free cluster summary uninitialized",
        "Auto-correcting",
        "FATs differ but appear to be intact",
        "Using first FAT",
        "Orphaned long file name part",
        "Auto-deleting",
        "Long filename fragment",
        "(Maybe the start bit is missing",
        "A new long file name starts within an old one",
        "Not auto-correcting this",
        "Truncating file to",
        "ERROR: /: unknown entry type",
        "ERROR: /: the checksum of a file is wrong",
        // The names of files stand on lines of their own, before what is said about them.
        "/",
        "volume is dirty",
    ];
    // An address may stand in front: "0x41: Dirty bit is set."
    let complaint = |line: &str| {
        let line = line.trim();
        line.split_once(": ")
            .filter(|(address, _)| address.starts_with("0x"))
            .map_or(line, |(_, rest)| rest)
            .to_owned()
    };
    let harmless = |line: String| {
        line.is_empty()
            || HARMLESS.iter().any(|harmless| line.starts_with(harmless))
            || line.contains("cluster chain length is > ")
            || line.contains("more clusters are allocated")
    };
    match text.lines().map(complaint).all(harmless) {
        true => Verdict::Lost,
        false => Verdict::Damaged,
    }
}

/// Reads a tree of the host.
fn collect(top: &Path, dir: &Path, tree: &mut BTreeMap<String, Option<Vec<u8>>>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            tree.insert(name, None);
            collect(top, &path, tree);
        } else {
            tree.insert(name, Some(std::fs::read(&path).unwrap()));
        }
    }
}

fn text(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    format!("{out}{}", String::from_utf8_lossy(&output.stderr))
}

/// Finds a program, also where only root looks.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let extra = ["/sbin", "/usr/sbin"].map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(extra)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
}

/// An image in a file that is removed when it is dropped.
pub(crate) struct Image(PathBuf);

impl Image {
    pub(crate) fn new(content: &[u8]) -> Image {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("wasi-shim-{}-{number}.img", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content).unwrap();
        Image(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes some sectors.
    pub(crate) fn patch<'a>(&self, sectors: impl Iterator<Item = (u64, &'a [u8])>) {
        let mut file = OpenOptions::new().write(true).open(&self.0).unwrap();
        for (sector, data) in sectors {
            file.seek(SeekFrom::Start(sector * SECTOR as u64)).unwrap();
            file.write_all(data).unwrap();
        }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
