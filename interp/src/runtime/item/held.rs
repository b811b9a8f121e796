//! References to objects and exceptions that the host has received. The heap keeps what they refer to.

use crate::runtime::Val;
use crate::runtime::store::state::State;

impl Val {
    /// The slot of the value, if it is a reference to something that may be freed.
    fn held_slot(self) -> Option<u64> {
        match self {
            #[cfg(feature = "exceptions")]
            Self::ExnRef(exception) => Some(exception?.slot()),
            #[cfg(feature = "gc")]
            Self::AnyRef(object) => Some(object?.slot()),
            #[cfg(feature = "gc")]
            Self::ExternRef(value) => Some(value?.parts().0),
            _ => None,
        }
    }
}

impl State {
    /// Records that the host has received a reference.
    pub(crate) fn hold(&mut self, slot: u64) {
        self.heap.hold(slot, self.depth);
    }

    /// Records that the host has received these values.
    pub(crate) fn hold_all(&mut self, values: &[Val]) {
        for value in values {
            if let Some(slot) = value.held_slot() {
                self.hold(slot);
            }
        }
    }

    /// Records the same of one value, while nobody else may change the store.
    pub(crate) fn hold_shared(&self, value: Val) -> Val {
        if let Some(slot) = value.held_slot() {
            self.heap.hold_shared(slot);
        }
        value
    }
}
