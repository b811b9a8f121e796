//! Files that are written beside their place and renamed, so that a failure leaves an existing one as it is.
//!
//! A program may be able to change the folder of such a file while it runs: it renames folders, and puts links in their place. So the folder
//! is opened before the program starts ([`Output::prepare`]), and nothing is resolved by a path after that.

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

/// Who may read a new file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Readers {
    /// Whoever the process's mask allows.
    #[cfg(any(feature = "lowered-modules", feature = "probes"))]
    All,
    /// Its owner alone.
    #[cfg(feature = "freeze")]
    Owner,
}

/// A place for a file.
pub(crate) struct Output(Place);

enum Place {
    /// A device or a pipe, which cannot be replaced by a file.
    Stream(File),
    File {
        folder: Dir,
        name: OsString,
        readers: Readers,
    },
}

/// Attempts to find a name that is free. It has 64 random bits.
const ATTEMPTS: usize = 16;

impl Output {
    /// Opens the place of a file that will be written.
    ///
    /// # Errors
    /// The folder does not exist, or the path names no file.
    pub(crate) fn prepare(path: &Path, readers: Readers) -> io::Result<Self> {
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(metadata) if !metadata.is_file() => {
                return Ok(Self(Place::Stream(File::options().write(true).open(path)?)));
            }
            _ => {}
        }
        let name = path.file_name().ok_or(ErrorKind::InvalidInput)?.to_owned();
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let folder = Dir::open_ambient_dir(parent.unwrap_or(Path::new(".")), ambient_authority())?;
        Ok(Self(Place::File {
            folder,
            name,
            readers,
        }))
    }

    /// Writes a file in place of an existing one, or not at all.
    ///
    /// # Errors
    /// The errors of the system and of `write`.
    pub(crate) fn replace(
        &self,
        write: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        let (folder, name, readers) = match &self.0 {
            Place::Stream(file) => return write(&mut file.try_clone()?),
            Place::File {
                folder,
                name,
                readers,
            } => (folder, name, *readers),
        };
        let (mut file, aside) = create(folder, name, readers)?;
        let written = write(&mut file)
            .and_then(|()| file.flush())
            .and_then(|()| file.sync_all())
            .and_then(|()| folder.rename(&aside, folder, name));
        if written.is_err() {
            // What is there of it is of no use.
            let _ = folder.remove_file(&aside);
        }
        written
    }
}

/// Creates a file with a name that nobody can guess: a link in its place would lead elsewhere.
fn create(folder: &Dir, name: &OsString, readers: Readers) -> io::Result<(File, OsString)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(all(unix, feature = "freeze"))]
    if readers == Readers::Owner {
        use cap_std::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let _ = readers;
    let mut failure = ErrorKind::AlreadyExists.into();
    for _ in 0..ATTEMPTS {
        let mut aside = name.clone();
        aside.push(format!(
            ".{:016x}",
            RandomState::new().build_hasher().finish()
        ));
        match folder.open_with(&aside, &options) {
            Ok(file) => return Ok((file.into_std(), aside)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => failure = error,
            Err(error) => return Err(error),
        }
    }
    Err(failure)
}
