//! Files that are written beside their place and renamed, so that a failure leaves an existing one as it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

/// Writes a file in place of an existing one, or not at all.
///
/// # Errors
/// The errors of the system and of `write`.
pub(crate) fn replace(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    // A device or a pipe cannot be replaced by a file.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return write(&mut File::options().write(true).open(path)?);
    }
    let aside = aside(path);
    let written = create(&aside, readers)
        .and_then(|mut file| {
            write(&mut file)?;
            file.flush()?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        // What is there of it is of no use.
        let _ = fs::remove_file(&aside);
    }
    written
}

fn create(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(all(unix, feature = "freeze"))]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let _ = readers;
    options.open(path)
}

/// The name of the file while it is written.
fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    path.with_file_name(name)
}
