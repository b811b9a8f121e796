//! Instantiation of a module (core specification, 4.5.4 "instantiation").
//!
//! The order is: imports are checked; functions, tables, memories and globals are created; segments are copied, element
//! segments first; the start function runs. If a segment does not fit, the segments copied before it stay, as the
//! specification requires.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

use wasmparser::{BinaryReader, ElementItems, ElementKind};

use crate::Error;
use crate::compile::Spelled;
use crate::compile::class::slots;
use crate::compile::module::DataSegments;
use crate::machine::{FuncEntry, FuncIndex, HEADER_SLOTS, NULL_REF, Trap};
use crate::ops::stub;
use crate::runtime::StorePart;
use crate::runtime::entity::GlobalEntity;
use crate::runtime::entity::InstanceEntity;
use crate::runtime::entity::instance::Dropped;
use crate::runtime::entity::range;
use crate::runtime::entity::shared::SharedSlots;
use crate::runtime::entity::taken::table_bytes;
use crate::runtime::item::global::slots as slots_of_global;
use crate::runtime::link::const_expr::{Failure, Scope, evaluate, try_evaluate};
use crate::runtime::link::scope::{Grant, Initial, Made};
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;
use crate::runtime::{Engine, Extern, ImportType, Module, StoreContext};

/// Instantiates `module`. Returns the instance's index in the store.
pub(crate) fn instantiate<T>(
    inner: &mut Inner<T>,
    module: &Module,
    imports: &[Extern],
) -> Result<u32, Error> {
    check_engine(inner, module)?;
    check_imports(inner, module, imports)?;
    instantiate_checked(inner, module, imports)
}

/// Instantiates `module`, whose engine and imports were checked. Returns the instance's index in the store.
pub(crate) fn instantiate_checked<T>(
    inner: &mut Inner<T>,
    module: &Module,
    imports: &[Extern],
) -> Result<u32, Error> {
    inner.admit_instance()?;
    let mut parts = Parts::of_imports(imports);
    inner.make_tables_and_memories(module, &mut parts)?;
    inner.take_instance(module)?;
    let index = inner.make_instance(module, parts)?;
    inner.state.copy_elements(index)?;
    inner.state.copy_data(index)?;
    module.info().release_bytes();
    #[cfg(feature = "freeze")]
    if inner.state.is_thawed {
        return Ok(index);
    }
    if let Some(start) = module.info().start() {
        let start = inner.state.instances[index as usize].func(start);
        inner.invoke(start as usize, &[], &mut [])?;
    }
    Ok(index)
}

/// Checks that a module belongs to the store's engine, because its function types have numbers of that engine.
pub(crate) fn check_engine<T>(inner: &Inner<T>, module: &Module) -> Result<(), Error> {
    if Engine::same(module.engine(), &inner.state.engine) {
        return Ok(());
    }
    Err(Error::new("the module was made with another engine"))
}

/// Checks that the imports have the declared number, belong to this store, and have matching types.
fn check_imports<T>(inner: &Inner<T>, module: &Module, imports: &[Extern]) -> Result<(), Error> {
    let declared = module.imports().count();
    if declared != imports.len() {
        return Err(Error::new(format!(
            "the module has {declared} imports, but {} were given",
            imports.len()
        )));
    }
    for (wanted, given) in module.imports().zip(imports) {
        check_import(inner, &wanted, *given)?;
    }
    Ok(())
}

/// Checks that an import belongs to this store and has a matching type.
pub(crate) fn check_import<T>(
    inner: &Inner<T>,
    wanted: &ImportType<'_>,
    given: Extern,
) -> Result<(), Error> {
    let name = format!("`{}.{}`", Spelled(wanted.module), Spelled(wanted.name));
    if given.store() != inner.state.id {
        return Err(Error::new(format!(
            "what was given for the import {name} belongs to another store"
        )));
    }
    let ty = given.ty(StoreContext { inner });
    if ty.matches(&wanted.ty, &inner.state.engine) {
        return Ok(());
    }
    Err(Error::new(format!(
        "incompatible import type for {name}: the module wants {}, but {ty} was given",
        wanted.ty
    )))
}

/// A data segment that instantiation copies.
pub(crate) struct ActiveData<'a> {
    /// The memory, as an index of the store.
    pub(crate) memory: u32,
    pub(crate) address: u64,
    pub(crate) bytes: &'a [u8],
}

/// The parts of an instance, as indices of the store.
#[derive(Default)]
struct Parts {
    funcs: Vec<u32>,
    globals: Vec<u32>,
    tables: Vec<u32>,
    memories: Vec<u32>,
    #[cfg(feature = "exceptions")]
    tags: Vec<u32>,
}

impl Parts {
    fn of_imports(imports: &[Extern]) -> Self {
        let mut parts = Self::default();
        for import in imports {
            let list = match import {
                Extern::Func(_) => &mut parts.funcs,
                Extern::Global(_) => &mut parts.globals,
                Extern::Table(_) => &mut parts.tables,
                Extern::Memory(_) => &mut parts.memories,
                #[cfg(feature = "exceptions")]
                Extern::Tag(_) => &mut parts.tags,
            };
            list.push(import.handle().index_in(import.store()) as u32);
        }
        parts
    }
}

impl<T> Inner<T> {
    fn make_tables_and_memories(
        &mut self,
        module: &Module,
        parts: &mut Parts,
    ) -> Result<(), Error> {
        let info = module.info();
        for table in &info.tables()[info.imported_tables() as usize..] {
            let index = self.add_table(module.table_type(*table), NULL_REF)?;
            parts.tables.push(index as u32);
        }
        for memory in &info.memories()[info.imported_memories() as usize..] {
            let index = self.add_memory((*memory).into())?;
            parts.memories.push(index as u32);
        }
        Ok(())
    }

    fn make_instance(&mut self, module: &Module, parts: Parts) -> Result<u32, Failure> {
        // Expressions may create objects.
        #[cfg(feature = "gc")]
        {
            let (state, mut grant) = self.split();
            state.make_instance(module, parts, &mut grant)
        }
        #[cfg(not(feature = "gc"))]
        self.state.make_instance(module, parts, &mut ())
    }
}

impl State {
    /// Creates functions, globals and element segments, and the instance. Returns its index.
    fn make_instance(
        &mut self,
        module: &Module,
        mut parts: Parts,
        grant: &mut Grant<'_>,
    ) -> Result<u32, Failure> {
        let info = module.info();
        // Handles and references have 32 bits. A store would run out of memory before that.
        let index = self.instances.len() as u32;
        let first_func = self.funcs.len() as u32;
        let types = &info.funcs()[info.imported_funcs() as usize..];
        self.funcs.extend(types.iter().map(|ty| {
            let func_type = &info.types()[*ty as usize];
            // Validation allows 1,000 of each, of at most two slots.
            let (params, results) = (
                slots(func_type.params()) as u16,
                slots(func_type.results()) as u16,
            );
            let header = u32::from(params.max(results));
            FuncEntry {
                code: stub::lower(),
                frame_slots: header + HEADER_SLOTS as u32,
                zero_slots: 0,
                ty: module.types()[*ty as usize],
                instance: index,
                params,
                results,
            }
        }));
        #[cfg(feature = "exceptions")]
        self.make_tags(module, &mut parts);
        #[cfg(feature = "gc")]
        self.fill_tables(module, first_func, &parts, grant)?;
        let own_globals = self.make_globals(module, first_func, &mut parts, grant)?;
        let elements = self.make_elements(module, first_func, &parts, grant)?;
        let views = |index: &u32| self.tables[*index as usize].view();
        let table_views = parts.tables.iter().map(views).collect();
        let views = |index: &u32| self.memories[*index as usize].view();
        let memory_views = parts.memories.iter().map(views).collect();
        let slots = |index: &u32| self.globals[*index as usize].slot;
        let global_slots = parts.globals.iter().map(slots).collect();
        self.instances.push(InstanceEntity {
            #[cfg(feature = "probes")]
            module: match self.probes {
                Some(_) => module.apart(),
                None => module.original(),
            },
            #[cfg(not(feature = "probes"))]
            module: module.clone(),
            first_func,
            func_imports: parts.funcs.into_iter().map(FuncIndex).collect(),
            globals: parts.globals.into(),
            tables: parts.tables.into(),
            memories: parts.memories.into(),
            #[cfg(feature = "exceptions")]
            tags: parts.tags.into(),
            global_slots,
            own_globals,
            table_views,
            memory_views,
            elements,
            dropped_data: Dropped::default(),
        });
        Ok(index)
    }

    /// Fills the tables that have an initial value.
    #[cfg(feature = "gc")]
    fn fill_tables(
        &mut self,
        module: &Module,
        first_func: u32,
        parts: &Parts,
        grant: &mut Grant<'_>,
    ) -> Result<(), Error> {
        for (table, expression) in module.info().table_values() {
            let values = self.values_of(&parts.globals);
            let mut scope = Initial::new(self, module, &values, &parts.funcs, first_func, grant);
            // A reference takes one slot.
            let value = evaluate(&mut expression.get_binary_reader(), &mut scope)? as u64;
            let table = parts.tables[table as usize];
            self.tables[table as usize].elements_mut().fill(value);
        }
        Ok(())
    }

    fn values_of(&self, globals: &[u32]) -> Vec<u128> {
        let globals = globals.iter();
        globals
            .map(|index| self.globals[*index as usize].get())
            .collect()
    }

    /// Creates the globals that the module defines. Returns the slot of the first one.
    fn make_globals(
        &mut self,
        module: &Module,
        first_func: u32,
        parts: &mut Parts,
        grant: &mut Grant<'_>,
    ) -> Result<*mut u64, Failure> {
        let info = module.info();
        let mut values = self.values_of(&parts.globals);
        for global in info.defined_globals() {
            let mut scope = Initial::new(self, module, &values, &parts.funcs, first_func, grant);
            let value = evaluate(&mut global.init_expr.get_binary_reader(), &mut scope)?;
            values.push(value);
        }
        let types = &info.globals()[info.imported_globals() as usize..];
        let types = types.iter().map(|ty| module.global_type(*ty));
        let own = types.clone().zip(values.split_off(parts.globals.len()));
        let own = own.flat_map(|(ty, value)| slots_of_global(ty.content, value));
        let own = SharedSlots::new(own.collect());
        let first = own.as_ptr();
        let mut next = first;
        for ty in types {
            parts.globals.push(self.globals.len() as u32);
            self.globals.push(GlobalEntity { slot: next, ty });
            next = next.wrapping_add(ty.content.slots());
        }
        self.global_blocks.push(own);
        Ok(first)
    }

    /// Creates the tags that the module defines.
    #[cfg(feature = "exceptions")]
    fn make_tags(&mut self, module: &Module, parts: &mut Parts) {
        let info = module.info();
        for tag in info.imported_tags()..info.tags().len() as u32 {
            // Validation allows 1,000,000 tags.
            parts.tags.push(self.exceptions.tags.len() as u32);
            let ty = module.func_type(info.tags()[tag as usize]);
            self.exceptions.add_tag(ty, Some((module.clone(), tag)));
        }
    }

    /// Evaluates the element segments.
    fn make_elements(
        &mut self,
        module: &Module,
        first_func: u32,
        parts: &Parts,
        grant: &mut Grant<'_>,
    ) -> Result<Vec<Box<[u64]>>, Failure> {
        let values = self.values_of(&parts.globals);
        let mut scope = Initial::new(self, module, &values, &parts.funcs, first_func, grant);
        let mut segment = |items| match items {
            ElementItems::Functions(funcs) => funcs
                .into_iter()
                .map(|func| {
                    let func = func.expect("the section was validated");
                    Ok(scope.func_ref(func).expect("the function exists"))
                })
                .collect(),
            ElementItems::Expressions(_, expressions) => expressions
                .into_iter()
                .map(|expression| {
                    let expression = expression.expect("the section was validated");
                    // A reference takes one slot.
                    evaluate(&mut expression.get_binary_reader(), &mut scope)
                        .map(|value| value as u64)
                })
                .collect(),
        };
        let elements = module.info().elements();
        elements.map(|element| segment(element.items)).collect()
    }

    /// Copies active element segments into their tables. Drops all segments that code cannot use.
    fn copy_elements(&mut self, index: u32) -> Result<(), Error> {
        let module = self.instances[index as usize].module.clone();
        for (element, number) in module.info().elements().zip(0..) {
            match element.kind {
                ElementKind::Passive => continue,
                ElementKind::Declared => {}
                ElementKind::Active {
                    table_index,
                    offset_expr,
                } => {
                    let offset = self.offset(index, &offset_expr)?;
                    let len = self.instances[index as usize].elements[number as usize].len();
                    let table = table_index.unwrap_or(0);
                    // Bits above an `i32` mean nothing.
                    let offset = match module.info().has_long_indices(table) {
                        true => offset,
                        false => u64::from(offset as u32),
                    };
                    self.init_table(index, table, number, offset, 0, len as u64)?;
                }
            }
            self.drop_elements(index, number);
        }
        Ok(())
    }

    /// Drops an element segment.
    pub(crate) fn drop_elements(&mut self, instance: u32, number: u32) {
        let segment = &mut self.instances[instance as usize].elements[number as usize];
        let dropped = core::mem::take(segment);
        let bytes = table_bytes(dropped.len() as u64);
        self.taken.give_back(StorePart::Instances, bytes);
    }

    /// Copies active data segments from the module's bytes into their memories.
    fn copy_data(&mut self, index: u32) -> Result<(), Error> {
        let module = self.instances[index as usize].module.clone();
        let mut segments = module.info().data();
        while let Some(data) = self.next_data(index, &mut segments)? {
            let target = self.memories[data.memory as usize].bytes_mut();
            let place = range(target.len(), data.address, data.bytes.len() as u64);
            target[place.ok_or(Trap::MemoryOutOfBounds)?].copy_from_slice(data.bytes);
        }
        Ok(())
    }

    /// The next active data segment of an instance.
    pub(crate) fn next_data<'a>(
        &self,
        index: u32,
        segments: &mut DataSegments<'a>,
    ) -> Result<Option<ActiveData<'a>>, Error> {
        let instance = &self.instances[index as usize];
        let address = |expression: &mut BinaryReader<'_>| {
            let mut scope = Made {
                state: self,
                instance,
            };
            // An address takes one slot.
            try_evaluate(expression, &mut scope).map(|value| value as u64)
        };
        while let Some(segment) = segments.next(address)? {
            let Some((memory, address)) = segment.target else {
                continue;
            };
            let Some(&entity) = instance.memories.get(memory as usize) else {
                return Err(segments.changed().into());
            };
            // Bits above an `i32` mean nothing.
            let address = match instance.module.info().has_long_addresses(memory) {
                true => address,
                false => u64::from(address as u32),
            };
            return Ok(Some(ActiveData {
                memory: entity,
                address,
                bytes: segment.bytes,
            }));
        }
        Ok(None)
    }

    /// Returns the offset of an element segment of an instance.
    fn offset(&self, instance: u32, expression: &wasmparser::ConstExpr<'_>) -> Result<u64, Error> {
        let mut scope = Made {
            state: self,
            instance: &self.instances[instance as usize],
        };
        // An index takes one slot.
        Ok(evaluate(&mut expression.get_binary_reader(), &mut scope)? as u64)
    }
}
