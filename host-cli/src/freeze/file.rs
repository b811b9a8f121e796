//! The front of a frozen program's file ([`wasi_shim::frozen_file`]) as this system has it: a command line, and a directory.

use std::env;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasi_shim::frozen_file::{self, FrontError};

use crate::args::{Cli, Command, RunArgs};
use crate::exit;

/// What must be known before a store can be thawed.
pub(super) struct Front(frozen_file::Front);

impl Front {
    /// A front without the state of WASI and without the module.
    ///
    /// # Errors
    /// Fails if a word or the directory cannot be stored on this system.
    pub(super) fn new(words: impl Iterator<Item = OsString>, directory: &Path) -> Result<Self> {
        let words = words.map(to_bytes).collect::<Result<_>>()?;
        let directory = to_bytes(directory.as_os_str().to_owned())?;
        Ok(Self(frozen_file::Front::new(words, directory)))
    }

    /// The bytes in front of the interpreter's state but for the module, with this state of WASI.
    ///
    /// # Errors
    /// Fails if there is no memory for them.
    pub(super) fn encode(&self, wasi: &[u8], module: Option<&[u8]>) -> Result<Vec<u8>> {
        let module = module.map(|bytes| bytes.len() as u64);
        let bytes = self.0.encode(wasi, module);
        bytes.context("cannot store the state: there is no memory for it")
    }

    /// Reads it. Returns it with the place of the module, if that is part of the state, and the place behind.
    ///
    /// # Errors
    /// Fails if it is damaged, or was written by another release.
    pub(super) fn decode(file: &[u8]) -> Result<(Self, Option<Range<usize>>, usize)> {
        let mut rest = file;
        let front = frozen_file::Front::read(&mut rest, file.len() as u64)?;
        let start = file.len() - rest.len();
        let Some(len) = front.module else {
            return Ok((Self(front), None, start));
        };
        let end = usize::try_from(len)
            .ok()
            .and_then(|len| start.checked_add(len))
            .filter(|end| *end <= file.len())
            .context(FrontError::<&str>::Short)?;
        Ok((Self(front), Some(start..end), end))
    }

    /// Takes the state of WASI: [`wasi_shim::wasi::Wasi::freeze`].
    pub(super) fn take_wasi(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0.wasi)
    }

    /// The options of the run.
    ///
    /// # Errors
    /// Fails if it is not the command line of a run.
    pub(super) fn options(&self) -> Result<RunArgs> {
        if self.0.words.is_empty() {
            bail!("it hibernates on a board, and goes on there");
        }
        let words: Result<Vec<OsString>> =
            self.0.words.iter().map(|word| from_bytes(word)).collect();
        let cli = Cli::read(words?).map_err(|error| {
            let text = error.render().to_string();
            let line = text.lines().next().unwrap_or_default().to_owned();
            anyhow::anyhow!("its options cannot be read: {line}")
        })?;
        match cli.command {
            None => Ok(cli.run),
            Some(Command::Run(run)) => Ok(*run),
            Some(_) => bail!("the state is damaged: it is not that of a run"),
        }
    }

    /// Makes the directory of the run the current one. If it does not exist here, says so.
    pub(super) fn enter_directory(&self) {
        let Ok(directory) = from_bytes(&self.0.directory) else {
            return;
        };
        let directory = PathBuf::from(directory);
        if env::set_current_dir(&directory).is_err() {
            exit::tell(format_args!(
                "wasi-interp: the program ran in {}, which is not here; it goes on in this directory",
                directory.display()
            ));
        }
    }
}

#[cfg(unix)]
fn to_bytes(text: OsString) -> Result<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    Ok(text.into_vec())
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail")]
fn from_bytes(bytes: &[u8]) -> Result<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Ok(OsString::from_vec(bytes.to_vec()))
}

#[cfg(not(unix))]
fn to_bytes(text: OsString) -> Result<Vec<u8>> {
    let text = text.into_string();
    let text = text.map_err(|text| anyhow::anyhow!("{text:?} is not Unicode"))?;
    Ok(text.into_bytes())
}

#[cfg(not(unix))]
fn from_bytes(bytes: &[u8]) -> Result<OsString> {
    let text = String::from_utf8(bytes.to_vec()).context("a path is not Unicode")?;
    Ok(text.into())
}
