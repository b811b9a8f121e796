//! Names of functions, and lines of Go source.

use std::collections::HashMap;

use go_tables::{Place, Tables};
use interp::inspect::Names;
use interp::{Instance, Module, Probed};
use wasmparser::Operator;

/// The names and the lines of the functions of a program.
pub(super) struct Places {
    names: Names,
    funcs: HashMap<(Instance, u32), Func>,
}

/// A function.
#[derive(Clone, Debug, Default)]
pub(super) struct Func {
    pub(super) name: String,
    /// Whether it is one of Go's, whose parameters are on Go's stack.
    pub(super) is_go: bool,
    /// Bytes of its arguments and results there.
    pub(super) arguments: usize,
    /// The line at which it begins.
    pub(super) start: Option<Line>,
    /// The lines of Go source, by the byte offset in the module from which on they hold.
    lines: Vec<(usize, Line)>,
}

/// A line of source text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    pub(super) file: String,
    pub(super) line: u32,
}

impl Func {
    /// The line of the code at an offset in the module.
    pub(super) fn line(&self, offset: usize) -> Option<&Line> {
        let behind = self.lines.partition_point(|(from, _)| *from <= offset);
        Some(&self.lines[behind.checked_sub(1)?].1)
    }
}

impl Places {
    pub(super) fn new(names: Names) -> Self {
        Self {
            names,
            funcs: HashMap::new(),
        }
    }

    /// The function that runs.
    pub(super) fn func<T>(&mut self, at: &Probed<'_, T>) -> &Func {
        let (instance, defined) = (at.instance(), at.defined_func());
        let names = &self.names;
        self.funcs
            .entry((instance, defined))
            .or_insert_with(|| found(at, names, instance, defined))
    }
}

fn found<T>(at: &Probed<'_, T>, names: &Names, instance: Instance, defined: u32) -> Func {
    let module = at.module();
    let index = module.info().imported_funcs() + defined;
    let memory = instance.get_memory(at, "memory");
    let tables = memory.and_then(|memory| Tables::find(memory.data(at)));
    let go = tables.and_then(|tables| Some((tables, tables.func(defined)?)));
    let known = names
        .name(index)
        .or_else(|| go.and_then(|(_, func)| func.name()));
    let mut func = Func {
        name: known.map_or_else(|| format!("func {index}"), str::to_owned),
        ..Func::default()
    };
    if let Some((tables, go)) = go {
        func.is_go = true;
        func.arguments = go.arguments().unwrap_or(0) as usize;
        let owned = |place: Place<'_>| Line {
            file: place.file.to_owned(),
            line: place.line,
        };
        let line = |resume| go.place(resume).map(owned);
        func.start = go.start().map(owned);
        let mut lines = Vec::new();
        for (from, resume) in resumes(&module, defined, &tables) {
            lines.extend(line(resume).map(|line| (from, line)));
        }
        lines.dedup_by(|next, line| next.1 == line.1);
        func.lines = lines;
    }
    func
}

/// The offsets in the module at which the code begins that leads to a call, each with the resume point of that call. Go's table has one
/// line for all of that code: the call's. Behind the last call it has the line of the end.
fn resumes(module: &Module, defined: u32, tables: &Tables<'_>) -> Vec<(usize, u16)> {
    let info = module.info();
    let start = info.body_range(defined).start;
    let mut found = Vec::new();
    // The instructions of a module in lowered form are not known.
    if !info.has_bodies() {
        return found;
    }
    let mut buffer = Vec::new();
    let Ok(mut reader) = info.body(defined, &mut buffer).get_operators_reader() else {
        return found;
    };
    let mut constant = None;
    let mut from = start;
    let mut last = 0;
    while let Ok(operator) = reader.read() {
        match operator {
            Operator::I64Const { value } => {
                let at = tables.at_pc(value.cast_unsigned());
                constant = at.filter(|(owner, _)| *owner == defined);
            }
            Operator::Call { .. } | Operator::CallIndirect { .. } => {
                if let Some((_, resume)) = constant.take() {
                    found.push((from, resume));
                    last = resume;
                    from = reader.original_position() as usize;
                }
            }
            _ => {}
        }
        if reader.eof() {
            break;
        }
    }
    found.push((from, last.saturating_add(1)));
    found
}
