//! The module's bytes: a mapped file, or what standard input or a pipe delivered.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::Path;

use anyhow::{Context, Result, bail};
use memmap2::Mmap;

use crate::refuse;

/// The bytes of a module. They lie where they are until they are dropped.
pub(crate) enum ModuleBytes {
    /// A file, mapped: only the parts that are looked at are read from the disk.
    Mapped(Mmap),
    /// What can only be read.
    Read(Vec<u8>),
}

impl ModuleBytes {
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
        map(&file).with_context(|| format!("cannot read {}", path.display()))
    }
}

impl Deref for ModuleBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Read(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for ModuleBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

fn read_all(mut reader: impl Read) -> Result<ModuleBytes> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    Ok(ModuleBytes::Read(bytes))
}

#[expect(unsafe_code, reason = "a file mapping is only as constant as its file")]
fn map(file: &File) -> io::Result<ModuleBytes> {
    // SAFETY: a mapping must not change while it is borrowed. The engine reads it and never relies on two reads being equal:
    // every function is checked in the pass that lowers it. A file that another program cuts short while it runs ends
    // this process with SIGBUS, as it does a native program; compilers write a new file in its place.
    let map = unsafe { Mmap::map(file) }?;
    Ok(ModuleBytes::Mapped(map))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_named() {
        let message = |path: &str| match ModuleBytes::open(Path::new(path)) {
            Ok(_) => panic!("{path} is a module"),
            Err(error) => format!("{error:#}"),
        };
        assert!(message("no/such.wasm").contains("no/such.wasm: no such file"));
        assert!(message(".").contains("is a directory"));
    }

    #[test]
    fn a_file_is_mapped() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let bytes = ModuleBytes::open(&path).expect("the manifest exists");
        assert!(matches!(bytes, ModuleBytes::Mapped(_)));
        assert_eq!(&bytes[..9], b"[package]");
    }
}
