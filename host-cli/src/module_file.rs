//! The module's bytes: a mapped file, or what standard input or a pipe delivered.

use std::fs::File;
use std::io::{self, Read};
use std::ops::{Deref, Range};
use std::path::Path;

use anyhow::{Context, Result, bail};
use memmap2::{Mmap, MmapOptions};
use wasi_shim::std_host;
use wasi_shim::types::FileId;

use crate::refuse;

/// The bytes of a module.
pub(crate) enum ModuleFile {
    /// A file, mapped: only the parts that are looked at are read from the disk.
    Mapped(Mapping),
    /// What can only be read.
    Read(Vec<u8>),
}

impl ModuleFile {
    /// Opens a module; `-` is standard input.
    ///
    /// # Errors
    /// The file cannot be opened or read, or it is a directory.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        if path.as_os_str() == "-" {
            return read_all(io::stdin().lock())
                .context("cannot read the module from standard input");
        }
        let file = File::open(path).map_err(|error| refuse::unopened(path, &error))?;
        let metadata = file
            .metadata()
            .with_context(|| format!("cannot read {}", path.display()))?;
        if metadata.is_dir() {
            bail!(
                "{} is a directory, not a WebAssembly module",
                path.display()
            );
        }
        // A pipe or a device has no length that could be mapped, and an empty mapping does not exist.
        if !metadata.is_file() || metadata.len() == 0 {
            return read_all(file).with_context(|| format!("cannot read {}", path.display()));
        }
        let cannot = || format!("cannot read {}", path.display());
        let len = usize::try_from(metadata.len()).with_context(cannot)?;
        map(&file, len).map(Self::Mapped).with_context(cannot)
    }
}

impl ModuleFile {
    /// Which file is mapped, so that the guest can be kept from changing it.
    pub(crate) fn id(&self) -> Option<FileId> {
        match self {
            Self::Mapped(map) => map.id,
            Self::Read(_) => None,
        }
    }

    /// Takes what was read so far out of this process's memory: most of a module is looked at once, when it is
    /// decoded and its data is copied. What is needed again comes back from the system's cache.
    #[cfg(unix)]
    #[expect(unsafe_code, reason = "advice that would clear memory of one's own")]
    pub(crate) fn let_go(&self) {
        use memmap2::UncheckedAdvice;
        if let Self::Mapped(map) = self {
            let Range { start, end } = map.file;
            // SAFETY: the pages are a file's and never written, so the same bytes come back. Advice that the system
            // does not take changes nothing.
            let _ = unsafe {
                let advice = UncheckedAdvice::DontNeed;
                map.pages.unchecked_advise_range(advice, start, end - start)
            };
        }
    }

    /// There is no such advice here: the system takes what it needs when it needs it.
    #[cfg(not(unix))]
    pub(crate) fn let_go(&self) {}
}

impl Deref for ModuleFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => &map.pages[map.file.clone()],
            Self::Read(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for ModuleFile {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// The most bytes of a module that is read from a stream: no decoder takes more.
const MOST: u64 = 1 << 30;
/// Of a stream that is no module, so many say what else it is; it may have no end.
const HEAD: u64 = 4096;

fn read_all(mut reader: impl Read) -> Result<ModuleFile> {
    let mut bytes = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    if bytes.starts_with(b"\0asm") {
        reader.take(MOST).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST {
            bail!("it is longer than 1 GiB");
        }
    }
    Ok(ModuleFile::Read(bytes))
}

/// A file in memory.
///
/// It is only as constant as the file: another program can change the bytes at any time, and so can the guest if it was given the
/// folder. Rust does not promise much about such bytes; what is relied on is this:
///
/// * They are read through `&[u8]` alone, as plain bytes: any value is valid.
/// * [`interp::ModuleBytes`] knows that they may change. Whatever must be consistent (sections, function bodies, names) is copied,
///   and then validated and used from the copy. Data segments and custom sections are read as they are; each number in them is
///   read once, and checked before it is used.
/// * No code path relies on two reads being equal, so the compiler may read twice or once.
///
/// A file that another program cuts short ends this process with a line: see `truncation.rs`. Compilers write a new file in
/// the place of the old one.
pub(crate) struct Mapping {
    pages: Mmap,
    /// Where among them the file lies.
    file: Range<usize>,
    /// Which file it is; `None` if the system does not tell.
    id: Option<FileId>,
}

/// Maps a file that is not empty.
///
/// Linux keeps a file that was written in one go in pieces of up to 2 MiB. Where a piece meets a multiple of 2 MiB it maps the
/// whole piece at the first look, and counts it as this process's memory. So the file goes to a place where none does.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "a file mapping is only as constant as its file, and this one says where it goes"
)]
fn map(file: &File, len: usize) -> io::Result<Mapping> {
    use std::os::fd::AsRawFd;

    const PIECE: usize = 2 << 20;
    let place = MmapOptions::new()
        .len(len.saturating_add(PIECE))
        .map_anon()?;
    let pages = place.make_read_only()?;
    let start = (PIECE / 2).wrapping_sub(pages.as_ptr().addr()) % PIECE;
    let (access, kind) = (libc::PROT_READ, libc::MAP_SHARED | libc::MAP_FIXED);
    // SAFETY: what it replaces are pages of `pages`, which nobody has looked at: `start` is less than a piece, and a
    // multiple of a page as both its terms are. They are unmapped with the others. The bytes may be borrowed although they
    // are a file's: see `Mapping`.
    let mapped = unsafe {
        let address = pages.as_ptr().add(start).cast_mut().cast();
        libc::mmap(address, len, access, kind, file.as_raw_fd(), 0)
    };
    if mapped == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    Ok(Mapping {
        pages,
        file: start..start + len,
        id: std_host::file_id(file).ok(),
    })
}

/// Maps a file that is not empty.
#[cfg(not(target_os = "linux"))]
#[expect(unsafe_code, reason = "a file mapping is only as constant as its file")]
fn map(file: &File, len: usize) -> io::Result<Mapping> {
    // SAFETY: the bytes may be borrowed although they are a file's: see `Mapping`.
    let pages = unsafe { MmapOptions::new().len(len).map(file) }?;
    Ok(Mapping {
        pages,
        file: 0..len,
        id: std_host::file_id(file).ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_named() {
        let message = |path: &str| match ModuleFile::open(Path::new(path)) {
            Ok(_) => panic!("{path} is a module"),
            Err(error) => format!("{error:#}"),
        };
        assert!(message("no/such.wasm").contains("no/such.wasm: no such file"));
        assert!(message(".").contains("is a directory"));
    }

    #[test]
    fn a_file_is_mapped() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let bytes = ModuleFile::open(&path).expect("the manifest exists");
        assert!(matches!(bytes, ModuleFile::Mapped(_)));
        assert_eq!(&bytes[..9], b"[package]");
        bytes.let_go();
        assert_eq!(&bytes[..9], b"[package]");
    }
}
