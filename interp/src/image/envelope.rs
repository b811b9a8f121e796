//! The beginning of a file: the release and the build of its writer, and the places of its sections.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use serde::{Deserialize, Serialize};
use wasmparser::WasmFeatures;

use super::{MAGIC, damaged};
use crate::compile::error::{ModuleError, ModuleErrorKind};
use crate::compile::module::{ModuleBytes, ModuleInfo};
use crate::fnv::Fnv;
use crate::ops::{FLAVOUR, Flavour};

/// The release of this crate.
const RELEASE: &str = env!("CARGO_PKG_VERSION");
/// Sections begin at multiples of so many bytes.
pub(super) const ALIGNMENT: usize = 8;
/// The most bytes of an envelope.
const MOST: usize = 1024;

/// The data in front of the sections.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Envelope<'a> {
    /// The release that has written the file.
    pub(super) release: &'a str,
    /// The encoding of its code: [`Flavour::hash`], and what it depends on.
    pub(super) hash: u64,
    pub(super) flavour: Flavour,
    /// The features that the module may use: the bits of [`WasmFeatures`].
    pub(super) features: u64,
    /// Whether its code has canonical NaNs.
    pub(super) canonical_nans: bool,
    /// The length of the WebAssembly module from which it was made, and a hash of it (FNV-1a).
    pub(super) wasm: (u32, u64),
    pub(super) module: Part,
    pub(super) records: Part,
    pub(super) handlers: Part,
    pub(super) positions: Part,
    pub(super) code: Part,
}

/// The place of a section, in bytes: in the envelope from the end of the padding behind it, in an open file from the file's start.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) start: u32,
    pub(super) len: u32,
}

impl Part {
    pub(super) fn range(self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.len as usize
    }

    /// The same section counted from the start of a file of `len` bytes, whose sections begin at `body`.
    pub(super) fn behind(self, body: usize, len: usize, name: &str) -> Result<Self, ModuleError> {
        let start = u32::try_from(body)
            .ok()
            .and_then(|body| self.start.checked_add(body));
        let place = start.map(|start| Self { start, ..self });
        let fits = |place: &Self| u64::from(place.start) + u64::from(place.len) <= len as u64;
        place.filter(fits).ok_or_else(|| {
            let what = format!("its section `{name}` goes beyond its end; was it cut off?");
            // The file is smaller than 4 GiB, or it is not read to this place.
            damaged(u32::try_from(len).unwrap_or(u32::MAX), &what)
        })
    }
}

impl<'a> Envelope<'a> {
    /// Reads the envelope of a file. Returns it with the place where the sections begin.
    pub(super) fn read(
        bytes: &'a ModuleBytes,
        buffer: &'a mut Vec<u8>,
    ) -> Result<(Self, usize), ModuleError> {
        let all = bytes.as_slice();
        let not_whole = || damaged(0, "its first bytes are missing");
        let (head, rest) = all.split_first_chunk::<12>().ok_or_else(not_whole)?;
        let [magic @ .., a, b, c, d] = *head;
        if magic != MAGIC {
            return Err(other_build("is written in another format".into()));
        }
        let len = u32::from_le_bytes([a, b, c, d]) as usize;
        if len > MOST || len > rest.len() {
            return Err(not_whole());
        }
        let end = head.len() + len;
        let stable = bytes.stable(head.len()..end, buffer);
        let envelope =
            postcard::from_bytes(stable).map_err(|_| damaged(0, "its envelope cannot be read"))?;
        Ok((envelope, end.next_multiple_of(ALIGNMENT)))
    }

    /// The bytes in front of the sections.
    pub(super) fn write(&self) -> Vec<u8> {
        let envelope = postcard::to_allocvec(self).unwrap_or_default();
        let mut bytes = Vec::from(MAGIC);
        // It has some numbers and a short name.
        bytes.extend((envelope.len() as u32).to_le_bytes());
        bytes.extend(envelope);
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        bytes
    }

    /// Checks that this build can run the code, that `features` are enough for it, and that its NaNs are canonical if that is wanted.
    pub(super) fn check(
        &self,
        features: WasmFeatures,
        canonical_nans: bool,
    ) -> Result<(), ModuleError> {
        if self.release != RELEASE {
            let release = self.release.escape_debug();
            return Err(other_build(format!("was written by release {release}")));
        }
        if self.flavour != Flavour::HERE {
            let message = format!(
                "has code for a build with {}, and this one has {}",
                self.flavour,
                Flavour::HERE
            );
            return Err(other_build(message));
        }
        if self.hash != FLAVOUR {
            let message = format!("has other ops ({:016x}, not {FLAVOUR:016x})", self.hash);
            return Err(other_build(message));
        }
        if self.features & !features.bits() != 0 {
            let message = "the lowered module may use a WebAssembly feature that is turned off here; compile it with the same settings";
            return Err(ModuleError::new(ModuleErrorKind::Unsupported, 0, message));
        }
        if canonical_nans && !self.canonical_nans {
            let message = "the lowered module does not make the canonical NaNs that are wanted here; compile it with them";
            return Err(ModuleError::new(ModuleErrorKind::Unsupported, 0, message));
        }
        Ok(())
    }

    /// An envelope of this release for a module.
    pub(super) fn new(info: &ModuleInfo, flavour: Flavour) -> Self {
        let (wasm, features) = (info.bytes(), info.features());
        Self {
            release: RELEASE,
            hash: flavour.hash(),
            flavour,
            features: features.bits(),
            canonical_nans: info.has_canonical_nans(),
            // Modules are smaller than 4 GiB.
            wasm: (wasm.len() as u32, Fnv::NEW.bytes(wasm).0),
            module: Part::default(),
            records: Part::default(),
            handlers: Part::default(),
            positions: Part::default(),
            code: Part::default(),
        }
    }
}

fn other_build(what: String) -> ModuleError {
    let message = format!(
        "the lowered module {what}; this is wasi-interp {RELEASE}: compile the module again"
    );
    ModuleError::new(ModuleErrorKind::OtherBuild, 0, message)
}
