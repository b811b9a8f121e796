//! Lines of C, C++ and Rust programs, from the DWARF in the module's custom sections.
//!
//! The sections are copied once, so their readers depend on nothing. Addresses are offsets in the code section's contents.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use addr2line::Context;
use addr2line::gimli::{self, EndianArcSlice, LittleEndian, Reader};
use interp::Module;

use super::{Lines, Start, func_at};
use crate::dwarf::{self, Called, Dwarf, check_depth};
use crate::places::{Call, Line};

/// The bytes of a section.
pub(crate) type Bytes = EndianArcSlice<LittleEndian>;

/// The maximum number of rows of line tables that are read. Damaged tables may have rows without end.
const MOST_ROWS: usize = 1 << 24;

/// The DWARF of a module.
pub(crate) struct Sections {
    /// The offset in the module of the code section's contents.
    pub(crate) base: usize,
    /// All sections.
    pub(crate) dwarf: Arc<gimli::Dwarf<Bytes>>,
    context: Context<Bytes>,
    /// Where the code behind the prologue of a function begins, by its index.
    begins: HashMap<u32, usize>,
    lines: Lines,
}

/// A row of a line table that begins a line's code.
#[derive(Clone, Copy)]
struct Row {
    address: u64,
    file: usize,
    line: u32,
    is_statement: bool,
    ends_prologue: bool,
}

impl Sections {
    /// Reads the DWARF of a module, if it has some that can be read.
    pub(super) fn find(module: Module) -> Option<Self> {
        let found = Dwarf::find(module.clone())?;
        let section = |id: gimli::SectionId| {
            let mut sections = module.custom_sections();
            let section = sections.find(|(name, _)| *name == id.name());
            let bytes = section.map_or(&[][..], |(_, bytes)| bytes);
            Ok::<_, gimli::Error>(Bytes::new(Arc::from(bytes), LittleEndian))
        };
        let read = gimli::Dwarf::load(section).and_then(|dwarf| {
            check_depth(&dwarf)?;
            let dwarf = Arc::new(dwarf);
            Ok((Context::from_arc_dwarf(dwarf.clone())?, dwarf))
        });
        let (context, dwarf) = match read {
            Ok(read) => read,
            Err(error) => {
                log::warn!("the module's DWARF cannot be read: {error}");
                return None;
            }
        };
        let mut sections = Self {
            base: found.base(),
            dwarf,
            context,
            begins: HashMap::new(),
            lines: Lines::new(),
        };
        sections.read(&module);
        Some(sections)
    }

    /// The files and their lines.
    pub(super) fn lines(&mut self) -> Lines {
        std::mem::take(&mut self.lines)
    }

    /// Returns where a function's code begins, behind its prologue.
    pub(super) fn begin(&self, defined: u32) -> Option<usize> {
        self.begins.get(&defined).copied()
    }

    /// The name in the source text of the function with code at an offset in the module.
    pub(super) fn name(&self, offset: usize) -> Option<String> {
        dwarf::calls(&self.context, self.address(offset)?).pop()?.0
    }

    /// Returns the calls at an offset in the module, innermost first. `name` is that of the function.
    pub(super) fn calls(&self, offset: usize, name: &str) -> Vec<Call> {
        let Some(address) = self.address(offset) else {
            return Vec::new();
        };
        let call = |(func, line): Called| Call {
            name: func.unwrap_or_else(|| "?".to_owned()),
            line: line.map(|(file, line)| Line { file, line }),
        };
        let calls = dwarf::calls(&self.context, address);
        let mut calls: Vec<_> = calls.into_iter().map(call).collect();
        if let Some(own) = calls.last_mut() {
            own.name = name.to_owned();
        }
        calls
    }

    /// The address that DWARF has for an offset in the module.
    pub(crate) fn address(&self, offset: usize) -> Option<u64> {
        u64::try_from(offset.checked_sub(self.base)?).ok()
    }

    /// Reads the line tables of all units. What is damaged is left out.
    fn read(&mut self, module: &Module) {
        let mut paths: Vec<String> = Vec::new();
        let mut starts: BTreeMap<(usize, u32, u32), Vec<u64>> = BTreeMap::new();
        let mut rows_left = MOST_ROWS;
        let mut units = self.dwarf.units();
        while let Ok(Some(header)) = units.next() {
            let Ok(unit) = self.dwarf.unit(header) else {
                continue;
            };
            let mut files = HashMap::new();
            for rows in sequences(&self.dwarf, &unit, &mut files, &mut paths, &mut rows_left) {
                self.note(module, &rows, &mut starts);
            }
        }
        for ((file, line, defined), mut addresses) in starts {
            addresses.sort_unstable();
            addresses.dedup();
            if addresses.len() > 1 {
                // The first place of the line in the function, and in each call that was inlined into it.
                let mut chains = HashSet::new();
                addresses.retain(|address| {
                    let mut chain = dwarf::calls(&self.context, *address);
                    if let Some((_, line)) = chain.first_mut() {
                        *line = None;
                    }
                    chains.insert(chain)
                });
            }
            let starts = addresses.into_iter().filter_map(|address| {
                let at = self.base.checked_add(usize::try_from(address).ok()?)?;
                Some(Start { line, defined, at })
            });
            let known = self.lines.entry(paths[file].clone()).or_default();
            known.extend(starts);
        }
        for starts in self.lines.values_mut() {
            starts.sort_unstable();
        }
    }

    /// Notes where lines begin in a sequence of rows, and where the prologues of functions end.
    fn note(
        &mut self,
        module: &Module,
        rows: &[Row],
        starts: &mut BTreeMap<(usize, u32, u32), Vec<u64>>,
    ) {
        let offset =
            |address: u64| (self.base).checked_add(usize::try_from(address).unwrap_or(usize::MAX));
        let func = |row: &Row| func_at(module, offset(row.address)?);
        let mut from = 0;
        while let Some(first) = rows.get(from) {
            let Some(defined) = func(first) else {
                from += 1;
                continue;
            };
            let range = module.info().body_range(defined);
            let is_inside = |row: &&Row| offset(row.address).is_some_and(|at| range.contains(&at));
            let own = &rows[from..];
            let own = &own[..own.iter().take_while(is_inside).count()];
            from += own.len();
            let behind = own.iter().find(|row| row.ends_prologue);
            let begin = behind.or_else(|| own.iter().find(|row| row.address > first.address));
            let begin = begin.unwrap_or(first).address;
            if let Some(at) = offset(begin) {
                self.begins.entry(defined).or_insert(at);
            }
            let mut last = None;
            for row in own {
                let line = (row.file, row.line);
                if last == Some(line) || row.line == 0 || !row.is_statement {
                    continue;
                }
                last = Some(line);
                let start = starts.entry((row.file, row.line, defined)).or_default();
                // No variable has a place before the end of the prologue.
                start.push(row.address.max(begin));
            }
        }
    }
}

/// Reads the sequences of rows of a unit, each in the order of addresses. `files` are the numbers of its files in `paths`.
fn sequences(
    dwarf: &gimli::Dwarf<Bytes>,
    unit: &gimli::Unit<Bytes>,
    files: &mut HashMap<u64, usize>,
    paths: &mut Vec<String>,
    left: &mut usize,
) -> Vec<Vec<Row>> {
    let mut all = Vec::new();
    let mut rows = Vec::new();
    let Some(program) = unit.line_program.clone() else {
        return all;
    };
    let mut read = program.rows();
    while let Ok(Some((header, row))) = read.next_row() {
        let Some(rest) = left.checked_sub(1) else {
            break;
        };
        *left = rest;
        if row.end_sequence() {
            rows.sort_by_key(|row: &Row| row.address);
            all.push(std::mem::take(&mut rows));
            continue;
        }
        let index = row.file_index();
        let file = match files.get(&index) {
            Some(file) => *file,
            None => {
                let path = row
                    .file(header)
                    .and_then(|file| path(dwarf, unit, header, file));
                let path = path.unwrap_or_else(|| "?".to_owned());
                let known = paths.iter().position(|known| *known == path);
                let file = known.unwrap_or_else(|| {
                    paths.push(path);
                    paths.len() - 1
                });
                files.insert(index, file);
                file
            }
        };
        rows.push(Row {
            address: row.address(),
            file,
            line: row.line().map_or(0, |line| {
                // Later lines are none.
                u32::try_from(line.get()).unwrap_or(0)
            }),
            is_statement: row.is_stmt(),
            ends_prologue: row.prologue_end(),
        });
    }
    all
}

/// A file's path, as `addr2line` makes it.
fn path(
    dwarf: &gimli::Dwarf<Bytes>,
    unit: &gimli::Unit<Bytes>,
    header: &gimli::LineProgramHeader<Bytes>,
    file: &gimli::FileEntry<Bytes>,
) -> Option<String> {
    let text = |value| {
        let text = dwarf.attr_string(unit, value).ok()?;
        Some(text.to_string_lossy().ok()?.into_owned())
    };
    let mut path = match &unit.comp_dir {
        Some(folder) => folder.to_string_lossy().ok()?.into_owned(),
        None => String::new(),
    };
    // Folder 0 is that of the unit.
    if file.directory_index() != 0
        && let Some(folder) = file.directory(header)
    {
        push(&mut path, &text(folder)?);
    }
    push(&mut path, &text(file.path_name())?);
    Some(path)
}

fn push(path: &mut String, part: &str) {
    let is_absolute = part.starts_with(['/', '\\']) || part.get(1..3) == Some(":\\");
    if is_absolute {
        path.clear();
    } else if !path.is_empty() && !path.ends_with('/') {
        path.push('/');
    }
    path.push_str(part);
}
