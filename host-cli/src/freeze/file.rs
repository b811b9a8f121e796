//! The file of a frozen program.
//!
//! ```text
//!   magic   "\0wifrzn", a line feed
//!   length  of the front in bytes, 8 bytes
//!   check   CRC-32 of the front, 4 bytes
//!   front   how the program was started, the state of WASI, and the length of the module ([`Front`]), by postcard
//!   module  its file, if it is part of the state
//!   state   of the interpreter (`interp::Store::freeze`)
//! ```
//!
//! Numbers are little-endian.

use std::env;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::args::{Cli, Command, RunArgs};
use crate::exit;

const MAGIC: [u8; 8] = *b"\0wifrzn\n";
/// The release of this program.
const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// Returns whether bytes begin as a frozen program does.
pub(crate) fn is_frozen(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// What must be known before a store can be thawed.
#[derive(Serialize, Deserialize)]
pub(super) struct Front {
    release: String,
    /// The command line of the run.
    words: Vec<Vec<u8>>,
    /// The directory in which the program was started.
    directory: Vec<u8>,
    /// `wasi_shim::Wasi::freeze`.
    pub(super) wasi: Vec<u8>,
    /// The length of the module's file, if it is part of the state.
    module: Option<u64>,
}

impl Front {
    /// A front without the state of WASI and without the module.
    ///
    /// # Errors
    /// Fails if a word or the directory cannot be stored on this system.
    pub(super) fn new(words: impl Iterator<Item = OsString>, directory: &Path) -> Result<Self> {
        Ok(Self {
            release: RELEASE.to_owned(),
            words: words.map(to_bytes).collect::<Result<_>>()?,
            directory: to_bytes(directory.as_os_str().to_owned())?,
            wasi: Vec::new(),
            module: None,
        })
    }

    /// The bytes in front of the interpreter's state but for the module, with this state of WASI.
    ///
    /// # Errors
    /// Fails if there is no memory for them.
    pub(super) fn encode(&self, wasi: &[u8], module: Option<&[u8]>) -> Result<Vec<u8>> {
        let module = module.map(|bytes| bytes.len() as u64);
        let front = (&self.release, &self.words, &self.directory, wasi, module);
        let front = postcard::to_allocvec(&front).context("cannot store the state")?;
        let mut bytes = Vec::from(MAGIC);
        bytes.extend((front.len() as u64).to_le_bytes());
        bytes.extend(crc32fast::hash(&front).to_le_bytes());
        bytes.extend(front);
        Ok(bytes)
    }

    /// Reads it. Returns it with the place of the module, if that is part of the state, and the place behind.
    ///
    /// # Errors
    /// Fails if it is damaged, or was written by another release.
    pub(super) fn decode(file: &[u8]) -> Result<(Self, Option<Range<usize>>, usize)> {
        const SHORT: &str = "its end is missing";
        let Some((head, rest)) = file.split_first_chunk::<20>().filter(|_| is_frozen(file)) else {
            bail!("it is no frozen program; --freeze-to writes one");
        };
        let [_, _, _, _, _, _, _, _, a, b, c, d, e, f, g, h, i, j, k, l] = *head;
        let len = usize::try_from(u64::from_le_bytes([a, b, c, d, e, f, g, h])).ok();
        let front = len.and_then(|len| rest.get(..len)).context(SHORT)?;
        // Others may write to the file meanwhile.
        let front = front.to_vec();
        let mut end = head.len() + front.len();
        if crc32fast::hash(&front) != u32::from_le_bytes([i, j, k, l]) {
            bail!("the state is damaged: its bytes were changed");
        }
        // The release stands in front: another one may have other fields.
        let (release, _) = postcard::take_from_bytes::<String>(&front).context(SHORT)?;
        if release != RELEASE {
            let release = release.escape_debug();
            bail!("the state was written by release {release}; this is wasi-interp {RELEASE}");
        }
        let front: Self = postcard::from_bytes(&front)
            .ok()
            .context("the state is damaged: its front cannot be read")?;
        let Some(len) = front.module else {
            return Ok((front, None, end));
        };
        let start = end;
        end = usize::try_from(len)
            .ok()
            .and_then(|len| start.checked_add(len))
            .filter(|end| *end <= file.len())
            .context(SHORT)?;
        Ok((front, Some(start..end), end))
    }

    /// The options of the run.
    ///
    /// # Errors
    /// Fails if it is not the command line of a run.
    pub(super) fn options(&self) -> Result<RunArgs> {
        let words: Result<Vec<OsString>> = self.words.iter().map(|word| from_bytes(word)).collect();
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
        let Ok(directory) = from_bytes(&self.directory) else {
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
