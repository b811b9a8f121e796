//! Writes a module in lowered form.

use alloc::vec::Vec;
use alloc::{format, vec};

use super::envelope::{ALIGNMENT, Envelope, Part};
use super::positions;
use super::surroundings::{Around, element_types, refuse_references};
use crate::compile::Lowerer;
use crate::compile::error::{ModuleError, ModuleErrorKind};
use crate::compile::module::ModuleInfo;
use crate::compile::progress::{Observer, Pass};
use crate::dispatch::number;
use crate::ops::{COUNT, Flavour, superinstruction};
#[cfg(feature = "exceptions")]
use crate::verify::verify_handlers;
use crate::verify::{Fault, Frame, Marks, verify};

/// What a file contains beside code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// The positions of ops, and all custom sections.
    All,
    /// The names of functions.
    Names,
}

/// The sections of a file, while they grow.
#[derive(Default)]
struct Sections {
    module: Vec<u8>,
    records: Vec<u8>,
    handlers: Vec<u32>,
    positions: Vec<u8>,
    code: Vec<u8>,
}

/// A file, and the ops in it.
pub(crate) struct Written {
    /// The bytes of the file.
    pub(crate) bytes: Vec<u8>,
    /// For each op and superinstruction of the file's flavour, in the order of their numbers, 1 if a function has it, and otherwise 0.
    pub(crate) ops: Vec<u8>,
}

/// Lowers all functions of a module and writes them to a file for builds of `flavour`. `observer` receives the progress.
///
/// # Errors
/// Fails if a function is invalid, or if the module cannot be verified in lowered form: it uses references as values. Also fails if
/// `flavour` lacks a feature that the module uses, or if it has one that this build lacks.
pub(crate) fn write(
    info: &ModuleInfo,
    content: Content,
    flavour: Flavour,
    observer: Observer<'_>,
) -> Result<Written, ModuleError> {
    if flavour == Flavour::HERE {
        return write_allowed(info, content, flavour, observer);
    }
    if !flavour.is_known() || cfg!(target_endian = "big") {
        let message = format!("this build of wasi-interp cannot write code for {flavour}");
        return Err(ModuleError::new(ModuleErrorKind::Unsupported, 0, message));
    }
    let info = info.restricted(flavour.features())?;
    write_allowed(&info, content, flavour, observer)
}

/// Does the same for a module that has no more features than `flavour`, which this build knows.
fn write_allowed(
    info: &ModuleInfo,
    content: Content,
    flavour: Flavour,
    observer: Observer<'_>,
) -> Result<Written, ModuleError> {
    refuse_references(info)?;
    let mut sections = Sections {
        module: without_bodies(info, content)?,
        ..Sections::default()
    };
    let elements = element_types(info);
    let around = Around {
        info,
        elements: &elements,
    };
    let mut tools = Tools {
        content,
        lowerer: match flavour.has_superinstructions() {
            true => Lowerer::default(),
            false => Lowerer::without_superinstructions(),
        },
        marks: Marks::default(),
        granules: flavour.granules(),
        used: vec![0; COUNT + superinstruction::COUNT],
    };
    for defined in 0..info.defined_funcs() {
        sections.function(&around, defined, &mut tools)?;
        observer.report(Pass::Lowering, defined + 1, info.defined_funcs());
    }
    sections.record(0);
    // Of the ops that the flavour has: they are in the same order there.
    let ops = tools.granules.iter().zip(&tools.used);
    let ops = ops.filter_map(|(granule, used)| granule.map(|_| *used));
    Ok(Written {
        ops: ops.collect(),
        bytes: sections.write(info, flavour)?,
    })
}

/// What is used for each function.
struct Tools {
    content: Content,
    lowerer: Lowerer,
    marks: Marks,
    /// For each op of this build the granule that stands for it in the file.
    granules: Vec<Option<u16>>,
    /// For each op of this build, 1 if a function has it.
    used: Vec<u8>,
}

/// Code that was verified, with the numbers that its ops have in the file. Nothing if the file's builds lack an op.
fn renumbered(code: &[u16], marks: &Marks, granules: &[Option<u16>]) -> Option<Vec<u16>> {
    let mut code = Vec::from(code);
    for at in marks.starts() {
        code[at] = granules[number(code[at]).index()]?;
    }
    Some(code)
}

impl Sections {
    fn function(
        &mut self,
        around: &Around<'_>,
        defined: u32,
        tools: &mut Tools,
    ) -> Result<(), ModuleError> {
        let info = around.info;
        let func = info.imported_funcs() + defined;
        let lowered = tools.lowerer.lower(info, defined)?;
        let signature = around.signature(info.func_type(func));
        let frame = Frame {
            signature: signature.ok_or_else(|| unsupported(func, "it has references"))?,
            slots: lowered.frame_slots,
            zero_slots: lowered.zero_slots,
        };
        let refused = |fault: Fault| unsupported(func, fault.what);
        verify(lowered.code, &frame, around, &mut tools.marks).map_err(refused)?;
        // Verification has checked that there is a slot at least, and no more than 65,536.
        self.record(frame.zero_slots << 16 | (frame.slots - 1));
        #[cfg(feature = "exceptions")]
        if let Some(table) = lowered.handlers {
            verify_handlers(table, &frame, around, &tools.marks).map_err(refused)?;
            table.write_words(&mut self.handlers);
        }
        for at in tools.marks.starts() {
            tools.used[number(lowered.code[at]).index()] = 1;
        }
        let missing = || unsupported(func, "it has an op that the other build lacks");
        let code = renumbered(lowered.code, &tools.marks, &tools.granules).ok_or_else(missing)?;
        self.code
            .extend(code.into_iter().flat_map(u16::to_ne_bytes));
        if tools.content == Content::All {
            positions::write(tools.lowerer.last_positions(), &mut self.positions);
        }
        Ok(())
    }

    /// Appends a record of the next function. `write` checks that all fits 32 bits.
    fn record(&mut self, frame: u32) {
        let code = (self.code.len() / 2) as u32;
        let handlers = self.handlers.len() as u32;
        let words = [code, handlers, self.positions.len() as u32, frame];
        self.records
            .extend(words.into_iter().flat_map(u32::to_le_bytes));
    }

    fn write(self, info: &ModuleInfo, flavour: Flavour) -> Result<Vec<u8>, ModuleError> {
        let handlers: Vec<u8> = self
            .handlers
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect();
        let contents = [
            self.module,
            self.records,
            handlers,
            self.positions,
            self.code,
        ];
        let mut body = Vec::new();
        let places = contents.map(|content| {
            body.resize(body.len().next_multiple_of(ALIGNMENT), 0);
            let place = (body.len(), content.len());
            body.extend(content);
            place
        });
        if u32::try_from(body.len()).is_err() {
            let message = "the lowered module would be larger than 4 GiB";
            return Err(ModuleError::new(ModuleErrorKind::Unsupported, 0, message));
        }
        let [module, records, handlers, positions, code] = places.map(|(start, len)| Part {
            start: start as u32,
            len: len as u32,
        });
        let envelope = Envelope {
            module,
            records,
            handlers,
            positions,
            code,
            ..Envelope::new(info, flavour)
        };
        let mut bytes = envelope.write();
        bytes.extend(body);
        Ok(bytes)
    }
}

fn unsupported(func: u32, what: &str) -> ModuleError {
    let message = format!("function {func} cannot be written in lowered form: {what}");
    ModuleError::new(ModuleErrorKind::Unsupported, 0, message)
}

/// Numbers of sections (core specification, 5.5.2).
const CUSTOM: u8 = 0;
const CODE: u8 = 10;

/// The module's bytes without function bodies, and without the custom sections that `content` leaves out.
fn without_bodies(info: &ModuleInfo, content: Content) -> Result<Vec<u8>, ModuleError> {
    let bytes = info.bytes();
    let changed = |rest: &[u8]| ModuleError::changed((bytes.len() - rest.len()) as u64);
    /// Magic number and version.
    const HEAD: usize = 8;
    let (head, mut rest) = bytes.split_at_checked(HEAD).ok_or_else(|| changed(bytes))?;
    let mut module = Vec::from(head);
    while let Some((&number, behind)) = rest.split_first() {
        let mut reader = wasmparser::BinaryReader::new(behind, 0);
        let len = reader.read_var_u32()? as usize;
        let content_at = reader.original_position() as usize;
        let section = behind
            .get(content_at..content_at.saturating_add(len))
            .ok_or_else(|| changed(rest))?;
        let end = 1 + content_at + len;
        match number {
            CODE => {
                let mut reader = wasmparser::BinaryReader::new(section, 0);
                reader.read_var_u32()?;
                let count = &section[..reader.original_position() as usize];
                // A number has at most five bytes.
                module.extend([CODE, count.len() as u8]);
                module.extend(count);
            }
            CUSTOM if content == Content::Names && !is_names(section) => {}
            _ => module.extend(&rest[..end]),
        }
        rest = &rest[end..];
    }
    Ok(module)
}

/// Returns whether a custom section is the one with the names.
fn is_names(section: &[u8]) -> bool {
    section.starts_with(b"\x04name")
}
