//! `Aside`: a file that is written beside its destination, and moved there when it is complete.
//!
//! If the write fails, the old file stays.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// A file that is being written. It is removed if this is dropped before [`finish`](Aside::finish).
pub(crate) struct Aside {
    temporary: PathBuf,
    target: PathBuf,
    finished: bool,
}

impl Aside {
    /// Creates the temporary file in the folder of the target. Creates missing parent folders.
    ///
    /// If the target is a link, the file behind the link is replaced.
    ///
    /// # Errors
    /// Fails if the target is a folder or a device, or if its folder cannot be written.
    pub(crate) fn new(path: &Path) -> io::Result<Aside> {
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let before = target.metadata().ok();
        if let Some(before) = &before
            && !before.is_file()
        {
            let what = match before.is_dir() {
                true => "this is a folder; name the image's file",
                false => "this is no file; write the image to a file, and copy that with dd",
            };
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let Some(name) = target.file_name() else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "this names no file",
            ));
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.tmp", std::process::id()));
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        let temporary = target.with_file_name(hidden);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)?;
        let aside = Aside {
            temporary,
            target,
            finished: false,
        };
        if let Some(before) = before {
            file.set_permissions(before.permissions())?;
        }
        Ok(aside)
    }

    /// The path of the temporary file.
    pub(crate) fn path(&self) -> &Path {
        &self.temporary
    }

    /// Writes the file to the disk and moves it to its destination.
    ///
    /// # Errors
    /// The errors of the system.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        File::open(&self.temporary)?.sync_all()?;
        fs::rename(&self.temporary, &self.target)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.finished {
            // A remaining file is recognisable by its suffix. Errors are ignored.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}
