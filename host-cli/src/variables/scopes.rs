//! The variables that can be seen at a place of C, C++ or Rust code.

use addr2line::gimli;

use super::dies::{Die, Dies};
use super::location::Place;
use super::{Stopped, Variable};

/// How deep blocks and namespaces may be nested.
const DEEPEST: usize = 64;

/// The maximum number of variables of a scope.
const MOST: usize = 4096;

/// The variables of a call.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) arguments: Vec<Variable>,
    /// Those of inner blocks come first: they hide others of the same name.
    pub(crate) locals: Vec<Variable>,
}

/// The variables of a call at an address. `level` is 0 for the function itself, and counts the calls that were inlined into it, outermost first.
pub(crate) fn scope(dies: &Dies, address: u64, level: usize, stopped: &mut dyn Stopped) -> Scope {
    let mut scope = Scope::default();
    let Some(func) = func_at(dies, address) else {
        return scope;
    };
    let place = Place {
        dies,
        func: Some(func),
        address,
    };
    let mut call = func;
    for _ in 0..level.min(DEEPEST) {
        match inlined(dies, call, address) {
            Some(inner) => call = inner,
            None => return scope,
        }
    }
    let mut blocks = vec![call];
    let mut block = call;
    while let Some(inner) = child(dies, block, address, gimli::DW_TAG_lexical_block)
        && blocks.len() < DEEPEST
    {
        blocks.push(inner);
        block = inner;
    }
    for block in blocks.into_iter().rev() {
        for (die, tag) in dies.children(block) {
            let into = match tag {
                gimli::DW_TAG_formal_parameter => &mut scope.arguments,
                gimli::DW_TAG_variable => &mut scope.locals,
                _ => continue,
            };
            if into.len() < MOST
                && let Some(name) = dies.name(die)
            {
                into.push(Variable {
                    name,
                    ty: dies.type_of(die),
                    held: place.held(die, stopped),
                    bits: None,
                });
            }
        }
    }
    scope
}

/// The global variables of the unit with the code at an address.
pub(crate) fn globals(dies: &Dies, address: u64, stopped: &mut dyn Stopped) -> Vec<Variable> {
    let mut found = Vec::new();
    if let Some(unit) = unit_at(dies, address) {
        let place = Place {
            dies,
            func: None,
            address,
        };
        each_global(dies, unit, &mut |die, name| {
            let held = place.held(die, stopped);
            found.push(Variable {
                name: name.to_owned(),
                ty: dies.type_of(die),
                held,
                bits: None,
            });
            found.len() < MOST
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// A global variable of any unit, by its name. The unit with the code at `address` comes first.
pub(crate) fn named(
    dies: &Dies,
    address: u64,
    wanted: &str,
    stopped: &mut dyn Stopped,
) -> Option<Variable> {
    let own = unit_at(dies, address);
    let others = (0..dies.units.len()).filter(|unit| Some(*unit) != own);
    for unit in own.into_iter().chain(others) {
        let mut found = None;
        each_global(dies, unit, &mut |die, name| {
            let is_it = name == wanted;
            if is_it {
                found = Some(die);
            }
            !is_it
        });
        if let Some(die) = found {
            let place = Place {
                dies,
                func: None,
                address,
            };
            return Some(Variable {
                name: wanted.to_owned(),
                ty: dies.type_of(die),
                held: place.held(die, stopped),
                bits: None,
            });
        }
    }
    None
}

/// Calls `f` with each global variable of a unit that has a place, and its name, until it returns `false`.
fn each_global(dies: &Dies, unit: usize, f: &mut dyn FnMut(Die, &str) -> bool) {
    let mut folders = vec![(dies.root(unit), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for (die, tag) in dies.children(folder) {
            match tag {
                gimli::DW_TAG_namespace if depth < DEEPEST => folders.push((die, depth + 1)),
                gimli::DW_TAG_variable => {
                    let has_place = dies.entry(die).is_some_and(|entry| {
                        entry.has_attr(gimli::DW_AT_location)
                            || entry.has_attr(gimli::DW_AT_const_value)
                    });
                    if has_place
                        && let Some(name) = dies.name(die)
                        && !f(die, &name)
                    {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}

fn unit_at(dies: &Dies, address: u64) -> Option<usize> {
    (0..dies.units.len()).find(|unit| dies.contains(dies.root(*unit), address))
}

/// The function with the code at an address.
fn func_at(dies: &Dies, address: u64) -> Option<Die> {
    let unit = unit_at(dies, address)?;
    let mut folders = vec![(dies.root(unit), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for (die, tag) in dies.children(folder) {
            match tag {
                gimli::DW_TAG_subprogram if dies.contains(die, address) => return Some(die),
                gimli::DW_TAG_namespace
                | gimli::DW_TAG_structure_type
                | gimli::DW_TAG_class_type
                    if depth < DEEPEST =>
                {
                    folders.push((die, depth + 1));
                }
                _ => {}
            }
        }
    }
    None
}

/// The call that was inlined into another one, perhaps within blocks.
fn inlined(dies: &Dies, call: Die, address: u64) -> Option<Die> {
    let mut block = call;
    for _ in 0..DEEPEST {
        let tag = gimli::DW_TAG_inlined_subroutine;
        if let Some(inner) = child(dies, block, address, tag) {
            return Some(inner);
        }
        block = child(dies, block, address, gimli::DW_TAG_lexical_block)?;
    }
    None
}

/// A child with the code at an address.
fn child(dies: &Dies, die: Die, address: u64, wanted: gimli::DwTag) -> Option<Die> {
    let children = dies.children(die).into_iter();
    let mut fitting = children.filter(|(_, tag)| *tag == wanted);
    fitting
        .find(|(child, _)| dies.contains(*child, address))
        .map(|(child, _)| child)
}
