//! Source text and places in a module: from a line or a function's name to the places where a program can stop, and back.
//!
//! Go's lines come from the table in the program's memory (`go.rs`, `sections.rs`), those of C, C++ and Rust from DWARF (`dwarf.rs`).
//! `paths.rs` says which file a person means. A module with neither has the names of its functions only.
//!
//! A *place* is an offset in the module at which an instruction begins, or the start of a function's code. Its op is the first one at or behind it.

mod dwarf;
mod go;
mod paths;
mod sections;

use std::collections::{BTreeMap, HashMap};

use interp::inspect::Spelled;
use interp::{AsContext, Instance, Module};

pub(crate) use dwarf::{Bytes, Sections};

use crate::places::Call;
use go::GoLines;
use paths::Match;

/// The maximum number of names in a message.
const NAMED: usize = 5;

/// A place in a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Place {
    /// The function, by its index among those that the module defines.
    pub(crate) defined: u32,
    /// The offset in the module.
    pub(crate) offset: usize,
}

/// The places of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    /// The file, as the program names it.
    pub(crate) file: String,
    /// The line that has code: the one that was asked for, or the next one that is known.
    pub(crate) line: u32,
    /// Where its code begins: several places if it was inlined, or belongs to several functions.
    pub(crate) places: Vec<Place>,
}

/// Code that begins at a place, before the place was searched.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct Start {
    line: u32,
    defined: u32,
    /// A PC of Go's, or an offset in the module.
    at: usize,
}

/// Files with the starts of their lines, in ascending order.
type Lines = BTreeMap<String, Vec<Start>>;

/// What is known about the source text of a program.
pub(crate) struct Sources {
    module: Module,
    lines: Lines,
    /// Each function's name, by its index among those that the module defines.
    funcs: Vec<String>,
    by_name: HashMap<String, Vec<u32>>,
    kind: Kind,
}

enum Kind {
    Go(GoLines),
    Dwarf(Sections),
    Names,
}

impl Sources {
    /// Reads what an instance's module and memory say. The memory must have its initial contents: that of a program before or while it runs.
    pub(crate) fn of(at: impl AsContext, instance: Instance) -> Self {
        let at = at.as_context();
        let module = instance.module(&at);
        let memory = instance.get_memory(&at, "memory");
        let memory = memory.map_or(&[][..], |memory| memory.data(at));
        let go = go::read(&module, memory);
        let mut funcs = go::names(&module, memory);
        let (lines, kind) = match go {
            Some((lines, go)) => (lines, Kind::Go(go)),
            None => others(&module, &mut funcs),
        };
        let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
        for (index, name) in (0..).zip(&funcs) {
            by_name.entry(name.clone()).or_default().push(index);
        }
        Self {
            module,
            lines,
            funcs,
            by_name,
            kind,
        }
    }

    /// Returns the places of a line: of the next one with code if it has none. `file` is a path, the last parts of one, or a path
    /// whose last parts the program names.
    ///
    /// # Errors
    /// Fails if there is no such file, if several are meant, or if no code follows. The message says so.
    pub(crate) fn line(&mut self, file: &str, line: u32) -> Result<Found, String> {
        let file = self.file(file)?.to_owned();
        let starts = &self.lines[&file];
        let from = starts.partition_point(|start| start.line < line);
        let Some(&Start { line: known, .. }) = starts.get(from) else {
            let last = starts.last().map_or(0, |start| start.line);
            let file = Spelled(&file);
            return Err(format!(
                "{file} has no code at line {line} or behind it; the last line with code is {last}"
            ));
        };
        let same = starts[from..]
            .iter()
            .take_while(|start| start.line == known);
        let starts: Vec<_> = same.copied().collect();
        let mut places: Vec<Place> = starts
            .into_iter()
            .filter_map(|start| self.place(start))
            .collect();
        places.sort_unstable();
        places.dedup();
        Ok(Found {
            file,
            line: known,
            places,
        })
    }

    /// Returns where the functions with a name begin, behind their prologues. The name may lack its package, or the parameters of C++.
    ///
    /// # Errors
    /// Fails if there is none. The message names similar ones.
    pub(crate) fn func(&mut self, name: &str) -> Result<Vec<Place>, String> {
        let mut found = self.by_name.get(name).cloned().unwrap_or_default();
        // A function of Go's main package comes before others of the same name, and C's main has another name in WebAssembly.
        let c_main = ["__main_argc_argv", "__original_main"];
        let c_main = c_main.iter().filter(|_| name == "main");
        let others = c_main.map(|name| (*name).to_owned());
        for other in [format!("main.{name}")].into_iter().chain(others) {
            if found.is_empty() {
                found = self.by_name.get(&other).cloned().unwrap_or_default();
            }
        }
        if found.is_empty() {
            let is_meant = |known: &&String| is_named(known, name);
            let known = self.by_name.keys().filter(is_meant);
            found = known
                .flat_map(|known| self.by_name[known].clone())
                .collect();
        }
        if found.is_empty() {
            return Err(self.no_func(name));
        }
        found.sort_unstable();
        let begin = |defined| Place {
            defined,
            offset: self.begin(defined),
        };
        Ok(found.into_iter().map(begin).collect())
    }

    /// Returns the calls at an offset in the module, innermost first: those that the compiler has inlined, and at the end that of the function.
    pub(crate) fn calls(
        &mut self,
        at: impl AsContext,
        instance: Instance,
        Place { defined, offset }: Place,
    ) -> Vec<Call> {
        let name = self.name(defined).to_owned();
        let calls = match &mut self.kind {
            Kind::Go(go) => {
                let at = at.as_context();
                let memory = instance.get_memory(&at, "memory");
                let memory = memory.map_or(&[][..], |memory| memory.data(at));
                go.calls(&self.module, memory, defined, offset)
            }
            Kind::Dwarf(sections) => sections.calls(offset, &name),
            Kind::Names => Vec::new(),
        };
        if calls.is_empty() {
            return vec![Call { name, line: None }];
        }
        calls
    }

    /// The files with code, in alphabetical order.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.lines.keys().map(String::as_str)
    }

    /// The lines of a file that have code, ascending.
    ///
    /// # Errors
    /// Fails if there is no such file, or if several are meant.
    pub(crate) fn lines(&self, file: &str) -> Result<Vec<u32>, String> {
        let starts = &self.lines[self.file(file)?];
        let mut lines: Vec<_> = starts.iter().map(|start| start.line).collect();
        lines.dedup();
        Ok(lines)
    }

    /// The name of a function that the module defines.
    pub(crate) fn name(&self, defined: u32) -> &str {
        let name = self.funcs.get(defined as usize);
        name.map_or("?", String::as_str)
    }

    /// The function whose code has an offset in the module.
    pub(crate) fn func_at(&self, offset: usize) -> Option<u32> {
        func_at(&self.module, offset)
    }

    /// The DWARF of the module, if it has some.
    pub(crate) fn dwarf(&self) -> Option<&Sections> {
        match &self.kind {
            Kind::Dwarf(sections) => Some(sections),
            _ => None,
        }
    }

    /// Whether Go has built the program.
    pub(crate) fn is_go(&self) -> bool {
        matches!(self.kind, Kind::Go(_))
    }

    /// Whether a function is one of Go's.
    pub(crate) fn is_of_go(&self, defined: u32) -> bool {
        matches!(&self.kind, Kind::Go(go) if go.has(defined))
    }

    /// The file that a person means, as the program names it.
    ///
    /// # Errors
    /// Fails if there is none, or if several are meant.
    pub(crate) fn file(&self, wanted: &str) -> Result<&str, String> {
        if self.lines.is_empty() {
            return Err(
                "the module has no lines of source text: Go writes them always, other compilers with -g"
                    .to_owned(),
            );
        }
        match paths::find(self.files(), wanted) {
            Match::One(file) => Ok(file),
            Match::Several(files) => Err(format!(
                "several files are called {}: {}; name more of the path",
                Spelled(wanted),
                shortened(&files)
            )),
            Match::None => Err(format!(
                "the program has no code of a file {}",
                Spelled(wanted)
            )),
        }
    }

    /// Where a function's code begins, behind its prologue.
    fn begin(&mut self, defined: u32) -> usize {
        let start = self.module.info().body_range(defined).start;
        match &mut self.kind {
            Kind::Go(go) => go.begin(&self.module, defined),
            Kind::Dwarf(sections) => sections.begin(defined).unwrap_or(start),
            Kind::Names => start,
        }
    }

    fn place(&mut self, start: Start) -> Option<Place> {
        let Start { defined, at, .. } = start;
        let offset = match &mut self.kind {
            Kind::Go(go) => go.place(&self.module, defined, u16::try_from(at).ok()?)?,
            Kind::Dwarf(_) => at,
            Kind::Names => return None,
        };
        Some(Place { defined, offset })
    }

    fn no_func(&self, name: &str) -> String {
        let lower = name.to_lowercase();
        let similar = self
            .funcs
            .iter()
            .filter(|known| known.to_lowercase().contains(&lower));
        let similar: Vec<_> = similar.map(String::as_str).collect();
        let name = Spelled(name);
        match similar.is_empty() || name.0.is_empty() {
            true => format!("no function is called {name}"),
            false => format!(
                "no function is called {name}; there are {}",
                shortened(&similar)
            ),
        }
    }
}

/// The lines and the names of a module that Go has not built.
fn others(module: &Module, funcs: &mut [String]) -> (Lines, Kind) {
    if let Some(mut sections) = Sections::find(module.clone()) {
        let lines = sections.lines();
        for (name, index) in funcs.iter_mut().zip(0..) {
            let start = module.info().body_range(index).start;
            if let Some(known) = sections.name(start) {
                *name = known;
            }
        }
        return (lines, Kind::Dwarf(sections));
    }
    (Lines::new(), Kind::Names)
}

/// The function whose code has an offset in the module.
fn func_at(module: &Module, offset: usize) -> Option<u32> {
    let info = module.info();
    if !info.has_bodies() {
        return None;
    }
    let (mut low, mut high) = (0, info.defined_funcs());
    while low < high {
        let middle = low.midpoint(high);
        if info.body_range(middle).end <= offset {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low < info.defined_funcs() && info.body_range(low).contains(&offset)).then_some(low)
}

/// Whether a function's name is the one that a person means: `main` is short for `main.main`, and `f` for `ns::f(int)`.
fn is_named(known: &str, wanted: &str) -> bool {
    if wanted.is_empty() {
        return false;
    }
    // The parameters of C++. Go's receivers are in parentheses, too.
    let bare = match known.find('(') {
        Some(at) if at > 0 && !known[..at].ends_with('.') => &known[..at],
        _ => known,
    };
    let ends = |known: &str| {
        let before = known.strip_suffix(wanted);
        before.is_some_and(|before| {
            before.is_empty() || before.ends_with(['.', '/']) || before.ends_with("::")
        })
    };
    ends(bare) || ends(known)
}

/// Some names, and how many there are more.
fn shortened(names: &[&str]) -> String {
    let named = names.iter().take(NAMED);
    let mut text = named
        .map(|name| Spelled(name).to_string())
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(more) = names.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_of_functions() {
        for (known, wanted) in [
            ("main.main", "main"),
            ("main.main", "main.main"),
            ("example.com/a/b.(*T).Do", "Do"),
            ("example.com/a/b.(*T).Do", "(*T).Do"),
            ("example.com/a/b.(*T).Do", "b.(*T).Do"),
            ("ns::f(int)", "f"),
            ("ns::f(int)", "ns::f"),
            ("ns::f(int)", "f(int)"),
        ] {
            assert!(is_named(known, wanted), "{known} {wanted}");
        }
        for (known, wanted) in [
            ("main.domain", "main"),
            ("main.main", ""),
            ("ns::f(int)", "(int)"),
        ] {
            assert!(!is_named(known, wanted), "{known} {wanted}");
        }
    }
}
