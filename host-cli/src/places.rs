//! Names of functions, and lines of Go source.

use std::collections::HashMap;

use go_tables::{Found, Parameter, Place, Tables};
use interp::inspect::Names;
use interp::{AsContext, Instance, Module};
use wasmparser::Operator;

/// The names and the lines of the functions of a program.
pub(crate) struct Places {
    names: Names,
    funcs: HashMap<(Instance, u32), Func>,
    /// Where Go's table is.
    table: Option<Found>,
}

/// A function.
#[derive(Clone, Debug, Default)]
pub(crate) struct Func {
    pub(crate) name: String,
    /// Whether it is one of Go's, whose parameters are on Go's stack.
    pub(crate) is_go: bool,
    /// Bytes of its arguments and results there.
    pub(crate) arguments: usize,
    /// The line at which it begins.
    pub(crate) start: Option<Line>,
    /// The parameters there, if Go's table has them.
    pub(crate) parameters: Option<Vec<Parameter>>,
    /// The calls that run, innermost first, by the byte offset in the module from which on they hold.
    calls: Vec<(usize, Vec<Call>)>,
}

/// A call: of the function, or of another one that the compiler has inlined into it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) line: Option<Line>,
}

/// A line of source text.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Line {
    pub(crate) file: String,
    pub(crate) line: u32,
}

impl Func {
    /// The line of the code at an offset in the module.
    pub(crate) fn line(&self, offset: usize) -> Option<&Line> {
        self.calls(offset).first()?.line.as_ref()
    }

    /// The calls that run at an offset in the module, innermost first. They are empty if they are not known.
    pub(crate) fn calls(&self, offset: usize) -> &[Call] {
        let behind = self.calls.partition_point(|(from, _)| *from <= offset);
        match behind.checked_sub(1) {
            Some(before) => &self.calls[before].1,
            None => &[],
        }
    }
}

impl Places {
    pub(crate) fn new(names: Names) -> Self {
        Self {
            names,
            funcs: HashMap::new(),
            table: None,
        }
    }

    /// A function of an instance, by its index among those that the module defines.
    pub(crate) fn func(&mut self, at: impl AsContext, instance: Instance, defined: u32) -> &Func {
        let Self {
            names,
            funcs,
            table,
        } = self;
        funcs
            .entry((instance, defined))
            .or_insert_with(|| found(at, names, table, instance, defined))
    }
}

fn found(
    at: impl AsContext,
    names: &Names,
    table: &mut Option<Found>,
    instance: Instance,
    defined: u32,
) -> Func {
    let at = at.as_context();
    let module = instance.module(&at);
    let index = module.info().imported_funcs() + defined;
    let memory = instance.get_memory(&at, "memory");
    let memory = memory.map_or(&[][..], |memory| memory.data(at));
    let tables = match *table {
        Some(found) => Tables::again(memory, found),
        None => Tables::find(memory),
    };
    *table = tables.map(|tables| tables.found()).or(*table);
    let go = tables.and_then(|tables| Some((tables, tables.func(defined)?)));
    // Go's linker replaces some characters of the names that it gives WebAssembly.
    let known = go
        .and_then(|(_, func)| func.name())
        .or_else(|| names.name(index));
    let mut func = Func {
        name: known.map_or_else(|| format!("func {index}"), str::to_owned),
        ..Func::default()
    };
    let Some((tables, go)) = go else {
        return func;
    };
    func.is_go = true;
    func.arguments = go.arguments().unwrap_or(0) as usize;
    let owned = |place: Place<'_>| Line {
        file: place.file.to_owned(),
        line: place.line,
    };
    let place = go.place(0);
    func.start = place.zip(go.start_line()).map(|(place, line)| Line {
        line,
        ..owned(place)
    });
    func.parameters = go.parameters().map(Iterator::collect);
    let calls = |(from, resume)| {
        let calls = go.calls(resume).map(|call| Call {
            name: call.name.to_owned(),
            line: call.place.map(owned),
        });
        (from, calls.collect())
    };
    let resumes = resumes(&module, defined, &tables);
    func.calls = resumes.into_iter().map(calls).collect();
    func.calls.dedup_by(|next, last| next.1 == last.1);
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
