//! Whether a reference has a type, for values that the host passes to a program.

use crate::machine::{Object, Referent};
use crate::runtime::store::state::State;
use crate::runtime::{ConcreteType, HeapType, RefType, Val};

impl State {
    /// Returns whether a value has the type of references `wanted`.
    pub(crate) fn has_type(&self, value: Val, wanted: RefType) -> bool {
        let Some(own) = value.ty().ref_type() else {
            return false;
        };
        if own.heap_type().top() != wanted.heap_type().top() {
            return false;
        }
        let slot = value.into_slot(self.id);
        slot.is_some_and(|slot| self.slot_has_type(slot, wanted))
    }

    /// Returns whether a slot with a reference has the type `wanted`, which has the same top.
    pub(crate) fn slot_has_type(&self, slot: u64, wanted: RefType) -> bool {
        let heap = wanted.heap_type();
        let own = match Referent::of(slot) {
            Referent::Null => return wanted.is_nullable(),
            Referent::I31(_) => HeapType::I31,
            Referent::Entity(index) if heap.top() == HeapType::Func => {
                let func = self.funcs.get(index as usize);
                return func.is_some_and(|func| {
                    HeapType::Concrete(ConcreteType(func.ty)).matches(heap, &self.engine)
                });
            }
            Referent::Entity(_) => heap.top(),
            Referent::Object(..) => match self.heap.get(slot) {
                None => return false,
                Some(_) if heap.top() == HeapType::Extern => HeapType::Extern,
                Some(object) if object.ty & Object::TAG != 0 => HeapType::Exn,
                Some(object) => HeapType::Concrete(ConcreteType(object.ty)),
            },
        };
        let own = match heap.top() {
            HeapType::Extern => HeapType::Extern,
            _ => own,
        };
        own.matches(heap, &self.engine)
    }
}
