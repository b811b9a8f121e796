//! Lines of C, C++ and Rust programs, from the DWARF in the module's custom sections.
//!
//! It is read when a backtrace is printed, and not before. Its addresses are offsets in the code section's contents.

use addr2line::Context;
use addr2line::gimli::{self, EndianSlice, LittleEndian};
use interp::inspect::Spelled;
use interp::{FrameSymbol, Module, WasmBacktrace};
use wasmparser::{Parser, Payload};

use crate::symbols::formatted;

/// The maximum number of inlined calls that are shown of one frame.
const MOST_INLINED: usize = 100;

/// The maximum depth of entries inside of each other.
const DEEPEST: isize = 1000;

/// A module with DWARF.
pub(crate) struct Dwarf {
    module: Module,
    /// The offset in the module of the code section's contents.
    base: usize,
}

type Lines<'a> = Context<EndianSlice<'a, LittleEndian>>;

impl Dwarf {
    /// Returns the DWARF of a module, if it has some.
    pub(crate) fn find(module: Module) -> Option<Self> {
        let mut sections = module.custom_sections();
        sections.find(|(name, _)| *name == ".debug_info")?;
        drop(sections);
        // A module in lowered form has no code section.
        let base =
            Parser::new(0)
                .parse_all(module.info().bytes())
                .find_map(|payload| match payload {
                    Ok(Payload::CodeSectionStart {
                        unchecked_range, ..
                    }) => Some(unchecked_range.start),
                    _ => None,
                })?;
        Some(Self {
            module,
            base: usize::try_from(base).ok()?,
        })
    }

    /// Formats a backtrace with the lines and the inlined calls that are known.
    pub(crate) fn backtrace(&self, backtrace: &WasmBacktrace) -> String {
        let lines = self.lines();
        if let Err(error) = &lines {
            log::warn!("the module's DWARF cannot be read: {error}");
        }
        formatted("wasm backtrace:", backtrace, |_, frame| {
            let told = lines
                .as_ref()
                .ok()
                .and_then(|lines| self.told(lines, frame));
            told.unwrap_or_else(|| vec![name(frame)])
        })
    }

    /// Reads the index of the sections.
    fn lines(&self) -> Result<Lines<'_>, gimli::Error> {
        let section = |id: gimli::SectionId| {
            let mut sections = self.module.custom_sections();
            let found = sections.find(|(name, _)| *name == id.name());
            let bytes = found.map_or(&[][..], |(_, bytes)| bytes);
            Ok::<_, gimli::Error>(EndianSlice::new(bytes, LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(section)?;
        check_depth(&dwarf)?;
        Context::from_dwarf(dwarf)
    }

    /// The offset in the module of the code section's contents.
    #[cfg(feature = "debug")]
    pub(crate) fn base(&self) -> usize {
        self.base
    }

    /// Returns the calls at a frame, innermost first.
    fn told(&self, lines: &Lines<'_>, frame: &FrameSymbol) -> Option<Vec<String>> {
        let address = frame.module_offset()?.checked_sub(self.base)?;
        let calls = calls(lines, u64::try_from(address).ok()?).into_iter();
        let mut calls: Vec<_> = calls
            .map(|(func, line)| {
                let func = func.map(|func| Spelled(&func).to_string());
                let place = line.map(|(file, line)| format!(" ({}:{line})", Spelled(&file)));
                (func, place.unwrap_or_default())
            })
            .collect();
        let (func, place) = calls.pop()?;
        let mut told: Vec<_> = calls
            .into_iter()
            .map(|(func, place)| format!("{}{place} [inlined]", func.as_deref().unwrap_or("?")))
            .collect();
        let own = frame.func_name().map(|name| Spelled(name).to_string());
        told.push(own.or(func).unwrap_or_else(|| name(frame)) + &place);
        Some(told)
    }
}

/// Fails if entries are nested so deeply that `addr2line`, which follows them by recursion, would overflow the stack. Like it, this ends with a
/// unit at the first entry that cannot be read.
pub(crate) fn check_depth<R: gimli::Reader>(dwarf: &gimli::Dwarf<R>) -> Result<(), gimli::Error> {
    let mut units = dwarf.units();
    while let Ok(Some(header)) = units.next() {
        let Ok(abbreviations) = dwarf.abbreviations(&header) else {
            continue;
        };
        let Ok(mut entries) = header.entries_raw(&abbreviations, None) else {
            continue;
        };
        while !entries.is_empty() {
            if entries.next_depth() > DEEPEST {
                return Err(gimli::Error::TooManyIterations);
            }
            let read = entries.read_abbreviation();
            let skipped = read.and_then(|read| {
                read.map_or(Ok(()), |read| entries.skip_attributes(read.attributes()))
            });
            if skipped.is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// A call: the function's name, its file and its line.
pub(crate) type Called = (Option<String>, Option<(String, u32)>);

/// Returns the calls at an address, innermost first. They are empty if nothing is known.
pub(crate) fn calls<R: gimli::Reader>(lines: &Context<R>, address: u64) -> Vec<Called> {
    let mut calls = Vec::new();
    let Ok(mut found) = lines.find_frames(address).skip_all_loads() else {
        return calls;
    };
    while let Ok(Some(call)) = found.next() {
        if calls.len() > MOST_INLINED {
            break;
        }
        let func = call.function.as_ref().and_then(|func| func.demangle().ok());
        let line = call.location.and_then(|location| {
            Some((
                location.file?.to_owned(),
                location.line.filter(|line| *line > 0)?,
            ))
        });
        calls.push((func.map(|func| func.into_owned()), line));
    }
    calls
}

/// The name of a frame's function.
fn name(frame: &FrameSymbol) -> String {
    match frame.func_name() {
        Some(name) => Spelled(name).to_string(),
        None => format!("<wasm function {}>", frame.func_index()),
    }
}
