//! [`Code`]: what is known about the functions of the program: listings, names, and source lines.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use interp::inspect::{Lister, Listing, Names};
use interp::{AsContext, Instance, Module, Probed};

use super::machine::Guest;
use crate::places::{Call, Line};
use crate::source::{Place, Sources};

/// The functions of a program. Its clones are the same.
#[derive(Clone)]
pub(crate) struct Code(Arc<Mutex<Inner>>);

struct Inner {
    module: Module,
    names: Arc<Names>,
    /// What is known about source text. It is read with the first function.
    sources: Option<Sources>,
    funcs: HashMap<u32, Arc<Func>>,
}

/// A function.
pub(crate) struct Func {
    /// Its name.
    pub(crate) name: String,
    /// Whether it is one of Go's.
    pub(crate) is_go: bool,
    /// Its bytecode beside its wasm. A function that cannot be lowered has none.
    pub(crate) listing: Option<Listing>,
    /// The calls at each place: the granule from which on they hold, and the calls, innermost first.
    calls: Vec<(usize, Vec<Call>)>,
    /// The types of its locals, parameters included.
    locals: Vec<wasmparser::ValType>,
}

impl Func {
    /// The slot with this name in a frame of `slots` slots.
    pub(crate) fn slot(&self, name: &str, slots: usize) -> Option<usize> {
        let listing = self.listing.as_ref()?;
        (0..slots).find(|slot| listing.slot_name(*slot) == name)
    }

    /// The type of the local with this name, if it is one and its type is known.
    pub(crate) fn type_of(&self, name: &str) -> Option<wasmparser::ValType> {
        let index: usize = name.strip_prefix('l')?.parse().ok()?;
        // A vector takes two slots, and names count slots.
        let has_vector = self.locals.contains(&wasmparser::ValType::V128);
        self.locals.get(index).copied().filter(|_| !has_vector)
    }

    /// Whether a slot is a local of type `i32`.
    pub(crate) fn is_i32(&self, name: &str) -> bool {
        self.type_of(name) == Some(wasmparser::ValType::I32)
    }

    /// The calls at an op, innermost first: inlined ones, and last the function itself.
    pub(crate) fn calls(&self, granule: usize) -> &[Call] {
        let behind = self.calls.partition_point(|(from, _)| *from <= granule);
        match behind.checked_sub(1) {
            Some(before) => &self.calls[before].1,
            None => &[],
        }
    }

    /// The line of an op.
    pub(crate) fn line(&self, granule: usize) -> Option<&Line> {
        self.calls(granule).first()?.line.as_ref()
    }

    /// The byte offset in the module of the instruction that an op was lowered from.
    pub(crate) fn offset(&self, granule: usize) -> Option<usize> {
        self.listing.as_ref()?.module_offset(granule)
    }

    /// The first op that was lowered from the instruction at an offset in the module, or from the next one that has an op.
    pub(crate) fn granule(&self, offset: usize) -> Option<usize> {
        let listing = self.listing.as_ref()?;
        let positions = listing.positions().iter();
        let behind = positions.filter(|(_, at)| *at as usize >= offset);
        let nearest = behind.min_by_key(|(granule, at)| (*at, *granule))?;
        Some(nearest.0 as usize)
    }

    /// The first line that is known.
    pub(crate) fn first_line(&self) -> Option<&Line> {
        let mut calls = self.calls.iter();
        calls.find_map(|(_, calls)| calls.first()?.line.as_ref())
    }
}

impl Code {
    pub(super) fn new(module: Module) -> Self {
        let names = Arc::new(Names::new(module.info()));
        Self(Arc::new(Mutex::new(Inner {
            sources: None,
            names,
            module,
            funcs: HashMap::new(),
        })))
    }

    /// A function of the program, by its index among those that the module defines.
    pub(crate) fn func(&self, at: impl AsContext, instance: Instance, defined: u32) -> Arc<Func> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = inner.funcs.get(&defined) {
            return known.clone();
        }
        let func = Arc::new(inner.find(at, instance, defined));
        inner.funcs.insert(defined, func.clone());
        func
    }

    /// The function in which a program stands.
    pub(crate) fn at(&self, at: &Probed<'_, Guest>) -> Arc<Func> {
        self.func(at, at.instance(), at.defined_func())
    }

    /// Asks what is known about source text.
    pub(crate) fn sources<R>(
        &self,
        at: impl AsContext,
        instance: Instance,
        ask: impl FnOnce(&mut Sources) -> R,
    ) -> R {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ask((inner.sources).get_or_insert_with(|| Sources::of(at, instance)))
    }

    /// The names of functions.
    pub(crate) fn names(&self) -> Arc<Names> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.names.clone()
    }
}

impl Inner {
    fn find(&mut self, at: impl AsContext, instance: Instance, defined: u32) -> Func {
        let info = self.module.info();
        let mut lister = Lister::with_names(info, self.names.clone()).with_separate_ops();
        let listing = self.module.list(&mut lister, defined).ok();
        let at = at.as_context();
        let sources = (self.sources).get_or_insert_with(|| Sources::of(&at, instance));
        let (name, is_go) = (sources.name(defined).to_owned(), sources.is_of_go(defined));
        let mut calls: Vec<(usize, Vec<Call>)> = Vec::new();
        let positions = listing
            .as_ref()
            .map_or(&[][..], |listing| listing.positions());
        for (granule, offset) in positions {
            let place = Place {
                defined,
                offset: *offset as usize,
            };
            let here = sources.calls(&at, instance, place);
            if calls.last().is_none_or(|(_, last)| *last != here) {
                calls.push((*granule as usize, here));
            }
        }
        Func {
            name,
            is_go,
            listing,
            calls,
            locals: locals(&self.module, defined),
        }
    }
}

/// The types of the locals of a function, parameters included.
fn locals(module: &Module, defined: u32) -> Vec<wasmparser::ValType> {
    const MOST: usize = 50_000;
    let info = module.info();
    let mut types = info
        .func_type(info.imported_funcs() + defined)
        .params()
        .to_vec();
    if !info.has_bodies() {
        return types;
    }
    let mut buffer = Vec::new();
    let Ok(reader) = info.body(defined, &mut buffer).get_locals_reader() else {
        return types;
    };
    for (count, ty) in reader.into_iter().flatten() {
        let count = (count as usize).min(MOST - types.len().min(MOST));
        types.extend(std::iter::repeat_n(ty, count));
    }
    types
}
