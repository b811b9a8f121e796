//! Objects that running code creates, and tests of their types (core specification, 4.4.6 "array", "struct", "ref.test").

use crate::machine::{Contents, Exit, HeapCode, Object, Referent, Runtime, Trap};
use crate::ops::BYTES_PER_UNIT;
use crate::runtime::entity::range;
use crate::runtime::ref_type::Kind;
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;

impl<T> Inner<T> {
    /// See [`Runtime::create`].
    pub(super) fn create_object(
        &mut self,
        ty: u32,
        len: u32,
        contents: Contents,
    ) -> Result<u64, Exit> {
        let number = self.state.running().module.type_number(ty);
        self.state.describe_type(number);
        let is_array = Kind::of(number) == Kind::Array;
        if is_array {
            // Segments are looked at before anything is allocated.
            self.check(number, len, contents)?;
        }
        let bytes = self.state.heap.bytes_of(number, len);
        let bytes = bytes.ok_or(Trap::HeapFull)?;
        let units = bytes as u64 / BYTES_PER_UNIT;
        if units > 0 {
            self.pay(units)?;
        }
        let object = self.allocate_now(number, len)?;
        match contents {
            Contents::Slots(first) if !is_array => {
                let State { heap, cx, .. } = &mut self.state;
                let slots = heap.slots_mut(object).unwrap_or_default();
                let from = super::collect::slots_from(cx, first, slots.len());
                slots.copy_from_slice(from);
            }
            Contents::Zeros => {}
            _ => self.write_elements(object, 0, len, contents),
        }
        Ok(object)
    }

    /// Allocates for running code, whose frame is the last one.
    fn allocate_now(&mut self, number: u32, len: u32) -> Result<u64, Exit> {
        let allocated = self.allocate(number, len, &[], None);
        allocated.map_err(|error| self.stop_as(error))
    }

    /// See [`Runtime::array_init`].
    pub(super) fn fill_array(
        &mut self,
        array: u64,
        at: u32,
        len: u32,
        contents: Contents,
    ) -> Result<(), Exit> {
        let object = self.state.heap.get(array).ok_or(Trap::NullReference)?;
        let number = object.ty;
        if u64::from(at) + u64::from(len) > object.len.into() {
            return Err(Trap::ArrayOutOfBounds.into());
        }
        self.check(number, len, contents)?;
        let bytes = self.state.heap.bytes_of(number, len).unwrap_or(usize::MAX);
        let units = bytes as u64 / BYTES_PER_UNIT;
        if units > 0 {
            self.pay(units)?;
        }
        self.write_elements(array, at, len, contents);
        Ok(())
    }

    /// Checks that the segment of `contents`, if there is one, has `len` elements for arrays of this type.
    fn check(&self, number: u32, len: u32, contents: Contents) -> Result<(), Trap> {
        let (total, from, len) = match contents {
            Contents::Data(data, from) => {
                let bytes = u64::from(len) * self.state.element_bytes(number) as u64;
                (self.state.passive(data).len(), from, bytes)
            }
            Contents::Elem(elem, from) => {
                let segment = &self.state.running().elements[elem as usize];
                (segment.len(), from, len.into())
            }
            _ => return Ok(()),
        };
        match range(total, from.into(), len) {
            Some(_) => Ok(()),
            None if matches!(contents, Contents::Data(..)) => Err(Trap::MemoryOutOfBounds),
            None => Err(Trap::TableOutOfBounds),
        }
    }

    /// Writes elements that exist, from where [`Inner::check`] has found that there are enough.
    fn write_elements(&mut self, array: u64, at: u32, len: u32, contents: Contents) {
        let state = &self.state;
        let Some(object) = state.heap.get(array) else {
            return;
        };
        let size = state.element_bytes(object.ty);
        let target = object.data.wrapping_add(at as usize * size);
        let len = len as usize;
        let slots = match size {
            16 => 2,
            _ => 1,
        };
        match contents {
            Contents::Zeros => {}
            Contents::Data(data, from) => {
                let bytes = &state.passive(data)[from as usize..][..len * size];
                // SAFETY: the array has so many elements there.
                unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len()) }
                if cfg!(target_endian = "big") {
                    // SAFETY: as above.
                    let bytes = unsafe { core::slice::from_raw_parts_mut(target, len * size) };
                    bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
                }
            }
            Contents::Elem(elem, from) => {
                let elements = &state.running().elements[elem as usize][from as usize..][..len];
                // SAFETY: the array has so many elements there: references, of the size of a slot.
                unsafe {
                    core::ptr::copy_nonoverlapping(
                        elements.as_ptr().cast(),
                        target,
                        size_of_val(elements),
                    );
                }
            }
            Contents::Value(first) => {
                let value = super::collect::slots_from(&state.cx, first, slots);
                for index in 0..len {
                    // SAFETY: the array has so many elements there.
                    unsafe { write(target.wrapping_add(index * size), size, value) }
                }
            }
            Contents::Slots(first) => {
                let values = super::collect::slots_from(&state.cx, first, len * slots);
                for (index, value) in values.chunks_exact(slots).enumerate() {
                    // SAFETY: the array has so many elements there.
                    unsafe { write(target.wrapping_add(index * size), size, value) }
                }
            }
        }
    }
}

/// Writes a value to an element of `size` bytes.
///
/// # Safety
/// The element can be written.
unsafe fn write(at: *mut u8, size: usize, value: &[u64]) {
    // `as` takes the bits that the element has.
    // SAFETY: promised by the caller.
    unsafe {
        match size {
            1 => at.write(value[0] as u8),
            2 => at.cast::<u16>().write_unaligned(value[0] as u16),
            4 => at.cast::<u32>().write_unaligned(value[0] as u32),
            8 => at.cast::<u64>().write_unaligned(value[0]),
            _ => {
                at.cast::<u64>().write_unaligned(value[0]);
                at.cast::<u64>().add(1).write_unaligned(value[1]);
            }
        }
    }
}

impl State {
    /// The bytes of an element of arrays of this type.
    fn element_bytes(&self, number: u32) -> usize {
        self.heap.element_bytes(number)
    }

    /// Passive data segment `data` of the current instance.
    fn passive(&self, data: u32) -> &[u8] {
        let instance = self.running();
        match instance.dropped_data.contains(data) {
            true => &[],
            false => instance.module.info().passive_data(data),
        }
    }

    /// Returns whether a reference that is not null has a type.
    pub(super) fn is_of_code(&self, slot: u64, ty: HeapCode) -> bool {
        let referent = Referent::of(slot);
        let wanted = match ty.code() {
            HeapCode::ALL | HeapCode::ANY => return true,
            HeapCode::NOTHING => return false,
            HeapCode::I31 => return matches!(referent, Referent::I31(_)),
            HeapCode::EQ if matches!(referent, Referent::I31(_)) => return true,
            code => code,
        };
        let own = match referent {
            Referent::Object(..) => match self.heap.get(slot) {
                Some(object) if object.ty & Object::TAG == 0 => object.ty,
                _ => return false,
            },
            // A function is tested for types of functions only.
            Referent::Entity(index) if wanted < HeapCode::ABSTRACT => {
                let number = self.running().module.type_number(wanted);
                let func = self.funcs.get(index as usize);
                return Kind::of(number) == Kind::Func
                    && func.is_some_and(|func| self.engine.is_subtype(func.ty, number));
            }
            _ => return false,
        };
        match wanted {
            HeapCode::EQ => true,
            HeapCode::STRUCT => Kind::of(own) == Kind::Struct,
            HeapCode::ARRAY => Kind::of(own) == Kind::Array,
            index => {
                let number = self.running().module.type_number(index);
                self.heap.is_subtype(own, number)
            }
        }
    }
}
