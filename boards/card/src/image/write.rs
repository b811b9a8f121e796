//! Writing an image: the volume is formatted and filled by the very file system that a board reads it with.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use wasi_shim::fat::image::{self, Kind, Options};
use wasi_shim::fat::{FatFs, FileDisk, MountError};
use wasi_shim::{Access, Errno, FileSystem, Node};

use super::trail::Trail;
use super::{Image, ImageError, Item, SMALLEST, Source};
use crate::aside::Aside;

const SECTOR: u64 = 512;
/// Bytes that are copied at once.
const CHUNK: usize = 1 << 20;
/// The first time that FAT knows: 1980.
const FIRST_TIME: u64 = 315_532_800;

impl Image {
    /// Writes the image to a file. An existing file is replaced when the image is complete. `progress` receives the number
    /// of bytes written, and their total.
    ///
    /// All files of the volume have one time: `SOURCE_DATE_EPOCH` if it is set, otherwise that of the newest file.
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
        let (mut written, mut trail) = (0, Trail::new(fs.root()));
        for Item { path: name, source } in self.items.values() {
            let stored = store(&mut fs, &mut trail, name, source, &mut |count| {
                written += count as u64;
                progress(written, self.bytes);
            });
            if let Err(ImageError::Entry(_, Errno::NoSpc)) = stored
                && fs.space().is_ok_and(|(_, free)| free > self.rounded)
            {
                // The volume has room, so the host's disk is full.
                return Err(failed(io::ErrorKind::StorageFull.into()));
            }
            stored?;
        }
        trail.leave(&mut fs, 0);
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

/// Writes one file or creates one folder. Its parent folder exists already.
fn store(
    fs: &mut FatFs,
    trail: &mut Trail,
    path: &str,
    source: &Source,
    progress: &mut dyn FnMut(usize),
) -> Result<(), ImageError> {
    let refused = |errno| ImageError::Entry(path.to_owned(), errno);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let dir = trail.enter(fs, folder).map_err(refused)?;
    match source {
        Source::Folder => fs.mkdir(dir, name).map_err(refused),
        Source::Bytes(bytes) => fill(fs, dir, name, &mut bytes.as_slice(), progress, path),
        Source::Host(host) => {
            let file = File::open(host).map_err(|error| ImageError::Host(host.clone(), error));
            file.and_then(|mut file| fill(fs, dir, name, &mut file, progress, path))
        }
    }
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
