//! A listing of a function: its wasm beside its bytecode.
//!
//! ```text
//! func 0 $max (i32, i32) -> (i32): 5 slots, 12 bytes of wasm, 14 of bytecode
//!      wasm                            bytecode
//!   34 local.get 0
//!   …
//! ```
//!
//! The left side contains each instruction with its offset in the module. The right side contains the ops that were lowered
//! from it, with their granules. An instruction without an op became part of another instruction's op.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use wasmparser::Operator;

use super::decode::{Decoded, decode};
use super::handlers::Handlers;
use super::names::{Layout, Names};
use super::operands::Meaning;
use super::wasm_text::wasm_text;
#[cfg(feature = "lowered-modules")]
use crate::compile::Lowered;
use crate::compile::Lowerer;
use crate::compile::class::slots;
use crate::compile::error::ModuleError;
use crate::compile::module::ModuleInfo;

/// A listed function.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The function's index in the module.
    pub func: u32,
    /// The head of the listing: index, name, type.
    pub title: String,
    /// Slots of its frame.
    pub frame_slots: u32,
    /// The ops, in the order of the code.
    pub ops: Vec<Decoded>,
    /// Bytes of its wasm instructions: zero for a module in lowered form, which has none.
    pub wasm_bytes: usize,
    /// Bytes of its bytecode.
    pub code_bytes: usize,
    /// The lines, in the order of the wasm.
    pub lines: Vec<Line>,
    /// The handlers of exceptions, one in a line: the granules whose calls and throws it handles, what it catches, the label where it
    /// continues, and the slot of the first value.
    pub handlers: Vec<String>,
    layout: Layout,
    /// The first granules of ops, each with the byte offset in the module of the instruction that it was lowered from.
    positions: Vec<(u32, u32)>,
}

impl Listing {
    /// The first granules of ops in the order of the code, each with the byte offset in the module of the instruction that the op was lowered
    /// from. They are empty for a module in lowered form.
    #[must_use]
    pub fn positions(&self) -> &[(u32, u32)] {
        &self.positions
    }

    /// The byte offset in the module of the instruction that the op at a granule was lowered from.
    #[must_use]
    pub fn module_offset(&self, granule: usize) -> Option<usize> {
        let behind = self
            .positions
            .partition_point(|(at, _)| *at as usize <= granule);
        Some(self.positions[behind.checked_sub(1)?].1 as usize)
    }

    /// The name of a slot of the frame.
    #[must_use]
    pub fn slot_name(&self, slot: usize) -> String {
        self.layout.slot(slot)
    }
}

/// A line of a listing.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// A wasm instruction: its byte offset in the module, its nesting, its text.
    pub wasm: Option<(u32, usize, String)>,
    /// An op: the number of its label, its granule, its text.
    pub op: Option<(Option<usize>, usize, String)>,
}

/// Lists functions of a module.
#[derive(Debug)]
pub struct Lister<'a> {
    module: &'a ModuleInfo,
    names: Arc<Names>,
    lowerer: Lowerer,
}

impl<'a> Lister<'a> {
    /// Prepares listings of functions of `module`.
    #[must_use]
    pub fn new(module: &'a ModuleInfo) -> Self {
        Self::with_names(module, Arc::new(Names::new(module)))
    }

    /// Does the same with names of `module` that were read already.
    #[must_use]
    pub fn with_names(module: &'a ModuleInfo, names: Arc<Names>) -> Self {
        Self {
            module,
            names,
            lowerer: Lowerer::default(),
        }
    }

    /// Lists code in which no ops are joined to superinstructions, as a store with probes runs it.
    #[cfg(feature = "probes")]
    #[must_use]
    pub fn with_separate_ops(mut self) -> Self {
        self.lowerer = Lowerer::without_superinstructions();
        self
    }

    /// The names of the module's functions in listings.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Lists defined function `defined`.
    ///
    /// # Errors
    /// Fails if the body is invalid or cannot be lowered.
    pub fn list(&mut self, defined: u32) -> Result<Listing, ModuleError> {
        let func = self.module.imported_funcs() + defined;
        let lowered = self.lowerer.lower(self.module, defined)?;
        let (frame_slots, locals) = (lowered.frame_slots, lowered.local_slots as usize);
        let code_bytes = size_of_val(lowered.code);
        let ops = decode(lowered.code).expect("lowering makes nothing but ops");
        let handlers = Handlers::of(&lowered);
        let positions: BTreeMap<_, _> = self
            .lowerer
            .positions(self.module, defined)?
            .into_iter()
            .collect();
        let meaning = self.meaning(func, locals, labels(&ops, &handlers));
        let (wasm, wasm_bytes) = instructions(self.module, defined, &self.names)?;
        Ok(Listing {
            func,
            title: self.title(func),
            frame_slots,
            wasm_bytes,
            code_bytes,
            lines: align(wasm, &ops, &positions, &meaning),
            handlers: handlers.lines(&meaning),
            layout: meaning.layout,
            positions: positions.into_iter().collect(),
            ops,
        })
    }
}

#[cfg(feature = "lowered-modules")]
impl Lister<'_> {
    /// Lists defined function `defined` of a module that was read in lowered form: its bytecode. `lowered` is its code.
    pub(crate) fn list_code(&self, defined: u32, lowered: &Lowered<'_>) -> Listing {
        let func = self.module.imported_funcs() + defined;
        let ops = decode(lowered.code).unwrap_or_default();
        let handlers = Handlers::of(lowered);
        let meaning = self.meaning(func, lowered.local_slots as usize, labels(&ops, &handlers));
        let line = |op: &Decoded| Line {
            wasm: None,
            op: Some((
                meaning.labels.get(&(op.at as i64)).copied(),
                op.at,
                meaning.line(op),
            )),
        };
        Listing {
            func,
            title: self.title(func),
            frame_slots: lowered.frame_slots,
            wasm_bytes: 0,
            code_bytes: size_of_val(lowered.code),
            lines: ops.iter().map(line).collect(),
            handlers: handlers.lines(&meaning),
            layout: meaning.layout,
            positions: Vec::new(),
            ops,
        }
    }
}

impl Lister<'_> {
    fn title(&self, func: u32) -> String {
        let ty = self.module.func_type(func);
        format!(
            "func {} ({}) -> ({})",
            self.names.func(func),
            types(ty.params()),
            types(ty.results())
        )
    }

    fn meaning(&self, func: u32, locals: usize, labels: BTreeMap<i64, usize>) -> Meaning<'_> {
        let ty = self.module.func_type(func);
        Meaning {
            names: &self.names,
            layout: Layout::new(slots(ty.params()), slots(ty.results()), locals),
            labels,
            imported_globals: self.module.imported_globals(),
        }
    }
}

/// Numbers the targets of branches and of handlers in their order.
fn labels(ops: &[Decoded], handlers: &Handlers) -> BTreeMap<i64, usize> {
    let branches = ops.iter().flat_map(Decoded::targets);
    let targets: BTreeSet<_> = branches.chain(handlers.targets()).collect();
    targets.into_iter().zip(0..).collect()
}

fn types(types: &[wasmparser::ValType]) -> String {
    let names: Vec<_> = types.iter().map(|ty| format!("{ty}")).collect();
    names.join(", ")
}

/// The left side of a line.
type Wasm = (u32, usize, String);

/// The instructions of a body, and their length in bytes.
fn instructions(
    module: &ModuleInfo,
    defined: u32,
    names: &Names,
) -> Result<(Vec<Wasm>, usize), ModuleError> {
    let mut buffer = Vec::new();
    let mut reader = module.body(defined, &mut buffer).get_operators_reader()?;
    let start = reader.original_position();
    let mut lines = Vec::new();
    let mut depth = 1_usize;
    while !reader.eof() {
        let (operator, offset) = reader.read_with_offset()?;
        if matches!(
            operator,
            Operator::End
                | Operator::Else
                | Operator::Catch { .. }
                | Operator::CatchAll
                | Operator::Delegate { .. }
        ) {
            depth = depth.saturating_sub(1);
        }
        // Modules are smaller than 4 GiB.
        lines.push((offset as u32, depth, wasm_text(&operator, names)));
        if matches!(
            operator,
            Operator::Block { .. }
                | Operator::Loop { .. }
                | Operator::If { .. }
                | Operator::Else
                | Operator::TryTable { .. }
                | Operator::Try { .. }
                | Operator::Catch { .. }
                | Operator::CatchAll
        ) {
            depth += 1;
        }
    }
    Ok((lines, (reader.original_position() - start) as usize))
}

/// Places each op beside the last instruction that it was lowered from.
fn align(
    wasm: Vec<Wasm>,
    ops: &[Decoded],
    positions: &BTreeMap<u32, u32>,
    meaning: &Meaning<'_>,
) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut wasm = wasm.into_iter().peekable();
    let mut source = 0;
    for op in ops {
        // The long form of a branch consists of several ops. The first one has the position.
        source = positions.get(&(op.at as u32)).copied().unwrap_or(source);
        let mut fresh = false;
        while let Some(instruction) = wasm.next_if(|(offset, ..)| *offset <= source) {
            lines.push(Line {
                wasm: Some(instruction),
                op: None,
            });
            fresh = true;
        }
        let label = meaning.labels.get(&(op.at as i64)).copied();
        let right = Some((label, op.at, meaning.line(op)));
        match lines.last_mut() {
            Some(line) if fresh => line.op = right,
            _ => lines.push(Line {
                wasm: None,
                op: right,
            }),
        }
    }
    lines.extend(wasm.map(|instruction| Line {
        wasm: Some(instruction),
        op: None,
    }));
    lines
}

/// Characters of the left side.
const WASM_WIDTH: usize = 40;
/// Levels of nesting that are indented; Go nests thousands.
const MOST_INDENT: usize = 8;

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} slots, ", self.title, self.frame_slots)?;
        match self.wasm_bytes {
            0 => writeln!(f, "{} bytes of bytecode", self.code_bytes)?,
            wasm => writeln!(f, "{wasm} bytes of wasm, {} of bytecode", self.code_bytes)?,
        }
        for line in &self.lines {
            let left = match &line.wasm {
                Some((offset, depth, text)) => {
                    format!(
                        "{offset:>8} {:indent$}{text}",
                        "",
                        indent = 2 * depth.saturating_sub(1).min(MOST_INDENT)
                    )
                }
                None => String::new(),
            };
            // A module in lowered form has no left side.
            let width = if self.wasm_bytes == 0 { 0 } else { WASM_WIDTH };
            let left = shortened(left);
            match &line.op {
                Some((label, at, text)) => {
                    let label = label
                        .map(|number| format!("L{number}:"))
                        .unwrap_or_default();
                    writeln!(f, "{left:<width$} {label:>5} {at:>5} {text}")?;
                }
                None => writeln!(f, "{left}")?,
            }
        }
        for handler in &self.handlers {
            writeln!(f, "{:WASM_WIDTH$} {handler}", "")?;
        }
        Ok(())
    }
}

/// The left side, shortened if it does not fit beside the right side.
fn shortened(left: String) -> String {
    match left.char_indices().nth(WASM_WIDTH) {
        Some(_) => left.chars().take(WASM_WIDTH - 1).chain(['…']).collect(),
        None => left,
    }
}
