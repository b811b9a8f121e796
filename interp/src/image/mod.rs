//! A module in lowered form: a file from which functions run without being decoded, validated and lowered.
//!
//! ```text
//!   offset
//!        0  magic      "\0lwasm", the number of this format, a line feed
//!        8  length     of the envelope in bytes, four bytes
//!       12  envelope   the release and the build of its writer, and the places of its sections (`envelope.rs`), by postcard
//!           sections, each at a multiple of 8 bytes:
//!           module     a WebAssembly module whose code section has only the number of functions
//!           records    for each function four words: where its code, handlers and positions begin, and its frame; then one more for the ends
//!                      of the last ones. Each place is at or behind that of the record before.
//!           handlers   words: handlers of exceptions
//!           positions  for each op its place in the WebAssembly module; empty if they were left out (`positions.rs`)
//!           code       granules: the bytecode of all functions
//! ```
//!
//! All numbers are little-endian, but for the code, which is in the order of the host for which it was written.
//!
//! The module keeps its types, imports, exports, segments and names in the form in which they are decoded and validated like those of
//! any other module. So the file adds one kind of content that must be verified: code. A function is verified at its first call
//! ([`crate::verify`]).
//!
//! If the bytes cannot change ([`ModuleBytes::are_constant`]) and they are aligned, code runs where it lies: in flash, for example.
//! Otherwise it is copied, and the copy is verified.
//!
//! A file runs only in a build of the same release with the same encoding ([`crate::ops::Flavour`]). It may be written by another build,
//! for example a desktop's for the kernel of a board: lowering and verification use the numbers of the writer's ops, and then each op gets
//! the number that it has there (`write.rs`).

mod envelope;
mod positions;
mod surroundings;
#[cfg(feature = "lowering")]
mod write;

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
#[cfg(feature = "exceptions")]
use alloc::sync::Arc;
use alloc::vec::Vec;

use wasmparser::WasmFeatures;

use crate::compile::Positions;
use crate::compile::error::{ModuleError, ModuleErrorKind};
use crate::compile::module::{ModuleBytes, ModuleInfo};
#[cfg(feature = "exceptions")]
use crate::lower::handlers::HandlerTable;
#[cfg(feature = "exceptions")]
use crate::verify::verify_handlers;
use crate::verify::{Fault, Frame, Marks, NO_HANDLER, verify};
use envelope::{Envelope, Part};
use surroundings::Around;
#[cfg(feature = "lowering")]
pub(crate) use write::{Content, Written, write};

/// How a file begins.
pub(crate) const MAGIC: [u8; 8] = *b"\0lwasm\x02\n";

/// Bytes of a record.
const RECORD: usize = 16;

/// An open file, without its module.
#[derive(Debug)]
pub(crate) struct Image {
    bytes: ModuleBytes,
    /// The length of the WebAssembly module from which it was made, and a hash of it.
    wasm: (u32, u64),
    records: Part,
    handlers: Part,
    positions: Part,
    code: Part,
    /// For each element segment, a number for the type of its elements.
    elements: Box<[u32]>,
}

/// A verified function.
pub(crate) struct Function<'a> {
    /// Its code. It is borrowed from the file if it can run there.
    pub(crate) code: Cow<'a, [u16]>,
    /// Its frame.
    pub(crate) frame: Frame,
    /// Its handlers of exceptions, if it has any.
    #[cfg(feature = "exceptions")]
    pub(crate) handlers: Option<Arc<HandlerTable>>,
}

/// The record of a function.
struct Record {
    /// In granules.
    code: u32,
    /// In words.
    handlers: u32,
    /// In bytes.
    positions: u32,
    /// Slots of the frame, less one; in the upper half the number of slots that are zero at entry.
    frame: u32,
}

impl Image {
    /// Opens a file, and decodes its module.
    ///
    /// # Errors
    /// [`ModuleErrorKind::OtherBuild`] if another release or build has written it; otherwise as for any module.
    pub(crate) fn open(
        bytes: ModuleBytes,
        features: WasmFeatures,
        canonical_nans: bool,
    ) -> Result<(Self, ModuleInfo), ModuleError> {
        let mut buffer = Vec::new();
        let (envelope, body) = Envelope::read(&bytes, &mut buffer)?;
        envelope.check(features, canonical_nans)?;
        let place = |part: Part, name| part.behind(body, bytes.as_slice().len(), name);
        let module = place(envelope.module, "module")?;
        let image = Self {
            records: place(envelope.records, "records")?,
            handlers: place(envelope.handlers, "handlers")?,
            positions: place(envelope.positions, "positions")?,
            code: place(envelope.code, "code")?,
            elements: Box::default(),
            wasm: envelope.wasm,
            bytes,
        };
        let info = ModuleInfo::without_bodies(image.bytes.slice(module.range()), features)?;
        surroundings::refuse_references(&info)?;
        if image.records.len as usize != (info.defined_funcs() as usize + 1) * RECORD {
            return Err(damaged(
                image.records.start,
                "there is not a record for each function",
            ));
        }
        if !image.has_ascending_records(info.defined_funcs()) {
            return Err(damaged(
                image.records.start,
                "its records are not in the order of what they name",
            ));
        }
        let elements = surroundings::element_types(&info);
        Ok((Self { elements, ..image }, info))
    }

    /// Reads and verifies defined function `defined`.
    ///
    /// # Errors
    /// The file is damaged.
    pub(crate) fn function(
        &self,
        info: &ModuleInfo,
        defined: u32,
        marks: &mut Marks,
    ) -> Result<Function<'_>, ModuleError> {
        let around = Around {
            info,
            elements: &self.elements,
        };
        let func = info.imported_funcs() + defined;
        let signature = around
            .signature(info.func_type(func))
            .ok_or_else(|| damaged(self.records.start, "a function has references"))?;
        let [record, next] = self.records(defined);
        let frame = Frame {
            signature,
            slots: (record.frame & 0xffff) + 1,
            zero_slots: record.frame >> 16,
        };
        let code = self
            .granules(record.code, next.code)
            .ok_or_else(|| damaged(self.records.start, "a function's code lies outside"))?;
        let at = self.code.start as u64 + 2 * u64::from(record.code);
        let wrong = |fault: Fault| {
            let (kind, message) = match fault.what {
                NO_HANDLER => (ModuleErrorKind::OtherBuild, NO_HANDLER.into()),
                what => (
                    ModuleErrorKind::Invalid,
                    format!("the lowered module is damaged: {what}"),
                ),
            };
            let at = at + 2 * fault.at as u64;
            ModuleError::new(kind, at, message).in_func(func)
        };
        verify(&code, &frame, &around, marks).map_err(wrong)?;
        #[cfg(feature = "exceptions")]
        let handlers = if record.handlers == next.handlers {
            None
        } else {
            let table = self.handler_table(record.handlers, next.handlers);
            let table = table.ok_or_else(|| {
                damaged(self.handlers.start, "handlers do not fit each other").in_func(func)
            })?;
            verify_handlers(&table, &frame, &around, marks).map_err(wrong)?;
            Some(Arc::new(table))
        };
        Ok(Function {
            code,
            frame,
            #[cfg(feature = "exceptions")]
            handlers,
        })
    }

    /// The positions of the ops of a function in the WebAssembly module. There are none if they were left out.
    pub(crate) fn positions(&self, defined: u32) -> Positions {
        let [record, next] = self.records(defined);
        let all = self.part(self.positions);
        let own = all.get(record.positions as usize..next.positions as usize);
        Positions::stored(positions::read(own.unwrap_or_default()))
    }

    /// The length of the WebAssembly module from which it was made, and a hash of it (FNV-1a).
    pub(crate) fn wasm(&self) -> (u32, u64) {
        self.wasm
    }

    /// The bytes of a function's code.
    pub(crate) fn code_bytes(&self, defined: u32) -> usize {
        let [record, next] = self.records(defined);
        2 * next.code.saturating_sub(record.code) as usize
    }

    /// The sections besides the module, with their bytes.
    pub(crate) fn sections(&self) -> [(&'static str, usize); 4] {
        [
            ("records of functions", self.records),
            ("handlers", self.handlers),
            ("positions", self.positions),
            ("bytecode", self.code),
        ]
        .map(|(name, part)| (name, part.len as usize))
    }

    /// The file.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// Announces that most of the bytes read so far will hardly be read again.
    pub(crate) fn release_bytes(&self) {
        self.bytes.release();
    }

    fn part(&self, part: Part) -> &[u8] {
        &self.bytes.as_slice()[part.range()]
    }

    /// The record of a function, and the one after it.
    fn records(&self, defined: u32) -> [Record; 2] {
        let first = defined as usize * RECORD;
        let both = &self.part(self.records)[first..first + 2 * RECORD];
        let mut words = both
            .as_chunks::<4>()
            .0
            .iter()
            .map(|word| u32::from_le_bytes(*word));
        [(); 2].map(|()| {
            let mut next = || words.next().unwrap_or_default();
            Record {
                code: next(),
                handlers: next(),
                positions: next(),
                frame: next(),
            }
        })
    }

    /// The granules from `start` to `end`: those of the file if they can run there, otherwise a copy.
    fn granules(&self, start: u32, end: u32) -> Option<Cow<'_, [u16]>> {
        let all = self.part(self.code);
        let (start, end) = (
            (start as usize).checked_mul(2)?,
            (end as usize).checked_mul(2)?,
        );
        let bytes = all.get(start..end)?;
        if self.bytes.are_constant()
            && let Some(code) = as_granules(bytes)
        {
            return Some(Cow::Borrowed(code));
        }
        let granules = bytes.as_chunks::<2>().0.iter();
        let copy: Vec<u16> = granules
            .map(|granule| u16::from_ne_bytes(*granule))
            .collect();
        // The compiler must not read the original in place of the copy.
        Some(Cow::Owned(core::hint::black_box(copy)))
    }

    #[cfg(feature = "exceptions")]
    fn handler_table(&self, start: u32, end: u32) -> Option<HandlerTable> {
        let all = self.part(self.handlers).as_chunks::<4>().0;
        let own = all.get(start as usize..end as usize)?;
        let words: Vec<u32> = own.iter().map(|word| u32::from_le_bytes(*word)).collect();
        HandlerTable::from_words(&words)
    }

    /// Returns whether each place in a record is at or behind that of the record before. Then functions share no bytes, and all of them
    /// together are no longer than the file.
    fn has_ascending_records(&self, funcs: u32) -> bool {
        (0..funcs).all(|func| {
            let [record, next] = self.records(func);
            record.code <= next.code
                && record.handlers <= next.handlers
                && record.positions <= next.positions
        })
    }
}

/// The bytes as granules, if they are aligned.
fn as_granules(bytes: &[u8]) -> Option<&[u16]> {
    // SAFETY: any two bytes are a `u16`.
    let (before, granules, after) = unsafe { bytes.align_to::<u16>() };
    (before.is_empty() && after.is_empty()).then_some(granules)
}

/// The error for a file that is damaged in the part that begins at `start`.
fn damaged(start: u32, what: &str) -> ModuleError {
    let message = format!("the lowered module is damaged: {what}");
    ModuleError::new(ModuleErrorKind::Invalid, start.into(), message)
}
