//! The front: what must be known before a store can be thawed.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use embedded_io::{Read, ReadExactError};
use serde::{Deserialize, Serialize};

use super::{MAGIC, is_frozen};

/// The release of this crate.
const RELEASE: &str = env!("CARGO_PKG_VERSION");
/// Bytes before the front: magic, length and check.
const HEAD: usize = MAGIC.len() + 8 + 4;

/// What stands in front of the module and the state of the interpreter.
#[derive(Serialize, Deserialize)]
pub struct Front {
    /// Comes first: another release may have other fields.
    release: String,
    /// The command line of the run. A board has none.
    pub words: Vec<Vec<u8>>,
    /// The directory in which the program was started. A board has none.
    pub directory: Vec<u8>,
    /// The state of WASI: [`Wasi::freeze`](crate::wasi::Wasi::freeze).
    pub wasi: Vec<u8>,
    /// The length of the module's file in bytes, if it is part of the state.
    pub module: Option<u64>,
}

/// Why a front was not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FrontError<E> {
    /// The bytes could not be read.
    Read(E),
    /// The file does not begin with [`MAGIC`].
    NotFrozen,
    /// The file ends too early.
    Short,
    /// There is no memory for the front.
    NoMemory,
    /// The bytes were changed.
    Damaged,
    /// Their check is right, but they are no front.
    Unreadable,
    /// The state was written by this other release.
    OtherRelease(String),
}

impl<E: fmt::Display> fmt::Display for FrontError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "the state cannot be read: {error}"),
            Self::NotFrozen => f.write_str("it is no frozen program; --freeze-to writes one"),
            Self::Short => f.write_str("its end is missing"),
            Self::NoMemory => f.write_str("there is no memory to read it"),
            Self::Damaged => f.write_str("the state is damaged: its bytes were changed"),
            Self::Unreadable => f.write_str("the state is damaged: its front cannot be read"),
            Self::OtherRelease(release) => {
                let release = release.escape_debug();
                write!(
                    f,
                    "the state was written by release {release}; this is wasi-interp {RELEASE}"
                )
            }
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for FrontError<E> {}

impl<E> From<ReadExactError<E>> for FrontError<E> {
    fn from(error: ReadExactError<E>) -> Self {
        match error {
            ReadExactError::UnexpectedEof => Self::Short,
            ReadExactError::Other(error) => Self::Read(error),
        }
    }
}

impl Front {
    /// The front of a program that was started with this command line in this directory, without its state.
    #[must_use]
    pub fn new(words: Vec<Vec<u8>>, directory: Vec<u8>) -> Self {
        Self {
            release: RELEASE.to_owned(),
            words,
            directory,
            wasi: Vec::new(),
            module: None,
        }
    }

    /// The bytes of the file before the module, with this state of WASI and a module of this length. `None` if there is no memory for
    /// them.
    #[must_use]
    pub fn encode(&self, wasi: &[u8], module: Option<u64>) -> Option<Vec<u8>> {
        let front = (&self.release, &self.words, &self.directory, wasi, module);
        let front = postcard::to_allocvec(&front).ok()?;
        let mut bytes = Vec::from(MAGIC);
        bytes.extend((front.len() as u64).to_le_bytes());
        bytes.extend(crc32fast::hash(&front).to_le_bytes());
        bytes.extend(front);
        Some(bytes)
    }

    /// Reads it from a file of `len` bytes. The module follows in `input`, or the state.
    ///
    /// # Errors
    /// [`FrontError`].
    pub fn read<R: Read>(input: &mut R, len: u64) -> Result<Self, FrontError<R::Error>> {
        let mut head = [0; HEAD];
        input.read_exact(&mut head).map_err(|error| match error {
            // A shorter file may be anything.
            ReadExactError::UnexpectedEof => FrontError::NotFrozen,
            ReadExactError::Other(error) => FrontError::Read(error),
        })?;
        if !is_frozen(&head) {
            return Err(FrontError::NotFrozen);
        }
        let [_, _, _, _, _, _, _, _, a, b, c, d, e, f, g, h, i, j, k, l] = head;
        let size = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let size = usize::try_from(size).ok().filter(|_| size <= len);
        let size = size.ok_or(FrontError::Short)?;
        let mut front = Vec::new();
        front
            .try_reserve_exact(size)
            .map_err(|_| FrontError::NoMemory)?;
        front.resize(size, 0);
        input.read_exact(&mut front)?;
        if crc32fast::hash(&front) != u32::from_le_bytes([i, j, k, l]) {
            return Err(FrontError::Damaged);
        }
        let (release, _) =
            postcard::take_from_bytes::<String>(&front).map_err(|_| FrontError::Short)?;
        if release != RELEASE {
            return Err(FrontError::OtherRelease(release));
        }
        postcard::from_bytes(&front).map_err(|_| FrontError::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::{Front, FrontError};
    use alloc::string::ToString;
    use alloc::vec::Vec;

    fn file() -> Vec<u8> {
        let front = Front::new([Vec::from(*b"run")].into(), Vec::from(*b"/"));
        let mut file = front.encode(b"state", Some(3)).expect("there is memory");
        file.extend(b"mod");
        file
    }

    #[test]
    fn what_is_written_is_read() {
        let file = file();
        let mut rest = &file[..];
        let front = Front::read(&mut rest, file.len() as u64).expect("it is whole");
        assert_eq!((front.words.len(), &front.directory[..]), (1, &b"/"[..]));
        assert_eq!((&front.wasi[..], front.module), (&b"state"[..], Some(3)));
        assert_eq!(rest, b"mod");
    }

    #[test]
    fn every_changed_and_every_missing_byte_is_noticed() {
        let file = file();
        let end = file.len() - 3;
        for at in 0..end {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(Front::read(&mut &changed[..], file.len() as u64).is_err());
            let cut = Front::read(&mut &file[..at], file.len() as u64).err();
            let expected = if at < 20 {
                FrontError::NotFrozen
            } else {
                FrontError::Short
            };
            assert_eq!(cut, Some(expected), "{at}");
        }
    }

    #[test]
    fn another_release_is_named() {
        let front = Front {
            release: "0.0.\u{1b}".into(),
            ..Front::new(Vec::new(), Vec::new())
        };
        let file = front.encode(b"", None).expect("there is memory");
        let error = Front::read(&mut &file[..], file.len() as u64).err();
        let error = error.expect("it is of another release").to_string();
        let words = "the state was written by release 0.0.\\u{1b}; this is wasi-interp";
        assert!(error.starts_with(words), "{error}");
    }
}
