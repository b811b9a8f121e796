//! Images of disks and SD cards: a partition table, a FAT32 volume, and files in it.
//!
//! The same files and the same time give the same bytes, on any machine. The size is a power of two, which cards are and
//! emulators want; what is not written stays a hole in the image file. The volume is formatted and written by the very
//! file system that a board reads it with.

use std::{
    collections::BTreeMap,
    fs::{File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

use wasi_shim::{
    Access, Errno, FileSystem, Node,
    fat::{
        FatFs, FileDisk, MountError,
        image::{self, FormatError, Kind, Options},
    },
};

use crate::aside::Aside;

const SECTOR: u64 = 512;
/// The smallest image: FAT32 fits into no less.
pub const SMALLEST: u64 = 64 << 20;
/// The size of an image where nobody chooses.
pub const USUAL: u64 = 128 << 20;
/// What every file takes up at least, roughly: a cluster.
const CLUSTER: u64 = 4096;
/// Bytes that are copied at once.
const CHUNK: usize = 1 << 20;
/// The first time that FAT knows: 1980.
const FIRST_TIME: u64 = 315_532_800;

/// Why there is no image.
#[derive(Debug)]
pub enum ImageError {
    /// A file of the host cannot be read or written.
    Host(PathBuf, io::Error),
    /// What this path leads to is neither a file nor a folder, or a folder that contains itself.
    NoFile(PathBuf, &'static str),
    /// Two files are to have these names, which are one on a FAT volume.
    Twice(String, String),
    /// FAT cannot hold this name, and why.
    Name(String, &'static str),
    /// A file cannot be in the volume: its name, its size, or no room is left.
    Entry(String, Errno),
    /// The size is not a power of two, or too small for FAT32.
    Size(u64),
    /// The volume cannot be formatted.
    Format(FormatError),
    /// The new volume cannot be mounted, or not be unmounted.
    Volume(String),
    /// `SOURCE_DATE_EPOCH` is no number of seconds.
    Epoch(String),
}

impl std::fmt::Display for ImageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Host(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NoFile(path, what) => write!(f, "{}: {what}", path.display()),
            Self::Twice(one, other) if one == other => {
                write!(f, "two files are to be {one} in the image")
            }
            Self::Twice(one, other) => {
                write!(
                    f,
                    "{one} and {other} are one name on a FAT volume: rename one of them"
                )
            }
            Self::Name(name, why) => {
                write!(
                    f,
                    "{name} cannot be a name on a FAT volume: {why}; rename it"
                )
            }
            Self::Entry(name, Errno::NoSpc) => {
                write!(f, "{name} does not fit; choose a larger size")
            }
            Self::Entry(name, errno) => write!(f, "{name} cannot be in the image: {errno}"),
            Self::Size(size) => {
                write!(
                    f,
                    "an image of {size} bytes cannot be: the size is a power of two of at least {SMALLEST}"
                )
            }
            Self::Format(error) => write!(f, "cannot format the image: {error}"),
            Self::Volume(what) => write!(f, "cannot write the image: {what}"),
            Self::Epoch(text) => write!(
                f,
                "SOURCE_DATE_EPOCH={text} is no number of seconds since 1970"
            ),
        }
    }
}

impl std::error::Error for ImageError {}

/// Where a file's bytes come from.
enum Source {
    Bytes(Vec<u8>),
    /// A file of the host, by its real path.
    Host(PathBuf),
    Folder,
}

/// Something in an image.
struct Item {
    /// Its path as it is written.
    path: String,
    source: Source,
}

/// What goes into an image, by path in capital letters, because FAT does not tell case. Folders sort before what is in them.
#[derive(Default)]
pub struct Image {
    items: BTreeMap<String, Item>,
    bytes: u64,
    /// The same with every file rounded up to clusters.
    rounded: u64,
    newest: Option<SystemTime>,
    /// The image itself, which may lie in a folder that is copied.
    output: Option<PathBuf>,
}

impl Image {
    /// An empty volume.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty volume that will be written to a file: if that file lies in a folder that is copied, it is left out.
    #[must_use]
    pub fn for_output(output: &Path) -> Self {
        Self {
            output: output.canonicalize().ok(),
            ..Self::default()
        }
    }

    /// Puts bytes into a file. `name` may have folders, separated by `/`.
    pub fn bytes(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), ImageError> {
        let len = bytes.len() as u64;
        self.insert(name, Source::Bytes(bytes), len)
    }

    /// Puts a file of the host into the image, or a folder with all that is in it. The same file under the same name counts once.
    pub fn copy(&mut self, name: &str, path: &Path) -> Result<(), ImageError> {
        let real = path.canonicalize();
        let real = real.map_err(|error| ImageError::Host(path.to_owned(), error))?;
        if Some(&real) == self.output.as_ref() {
            return Err(ImageError::NoFile(
                path.to_owned(),
                "this is the image itself",
            ));
        }
        self.copy_real(name, path, real, &mut Vec::new())
    }

    /// Copies what has the real path `real`; `above` are the real paths of the folders that it was found in.
    fn copy_real(
        &mut self,
        name: &str,
        path: &Path,
        real: PathBuf,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), ImageError> {
        let failed = |error| ImageError::Host(path.to_owned(), error);
        let metadata = real.metadata().map_err(failed)?;
        if metadata.is_file() {
            File::open(&real).map_err(failed)?;
            if metadata.len() > u64::from(u32::MAX) {
                return Err(ImageError::Entry(name.to_owned(), Errno::FBig));
            }
            self.newest = self.newest.max(metadata.modified().ok());
            return self.insert(name, Source::Host(real), metadata.len());
        }
        if !metadata.is_dir() {
            return Err(ImageError::NoFile(path.to_owned(), no_file(&metadata)));
        }
        if above.contains(&real) {
            let what = "this link leads to a folder that the link lies in";
            return Err(ImageError::NoFile(path.to_owned(), what));
        }
        if !name.is_empty() {
            self.insert(name, Source::Folder, 0)?;
        }
        let entries = real.read_dir().map_err(failed)?;
        above.push(real);
        for entry in entries {
            let inner = entry.map_err(failed)?.file_name();
            let path = path.join(&inner);
            let Some(inner) = inner.to_str() else {
                let what = "this name is not UTF-8; rename it";
                return Err(ImageError::NoFile(path, what));
            };
            let inner = match name {
                "" => inner.to_owned(),
                _ => format!("{name}/{inner}"),
            };
            let real = path.canonicalize();
            let real = real.map_err(|error| ImageError::Host(path.clone(), error))?;
            if Some(&real) != self.output.as_ref() {
                self.copy_real(&inner, &path, real, above)?;
            }
        }
        above.pop();
        Ok(())
    }

    /// Whether there is a file or folder of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.item(name).is_some()
    }

    /// Whether this path leads to a folder; `None` if to nothing. The root is a folder.
    #[must_use]
    pub fn is_folder(&self, path: &str) -> Option<bool> {
        match folded(path).as_str() {
            "" => Some(true),
            _ => Some(matches!(self.item(path)?.source, Source::Folder)),
        }
    }

    /// The bytes of a file; `None` if there is none.
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

    /// Inserts a file and the folders that lead to it.
    fn insert(&mut self, path: &str, source: Source, len: u64) -> Result<(), ImageError> {
        for name in path.split('/') {
            fat_name(name).map_err(|why| ImageError::Name(path.to_owned(), why))?;
        }
        for (end, _) in path.match_indices('/') {
            self.put(&path[..end], Source::Folder, 0)?;
        }
        self.put(path, source, len)
    }

    fn put(&mut self, path: &str, source: Source, len: u64) -> Result<(), ImageError> {
        if let Some(before) = self.item(path) {
            return match (&before.source, &source) {
                (Source::Folder, Source::Folder) => Ok(()),
                (Source::Host(one), Source::Host(other)) if one == other => Ok(()),
                // The kernel or the settings, named by an option and found in a folder.
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

    /// A size in which the files fit with as much again to spare.
    #[must_use]
    pub fn usual_size(&self) -> u64 {
        image::size_for(self.rounded).max(USUAL)
    }

    /// Writes the image to a file, which is replaced when the image is complete. `progress` is told how many bytes of how many are written.
    ///
    /// All files of the volume carry one time: `SOURCE_DATE_EPOCH` if it is set, else that of the newest of them.
    pub fn write(
        &self,
        path: &Path,
        size: u64,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<(), ImageError> {
        if !size.is_power_of_two() || size < SMALLEST {
            return Err(ImageError::Size(size));
        }
        let time = self.time()?;
        let failed = |error| ImageError::Host(path.to_owned(), error);
        let aside = Aside::new(path).map_err(failed)?;
        let mut disk = FileDisk::create(aside.path(), size / SECTOR).map_err(failed)?;
        let options = Options {
            kind: Kind::Fat32,
            label: Some("WASI"),
            time,
            ..Options::default()
        };
        image::format(&mut disk, &options).map_err(ImageError::Format)?;
        let mounted = FatFs::mount(Box::new(disk), Box::new(move || time), false);
        let mut fs = mounted.map_err(|error: MountError| ImageError::Volume(error.to_string()))?;
        let mut written = 0;
        for Item { path: name, source } in self.items.values() {
            let stored = store(&mut fs, name, source, &mut |count| {
                written += count as u64;
                progress(written, self.bytes);
            });
            if let Err(ImageError::Entry(_, Errno::NoSpc)) = stored
                && fs.space().is_ok_and(|(_, free)| free > self.rounded)
            {
                // The volume has room: it is the host's disk that has none.
                return Err(failed(io::ErrorKind::StorageFull.into()));
            }
            stored?;
        }
        fs.sync_all()
            .map_err(|errno| ImageError::Volume(errno.to_string()))?;
        drop(fs);
        aside.finish().map_err(failed)
    }

    /// Nanoseconds since 1970.
    fn time(&self) -> Result<u64, ImageError> {
        let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(text) => text.parse().map_err(|_| ImageError::Epoch(text))?,
            Err(_) => {
                let newest = self
                    .newest
                    .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
                newest.map_or(FIRST_TIME, |time| time.as_secs())
            }
        };
        Ok(seconds.max(FIRST_TIME).saturating_mul(1_000_000_000))
    }
}

/// A path as FAT compares it: without case, and without what `/` at its ends adds.
fn folded(path: &str) -> String {
    path.trim_matches('/').to_uppercase()
}

/// What a thing is that is neither a file nor a folder.
pub(crate) fn no_file(metadata: &Metadata) -> &'static str {
    match metadata.is_dir() {
        true => "this is a folder, not a file",
        false => "this is a pipe, a socket or a device, not a file",
    }
}

/// Checks a name.
fn fat_name(name: &str) -> Result<(), &'static str> {
    match name {
        "" => Err("it is empty"),
        "." | ".." => Err("it means another folder"),
        _ if name.contains(|letter: char| letter < ' ' || "\"*/:<>?\\|\x7f".contains(letter)) => {
            Err("it has a control character or one of \" * / : < > ? \\ |")
        }
        _ if name.ends_with(['.', ' ']) => Err("it ends in a dot or a space"),
        _ if name.encode_utf16().count() > 255 => Err("it is longer than 255 letters"),
        _ => Ok(()),
    }
}

/// Writes one file or makes one folder. The folder that it is in is there already.
fn store(
    fs: &mut FatFs,
    path: &str,
    source: &Source,
    progress: &mut dyn FnMut(usize),
) -> Result<(), ImageError> {
    let refused = |errno| ImageError::Entry(path.to_owned(), errno);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let dir = descend(fs, folder).map_err(refused)?;
    let stored = match source {
        Source::Folder => fs.mkdir(dir, name).map_err(refused),
        Source::Bytes(bytes) => fill(fs, dir, name, &mut bytes.as_slice(), progress, path),
        Source::Host(host) => {
            let file = File::open(host).map_err(|error| ImageError::Host(host.clone(), error));
            file.and_then(|mut file| fill(fs, dir, name, &mut file, progress, path))
        }
    };
    fs.forget(dir);
    stored
}

/// The node of a folder, with a reference.
fn descend(fs: &mut FatFs, path: &str) -> Result<Node, Errno> {
    let mut node = fs.root();
    fs.retain(node);
    for name in path.split('/').filter(|name| !name.is_empty()) {
        let found = fs.lookup(node, name);
        fs.forget(node);
        node = found?.node;
    }
    Ok(node)
}

fn fill(
    fs: &mut FatFs,
    dir: Node,
    name: &str,
    from: &mut dyn Read,
    progress: &mut dyn FnMut(usize),
    path: &str,
) -> Result<(), ImageError> {
    let refused = |errno| ImageError::Entry(path.to_owned(), errno);
    let node = fs.create(dir, name).map_err(refused)?;
    fs.open(
        node,
        Access {
            read: false,
            write: true,
        },
        false,
    )
    .map_err(refused)?;
    let mut buf = vec![0; CHUNK];
    let mut pos = 0;
    let copied = loop {
        let count = match from.read(&mut buf) {
            Ok(0) => break Ok(()),
            Ok(count) => count,
            Err(error) => break Err(ImageError::Host(path.into(), error)),
        };
        let mut left = &buf[..count];
        let mut put = Ok(());
        while !left.is_empty() && put.is_ok() {
            put = fs.write_at(node, pos, left).map(|written| {
                pos += written as u64;
                left = &left[written..];
            });
        }
        if let Err(errno) = put {
            break Err(refused(errno));
        }
        progress(count);
    };
    fs.close(node);
    fs.forget(node);
    copied
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
