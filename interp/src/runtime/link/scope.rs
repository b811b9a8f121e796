//! The scopes of constant expressions while a module is instantiated.

#[cfg(feature = "gc")]
use alloc::vec::Vec;

#[cfg(feature = "gc")]
use wasmparser::BinaryReader;

#[cfg(feature = "gc")]
use crate::Error;
#[cfg(feature = "gc")]
use crate::machine::{Trap, i31};
use crate::runtime::Module;
#[cfg(feature = "gc")]
use crate::runtime::StorePart;
#[cfg(feature = "gc")]
use crate::runtime::engine::groups::Composite;
use crate::runtime::entity::InstanceEntity;
use crate::runtime::link::const_expr::Scope;
#[cfg(feature = "gc")]
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;

/// Returns whether a state may take some bytes more for objects.
#[cfg(feature = "gc")]
pub(super) type Grant<'a> = dyn FnMut(&State, usize) -> Result<bool, Error> + 'a;
/// Expressions create nothing.
#[cfg(not(feature = "gc"))]
pub(super) type Grant<'a> = ();

/// The scope while an instance is created.
pub(super) struct Initial<'a> {
    #[cfg(feature = "gc")]
    state: &'a mut State,
    #[cfg(feature = "gc")]
    module: &'a Module,
    #[cfg(feature = "gc")]
    grant: &'a mut Grant<'a>,
    #[cfg(feature = "gc")]
    failure: Option<Error>,
    globals: &'a [u128],
    imports: &'a [u32],
    first_func: u32,
}

impl<'a> Initial<'a> {
    #[allow(unused, reason = "without objects, expressions need less")]
    pub(super) fn new(
        state: &'a mut State,
        module: &'a Module,
        globals: &'a [u128],
        imports: &'a [u32],
        first_func: u32,
        grant: &'a mut Grant<'_>,
    ) -> Self {
        Self {
            #[cfg(feature = "gc")]
            state,
            #[cfg(feature = "gc")]
            module,
            #[cfg(feature = "gc")]
            grant,
            #[cfg(feature = "gc")]
            failure: None,
            globals,
            imports,
            first_func,
        }
    }
}

impl Scope for Initial<'_> {
    fn global(&self, index: u32) -> Option<u128> {
        self.globals.get(index as usize).copied()
    }

    fn func_ref(&self, index: u32) -> Option<u64> {
        let func = match self.imports.get(index as usize) {
            Some(import) => *import,
            None => self.first_func + (index - self.imports.len() as u32),
        };
        Some(u64::from(func) + 1)
    }

    #[cfg(feature = "gc")]
    fn create(
        &mut self,
        number: u32,
        reader: &mut BinaryReader<'_>,
        values: &mut Vec<u128>,
    ) -> Option<u64> {
        let is_object = number <= 8;
        if !is_object {
            // `as` takes the only slot.
            let value = values.pop()? as u64;
            return match number {
                // any.convert_extern, extern.convert_any
                0x1a | 0x1b => Some(value),
                // ref.i31
                0x1c => Some(i31(value as u32)),
                _ => None,
            };
        }
        let ty = self.module.type_number(reader.read_var_u32().ok()?);
        let composite = self.state.engine.composite(ty)?;
        let (len, contents) = match (number, &composite) {
            // struct.new, struct.new_default
            (0, Composite::Struct(fields)) => (0, values.split_off(values.len() - fields.len())),
            (1, Composite::Struct(_)) => (0, Vec::new()),
            // array.new, array.new_default, array.new_fixed
            (6, Composite::Array(_)) => {
                let len = values.pop()? as u32;
                (len, Vec::from([values.pop()?]))
            }
            (7, Composite::Array(_)) => (values.pop()? as u32, Vec::new()),
            (8, Composite::Array(_)) => {
                let len = reader.read_var_u32().ok()?;
                (len, values.split_off(values.len() - len as usize))
            }
            _ => return None,
        };
        let object = self.allocate(ty, len)?;
        match composite {
            Composite::Struct(fields) => {
                let slots = self.state.heap.slots_mut(object)?;
                let mut slots = slots.iter_mut();
                for (field, value) in fields.iter().zip(contents) {
                    for half in halves(value)
                        .into_iter()
                        .take(field.storage.unpacked().slots())
                    {
                        *slots.next()? = half;
                    }
                }
            }
            Composite::Array(element) => {
                let only = (number == 6).then(|| contents.first().copied()).flatten();
                for index in 0..len {
                    let value = only.or_else(|| contents.get(index as usize).copied());
                    let Some(value) = value else { break };
                    self.state
                        .write_element(object, element.storage, index, value);
                }
            }
            Composite::Func(_) => return None,
        }
        Some(object)
    }

    #[cfg(feature = "gc")]
    fn failure(&mut self) -> Error {
        let failure = self.failure.take();
        failure.unwrap_or_else(|| Error::new("a constant expression is invalid"))
    }
}

/// The slots of a value: the first one, and the second one of a vector.
#[cfg(feature = "gc")]
fn halves(value: u128) -> [u64; 2] {
    [value as u64, (value >> 64) as u64]
}

#[cfg(feature = "gc")]
impl Initial<'_> {
    /// Creates an object. Nothing is freed: no root knows yet what expressions have created.
    fn allocate(&mut self, ty: u32, len: u32) -> Option<u64> {
        self.state.describe_type(ty);
        let created = self.try_allocate(ty, len);
        created.map_err(|error| self.failure = Some(error)).ok()
    }

    fn try_allocate(&mut self, ty: u32, len: u32) -> Result<u64, Error> {
        let bytes = self.state.heap.bytes_of(ty, len).ok_or(Trap::HeapFull)?;
        if !(self.grant)(self.state, bytes)? {
            return Err(Trap::HeapFull.into());
        }
        let object = self.state.heap.insert(ty, len).ok_or(Trap::HeapFull)?;
        self.state.taken.add(StorePart::Objects, bytes);
        Ok(object)
    }
}

#[cfg(feature = "gc")]
impl<T> Inner<T> {
    /// The state, and a question to the embedder: may objects take more bytes?
    pub(super) fn split(
        &mut self,
    ) -> (
        &mut State,
        impl FnMut(&State, usize) -> Result<bool, Error> + '_,
    ) {
        let Self {
            state,
            limiter,
            data,
            ..
        } = self;
        let grant = |state: &State, more: usize| {
            let Some(limiter) = limiter else {
                return Ok(true);
            };
            let (limit, taken) = (limiter(data), &state.taken);
            let heap = taken.of(StorePart::Objects);
            let Some(total) = taken.total().checked_add(more) else {
                return Ok(false);
            };
            Ok(limit.heap_growing(heap, heap.saturating_add(more))?
                && limit.total_growing(StorePart::Objects, taken.total(), total)?)
        };
        (state, grant)
    }
}

/// The scope after the instance is created.
pub(super) struct Made<'a> {
    pub(super) state: &'a State,
    pub(super) instance: &'a InstanceEntity,
}

impl Scope for Made<'_> {
    fn global(&self, index: u32) -> Option<u128> {
        let global = *self.instance.globals.get(index as usize)?;
        Some(self.state.globals[global as usize].get())
    }

    fn func_ref(&self, index: u32) -> Option<u64> {
        let exists = (index as usize) < self.instance.module.info().funcs().len();
        exists.then(|| u64::from(self.instance.func(index)) + 1)
    }

    /// Offsets are numbers: no object helps to compute one.
    #[cfg(feature = "gc")]
    fn create(&mut self, _: u32, _: &mut BinaryReader<'_>, _: &mut Vec<u128>) -> Option<u64> {
        None
    }
}
