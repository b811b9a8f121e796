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

    /// The image must be without any fault.
    pub(crate) fn check(&self, disk: &RamDisk, kind: Kind) {
        let image = Image::new(&disk.bytes());
        let (verdict, text) = self.verdict(&image, kind);
        assert_eq!(verdict, Verdict::Clean, "{kind:?}: {text}");
    }

    /// What `fsck` says. Without it every image is clean.
    pub(crate) fn verdict(&self, image: &Image, kind: Kind) -> (Verdict, String) {
        let (program, args) = match kind {
            Kind::ExFat => (&self.fsck_exfat, ["-n", "-v"]),
            _ => (&self.fsck_fat, ["-n", "-v"]),
        };
        let Some(program) = program else {
            return (Verdict::Clean, String::new());
        };
        let output = Command::new(program)
            .args(args)
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

/// Whether every complaint is one that a power cut may leave behind.
fn only_lost(text: &str) -> Verdict {
    const HARMLESS: [&str; 14] = [
        "fsck.fat ",
        "Checking ",
        "Boot sector contents",
        "Dirty bit is set",
        " Automatically removing dirty bit",
        "Reclaimed ",
        "Leaving filesystem unchanged",
        "Free cluster summary wrong",
        "  Auto-correcting",
        "There are differences between boot sector and its backup",
        "FATs differ",
        "Perform changes",
        "Root directory starts",
        "Starting check/repair pass",
    ];
    let bad = text
        .lines()
        .skip_while(|line| !line.starts_with("Starting check/repair pass"))
        .filter(|line| !line.trim().is_empty())
        .find(|line| {
            !HARMLESS.iter().any(|harmless| line.starts_with(harmless))
                && !line.contains(" files, ")
                && !line.starts_with("Checking")
        });
    match bad {
        None => Verdict::Lost,
        Some(_) => Verdict::Damaged,
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
