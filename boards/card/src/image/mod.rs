//! Images of disks and SD cards: a partition table, a FAT32 volume, and files in it.
//!
//! The same files and the same time give the same bytes on any machine. The size is a power of two, as cards have and
//! emulators require. Parts that are not written are holes in the image file.
//!
//! Reading order: this file (an image that is being built), `names`, `write`, `trail`, `error`.

mod error;
mod names;
mod trail;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wasi_shim::{Errno, fat::image};

use crate::regular_file::no_file;
use names::folded;

pub use error::ImageError;

/// The smallest image. FAT32 needs this size.
pub const SMALLEST: u64 = 64 << 20;
/// The default size of an image.
pub const USUAL: u64 = 128 << 20;
/// The approximate minimum space of a file: a cluster.
const CLUSTER: u64 = 4096;

/// The source of a file's bytes.
enum Source {
    Bytes(Vec<u8>),
    /// A file of the host, by its real path.
    Host(PathBuf),
    Folder,
}

/// An entry of an image.
struct Item {
    /// Its path with its original case.
    path: String,
    source: Source,
}

/// The contents of an image, by path in capital letters, because FAT ignores case. Folders precede their contents in this
/// order.
#[derive(Default)]
pub struct Image {
    items: BTreeMap<String, Item>,
    bytes: u64,
    /// The sum of sizes, with every file rounded up to clusters.
    rounded: u64,
    newest: Option<SystemTime>,
    /// The path of the image itself, which may be inside of a folder that is copied.
    output: Option<PathBuf>,
}

impl Image {
    /// Creates an empty volume.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an empty volume that will be written to `output`. If a copied folder contains that file, it is omitted.
    #[must_use]
    pub fn for_output(output: &Path) -> Self {
        Self {
            output: output.canonicalize().ok(),
            ..Self::default()
        }
    }

    /// Adds a file with these bytes. `name` may contain folders, separated by `/`.
    pub fn bytes(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), ImageError> {
        let len = bytes.len() as u64;
        self.insert(name, Source::Bytes(bytes), len)
    }

    /// Adds a file of the host, or a folder with all its contents. The same file under the same name is added once.
    pub fn copy(&mut self, name: &str, path: &Path) -> Result<(), ImageError> {
        let real = real(path)?;
        if Some(&real) == self.output.as_ref() {
            return Err(ImageError::NoFile(
                path.to_owned(),
                "this is the image itself",
            ));
        }
        self.copy_real(name, path, real, &mut BTreeSet::new())
    }

    /// Copies the file or folder with the real path `real`. `above` are the real paths of its parent folders.
    fn copy_real(
        &mut self,
        name: &str,
        path: &Path,
        real_path: PathBuf,
        above: &mut BTreeSet<PathBuf>,
    ) -> Result<(), ImageError> {
        let failed = |error| ImageError::Host(path.to_owned(), error);
        let metadata = real_path.metadata().map_err(failed)?;
        if metadata.is_file() {
            File::open(&real_path).map_err(failed)?;
            if metadata.len() > u64::from(u32::MAX) {
                return Err(ImageError::Entry(name.to_owned(), Errno::FBig));
            }
            self.newest = self.newest.max(metadata.modified().ok());
            return self.insert(name, Source::Host(real_path), metadata.len());
        }
        if !metadata.is_dir() {
            return Err(ImageError::NoFile(path.to_owned(), no_file(&metadata)));
        }
        if !above.insert(real_path.clone()) {
            let what = "this link leads to a folder that the link lies in";
            return Err(ImageError::NoFile(path.to_owned(), what));
        }
        if !name.is_empty() {
            self.insert(name, Source::Folder, 0)?;
        }
        for entry in real_path.read_dir().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let inner = entry.file_name();
            let path = path.join(&inner);
            // To resolve a path takes longer the deeper it is, and only links need it.
            let real = match entry.file_type().map_err(failed)?.is_symlink() {
                true => real(&path)?,
                false => entry.path(),
            };
            let Some(inner) = inner.to_str() else {
                let what = "this name is not UTF-8; rename it";
                return Err(ImageError::NoFile(path, what));
            };
            let inner = match name {
                "" => inner.to_owned(),
                _ => format!("{name}/{inner}"),
            };
            if Some(&real) != self.output.as_ref() {
                self.copy_real(&inner, &path, real, above)?;
            }
        }
        above.remove(&real_path);
        Ok(())
    }

    /// Returns whether there is a file or folder of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.item(name).is_some()
    }

    /// Returns whether this path is a folder, or `None` if it does not exist. The root is a folder.
    #[must_use]
    pub fn is_folder(&self, path: &str) -> Option<bool> {
        match folded(path).as_str() {
            "" => Some(true),
            _ => Some(matches!(self.item(path)?.source, Source::Folder)),
        }
    }

    /// The bytes of a file, or `None` if it does not exist.
    #[must_use]
    pub fn read(&self, path: &str) -> Option<io::Result<Vec<u8>>> {
        match &self.item(path)?.source {
            Source::Bytes(bytes) => Some(Ok(bytes.clone())),
            Source::Host(host) => Some(std::fs::read(host)),
            Source::Folder => None,
        }
    }

    /// The names of the files in the root.
    pub fn root_files(&self) -> impl Iterator<Item = &str> {
        let files = self.items.values();
        let files = files.filter(|item| !matches!(item.source, Source::Folder));
        files
            .map(|item| item.path.as_str())
            .filter(|path| !path.contains('/'))
    }

    fn item(&self, path: &str) -> Option<&Item> {
        self.items.get(&folded(path))
    }

    /// Adds a file and its parent folders.
    fn insert(&mut self, path: &str, source: Source, len: u64) -> Result<(), ImageError> {
        let folders = self.missing_folders(path);
        let known = folders
            .first()
            .map_or(path.rfind('/'), |end| path[..*end].rfind('/'));
        for name in path[known.map_or(0, |end| end + 1)..].split('/') {
            names::check(name).map_err(|why| ImageError::Name(path.to_owned(), why))?;
        }
        for end in folders {
            self.put(&path[..end], Source::Folder, 0)?;
        }
        self.put(path, source, len)
    }

    /// Where the paths of the parent folders end that are not there yet, the highest first. A folder that is there has all above it.
    fn missing_folders(&self, path: &str) -> Vec<usize> {
        let ends = path.rmatch_indices('/').map(|(end, _)| end);
        let mut missing: Vec<_> = ends
            .take_while(|end| self.is_folder(&path[..*end]) != Some(true))
            .collect();
        missing.reverse();
        missing
    }

    fn put(&mut self, path: &str, source: Source, len: u64) -> Result<(), ImageError> {
        if let Some(before) = self.item(path) {
            return match (&before.source, &source) {
                (Source::Folder, Source::Folder) => Ok(()),
                (Source::Host(one), Source::Host(other)) if one == other => Ok(()),
                // The kernel or the settings were given by an option and also found in a folder.
                (Source::Bytes(bytes), Source::Host(host))
                | (Source::Host(host), Source::Bytes(bytes))
                    if std::fs::read(host).is_ok_and(|read| read == *bytes) =>
                {
                    Ok(())
                }
                _ => Err(ImageError::Twice(before.path.clone(), path.to_owned())),
            };
        }
        let item = Item {
            path: path.to_owned(),
            source,
        };
        self.items.insert(folded(path), item);
        self.bytes += len;
        self.rounded += len.max(1).next_multiple_of(CLUSTER);
        Ok(())
    }

    /// A size in which the files fit, with as much free space again.
    #[must_use]
    pub fn usual_size(&self) -> u64 {
        image::size_for(self.rounded).max(USUAL)
    }
}

/// The path without links.
fn real(path: &Path) -> Result<PathBuf, ImageError> {
    path.canonicalize()
        .map_err(|error| ImageError::Host(path.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::{Image, ImageError};

    #[test]
    fn the_same_files_give_the_same_image() {
        let folder = std::env::temp_dir().join(format!("wasi-interp-image-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let image = |name: &str| {
            let mut image = Image::new();
            image
                .bytes("Program with a long name.wasm", vec![7; 100_000])
                .expect("a name");
            image
                .bytes("folder/inside.txt", b"hello".to_vec())
                .expect("a name");
            assert!(image.contains("folder/inside.txt"));
            let path = folder.join(name);
            image.write(&path, 64 << 20, |_, _| ()).expect("it fits");
            std::fs::read(path).expect("it was written")
        };
        let (one, two) = (image("one"), image("two"));
        assert!(one == two);
        assert_eq!(one.len(), 64 << 20);
        assert_eq!(one[510..512], [0x55, 0xaa]);
        std::fs::remove_dir_all(folder).expect("ours");
    }

    #[test]
    fn sizes_that_cards_do_not_have_are_refused() {
        let image = Image::new();
        for size in [0, 1 << 20, 100 << 20] {
            let result = image.write("/dev/null".as_ref(), size, |_, _| ());
            assert!(matches!(result, Err(ImageError::Size(_))), "{size}");
        }
    }

    #[test]
    fn a_name_twice_is_an_error() {
        let mut image = Image::new();
        image.bytes("a/b", Vec::new()).expect("the first");
        for name in ["a/b", "A/B", "a", "A", "a/b/c"] {
            let twice = image.bytes(name, Vec::new());
            assert!(matches!(twice, Err(ImageError::Twice(..))), "{name}");
        }
    }

    /// Of a path's folders, only those that are not there are made, and looked at before.
    #[test]
    fn a_folder_is_made_once() {
        let mut image = Image::new();
        assert_eq!(image.missing_folders("a/b/c/d"), [1, 3, 5]);
        image.bytes("a/b/c/d", Vec::new()).expect("a name");
        assert_eq!(image.missing_folders("A/B/c/x"), []);
        assert_eq!(image.missing_folders("a/b/x/y/z"), [5, 7]);
        assert_eq!(image.missing_folders("a/b/c/d/e"), [7], "d is a file");
    }

    #[test]
    fn names_that_fat_cannot_hold_are_refused() {
        let mut image = Image::new();
        let long = "x".repeat(256);
        for name in [
            "", "a//b", "../a", "a/.", "a?", "a\\b", "a\n", "dot.", "space ", &long,
        ] {
            let refused = image.bytes(name, Vec::new());
            assert!(matches!(refused, Err(ImageError::Name(..))), "{name}");
        }
        assert!(image.bytes(&long[1..], Vec::new()).is_ok());
    }

    #[test]
    fn a_failure_leaves_what_was_there() {
        let folder = std::env::temp_dir().join(format!("wasi-interp-aside-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let path = folder.join("sd.img");
        std::fs::write(&path, "a good image").expect("a fresh folder");
        let mut image = Image::new();
        image.bytes("a", vec![1; 80 << 20]).expect("a name");
        let failed = image.write(&path, 64 << 20, |_, _| ());
        assert!(matches!(failed, Err(ImageError::Entry(..))), "{failed:?}");
        assert_eq!(std::fs::read(&path).expect("it is there"), b"a good image");
        let left = folder.read_dir().expect("it is there").count();
        assert_eq!(left, 1, "a temporary file is left");
        std::fs::remove_dir_all(folder).expect("ours");
    }
}
