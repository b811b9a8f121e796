//! The bytes of a module: a mapped file, or the contents of standard input or a pipe.

use std::fs::File;
use std::io::{self, Read};
use std::ops::{Deref, Range};
use std::path::Path;
#[cfg(feature = "freeze")]
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use memmap2::{Mmap, MmapOptions};
use wasi_shim::std_host;
use wasi_shim::types::FileId;

use crate::refuse;

/// The bytes of a module.
pub(crate) enum ModuleFile {
    /// A mapped file. Only the parts that are accessed are read from the disk.
    Mapped(Mapping),
    /// The contents of a stream, or a module that was assembled.
    Read(Vec<u8>),
    /// A part of such bytes: the module of a frozen program.
    #[cfg(feature = "freeze")]
    Part(Arc<ModuleFile>, Range<usize>),
}

impl ModuleFile {
    /// Opens a module. `-` is standard input.
    ///
    /// # Errors
    /// Fails if the file cannot be opened or read, or if it is a directory.
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
            bail!("{} is a directory, not a file", path.display());
        }
        // A pipe or a device has no length to map, and an empty mapping does not exist.
        if !metadata.is_file() || metadata.len() == 0 {
            return read_all(file).with_context(|| format!("cannot read {}", path.display()));
        }
        let cannot = || format!("cannot read {}", path.display());
        let len = usize::try_from(metadata.len()).with_context(cannot)?;
        map(&file, len).map(Self::Mapped).with_context(cannot)
    }
}

impl ModuleFile {
    /// Returns whether the bytes are text that this build can assemble.
    pub(crate) fn is_text(&self) -> bool {
        !is_binary(self) && is_text(self)
    }

    /// The identity of the mapped file, so that the guest can be prevented from changing it.
    pub(crate) fn id(&self) -> Option<FileId> {
        match self {
            Self::Mapped(map) => map.id,
            Self::Read(_) => None,
            #[cfg(feature = "freeze")]
            Self::Part(whole, _) => whole.id(),
        }
    }

    /// Releases the pages that were read so far from this process's memory. Most of a module is read once, when it is
    /// decoded and its data is copied. Pages that are needed again come back from the system's cache.
    #[cfg(unix)]
    #[expect(unsafe_code, reason = "advice that would clear memory of one's own")]
    pub(crate) fn let_go(&self) {
        use memmap2::UncheckedAdvice;
        if let Self::Mapped(map) = self {
            let Range { start, end } = map.file;
            // SAFETY: the pages belong to a file and are never written, so the same bytes come back. If the system ignores
            // the advice, nothing changes.
            let _ = unsafe {
                let advice = UncheckedAdvice::DontNeed;
                map.pages.unchecked_advise_range(advice, start, end - start)
            };
        }
    }

    /// This system has no such advice. It reclaims pages by itself.
    #[cfg(not(unix))]
    pub(crate) fn let_go(&self) {}
}

impl Deref for ModuleFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => &map.pages[map.file.clone()],
            Self::Read(bytes) => bytes,
            #[cfg(feature = "freeze")]
            Self::Part(whole, part) => whole.get(part.clone()).unwrap_or_default(),
        }
    }
}

impl AsRef<[u8]> for ModuleFile {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// The maximum number of bytes of a module from a stream. No decoder accepts more.
const MOST: u64 = 1 << 30;
/// The number of bytes by which a stream that is no module is identified. A stream may have no end.
const HEAD: u64 = 4096;

/// Returns whether bytes begin as a module does, or one in lowered form.
fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0asm") || bytes.starts_with(b"\0lwasm") || is_frozen(bytes)
}

/// Returns whether bytes begin as a frozen program does.
fn is_frozen(bytes: &[u8]) -> bool {
    #[cfg(feature = "freeze")]
    return crate::freeze::is_frozen(bytes);
    #[cfg(not(feature = "freeze"))]
    {
        let _ = bytes;
        false
    }
}

/// Returns whether bytes begin as text does that this build can assemble: with a parenthesis or a comment.
fn is_text(bytes: &[u8]) -> bool {
    let first = bytes.trim_ascii_start();
    let is_text = first.starts_with(b"(") || first.starts_with(b";;");
    cfg!(feature = "text") && is_text
}

fn read_all(mut reader: impl Read) -> Result<ModuleFile> {
    let mut bytes = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    if is_binary(&bytes) || is_text(&bytes) {
        reader.take(MOST).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST {
            bail!("it is longer than 1 GiB");
        }
    }
    Ok(ModuleFile::Read(bytes))
}

/// A file in memory.
///
/// Its bytes can change at any time: another program can write to the file, and so can the guest if its folder was granted.
/// Rust guarantees little about such bytes. The code relies on the following:
///
/// * They are read through `&[u8]` only, as plain bytes. Every value is valid.
/// * [`interp::ModuleBytes`] knows that they may change. Everything that must be consistent (sections, function bodies,
///   names) is copied, and the copy is validated and used. Data segments and custom sections are not copied. Each number in
///   them is read once, and checked before it is used.
/// * No code path relies on two reads giving the same value, so the compiler may read once or twice.
///
/// If another program truncates the file, this process ends with a message: see `truncation.rs`. Compilers write a new file
/// and replace the old one.
pub(crate) struct Mapping {
    pages: Mmap,
    /// The range of the file in the mapped pages.
    file: Range<usize>,
    /// The identity of the file; `None` if the system does not provide one.
    id: Option<FileId>,
}

/// Maps a file that is not empty.
///
/// Linux caches a file that was written at once in pieces of up to 2 MiB. If a piece is mapped at a multiple of 2 MiB, the
/// first access maps the whole piece and counts it as this process's memory. So the file is mapped at an address where no
/// piece is aligned.
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
    // SAFETY: the replaced pages belong to `pages`, and nothing has accessed them. `start` is less than a piece, and a
    // multiple of a page because both its terms are. They are unmapped with the others. The bytes may be borrowed although
    // they belong to a file: see `Mapping`.
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
    // SAFETY: the bytes may be borrowed although they belong to a file: see `Mapping`.
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

    #[cfg(feature = "text")]
    #[test]
    fn text_is_recognised() {
        for text in [
            &b"(module)"[..],
            b" \n(func)",
            b";; a comment",
            b"(; a ;) (module)",
        ] {
            assert!(is_text(text), "{text:?}");
        }
        for other in [&b""[..], b"\0asm", b"\x7fELF", b"\x1f\x8b", b"package main"] {
            assert!(!is_text(other), "{other:?}");
        }
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
