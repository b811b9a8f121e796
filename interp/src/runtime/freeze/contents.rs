//! The items of a store: what can be kept of them, and how.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

use embedded_io::{Read, Write};

use super::wire::{Reader, Writer};
use super::{ThawError, pieces, relies_on_references};
use crate::machine::{FuncEntry, NULL_REF};
use crate::ops::stub;
use crate::runtime::ValType;
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;

/// The most data segments that validation allows.
const MOST_SEGMENTS: u32 = 100_000;

/// Returns the reason why the state of a store cannot be kept.
pub(super) fn check(state: &mut State) -> Result<(), String> {
    #[cfg(feature = "heap")]
    if !state.heap.is_empty() {
        return Err("it has objects, or references to exceptions".into());
    }
    for table in &state.tables {
        if table.element != ValType::FuncRef && table.elements().iter().any(|it| *it != NULL_REF) {
            let element = &table.element;
            return Err(format!("it has a table with values of type {element}"));
        }
    }
    for global in &state.globals {
        let ty = global.ty.content;
        if ty.is_ref() && ty != ValType::FuncRef && global.get() != NULL_REF.into() {
            return Err(format!("it has a global with a value of type {ty}"));
        }
    }
    check_host_functions(state)?;
    let mut harmless = core::mem::take(&mut state.harmless_funcs);
    let checked = check_code(state, &mut harmless);
    state.harmless_funcs = harmless;
    checked
}

/// Fails if code relies on the types of references in slots. `harmless` are the functions that were found not to do so before.
fn check_code(state: &State, harmless: &mut BTreeSet<u32>) -> Result<(), String> {
    for (func, entry) in (0..).zip(&state.funcs) {
        let is_lowered = entry.instance != FuncEntry::HOST && entry.code != stub::lower();
        if !is_lowered || harmless.contains(&func) {
            continue;
        }
        let instance = &state.instances[entry.instance as usize];
        let code = instance.module.lowered(func - instance.first_func);
        if code.is_some_and(|code| relies_on_references(state, code)) {
            let info = instance.module.info();
            let func = info.imported_funcs() + (func - instance.first_func);
            return Err(format!("function {func} uses references as values"));
        }
        harmless.insert(func);
    }
    Ok(())
}

/// A slot can hold any number, so nobody may take a reference from one.
fn check_host_functions(state: &State) -> Result<(), String> {
    for (func, entry) in state.funcs.iter().enumerate() {
        if entry.instance != FuncEntry::HOST {
            continue;
        }
        let ty = state.func_type(func);
        if ty.params().iter().any(|ty| ty.is_ref()) {
            return Err(format!("a function of the host has the type {ty}"));
        }
    }
    Ok(())
}

/// Writes the items.
pub(super) fn write<W: Write>(state: &State, out: &mut Writer<'_, W>) -> Result<(), W::Error> {
    out.len(state.instances.len())?;
    for instance in &state.instances {
        let (len, hash) = instance.module.length_and_hash();
        out.u64(len.into())?;
        out.u64(hash)?;
        out.len(instance.elements.len())?;
        for element in &instance.elements {
            out.u8(element.is_empty().into())?;
        }
        out.len(instance.dropped_data.all().count())?;
        for segment in instance.dropped_data.all() {
            out.u32(segment)?;
        }
    }
    for size in sizes(state) {
        out.u64(size)?;
    }
    for global in &state.globals {
        let value = global.get();
        match global.ty.content {
            ValType::V128 => out.bytes(&value.to_le_bytes())?,
            // Other values take one slot.
            _ => out.u64(value as u64)?,
        }
    }
    for table in &state.tables {
        out.u64(table.len())?;
        for element in table.elements() {
            // References have 32 bits.
            out.u32(*element as u32)?;
        }
    }
    // There are fewer than 2³² memories.
    (0..state.memories.len() as u32).try_for_each(|memory| pieces::write(state, memory, out))
}

/// The numbers of functions, globals, tables and memories.
fn sizes(state: &State) -> [u64; 4] {
    [
        state.funcs.len(),
        state.globals.len(),
        state.tables.len(),
        state.memories.len(),
    ]
    .map(|len| len as u64)
}

/// Reads the items into a store with the same instances.
pub(super) fn read<T, R: Read>(
    inner: &mut Inner<T>,
    input: &mut Reader<'_, R>,
) -> Result<(), ThawError<R::Error>> {
    check_host_functions(&inner.state).map_err(ThawError::OtherModule)?;
    let instances = input.u32()?;
    let has = inner.state.instances.len();
    if instances as usize != has {
        let what = format!("it has {instances} instances, the store has {has}");
        return Err(ThawError::OtherModule(what));
    }
    for instance in 0..instances {
        read_instance(&mut inner.state, instance, input)?;
    }
    let names = ["functions", "globals", "tables", "memories"];
    for (size, name) in sizes(&inner.state).into_iter().zip(names) {
        input.same(size, &format!("the number of {name}"))?;
    }
    for global in 0..inner.state.globals.len() {
        read_global(&mut inner.state, global, input)?;
    }
    for table in 0..inner.state.tables.len() {
        read_table(inner, table, input)?;
    }
    // There are fewer than 2³² memories.
    for memory in 0..inner.state.memories.len() as u32 {
        pieces::read(inner, memory, input)?;
    }
    inner.state.renew();
    Ok(())
}

fn read_instance<R: Read>(
    state: &mut State,
    index: u32,
    input: &mut Reader<'_, R>,
) -> Result<(), ThawError<R::Error>> {
    let other = || {
        let what = format!("instance {index} is of another module");
        ThawError::OtherModule(what)
    };
    let module = state.instances[index as usize].module.clone();
    let (len, hash) = module.length_and_hash();
    if (input.u64()?, input.u64()?) != (len.into(), hash) {
        return Err(other());
    }
    let elements = input.u32()?;
    if elements as usize != state.instances[index as usize].elements.len() {
        return Err(other());
    }
    for element in 0..elements {
        if input.u8()? != 0
            && !state.instances[index as usize].elements[element as usize].is_empty()
        {
            state.drop_elements(index, element);
        }
    }
    for _ in 0..input.u32()? {
        let segment = input.u32()?;
        if segment >= MOST_SEGMENTS {
            return Err(ThawError::damaged("there is no such data segment"));
        }
        state.instances[index as usize].dropped_data.insert(segment);
    }
    Ok(())
}

fn read_global<R: Read>(
    state: &mut State,
    index: usize,
    input: &mut Reader<'_, R>,
) -> Result<(), ThawError<R::Error>> {
    let funcs = state.funcs.len() as u64;
    let global = &mut state.globals[index];
    let ty = global.ty.content;
    if ty == ValType::V128 {
        let mut bytes = [0; 16];
        input.bytes(&mut bytes)?;
        global.set(u128::from_le_bytes(bytes));
        return Ok(());
    }
    let value = input.u64()?;
    let most = match ty {
        ValType::FuncRef => funcs,
        _ if ty.is_ref() => NULL_REF,
        _ => u64::MAX,
    };
    if value > most {
        return Err(ThawError::damaged("a global refers to nothing"));
    }
    global.set(value.into());
    Ok(())
}

fn read_table<T, R: Read>(
    inner: &mut Inner<T>,
    index: usize,
    input: &mut Reader<'_, R>,
) -> Result<(), ThawError<R::Error>> {
    let len = input.u64()?;
    let more = len
        .checked_sub(inner.state.tables[index].len())
        .ok_or_else(|| ThawError::damaged("a table is smaller than at its beginning"))?;
    let grown = inner
        .grow_table(index, more, NULL_REF)
        .map_err(ThawError::Store)?;
    if grown.is_none() {
        let what = format!("there is no room for a table of {len} elements, or a limit forbids it");
        return Err(ThawError::Store(crate::Error::new(what)));
    }
    let most = match inner.state.tables[index].element {
        ValType::FuncRef => inner.state.funcs.len() as u64,
        _ => NULL_REF,
    };
    for element in 0..len as usize {
        let value = u64::from(input.u32()?);
        if value > most {
            return Err(ThawError::damaged("a table refers to nothing"));
        }
        inner.state.tables[index].elements_mut()[element] = value;
    }
    Ok(())
}
