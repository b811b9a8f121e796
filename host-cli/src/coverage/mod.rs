//! `--coverage`: which lines of a Go program ran.
//!
//! Each op has a probe that fires once. When the program has ended, `sections.rs` finds the part of Go's code to which each op belongs, Go's
//! table the lines of that part, and `files.rs` the names that `go tool cover` knows their files by.

mod files;
mod sections;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use go_tables::{Func, Place, Tables};
use interp::{Instance, Store};

use crate::args::TraceArgs;
use crate::aside;
use files::Files;

/// The columns of a line are not known: from the first one to one behind the end of most lines.
const COLUMNS: (u32, u32) = (1, 999);

/// The granules of the ops that ran, by function.
type Seen = HashMap<u32, Vec<usize>>;

/// The coverage of a run.
pub(crate) struct Coverage {
    path: PathBuf,
    output: aside::Output,
    seen: Arc<Mutex<Seen>>,
    /// Set when the program is known to be one of Go's.
    instance: Option<Instance>,
}

impl Coverage {
    /// Prepares the coverage that the options ask for: `store` has no instances yet.
    ///
    /// # Errors
    /// The place of its file cannot be opened.
    pub(crate) fn start<T>(options: &TraceArgs, store: &mut Store<T>) -> Result<Option<Self>> {
        let Some(path) = options.coverage.clone() else {
            return Ok(None);
        };
        let output = aside::Output::prepare(&path, aside::Readers::All)
            .with_context(|| format!("cannot write the coverage {}", path.display()))?;
        let seen = Arc::new(Mutex::new(Seen::new()));
        let shared = seen.clone();
        store.enable_probes(move |mut at| {
            let mut seen = locked(&shared);
            seen.entry(at.defined_func())
                .or_default()
                .push(at.granule());
            drop(seen);
            at.remove();
            Ok(())
        });
        store.probes().add(None, |_| true);
        Ok(Some(Self {
            path,
            output,
            seen,
            instance: None,
        }))
    }

    /// Begins with a program that was instantiated.
    ///
    /// # Errors
    /// Fails if its lines cannot be known.
    pub(crate) fn begin<T>(&mut self, store: &Store<T>, instance: Instance) -> Result<()> {
        if !instance.module(store).info().has_bodies() {
            bail!("--coverage needs the module that this lowered form was made from");
        }
        if tables(store, instance).is_none() {
            bail!(
                "--coverage is for programs built by Go: the module has no table of Go's functions"
            );
        }
        self.instance = Some(instance);
        Ok(())
    }

    /// Writes the file, unless the program has not begun.
    ///
    /// # Errors
    /// Fails if it cannot be written, or if the program has overwritten Go's table.
    pub(crate) fn finish<T>(&self, store: &Store<T>) -> Result<()> {
        let Some(instance) = self.instance else {
            return Ok(());
        };
        let path = self.path.display();
        let tables = tables(store, instance).with_context(|| {
            format!("cannot write {path}: the program has overwritten its table of functions")
        })?;
        let lines = Lines::of(store, instance, &tables, &locked(&self.seen));
        let write = |file: &mut File| file.write_all(lines.text().as_bytes());
        self.output
            .replace(write)
            .with_context(|| format!("cannot write the coverage {path}"))
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tables<T>(store: &Store<T>, instance: Instance) -> Option<Tables<'_>> {
    Tables::find(instance.get_memory(store, "memory")?.data(store))
}

/// What is known about the code of a PC, or of a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Ran {
    No,
    /// It belongs to a section that ran in part.
    Perhaps,
    Yes,
}

/// The lines of a program that its table knows, and whether they ran. A line runs if any of its code does.
struct Lines<'a> {
    files: Files,
    known: BTreeMap<(&'a str, u32), Ran>,
}

impl<'a> Lines<'a> {
    fn of<T>(store: &Store<T>, instance: Instance, tables: &Tables<'a>, seen: &Seen) -> Self {
        let places = tables.funcs().filter_map(|(_, func)| func.place_at(0));
        let mut lines = Self {
            files: Files::new(places.map(|place| place.file)),
            known: BTreeMap::new(),
        };
        for (index, func) in tables.funcs() {
            let Some(last) = func.last_pc() else { continue };
            let pcs = ran(store, instance, index, last, seen);
            lines.note(&func, last, |pc| pcs.get(&pc).copied().unwrap_or(Ran::No));
        }
        lines
    }

    /// Notes the lines of a function, and those that were inlined into it.
    fn note(&mut self, func: &Func<'a>, last: u16, ran: impl Fn(u16) -> Ran) {
        for pc in 0..=last {
            for Place { file, line } in func.calls_at(pc).filter_map(|call| call.place) {
                if line > 0 {
                    let known = self.known.entry((file, line)).or_insert(Ran::No);
                    *known = ran(pc).max(*known);
                }
            }
        }
    }

    /// The text that `go tool cover` reads: a line for each block of code, here each line.
    fn text(&self) -> String {
        let mut text = String::from("mode: set\n");
        let mut named = HashMap::new();
        for ((file, line), ran) in &self.known {
            let count = match ran {
                Ran::No => 0,
                Ran::Perhaps => continue,
                Ran::Yes => 1,
            };
            let name = named.entry(*file).or_insert_with(|| self.files.named(file));
            if let Some(name) = name {
                let (first, last) = COLUMNS;
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{name}:{line}.{first},{line}.{last} 1 {count}");
            }
        }
        text
    }
}

/// The PCs of a function that ran, and those that ran perhaps.
fn ran<T>(
    store: &Store<T>,
    instance: Instance,
    index: u32,
    last: u16,
    seen: &Seen,
) -> HashMap<u16, Ran> {
    let module = instance.module(store);
    let info = module.info();
    let Some(granules) = seen.get(&index).filter(|_| index < info.defined_funcs()) else {
        return HashMap::new();
    };
    let positions = instance.positions(store, index);
    let ops: HashSet<_> = positions.offsets().collect();
    let mut buffer = Vec::new();
    let body = info.body(index, &mut buffer).get_operators_reader();
    let Ok(sections) = body.and_then(|body| sections::sections(body, &ops, last)) else {
        return HashMap::new();
    };
    // Ops of the section before may do the work of one that has none.
    let unknown = sections.iter().map(|section| match section.last {
        Some(_) => Ran::No,
        None => Ran::Perhaps,
    });
    let mut known: Vec<_> = unknown.collect();
    for offset in granules.iter().filter_map(|at| positions.at(*at)) {
        let behind = sections.partition_point(|section| section.start <= offset);
        if let Some(at) = behind.checked_sub(1) {
            let is_last = sections[at].last == Some(offset);
            let ran = if is_last { Ran::Yes } else { Ran::Perhaps };
            known[at] = ran.max(known[at]);
        }
    }
    let sections = sections.into_iter().zip(known);
    let pcs = sections.flat_map(|(section, ran)| section.pcs.map(move |pc| (pc, ran)));
    pcs.collect()
}
