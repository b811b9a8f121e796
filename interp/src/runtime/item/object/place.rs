//! Values in the fields and elements of objects, and the shapes of objects.

use alloc::format;
use alloc::vec::Vec;

use crate::Error;
use crate::runtime::engine::groups::Composite;
use crate::runtime::entity::handle::StoreId;
use crate::runtime::entity::heap::Shape;
use crate::runtime::store::Inner;
use crate::runtime::store::state::State;
use crate::runtime::{StorageType, Val};

/// The bits of a value, as a field or an element holds them.
pub(super) fn bits_of(state: &State, storage: StorageType, value: Val) -> Result<u128, Error> {
    let ty = storage.unpacked();
    if !value.fits(ty, state) {
        return Err(Error::new(format!(
            "a place of type {ty} cannot hold a value of type {}",
            value.ty()
        )));
    }
    let bits = value.into_slots(state.id);
    let bits = bits.ok_or_else(|| Error::new("the reference belongs to another store"))?;
    Ok(packed(storage, bits))
}

/// The bits that a place stores.
pub(super) fn packed(storage: StorageType, bits: u128) -> u128 {
    match storage {
        StorageType::I8 => bits & 0xff,
        StorageType::I16 => bits & 0xffff,
        StorageType::Val(_) => bits,
    }
}

/// The value in the slots of a field.
pub(super) fn value_of(storage: StorageType, slots: &[u64], store: StoreId) -> Val {
    let bits = slots.iter().rev();
    let bits = bits.fold(0, |bits: u128, slot| bits << 64 | u128::from(*slot));
    Val::from_slots(storage.unpacked(), packed(storage, bits), store)
}

/// The slots of a field.
pub(super) fn halves(storage: StorageType, bits: u128) -> impl Iterator<Item = u64> {
    [bits as u64, (bits >> 64) as u64]
        .into_iter()
        .take(storage.unpacked().slots())
}

impl<T> Inner<T> {
    /// Tells the heap the shape of objects of this type, which the host creates. The store uses the type from then on.
    pub(super) fn know_type(&mut self, number: u32) {
        if self.state.describe_type(number) {
            self.host_types.add_again(number);
        }
    }
}

impl State {
    /// Tells the heap the shape of objects of this type, which is in use. Returns whether it was not known.
    pub(crate) fn describe_type(&mut self, number: u32) -> bool {
        let engine = &self.engine;
        let is_new = self
            .heap
            .describe(number, || match engine.composite(number) {
                Some(Composite::Struct(fields)) => {
                    let (mut len, mut refs) = (0, Vec::new());
                    for field in &fields {
                        let ty = field.storage.unpacked();
                        if ty.is_traced() {
                            refs.push(len);
                        }
                        // Validation allows 10,000 fields.
                        len += ty.slots() as u32;
                    }
                    Shape::Slots {
                        len,
                        refs: refs.into(),
                    }
                }
                Some(Composite::Array(element)) => Shape::Elements {
                    bytes: element.storage.bytes() as u32,
                    are_refs: element.storage.unpacked().is_traced(),
                },
                _ => Shape::Slots {
                    len: 0,
                    refs: [].into(),
                },
            });
        if is_new {
            let supertypes = self.engine.supertypes(number);
            self.heap.describe_supertypes(number, supertypes);
        }
        is_new
    }

    /// The address of an element of an array, if both exist.
    fn element(&self, array: u64, storage: StorageType, index: u32) -> Option<*mut u8> {
        let object = self.heap.get(array)?;
        let place = index as usize * storage.bytes();
        (index < object.len).then(|| object.data.wrapping_add(place))
    }

    /// Writes an element of an array. Returns whether it exists.
    pub(crate) fn write_element(
        &mut self,
        array: u64,
        storage: StorageType,
        index: u32,
        bits: u128,
    ) -> bool {
        let Some(at) = self.element(array, storage, index) else {
            return false;
        };
        // `as` takes the bits that the element has.
        // SAFETY: the array has the element, of so many bytes, and nobody reads it while `self` is borrowed.
        unsafe {
            match storage.bytes() {
                1 => at.write(bits as u8),
                2 => at.cast::<u16>().write_unaligned(bits as u16),
                4 => at.cast::<u32>().write_unaligned(bits as u32),
                8 => at.cast::<u64>().write_unaligned(bits as u64),
                _ => crate::machine::Value::store(
                    crate::machine::V128(bits.to_le_bytes()),
                    at.cast(),
                ),
            }
        }
        true
    }

    pub(super) fn read_element(
        &self,
        array: u64,
        storage: StorageType,
        index: u32,
    ) -> Option<u128> {
        let at = self.element(array, storage, index)?;
        // SAFETY: the array has the element, of so many bytes, and nobody writes to it while `self` is borrowed.
        unsafe {
            Some(match storage.bytes() {
                1 => at.read().into(),
                2 => at.cast::<u16>().read_unaligned().into(),
                4 => at.cast::<u32>().read_unaligned().into(),
                8 => at.cast::<u64>().read_unaligned().into(),
                _ => u128::from_le_bytes(
                    <crate::machine::V128 as crate::machine::Value>::load(at.cast()).0,
                ),
            })
        }
    }
}
