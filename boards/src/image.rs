//! Images of disks and SD cards: a partition table, a FAT32 volume, and files in it.
//!
//! The same files and the same time give the same bytes, on any machine. The size is a power of two, which cards are and
//! emulators want; what is not written stays a hole in the image file. The volume is formatted and written by the very
//! file system that a board reads it with.

use std::{
    collections::BTreeMap,
    fs::File,
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

const SECTOR: u64 = 512;
/// The smallest image: FAT32 fits into no less.
pub const SMALLEST: u64 = 64 << 20;
/// The size of an image where nobody chooses.
pub const USUAL: u64 = 128 << 20;
/// Bytes that are copied at once.
const CHUNK: usize = 1 << 20;
/// The first time that FAT knows: 1980.
const FIRST_TIME: u64 = 315_532_800;

/// Why there is no image.
#[derive(Debug)]
pub enum ImageError {
    /// A file of the host cannot be read or written.
    Host(PathBuf, io::Error),
    /// Two files are to have this name.
    Twice(String),
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
            Self::Twice(name) => write!(f, "two files are to be {name} in the image"),
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
    Host(PathBuf),
    Folder,
}

/// What goes into an image, by path. Folders sort before what is in them.
#[derive(Default)]
pub struct Image {
    files: BTreeMap<String, Source>,
    bytes: u64,
    newest: Option<SystemTime>,
}

impl Image {
    /// An empty volume.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts bytes into a file. `name` may have folders, separated by `/`.
    pub fn bytes(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), ImageError> {
        self.bytes += bytes.len() as u64;
        self.insert(name, Source::Bytes(bytes))
    }

    /// Puts a file of the host into the image, or a folder with all that is in it.
    pub fn copy(&mut self, name: &str, path: &Path) -> Result<(), ImageError> {
        let failed = |error| ImageError::Host(path.to_owned(), error);
        let metadata = path.metadata().map_err(failed)?;
        if !metadata.is_dir() {
            self.newest = self.newest.max(metadata.modified().ok());
            self.bytes += metadata.len();
            return self.insert(name, Source::Host(path.to_owned()));
        }
        if !name.is_empty() {
            self.insert(name, Source::Folder)?;
        }
        for entry in path.read_dir().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let inner = entry.file_name().to_string_lossy().into_owned();
            let inner = if name.is_empty() {
                inner
            } else {
                format!("{name}/{inner}")
            };
            self.copy(&inner, &entry.path())?;
        }
        Ok(())
    }

    /// Whether there is a file or folder of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Inserts a file and the folders that lead to it.
    fn insert(&mut self, name: &str, source: Source) -> Result<(), ImageError> {
        for (end, _) in name.match_indices('/') {
            self.files
                .entry(name[..end].to_owned())
                .or_insert(Source::Folder);
        }
        match self.files.insert(name.to_owned(), source) {
            None | Some(Source::Folder) => Ok(()),
            Some(_) => Err(ImageError::Twice(name.to_owned())),
        }
    }

    /// A size in which the files fit with as much again to spare.
    #[must_use]
    pub fn usual_size(&self) -> u64 {
        image::size_for(self.bytes).max(USUAL)
    }

    /// Writes the image to a file, which is replaced. `progress` is told how many bytes of how many are written.
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
        let mut disk = FileDisk::create(path, size / SECTOR)
            .map_err(|error| ImageError::Host(path.to_owned(), error))?;
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
        for (name, source) in &self.files {
            store(&mut fs, name, source, &mut |count| {
                written += count as u64;
                progress(written, self.bytes);
            })?;
        }
        fs.sync_all()
            .map_err(|errno| ImageError::Volume(errno.to_string()))
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
        image.bytes("a", Vec::new()).expect("the first");
        assert!(matches!(
            image.bytes("a", Vec::new()),
            Err(ImageError::Twice(_))
        ));
    }
}
